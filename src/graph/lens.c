/* SPDX-License-Identifier: MIT */
#include "graph/lens.h"

#include <assert.h>
#include <string.h>

#include "base/compiler.h"

/* At the most: "[What this call gave back was left out here to make room.]" in
 * place of an output, or words of that length between two turns. */
enum { STUB_TOKENS = 20 };

void lens_clear(struct lens *lens)
{
    array_clear(&lens->entries);
}

const char *lens_fate_name(enum lens_fate fate)
{
    static const char *const names[] = {
        [LENS_SENT] = "sent",           [LENS_PINNED] = "pinned",
        [LENS_FOLDED] = "folded",       [LENS_LEFT_OUT] = "left out",
        [LENS_DROPPED] = "dropped",     [LENS_WITH_CALL] = "left out",
        [LENS_TOO_LARGE] = "too large",
    };
    static_assert(COUNTOF(names) == LENS_FATE_COUNT, "a name for each fate");
    return names[fate];
}

static const struct node *node_at(const struct budget *budget,
                                  const struct graph *graph, size_t depth)
{
    return graph_node(graph, budget_spans(budget)->path.nodes.items[depth]);
}

static enum lens_fate fate_of(const struct graph *graph,
                              const struct node *node)
{
    const struct call *call = graph_call(graph, node->call);
    const struct node *asker = call ? graph_node(graph, call->node_id) : NULL;
    if (node->is_left_out)
        return node->is_dropped ? LENS_DROPPED : LENS_LEFT_OUT;
    if (asker && asker->is_left_out)
        return LENS_WITH_CALL;
    return node->is_pinned ? LENS_PINNED : LENS_SENT;
}

static void add_node(struct lens *lens, const struct budget *budget,
                     const struct graph *graph, size_t index, uint64_t room)
{
    struct budget_sum own = budget_span(budget, index);
    const struct node *node =
        graph_node(graph, spans_first_id(budget_spans(budget), index));
    struct lens_entry entry = { .node_id = node->id,
                                .fate = fate_of(graph, node),
                                .tokens = budget_sum_total(&own) };
    entry.whole = entry.tokens;
    if (entry.fate != LENS_SENT && entry.fate != LENS_PINNED) {
        struct budget_sum whole = budget_of_node(budget, graph, node);
        entry.whole = budget_sum_total(&whole);
    } else if (room && entry.tokens > room) {
        entry.fate = LENS_TOO_LARGE;
    }
    *array_add(&lens->entries) = entry;
}

/* The summary, then the nodes that it hides. */
static void add_summary(struct lens *lens, const struct budget *budget,
                        const struct graph *graph, size_t index)
{
    const struct span *span = &budget_spans(budget)->items.items[index];
    struct budget_sum own = budget_span(budget, index);
    uint64_t tokens = budget_sum_total(&own);
    *array_add(&lens->entries) = (struct lens_entry){
        .node_id = node_at(budget, graph, span->first)->id,
        .summary = span->summary,
        .tokens = tokens,
        .whole = tokens,
    };
    for (size_t depth = span->first; depth <= span->last; depth++) {
        const struct node *node = node_at(budget, graph, depth);
        struct budget_sum whole = budget_of_node(budget, graph, node);
        *array_add(&lens->entries) = (struct lens_entry){
            .node_id = node->id,
            .fate = LENS_FOLDED,
            .whole = budget_sum_total(&whole),
        };
    }
}

void lens_look(struct lens *lens, const struct budget *budget,
               const struct graph *graph, uint64_t room)
{
    const struct spans *spans = budget_spans(budget);
    lens->entries.count = 0;
    for (size_t i = 0; i < spans->items.count; i++) {
        if (spans->items.items[i].summary)
            add_summary(lens, budget, graph, i);
        else
            add_node(lens, budget, graph, i, room);
    }
}

/* What would go. */

void lens_cut_clear(struct lens_cut *cut)
{
    array_clear(&cut->nodes);
    *cut = (struct lens_cut){ 0 };
}

struct planner {
    const struct budget *budget;
    const struct graph *graph;
    size_t end;         /* the first span that stays: of the last prompt */
    size_t end_outputs; /* results before this one may go all the same */
    ARRAY_OF(bool) are_gone;
};

static const struct node *span_node(const struct planner *planner, size_t index)
{
    return graph_node(planner->graph,
                      spans_first_id(budget_spans(planner->budget), index));
}

static bool is_result(const struct planner *planner, size_t index)
{
    const struct spans *spans = budget_spans(planner->budget);
    return index < spans->items.count &&
           span_node(planner, index)->kind == NODE_TOOL_RESULT;
}

static bool may_go(const struct planner *planner, size_t index)
{
    const struct spans *spans = budget_spans(planner->budget);
    const struct node *node = span_node(planner, index);
    bool is_old = index < planner->end ||
                  (index < planner->end_outputs && is_result(planner, index));
    return is_old && !spans->items.items[index].summary && !node->is_open &&
           fate_of(planner->graph, node) == LENS_SENT;
}

