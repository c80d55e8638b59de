/* SPDX-License-Identifier: MIT */
#include "chat/recap.h"

#include <string.h>

#include "chat/casting.h"
#include "chat/chat_state.h"
#include "chat/consent.h"
#include "chat/feed.h"
#include "chat/filling.h"
#include "chat/recap_source.h"

enum {
    WORDS_OF = 3,           /* so many words */
    TOKENS_OF = 4,          /* in so many tokens */
    SUMMARIES = 2,          /* of the length that is asked for have room, */
    THINKING_TOKENS = 1024, /* and so much thinking, */
    WINDOW_SHARE = 4,       /* where it is no more of the window */
    SHORTENED_MOST = 4,     /* times that it is sent with half of it */
};

static struct recap *of(struct chat *chat)
{
    return &chat->compacting.recap;
}

void recap_route(struct chat *chat, const struct route *usual,
                 struct route *route)
{
    const char *by = settings_text(chat->setup.settings, "context.by", "");
    if (*by)
        discovery_decide(&chat->discovery, chat_aim_at(chat, by), route);
    else
        *route = *usual;
}

static uint64_t last_of(const struct stretch *stretch)
{
    return stretch->apart < stretch->nodes.count ? *array_last(&stretch->nodes)
                                                 : stretch->last_id;
}

static bool may_leave(void *context, struct error *err)
{
    struct chat *chat = context;
    struct route route = of(chat)->route;
    route.is_vendor = true;
    return gate_allows_at(chat, &route, last_of(&of(chat)->stretch), err);
}

/* Nobody is asked anything here: what would be a question is a refusal. */
static bool is_allowed(struct chat *chat, struct error *err)
{
    const struct route *route = &of(chat)->route;
    if (route->endpoint->dialect->is_builtin || feed_serves(route->endpoint))
        return error_set(err, ERROR_USAGE,
                         "%s writes no summaries; context.by names a model "
                         "that does",
                         route->endpoint->name);
    if (!gate_allows_at(chat, route, last_of(&of(chat)->stretch), err))
        return false;
    switch (consent_decide(route, chat->setup.settings, true, err)) {
    case CONSENT_GO: return true;
    case CONSENT_REFUSE: return false;
    case CONSENT_ASK: break;
    }
    return chat->consented == route->endpoint ||
           error_set(err, ERROR_CONFIG,
                     "%s has not been agreed to in this conversation; "
                     "context.by names a model that may sum it up",
                     route->endpoint->name);
}

/* The others see to the run under way: for so long this is it. */
struct place {
    uint32_t run, attempt;
    struct route route;
};

static struct place step_in(struct chat *chat)
{
    struct place place = { chat->run, chat->attempt, chat->route };
    chat->run = of(chat)->run;
    chat->attempt = of(chat)->attempt;
    chat->route = of(chat)->route;
    return place;
}

static void step_out(struct chat *chat, const struct place *place)
{
    chat->run = place->run;
    chat->attempt = place->attempt;
    chat->route = place->route;
}

/* The end of its run, and of its attempt if one is under way. */
static void end_run(struct chat *chat, const char *outcome,
                    const struct answer_result *result)
{
    struct recap *recap = of(chat);
    if (!recap->run)
        return;
    exchange_free(recap->exchange);
    recap->exchange = NULL;
    struct place place = step_in(chat);
    run_append_end(chat, EVENT_ATTEMPT_FINISHED, outcome, result);
    run_append_end(chat, EVENT_RUN_FINISHED, outcome, result);
    step_out(chat, &place);
}

static void on_done(void *context, const struct exchange_end *end);

static void append_started(struct chat *chat,
                           const struct chat_request *request)
{
    struct place place = step_in(chat);
    struct event run = chat_run_event(chat, EVENT_RUN_STARTED);
    event_add_number(&run, FIELD_NODE, last_of(&of(chat)->stretch));
    event_add_number(&run, FIELD_SPAWNED, true);
    chat_append(chat, &run);
    attempts_append_started(chat, request);
    step_out(chat, &place);
}

