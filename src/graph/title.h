/* SPDX-License-Identifier: MIT */
/*
 * title - what a conversation is called: the title that it was given, else the
 * first words of its first prompt.
 *
 * A view: no event says the first words, so they go when the prompt is
 * overwritten, and a title that was given always counts.
 */
#ifndef GRAPH_TITLE_H
#define GRAPH_TITLE_H

#include "base/buf.h"
#include "graph/graph.h"

enum { TITLE_COLUMNS_MAX = 60 /* of first words */ };

/* Append it; nothing if nothing was said and it has none. */
void title_append(struct buf *out, const struct graph *graph);

/* Append the first line of a text that says something, on one line, without
 * Markdown's marks, cut after a word. */
void title_append_words(struct buf *out, struct slice text);

#endif
