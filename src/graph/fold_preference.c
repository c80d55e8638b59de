/* SPDX-License-Identifier: MIT */
#include "graph/fold.h"

static struct node_record *answer_of(const struct graph *graph,
                                     const struct event *event,
                                     enum event_field field)
{
    struct node_record *record =
        nodes_find(&graph->nodes, event_number(event, field));
    return record && record->node.kind == NODE_ASSISTANT ? record : NULL;
}

enum reject_reason fold_preference(struct graph *graph,
                                   const struct event *event)
{
    struct node_record *better = answer_of(graph, event, FIELD_NODE);
    struct node_record *other = answer_of(graph, event, FIELD_OTHER);
    bool is_same = slice_is(event_text(event, FIELD_OUTCOME), "same");
    if (!better || !other)
        return REJECT_ORPHAN;
    if (better == other || better->node.parent_id != other->node.parent_id ||
        !(is_same || slice_is(event_text(event, FIELD_OUTCOME), "better")))
        return REJECT_ILLEGAL;
    *array_add(&graph->preferences) = (struct preference){
        .seq = event->seq,
        .at = event->at,
        .node_id = better->node.id,
        .other_id = other->node.id,
        .is_same = is_same,
        .profile = fold_copy(event, FIELD_PROFILE),
        .vote = fold_copy(event, FIELD_VOTE),
    };
    nodes_touch(&graph->nodes, better, event->seq);
    nodes_touch(&graph->nodes, other, event->seq);
    return REJECT_NONE;
}

const struct preference *graph_preference(const struct graph *graph,
                                          uint64_t one_id, uint64_t other_id)
{
    for (size_t i = graph->preferences.count; i-- > 0;) {
        const struct preference *said = &graph->preferences.items[i];
        if ((said->node_id == one_id && said->other_id == other_id) ||
            (said->node_id == other_id && said->other_id == one_id))
            return said;
    }
    return NULL;
}
