/* SPDX-License-Identifier: MIT */
#include "graph/path.h"

void path_clear(struct path *path)
{
    array_clear(&path->nodes);
    *path = (struct path){ 0 };
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Parents never change, so the last node tells the whole path: nothing is
 * walked that it shares with the old one. Returns the first new depth. */
static size_t reshape(struct path *path, const struct graph *graph,
                      uint64_t leaf_id)
{
    const struct node *node = graph_node(graph, leaf_id);
    size_t old_count = path->nodes.count;
    size_t count = node ? (size_t)node->depth + 1 : 0;
    if (count > old_count)
        array_reserve(&path->nodes, count - old_count);
    path->nodes.count = count;
    size_t first = count;
    while (node) {
        path->steps++;
        if (node->depth < old_count &&
            path->nodes.items[node->depth] == node->id)
            break;
        first = node->depth;
        path->nodes.items[first] = node->id;
        node = graph_node(graph, node->parent_id);
    }
    bool is_shorter = count > 0 && count < old_count;
    return is_shorter ? min(first, count - 1) : first;
}

static size_t first_touched(struct path *path, const struct graph *graph)
{
    size_t first = path->nodes.count;
    uint64_t id = 0;
    while ((id = graph_changed_before(graph, id)) != 0) {
        const struct node *node = graph_node(graph, id);
        if (node->changed <= path->seen_seq)
            break;
        path->steps++;
        if (node->depth < first && path->nodes.items[node->depth] == id)
            first = node->depth;
    }
    return first;
}

size_t path_follow(struct path *path, const struct graph *graph,
                   uint64_t leaf_id)
{
    size_t first = reshape(path, graph, leaf_id);
    first = min(first, first_touched(path, graph));
    path->seen_seq = graph_seq(graph);
    return first;
}

size_t path_catch_up(struct path *path, const struct graph *graph)
{
    return path_follow(path, graph, graph_head(graph));
}
