/* SPDX-License-Identifier: MIT */
/*
 * client - net/http as a test uses it: transfers whose handlers keep what they
 * were told and check the order of it.
 */
#ifndef TESTS_SUPPORT_CLIENT_H
#define TESTS_SUPPORT_CLIENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/http.h"
#include "net/loop.h"
#include "tests/support/server.h"

struct client {
    struct loop *loop;
    struct http *http;
};

void client_open(struct client *client);
void client_close(struct client *client);

enum answer_action { GO_ON, STOP, CANCEL, CANCEL_OTHER, RELEASE };

/* One transfer as its handlers saw it. */
struct answer {
    struct client *client;
    uint32_t id;
    int heads;
    int pieces;
    int dones;
    int status; /* at on_head */
    struct buf body;
    struct buf content_type;
    struct buf headers; /* "Name: value", a line each */
    struct buf url;
    bool is_loopback;
    struct http_result result; /* its strings are gone */
    /* What on_body does when the body holds this text; RELEASE is
     * server_release(server, "go"). */
    const char *trigger;
    enum answer_action action;
    struct answer *other;
    struct server *server;
};

/* Free what it holds and make it all zero. */
void answer_clear(struct answer *answer);

void answer_begin(struct client *client, struct answer *answer,
                  const struct http_request *request);

/* A GET. */
void answer_begin_url(struct client *client, struct answer *answer,
                      const char *url);

/* Turn the loop until on_done, or until the body holds the text. */
void answer_finish(struct client *client, const struct answer *answer);
void answer_await(struct client *client, const struct answer *answer,
                  const char *text);

/* Check how it failed. */
void answer_ck_failed(const struct answer *answer, enum error_kind kind,
                      const char *words);

/* A client, a server, and one answer played to its end. */
struct play {
    struct client client;
    struct server *server; /* taken; may be NULL */
    struct answer answer;
};

/* GET / of this server. */
struct play *play_new(struct server *server);

/* Any request; the play is all zero but for what the caller set. */
void play_request(struct play *play, const struct http_request *request);

/* Ends the server, too. */
void play_clear(struct play *play);
void play_free(struct play *play);

/* A port of 127.0.0.1 that neither accepts nor refuses: connecting to it hangs
 * until deaf_close(). */
struct deaf {
    int listener;
    int fillers[4];
    int port;
};

void deaf_open(struct deaf *deaf);
void deaf_close(const struct deaf *deaf);

#endif
