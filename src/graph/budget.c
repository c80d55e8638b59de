/* SPDX-License-Identifier: MIT */
#include "graph/budget.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

/* What was counted of one block. */
struct tally {
    struct tokens_counter counter;
    size_t fed;
    bool is_whole; /* a call whose arguments were replaced by the whole, or a
                      picture */
};

/* What one node of the path takes, or the summary of some, and the path up to
 * it. */
struct share {
    uint64_t node_id;
    uint32_t summary;               /* 0: a node */
    uint64_t switched;              /* spans_switched() of any up to here */
    ARRAY_OF(struct tally) tallies; /* as the node's blocks */
    size_t first_open;              /* blocks before it cannot change */
    struct budget_sum own, total;
    int64_t reported;     /* by the last attempt up to here; -1: none */
    uint64_t reported_id; /* of its node */
};

struct budget {
    struct spans spans;
    ARRAY_OF(struct share) shares; /* by span */
    uint64_t system_seq;
    uint64_t system_tokens;
    uint64_t bytes_counted;
};

struct budget *budget_new(void)
{
    return memory_zero(1, sizeof(struct budget));
}

static void cut_shares(struct budget *budget, size_t count)
{
    while (budget->shares.count > count) {
        struct share *share = array_last(&budget->shares);
        array_clear(&share->tallies);
        budget->shares.count--;
    }
}

void budget_free(struct budget *budget)
{
    if (!budget)
        return;
    cut_shares(budget, 0);
    array_clear(&budget->shares);
    spans_clear(&budget->spans);
    free(budget);
}

/* BUDGET_PART_COUNT: it does not go back to a model. */
static enum budget_part part_of(const struct block *block)
{
    static const enum budget_part parts[] = {
        [BLOCK_TEXT] = BUDGET_HISTORY,     [BLOCK_THINKING] = BUDGET_PART_COUNT,
        [BLOCK_CALL] = BUDGET_TOOLS,       [BLOCK_OUTPUT] = BUDGET_TOOLS,
        [BLOCK_ATTACHMENT] = BUDGET_FILES, [BLOCK_ERROR] = BUDGET_TOOLS,
    };
    assert(block->kind < COUNTOF(parts));
    return parts[block->kind];
}

static void feed(struct budget *budget, struct tally *tally, struct slice text)
{
    tokens_feed(&tally->counter, text);
    budget->bytes_counted += text.len;
}

/* The end of a call brings its arguments again, whole. */
static void restart_whole(struct budget *budget, struct tally *tally,
                          const struct call *call)
{
    *tally = (struct tally){ .is_whole = true };
    feed(budget, tally, slice_of(call->name));
}

static bool can_grow(const struct graph *graph, const struct block *block)
{
    return block->kind == BLOCK_CALL &&
           !graph_call(graph, block->call)->has_ended;
}

static void count_block(struct budget *budget, const struct graph *graph,
                        struct share *share, const struct block *block,
                        struct tally *tally)
{
    enum budget_part part = part_of(block);
    if (part == BUDGET_PART_COUNT)
        return;
    if (block->image) {
        share->own.tokens[part] += tally->is_whole ? 0 : BUDGET_IMAGE_TOKENS;
        tally->is_whole = true;
        return;
    }
    uint64_t before = tokens_count(&tally->counter);
    if (block->kind == BLOCK_CALL && !can_grow(graph, block) &&
        !tally->is_whole)
        restart_whole(budget, tally, graph_call(graph, block->call));
    feed(budget, tally, slice_skip(buf_slice(&block->text), tally->fed));
    tally->fed = block->text.len;
    share->own.tokens[part] += tokens_count(&tally->counter) - before;
}

static void count_node(struct budget *budget, const struct graph *graph,
                       struct share *share, const struct node *node)
{
    size_t count = node->blocks.count;
    while (share->tallies.count < count)
        *array_add(&share->tallies) = (struct tally){ 0 };
    for (size_t i = share->first_open; i < count; i++)
        count_block(budget, graph, share, &node->blocks.items[i],
                    &share->tallies.items[i]);
    while (share->first_open + 1 < count &&
           !can_grow(graph, &node->blocks.items[share->first_open]))
        share->first_open++;
}

