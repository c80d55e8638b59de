/* SPDX-License-Identifier: MIT */
/*
 * recovery - a session is opened whose last program did not come to its end:
 * what was under way is over, and nobody knows how.
 */
#include "chat/chat_state.h"

static const char cause[] = "ended unexpectedly";

/* A tool may have done what it was to do: its outcome is unknown, it is not run
 * again. */
static void close_calls(struct chat *chat, uint32_t run)
{
    const struct graph *graph = chat->conversation.graph;
    uint32_t count = graph_call_count(graph);
    for (uint32_t id = 1; id <= count; id++) {
        const struct call *call = graph_call(graph, id);
        bool is_open = run ? call->state == CALL_EXECUTING
                           : !life_is_terminal(LIFE_CALL, (int)call->state);
        if (call->run != run || !is_open)
            continue;
        struct event event = { .type = EVENT_TOOL_FINISHED, .run = run };
        event_add_number(&event, FIELD_CALL, id);
        event_add_string(&event, FIELD_OUTCOME, "unknown");
        event_add_string(&event, FIELD_TEXT, cause);
        chat_append(chat, &event);
    }
}

void recovery_close_runs(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint32_t run;
    close_calls(chat, 0); /* that the user made */
    while ((run = graph_active_run(graph)) != 0) {
        close_calls(chat, run);
        struct event event = { .type = EVENT_RUN_FINISHED, .run = run };
        event_add_string(&event, FIELD_OUTCOME, "cut");
        event_add_string(&event, FIELD_ERROR, cause);
        chat_append(chat, &event);
        if (graph_active_run(graph) == run)
            break; /* of a newer version: it cannot be ended by us */
    }
}
