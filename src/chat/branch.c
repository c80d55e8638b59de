/* SPDX-License-Identifier: MIT */
#include "chat/branch.h"

#include <inttypes.h>

/* Why there is no sibling a step away. */
static bool refuse_step(const struct node *node, uint32_t count, bool is_back,
                        struct error *err)
{
    const char *what = node->kind == NODE_ASSISTANT ? "answer"
                       : node->kind == NODE_USER    ? "prompt"
                                                    : "version";
    if (count == 1)
        return error_set(err, ERROR_USAGE, "this is the only %s here", what);
    return error_set(err, ERROR_USAGE, "this is the %s of %" PRIu32 " %ss",
                     is_back ? "first" : "last", count, what);
}

bool branch_step(const struct graph *graph, uint64_t node_id, int step,
                 uint64_t *leaf_id, struct error *err)
{
    const struct node *node = graph_node(graph, node_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is no turn to switch yet");
    uint32_t count = graph_sibling_count(graph, node);
    int64_t wanted = (int64_t)node->sibling + step;
    if (wanted < 0 || wanted >= count)
        return refuse_step(node, count, step < 0, err);
    *leaf_id =
        graph_deepest(graph, graph_sibling(graph, node, (uint32_t)wanted));
    return true;
}

uint64_t branch_begin(const struct graph *graph, uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    while (node && !node->name && graph_sibling_count(graph, node) < 2 &&
           node->parent_id)
        node = graph_node(graph, node->parent_id);
    return node ? node->id : 0;
}

uint64_t branch_fork(const struct graph *graph, uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    while (node && graph_sibling_count(graph, node) < 2)
        node = graph_node(graph, node->parent_id);
    return node ? node->id : 0;
}

uint64_t branch_named(const struct graph *graph, struct slice name)
{
    for (size_t i = 0; i < graph_node_count(graph); i++) {
        const struct node *node = graph_node_at(graph, i);
        if (node->name && slice_is(name, node->name))
            return node->id;
    }
    return 0;
}

bool branch_pair(const struct graph *graph, uint64_t node_id, uint64_t number,
                 struct branch_pair *pair, struct error *err)
{
    const struct node *node = graph_node(graph, branch_fork(graph, node_id));
    if (!node)
        return error_set(err, ERROR_USAGE,
                         "there is only one answer here; /retry asks for "
                         "another");
    uint32_t here = node->sibling, count = graph_sibling_count(graph, node);
    uint64_t other = number ? number - 1 : here ? here - 1 : 1;
    if (other >= count)
        return error_set(err, ERROR_USAGE, "there are %" PRIu32 " to compare",
                         count);
    if (other == here)
        return error_set(err, ERROR_USAGE, "this is number %" PRIu64 " itself",
                         number);
    uint32_t first = other < here ? (uint32_t)other : here;
    uint32_t last = other < here ? here : (uint32_t)other;
    pair->left_id = graph_sibling(graph, node, first);
    pair->right_id = graph_sibling(graph, node, last);
    return true;
}

bool branch_is_active(const struct graph *graph, uint64_t node_id)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    while (node && node->id > node_id)
        node = graph_node(graph, node->parent_id);
    return node && node->id == node_id;
}

static bool is_whole(const struct graph *graph, uint64_t id)
{
    const struct node *node = graph_node(graph, id);
    const struct attempt *attempt = graph_node_attempt(graph, node);
    return node->kind == NODE_ASSISTANT && attempt &&
           attempt->state == ATTEMPT_COMPLETE && !node->is_open;
}

bool branch_is_unjudged(const struct graph *graph)
{
    const struct node *head = graph_node(graph, graph_head(graph));
    struct branch_pair pair;
    struct error ignored;
    return head && graph_sibling_count(graph, head) > 1 &&
           branch_pair(graph, head->id, 0, &pair, &ignored) &&
           is_whole(graph, pair.left_id) && is_whole(graph, pair.right_id) &&
           !graph_preference(graph, pair.left_id, pair.right_id);
}
