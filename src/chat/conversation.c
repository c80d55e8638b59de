/* SPDX-License-Identifier: MIT */
#include "chat/conversation.h"

void conversation_init(struct conversation *conversation)
{
    *conversation = (struct conversation){
        .log = log_new(),
        .graph = graph_new(),
    };
}

void conversation_clear(struct conversation *conversation)
{
    graph_free(conversation->graph);
    log_free(conversation->log);
    *conversation = (struct conversation){ 0 };
}

uint64_t conversation_append(struct conversation *conversation,
                             struct event *event)
{
    uint64_t seq = log_append(conversation->log, event);
    graph_apply(conversation->graph, event);
    if (conversation->on_event)
        conversation->on_event(conversation->context, event);
    return seq;
}