static void go(struct planner *planner, struct lens_cut *cut, size_t index)
{
    *array_add(&cut->nodes) = span_node(planner, index)->id;
    planner->are_gone.items[index] = true;
}

static uint64_t tokens_of(const struct planner *planner, size_t index)
{
    struct budget_sum own = budget_span(planner->budget, index);
    return budget_sum_total(&own);
}

/* Behind the last result stand answers that were made up: they stay. */
static uint64_t tokens_of_result(const struct planner *planner, size_t index)
{
    struct budget_sum whole = budget_of_node(planner->budget, planner->graph,
                                             span_node(planner, index));
    uint64_t tokens = budget_sum_total(&whole);
    return tokens < tokens_of(planner, index) ? tokens
                                              : tokens_of(planner, index);
}

/* What was told with a result stays: our own words, of more than two bytes for
 * each token. */
static uint64_t stub_of(const struct node *node)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind == BLOCK_NOTE)
            bytes += block->name.len + block->text.len + strlen("\n\n[: ]");
    }
    return STUB_TOKENS + bytes / 2;
}

/* What the user has called goes without a word: no call of the model's lacks an
 * answer then. */
static uint64_t tokens_of_output(const struct planner *planner, size_t index)
{
    uint64_t tokens = 0;
    if (span_node(planner, index)->kind == NODE_NOTE)
        return tokens_of(planner, index);
    if (is_result(planner, index))
        tokens = tokens_of_result(planner, index);
    uint64_t stub = stub_of(span_node(planner, index));
    return tokens > stub ? tokens - stub : 0;
}

static void drop_outputs(struct planner *planner, struct lens_cut *cut,
                         uint64_t most)
{
    size_t end = budget_spans(planner->budget)->items.count;
    for (size_t i = 0; i < end && cut->left > most; i++) {
        uint64_t tokens = may_go(planner, i) ? tokens_of_output(planner, i) : 0;
        if (!tokens)
            continue;
        go(planner, cut, i);
        cut->left -= tokens;
    }
}

/* Where something that it gave back is pinned the answer stays. */
static bool is_held(const struct planner *planner, size_t index)
{
    for (size_t i = index + 1; is_result(planner, i); i++)
        if (span_node(planner, i)->is_pinned)
            return true;
    return false;
}

static void drop_turns(struct planner *planner, struct lens_cut *cut,
                       uint64_t most)
{
    for (size_t i = 0; i < planner->end && cut->left > most; i++) {
        if (is_result(planner, i) || planner->are_gone.items[i] ||
            !may_go(planner, i) || is_held(planner, i))
            continue;
        uint64_t tokens = tokens_of(planner, i);
        for (size_t k = i + 1; is_result(planner, k); k++)
            tokens += planner->are_gone.items[k] ? STUB_TOKENS
                                                 : tokens_of(planner, k);
        if (tokens <= STUB_TOKENS)
            continue;
        go(planner, cut, i);
        cut->left -= tokens - STUB_TOKENS;
    }
}

static size_t last_prompt(const struct budget *budget,
                          const struct graph *graph)
{
    const struct spans *spans = budget_spans(budget);
    size_t index = spans->items.count;
    while (index-- > 0)
        if (!spans->items.items[index].summary &&
            graph_node(graph, spans_first_id(spans, index))->kind == NODE_USER)
            return index;
    return 0;
}

/* Of the last answer behind the last prompt: it has read what stands before. */
static size_t last_answer(const struct planner *planner)
{
    size_t index = budget_spans(planner->budget)->items.count;
    while (index-- > planner->end)
        if (span_node(planner, index)->kind == NODE_ASSISTANT)
            return index;
    return planner->end;
}

static bool plan(struct planner *planner, struct lens_cut *cut, uint64_t beside,
                 uint64_t most)
{
    for (size_t i = 0; i < budget_spans(planner->budget)->items.count; i++)
        *array_add(&planner->are_gone) = false;
    cut->nodes.count = 0;
    cut->left = budget_total(planner->budget) + beside;
    drop_outputs(planner, cut, most);
    drop_turns(planner, cut, most);
    array_clear(&planner->are_gone);
    return cut->left <= most;
}

bool lens_plan(struct lens_cut *cut, const struct budget *budget,
               const struct graph *graph, uint64_t beside, uint64_t most)
{
    struct planner planner = { .budget = budget,
                               .graph = graph,
                               .end = last_prompt(budget, graph) };
    planner.end_outputs = last_answer(&planner);
    return plan(&planner, cut, beside, most);
}

bool lens_plan_all(struct lens_cut *cut, const struct budget *budget,
                   const struct graph *graph, uint64_t beside, uint64_t most)
{
    struct planner planner = { .budget = budget,
                               .graph = graph,
                               .end = last_prompt(budget, graph),
                               .end_outputs =
                                   budget_spans(budget)->items.count };
    return plan(&planner, cut, beside, most);
}
