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

/* Whether a node is on the path to the head. */
bool branch_is_active(const struct graph *graph, uint64_t node_id);

#endif
