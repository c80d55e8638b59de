/* SPDX-License-Identifier: MIT */
/*
 * agreement - a run that would leave the machine waits for the user's answer
 * (chat/consent decides; here it is asked and obeyed).
 */
#include "chat/chat_state.h"
#include "chat/consent.h"

static struct event consent_event(const struct chat *chat, enum event_type type)
{
    struct event event = chat_run_event(chat, type);
    event_add_string(&event, FIELD_ENDPOINT, chat->route.endpoint->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    return event;
}

static void ask_consent(struct chat *chat)
{
    struct buf words = { 0 };
    double cost = spending_likely(chat, &chat->route);
    chat->route.likely = cost > 0 ? cost : 0;
    consent_words(&chat->route, &words);
    struct event event = consent_event(chat, EVENT_CONSENT_ASKED);
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    event_add_string(&event, FIELD_TRUST, "vendor");
    if (cost > 0)
        event_add_real(&event, FIELD_COST, cost);
    chat->is_asking = true;
    chat_append(chat, &event);
    buf_clear(&words);
}

/* A rule wants the user to be asked, and nobody is there. */
static void refuse_rule(struct chat *chat)
{
    struct error err = { 0 };
    error_set(&err, ERROR_USAGE,
              "a rule of routing.rules asks before %s answers; -m %s agrees",
              chat->choice.target, chat->choice.target);
    run_fail(chat, &err);
}

static bool has_consent(struct chat *chat)
{
    struct error err = { 0 };
    if (chat->consented == chat->route.endpoint)
        return true;
    switch (consent_decide(&chat->route, chat->setup.settings,
                           chat->setup.is_interactive, &err)) {
    case CONSENT_GO:
        if (!chat->choice.asks)
            return true;
        chat->choice.asks = false;
        if (chat->setup.is_interactive)
            ask_consent(chat);
        else
            refuse_rule(chat);
        break;
    case CONSENT_ASK: ask_consent(chat); break;
    case CONSENT_REFUSE: run_fail(chat, &err); break;
    }
    return false;
}

bool agreement_allows(struct chat *chat)
{
    return has_consent(chat) && spending_allows(chat);
}

const struct route *chat_question(const struct chat *chat)
{
    return chat->is_asking ? &chat->route : NULL;
}

/* The prompt of a run that was not sent is no part of the conversation: who
 * sends it again must not say it twice. */
void agreement_refuse_as(struct chat *chat, enum error_kind kind,
                         const char *why)
{
    const struct graph *graph = chat->conversation.graph;
    struct error err = { 0 };
    uint64_t prompt_id = graph_run(graph, chat->run)->prompt_id;
    const struct node *prompt = graph_node(graph, prompt_id);
    uint64_t leaf_id = graph_deepest(graph, prompt_id);
    error_set(&err, kind, "not sent to %s: %s", chat->route.endpoint->name,
              why);
    if (escalation_gives_up(chat, err.text))
        return;
    if (chat->attempt > 0) {
        /* It was sent to another one, who failed: that is why it ends. */
        struct answer_result failed = chat->failed;
        error_set(&failed.err, failed.err.kind, "%s; %s", chat->failed.err.text,
                  err.text);
        if (failed.outcome == ANSWER_COMPLETE)
            failed =
                (struct answer_result){ .outcome = ANSWER_CUT, .err = err };
        run_end(chat, answer_outcome_name(failed.outcome), &failed);
        return;
    }
    bool is_prompt = prompt && prompt->kind == NODE_USER;
    if (graph_head(graph) == prompt_id && is_prompt)
        chat_move_head(chat,
                       leaf_id == prompt_id ? prompt->parent_id : leaf_id);
    run_fail(chat, &err);
}

void agreement_refuse(struct chat *chat, const char *why)
{
    agreement_refuse_as(
        chat, chat->setup.is_interactive ? ERROR_CANCELLED : ERROR_CONFIG, why);
}

void agreement_go_on(struct chat *chat)
{
    if (chat->is_falling_back)
        fallback_start(chat);
    else if (chat->attempt > 0)
        attempts_start(chat);
    else
        chat->route = (struct route){ .verdict = ROUTE_ASK };
}

void chat_answer(struct chat *chat, enum consent_answer answer)
{
    if (!chat->is_asking)
        return;
    bool is_agreed = answer != CONSENT_NONE && answer != CONSENT_NEVER;
    struct event event = consent_event(chat, EVENT_CONSENT_ANSWERED);
    event_add_string(&event, FIELD_OUTCOME, consent_name(answer));
    chat->is_asking = false;
    chat_append(chat, &event);
    if (!is_agreed) {
        agreement_refuse(chat,
                         answer == CONSENT_NEVER
                             ? "you answered never; /consents takes that back"
                             : "you did not agree");
        return;
    }
    chat->consented = chat->route.endpoint;
    agreement_go_on(chat);
}
