/* SPDX-License-Identifier: MIT */
/*
 * log - everything that happened in a session, in order: the truth.
 *
 * Packed bytes in memory, append-only, O(1) amortised. Events are known by
 * seq, from 1 without gaps. Nothing is edited or deleted.
 */
#ifndef GRAPH_LOG_H
#define GRAPH_LOG_H

#include <stdint.h>

#include "graph/event.h"

struct log;

struct log *log_new(void) RETURNS_NONNULL;
void log_free(struct log *log); /* NULL is fine */

/* The only function that changes a conversation. Copies the event, stamps its
 * seq (and `at`, if 0) and returns the seq. The caller's event gets both. */
uint64_t log_append(struct log *log, struct event *event);

/* Seq of the last event; 0 when empty. */
uint64_t log_last_seq(const struct log *log);

/* Decode one event into *event; false if there is no such seq. Texts are
 * borrowed until the next log_append(). O(1): at most 64 events are skipped. */
bool log_read(const struct log *log, uint64_t seq, struct event *event);

/* Append an event as it is packed, with its time counted from 0: those of a
 * newer version are whole there. False if there is no such seq. */
bool log_packed(const struct log *log, uint64_t seq, struct buf *packed);

/* The same way back: *event is told what it is, as log_read() would. False: the
 * bytes are no event, and nothing is appended. */
bool log_append_packed(struct log *log, struct slice packed,
                       struct event *event);

/* Bytes that the packed events take; those behind an event (of seq 0: all). */
size_t log_size(const struct log *log);
size_t log_size_after(const struct log *log, uint64_t seq);

/* A batch: events one after another as bytes, as they are kept on disk. */

/* Append to `batch`, which is empty, the events from `first` on, until there is
 * none or it has `size_max` bytes, but at least one. Returns the seq of the
 * last. */
uint64_t log_pack(const struct log *log, uint64_t first, size_t size_max,
                  struct buf *batch);

/* Is told of each event of a batch; borrowed for the call. */
typedef void log_event_fn(void *context, const struct event *event);

/* Append the events of a batch, those of a newer version too, and tell each.
 * False if it is damaged; what stands before that has been appended. */
bool log_unpack(struct log *log, struct slice batch, log_event_fn *fn,
                void *context);

#endif
