/* SPDX-License-Identifier: MIT */
/*
 * attempts - the requests of a run, and what follows one that has ended.
 */
#include <stdio.h>
#include <string.h>

#include "chat/casting.h"
#include "chat/chat_state.h"
#include "chat/chat_tools.h"
#include "chat/request_text.h"

void chat_write_request(struct chat *chat, uint64_t leaf_id,
                        struct chat_request *request)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    const struct graph *graph = chat->conversation.graph;
    sight_adjust(chat);
    offers_take(chat);
    messages_catch_up(chat->messages, graph, leaf_id);
    reply_read(&chat->reply, chat->setup.settings, chat_role_reply(chat),
               endpoint);
    *request = (struct chat_request){
        .endpoint = endpoint->name,
        .base_url = endpoint->url,
        .like = endpoint->like,
        .model = chat->route.model,
        .key = endpoint_key(endpoint),
        .system = graph_system(graph),
        .messages = chat->messages,
        .reply = chat->reply.settings,
        .tools = chat->offers.list.items,
        .tool_count = chat->offers.list.count,
        .schema = buf_slice(&chat->structured.text),
        /* It makes answers longer on the wire. */
        .wants_confidence =
            chat->choice.is_watched && chat->setup.is_interactive,
        .schema_in_words = chat->structured.is_unheard,
        .omit = refusals_of(&chat->refusals, endpoint, chat->route.model),
    };
}

static void on_exchange_done(void *context, const struct exchange_end *end);

void attempts_append_started(struct chat *chat,
                             const struct chat_request *request)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    struct buf settings = { 0 };
    struct event event = chat_run_event(chat, EVENT_ATTEMPT_STARTED);
    uint64_t offered = offers_count_tokens(
        request->tools, request->tool_count,
        chat_token_family(chat, endpoint, chat->route.model));
    reply_describe(request, endpoint->dialect, &settings);
    event.attempt = chat->attempt;
    event_add_string(&event, FIELD_ENDPOINT, endpoint->name);
    event_add_string(&event, FIELD_DIALECT, endpoint->dialect->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    event_add_string(&event, FIELD_TRUST,
                     chat->route.is_vendor ? "vendor" : "own");
    event_add_text(&event, FIELD_SETTINGS, buf_slice(&settings));
    if (offered)
        event_add_number(&event, FIELD_OFFERED, offered);
    chat_append(chat, &event);
    buf_clear(&settings);
}

/* How often the server has broken off an answer of the run to be asked again. */
static int count_pauses(const struct chat *chat)
{
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    int count = 0;
    for (size_t i = 0; i < run->attempts.count; i++)
        count += graph_attempt_is_paused(&run->attempts.items[i]);
    return count;
}

/* It is shown in place of being sent, and that is the end of its run. */
static void show_request(struct chat *chat, const struct chat_request *request)
{
    struct error err = { 0 };
    if (gate_allows(chat, &chat->route, &err) &&
        request_text_write(chat->route.endpoint, request, chat->setup.dry_run,
                           &err))
        run_end(chat, "aborted", NULL);
    else
        run_fail(chat, &err);
}

static void send_request(struct chat *chat)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    struct chat_request request;
    chat_write_request(chat, run->leaf_id, &request);
    if (chat->setup.dry_run) {
        show_request(chat, &request);
        return;
    }
    counting_note_request(chat, run->leaf_id);
    chat->works.mode = chat_tool_mode(chat);
    chat->attempt++;
    attempts_append_started(chat, &request);
    struct exchange_setup setup = {
        .loop = chat->setup.loop,
        .http = chat->setup.http,
        .conversation = &chat->conversation,
        .endpoint = endpoint,
        .request = &request,
        .structured = &chat->structured,
        .run = chat->run,
        .attempt = chat->attempt,
        .is_vendor = chat->route.is_vendor,
        .may_leave = gate_on_wire,
        .is_interactive = chat->setup.is_interactive,
        .on_stall = chat->setup.is_interactive ? stall_begin : NULL,
    };
    if (count_pauses(chat))
        structured_go_on(&chat->structured, chat->attempt);
    else
        structured_begin(&chat->structured, &chat->conversation, chat->run,
                         chat->attempt);
    struct answer_result failed = { .outcome = ANSWER_ERROR };
    chat->exchange =
        exchange_start(&setup, on_exchange_done, chat, &failed.err);
    if (chat->exchange) {
        health_start(&chat->health, endpoint);
    } else {
        run_append_end(chat, EVENT_ATTEMPT_FINISHED, "error", &failed);
        run_end(chat, "error", &failed);
    }
}

void attempts_begin_target(struct chat *chat)
{
    chat->retries = 0;
    chat->asked_at = loop_now(chat->setup.loop);
    chat->failed_at = 0;
}

