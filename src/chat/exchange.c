/* SPDX-License-Identifier: MIT */
#include "chat/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "chat/feed.h"
#include "chat/guide_stream.h"
#include "chat/patience.h"
#include "chat/silence.h"
#include "llm/rate_limit.h"

struct exchange {
    struct exchange_setup setup;
    exchange_done_fn *fn;
    void *context;
    char *redirect; /* where the server sends us, and we do not go */
    struct decoder *decoder;
    uint32_t transfer;
    bool is_paused;
    struct feed *feed; /* instead of a transfer; or NULL */
    struct patience patience;
    uint32_t linger_timer, hint_timer;
    uint32_t first_call; /* session's number of this answer's call 1 */
    int64_t asleep_ms;   /* of the machine, when it started */
    bool has_connected, has_delta, is_silent, is_given_up;
    struct retry_wish wish;
    struct guide_stream guide;
};

static void append(struct exchange *exchange, struct event *event)
{
    event->run = exchange->setup.run;
    event->attempt = exchange->setup.attempt;
    conversation_append(exchange->setup.conversation, event);
    if (exchange->setup.structured)
        structured_take(exchange->setup.structured, event);
}

static void append_bare(struct exchange *exchange, enum event_type type)
{
    struct event event = { .type = type };
    append(exchange, &event);
}

static void connected(struct exchange *exchange)
{
    if (!exchange->has_connected)
        append_bare(exchange, EVENT_CONNECTED);
    exchange->has_connected = true;
}

static void stop_transfer(struct exchange *exchange)
{
    http_cancel(exchange->setup.http, exchange->transfer);
    feed_free(exchange->feed);
    exchange->feed = NULL;
    patience_stop(&exchange->patience);
    loop_timer_cancel(exchange->setup.loop, exchange->linger_timer);
    loop_timer_cancel(exchange->setup.loop, exchange->hint_timer);
    exchange->transfer = exchange->linger_timer = exchange->hint_timer = 0;
}

void exchange_free(struct exchange *exchange)
{
    if (!exchange)
        return;
    stop_transfer(exchange);
    decoder_free(exchange->decoder);
    guide_stream_clear(&exchange->guide);
    free(exchange->redirect);
    free(exchange);
}

static void describe_redirect(const struct exchange *exchange,
                              struct error *err)
{
    const struct endpoint *endpoint = exchange->setup.endpoint;
    struct buf place = { 0 };
    endpoint_append_harmless(endpoint, slice_of(exchange->redirect), &place);
    error_set(err, ERROR_SERVER,
              "%s sends us to %s; nothing was sent there; if that is right, "
              "make it the endpoint's url",
              endpoint->name, buf_string(&place));
    buf_clear(&place);
}

/* An error inside an answer that bears no number is one of the server. */
static int status_of(const struct answer_result *result)
{
    bool is_unnamed = result->outcome == ANSWER_ERROR &&
                      result->err.kind == ERROR_SERVER && result->status < 300;
    return is_unnamed ? 500 : result->status;
}

static void fill_failure(const struct exchange *exchange,
                         const struct http_result *http,
                         struct exchange_end *end)
{
    const struct answer_result *result = &end->result;
    end->failure = (struct retry_failure){
        .status = status_of(result),
        .is_silent = exchange->is_silent,
        .is_given_up = exchange->is_given_up,
        .is_out_of_credit = result->is_out_of_credit,
        .does_not_fit = result->is_context_overflow ||
                        result->is_out_of_memory || result->is_blind,
        .is_loading = result->is_model_loading,
        .wish = exchange->wish,
    };
    if (http && http->err.kind != ERROR_NONE) {
        end->failure.hope = http->hope;
        end->failure.is_unreached = http->head.status == 0;
    } else if (result->outcome == ANSWER_CUT) {
        end->failure.hope = HTTP_ONE_TRY;
    }
}

/* `transport` says why the transfer failed, NULL: it did not, or we ended it;
 * `http`, NULL without one, how it ended by itself. The callee may free the
 * exchange: nothing may be touched after. */
