/* SPDX-License-Identifier: MIT */
#include "graph/fold.h"

/* What is still being written has no fate yet. */
static enum reject_reason find_node(struct graph *graph,
                                    const struct event *event,
                                    struct node_record **record)
{
    *record = nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    if (!*record)
        return REJECT_ORPHAN;
    bool is_usable = event_has(event, FIELD_ON) && !(*record)->node.is_open;
    return is_usable ? REJECT_NONE : REJECT_ILLEGAL;
}

static void leave_out(struct graph *graph, struct node *node, bool is_left_out,
                      uint64_t seq)
{
    if (node->is_left_out == is_left_out)
        return;
    node->is_left_out = is_left_out;
    node->switched = graph->folded_seq = seq;
    if (is_left_out)
        graph->left_out_count++;
    else
        graph->left_out_count--;
}

enum reject_reason fold_pinned(struct graph *graph, const struct event *event)
{
    struct node_record *record;
    enum reject_reason reason = find_node(graph, event, &record);
    if (reason != REJECT_NONE)
        return reason;
    record->node.is_pinned = event_number(event, FIELD_ON);
    if (record->node.is_pinned) {
        leave_out(graph, &record->node, false, event->seq);
        record->node.is_dropped = false;
    }
    nodes_touch(&graph->nodes, record, event->seq);
    return REJECT_NONE;
}

/* The words say why, where it was not the user's wish. */
enum reject_reason fold_left_out(struct graph *graph, const struct event *event)
{
    struct node_record *record;
    enum reject_reason reason = find_node(graph, event, &record);
    if (reason != REJECT_NONE)
        return reason;
    bool is_on = event_number(event, FIELD_ON);
    bool has_words = event_text(event, FIELD_TEXT).len > 0;
    if (is_on && has_words && record->node.is_pinned)
        return REJECT_ILLEGAL;
    if (!fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    else if (is_on && has_words)
        fold_cut(graph, event, record->node.id);
    leave_out(graph, &record->node, is_on, event->seq);
    record->node.is_dropped = is_on && has_words;
    if (is_on)
        record->node.is_pinned = false;
    nodes_touch(&graph->nodes, record, event->seq);
    return REJECT_NONE;
}
