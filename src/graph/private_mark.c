/* SPDX-License-Identifier: MIT */
#include "graph/private_mark.h"

#include <assert.h>

#include "base/compiler.h"
#include "graph/fold.h"

static const char *const kinds[MARK_KIND_COUNT] = {
    [MARK_TEXT] = "text",
    [MARK_FILE] = "file",
    [MARK_SYSTEM] = "system",
    [MARK_SESSION] = "session",
};

const char *mark_kind_name(enum mark_kind kind)
{
    assert(kind < MARK_KIND_COUNT);
    return kinds[kind];
}

size_t graph_mark_count(const struct graph *graph)
{
    return graph->marks.count;
}

const struct private_mark *graph_mark_at(const struct graph *graph,
                                         size_t index)
{
    assert(index < graph->marks.count);
    return &graph->marks.items[index].mark;
}

bool graph_holds_private(const struct graph *graph)
{
    for (size_t i = 0; i < graph->marks.count; i++)
        if (graph->marks.items[i].mark.is_on)
            return true;
    return false;
}

static bool kind_of(struct slice word, enum mark_kind *kind)
{
    for (size_t i = 0; i < COUNTOF(kinds); i++) {
        if (slice_is(word, kinds[i])) {
            *kind = (enum mark_kind)i;
            return true;
        }
    }
    return false;
}

/* The last of the marks of the same thing: of a node, else of its kind. */
static uint32_t *last_of(struct graph *graph, struct node_record *record,
                         enum mark_kind kind)
{
    if (record)
        return &record->node.marks;
    return kind == MARK_SYSTEM ? &graph->system_mark : &graph->session_mark;
}

static const struct private_mark *mark_of(const struct graph *graph,
                                          uint32_t id)
{
    return id ? &graph->marks.items[id - 1].mark : NULL;
}

/* What is taken back is no longer met. */
void fold_clear_marks(struct graph *graph, uint32_t *last, enum mark_kind kind)
{
    while (*last) {
        struct graph_mark *mark = &graph->marks.items[*last - 1];
        if (mark->mark.kind == kind) {
            mark->mark.is_on = false;
            *last = mark->before;
        } else {
            last = &mark->before;
        }
    }
}

static void add_mark(struct graph *graph, const struct event *event,
                     enum mark_kind kind, uint64_t node_id, uint32_t *last)
{
    struct graph_mark *mark = array_add(&graph->marks);
    *mark = (struct graph_mark){
        .mark = {
            .seq = event->seq,
            .kind = kind,
            .node_id = node_id,
            .rule = fold_copy(event, FIELD_NAME),
            .where = fold_copy(event, FIELD_TEXT),
            .is_on = true,
        },
        .before = *last,
    };
    *last = (uint32_t)graph->marks.count;
}

enum reject_reason fold_privacy_marked(struct graph *graph,
                                       const struct event *event)
{
    enum mark_kind kind;
    uint64_t node_id = event_number(event, FIELD_NODE);
    struct node_record *record = nodes_find(&graph->nodes, node_id);
    if (node_id && !record)
        return REJECT_ORPHAN;
    if (!kind_of(event_text(event, FIELD_KIND), &kind) ||
        !event_has(event, FIELD_ON) ||
        (kind == MARK_TEXT || kind == MARK_FILE) != (record != NULL))
        return REJECT_ILLEGAL;
    bool is_on = event_number(event, FIELD_ON);
    uint32_t *last = last_of(graph, record, kind);
    if (is_on)
        add_mark(graph, event, kind, node_id, last);
    else
        fold_clear_marks(graph, last, kind);
    bool is_cleared = !is_on && !event_has(event, FIELD_NAME);
    if (record) {
        record->node.is_cleared = is_cleared;
        nodes_touch(&graph->nodes, record, event->seq);
    } else if (kind == MARK_SYSTEM) {
        graph->system_is_cleared = is_cleared;
    }
    return REJECT_NONE;
}

const struct private_mark *graph_session_mark(const struct graph *graph)
{
    return mark_of(graph, graph->session_mark);
}

const struct private_mark *graph_node_mark(const struct graph *graph,
                                           const struct node *node)
{
    return mark_of(graph, node->marks);
}

const struct private_mark *graph_system_mark(const struct graph *graph)
{
    return mark_of(graph, graph->system_mark);
}

bool graph_system_is_cleared(const struct graph *graph)
{
    return graph->system_is_cleared;
}

const struct private_mark *graph_private_path(const struct graph *graph,
                                              uint64_t leaf_id)
{
    const struct private_mark *found = NULL;
    const struct private_mark *session = graph_session_mark(graph);
    const struct private_mark *system = graph_system_mark(graph);
    if (session || system || !graph->marks.count)
        return session ? session : system;
    const struct node *node = graph_node(graph, leaf_id);
    for (; node; node = graph_node(graph, node->parent_id)) {
        const struct private_mark *mark = graph_node_mark(graph, node);
        found = mark ? mark : found;
    }
    return found;
}

const struct private_mark *graph_node_mark_of(const struct graph *graph,
                                              const struct node *node,
                                              enum mark_kind kind)
{
    uint32_t id = node->marks;
    while (id && graph->marks.items[id - 1].mark.kind != kind)
        id = graph->marks.items[id - 1].before;
    return mark_of(graph, id);
}

uint32_t graph_turn_of(const struct graph *graph, uint64_t node_id)
{
    uint32_t turn = 0;
    const struct node *node = graph_node(graph, node_id);
    for (; node; node = graph_node(graph, node->parent_id))
        turn += node->kind == NODE_USER;
    return turn;
}
