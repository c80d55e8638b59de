/* SPDX-License-Identifier: MIT */
/*
 * attempts - the requests of a run, and what follows one that has ended.
 */
#include "chat/chat_state.h"

void chat_write_request(struct chat *chat, uint64_t leaf_id,
                        struct chat_request *request)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    const struct graph *graph = chat->conversation.graph;
    messages_catch_up(chat->messages, graph, leaf_id);
    reply_read(&chat->reply, chat->setup.settings, endpoint);
    *request = (struct chat_request){
        .endpoint = endpoint->name,
        .base_url = endpoint->url,
        .like = endpoint->like,
        .model = chat->route.model,
        .key = endpoint_key(endpoint),
        .system = graph_system(graph),
        .messages = chat->messages,
        .reply = chat->reply.settings,
        .omit = refusals_of(&chat->refusals, endpoint, chat->route.model),
    };
}

static void on_exchange_done(void *context, const struct answer_result *result);

void attempts_start(struct chat *chat)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    struct chat_request request;
    struct buf settings = { 0 };
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    chat_write_request(chat, run->leaf_id, &request);
    reply_describe(&request, endpoint->dialect, &settings);
    chat->attempt++;
    struct event event = chat_run_event(chat, EVENT_ATTEMPT_STARTED);
    event.attempt = chat->attempt;
    event_add_string(&event, FIELD_ENDPOINT, endpoint->name);
    event_add_string(&event, FIELD_DIALECT, endpoint->dialect->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    event_add_string(&event, FIELD_TRUST,
                     chat->route.is_vendor ? "vendor" : "own");
    event_add_text(&event, FIELD_SETTINGS, buf_slice(&settings));
    chat_append(chat, &event);
    buf_clear(&settings);
    struct exchange_setup setup = {
        .loop = chat->setup.loop,
        .http = chat->setup.http,
        .conversation = &chat->conversation,
        .endpoint = endpoint,
        .request = &request,
        .run = chat->run,
        .attempt = chat->attempt,
        .is_vendor = chat->route.is_vendor,
        .is_interactive = chat->setup.is_interactive,
    };
    struct answer_result failed = { .outcome = ANSWER_ERROR };
    chat->exchange =
        exchange_start(&setup, on_exchange_done, chat, &failed.err);
    if (!chat->exchange) {
        run_append_end(chat, EVENT_ATTEMPT_FINISHED, "error", &failed);
        run_end(chat, "error", &failed);
    }
}

static void on_retry(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    (void)timer_id;
    chat->retry_timer = 0;
    attempts_start(chat);
}

static void schedule_attempt(struct chat *chat, int64_t delay_ms,
                             const struct error *why)
{
    struct event event = chat_run_event(chat, EVENT_RETRY_SCHEDULED);
    event_add_number(&event, FIELD_DELAY, (uint64_t)delay_ms);
    event_add_string(&event, FIELD_ERROR, why->text);
    chat_append(chat, &event);
    chat->retry_timer =
        loop_timer_start(chat->setup.loop, delay_ms, on_retry, chat);
}

/* Only before the first delta: a second try after it would double the text. */
static bool try_again(struct chat *chat, const struct answer_result *result)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    if (attempt->node_id)
        return false;
    if (chat->attempt < CHAT_ATTEMPTS_MAX &&
        refusals_add(&chat->refusals, chat->route.endpoint, chat->route.model,
                     result->refused)) {
        schedule_attempt(chat, 0, &result->err);
        return true;
    }
    int64_t waited = loop_now(chat->setup.loop) - chat->run_started_at;
    if (result->is_model_loading && waited < CHAT_LOADING_MOST_MS) {
        schedule_attempt(chat, CHAT_LOADING_WAIT_MS, &result->err);
        return true;
    }
    return false;
}

static void on_exchange_done(void *context, const struct answer_result *result)
{
    struct chat *chat = context;
    struct answer_result kept = *result;
    const char *outcome = answer_outcome_name(kept.outcome);
    exchange_free(chat->exchange);
    chat->exchange = NULL;
    run_append_end(chat, EVENT_ATTEMPT_FINISHED, outcome, &kept);
    if (kept.outcome == ANSWER_ERROR && try_again(chat, &kept))
        return;
    if (kept.outcome == ANSWER_COMPLETE)
        run_answer_calls(chat);
    run_end(chat, outcome, &kept);
}
