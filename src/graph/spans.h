/* SPDX-License-Identifier: MIT */
/*
 * spans - the active path in pieces: a node each, or the nodes that a folded
 * summary stands for.
 *
 * What the views of the path share. A summary stands for its nodes where it is
 * folded and all of them are on the path, with what tools gave back right
 * behind them. Of folded ones that share nodes the one that begins first has
 * effect, of those the longest (of equals the newest): a summary of summaries
 * hides what it holds, and shows it again as it was.
 */
#ifndef GRAPH_SPANS_H
#define GRAPH_SPANS_H

#include "graph/path.h"

struct span {
    uint32_t summary;   /* 0: a node */
    size_t first, last; /* depths */
};

/* All-zero has seen nothing. */
struct spans {
    struct path path;
    ARRAY_OF(struct span) items;
};

void spans_clear(struct spans *spans);

/* Bring them up to the path to the head, or to any leaf. Returns the first that
 * is no longer what it was, items.count if nothing changed, as
 * path_catch_up(). */
size_t spans_catch_up(struct spans *spans, const struct graph *graph);
size_t spans_follow(struct spans *spans, const struct graph *graph,
                    uint64_t leaf_id);

/* The span that holds a depth; items.count if none does. */
size_t spans_find(const struct spans *spans, size_t depth);

/* The node that a span begins or ends with. */
uint64_t spans_first_id(const struct spans *spans, size_t index);
uint64_t spans_last_id(const struct spans *spans, size_t index);

/* Seq of the event that last folded or unfolded a summary of nodes of the path
 * that begins where the span does; 0: none did. */
uint64_t spans_switched(const struct spans *spans, const struct graph *graph,
                        size_t index);

#endif
