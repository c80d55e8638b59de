/* SPDX-License-Identifier: MIT */
/*
 * head - where on the tree of answers the conversation stands: going to another
 * branch, answering a prompt again.
 */
#include "base/memory.h"
#include "chat/branch.h"
#include "chat/chat_state.h"
#include "graph/ending.h"

void chat_move_head(struct chat *chat, uint64_t node_id)
{
    struct event event = { .type = EVENT_HEAD_MOVED };
    event_add_number(&event, FIELD_NODE, node_id);
    chat_append(chat, &event);
}

bool chat_is_idle(const struct chat *chat, struct error *err)
{
    return !chat_is_busy(chat) ||
           error_set(err, ERROR_USAGE,
                     "an answer is on its way; stop it first");
}

bool chat_retry_with(struct chat *chat, uint64_t node_id, const char *target,
                     struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    struct aim aim = target ? chat_aim_at(chat, target) : chat_aim(chat);
    if (!chat_is_idle(chat, err))
        return false;
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is nothing to retry yet");
    if (target && !chat_can_aim(chat, aim, err))
        return false;
    uint64_t prompt_id = node->id;
    discovery_ask_missing(&chat->discovery, aim);
    chat_move_head(chat, prompt_id);
    chat->run_target = memory_string(target);
    run_start(chat, prompt_id);
    return true;
}

bool chat_retry_at(struct chat *chat, uint64_t node_id, struct error *err)
{
    return chat_retry_with(chat, node_id, NULL, err);
}

bool chat_retry(struct chat *chat, struct error *err)
{
    return chat_retry_at(chat, graph_head(chat->conversation.graph), err);
}

/* Words for an answer that cannot be gone on with. */
static bool check_cut(const struct graph *graph, const struct node *node,
                      struct error *err)
{
    const struct attempt *attempt = node && node->kind == NODE_ASSISTANT
                                        ? graph_node_attempt(graph, node)
                                        : NULL;
    if (!attempt)
        return error_set(err, ERROR_USAGE,
                         "there is no answer here to go on with; /retry asks "
                         "the prompt again");
    bool is_whole = attempt->state == ATTEMPT_COMPLETE &&
                    !node->is_superseded && !graph_attempt_is_paused(attempt) &&
                    !ending_is_by_length(slice_of(attempt->finish_reason));
    bool has_text = false;
    for (size_t i = 0; i < node->blocks.count; i++)
        has_text |= node->blocks.items[i].kind == BLOCK_TEXT;
    if (is_whole)
        return error_set(err, ERROR_USAGE,
                         "this answer is complete; /retry asks for another");
    return has_text || error_set(err, ERROR_USAGE,
                                 "this answer has no text to go on with; "
                                 "/retry asks the prompt again");
}

bool chat_continue(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!chat_is_idle(chat, err) ||
        !check_cut(graph, graph_node(graph, node_id), err))
        return false;
    discovery_ask_missing(&chat->discovery, chat_aim(chat));
    if (graph_head(graph) != node_id)
        chat_move_head(chat, node_id);
    run_start(chat, node_id);
    return true;
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
    if (!graph_is_shown(graph, graph_node(graph, node_id)))
        return error_set(err, ERROR_USAGE,
                         "this branch is pruned; restore it first");
    if (!branch_is_active(graph, node_id))
        chat_move_head(chat, graph_deepest(graph, node_id));
    return true;
}
