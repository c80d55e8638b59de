/* SPDX-License-Identifier: MIT */
#include "graph/thread.h"

void thread_clear(struct thread *thread)
{
    spans_clear(&thread->spans);
    array_clear(&thread->entries);
    array_clear(&thread->starts);
    array_clear(&thread->visits);
}

bool thread_run_has_node(const struct run *run)
{
    for (size_t i = 0; i < run->attempts.count; i++) {
        if (run->attempts.items[i].node_id)
            return true;
    }
    return false;
}

bool thread_is_pending(const struct run *run)
{
    return !life_is_terminal(LIFE_RUN, (int)run->state) &&
           !thread_run_has_node(run);
}

static uint32_t count_pending(const struct graph *graph,
                              const struct node *node, uint32_t level)
{
    uint32_t count = 0;
    const struct run *run = graph_run(graph, node->spawned_run);
    for (; run; run = graph_run(graph, run->spawned_before))
        count += thread_is_pending(run);
    run = graph_run(graph, node->run);
    if (level > 0 && node->kind == NODE_USER && run && !run->is_spawned)
        count += thread_is_pending(run);
    return count;
}

static struct thread_entry make_entry(const struct graph *graph, uint64_t id,
                                      uint32_t level)
{
    const struct node *node = graph_node(graph, id);
    bool follows = node->edge == EDGE_FOLLOWS;
    return (struct thread_entry){
        .node_id = id,
        .last_id = id,
        .changed = node->changed,
        .count = 1,
        .level = level,
        .pending = count_pending(graph, node, level),
        .sibling = follows ? node->sibling + 1 : 1,
        .siblings = graph_sibling_count(graph, node),
        .kind = node->kind,
    };
}

static bool is_on_path(const struct thread *thread, uint64_t id, size_t depth)
{
    const struct path *path = &thread->spans.path;
    return depth < path->nodes.count && path->nodes.items[depth] == id;
}

static void visit_later(struct thread *thread, uint64_t node_id, uint32_t level)
{
    *array_add(&thread->visits) = (struct thread_visit){ node_id, level };
}

/* What a node spawned, in order, and behind that what it goes on with: the last
 * is visited first. */
static void add_branches(struct thread *thread, const struct node *node,
                         uint32_t level)
{
    if (level > 0 && node->visited_child)
        visit_later(thread, node->visited_child, level);
    if (level == THREAD_LEVELS_MAX)
        return;
    for (size_t i = node->spawned.count; i-- > 0;) {
        uint64_t id = node->spawned.items[i];
        if (!is_on_path(thread, id, node->depth + 1))
            visit_later(thread, id, level + 1);
    }
}

static void add_node(struct thread *thread, const struct graph *graph,
                     uint64_t id)
{
    visit_later(thread, id, 0);
    while (thread->visits.count) {
        struct thread_visit visit = *array_last(&thread->visits);
        thread->visits.count--;
        *array_add(&thread->entries) =
            make_entry(graph, visit.node_id, visit.level);
        add_branches(thread, graph_node(graph, visit.node_id), visit.level);
    }
}

static void add_span(struct thread *thread, const struct graph *graph,
                     size_t index)
{
    const struct span *span = &thread->spans.items.items[index];
    uint64_t first_id = spans_first_id(&thread->spans, index);
    *array_add(&thread->starts) = thread->entries.count;
    if (!span->summary) {
        add_node(thread, graph, first_id);
        return;
    }
    *array_add(&thread->entries) = (struct thread_entry){
        .node_id = first_id,
        .last_id = spans_last_id(&thread->spans, index),
        .changed = graph_summary(graph, span->summary)->switched,
        .summary = span->summary,
        .count = (uint32_t)(span->last - span->first + 1),
        .sibling = 1,
        .siblings = 1,
        .kind = NODE_NOTE,
    };
}

/* The node of the path that what changed hangs on, through branches that were
 * spawned; NULL: it is elsewhere. */
