/* SPDX-License-Identifier: MIT */
/*
 * store - where conversations are kept, and the one thread that reads and
 * writes there.
 *
 * Jobs are done in the order in which they were posted; their answers come in a
 * turn of the loop. The directory is $XDG_DATA_HOME/sennit, 0700; it is made
 * when something is kept.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buf.h"
#include "base/worker.h"
#include "net/loop.h"

struct store;

/* NULL, in words: there is no home, or no thread. */
struct store *store_new(struct loop *loop, struct error *err) MUST_USE;

/* Waits at most `patience_ms` (-1: for ever) until all jobs are done and their
 * answers were given. False: some are not. */
bool store_settle(struct store *store, int64_t patience_ms);

/* The same for ever, but for SIGINT, SIGTERM and SIGHUP that are blocked: false
 * then, and no answer is given any more. For what a program cannot go on
 * without; its jobs are on the heap. */
bool store_await(struct store *store);

/* What was not settled is given up. NULL is fine. */
void store_free(struct store *store);

struct loop *store_loop(const struct store *store);

/* `work` is done on the thread, `done` afterwards in the loop's; it frees the
 * job. */
void store_post(struct store *store, worker_job_fn *work, worker_done_fn *done,
                void *context, void *job);

/* Append the path of the directory, or of NAME in it. */
void store_path(const struct store *store, struct buf *path, const char *name);

/* Append the path of a session's file: sessions/ID.db. */
void store_session_path(const struct store *store, struct buf *path,
                        const char *id);

#endif
