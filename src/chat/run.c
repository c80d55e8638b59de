/* SPDX-License-Identifier: MIT */
/*
 * run - from a prompt to the end of all that it set off: started, routed, ended.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "chat/again.h"
#include "chat/bookkeeping.h"
#include "chat/decision.h"
#include "chat/facts.h"

void run_start(struct chat *chat, uint64_t node_id)
{
    chat->run = graph_run_count(chat->conversation.graph) + 1;
    chat->attempt = 0;
    chat->tries = 0;
    chat->has_new_key = false;
    chat->failed = (struct answer_result){ 0 };
    buf_reset(&chat->barred);
    chat->last_error = (struct error){ 0 };
    attempts_begin_target(chat);
    chat->route = (struct route){ .verdict = ROUTE_ASK };
    struct event event = chat_run_event(chat, EVENT_RUN_STARTED);
    event_add_number(&event, FIELD_NODE, node_id);
    chat_append(chat, &event);
    chat->kept_seq = event.seq;
    deadline_start(chat);
}

void run_start_next(struct chat *chat)
{
    const struct queued_prompt *prompt =
        graph_queued(chat->conversation.graph, 0);
    uint64_t prompt_id = prompt->id;
    /* The graph forgets its copy while it takes the event in. */
    char *text = memory_string(prompt->text);
    struct event event = { .type = EVENT_USER_MESSAGE };
    event_add_number(&event, FIELD_PROMPT, prompt_id);
    event_add_number(&event, FIELD_PARENT,
                     prompt->has_parent ? prompt->parent_id
                                        : graph_head(chat->conversation.graph));
    event_add_string(&event, FIELD_TEXT, text);
    marking_note_prompt(chat);
    chat_append(chat, &event);
    waiting_files_hand_over(&chat->files, prompt_id, event.seq,
                            &chat->conversation, &chat->marking.privacy);
    facts_tell(chat, event.seq);
    marking_take_prompt(chat, event.seq);
    run_start(chat, event.seq);
    memorising_look(chat, slice_of(text));
    recalling_begin(chat, event.seq);
    free(text);
}

static void add_estimate(struct chat *chat, struct event *event)
{
    double cost = spending_estimate(chat);
    if (cost >= 0)
        event_add_real(event, FIELD_COST, cost);
}

void run_append_end(struct chat *chat, enum event_type type,
                    const char *outcome, const struct answer_result *result)
{
    struct event event = chat_run_event(chat, type);
    if (type == EVENT_ATTEMPT_FINISHED)
        event.attempt = chat->attempt;
    event_add_string(&event, FIELD_OUTCOME, outcome);
    if (result) {
        event_add_string(&event, FIELD_FINISH_REASON, result->finish_reason);
        event_add_string(&event, FIELD_ERROR, result->err.text);
    }
    if (result && result->is_damaged && type == EVENT_ATTEMPT_FINISHED)
        event_add_number(&event, FIELD_SKIPPED, result->skipped);
    if (type == EVENT_ATTEMPT_FINISHED)
        add_estimate(chat, &event);
    chat_append(chat, &event);
    if (type == EVENT_ATTEMPT_FINISHED)
        bookkeeping_note_attempt(chat, result);
}

void run_drop(struct chat *chat)
{
    works_drop(chat);
    exchange_free(chat->exchange);
    loop_timer_cancel(chat->setup.loop, chat->retry_timer);
    deadline_end(chat);
    loop_timer_cancel(chat->setup.loop, chat->countdown_timer);
    chat->exchange = NULL;
    chat->retry_timer = chat->countdown_timer = 0;
    chat->run = 0;
    chat->is_asking = chat->is_falling_back = chat->is_stalled = false;
    chat->spending.is_asking = false;
    reserving_end(chat);
    recalling_end(chat);
    chat->has_looked = chat->counting.is_waiting = false;
    chat->doubted_id = 0;
    chat->consented = NULL;
    free(chat->run_target);
    chat->run_target = NULL;
    free(chat->again.target);
    chat->again.target = NULL;
    chat->again.is_here = false;
}

void run_end(struct chat *chat, const char *outcome,
             const struct answer_result *result)
{
    if (result)
        chat->last_error = result->err;
    works_cancel(chat);
    compacting_end(chat);
    run_append_end(chat, EVENT_RUN_FINISHED, outcome, result);
    again_end(chat);
    run_drop(chat);
}

void run_fail(struct chat *chat, const struct error *err)
{
    struct answer_result result = { .outcome = ANSWER_ERROR, .err = *err };
    run_end(chat, answer_outcome_name(ANSWER_ERROR), &result);
}

static void append_routed(struct chat *chat)
{
    const struct route *route = &chat->route;
    const struct ladder_choice *choice = &chat->choice;
    struct event event = chat_run_event(chat, EVENT_ROUTED);
    struct buf reasons = { 0 }, why = { 0 }, features = { 0 }, lines = { 0 };
    buf_append_slice(&lines, buf_slice(&chat->reasons));
    offers_why_none(chat, route, &lines);
    decision_append_reasons(
        route->reason, buf_slice(&lines),
        choice->cause != LADDER_NONE ? &choice->complexity : NULL, &reasons);
    decision_append_why(route, choice, &why);
    if (choice->cause != LADDER_NONE) {
        decision_append_features(&choice->complexity, &features);
        event_add_real(&event, FIELD_SCORE, choice->complexity.score);
        event_add_real(&event, FIELD_THRESHOLD, choice->threshold);
        event_add_real(&event, FIELD_BAND, choice->band);
        event_add_text(&event, FIELD_FEATURES, buf_slice(&features));
    }
    if (chat->again.target)
        buf_append_string(&why, "you asked again");
    event_add_string(&event, FIELD_TIER, route->is_vendor ? "cloud" : "local");
    event_add_string(&event, FIELD_ENDPOINT, route->endpoint->name);
    event_add_string(&event, FIELD_MODEL, route->model);
    event_add_text(&event, FIELD_REASONS, buf_slice(&reasons));
    event_add_string(&event, FIELD_WHY, buf_string(&why));
    chat_append(chat, &event);
    buf_clear(&reasons);
    buf_clear(&why);
    buf_clear(&features);
    buf_clear(&lines);
}

void run_leave_unreached(struct chat *chat, const struct error *err)
{
    chat->failed =
        (struct answer_result){ .outcome = ANSWER_ERROR, .err = *err };
    if (err->kind == ERROR_NETWORK &&
        fallback_is_free(chat, RETRY_REFUSED, false)) {
        fallback_go(chat, RETRY_REFUSED, false);
        return;
    }
    gate_explain(chat, &chat->failed.err);
    run_fail(chat, &chat->failed.err);
}

/* A run that waits for its route goes on as soon as the server has answered. */
void run_route(struct chat *chat)
{
    if (!spending_is_known(chat))
        return;
    climbing_decide(chat);
    recalling_explain(chat, &chat->reasons);
    switch (chat->route.verdict) {
    case ROUTE_TO:
        if (!gate_opens(chat) || !agreement_allows(chat) ||
            !sight_allows(chat) || !compacting_allows(chat))
            break;
        experience_recall(chat);
        append_routed(chat);
        attempts_start(chat);
        break;
    case ROUTE_ASK:
        discovery_ask_first(&chat->discovery, chat->route.endpoint);
        break;
    case ROUTE_NONE: run_leave_unreached(chat, &chat->route.err); break;
    }
}
