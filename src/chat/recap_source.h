/* SPDX-License-Identifier: MIT */
/*
 * recap_source - the prompt that asks for a summary of a stretch of turns.
 *
 * What was said stands in it as data, between two marks, each turn behind who
 * said it: a model that sums up must not go on with it.
 */
#ifndef CHAT_RECAP_SOURCE_H
#define CHAT_RECAP_SOURCE_H

#include "graph/graph.h"
#include "graph/stretch.h"

struct recap_wish {
    uint64_t words;       /* of the summary, at the most */
    struct slice besides; /* what the user wants of it; may be empty */
    enum token_family family;
    uint64_t most; /* tokens of the prompt to base/tokens; 0: any number */
};

/* Append it. The oldest items are left out until it is no more than that, and of
 * a single one its middle; returns how many were left out. */
size_t recap_source_write(const struct graph *graph,
                          const struct stretch *stretch,
                          const struct recap_wish *wish, struct buf *out);

#endif
