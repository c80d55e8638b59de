/* SPDX-License-Identifier: MIT */
/*
 * server - the scripted server (tests/server/server.c, which documents its
 * scenarios) as a test uses it: start it, talk to it, see what it received.
 *
 * It listens on a free port of 127.0.0.1 before server_start() returns, and
 * dies with the process of the test whatever happens. What goes wrong here is
 * a failure of the test. The program is $SERVER, or build/release/server.
 */
#ifndef TESTS_SUPPORT_SERVER_H
#define TESTS_SUPPORT_SERVER_H

#include <stdbool.h>

#include "base/slice.h"

struct server;

/* Each argument is the text of a scenario, the last one NULL. Files that they
 * name (`await go`) lie in a fresh folder of this server. */
struct server *server_start(const char *scenario, ...)
    __attribute__((sentinel));

/* The same with an array of them, NULL at its end. */
struct server *server_start_texts(const char *const *scenarios);

/* The same on a port that is free. */
struct server *server_start_on(int port, const char *scenario, ...)
    __attribute__((sentinel));

/* The same with scenario files or folders of them, NULL at the end. */
struct server *server_start_files(const char *const *paths);

/* Ends the server, its connections and its folder. NULL is fine. */
void server_stop(struct server *server);

/* "http://127.0.0.1:PORT" and the path, borrowed until the next call. */
const char *server_url(struct server *server, const char *path);
int server_port(const struct server *server);

/* Create a file in the server's folder: what `await NAME` waits for. */
void server_release(struct server *server, const char *name);

/* The log so far: requests whole, and connections that the client closed.
 * Borrowed until the next call. */
const char *server_received(struct server *server);

/* Wait until the log holds this text; false after ten seconds. */
bool server_await(struct server *server, const char *text);

/* The body of a request, the first being 1; empty: it had none, or there was no
 * such request. Borrowed until the next call. */
struct slice server_body(struct server *server, int number);

/* How often the log holds this text. */
int server_count(struct server *server, const char *text);

/* A port of 127.0.0.1 on which nothing listens, until the process ends, but for
 * server_start_on(). */
int server_free_port(void);

#endif
