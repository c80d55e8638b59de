/* SPDX-License-Identifier: MIT */
#include "store/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { OPENING_MAX = 200 /* bytes */ };

/* Append as much as there is room for, in whole characters. */
static void append_capped(struct buf *text, struct slice more)
{
    size_t room = DIGEST_TEXT_MAX > text->len ? DIGEST_TEXT_MAX - text->len : 0;
    if (more.len > room) {
        more.len = room;
        more.len -= utf8_partial_tail(more);
    }
    buf_append_slice(text, more);
}

static void append_part(struct buf *text, struct slice part)
{
    if (part.len && text->len)
        append_capped(text, slice_of("\n\n"));
    append_capped(text, part);
}

static void add_tool(struct digest_place *place, const struct call *call)
{
    if (!call || !*call->name)
        return;
    for (size_t i = 0; i < place->tools.count; i++) {
        if (!strcmp(place->tools.items[i], call->name))
            return;
    }
    *array_add(&place->tools) = memory_string(call->name);
}

static void add_block(struct digest_place *place, const struct block *block,
                      const struct graph *graph)
{
    const struct call *call =
        block->call ? graph_call(graph, block->call) : NULL;
    if (block->kind == BLOCK_NOTE || block->kind == BLOCK_MEMORY)
        return; /* nobody has said it */
    add_tool(place, call);
    if (block->kind == BLOCK_CALL && call)
        append_part(&place->text, slice_of(call->name));
    if (block->kind == BLOCK_ATTACHMENT)
        append_part(&place->text, buf_slice(&block->name));
    if (block->image) {
        append_part(&place->text, slice_of(block->image->alt));
        append_part(&place->text, slice_of(block->image->url));
    }
    append_part(&place->text, buf_slice(&block->text));
}

static void add_node(struct digest *digest, const struct node *node,
                     const struct graph *graph)
{
    const struct attempt *attempt = graph_node_attempt(graph, node);
    const char *model = "";
    if (attempt)
        model = *attempt->model ? attempt->model : attempt->model_reported;
    struct digest_place *place = array_add(&digest->places);
    *place = (struct digest_place){
        .node_id = node->id,
        .at = node->at,
        .kind = node->kind,
        .model = memory_string(model),
    };
    for (size_t i = 0; i < node->blocks.count; i++)
        add_block(place, &node->blocks.items[i], graph);
}

/* By the order of change, newest first: what did not change costs nothing. */
static void add_nodes(struct digest *digest, const struct graph *graph,
                      uint64_t from_seq)
{
    uint64_t id = 0;
    while ((id = graph_changed_before(graph, id))) {
        const struct node *node = graph_node(graph, id);
        if (node->changed <= from_seq)
            return;
        if (!node->is_open)
            add_node(digest, node, graph);
        else if (node->changed <= digest->seq)
            digest->seq = node->changed - 1;
    }
}

static void add_count(int64_t *sum, int64_t count)
{
    if (count > 0)
        *sum += count;
}

static void add_attempt(struct digest *digest, const struct attempt *attempt)
{
    add_count(&digest->input, attempt->usage.input);
    add_count(&digest->output, attempt->usage.output);
    if (attempt->usage.cost >= 0)
        digest->cost =
            (digest->cost < 0 ? 0 : digest->cost) + attempt->usage.cost;
    if (*attempt->model) {
        free(digest->model);
        digest->model = memory_string(attempt->model);
    }
    if (attempt->ended_at > digest->updated_at)
        digest->updated_at = attempt->ended_at;
}

static void add_runs(struct digest *digest, const struct graph *graph)
{
    for (uint32_t i = 1; i <= graph_run_count(graph); i++) {
        const struct run *run = graph_run(graph, i);
        for (size_t j = 0; run && j < run->attempts.count; j++)
            add_attempt(digest, &run->attempts.items[j]);
    }
}

static void take_opening(struct digest *digest, const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count && !digest->opening; i++) {
        const struct block *block = &node->blocks.items[i];
        struct slice text = slice_trim(buf_slice(&block->text)), line;
        if (block->kind != BLOCK_TEXT || !slice_next_line(&text, &line))
            continue;
        if (line.len > OPENING_MAX) {
            line.len = OPENING_MAX;
            line.len -= utf8_partial_tail(line);
        }
        digest->opening = memory_copy(line.ptr, line.len);
    }
}

static void count_nodes(struct digest *digest, const struct graph *graph)
{
    size_t count = graph_node_count(graph);
    digest->nodes = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = graph_node_at(graph, i);
        if (node->kind == NODE_USER && !digest->opening)
            take_opening(digest, node);
        digest->turns += node->kind == NODE_USER;
        if (!digest->created_at || node->at < digest->created_at)
            digest->created_at = node->at;
        if (node->at > digest->updated_at)
            digest->updated_at = node->at;
    }
    if (!digest->opening)
        digest->opening = memory_string("");
}

void digest_make(struct digest *digest, const char *id,
                 const struct graph *graph, uint64_t from_seq)
{
    *digest = (struct digest){
        .title = memory_string(graph_title(graph)),
        .model = memory_string(""),
        .cost = -1,
        .seq = graph_seq(graph),
        .is_whole = from_seq == 0,
    };
    snprintf(digest->id.text, sizeof digest->id.text, "%s", id);
    count_nodes(digest, graph);
    add_runs(digest, graph);
    add_nodes(digest, graph, from_seq);
}

void digest_clear(struct digest *digest)
{
    for (size_t i = 0; i < digest->places.count; i++) {
        struct digest_place *place = &digest->places.items[i];
        for (size_t j = 0; j < place->tools.count; j++)
            free(place->tools.items[j]);
        array_clear(&place->tools);
        free(place->model);
        buf_clear(&place->text);
    }
    array_clear(&digest->places);
    free(digest->title);
    free(digest->opening);
    free(digest->model);
    *digest = (struct digest){ 0 };
}
