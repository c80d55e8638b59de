/* SPDX-License-Identifier: MIT */
/*
 * conversation - a log, the graph folded from it, its journal, and who wants to
 * hear.
 *
 * Whatever happens goes through conversation_append(): log, then graph, then
 * the journal, then the listener. There is no other way to change a
 * conversation.
 */
#ifndef CHAT_CONVERSATION_H
#define CHAT_CONVERSATION_H

#include "graph/graph.h"
#include "graph/log.h"
#include "store/journal.h"

/* The event is stamped; borrowed for the call. Must not append. */
typedef void conversation_event_fn(void *context, const struct event *event);

/* All-zero is invalid: conversation_init() first. */
struct conversation {
    struct log *log;
    struct graph *graph;
    struct journal *journal;         /* NULL: it is not kept */
    conversation_event_fn *on_event; /* may be NULL */
    void *context;
};

void conversation_init(struct conversation *conversation);

/* Go on with one that was read; its log and graph are taken. */
void conversation_take(struct conversation *conversation,
                       struct session *session);

/* The journal keeps what is in the log, if the disk takes it. */
void conversation_clear(struct conversation *conversation);

/* What was said was something else: the log, which is taken, has the same seqs.
 * The graph is folded anew, the file written anew. */
void conversation_replace(struct conversation *conversation,
                          struct log *take_log);

/* Append a stamped copy of the event. Returns its seq. */
uint64_t conversation_append(struct conversation *conversation,
                             struct event *event);

#endif
