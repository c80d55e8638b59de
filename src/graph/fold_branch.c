/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "graph/fold.h"

/* What is taken back, with all that came after it. */

void fold_change(struct graph *graph, const struct event *event,
                 uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    bool is_name = event->type == EVENT_BRANCH_NAMED;
    *array_add(&graph->changes) = (struct change){
        .seq = event->seq,
        .last_seq = event->seq,
        .type = event->type,
        .node_id = node_id,
        .head_id = graph->nodes.head_id,
        .name = is_name && node->name ? memory_string(node->name) : NULL,
    };
}

static bool is_cut(const struct change *change)
{
    return change->type == EVENT_LEFT_OUT || change->type == EVENT_FOLDED;
}

void fold_cut(struct graph *graph, const struct event *event, uint64_t node_id)
{
    struct change *last =
        graph->changes.count ? array_last(&graph->changes) : NULL;
    if (last && is_cut(last) && last->last_seq + 1 == event->seq)
        last->last_seq = event->seq;
    else
        fold_change(graph, event, node_id);
}

/* The place of the change that the event takes back; the count of all: it is
 * not there. Their seqs grow. */
static size_t place_of(const struct graph *graph, const struct event *event)
{
    uint64_t seq = event_number(event, FIELD_UNDOES);
    size_t place = graph->changes.count;
    while (place > 0 && graph->changes.items[place - 1].seq >= seq)
        place--;
    bool is_there =
        place < graph->changes.count && graph->changes.items[place].seq == seq;
    return is_there ? place : graph->changes.count;
}

bool fold_can_undo(const struct graph *graph, const struct event *event)
{
    return !event_has(event, FIELD_UNDOES) ||
           place_of(graph, event) < graph->changes.count;
}

void fold_undo(struct graph *graph, const struct event *event)
{
    size_t place = place_of(graph, event);
    uint64_t head_id = graph->changes.items[place].head_id;
    bool moves_head = !is_cut(&graph->changes.items[place]);
    while (graph->changes.count > place)
        free(graph->changes.items[--graph->changes.count].name);
    if (moves_head && nodes_is_shown(&graph->nodes, head_id))
        nodes_move_head(&graph->nodes, head_id);
}

static struct node_record *named_by(const struct graph *graph,
                                    const struct event *event)
{
    return nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
}

enum reject_reason fold_branch_named(struct graph *graph,
                                     const struct event *event)
{
    struct node_record *record = named_by(graph, event);
    if (!record || !fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    else
        fold_change(graph, event, record->node.id);
    free(record->node.name);
    record->node.name =
        event_has(event, FIELD_NAME) ? fold_copy(event, FIELD_NAME) : NULL;
    nodes_touch(&graph->nodes, record, event->seq);
    return REJECT_NONE;
}

/* What a tool gave back, or an agent said, is a part of the turn that asked. */
static bool is_turn(const struct node *node)
{
    return node->edge == EDGE_FOLLOWS && node->kind != NODE_TOOL_RESULT;
}

enum reject_reason fold_pruned(struct graph *graph, const struct event *event)
{
    struct node_record *record = named_by(graph, event);
    if (!record || !fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (!is_turn(&record->node) || record->node.is_pruned ||
        graph_is_at_work(graph, &record->node))
        return REJECT_ILLEGAL;
    if (!event_has(event, FIELD_UNDOES))
        fold_change(graph, event, record->node.id);
    nodes_prune(&graph->nodes, record, event->seq);
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    return REJECT_NONE;
}

enum reject_reason fold_restored(struct graph *graph, const struct event *event)
{
    struct node_record *record = named_by(graph, event);
    if (!record || !fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (!record->node.is_pruned)
        return REJECT_ILLEGAL;
    if (!event_has(event, FIELD_UNDOES))
        fold_change(graph, event, record->node.id);
    nodes_restore(&graph->nodes, record, event->seq);
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    return REJECT_NONE;
}
