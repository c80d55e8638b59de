/* SPDX-License-Identifier: MIT */
#include "graph/dag.h"

#include <assert.h>

void dag_clear(struct dag *dag)
{
    array_clear(&dag->nodes);
    array_clear(&dag->edges);
}

/* The node with an id, among those before `count`, which are in order. */
static struct dag_node *find(struct dag *dag, size_t count, uint64_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dag->nodes.items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && dag->nodes.items[low].id == id
               ? &dag->nodes.items[low]
               : NULL;
}

static void add_edge(struct dag *dag, uint64_t from, uint64_t to,
                     enum dag_edge_kind kind)
{
    *array_add(&dag->edges) = (struct dag_edge){ from, to, kind };
}

/* A parent is older than its child: what hides it is known by then. */
static void add_node(struct dag *dag, const struct node *node)
{
    const struct dag_node *parent =
        find(dag, dag->nodes.count, node->parent_id);
    bool is_hidden = node->is_pruned || (parent && parent->is_hidden);
    *array_add(&dag->nodes) =
        (struct dag_node){ .id = node->id, .is_hidden = is_hidden };
    if (node->parent_id)
        add_edge(dag, node->parent_id, node->id,
                 node->edge == EDGE_SPAWNED ? DAG_SPAWNED : DAG_FOLLOWS);
}

static void add_summary(struct dag *dag, const struct graph *graph, uint32_t id)
{
    const struct summary *summary = graph_summary(graph, id);
    *array_add(&dag->nodes) = (struct dag_node){
        .id = summary->seq,
        .summary = id,
        .is_active = summary->is_folded,
    };
    add_edge(dag, summary->seq, summary->first_id, DAG_SUMMARISES);
    if (summary->last_id != summary->first_id)
        add_edge(dag, summary->seq, summary->last_id, DAG_SUMMARISES);
}

void dag_build(struct dag *dag, const struct graph *graph)
{
    size_t count = graph_node_count(graph);
    for (size_t i = 0; i < count; i++)
        add_node(dag, graph_node_at(graph, i));
    const struct node *node = graph_node(graph, graph_head(graph));
    for (; node; node = graph_node(graph, node->parent_id)) {
        struct dag_node *found = find(dag, count, node->id);
        assert(found);
        found->is_active = true;
        found->is_head = node->id == graph_head(graph);
    }
    for (uint32_t id = 1; id <= graph_summary_count(graph); id++)
        add_summary(dag, graph, id);
}