static void finish(struct exchange *exchange, const struct error *transport,
                   const struct http_result *http)
{
    struct exchange_end end = { 0 };
    stop_transfer(exchange);
    decoder_finish(exchange->decoder, transport, &end.result);
    if (exchange->redirect)
        describe_redirect(exchange, &end.result.err);
    if (end.result.outcome != ANSWER_COMPLETE) {
        if (transport)
            silence_add_sleep(clock_asleep_ms() - exchange->asleep_ms,
                              &end.result.err);
        fill_failure(exchange, http, &end);
    }
    exchange->fn(exchange->context, &end);
}

/* Whoever answered is paid for, where that is known; else who was asked. */
static double cost_of(const struct exchange *exchange,
                      const struct event *usage)
{
    const struct exchange_setup *setup = &exchange->setup;
    const struct attempt *attempt =
        graph_attempt(setup->conversation->graph, setup->run, setup->attempt);
    const char *model = attempt->model_reported;
    struct price price;
    if (!prices_find(&setup->endpoint->prices, model))
        model = attempt->model;
    bool is_known =
        endpoint_price(setup->endpoint, model, setup->is_vendor, &price);
    return price_of_usage(is_known ? &price : NULL, usage);
}

/* What is counted is priced when it arrives. */
static void add_cost(const struct exchange *exchange, struct event *usage)
{
    double cost = cost_of(exchange, usage);
    if (cost >= 0 && !event_has(usage, FIELD_COST))
        event_add_real(usage, FIELD_COST, cost);
}

/* A call's number is its decoder's; the session numbers them through. */
static void on_answer_event(void *context, struct event *event)
{
    struct exchange *exchange = context;
    for (uint32_t i = 0; i < event->field_count; i++) {
        if (event->fields[i].field == FIELD_CALL)
            event->fields[i].number += exchange->first_call - 1;
    }
    exchange->has_delta |= event->type == EVENT_TEXT_DELTA ||
                           event->type == EVENT_THINKING_DELTA ||
                           event->type == EVENT_TOOL_CALL_START;
    if (event->type == EVENT_USAGE)
        add_cost(exchange, event);
    append(exchange, event);
}

static int64_t or_else(int64_t chosen_ms, int64_t usual_ms)
{
    return chosen_ms > 0 ? chosen_ms : usual_ms;
}

static void describe_silence(const struct exchange *exchange, struct error *err)
{
    const struct endpoint *endpoint = exchange->setup.endpoint;
    int64_t silence_ms = exchange_silence_ms(exchange);
    struct buf proxy = { 0 };
    http_proxy_name(endpoint->url, endpoint->proxy, &proxy);
    silence_describe(
        &(struct silence){
            .endpoint = endpoint->name,
            .proxy = buf_string(&proxy),
            .has_begun = exchange->has_delta,
            .ms = exchange->has_delta ? silence_ms - silence_ms % 100
                                      : patience_limit_ms(&exchange->patience),
        },
        err);
    buf_clear(&proxy);
}

static void give_up_waiting(void *context)
{
    struct exchange *exchange = context;
    struct error err = { 0 };
    describe_silence(exchange, &err);
    exchange->is_silent = true;
    finish(exchange, &err, NULL);
}

static void on_stall(void *context)
{
    struct exchange *exchange = context;
    exchange->setup.on_stall(exchange->context);
}

static void start_patience(struct exchange *exchange)
{
    const struct exchange_setup *setup = &exchange->setup;
    bool is_vendor = setup->is_vendor;
    exchange->patience = (struct patience){
        .loop = setup->loop,
        .first_ms = or_else(setup->endpoint->first_token_ms,
                            is_vendor ? EXCHANGE_FIRST_VENDOR_MS
                                      : EXCHANGE_FIRST_OWN_MS),
        .gap_ms =
            or_else(setup->endpoint->gap_ms,
                    is_vendor ? EXCHANGE_GAP_VENDOR_MS : EXCHANGE_GAP_OWN_MS),
        .on_stall = setup->on_stall ? on_stall : NULL,
        .on_end = give_up_waiting,
        .context = exchange,
    };
    patience_start(&exchange->patience);
}

