/* SPDX-License-Identifier: MIT */
#include "tests/support/graph_fault.h"

#include "base/json.h"

#define HOLDS(property)       \
    do {                      \
        if (!(property))      \
            return #property; \
    } while (0)

static const char *place_fault(const struct graph *graph,
                               const struct node *node)
{
    const struct node *parent = graph_node(graph, node->parent_id);
    HOLDS(parent || node->parent_id == 0);
    HOLDS(node->depth == (parent ? parent->depth + 1 : 0));
    HOLDS(node->parent_id < node->id && node->id <= graph_seq(graph));
    HOLDS(node->changed >= node->id && node->changed <= graph_seq(graph));
    if (node->edge == EDGE_SPAWNED) {
        HOLDS(parent != NULL);
        HOLDS(node->branch_id == node->id);
    } else {
        HOLDS(node->branch_id == (parent ? parent->branch_id : 0));
        HOLDS(node->spawner == 0);
    }
    if (node->edge == EDGE_FOLLOWS && !node->is_pruned)
        HOLDS(graph_sibling(graph, node, node->sibling) == node->id);
    if (node->spawner)
        HOLDS(graph_call(graph, node->spawner)->node_id == node->parent_id);
    return NULL;
}

static const char *children_fault(const struct graph *graph,
                                  const struct node *node)
{
    for (size_t i = 0; i < node->pruned.count; i++) {
        const struct node *child = graph_node(graph, node->pruned.items[i]);
        HOLDS(child->parent_id == node->id && child->is_pruned);
        HOLDS(i == 0 || child->id > node->pruned.items[i - 1]);
    }
    bool has_visited = false;
    for (size_t i = 0; i < node->children.count; i++) {
        has_visited |= node->children.items[i] == node->visited_child;
        const struct node *child = graph_node(graph, node->children.items[i]);
        HOLDS(child->parent_id == node->id && child->sibling == i);
        HOLDS(!child->is_pruned);
        HOLDS(i == 0 || child->id > node->children.items[i - 1]);
    }
    HOLDS(has_visited == (node->children.count > 0));
    for (size_t i = 0; i < node->spawned.count; i++) {
        const struct node *child = graph_node(graph, node->spawned.items[i]);
        HOLDS(child->parent_id == node->id && child->edge == EDGE_SPAWNED);
        HOLDS(i == 0 || child->id > node->spawned.items[i - 1]);
    }
    return NULL;
}

static const char *content_fault(const struct graph *graph,
                                 const struct node *node)
{
    const struct attempt *attempt = graph_node_attempt(graph, node);
    HOLDS((attempt == NULL) ==
          (node->kind == NODE_USER || node->kind == NODE_NOTE));
    HOLDS((node->call != 0) == (node->kind == NODE_TOOL_RESULT));
    if (node->kind != NODE_ASSISTANT)
        return NULL;
    HOLDS((attempt->node_id != node->id) == node->is_superseded);
    HOLDS(node->blocks.count + node->opaques.count > 0);
    HOLDS(node->is_open ==
          (!node->is_superseded &&
           !life_is_terminal(LIFE_ATTEMPT, (int)attempt->state)));
    return NULL;
}

static const char *node_fault(const struct graph *graph,
                              const struct node *node)
{
    const char *fault = place_fault(graph, node);
    if (!fault)
        fault = children_fault(graph, node);
    return fault ? fault : content_fault(graph, node);
}

static const char *run_fault(const struct graph *graph, const struct run *run)
{
    bool is_over = life_is_terminal(LIFE_RUN, (int)run->state);
    const struct run *before = graph_run(graph, run->spawned_before);
    HOLDS(graph_node(graph, run->prompt_id) != NULL);
    HOLDS(graph_node(graph, run->leaf_id) != NULL);
    HOLDS(!before || (before->is_spawned && before->id < run->id &&
                      before->prompt_id == run->prompt_id));
    for (size_t i = 0; i < run->attempts.count; i++) {
        int state = (int)run->attempts.items[i].state;
        bool has_ended = life_is_terminal(LIFE_ATTEMPT, state);
        HOLDS(has_ended || (!is_over && i + 1 == run->attempts.count));
    }
    uint32_t active = graph_active_run(graph);
    HOLDS(is_over || (active && active <= run->id));
    HOLDS(is_over || graph_is_shown(graph, graph_node(graph, run->leaf_id)));
    return NULL;
}

static const char *call_fault(const struct graph *graph,
                              const struct call *call)
{
    const struct node *asker = graph_node(graph, call->node_id);
    const struct block *block = &asker->blocks.items[call->block];
    const struct run *run = graph_run(graph, call->run);
    bool is_over = life_is_terminal(LIFE_CALL, (int)call->state);
    HOLDS(block->kind == BLOCK_CALL && block->call == call->id);
    HOLDS(asker->run == call->run);
    HOLDS(is_over || !asker->is_superseded);
    HOLDS((run == NULL) == (asker->kind == NODE_NOTE));
    HOLDS(is_over || !run || !life_is_terminal(LIFE_RUN, (int)run->state));
    HOLDS(is_over || !call->result_id);
    if (call->result_id)
        HOLDS(graph_node(graph, call->result_id)->call == call->id);
    return NULL;
}