/* Room for its answer, thinking included. */
static uint64_t reply_tokens(const struct recap *recap)
{
    uint64_t window = recap->route.window;
    uint64_t least = SUMMARIES * recap->allowance;
    uint64_t usual = recap->allowance + THINKING_TOKENS;
    if (window && usual > window / WINDOW_SHARE)
        usual = window / WINDOW_SHARE;
    return usual > least ? usual : least;
}

/* As many tokens of an estimate as its window has room for. */
static uint64_t prompt_tokens(const struct chat *chat,
                              const struct recap *recap)
{
    uint64_t reply = reply_tokens(recap), window = recap->route.window;
    uint64_t room = window > reply ? window - reply : 1;
    struct calibration calibration = calibrating_of(chat, &recap->route);
    struct extent all = { room, 1, true };
    uint64_t taken = calibration_tokens(&calibration, &all) +
                     calibration_margin(&calibration, &all) / 2;
    return taken > room ? room * room / taken : room;
}

/* 0: any number. */
static uint64_t most_tokens(const struct chat *chat, const struct recap *recap)
{
    uint64_t most = recap->route.window ? prompt_tokens(chat, recap) : 0;
    return recap->shortened ? recap->sent / 2 : most;
}

static void write_prompt(struct chat *chat, struct slice wish, struct buf *text)
{
    struct recap *recap = of(chat);
    const struct route *route = &recap->route;
    recap->left_out = recap_source_write(
        chat->conversation.graph, &recap->stretch,
        &(struct recap_wish){
            .words = recap->allowance * WORDS_OF / TOKENS_OF,
            .besides = wish,
            .family = chat_token_family(chat, route->endpoint, route->model),
            .most = most_tokens(chat, recap),
        },
        text);
    recap->sent = tokens_estimate(buf_slice(text));
}

static void say_prompt(struct slice text, struct conversation *aside)
{
    struct event event = { .type = EVENT_USER_MESSAGE };
    event_add_number(&event, FIELD_PARENT, 0);
    event_add_text(&event, FIELD_TEXT, text);
    conversation_init(aside);
    conversation_append(aside, &event);
}

static bool ask(struct chat *chat, const struct messages *messages,
                struct error *err)
{
    struct recap *recap = of(chat);
    const struct endpoint *endpoint = recap->route.endpoint;
    reply_read(&recap->reply, chat->setup.settings, chat_role_reply(chat),
               endpoint);
    recap->reply.settings.max_tokens = (int64_t)reply_tokens(recap);
    struct chat_request request = {
        .endpoint = endpoint->name,
        .base_url = endpoint->url,
        .like = endpoint->like,
        .model = recap->route.model,
        .key = endpoint_key(endpoint),
        .messages = messages,
        .reply = recap->reply.settings,
        .omit = refusals_of(&chat->refusals, endpoint, recap->route.model),
    };
    recap->run = graph_run_count(chat->conversation.graph) + 1;
    recap->attempt = 1;
    append_started(chat, &request);
    struct exchange_setup setup = {
        .loop = chat->setup.loop,
        .http = chat->setup.http,
        .conversation = &chat->conversation,
        .endpoint = endpoint,
        .request = &request,
        .run = recap->run,
        .attempt = recap->attempt,
        .is_vendor = recap->route.is_vendor,
        .may_leave = may_leave,
        .is_interactive = chat->setup.is_interactive,
    };
    recap->exchange = exchange_start(&setup, on_done, chat, err);
    return recap->exchange != NULL;
}

/* What it may cost is looked at as for any other request. */
static bool send(struct chat *chat, struct error *err)
{
    struct recap *recap = of(chat);
    struct conversation aside = { 0 };
    struct buf text = { 0 };
    write_prompt(chat, buf_slice(&chat->compacting.wish), &text);
    say_prompt(buf_slice(&text), &aside);
    struct messages *messages = messages_new();
    messages_catch_up(messages, aside.graph, graph_head(aside.graph));
    bool ok = !spending_bars(chat, &recap->route, recap->sent, err) &&
              ask(chat, messages, err);
    messages_free(messages);
    conversation_clear(&aside);
    buf_clear(&text);
    if (ok || !recap->run)
        return ok;
    struct answer_result failed = { .outcome = ANSWER_ERROR, .err = *err };
    end_run(chat, answer_outcome_name(ANSWER_ERROR), &failed);
    return false;
}