static void on_hint(void *context, uint32_t timer_id)
{
    struct exchange *exchange = context;
    (void)timer_id;
    exchange->hint_timer = 0;
    if (!exchange->has_delta && !exchange->setup.is_vendor)
        append_bare(exchange, EVENT_MODEL_LOADING);
}

static void take_headers(struct exchange *exchange,
                         const struct http_head *head)
{
    struct rate_limits limits = { 0 };
    struct http_header header = { 0 };
    int64_t now = clock_wall_ms();
    while (http_header_next(head, &header)) {
        retry_wish_take(&exchange->wish, header.name, header.value, now);
        rate_limits_take(&limits, header.name, header.value, now);
    }
    if (!limits.count)
        return;
    struct buf json = { 0 };
    struct event event = { .type = EVENT_RATE_LIMITS };
    rate_limits_to_json(&limits, &json);
    event_add_text(&event, FIELD_LIMITS, buf_slice(&json));
    append(exchange, &event);
    buf_clear(&json);
}

static void on_head(void *context, uint32_t id, const struct http_head *head)
{
    struct exchange *exchange = context;
    (void)id;
    decoder_head(exchange->decoder, head->status, head->content_type,
                 head->effective_url);
    take_headers(exchange, head);
    if (head->status == 200)
        connected(exchange);
}

/* A complete answer may be followed by usage; a server that then keeps the
 * connection open must not keep the user waiting. */
static void on_linger(void *context, uint32_t timer_id)
{
    struct exchange *exchange = context;
    (void)timer_id;
    exchange->linger_timer = 0;
    finish(exchange, NULL, NULL);
}

static void note_progress(struct exchange *exchange)
{
    patience_note(&exchange->patience, decoder_take_progress(exchange->decoder),
                  exchange->has_delta);
    if (!decoder_is_complete(exchange->decoder) || exchange->linger_timer)
        return;
    patience_stop(&exchange->patience);
    exchange->linger_timer = loop_timer_start(
        exchange->setup.loop, EXCHANGE_LINGER_MS, on_linger, exchange);
}

static bool on_piece(void *context, struct slice piece)
{
    struct exchange *exchange = context;
    bool goes_on = decoder_feed(exchange->decoder, piece);
    note_progress(exchange);
    return goes_on;
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    (void)id;
    return on_piece(context, piece);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct exchange *exchange = context;
    (void)id;
    exchange->transfer = 0;
    if (*result->head.location)
        exchange->redirect = memory_string(result->head.location);
    /* The decoder stopped the transfer itself when it said so in on_body. */
    bool stopped_by_us = result->err.kind == ERROR_CANCELLED;
    finish(exchange, result->transferred || stopped_by_us ? NULL : &result->err,
           stopped_by_us ? NULL : result);
}

static void on_feed_end(void *context, const struct error *err)
{
    finish(context, err, NULL);
}

static bool start_feed(struct exchange *exchange, struct wire_request *wire,
                       struct error *err)
{
    const struct exchange_setup *setup = &exchange->setup;
    struct feed_setup feed = {
        .loop = setup->loop,
        .endpoint = setup->endpoint,
        .request = buf_slice(&wire->body),
        .is_paced = setup->is_interactive,
        .on_piece = on_piece,
        .on_done = on_feed_end,
        .context = exchange,
    };
    decoder_head(exchange->decoder, 200, NULL, setup->endpoint->shown_url);
    exchange->feed = feed_start(&feed, err);
    return exchange->feed != NULL;
}

static bool start_transfer(struct exchange *exchange, struct wire_request *wire,
                           struct error *err)
{
    static const struct http_handler handler = {
        .on_head = on_head,
        .on_body = on_body,
        .on_done = on_done,
    };
    const struct exchange_setup *setup = &exchange->setup;
    struct http_request request = {
        .url = buf_string(&wire->url),
        .headers = (const char *const *)wire->headers.items,
        .body = buf_slice(&wire->body),
        .connect_ms = or_else(setup->endpoint->connect_ms,
                              endpoint_is_loopback(setup->endpoint)
                                  ? EXCHANGE_CONNECT_LOOPBACK_MS
                                  : EXCHANGE_CONNECT_MS),
        .proxy = setup->endpoint->proxy,
        .ca_file = setup->endpoint->ca_file,
        .is_secret =
            endpoint_key(setup->endpoint) && !setup->endpoint->may_send_clear,
    };
    exchange->transfer =
        http_start(setup->http, &request, &handler, exchange, err);
    return exchange->transfer != 0;
}