static const char *summary_fault(const struct graph *graph, uint32_t id)
{
    const struct summary *summary = graph_summary(graph, id);
    const struct node *first = graph_node(graph, summary->first_id);
    const struct node *node = graph_node(graph, summary->last_id);
    HOLDS(graph_summary_of(graph, summary->seq) == id);
    HOLDS(first->summary_from >= id && node->summary_to >= id);
    HOLDS(summary->from_before < id && summary->to_before < id);
    HOLDS(first->kind != NODE_TOOL_RESULT);
    HOLDS(!summary->is_folded || summary->switched > summary->seq);
    while (node && node->depth > first->depth)
        node = graph_node(graph, node->parent_id);
    HOLDS(node == first);
    return NULL;
}

static const char *head_fault(const struct graph *graph)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    HOLDS(node || graph_head(graph) == 0);
    HOLDS(!node || graph_is_shown(graph, node));
    while (node && node->parent_id) {
        const struct node *parent = graph_node(graph, node->parent_id);
        if (node->edge == EDGE_FOLLOWS)
            HOLDS(parent->visited_child == node->id);
        node = parent;
    }
    return NULL;
}

static const char *changed_fault(const struct graph *graph)
{
    size_t count = 0;
    uint64_t id = 0, changed = UINT64_MAX;
    while ((id = graph_changed_before(graph, id)) != 0) {
        HOLDS(graph_node(graph, id)->changed <= changed);
        changed = graph_node(graph, id)->changed;
        count++;
    }
    HOLDS(count == graph_node_count(graph));
    return NULL;
}

const char *graph_fault(const struct graph *graph)
{
    const char *fault = head_fault(graph);
    for (size_t i = 0; !fault && i < graph_node_count(graph); i++)
        fault = node_fault(graph, graph_node_at(graph, i));
    for (uint32_t i = 1; !fault && i <= graph_run_count(graph); i++)
        fault = run_fault(graph, graph_run(graph, i));
    for (uint32_t i = 1; !fault && i <= graph_call_count(graph); i++)
        fault = call_fault(graph, graph_call(graph, i));
    for (uint32_t i = 1; !fault && i <= graph_summary_count(graph); i++)
        fault = summary_fault(graph, i);
    return fault ? fault : changed_fault(graph);
}

static const char *calls_fault(const struct message *message)
{
    uint32_t last = 0;
    for (size_t i = 0; i < message->call_count; i++) {
        struct error err = { 0 };
        json_t *value = json_parse_strict(message->calls[i].arguments, &err);
        bool arguments_are_an_object = json_is_object(value);
        json_decref(value);
        HOLDS(arguments_are_an_object);
        HOLDS(message->calls[i].name.len > 0);
        HOLDS(message->calls[i].call > last);
        last = message->calls[i].call;
    }
    return NULL;
}

/* Each call has one answer right behind the message that asked, in their order.
 */
static const char *answers_fault(const struct messages *view, size_t index)
{
    const struct message *asker = messages_at(view, index);
    HOLDS(index + asker->call_count < messages_count(view));
    for (size_t i = 0; i < asker->call_count; i++) {
        const struct message *answer = messages_at(view, index + 1 + i);
        HOLDS(answer->role == ROLE_TOOL);
        HOLDS(slice_trim(answer->text).len > 0);
        HOLDS(answer->call == asker->calls[i].call);
        HOLDS(slice_equal(answer->id, asker->calls[i].id));
        HOLDS(slice_equal(answer->name, asker->calls[i].name));
    }
    return NULL;
}

const char *messages_fault(const struct messages *view)
{
    const char *fault = NULL;
    for (size_t i = 0; !fault && i < messages_count(view); i++) {
        const struct message *message = messages_at(view, i);
        HOLDS(message->role == ROLE_USER || message->role == ROLE_ASSISTANT);
        HOLDS(message->role == ROLE_ASSISTANT || message->call_count == 0);
        HOLDS(slice_trim(message->text).len > 0 || message->call_count ||
              message->image_count);
        fault = calls_fault(message);
        if (!fault)
            fault = answers_fault(view, i);
        i += message->call_count;
    }
    return fault;
}

/* The nearest entry before this one of a level; NULL: there is none. */
static const struct thread_entry *entry_before(const struct thread *thread,
                                               size_t index, uint32_t level)
{
    while (index > 0)
        if (thread->entries.items[--index].level == level)
            return &thread->entries.items[index];
    return NULL;
}

static const char *nested_fault(const struct thread *thread,
                                const struct graph *graph, size_t index)
{
    const struct thread_entry *entry = &thread->entries.items[index];
    const struct node *node = graph_node(graph, entry->node_id);
    bool is_root = node->edge == EDGE_SPAWNED;
    const struct thread_entry *before =
        entry_before(thread, index, entry->level - is_root);
    HOLDS(entry->level <= THREAD_LEVELS_MAX && !entry->summary);
    HOLDS(before && before->node_id == node->parent_id);
    return NULL;
}

const char *thread_fault(const struct thread *thread, const struct graph *graph)
{
    const struct spans *spans = &thread->spans;
    const char *fault = NULL;
    size_t span = 0, depth = 0;
    for (size_t i = 0; !fault && i < thread->entries.count; i++) {
        const struct thread_entry *entry = &thread->entries.items[i];
        if (entry->level > 0) {
            fault = nested_fault(thread, graph, i);
            continue;
        }
        HOLDS(span < spans->items.count);
        HOLDS(spans->items.items[span].first == depth);
        HOLDS(spans->items.items[span].summary == entry->summary);
        HOLDS(spans_first_id(spans, span) == entry->node_id);
        HOLDS(spans_last_id(spans, span) == entry->last_id);
        depth += entry->count;
        span++;
    }
    HOLDS(fault || span == spans->items.count);
    HOLDS(fault || depth == spans->path.nodes.count);
    return fault;
}
