/* SPDX-License-Identifier: MIT */
#include "graph/open_count.h"

void open_count_clear(struct open_count *count)
{
    array_clear(&count->blocks);
    *count = (struct open_count){ 0 };
}

static uint64_t feed(const struct open_count *count, struct open_block *seen,
                     struct slice text)
{
    seen->counter.family = (uint8_t)count->family;
    tokens_feed(&seen->counter, text);
    return text.len;
}

static bool can_grow(const struct graph *graph, const struct block *block)
{
    return block->kind == BLOCK_CALL &&
           !graph_call(graph, block->call)->has_ended;
}

/* The end of a call brings its arguments again, whole. Thinking does not go
 * back to a model. */
static uint64_t count_block(struct open_count *count, const struct graph *graph,
                            const struct block *block, struct open_block *seen)
{
    bool is_call = block->kind == BLOCK_CALL;
    uint64_t bytes = 0, before = tokens_count(&seen->counter);
    if (!is_call && block->kind != BLOCK_TEXT)
        return 0;
    if (is_call && !can_grow(graph, block) && !seen->is_whole) {
        *seen = (struct open_block){ .is_whole = true };
        bytes +=
            feed(count, seen, slice_of(graph_call(graph, block->call)->name));
    }
    bytes += feed(count, seen, slice_skip(buf_slice(&block->text), seen->fed));
    seen->fed = block->text.len;
    count->sum.tokens[is_call ? BUDGET_TOOLS : BUDGET_HISTORY] +=
        tokens_count(&seen->counter) - before;
    return bytes;
}

uint64_t open_count_catch_up(struct open_count *count,
                             const struct graph *graph, const struct node *node)
{
    uint64_t bytes = 0;
    if (!node || node->id != count->node_id) {
        count->blocks.count = count->first_open = 0;
        count->sum = (struct budget_sum){ .messages = node != NULL };
        count->node_id = node ? node->id : 0;
    }
    size_t blocks = node ? node->blocks.count : 0;
    while (count->blocks.count < blocks)
        *array_add(&count->blocks) = (struct open_block){ 0 };
    for (size_t i = count->first_open; i < blocks; i++)
        bytes += count_block(count, graph, &node->blocks.items[i],
                             &count->blocks.items[i]);
    while (count->first_open + 1 < blocks &&
           !can_grow(graph, &node->blocks.items[count->first_open]))
        count->first_open++;
    return bytes;
}
