/* SPDX-License-Identifier: MIT */
#include "chat/conversation.h"

void conversation_init(struct conversation *conversation)
{
    *conversation = (struct conversation){
        .log = log_new(),
        .graph = graph_new(),
    };
}

void conversation_take(struct conversation *conversation,
                       struct session *session)
{
    *conversation = (struct conversation){
        .log = session->log,
        .graph = session->graph,
    };
    session->log = NULL;
    session->graph = NULL;
}

void conversation_clear(struct conversation *conversation)
{
    journal_close(conversation->journal);
    graph_free(conversation->graph);
    log_free(conversation->log);
    *conversation = (struct conversation){ 0 };
}

void conversation_replace(struct conversation *conversation,
                          struct log *take_log)
{
    struct event event;
    if (conversation->journal)
        journal_rewrite(conversation->journal, take_log);
    graph_free(conversation->graph);
    log_free(conversation->log);
    conversation->log = take_log;
    conversation->graph = graph_new();
    for (uint64_t seq = 1; log_read(take_log, seq, &event); seq++)
        graph_apply(conversation->graph, &event);
}

/* What somebody counts on once it has happened, and what an effect is about to
 * follow: it is kept at once. */
static bool is_barrier(enum event_type type)
{
    switch (type) {
    case EVENT_PROMPT_QUEUED:
    case EVENT_PROMPT_WITHDRAWN:
    case EVENT_USER_MESSAGE:
    case EVENT_RUN_STARTED:
    case EVENT_RUN_FINISHED:
    case EVENT_CONSENT_ANSWERED:
    case EVENT_RELAY_ANSWERED:
    case EVENT_REDACTED:
    case EVENT_TOOL_STARTED:
    case EVENT_TOOL_FINISHED: return true;
    default: return false;
    }
}

uint64_t conversation_append(struct conversation *conversation,
                             struct event *event)
{
    uint64_t seq = log_append(conversation->log, event);
    graph_apply(conversation->graph, event);
    if (conversation->journal && is_barrier(event->type))
        journal_barrier(conversation->journal);
    else if (conversation->journal)
        journal_note(conversation->journal);
    if (conversation->on_event)
        conversation->on_event(conversation->context, event);
    return seq;
}
