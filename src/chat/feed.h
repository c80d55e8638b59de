/* SPDX-License-Identifier: MIT */
/*
 * feed - an answer that comes from a program or a file, and not over HTTP.
 *
 * A program gets the request on its standard input and prints the answer. A
 * file is an answer that was recorded: with somebody to watch, its lines come
 * at the pace of their "at" (Unix ms), without long waits.
 */
#ifndef CHAT_FEED_H
#define CHAT_FEED_H

#include "base/slice.h"
#include "chat/endpoint.h"
#include "net/loop.h"

enum {
    FEED_FILE_MAX = 64 * 1024 * 1024,
    FEED_MESSAGES_MAX = 1024, /* bytes of what a program says is wrong */
    FEED_WAIT_MAX_MS = 2000,  /* between two lines of a file */
};

/* A piece of the answer. False: no more is wanted. Never frees the feed. */
typedef bool feed_piece_fn(void *context, struct slice piece);

/* It has ended; `err` says why it failed, NULL: it did not. Never called from
 * inside feed_start(); may free the feed. */
typedef void feed_done_fn(void *context, const struct error *err);

struct feed_setup {
    struct loop *loop;
    const struct endpoint *endpoint;
    struct slice request; /* copied */
    bool is_paced;        /* somebody watches */
    feed_piece_fn *on_piece;
    feed_done_fn *on_done;
    void *context;
};

struct feed;

/* The endpoint is answered so. */
bool feed_serves(const struct endpoint *endpoint);

/* Append what would be done for a request, in words. */
void feed_describe(const struct endpoint *endpoint, struct slice request,
                   struct buf *out);

/* NULL if the program cannot be started or the file not be read. */
struct feed *feed_start(const struct feed_setup *setup,
                        struct error *err) MUST_USE;

/* Ends it at once, a program with all that it started. NULL is fine. */
void feed_free(struct feed *feed);

#endif
