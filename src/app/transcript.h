/* SPDX-License-Identifier: MIT */
/*
 * transcript - the active path as plain text, for a scrollback or a file.
 *
 * Pure. What was said stands there as it came, byte for byte: who writes it to
 * a terminal takes it through app/print. A turn is a line "-- who 14:02 --" and
 * what was said; thinking, a tool call, its output, a file are a line each. A
 * folded summary stands for its turns; what an agent did stands behind the turn
 * that spawned it, each line behind a "| ".
 */
#ifndef APP_TRANSCRIPT_H
#define APP_TRANSCRIPT_H

#include "base/buf.h"
#include "graph/graph.h"

/* The whole path; nothing for an empty conversation. */
void transcript_append(struct buf *out, const struct graph *graph);

/* How an answer ended, in a line "(cut: why)", unless it ended well; of a
 * prompt, how its run did without an answer before `next`, the turn behind it;
 * NULL: it is the last. */
void transcript_append_outcome(struct buf *out, const struct graph *graph,
                               const struct node *node,
                               const struct node *next);

/* The last turns that fit whole into so many rows of a terminal of this width.
 * Where not even the last one does: its first line, "[...]" and its last
 * rows. */
void transcript_append_tail(struct buf *out, const struct graph *graph,
                            int width, int rows);

#endif
