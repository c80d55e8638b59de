/* SPDX-License-Identifier: MIT */
#include "chat/chat.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "chat/branch.h"
#include "chat/consent.h"
#include "chat/discovery.h"
#include "chat/exchange.h"
#include "chat/reply.h"
#include "chat/waiting_files.h"
#include "graph/messages.h"
#include "tool/registry.h"

/* What a server refused by name once is not sent to it again. */
struct refusal {
    const struct endpoint *endpoint;
    char *model;
    uint32_t parts;
};

struct chat {
    struct chat_setup setup;
    char *target, *system;
    enum route_tier tier;
    struct conversation conversation;
    struct messages *messages;
    struct registry registry;
    struct discovery discovery;
    struct waiting_files files;
    ARRAY_OF(struct refusal) refusals;
    struct route route; /* of the run under way */
    struct route next;
    struct error last_error;
    uint32_t generation;
    /* The run under way; 0: none. */
    uint32_t run, attempt;
    struct exchange *exchange;
    uint32_t retry_timer;
    int64_t run_started_at; /* monotonic */
    bool is_asking;         /* for consent: the run waits for chat_answer() */
    const struct endpoint *consented; /* where this run may go; NULL: nowhere */
};

static void append(struct chat *chat, struct event *event)
{
    conversation_append(&chat->conversation, event);
}

static struct event run_event(const struct chat *chat, enum event_type type)
{
    return (struct event){ .type = type, .run = chat->run };
}

static void open_conversation(struct chat *chat)
{
    conversation_init(&chat->conversation);
    chat->generation++;
    chat->conversation.on_event = chat->setup.on_event;
    chat->conversation.context = chat->setup.context;
    chat->messages = messages_new();
    struct event opened = { .type = EVENT_SESSION_OPENED };
    append(chat, &opened);
    if (chat->system && *chat->system) {
        struct event event = { .type = EVENT_SYSTEM_SET };
        event_add_string(&event, FIELD_TEXT, chat->system);
        append(chat, &event);
    }
}

static void on_models(void *context);

struct chat *chat_new(const struct chat_setup *setup)
{
    struct chat *chat = memory_zero(1, sizeof *chat);
    chat->setup = *setup;
    chat->target = memory_string(setup->target);
    chat->tier = setup->tier;
    chat->system = memory_string(
        setup->system ? setup->system
                      : settings_text(setup->settings, "system", ""));
    chat->discovery = (struct discovery){
        .loop = setup->loop,
        .http = setup->http,
        .settings = setup->settings,
        .endpoints = setup->endpoints,
        .on_change = on_models,
        .context = chat,
    };
    discovery_init(&chat->discovery);
    open_conversation(chat);
    return chat;
}

static void drop_run(struct chat *chat)
{
    exchange_free(chat->exchange);
    loop_timer_cancel(chat->setup.loop, chat->retry_timer);
    chat->exchange = NULL;
    chat->retry_timer = 0;
    chat->run = 0;
    chat->is_asking = false;
    chat->consented = NULL;
}

static void close_conversation(struct chat *chat)
{
    drop_run(chat);
    waiting_files_clear(&chat->files);
    messages_free(chat->messages);
    conversation_clear(&chat->conversation);
}

void chat_free(struct chat *chat)
{
    if (!chat)
        return;
    close_conversation(chat);
    discovery_clear(&chat->discovery);
    for (size_t i = 0; i < chat->refusals.count; i++)
        free(chat->refusals.items[i].model);
    array_clear(&chat->refusals);
    registry_clear(&chat->registry);
    free(chat->target);
    free(chat->system);
    free(chat);
}

const struct conversation *chat_conversation(const struct chat *chat)
{
    return &chat->conversation;
}

/* Models and routes. */

const struct models *chat_models(const struct chat *chat,
                                 const struct endpoint *endpoint)
{
    return discovery_models(&chat->discovery, endpoint);
}

void chat_ask_models(struct chat *chat, const struct endpoint *endpoint)
{
    discovery_ask(&chat->discovery, endpoint);
}

static struct aim aim(const struct chat *chat)
{
    return (struct aim){ chat->target, chat->tier };
}

