/* SPDX-License-Identifier: MIT */
#include "app/failed_calls.h"

#include <inttypes.h>
#include <string.h>

static bool is_made_good(const struct graph *graph, const struct call *failed)
{
    for (uint32_t id = failed->id + 1; id <= graph_call_count(graph); id++) {
        const struct call *call = graph_call(graph, id);
        if (call->run == failed->run && call->state == CALL_COMPLETED &&
            !strcmp(call->name, failed->name))
            return true;
    }
    return false;
}

/* An error of its own says more than what was printed before it. */
static struct slice why(const struct graph *graph, const struct call *call)
{
    const struct node *node = graph_node(graph, call->result_id);
    struct slice words = { 0 }, line = { 0 };
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind == BLOCK_ERROR || !words.len)
            words = buf_slice(&block->text);
    }
    slice_next_line(&words, &line);
    return line;
}

size_t failed_calls_append(const struct graph *graph, uint32_t run,
                           struct buf *lines)
{
    size_t count = 0;
    for (uint32_t id = 1; id <= graph_call_count(graph); id++) {
        const struct call *call = graph_call(graph, id);
        if (call->run != run || call->state == CALL_COMPLETED ||
            is_made_good(graph, call))
            continue;
        struct slice words = why(graph, call);
        buf_printf(lines, "t%" PRIu32 " %s: %s%s%.*s\n", id, call->name,
                   life_state_name(LIFE_CALL, (int)call->state),
                   words.len ? ": " : "", SLICE_ARG(words));
        count++;
    }
    return count;
}
