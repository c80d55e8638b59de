/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/fold.h"

static void replace_text(char **string, struct slice text)
{
    free(*string);
    *string = memory_copy(text.ptr, text.len);
}

char *fold_copy(const struct event *event, enum event_field field)
{
    struct slice text = event_text(event, field);
    return memory_copy(text.ptr, text.len);
}

void fold_text(char **string, const struct event *event, enum event_field field)
{
    if (event_has(event, field))
        replace_text(string, event_text(event, field));
}

enum reject_reason fold_title(struct graph *graph, const struct event *event)
{
    replace_text(&graph->title, event_text(event, FIELD_TEXT));
    return REJECT_NONE;
}

enum reject_reason fold_system_set(struct graph *graph,
                                   const struct event *event)
{
    replace_text(&graph->system, event_text(event, FIELD_TEXT));
    graph->system_seq = event->seq;
    fold_clear_marks(graph, &graph->system_mark, MARK_SYSTEM);
    graph->system_is_cleared = false;
    return REJECT_NONE;
}

enum reject_reason fold_settings_set(struct graph *graph,
                                     const struct event *event)
{
    replace_text(&graph->settings, event_text(event, FIELD_SETTINGS));
    return REJECT_NONE;
}

enum reject_reason fold_prompt_queued(struct graph *graph,
                                      const struct event *event)
{
    uint64_t parent_id = event_number(event, FIELD_PARENT);
    if (parent_id && !graph_node(graph, parent_id))
        return REJECT_ORPHAN;
    if (graph->queue.count >= GRAPH_QUEUE_MAX ||
        !nodes_is_shown(&graph->nodes, parent_id))
        return REJECT_ILLEGAL;
    struct slice text = event_text(event, FIELD_TEXT);
    *array_add(&graph->queue) = (struct queued_prompt){
        .id = event->seq,
        .has_parent = event_has(event, FIELD_PARENT),
        .parent_id = parent_id,
        .text = memory_copy(text.ptr, text.len),
    };
    return REJECT_NONE;
}

static bool is_queued(const struct graph *graph, uint64_t id, size_t *index)
{
    for (*index = 0; *index < graph->queue.count; ++*index)
        if (graph->queue.items[*index].id == id)
            return true;
    return false;
}

static void remove_queued(struct graph *graph, size_t index)
{
    struct queued_prompt *gone = &graph->queue.items[index];
    free(gone->text);
    graph->queue.count--;
    memmove(gone, gone + 1, (graph->queue.count - index) * sizeof *gone);
}

enum reject_reason fold_prompt_withdrawn(struct graph *graph,
                                         const struct event *event)
{
    size_t index;
    if (!is_queued(graph, event_number(event, FIELD_PROMPT), &index))
        return REJECT_ORPHAN;
    remove_queued(graph, index);
    return REJECT_NONE;
}

bool fold_spawner(const struct graph *graph, const struct event *event,
                  uint64_t parent_id, uint32_t *call)
{
    uint64_t id = event_number(event, FIELD_CALL);
    bool is_told =
        event_number(event, FIELD_SPAWNED) && event_has(event, FIELD_CALL);
    *call = is_told && id <= graph->calls.count ? (uint32_t)id : 0;
    return !is_told ||
           (*call && graph_call(graph, *call)->node_id == parent_id);
}

static enum reject_reason check_user_message(const struct graph *graph,
                                             const struct event *event,
                                             const struct node *opening)
{
    size_t index;
    if (opening->parent_id && !graph_node(graph, opening->parent_id))
        return REJECT_ORPHAN;
    if (event_has(event, FIELD_PROMPT) &&
        !is_queued(graph, event_number(event, FIELD_PROMPT), &index))
        return REJECT_ORPHAN;
    bool has_spawner = opening->edge == EDGE_FOLLOWS || opening->parent_id;
    return has_spawner && nodes_is_shown(&graph->nodes, opening->parent_id)
               ? REJECT_NONE
               : REJECT_ILLEGAL;
}