/* A server that has to be left alone is waited for, or passed over. */
void attempts_start(struct chat *chat)
{
    enum limiter_cause why;
    if (!compacting_allows(chat) || !spending_allows(chat))
        return;
    experience_recall(chat);
    int64_t wait_ms = limiter_wait_ms(chat, &chat->route, &why);
    enum retry_cause cause = limiter_retry_cause(why);
    if (wait_ms <= 0)
        send_request(chat);
    else if (!limiter_is_short(why, wait_ms) &&
             fallback_is_free(chat, cause, false))
        fallback_go(chat, cause, false);
    else if (limiter_is_doubtful(why, wait_ms) || chat->setup.dry_run)
        send_request(chat);
    else
        attempts_schedule(chat, wait_ms, limiter_words(why));
}

void attempts_give_up(struct chat *chat)
{
    if (chat->exchange)
        health_give_up(&chat->health, chat->route.endpoint);
}

static void on_wait_over(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    (void)timer_id;
    chat->retry_timer = 0;
    attempts_start(chat);
}

static struct event scheduled(const struct chat *chat, int64_t delay_ms,
                              const char *words)
{
    struct event event = chat_run_event(chat, EVENT_RETRY_SCHEDULED);
    event_add_string(&event, FIELD_ENDPOINT, chat->route.endpoint->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    event_add_number(&event, FIELD_DELAY, (uint64_t)delay_ms);
    event_add_string(&event, FIELD_TEXT, words);
    event_add_string(&event, FIELD_ERROR, chat->failed.err.text);
    return event;
}

static void wait_for(struct chat *chat, int64_t delay_ms, struct event *event)
{
    chat_append(chat, event);
    chat->retry_timer =
        loop_timer_start(chat->setup.loop, delay_ms, on_wait_over, chat);
}

void attempts_schedule(struct chat *chat, int64_t delay_ms, const char *words)
{
    struct event event = scheduled(chat, delay_ms, words);
    wait_for(chat, delay_ms, &event);
}

/* At once, in a way that the server may take: no failure that anybody has to
 * know of. */
static void adjust(struct chat *chat, const char *words)
{
    struct event event = scheduled(chat, 0, words);
    event_add_string(&event, FIELD_KIND, "adjusted");
    wait_for(chat, 0, &event);
}

/* What a server refused by name it is not sent again. */
static bool try_without(struct chat *chat)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    uint32_t before = refusals_of(&chat->refusals, endpoint, chat->route.model);
    struct buf words = { 0 };
    if (chat->tries >= CHAT_ATTEMPTS_MAX ||
        !refusals_add(&chat->refusals, endpoint, chat->route.model,
                      chat->failed.refused))
        return false;
    experience_note_refusals(chat);
    refusals_words(chat->failed.refused & ~before, &words);
    adjust(chat, buf_string(&words));
    buf_clear(&words);
    return true;
}

/* A key that a program prints may have run out; once, or it would never end. */
static bool try_new_key(struct chat *chat, const struct retry_failure *failure)
{
    if (failure->status != 401 || chat->has_new_key ||
        !endpoint_renew_key(chat->route.endpoint))
        return false;
    chat->has_new_key = true;
    adjust(chat, "with a new key");
    return true;
}

static void try_again(struct chat *chat, const struct retry_failure *failure,
                      const struct retry_decision *decision)
{
    char words[RETRY_WORDS_SIZE];
    if (decision->is_uncounted)
        chat->tries--;
    else
        chat->retries++;
    retry_words(failure, chat->retries, words);
    attempts_schedule(chat, decision->delay_ms, words);
}

/* False: nothing follows. */
static bool go_on(struct chat *chat, const struct retry_failure *failure)
{
    int64_t now = loop_now(chat->setup.loop);
    enum retry_cause cause = retry_cause_of(failure);
    const struct settings *settings = chat->setup.settings;
    if (!failure->is_loading && !chat->failed_at)
        chat->failed_at = now;
    const struct retry_state state = {
        .retries = chat->retries,
        .elapsed_ms = chat->failed_at ? now - chat->failed_at : 0,
        .loading_ms = now - chat->asked_at,
        .base_ms =
            (int64_t)settings_number(settings, "limits.backoff", RETRY_BASE_MS),
        .has_rung = fallback_is_free(chat, cause, failure->has_delta),
        .is_own = !chat->route.is_vendor,
        .random = random_real(&chat->random),
    };
    struct retry_decision decision = retry_decide(failure, &state);
    int most =
        (int)settings_number(settings, "limits.attempts", CHAT_ATTEMPTS_MAX);
    if (decision.verdict == RETRY_STOP ||
        (chat->tries >= most && !decision.is_uncounted))
        return false;
    if (decision.verdict == RETRY_FALL_BACK)
        fallback_go(chat, cause, failure->has_delta);
    else
        try_again(chat, failure, &decision);
    return true;
}

