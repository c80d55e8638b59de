/* SPDX-License-Identifier: MIT */
#include "chat/overlay.h"

#include "chat/chat_state.h"
#include "graph/spans.h"

/* Of the summaries that begin at a node the shortest that reaches down to a
 * depth and is whole on the path; 0: none. */
static uint32_t shortest_from(const struct graph *graph,
                              const struct spans *spans,
                              const struct node *node, size_t depth)
{
    const uint64_t *path = spans->path.nodes.items;
    const struct summary *summary;
    uint32_t found = 0;
    size_t least = spans->path.nodes.count;
    for (uint32_t id = node->summary_from; id; id = summary->from_before) {
        summary = graph_summary(graph, id);
        size_t last = graph_node(graph, summary->last_id)->depth;
        if (last < depth || last >= least || path[last] != summary->last_id)
            continue;
        found = id;
        least = last;
    }
    return found;
}

/* The summary that stands where a node is; else the innermost that could. */
static uint32_t find_summary(const struct graph *graph,
                             const struct spans *spans, uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    if (!node || node->depth >= spans->path.nodes.count ||
        spans->path.nodes.items[node->depth] != node_id)
        return 0;
    size_t depth = node->depth;
    uint32_t found = spans->items.items[spans_find(spans, depth)].summary;
    for (; node && !found; node = graph_node(graph, node->parent_id))
        found = shortest_from(graph, spans, node, depth);
    return found;
}

bool overlay_switch(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    struct spans spans = { 0 };
    spans_catch_up(&spans, graph);
    uint32_t id = find_summary(graph, &spans, node_id);
    spans_clear(&spans);
    if (!id)
        return error_set(err, ERROR_USAGE, "this turn is in no summary");
    const struct summary *summary = graph_summary(graph, id);
    struct event event = { .type = EVENT_FOLDED };
    event_add_number(&event, FIELD_SUMMARY, summary->seq);
    event_add_number(&event, FIELD_ON, !summary->is_folded);
    chat_append(chat, &event);
    return true;
}
