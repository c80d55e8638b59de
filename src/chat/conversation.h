/* SPDX-License-Identifier: MIT */
/*
 * conversation - a log, the graph folded from it, and who wants to hear.
 *
 * Whatever happens goes through conversation_append(): log, then graph, then
 * the listener. There is no other way to change a conversation.
 */
#ifndef CHAT_CONVERSATION_H
#define CHAT_CONVERSATION_H

#include "graph/graph.h"
#include "graph/log.h"

/* The event is stamped; borrowed for the call. Must not append. */
typedef void conversation_event_fn(void *context, const struct event *event);

/* All-zero is invalid: conversation_init() first. */
struct conversation {
    struct log *log;
    struct graph *graph;
    conversation_event_fn *on_event; /* may be NULL */
    void *context;
};

void conversation_init(struct conversation *conversation);
void conversation_clear(struct conversation *conversation);

/* Append a stamped copy of the event. Returns its seq. */
uint64_t conversation_append(struct conversation *conversation,
                             struct event *event);

#endif
