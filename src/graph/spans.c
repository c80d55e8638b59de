/* SPDX-License-Identifier: MIT */
#include "graph/spans.h"

void spans_clear(struct spans *spans)
{
    path_clear(&spans->path);
    array_clear(&spans->items);
}

uint64_t spans_first_id(const struct spans *spans, size_t index)
{
    return spans->path.nodes.items[spans->items.items[index].first];
}

uint64_t spans_last_id(const struct spans *spans, size_t index)
{
    return spans->path.nodes.items[spans->items.items[index].last];
}

size_t spans_find(const struct spans *spans, size_t depth)
{
    size_t low = 0, high = spans->items.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans->items.items[middle].last < depth)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_result(const struct spans *spans, const struct graph *graph,
                      size_t depth)
{
    return depth < spans->path.nodes.count &&
           graph_node(graph, spans->path.nodes.items[depth])->kind ==
               NODE_TOOL_RESULT;
}

static size_t depth_of(const struct graph *graph, uint64_t id)
{
    return graph_node(graph, id)->depth;
}

/* Parents never change: where its last node is on the path all are. */
static bool is_on_path(const struct spans *spans, const struct graph *graph,
                       const struct summary *summary)
{
    size_t last = depth_of(graph, summary->last_id);
    return last < spans->path.nodes.count &&
           spans->path.nodes.items[last] == summary->last_id;
}

uint64_t spans_switched(const struct spans *spans, const struct graph *graph,
                        size_t index)
{
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    const struct summary *summary;
    uint64_t switched = 0;
    for (uint32_t id = node->summary_from; id; id = summary->from_before) {
        summary = graph_summary(graph, id);
        if (summary->switched > switched && is_on_path(spans, graph, summary))
            switched = summary->switched;
    }
    return switched;
}

/* The span that begins at a depth. */
static struct span choose(const struct spans *spans, const struct graph *graph,
                          size_t depth)
{
    struct span span = { 0, depth, depth };
    const struct node *node = graph_node(graph, spans->path.nodes.items[depth]);
    const struct summary *summary;
    for (uint32_t id = node->summary_from; id; id = summary->from_before) {
        summary = graph_summary(graph, id);
        if (!summary->is_folded || !is_on_path(spans, graph, summary))
            continue;
        size_t last = depth_of(graph, summary->last_id);
        if (!span.summary || last > span.last)
            span = (struct span){ id, depth, last };
    }
    while (span.summary && is_result(spans, graph, span.last + 1))
        span.last++;
    return span;
}

/* From where on the spans are to be made anew, where the path has changed from
 * `first` on: a summary may have its last node there. */
static size_t reach_back(struct spans *spans, const struct graph *graph,
                         size_t first)
{
    size_t lowest = first;
    for (size_t depth = first; depth < spans->path.nodes.count; depth++) {
        const struct node *node =
            graph_node(graph, spans->path.nodes.items[depth]);
        const struct summary *summary;
        for (uint32_t id = node->summary_to; id; id = summary->to_before) {
            summary = graph_summary(graph, id);
            size_t start = depth_of(graph, summary->first_id);
            if (summary->is_folded && start < lowest)
                lowest = start;
        }
    }
    return lowest;
}

/* The first span to be made anew: that holds a depth, or, if a tool's output
 * goes with the one before it, that one. */
static size_t first_stale(const struct spans *spans, const struct graph *graph,
                          size_t depth)
{
    size_t index = spans_find(spans, depth);
    bool joins = index > 0 && is_result(spans, graph, depth) &&
                 spans->items.items[index - 1].summary;
    return joins ? index - 1 : index;
}

size_t spans_follow(struct spans *spans, const struct graph *graph,
                    uint64_t leaf_id)
{
    size_t old_count = spans->path.nodes.count;
    size_t depth = path_follow(&spans->path, graph, leaf_id);
    size_t count = spans->path.nodes.count;
    if (depth == count && count == old_count)
        return spans->items.count;
    depth = reach_back(spans, graph, depth);
    size_t first = first_stale(spans, graph, depth);
    depth = first ? spans->items.items[first - 1].last + 1 : 0;
    spans->items.count = first;
    while (depth < count) {
        struct span span = choose(spans, graph, depth);
        *array_add(&spans->items) = span;
        depth = span.last + 1;
    }
    return first;
}

size_t spans_catch_up(struct spans *spans, const struct graph *graph)
{
    return spans_follow(spans, graph, graph_head(graph));
}
