/* SPDX-License-Identifier: MIT */
#include "chat/chat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
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

struct chat *chat_new(const struct chat_setup *setup)
{
    struct chat *chat = memory_zero(1, sizeof *chat);
    chat->setup = *setup;
    chat->target = memory_string(setup->target);
    chat->system = memory_string(
        setup->system ? setup->system
                      : settings_text(setup->settings, "system", ""));
    chat->discovery = (struct discovery){
        .loop = setup->loop,
        .http = setup->http,
        .settings = setup->settings,
        .endpoints = setup->endpoints,
        .on_change = setup->on_models,
        .context = setup->context,
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

static void decide(struct chat *chat, const char *target, struct route *route)
{
    discovery_decide(&chat->discovery, target, route);
}

const struct route *chat_next(struct chat *chat)
{
    decide(chat, chat->target, &chat->next);
    return &chat->next;
}

void chat_discover(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    if (next->endpoint && !next->endpoint->dialect->is_builtin)
        chat_ask_models(chat, next->endpoint);
}

bool chat_set_target(struct chat *chat, const char *target, struct error *err)
{
    struct route route;
    decide(chat, target, &route);
    if (route.verdict == ROUTE_NONE) {
        *err = route.err;
        return false;
    }
    free(chat->target);
    chat->target = memory_string(target);
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

/* A run that waits for its route goes on as soon as the server has answered. */
static void route_run(struct chat *chat)
{
    decide(chat, chat->target, &chat->route);
    switch (chat->route.verdict) {
    case ROUTE_TO:
        append_routed(chat);
        start_attempt(chat);
        break;
    case ROUTE_ASK:
        if (!chat_models(chat, chat->route.endpoint) ||
            models_state(chat_models(chat, chat->route.endpoint)) ==
                MODELS_UNASKED)
            chat_ask_models(chat, chat->route.endpoint);
        break;
    case ROUTE_NONE: fail_run(chat, &chat->route.err); break;
    }
}

void chat_turn(struct chat *chat)
{
    if (!chat->run && graph_queue_count(chat->conversation.graph)) {
        if (graph_run_count(chat->conversation.graph) > 0)
            discovery_ask_missing(&chat->discovery, chat->target);
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

static void move_head(struct chat *chat, uint64_t node_id)
{
    struct event event = { .type = EVENT_HEAD_MOVED };
    event_add_number(&event, FIELD_NODE, node_id);
    append(chat, &event);
}

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
    discovery_ask_missing(&chat->discovery, chat->target);
    move_head(chat, prompt_id);
    start_run(chat, prompt_id);
    return true;
}

bool chat_retry(struct chat *chat, struct error *err)
{
    return chat_retry_at(chat, graph_head(chat->conversation.graph), err);
}

/* Why there is no sibling a step away. */
static bool refuse_step(const struct node *node, uint32_t count, bool is_back,
                        struct error *err)
{
    const char *what = node->kind == NODE_ASSISTANT ? "answer"
                       : node->kind == NODE_USER    ? "prompt"
                                                    : "version";
    if (count == 1)
        return error_set(err, ERROR_USAGE, "this is the only %s here", what);
    return error_set(err, ERROR_USAGE, "this is the %s of %" PRIu32 " %ss",
                     is_back ? "first" : "last", count, what);
}

bool chat_select_sibling(struct chat *chat, uint64_t node_id, int step,
                         struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is no turn to switch yet");
    uint32_t count = graph_sibling_count(graph, node);
    int64_t wanted = (int64_t)node->sibling + step;
    if (wanted < 0 || wanted >= count)
        return refuse_step(node, count, step < 0, err);
    move_head(chat, graph_deepest(
                        graph, graph_sibling(graph, node, (uint32_t)wanted)));
    return true;
}

static bool is_on_path(const struct graph *graph, uint64_t node_id)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    while (node && node->id > node_id)
        node = graph_node(graph, node->parent_id);
    return node && node->id == node_id;
}

bool chat_go_to(struct chat *chat, uint64_t node_id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!graph_node(graph, node_id))
        return error_set(err, ERROR_USAGE, "there is no such turn");
    if (!is_on_path(graph, node_id))
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
    decide(chat, chat->target, &route);
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
