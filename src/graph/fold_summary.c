/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "graph/fold.h"

/* The nodes from `first` to `last` are consecutive and hold still. What a tool
 * gave back stays with the turn that asked. */
static enum reject_reason check_range(const struct graph *graph,
                                      const struct node *first,
                                      const struct node *last)
{
    const struct node *at = last;
    if (!first || !last)
        return REJECT_ORPHAN;
    if (first->kind == NODE_TOOL_RESULT)
        return REJECT_ILLEGAL;
    while (at && at->depth > first->depth && !at->is_open)
        at = graph_node(graph, at->parent_id);
    return at == first && !at->is_open ? REJECT_NONE : REJECT_ILLEGAL;
}

enum reject_reason fold_summarised(struct graph *graph,
                                   const struct event *event)
{
    struct node_record *first =
        nodes_find(&graph->nodes, event_number(event, FIELD_FIRST));
    struct node_record *last =
        nodes_find(&graph->nodes, event_number(event, FIELD_LAST));
    enum reject_reason reason = check_range(graph, first ? &first->node : NULL,
                                            last ? &last->node : NULL);
    if (reason != REJECT_NONE)
        return reason;
    if (slice_trim(event_text(event, FIELD_TEXT)).len == 0)
        return REJECT_ILLEGAL;
    *array_add(&graph->summaries) = (struct summary){
        .seq = event->seq,
        .first_id = first->node.id,
        .last_id = last->node.id,
        .text = fold_copy(event, FIELD_TEXT),
        .from_before = first->node.summary_from,
        .to_before = last->node.summary_to,
    };
    first->node.summary_from = (uint32_t)graph->summaries.count;
    last->node.summary_to = (uint32_t)graph->summaries.count;
    return REJECT_NONE;
}

/* The views build the path anew from the first node that the summary is of. */
enum reject_reason fold_folded(struct graph *graph, const struct event *event)
{
    uint32_t id = graph_summary_of(graph, event_number(event, FIELD_SUMMARY));
    if (!id || !fold_can_undo(graph, event))
        return REJECT_ORPHAN;
    if (!event_has(event, FIELD_ON))
        return REJECT_ILLEGAL;
    struct summary *summary = &graph->summaries.items[id - 1];
    bool is_folded = event_number(event, FIELD_ON);
    if (event_has(event, FIELD_UNDOES))
        fold_undo(graph, event);
    else if (is_folded && event->seq == summary->seq + 1)
        fold_cut(graph, event, summary->first_id);
    if (summary->is_folded == is_folded)
        return REJECT_NONE;
    summary->is_folded = is_folded;
    summary->switched = graph->folded_seq = event->seq;
    nodes_touch(&graph->nodes, nodes_find(&graph->nodes, summary->first_id),
                event->seq);
    return REJECT_NONE;
}
