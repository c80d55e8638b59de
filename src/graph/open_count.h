/* SPDX-License-Identifier: MIT */
/*
 * open_count - the tokens of an answer while it comes: by its blocks, each
 * delta costing its own bytes.
 *
 * Private to budget.c.
 */
#ifndef GRAPH_OPEN_COUNT_H
#define GRAPH_OPEN_COUNT_H

#include "graph/budget.h"

/* What was counted of one block. */
struct open_block {
    struct tokens_counter counter;
    size_t fed;
    bool is_whole; /* a call whose arguments were replaced by the whole */
};

/* All-zero is of no node. */
struct open_count {
    enum token_family family;
    uint64_t node_id;
    ARRAY_OF(struct open_block) blocks; /* as those of the node */
    size_t first_open;                  /* blocks before it cannot change */
    struct budget_sum sum;
};

void open_count_clear(struct open_count *count);

/* Count what is new of a node, which may be another one than before, or NULL.
 * Returns how many bytes that were. */
uint64_t open_count_catch_up(struct open_count *count,
                             const struct graph *graph,
                             const struct node *node);

#endif
