/* SPDX-License-Identifier: MIT */
#include "app/failed_calls.h"

#include <inttypes.h>
#include <string.h>

/* Bytes; a model may give a name that is as long as it likes. */
enum { NAME_SHOWN = 64, WORDS_SHOWN = 400 };

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

/* An error of its own says more than what was printed before it; how a program
 * ended stands behind that, in brackets. */
static struct slice why(const struct graph *graph, const struct call *call)
{
    const struct node *node = graph_node(graph, call->result_id);
    struct slice rest = { 0 }, first = { 0 }, last = { 0 }, line;
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind == BLOCK_ERROR || !rest.len)
            rest = buf_slice(&block->text);
    }
    while (slice_next_line(&rest, &line)) {
        first = first.len ? first : line;
        last = line.len ? line : last;
    }
    if (slice_starts(last, "["))
        return last;
    return slice_starts(first, "error: ") ? slice_skip(first, 7) : first;
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
        buf_printf(lines, "t%" PRIu32 " %.*s: %s%s%.*s\n", id, NAME_SHOWN,
                   call->name, life_state_name(LIFE_CALL, (int)call->state),
                   words.len ? ": " : "",
                   (int)(words.len > WORDS_SHOWN ? WORDS_SHOWN : words.len),
                   words.ptr ? words.ptr : "");
        count++;
    }
    return count;
}
