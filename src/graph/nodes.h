/* SPDX-License-Identifier: MIT */
/*
 * nodes - the tree of a graph: its nodes, its head, its order of change.
 *
 * Private to the reducer (graph.c, fold_*.c). Owns the nodes. Invariant: each
 * ancestor of the head has the next node towards the head as its visited child
 * (where that node follows), so that moving the head costs only the path beyond
 * the common ancestor.
 */
#ifndef GRAPH_NODES_H
#define GRAPH_NODES_H

#include "graph/graph.h"

struct node_record {
    struct node node;
    uint64_t last_result_id; /* of the tool results of its calls; 0: none */
    struct node_record *newer, *older; /* by their last change */
};

struct nodes {
    /* [0] stands above all roots and has the id 0. */
    ARRAY_OF(struct node_record *) records;
    ARRAY_OF(uint32_t) by_seq; /* index of a record; 0: none */
    struct node_record *newest;
    uint64_t head_id;
    uint64_t head_revision;
    size_t pruned_count; /* branches */
    uint64_t seq;        /* of the event that is being folded */
};

void nodes_init(struct nodes *nodes);
void nodes_clear(struct nodes *nodes);

/* NULL for 0 and where no node has that id. */
struct node_record *nodes_find(const struct nodes *nodes, uint64_t id);

/* Open a node below its parent_id, which exists or is 0. `opening` gives id,
 * parent_id, kind, edge, run, attempt, call, spawner and at; the id is the largest so
 * far. */
struct node_record *nodes_open(struct nodes *nodes, const struct node *opening);

/* An event of this seq has changed the node. */
void nodes_touch(struct nodes *nodes, struct node_record *record, uint64_t seq);

/* To a node or 0. */
void nodes_move_head(struct nodes *nodes, uint64_t id);

/* Neither the node nor what it hangs on is pruned; so is 0. */
bool nodes_is_shown(const struct nodes *nodes, uint64_t id);

/* The node is `top_id` or hangs below it. */
bool nodes_is_below(const struct nodes *nodes, uint64_t id, uint64_t top_id);

/* See graph_deepest(). */
uint64_t nodes_deepest(const struct nodes *nodes, uint64_t id);

/* Hide a node that follows and is not pruned, or show it again. A head that is
 * in it goes to the nearest sibling, where that was left, else to the parent.
 */
void nodes_prune(struct nodes *nodes, struct node_record *record, uint64_t seq);
void nodes_restore(struct nodes *nodes, struct node_record *record,
                   uint64_t seq);

/* Take what *opaque owns, behind `place` of what the node holds: see
 * FIELD_PLACE; UINT64_MAX: at its end. */
void node_take_opaque(struct node *node, const struct opaque *opaque,
                      uint64_t place);

/* A new block at the end; never NULL. Lives until the next one. */
struct block *node_add_block(struct node *node, enum block_kind kind,
                             int64_t at) RETURNS_NONNULL;

#endif
