/* SPDX-License-Identifier: MIT */
#include "chat/call_loop.h"

#include <stdlib.h>

#include "base/json.h"

enum { STEPS = 4 };

static void put_arguments(struct buf *key, struct slice text)
{
    struct error ignored = { 0 };
    json_t *value = json_parse(text, &ignored);
    char *sorted =
        value ? json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    if (sorted)
        buf_append_string(key, sorted);
    else
        buf_append_slice(key, text);
    free(sorted);
    json_decref(value);
}

static void put_result(struct buf *key, const struct node *result)
{
    for (size_t i = 0; result && i < result->blocks.count; i++) {
        const struct block *block = &result->blocks.items[i];
        if (block->kind == BLOCK_NOTE)
            continue;
        buf_append_char(key, '\0');
        buf_append_slice(key, buf_slice(&block->text));
    }
}

/* What a step was; empty: it has made no calls. */
static void put_step(struct buf *key, const struct graph *graph,
                     const struct attempt *attempt)
{
    const struct node *node = graph_node(graph, attempt->node_id);
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        const struct call *call = graph_call(graph, block->call);
        if (block->kind != BLOCK_CALL || !call)
            continue;
        buf_append_string(key, call->name);
        buf_append_char(key, '\0');
        put_arguments(key, buf_slice(&block->text));
        put_result(key, graph_node(graph, call->result_id));
        buf_append_char(key, '\0');
    }
}

static bool is_same(const struct buf *one, const struct buf *other)
{
    return slice_equal(buf_slice(one), buf_slice(other));
}

bool call_loop_is_found(const struct graph *graph, uint32_t run)
{
    const struct run *loop = graph_run(graph, run);
    struct buf keys[STEPS] = { 0 }; /* the last one first */
    size_t count = 0;
    for (size_t i = loop->attempts.count; i > 0 && count < STEPS; i--) {
        const struct attempt *attempt = &loop->attempts.items[i - 1];
        if (attempt->state == ATTEMPT_COMPLETE)
            put_step(&keys[count], graph, attempt);
        count += keys[count].len > 0;
    }
    bool is_found = (count > 2 && is_same(&keys[0], &keys[1]) &&
                     is_same(&keys[1], &keys[2])) ||
                    (count > 3 && is_same(&keys[0], &keys[2]) &&
                     is_same(&keys[1], &keys[3]));
    for (size_t i = 0; i < STEPS; i++)
        buf_clear(&keys[i]);
    return is_found;
}
