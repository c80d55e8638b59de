/* SPDX-License-Identifier: MIT */
/*
 * jsonl - a whole log as lines of JSON, and back: what is read from it is the
 * log that was written, to the bit.
 *
 * The first line says what it is:
 *
 *     {"format":"sennit-session","version":1,"id":...,"title":...,
 *      "created":Unix ms,"events":number}
 *
 * then one line for each event (graph/event_line), in order. What is torn or
 * broken of a file costs its own events and no others: they keep their places,
 * so that all that names an event by its seq still names the same.
 */
#ifndef GRAPH_JSONL_H
#define GRAPH_JSONL_H

#include "graph/log.h"

enum {
    JSONL_VERSION = 1,
    JSONL_GAP_MAX = 1000 * 1000, /* events that may be missing */
    JSONL_TOLD_MAX = 8,          /* damages that are told one by one */
};

/* The first line, with its line break; the id and title of the session may be
 * empty. */
void jsonl_append_head(struct buf *out, const struct log *log, struct slice id,
                       struct slice title);

/* The event's line, with its break. `scratch`: see event_line_append(). */
void jsonl_append(struct buf *out, const struct log *log, uint64_t seq,
                  struct buf *scratch);

/* What was read. */
struct jsonl {
    struct log *log;
    struct buf id;         /* of the session that it was; may be empty */
    uint64_t lost;         /* events that are broken or missing: EVENT_NONE */
    uint64_t newer;        /* of which a newer version said more */
    uint64_t told;         /* damages */
    struct buf complaints; /* a sentence for each, a line each */
};

/* Read a whole file. False, in words: its first line is none of ours, or of a
 * version that cannot be read. The caller clears *jsonl either way. */
bool jsonl_read(struct jsonl *jsonl, struct slice text, struct error *err);
void jsonl_clear(struct jsonl *jsonl);

#endif
