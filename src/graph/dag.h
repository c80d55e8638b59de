/* SPDX-License-Identifier: MIT */
/*
 * dag - the whole graph as nodes and edges, without a layout: a view that is
 * made when it is looked at.
 *
 * The same graph gives the same lists: nodes in the order of their ids, then
 * the summaries; edges in the order of the nodes they lead to. An edge leads
 * from an older node to a newer one, or from a summary to the first and the
 * last node that it is of: there is no circle. Owns no text.
 */
#ifndef GRAPH_DAG_H
#define GRAPH_DAG_H

#include "base/array.h"
#include "graph/graph.h"

enum dag_edge_kind { DAG_FOLLOWS, DAG_SPAWNED, DAG_SUMMARISES };

struct dag_node {
    uint64_t id;      /* of a summary the seq of its event */
    uint32_t summary; /* 0: a node */
    bool is_active;   /* on the path to the head; a summary: folded */
    bool is_head;
    bool is_hidden; /* pruned, or in a branch that is */
};

struct dag_edge {
    uint64_t from, to;
    enum dag_edge_kind kind;
};

/* All-zero is empty. */
struct dag {
    ARRAY_OF(struct dag_node) nodes;
    ARRAY_OF(struct dag_edge) edges;
};

/* Fill an empty one. */
void dag_build(struct dag *dag, const struct graph *graph);
void dag_clear(struct dag *dag);

#endif
