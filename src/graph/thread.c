/* SPDX-License-Identifier: MIT */
#include "graph/thread.h"

void thread_clear(struct thread *thread)
{
    path_clear(&thread->path);
    array_clear(&thread->entries);
}

static struct thread_entry make_entry(const struct graph *graph, uint64_t id)
{
    const struct node *node = graph_node(graph, id);
    bool follows = node->edge == EDGE_FOLLOWS;
    return (struct thread_entry){
        .node_id = id,
        .changed = node->changed,
        .sibling = follows ? node->sibling + 1 : 1,
        .siblings = graph_sibling_count(graph, node),
        .kind = node->kind,
    };
}

size_t thread_catch_up(struct thread *thread, const struct graph *graph)
{
    size_t first = path_catch_up(&thread->path, graph);
    size_t count = thread->path.nodes.count;
    thread->entries.count = first;
    for (size_t depth = first; depth < count; depth++) {
        struct thread_entry entry =
            make_entry(graph, thread->path.nodes.items[depth]);
        *array_add(&thread->entries) = entry;
    }
    return first;
}

static bool has_node(const struct run *run)
{
    for (size_t i = 0; i < run->attempts.count; i++) {
        if (run->attempts.items[i].node_id)
            return true;
    }
    return false;
}

const struct run *thread_run_before(const struct graph *graph,
                                    const struct node *prompt)
{
    const struct node *parent = graph_node(graph, prompt->parent_id);
    uint32_t id = prompt->run ? prompt->run - 1 : graph_run_count(graph);
    if (prompt->kind != NODE_USER || !parent || parent->kind != NODE_USER)
        return NULL;
    for (; id > 0; id--) {
        const struct run *run = graph_run(graph, id);
        if (run && run->prompt_id == parent->id && !has_node(run) &&
            life_is_terminal(LIFE_RUN, (int)run->state))
            return run;
    }
    return NULL;
}