static bool start_answer(struct exchange *exchange, struct wire_request *wire,
                         struct error *err)
{
    if (!(feed_serves(exchange->setup.endpoint)
              ? start_feed(exchange, wire, err)
              : start_transfer(exchange, wire, err)))
        return false;
    exchange->hint_timer = loop_timer_start(
        exchange->setup.loop, EXCHANGE_HINT_MS, on_hint, exchange);
    start_patience(exchange);
    return true;
}

static void on_guide_piece(void *context, struct slice piece)
{
    struct exchange *exchange = context;
    connected(exchange);
    if (piece.len == 0) {
        struct exchange_end end = { .result = { .outcome = ANSWER_COMPLETE,
                                                .finish_reason = "stop" } };
        exchange->fn(exchange->context, &end);
        return;
    }
    struct event event = { .type = EVENT_TEXT_DELTA };
    event_add_text(&event, FIELD_TEXT, piece);
    append(exchange, &event);
}

static void start_guide(struct exchange *exchange,
                        const struct chat_request *request)
{
    exchange->guide = (struct guide_stream){
        .loop = exchange->setup.loop,
        .fn = on_guide_piece,
        .context = exchange,
        .is_paced = exchange->setup.is_interactive,
    };
    guide_stream_start(&exchange->guide, request->messages);
}

/* The key is known only now: a program may have printed it. */
static bool write_request(const struct exchange_setup *setup,
                          struct wire_request *wire, struct error *err)
{
    struct chat_request request = *setup->request;
    request.key = endpoint_key(setup->endpoint);
    return setup->endpoint->dialect->write_request(&request, wire, err);
}

struct exchange *exchange_start(const struct exchange_setup *setup,
                                exchange_done_fn *fn, void *context,
                                struct error *err)
{
    const struct dialect *dialect = setup->endpoint->dialect;
    bool leaves = setup->is_vendor || setup->endpoint->is_vendor;
    if (leaves && !setup->may_leave(context, err))
        return NULL;
    struct exchange *exchange = memory_zero(1, sizeof *exchange);
    exchange->setup = *setup;
    exchange->fn = fn;
    exchange->context = context;
    exchange->asleep_ms = clock_asleep_ms();
    exchange->first_call = graph_call_count(setup->conversation->graph) + 1;
    if (dialect->is_builtin) {
        start_guide(exchange, setup->request);
        return exchange;
    }
    exchange->decoder = decoder_new(dialect, on_answer_event, exchange);
    decoder_offer(exchange->decoder, setup->request->tools,
                  setup->request->tool_count);
    struct wire_request wire = { 0 };
    bool ok = endpoint_check_key(setup->endpoint, err) &&
              write_request(setup, &wire, err) &&
              start_answer(exchange, &wire, err);
    wire_request_clear(&wire);
    decoder_key(exchange->decoder, setup->endpoint->name,
                endpoint_key(setup->endpoint));
    if (ok)
        return exchange;
    exchange_free(exchange);
    return NULL;
}

int64_t exchange_silence_ms(const struct exchange *exchange)
{
    return exchange->patience.loop ? patience_silence_ms(&exchange->patience)
                                   : 0;
}

bool exchange_is_overdue(const struct exchange *exchange)
{
    return exchange_silence_ms(exchange) >=
           patience_limit_ms(&exchange->patience);
}

void exchange_wait(struct exchange *exchange)
{
    patience_renew(&exchange->patience);
}

void exchange_give_up(struct exchange *exchange)
{
    exchange->is_given_up = true;
    give_up_waiting(exchange);
}

int64_t exchange_dead_ms(const struct exchange *exchange)
{
    return exchange->patience.loop ? patience_dead_ms(&exchange->patience) : 0;
}

void exchange_pause(struct exchange *exchange, bool is_paused)
{
    if (exchange->is_paused == is_paused)
        return;
    exchange->is_paused = is_paused;
    http_pause(exchange->setup.http, exchange->transfer, is_paused);
}