static const struct node *find_spawner(const struct thread *thread,
                                       const struct graph *graph,
                                       const struct node *node)
{
    while (node && node->branch_id) {
        node = graph_node(graph, node->branch_id);
        if (is_on_path(thread, node->id, node->depth))
            return NULL;
        node = graph_node(graph, node->parent_id);
        if (is_on_path(thread, node->id, node->depth))
            return node;
    }
    return NULL;
}

/* A node lists what it spawned unless the path goes on there. */
static size_t with_spawner(const struct thread *thread,
                           const struct graph *graph, size_t first)
{
    const struct spans *spans = &thread->spans;
    if (first == 0 || first >= spans->items.count)
        return first;
    const struct node *before =
        graph_node(graph, spans_last_id(spans, first - 1));
    return before->spawned.count ? first - 1 : first;
}

/* The first span below which something changed beside the path since `seq`. */
static size_t first_touched(struct thread *thread, const struct graph *graph,
                            uint64_t seq)
{
    size_t first = thread->spans.items.count;
    uint64_t id = 0;
    while ((id = graph_changed_before(graph, id)) != 0) {
        const struct node *node = graph_node(graph, id);
        if (node->changed <= seq)
            break;
        thread->steps++;
        node = find_spawner(thread, graph, node);
        size_t index = node ? spans_find(&thread->spans, node->depth) : first;
        first = index < first ? index : first;
    }
    return first;
}

size_t thread_catch_up(struct thread *thread, const struct graph *graph)
{
    uint64_t seen_seq = thread->spans.path.seen_seq;
    size_t first =
        with_spawner(thread, graph, spans_catch_up(&thread->spans, graph));
    size_t count = thread->spans.items.count;
    size_t touched = first_touched(thread, graph, seen_seq);
    first = touched < first ? touched : first;
    if (first < thread->starts.count) {
        thread->entries.count = thread->starts.items[first];
        thread->starts.count = first;
    }
    size_t valid = thread->entries.count;
    for (size_t i = first; i < count; i++)
        add_span(thread, graph, i);
    thread->steps += thread->entries.count - valid;
    return valid;
}

size_t thread_find(const struct thread *thread, const struct graph *graph,
                   uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    if (!node || !is_on_path(thread, node_id, node->depth))
        return thread->entries.count;
    return thread->starts.items[spans_find(&thread->spans, node->depth)];
}

uint32_t thread_attempts_after(const struct graph *graph,
                               const struct node *answer)
{
    const struct run *run = graph_run(graph, answer->run);
    if (answer->kind != NODE_ASSISTANT || !run ||
        !life_is_terminal(LIFE_RUN, (int)run->state) ||
        answer->attempt >= run->attempts.count)
        return 0;
    for (size_t i = answer->attempt; i < run->attempts.count; i++)
        if (run->attempts.items[i].node_id)
            return 0;
    return answer->attempt;
}

const struct run *thread_run_before(const struct graph *graph,
                                    const struct node *prompt, uint32_t *first)
{
    const struct node *parent = graph_node(graph, prompt->parent_id);
    uint32_t id = prompt->run ? prompt->run - 1 : graph_run_count(graph);
    *first = 0;
    if (prompt->kind != NODE_USER || !parent)
        return NULL;
    *first = thread_attempts_after(graph, parent);
    if (*first)
        return graph_run(graph, parent->run);
    if (parent->kind != NODE_USER)
        return NULL;
    for (; id > 0; id--) {
        const struct run *run = graph_run(graph, id);
        if (run && run->prompt_id == parent->id && !run->is_spawned &&
            !thread_run_has_node(run) &&
            life_is_terminal(LIFE_RUN, (int)run->state))
            return run;
    }
    return NULL;
}

static bool is_vain(const struct run *run, const struct node *last)
{
    return last->kind == NODE_ASSISTANT && run->prompt_id == last->parent_id &&
           !thread_run_has_node(run) &&
           life_is_terminal(LIFE_RUN, (int)run->state);
}

const struct run *thread_run_after(const struct graph *graph,
                                   const struct node *last)
{
    const struct run *newest = graph_run(graph, graph_run_count(graph));
    if (newest && !newest->is_spawned &&
        (newest->prompt_id == last->id || is_vain(newest, last)))
        return newest;
    return graph_run(graph, last->run);
}