static void note_health(struct chat *chat, const struct retry_failure *failure)
{
    int64_t now = loop_now(chat->setup.loop);
    const struct endpoint *endpoint = chat->route.endpoint;
    bool has_failed =
        chat->failed.outcome != ANSWER_COMPLETE && retry_is_fault(failure);
    health_note(&chat->health, endpoint, has_failed, now);
    if (failure->wish.after_ms && failure->wish.after_ms <= RETRY_WISH_MOST_MS)
        health_is_busy(&chat->health, endpoint, failure->wish.after_ms, now);
    /* Who says when to come again has said more than his limits do. */
    if (!failure->wish.after_ms)
        limiter_note(chat);
    experience_note_health(chat);
}

/* One line tells all: how often it was tried, and what is longer than anybody
 * waits. */
static void add_tries(const struct chat *chat,
                      const struct retry_failure *failure, struct error *err)
{
    int64_t minutes = failure->wish.after_ms / (60 * 1000);
    struct error why = *err;
    if (failure->wish.after_ms > RETRY_WISH_MOST_MS && minutes < 120)
        error_set(err, why.kind, "%s; it wants no request for %lld min",
                  why.text, (long long)minutes);
    else if (failure->wish.after_ms > RETRY_WISH_MOST_MS)
        error_set(err, why.kind, "%s; it wants no request for %lld hours",
                  why.text, (long long)(minutes / 60));
    why = *err;
    size_t len = strlen(why.text);
    bool is_question = len && why.text[len - 1] == '?';
    if (chat->retries > 0)
        error_set(err, why.kind, "%s%s %d times", why.text,
                  is_question ? " Tried" : "; tried", chat->retries + 1);
}

/* The graph has what was paused at the end of the next request. A server that
 * never comes to an end is not asked for ever. */
static bool resume(struct chat *chat)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    if (!graph_attempt_is_paused(attempt) ||
        count_pauses(chat) > CHAT_PAUSES_MAX)
        return false;
    chat->tries = 0;
    attempts_begin_target(chat);
    chat->retry_timer =
        loop_timer_start(chat->setup.loop, 0, on_wait_over, chat);
    return true;
}

/* Complete is not yet good: the server may have read half, the answer may break
 * the schema. */
void attempts_conclude(struct chat *chat)
{
    chat->counting.is_waiting = counting_waits(chat);
    if (chat->counting.is_waiting)
        return;
    const char *outcome = answer_outcome_name(chat->failed.outcome);
    if (chat->failed.outcome == ANSWER_COMPLETE)
        steps_recover(chat);
    run_append_end(chat, EVENT_ATTEMPT_FINISHED, outcome, &chat->failed);
    if (chat->failed.outcome == ANSWER_COMPLETE) {
        experience_note_answer(chat);
        if (steps_begin(chat) || resume(chat) || escalation_starts(chat))
            return;
        if (!answer_check(chat, &chat->failed.err))
            outcome = answer_outcome_name(ANSWER_ERROR);
    }
    run_end(chat, outcome, &chat->failed);
    answer_repair(chat);
}

/* The server does not have the model: one that it lists may have been meant. */
static void offer_nearest(struct chat *chat, struct error *err)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    const struct models *models = discovery_models(&chat->discovery, endpoint);
    const char *near =
        models ? models_nearest(models, chat->route.model) : NULL;
    size_t len = strlen(err->text);
    if (near && strcmp(near, chat->route.model) != 0)
        snprintf(err->text + len, sizeof err->text - len,
                 "; did you mean %s/%s?", endpoint->name, near);
}

static void on_exchange_done(void *context, const struct exchange_end *end)
{
    struct chat *chat = context;
    struct retry_failure failure = end->failure;
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    failure.has_delta = attempt->first_delta_at != 0;
    chat->failed = end->result;
    chat->tries++;
    stall_end(chat);
    exchange_free(chat->exchange);
    chat->exchange = NULL;
    note_health(chat, &failure);
    if (chat->failed.outcome == ANSWER_COMPLETE) {
        attempts_conclude(chat);
        return;
    }
    const char *outcome = answer_outcome_name(chat->failed.outcome);
    if (chat->failed.is_out_of_memory)
        loading_offer(chat, chat->route.endpoint, chat->route.model,
                      &chat->failed.err);
    if (chat->failed.is_missing_model)
        offer_nearest(chat, &chat->failed.err);
    run_append_end(chat, EVENT_ATTEMPT_FINISHED, outcome, &chat->failed);
    if (!failure.has_delta &&
        (try_without(chat) || try_new_key(chat, &failure)))
        return;
    if (go_on(chat, &failure))
        return;
    add_tries(chat, &failure, &chat->failed.err);
    gate_explain(chat, &chat->failed.err);
    fallback_add_barred(chat, &chat->failed.err);
    if (escalation_gives_up(chat, chat->failed.err.text))
        return;
    run_end(chat, outcome, &chat->failed);
    answer_repair(chat);
}
