/* SPDX-License-Identifier: MIT */
#include "graph/stretch.h"

/* At the most, of what is left out behind a pinned turn: words in its place. */
enum { GAP_TOKENS = 20 };

void stretch_clear(struct stretch *stretch)
{
    array_clear(&stretch->nodes);
    array_clear(&stretch->summaries);
    *stretch = (struct stretch){ 0 };
}

struct walk {
    const struct budget *budget;
    const struct graph *graph;
    size_t end;  /* the span of the last prompt, which stays */
    bool is_cut; /* something stays behind the first turns that go */
};

static const struct span *span_at(const struct walk *walk, size_t index)
{
    return &budget_spans(walk->budget)->items.items[index];
}

static const struct node *node_at(const struct walk *walk, size_t index)
{
    return graph_node(walk->graph,
                      spans_first_id(budget_spans(walk->budget), index));
}

static bool begins_turn(const struct walk *walk, size_t index)
{
    return span_at(walk, index)->summary ||
           node_at(walk, index)->kind == NODE_USER;
}

/* Behind the turn that a span begins. */
static size_t end_of_turn(const struct walk *walk, size_t index)
{
    bool is_summary = span_at(walk, index)->summary != 0;
    for (index++; index < walk->end && !begins_turn(walk, index); index++)
        if (is_summary)
            return index;
    return index;
}

static bool may_go(const struct walk *walk, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (node_at(walk, i)->is_open ||
            (node_at(walk, i)->is_pinned && !span_at(walk, i)->summary))
            return false;
    return from < to && node_at(walk, from)->kind != NODE_TOOL_RESULT;
}

static uint64_t tokens_of(const struct walk *walk, size_t from, size_t to)
{
    uint64_t tokens = 0;
    for (size_t i = from; i < to; i++) {
        struct budget_sum own = budget_span(walk->budget, i);
        tokens += budget_sum_total(&own);
    }
    return tokens;
}

static void take(struct stretch *stretch, const struct walk *walk, size_t index)
{
    const struct spans *spans = budget_spans(walk->budget);
    *array_add(&stretch->nodes) = spans_first_id(spans, index);
    *array_add(&stretch->summaries) = span_at(walk, index)->summary;
    if (walk->is_cut)
        return;
    if (!stretch->first_id)
        stretch->first_id = spans_first_id(spans, index);
    stretch->last_id = spans_last_id(spans, index);
    stretch->apart = stretch->nodes.count;
}

/* A summary behind what is pinned stays: it stands for more than one node. */
static bool is_beyond(const struct walk *walk, size_t index)
{
    return walk->is_cut && span_at(walk, index)->summary;
}

static void go(struct stretch *stretch, const struct walk *walk, size_t from,
               size_t to)
{
    uint64_t tokens = tokens_of(walk, from, to);
    uint64_t gap = walk->is_cut ? GAP_TOKENS : 0;
    stretch->tokens += tokens;
    if (tokens > gap)
        stretch->left -= tokens - gap;
    for (size_t i = from; i < to; i++)
        take(stretch, walk, i);
}

static size_t last_prompt(const struct walk *walk)
{
    size_t index = budget_spans(walk->budget)->items.count;
    while (index-- > 0)
        if (!span_at(walk, index)->summary &&
            node_at(walk, index)->kind == NODE_USER)
            return index;
    return 0;
}

bool stretch_plan(struct stretch *stretch, const struct budget *budget,
                  const struct graph *graph, uint64_t beside, uint64_t most)
{
    struct walk walk = { .budget = budget, .graph = graph };
    walk.end = last_prompt(&walk);
    stretch_clear(stretch);
    stretch->left = budget_total(budget) + beside;
    for (size_t at = 0; at < walk.end && stretch->left > most;) {
        size_t end = end_of_turn(&walk, at);
        if (may_go(&walk, at, end) && !is_beyond(&walk, at))
            go(stretch, &walk, at, end);
        else
            walk.is_cut = stretch->first_id != 0;
        at = end;
    }
    return stretch->left <= most;
}