/* Thinking was written by the server and does not go back. */
static int64_t reported_by(const struct attempt *attempt)
{
    if (!attempt || attempt->usage.input < 0)
        return -1;
    const struct usage *usage = &attempt->usage;
    int64_t kept = usage->output > 0 ? usage->output : 0;
    if (usage->reasoning > 0)
        kept -= usage->reasoning < kept ? usage->reasoning : kept;
    return usage->input > INT64_MAX - kept ? INT64_MAX : usage->input + kept;
}

/* What a server counted before a summary was folded or unfolded was of other
 * messages. */
static void carry_report(struct share *share, const struct share *before,
                         const struct attempt *attempt)
{
    share->reported = reported_by(attempt);
    share->reported_id = share->node_id;
    if (share->reported < 0 && before) {
        share->reported = before->reported;
        share->reported_id = before->reported_id;
    }
    if (before && before->switched > share->switched)
        share->switched = before->switched;
    if (share->reported_id < share->switched)
        share->reported = -1;
}

static void add_up(struct share *share, const struct share *before,
                   const struct attempt *attempt)
{
    for (size_t i = 0; i < BUDGET_PART_COUNT; i++)
        share->total.tokens[i] =
            share->own.tokens[i] + (before ? before->total.tokens[i] : 0);
    carry_report(share, before, attempt);
}

static void count_summary(struct budget *budget, const struct graph *graph,
                          struct share *share)
{
    struct slice text = slice_of(graph_summary(graph, share->summary)->text);
    if (share->own.tokens[BUDGET_HISTORY])
        return;
    share->own.tokens[BUDGET_HISTORY] = tokens_estimate(text);
    budget->bytes_counted += text.len;
}

/* The share of a span; what was counted of it stays. */
static struct share *share_of(struct budget *budget, size_t index)
{
    uint32_t summary = budget->spans.items.items[index].summary;
    uint64_t id = spans_first_id(&budget->spans, index);
    if (index < budget->shares.count &&
        (budget->shares.items[index].node_id != id ||
         budget->shares.items[index].summary != summary))
        cut_shares(budget, index);
    if (index == budget->shares.count)
        *array_add(&budget->shares) =
            (struct share){ .node_id = id, .summary = summary };
    return &budget->shares.items[index];
}

static void count_span(struct budget *budget, const struct graph *graph,
                       size_t index)
{
    struct share *share = share_of(budget, index);
    const struct node *node = graph_node(graph, share->node_id);
    const struct attempt *attempt = NULL;
    if (share->summary) {
        count_summary(budget, graph, share);
    } else {
        count_node(budget, graph, share, node);
        /* What is reported of an answer that was begun anew is of the sibling.
         */
        attempt = node->is_superseded ? NULL : graph_node_attempt(graph, node);
    }
    share->switched = spans_switched(&budget->spans, graph, index);
    add_up(share, index ? share - 1 : NULL, attempt);
}

static void count_system(struct budget *budget, const struct graph *graph)
{
    if (budget->system_seq == graph_system_seq(graph))
        return;
    struct slice system = slice_of(graph_system(graph));
    budget->system_seq = graph_system_seq(graph);
    budget->system_tokens = tokens_estimate(system);
    budget->bytes_counted += system.len;
}

void budget_catch_up(struct budget *budget, const struct graph *graph)
{
    size_t first = spans_catch_up(&budget->spans, graph);
    size_t count = budget->spans.items.count;
    cut_shares(budget, count);
    for (size_t i = first; i < count; i++)
        count_span(budget, graph, i);
    count_system(budget, graph);
}

struct budget_sum budget_parts(const struct budget *budget)
{
    struct budget_sum sum = { 0 };
    if (budget->shares.count)
        sum = array_last(&budget->shares)->total;
    sum.tokens[BUDGET_SYSTEM] = budget->system_tokens;
    return sum;
}

uint64_t budget_total(const struct budget *budget)
{
    struct budget_sum sum = budget_parts(budget);
    uint64_t total = 0;
    for (size_t i = 0; i < BUDGET_PART_COUNT; i++)
        total += sum.tokens[i];
    return total;
}

int64_t budget_reported(const struct budget *budget)
{
    return budget->shares.count ? array_last(&budget->shares)->reported : -1;
}

uint64_t budget_bytes_counted(const struct budget *budget)
{
    return budget->bytes_counted;
}