static void add_text(struct node *node, enum block_kind kind, struct slice text,
                     int64_t at)
{
    if (text.len)
        buf_append_slice(&node_add_block(node, kind, at)->text, text);
}

enum reject_reason fold_user_message(struct graph *graph,
                                     const struct event *event)
{
    bool is_spawned = event_number(event, FIELD_SPAWNED);
    struct node opening = {
        .id = event->seq,
        .parent_id = event_has(event, FIELD_PARENT)
                         ? event_number(event, FIELD_PARENT)
                         : graph->nodes.head_id,
        .kind = NODE_USER,
        .edge = is_spawned ? EDGE_SPAWNED : EDGE_FOLLOWS,
        .at = event->at,
    };
    enum reject_reason reason = check_user_message(graph, event, &opening);
    if (reason != REJECT_NONE)
        return reason;
    if (!fold_spawner(graph, event, opening.parent_id, &opening.spawner))
        return REJECT_ORPHAN;
    size_t index;
    if (is_queued(graph, event_number(event, FIELD_PROMPT), &index))
        remove_queued(graph, index);
    if (!is_spawned)
        fold_change(graph, event, event->seq);
    struct node_record *record = nodes_open(&graph->nodes, &opening);
    add_text(&record->node, BLOCK_TEXT, event_text(event, FIELD_TEXT),
             event->at);
    if (!is_spawned)
        nodes_move_head(&graph->nodes, opening.id);
    return REJECT_NONE;
}

static struct image *image_of(const struct event *event)
{
    if (!event_has(event, FIELD_DATA) && !event_has(event, FIELD_URL))
        return NULL;
    struct image *image = memory_zero(1, sizeof *image);
    image->media_type = fold_copy(event, FIELD_MEDIA_TYPE);
    image->alt = fold_copy(event, FIELD_ALT);
    image->url = fold_copy(event, FIELD_URL);
    buf_append_slice(&image->data, event_text(event, FIELD_DATA));
    return image;
}

enum reject_reason fold_attachment_added(struct graph *graph,
                                         const struct event *event)
{
    struct node_record *record =
        nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    if (!record)
        return REJECT_ORPHAN;
    if (record->node.kind != NODE_USER)
        return REJECT_ILLEGAL;
    struct block *block =
        node_add_block(&record->node, BLOCK_ATTACHMENT, event->at);
    buf_append_slice(&block->text, event_text(event, FIELD_TEXT));
    buf_append_slice(&block->name, event_text(event, FIELD_NAME));
    block->image = image_of(event);
    nodes_touch(&graph->nodes, record, event->seq);
    return REJECT_NONE;
}

enum reject_reason fold_noted(struct graph *graph, const struct event *event)
{
    struct node_record *record =
        nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    if (!record)
        return REJECT_ORPHAN;
    if (record->node.kind != NODE_USER && record->node.kind != NODE_TOOL_RESULT)
        return REJECT_ILLEGAL;
    struct block *block = node_add_block(&record->node, BLOCK_NOTE, event->at);
    buf_append_slice(&block->text, event_text(event, FIELD_TEXT));
    buf_append_slice(&block->name, event_text(event, FIELD_NAME));
    nodes_touch(&graph->nodes, record, event->seq);
    return REJECT_NONE;
}

enum reject_reason fold_head_moved(struct graph *graph,
                                   const struct event *event)
{
    uint64_t id = event_number(event, FIELD_NODE);
    if (!event_has(event, FIELD_NODE) || (id && !graph_node(graph, id)) ||
        !fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (!nodes_is_shown(&graph->nodes, id))
        return REJECT_ILLEGAL;
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    else if (id != graph->nodes.head_id)
        fold_change(graph, event, id);
    nodes_move_head(&graph->nodes, id);
    return REJECT_NONE;
}