const struct route *chat_next(struct chat *chat)
{
    discovery_decide(&chat->discovery, aim(chat), &chat->next);
    return &chat->next;
}

/* One server has told that it has nothing: the next one is asked. */
static void on_models(void *context)
{
    struct chat *chat = context;
    const struct route *next = chat_next(chat);
    if (next->verdict == ROUTE_ASK)
        discovery_ask_first(&chat->discovery, next->endpoint);
    if (chat->setup.on_models)
        chat->setup.on_models(chat->setup.context);
}

void chat_discover(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    if (next->endpoint && !next->endpoint->dialect->is_builtin)
        chat_ask_models(chat, next->endpoint);
}

/* The old aim stays if nothing can be had by the new one. */
static bool can_aim(struct chat *chat, struct aim aim, struct error *err)
{
    struct route route;
    discovery_decide(&chat->discovery, aim, &route);
    if (route.verdict == ROUTE_NONE)
        *err = route.err;
    return route.verdict != ROUTE_NONE;
}

/* Who names a model has said more than "any vendor". */
bool chat_set_target(struct chat *chat, const char *target, struct error *err)
{
    enum route_tier tier = chat->tier == ROUTE_CLOUD ? ROUTE_ANY : chat->tier;
    if (!can_aim(chat, (struct aim){ target, tier }, err))
        return false;
    free(chat->target);
    chat->target = memory_string(target);
    chat->tier = tier;
    return true;
}

bool chat_set_tier(struct chat *chat, enum route_tier tier, struct error *err)
{
    if (!can_aim(chat, (struct aim){ NULL, tier }, err))
        return false;
    free(chat->target);
    chat->target = NULL;
    chat->tier = tier;
    chat_discover(chat);
    return true;
}

void chat_set_system(struct chat *chat, const char *system)
{
    free(chat->system);
    chat->system = memory_string(system);
    struct event event = { .type = EVENT_SYSTEM_SET };
    event_add_string(&event, FIELD_TEXT, system);
    append(chat, &event);
}

void chat_set_title(struct chat *chat, const char *title)
{
    struct event event = { .type = EVENT_TITLE };
    event_add_string(&event, FIELD_TEXT, title);
    append(chat, &event);
}

/* Prompts. */

bool chat_prompt(struct chat *chat, struct slice text,
                 const struct chat_attachment *attachments, size_t count,
                 struct error *err)
{
    if (text.len > CHAT_PROMPT_MAX)
        return error_set(err, ERROR_LIMIT,
                         "the prompt is larger than %d MiB; attach it in parts",
                         CHAT_PROMPT_MAX / 1024 / 1024);
    struct event event = { .type = EVENT_PROMPT_QUEUED };
    event_add_text(&event, FIELD_TEXT, text);
    append(chat, &event);
    waiting_files_add(&chat->files, event.seq, attachments, count);
    return true;
}

bool chat_withdraw(struct chat *chat, struct buf *text)
{
    size_t count = graph_queue_count(chat->conversation.graph);
    if (count == 0)
        return false;
    const struct queued_prompt *prompt =
        graph_queued(chat->conversation.graph, count - 1);
    buf_append_string(text, prompt->text);
    struct event event = { .type = EVENT_PROMPT_WITHDRAWN };
    event_add_number(&event, FIELD_PROMPT, prompt->id);
    append(chat, &event);
    return true;
}

/* Runs. */

static void move_head(struct chat *chat, uint64_t node_id)
{
    struct event event = { .type = EVENT_HEAD_MOVED };
    event_add_number(&event, FIELD_NODE, node_id);
    append(chat, &event);
}

static void start_run(struct chat *chat, uint64_t node_id)
{
    chat->run = graph_run_count(chat->conversation.graph) + 1;
    chat->attempt = 0;
    chat->last_error = (struct error){ 0 };
    chat->run_started_at = loop_now(chat->setup.loop);
    chat->route = (struct route){ .verdict = ROUTE_ASK };
    struct event event = run_event(chat, EVENT_RUN_STARTED);
    event_add_number(&event, FIELD_NODE, node_id);
    append(chat, &event);
}

