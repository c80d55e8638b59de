/* SPDX-License-Identifier: MIT */
/*
 * session_file - the file of one session: its events in batches, each of which
 * was one commit.
 *
 *     batch(first_seq, last_seq, sum, bytes)
 *
 * `bytes` are those of log_pack(), `sum` is their FNV-1a (64 bits), for a disk
 * does not always give back what it was given. Used on the thread of the disk
 * only; whoever writes holds the session's lock.
 */
#ifndef STORE_SESSION_FILE_H
#define STORE_SESSION_FILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/db.h"
#include "base/slice.h"

struct session_file;

enum session_file_mode {
    SESSION_FILE_READ,  /* as it is; nobody is kept from writing */
    SESSION_FILE_WRITE, /* locked, to go on with it */
    /* The same; made if it is not there, and then with what is appended up to
     * session_file_commit(): that is durable with the file, or not at all. */
    SESSION_FILE_MAKE,
};

enum session_file_result {
    SESSION_FILE_OPEN,
    SESSION_FILE_ABSENT,
    SESSION_FILE_HELD,   /* somebody else writes it */
    SESSION_FILE_NEWER,  /* it may only be read */
    SESSION_FILE_FAILED, /* *fault says how */
};

struct session_opening {
    const char *path;
    enum session_file_mode mode;
    /* What was found. */
    enum db_fault fault;
    bool was_left; /* its last writer crashed */
};

/* In words unless it is open. */
enum session_file_result session_file_open(struct session_opening *opening,
                                           struct session_file **file,
                                           struct error *err);

/* Give the lock back; NULL is fine. */
void session_file_close(struct session_file *file);

/* Is told of each batch, in order; the bytes are borrowed for the call. Empty
 * bytes: these events are lost. */
typedef void session_batch_fn(void *context, uint64_t first, uint64_t last,
                              struct slice bytes);

/* Read all batches; what is damaged is told as lost, and what stands behind it
 * is read all the same. Returns how many events were lost. */
uint64_t session_file_read(struct session_file *file, session_batch_fn *fn,
                           void *context);

/* Some of it could not be read, and nobody knows how much. */
bool session_file_has_failed(const struct session_file *file);

/* Whether SQLite finds fault with it; costs as much as reading it. */
bool session_file_is_sound(struct session_file *file);

/* Keep a batch, durably once this returns, unless a transaction is open; one
 * with the same first seq is replaced. On failure nothing of it is kept, and
 * *fault says why. */
bool session_file_append(struct session_file *file, uint64_t first,
                         uint64_t last, struct slice bytes,
                         enum db_fault *fault, struct error *err);

/* Replace all batches in one transaction, which session_file_append() adds to
 * until session_file_commit(): for what was redacted. The old bytes are
 * overwritten. */
bool session_file_begin_anew(struct session_file *file, enum db_fault *fault,
                             struct error *err);
/* Ends the transaction that is open, if one is. */
bool session_file_commit(struct session_file *file, enum db_fault *fault,
                         struct error *err);

/* A file that could not be made: it is to be closed, and made again. */
bool session_file_is_void(const struct session_file *file);

/* Whether the file that has the name is still the one that was opened: who
 * removed or replaced it would else have what follows written to nowhere. */
bool session_file_is_there(const struct session_file *file);

/* Give a damaged file another name, which is appended to `aside`. */
bool session_file_put_aside(const char *path, struct buf *aside,
                            struct error *err);

/* See session_lock_renew(). */
bool session_file_renew(struct session_file *file);
bool session_file_has_lease(const struct session_file *file);

#endif
