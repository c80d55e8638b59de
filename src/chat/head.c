/* SPDX-License-Identifier: MIT */
/*
 * head - where on the tree of answers the conversation stands: going to another
 * branch, answering a prompt again.
 */
#include "chat/branch.h"
#include "chat/chat_state.h"

void chat_move_head(struct chat *chat, uint64_t node_id)
{
    struct event event = { .type = EVENT_HEAD_MOVED };
    event_add_number(&event, FIELD_NODE, node_id);
    chat_append(chat, &event);
}

bool chat_retry_at(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (chat_is_busy(chat))
        return error_set(err, ERROR_USAGE,
                         "an answer is on its way; Esc stops it");
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is nothing to retry yet");
    uint64_t prompt_id = node->id;
    discovery_ask_missing(&chat->discovery, chat_aim(chat));
    chat_move_head(chat, prompt_id);
    run_start(chat, prompt_id);
    return true;
}

bool chat_retry(struct chat *chat, struct error *err)
{
    return chat_retry_at(chat, graph_head(chat->conversation.graph), err);
}

bool chat_select_sibling(struct chat *chat, uint64_t node_id, int step,
                         struct error *err)
{
    uint64_t leaf_id;
    if (!branch_step(chat->conversation.graph, node_id, step, &leaf_id, err))
        return false;
    chat_move_head(chat, leaf_id);
    return true;
}

bool chat_go_to(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!graph_node(graph, node_id))
        return error_set(err, ERROR_USAGE, "there is no such turn");
    if (!branch_is_active(graph, node_id))
        chat_move_head(chat, graph_deepest(graph, node_id));
    return true;
}
