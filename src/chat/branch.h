/* SPDX-License-Identifier: MIT */
/*
 * branch - other branches of a conversation: where they end, and which is
 * active. Pure.
 */
#ifndef CHAT_BRANCH_H
#define CHAT_BRANCH_H

#include "base/error.h"
#include "graph/graph.h"

/* Where the branch was left that begins with the sibling `step` places after a
 * node. False, in words, if there is none. */
bool branch_step(const struct graph *graph, uint64_t node_id, int step,
                 uint64_t *leaf_id, struct error *err);

/* The turn that begins the branch of a node: the nearest above it, itself
 * included, that has siblings or a name; else the first. 0: there is no node. */
uint64_t branch_begin(const struct graph *graph, uint64_t node_id);

/* The nearest turn above a node, itself included, that has siblings; 0: none. */
uint64_t branch_fork(const struct graph *graph, uint64_t node_id);

/* The branch that has a name; 0: none has. */
uint64_t branch_named(const struct graph *graph, struct slice name);

/* Two siblings to be compared, in their order: of the branch that a node is in,
 * and the one of a number (from 1; 0: the one before it, else after it). False,
 * in words: there are no two. */
struct branch_pair {
    uint64_t left_id, right_id;
};
bool branch_pair(const struct graph *graph, uint64_t node_id, uint64_t number,
                 struct branch_pair *pair, struct error *err);

/* The last answer has another beside it, both are whole, and it was not said
 * which is better. */
bool branch_is_unjudged(const struct graph *graph);

/* Whether a node is on the path to the head. */
bool branch_is_active(const struct graph *graph, uint64_t node_id);

#endif