static void start_next_prompt(struct chat *chat)
{
    const struct queued_prompt *prompt =
        graph_queued(chat->conversation.graph, 0);
    uint64_t prompt_id = prompt->id;
    /* The graph forgets its copy while it takes the event in. */
    char *text = memory_string(prompt->text);
    struct event event = { .type = EVENT_USER_MESSAGE };
    event_add_number(&event, FIELD_PROMPT, prompt_id);
    event_add_number(&event, FIELD_PARENT,
                     graph_head(chat->conversation.graph));
    event_add_string(&event, FIELD_TEXT, text);
    append(chat, &event);
    free(text);
    waiting_files_hand_over(&chat->files, prompt_id, event.seq,
                            &chat->conversation);
    start_run(chat, event.seq);
}

static void append_end(struct chat *chat, enum event_type type,
                       const char *outcome, const struct answer_result *result)
{
    struct event event = run_event(chat, type);
    if (type == EVENT_ATTEMPT_FINISHED)
        event.attempt = chat->attempt;
    event_add_string(&event, FIELD_OUTCOME, outcome);
    if (result) {
        event_add_string(&event, FIELD_FINISH_REASON, result->finish_reason);
        event_add_string(&event, FIELD_ERROR, result->err.text);
    }
    append(chat, &event);
}

static void end_run(struct chat *chat, const char *outcome,
                    const struct answer_result *result)
{
    if (result)
        chat->last_error = result->err;
    append_end(chat, EVENT_RUN_FINISHED, outcome, result);
    drop_run(chat);
}

static void fail_run(struct chat *chat, const struct error *err)
{
    struct answer_result result = { .outcome = ANSWER_ERROR, .err = *err };
    end_run(chat, answer_outcome_name(ANSWER_ERROR), &result);
}

static struct refusal *refusal_of(struct chat *chat)
{
    for (size_t i = 0; i < chat->refusals.count; i++) {
        struct refusal *refusal = &chat->refusals.items[i];
        if (refusal->endpoint == chat->route.endpoint &&
            !strcmp(refusal->model, chat->route.model))
            return refusal;
    }
    struct refusal *refusal = array_add(&chat->refusals);
    *refusal = (struct refusal){
        .endpoint = chat->route.endpoint,
        .model = memory_string(chat->route.model),
    };
    return refusal;
}

static void write_chat_request(struct chat *chat, uint64_t leaf_id,
                               struct chat_request *request)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    const struct graph *graph = chat->conversation.graph;
    messages_catch_up(chat->messages, graph, leaf_id);
    *request = (struct chat_request){
        .base_url = endpoint->url,
        .model = chat->route.model,
        .key = endpoint_key(endpoint),
        .system = graph_system(graph),
        .messages = chat->messages,
        .omit = refusal_of(chat)->parts,
    };
    reply_read(&request->reply, chat->setup.settings, endpoint);
}

static void on_exchange_done(void *context, const struct answer_result *result);

static void start_attempt(struct chat *chat)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    chat->attempt++;
    struct event event = run_event(chat, EVENT_ATTEMPT_STARTED);
    event.attempt = chat->attempt;
    event_add_string(&event, FIELD_ENDPOINT, endpoint->name);
    event_add_string(&event, FIELD_DIALECT, endpoint->dialect->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    event_add_string(&event, FIELD_TRUST,
                     chat->route.is_vendor ? "vendor" : "own");
    append(chat, &event);

    struct chat_request request;
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    write_chat_request(chat, run->leaf_id, &request);
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
        append_end(chat, EVENT_ATTEMPT_FINISHED, "error", &failed);
        end_run(chat, "error", &failed);
    }
}

static void on_retry(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    (void)timer_id;
    chat->retry_timer = 0;
    start_attempt(chat);
}

