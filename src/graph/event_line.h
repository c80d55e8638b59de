/* SPDX-License-Identifier: MIT */
/*
 * event_line - an event as a line of JSON that can be read back, to the bit.
 *
 * A line is what event_to_json() writes. Where that says less than the event
 * does (a time beside a seq that is called "at", text that is no UTF-8, JSON
 * with white space in it, an integer of 64 bits, an event of a newer version)
 * the member "packed" follows, last: the event as log_packed() gives it, in
 * base64. Where it is there it is what counts. An event too large to be parsed
 * again has type, seq and "packed" only.
 */
#ifndef GRAPH_EVENT_LINE_H
#define GRAPH_EVENT_LINE_H

#include "graph/log.h"

/* Append the line of an event of the log, without a line break. `scratch` keeps
 * its storage from call to call. */
void event_line_append(struct buf *out, const struct log *log, uint64_t seq,
                       struct buf *scratch);

/* What a line says. */
struct event_line {
    uint64_t seq;      /* 0: it says none */
    struct buf packed; /* its time counts from 0 */
    bool is_newer;     /* it says more than this version understands: a type or
                          a member that is unknown is left out */
};

/* All-zero is fine for the first; the next ones keep its storage. False: it is
 * no event, in words. */
bool event_line_parse(struct event_line *line, struct slice text,
                      struct error *err);
void event_line_clear(struct event_line *line);

#endif
