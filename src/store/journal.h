/* SPDX-License-Identifier: MIT */
/*
 * journal - the events of one session on their way to its file.
 *
 * Borrows the log: what is not yet on disk lies there anyway. A commit is made
 * 250 ms after an event, after 32 KiB of them, or at once at a barrier; one is
 * under way at a time. What the disk refuses stays, and is tried again every
 * five seconds. The loop never waits: an effect that needs an event on disk
 * asks journal_durable().
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "graph/log.h"
#include "store/session.h"

enum {
    JOURNAL_COMMIT_MS = 250,
    JOURNAL_COMMIT_BYTES = 32 * 1024,
    JOURNAL_STALL_MS = 2000,
    JOURNAL_RETRY_MS = 5000,
    JOURNAL_ROOM_MIN = 32 * 1024 * 1024, /* bytes; below it a warning stands */
};

enum journal_state {
    JOURNAL_FINE,
    JOURNAL_STALLED, /* a commit has been under way for two seconds */
    JOURNAL_REFUSED, /* the disk did: what is not kept is tried again */
};

struct journal;

/* The state has changed, or more is durable. */
typedef void journal_fn(void *context);

/* `log` is borrowed until journal_close(). Nothing of a session that has no file
 * is written before the first barrier. */
struct journal *journal_new(struct store *store, const struct log *log,
                            journal_fn *fn, void *context) RETURNS_NONNULL;

/* The same for a session that was read: `file` is taken. */
struct journal *journal_resume(struct store *store, const struct log *log,
                               struct session *session, journal_fn *fn,
                               void *context) RETURNS_NONNULL;

/* An event came. */
void journal_note(struct journal *journal);

/* All that is in the log should be kept now. */
void journal_barrier(struct journal *journal);

/* What the log holds has changed: all of it is written anew, and the bytes that
 * were there are overwritten. `log` takes the place of the one before. */
void journal_rewrite(struct journal *journal, const struct log *log);

/* The last seq that survives a power failure. */
uint64_t journal_durable(const struct journal *journal);

/* Bytes of events that are not yet durable. */
size_t journal_unsaved(const struct journal *journal);

enum journal_state journal_state(const struct journal *journal);

/* Append a sentence about a journal that is not fine, or soon will not be; with
 * `goes_on` and what helps while the program goes on. */
void journal_describe(const struct journal *journal, bool goes_on,
                      struct buf *out);

const char *journal_id(const struct journal *journal);

/* What is in the log is kept, if it can be, and the file closed; the journal
 * frees itself once that is done: see store_settle(). The log is not borrowed
 * any more. Bytes that the disk refuses now are lost: look at
 * journal_unsaved() before. NULL is fine. */
void journal_close(struct journal *journal);

#endif