/* A server that finds it too long gets half of it. */
static void on_done(void *context, const struct exchange_end *end)
{
    struct chat *chat = context;
    struct recap *recap = of(chat);
    const char *outcome = answer_outcome_name(end->result.outcome);
    end_run(chat, outcome, &end->result);
    if (end->result.is_context_overflow && recap->shortened < SHORTENED_MOST) {
        recap->shortened++;
        recap->run = 0;
        if (send(chat, &recap->err))
            return;
    }
    recap->has_ended = true;
    recap->err = end->result.err;
    recap->is_cut = !strcmp(end->result.finish_reason, "length") ||
                    !strcmp(end->result.finish_reason, "max_tokens");
    if (end->result.outcome == ANSWER_COMPLETE)
        recap->err = (struct error){ 0 };
    compacting_on_recap(chat);
}

/* Whose the model is and how large its window, own servers tell. */
static bool must_wait(struct chat *chat, const struct route *route)
{
    return route->verdict == ROUTE_ASK ||
           (route->verdict == ROUTE_TO && !route->is_vendor &&
            !route->endpoint->dialect->has_no_list &&
            !discovery_has_told(&chat->discovery, route->endpoint));
}

/* False, in words: it cannot be. Else it is sent, or waits. */
static bool go_on(struct chat *chat, const struct route *usual,
                  struct error *err)
{
    struct recap *recap = of(chat);
    recap_route(chat, usual, &recap->route);
    recap->is_waiting = must_wait(chat, &recap->route);
    if (recap->is_waiting)
        discovery_ask_first(&chat->discovery, recap->route.endpoint);
    else if (recap->route.verdict == ROUTE_NONE)
        *err = recap->route.err;
    return recap->is_waiting || (recap->route.verdict == ROUTE_TO &&
                                 is_allowed(chat, err) && send(chat, err));
}

bool recap_start(struct chat *chat, struct stretch *take_stretch,
                 const struct route *usual, uint64_t allowance,
                 struct error *err)
{
    struct recap *recap = of(chat);
    recap_drop(chat);
    recap->stretch = *take_stretch;
    *take_stretch = (struct stretch){ 0 };
    recap->allowance = allowance;
    return go_on(chat, usual, err);
}

void recap_turn(struct chat *chat)
{
    struct recap *recap = of(chat);
    if (!recap->is_waiting ||
        !discovery_has_told(&chat->discovery, recap->route.endpoint))
        return;
    recap->has_ended = !go_on(chat, compacting_usual(chat), &recap->err);
    if (recap->has_ended)
        compacting_on_recap(chat);
}

bool recap_is_under_way(const struct recap *recap)
{
    return recap->exchange || recap->is_waiting;
}

void recap_stop(struct chat *chat)
{
    struct recap *recap = of(chat);
    struct answer_result result = { .outcome = ANSWER_CUT };
    if (!recap_is_under_way(recap))
        return;
    error_set(&result.err, ERROR_CANCELLED, "stopped by you");
    recap->err = result.err;
    recap->has_ended = true;
    recap->is_waiting = false;
    end_run(chat, "aborted", &result);
}

void recap_drop(struct chat *chat)
{
    struct recap *recap = of(chat);
    exchange_free(recap->exchange);
    stretch_clear(&recap->stretch);
    reply_clear(&recap->reply);
    *recap = (struct recap){ 0 };
}

uint64_t recap_node(const struct chat *chat)
{
    const struct recap *recap = &chat->compacting.recap;
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, recap->run, recap->attempt);
    return attempt ? attempt->node_id : 0;
}

struct slice recap_text(const struct chat *chat)
{
    const struct node *node =
        graph_node(chat->conversation.graph, recap_node(chat));
    for (size_t i = node ? node->blocks.count : 0; i-- > 0;)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            return slice_trim(buf_slice(&node->blocks.items[i].text));
    return slice_of("");
}