static void schedule_attempt(struct chat *chat, int64_t delay_ms,
                             const struct error *why)
{
    struct event event = run_event(chat, EVENT_RETRY_SCHEDULED);
    event_add_number(&event, FIELD_DELAY, (uint64_t)delay_ms);
    event_add_string(&event, FIELD_ERROR, why->text);
    append(chat, &event);
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
    struct refusal *refusal = refusal_of(chat);
    if (result->refused && !(refusal->parts & result->refused) &&
        chat->attempt < CHAT_ATTEMPTS_MAX) {
        refusal->parts |= result->refused;
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

/* No tool can run yet; each call is answered all the same. */
static void answer_calls(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint32_t count = graph_call_count(graph);
    for (uint32_t id = 1; id <= count; id++) {
        const struct call *call = graph_call(graph, id);
        if (call->run != chat->run || life_is_terminal(LIFE_CALL, call->state))
            continue;
        struct buf answer = { 0 };
        registry_refuse(&chat->registry, slice_of(call->name), &answer);
        struct event event = run_event(chat, EVENT_TOOL_FINISHED);
        event_add_number(&event, FIELD_CALL, id);
        event_add_string(&event, FIELD_OUTCOME, "denied");
        event_add_text(&event, FIELD_TEXT, buf_slice(&answer));
        append(chat, &event);
        buf_clear(&answer);
    }
}

static void on_exchange_done(void *context, const struct answer_result *result)
{
    struct chat *chat = context;
    struct answer_result kept = *result;
    const char *outcome = answer_outcome_name(kept.outcome);
    exchange_free(chat->exchange);
    chat->exchange = NULL;
    append_end(chat, EVENT_ATTEMPT_FINISHED, outcome, &kept);
    if (kept.outcome == ANSWER_ERROR && try_again(chat, &kept))
        return;
    if (kept.outcome == ANSWER_COMPLETE)
        answer_calls(chat);
    end_run(chat, outcome, &kept);
}

static void append_routed(struct chat *chat)
{
    struct event event = run_event(chat, EVENT_ROUTED);
    struct buf reasons = { 0 };
    buf_append_char(&reasons, '[');
    json_append_quoted(&reasons, slice_of(chat->route.reason));
    buf_append_char(&reasons, ']');
    event_add_string(&event, FIELD_TIER,
                     chat->route.is_vendor ? "cloud" : "local");
    event_add_string(&event, FIELD_ENDPOINT, chat->route.endpoint->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    event_add_text(&event, FIELD_REASONS, buf_slice(&reasons));
    append(chat, &event);
    buf_clear(&reasons);
}

/* Consent. */

static struct event consent_event(const struct chat *chat, enum event_type type)
{
    struct event event = run_event(chat, type);
    event_add_string(&event, FIELD_ENDPOINT, chat->route.endpoint->name);
    event_add_string(&event, FIELD_MODEL, chat->route.model);
    return event;
}

static void ask_consent(struct chat *chat)
{
    struct buf words = { 0 };
    consent_words(&chat->route, &words);
    struct event event = consent_event(chat, EVENT_CONSENT_ASKED);
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    event_add_string(&event, FIELD_TRUST, "vendor");
    chat->is_asking = true;
    append(chat, &event);
    buf_clear(&words);
}

static bool may_send(struct chat *chat)
{
    struct error err = { 0 };
    if (chat->consented == chat->route.endpoint)
        return true;
    switch (consent_decide(&chat->route, chat->setup.settings,
                           chat->setup.is_interactive, &err)) {
    case CONSENT_GO: return true;
    case CONSENT_ASK: ask_consent(chat); break;
    case CONSENT_REFUSE: fail_run(chat, &err); break;
    }
    return false;
}

const struct route *chat_question(const struct chat *chat)
{
    return chat->is_asking ? &chat->route : NULL;
}

/* The prompt of a run that was not sent is no part of the conversation: who
 * sends it again must not say it twice. */
static void refuse_run(struct chat *chat, enum consent_answer answer)
{
    const struct graph *graph = chat->conversation.graph;
    struct error err = { 0 };
    uint64_t prompt_id = graph_run(graph, chat->run)->prompt_id;
    const struct node *prompt = graph_node(graph, prompt_id);
    uint64_t leaf_id = graph_deepest(graph, prompt_id);
    error_set(&err, ERROR_CANCELLED, "not sent to %s: %s",
              chat->route.endpoint->name,
              answer == CONSENT_NEVER
                  ? "you answered never; /consents takes that back"
                  : "you did not agree");
    if (graph_head(graph) == prompt_id && prompt)
        move_head(chat, leaf_id == prompt_id ? prompt->parent_id : leaf_id);
    fail_run(chat, &err);
}

void chat_answer(struct chat *chat, enum consent_answer answer)
{
    if (!chat->is_asking)
        return;
    bool is_agreed = answer != CONSENT_NONE && answer != CONSENT_NEVER;
    struct event event = consent_event(chat, EVENT_CONSENT_ANSWERED);
    event_add_string(&event, FIELD_OUTCOME, consent_name(answer));
    chat->is_asking = false;
    append(chat, &event);
    if (!is_agreed) {
        refuse_run(chat, answer);
        return;
    }
    chat->consented = chat->route.endpoint;
    chat->route = (struct route){ .verdict = ROUTE_ASK };
}

/* A run that waits for its route goes on as soon as the server has answered. */
static void route_run(struct chat *chat)
{
    discovery_decide(&chat->discovery, aim(chat), &chat->route);
    switch (chat->route.verdict) {
    case ROUTE_TO:
        if (!may_send(chat))
            break;
        append_routed(chat);
        start_attempt(chat);
        break;
    case ROUTE_ASK:
        discovery_ask_first(&chat->discovery, chat->route.endpoint);
        break;
    case ROUTE_NONE: fail_run(chat, &chat->route.err); break;
    }
}

void chat_turn(struct chat *chat)
{
    if (!chat->run && graph_queue_count(chat->conversation.graph)) {
        discovery_ask_missing(&chat->discovery, aim(chat));
        start_next_prompt(chat);
    }
    if (chat->run && chat->attempt == 0 && chat->route.verdict == ROUTE_ASK)
        route_run(chat);
}

bool chat_is_busy(const struct chat *chat)
{
    return chat->run || graph_queue_count(chat->conversation.graph) > 0;
}

bool chat_stop(struct chat *chat)
{
    if (!chat->run)
        return false;
    struct answer_result result = { .outcome = ANSWER_CUT };
    error_set(&result.err, ERROR_CANCELLED, "stopped by you");
    if (chat->exchange)
        append_end(chat, EVENT_ATTEMPT_FINISHED, "aborted", &result);
    end_run(chat, "aborted", &result);
    return true;
}

/* Branches. */

bool chat_retry_at(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (chat_is_busy(chat))
        return error_set(err, ERROR_USAGE,
                         "an answer is on its way; Esc stops it");
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is nothing to retry yet");
    uint64_t prompt_id = node->id;
    discovery_ask_missing(&chat->discovery, aim(chat));
    move_head(chat, prompt_id);
    start_run(chat, prompt_id);
    return true;
}

bool chat_retry(struct chat *chat, struct error *err)
{
    return chat_retry_at(chat, graph_head(chat->conversation.graph), err);
}

bool chat_select_sibling(struct chat *chat, uint64_t node_id, int step,
                         struct error *err)
{
    uint64_t leaf_id;
    if (!branch_step(chat->conversation.graph, node_id, step, &leaf_id, err))
        return false;
    move_head(chat, leaf_id);
    return true;
}

bool chat_go_to(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!graph_node(graph, node_id))
        return error_set(err, ERROR_USAGE, "there is no such turn");
    if (!branch_is_active(graph, node_id))
        move_head(chat, graph_deepest(graph, node_id));
    return true;
}

void chat_clear(struct chat *chat)
{
    close_conversation(chat);
    open_conversation(chat);
}

uint32_t chat_generation(const struct chat *chat)
{
    return chat->generation;
}

const struct error *chat_last_error(const struct chat *chat)
{
    return &chat->last_error;
}

int64_t chat_silence_ms(const struct chat *chat)
{
    return chat->exchange ? exchange_silence_ms(chat->exchange) : -1;
}

bool chat_describe(struct chat *chat, struct buf *out, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    struct route route;
    discovery_decide(&chat->discovery, aim(chat), &route);
    if (route.verdict != ROUTE_TO) {
        *err = route.err;
        return false;
    }
    start_next_prompt(chat);
    chat->route = route;
    struct chat_request request;
    write_chat_request(chat, graph_head(graph), &request);
    bool ok = exchange_describe(chat->route.endpoint, &request, out, err);
    drop_run(chat);
    return ok;
}
