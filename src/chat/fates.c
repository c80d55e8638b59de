/* SPDX-License-Identifier: MIT */
#include "chat/fates.h"

#include "chat/chat_state.h"

/* What is said of a turn that is not sent for itself would have no effect. */
static bool check(const struct graph *graph, const struct node *node,
                  struct error *err)
{
    if (!node)
        return error_set(err, ERROR_USAGE,
                         "there is no such turn; /context lists them with "
                         "their numbers");
    if (node->is_open)
        return error_set(err, ERROR_USAGE, "it is still being written");
    const struct call *call = graph_call(graph, node->call);
    const struct node *asker = call ? graph_node(graph, call->node_id) : NULL;
    if (asker && asker->is_left_out)
        return error_set(err, ERROR_USAGE,
                         "it goes with the answer that asked for it, which is "
                         "left out; take that one back in");
    return true;
}

static void say(struct chat *chat, enum event_type type, uint64_t node_id,
                bool is_on)
{
    struct event event = { .type = type };
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_number(&event, FIELD_ON, is_on);
    chat_append(chat, &event);
}

bool fates_pin(struct chat *chat, uint64_t node_id, struct buf *words,
               struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (!check(graph, node, err))
        return false;
    bool is_on = !node->is_pinned;
    say(chat, EVENT_PINNED, node_id, is_on);
    buf_append_string(words, is_on ? "pinned: nothing that makes room takes it "
                                     "out"
                                   : "no longer pinned");
    return true;
}

/* It is sent all the same where it is answered again. */
static bool is_last_prompt(const struct graph *graph, const struct node *node)
{
    const struct node *at = graph_node(graph, graph_head(graph));
    while (at && at->kind != NODE_USER)
        at = graph_node(graph, at->parent_id);
    return at == node;
}

bool fates_leave_out(struct chat *chat, uint64_t node_id, struct buf *words,
                     struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (!check(graph, node, err))
        return false;
    bool is_on = !node->is_left_out, is_last = is_last_prompt(graph, node);
    say(chat, EVENT_LEFT_OUT, node_id, is_on);
    if (!is_on)
        buf_append_string(words, "sent again from the next prompt on");
    else if (is_last)
        buf_append_string(words, "left out from the next prompt on; to answer "
                                 "it again it is sent");
    else
        buf_append_string(words, "left out from the next prompt on; the same "
                                 "takes it back in");
    return true;
}
