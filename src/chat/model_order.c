/* SPDX-License-Identifier: MIT */
#include "chat/model_order.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "chat/errand.h"
#include "llm/model_list.h"
#include "llm/ollama.h"

/* What was last asked of the server. */
enum step {
    STEP_IDENTIFY, /* who it is, and what it has */
    STEP_ORDER,    /* load or unload */
    STEP_LOOK,     /* is a router's model loaded now? */
};

struct model_order {
    struct loop *loop;
    struct http *http;
    const struct endpoint *endpoint;
    char *model;
    bool is_unloading;
    model_order_fn *fn;
    void *context;
    enum step step;
    enum model_server server;
    int64_t deadline; /* monotonic ms */
    struct errand *errand;
    uint32_t timer;
};

void model_order_free(struct model_order *order)
{
    if (!order)
        return;
    errand_free(order->errand);
    loop_timer_cancel(order->loop, order->timer);
    free(order->model);
    free(order);
}

/* The callee may free the order: nothing may be touched after. */
static void end(struct model_order *order, struct error *err,
                bool out_of_memory)
{
    struct model_order_news news = { .has_ended = true,
                                     .err = err,
                                     .is_out_of_memory = out_of_memory };
    if (err)
        error_context(err, "%s %s", order->is_unloading ? "unload" : "load",
                      order->model);
    order->fn(order->context, &news);
}

static void finish(struct model_order *order, struct error *err)
{
    end(order, err, false);
}

static void tell_progress(struct model_order *order)
{
    order->fn(order->context, &(struct model_order_news){ 0 });
}

/* Who cannot be told, and what to do instead. */
static bool can_be_told(const struct model_order *order, struct error *err)
{
    const char *name = order->endpoint->name;
    switch (order->server) {
    case SERVER_OLLAMA:
    case SERVER_LLAMA_ROUTER:
    case SERVER_LM_STUDIO: return true;
    case SERVER_LLAMA:
        return error_set(err, ERROR_USAGE,
                         "%s is a llama-server with one model, which it has "
                         "loaded since it started; its router "
                         "(--models-dir) loads and unloads",
                         name);
    case SERVER_VLLM:
        return error_set(err, ERROR_USAGE,
                         "%s is a vLLM: it has the model with which it was "
                         "started, and cannot change it",
                         name);
    case SERVER_PLAIN: break;
    }
    return error_set(err, ERROR_USAGE,
                     "%s cannot be told to load or unload a model", name);
}

static void append_model(struct buf *body, const char *member,
                         const char *model)
{
    buf_printf(body, "{\"%s\":", member);
    json_append_quoted(body, slice_of(model));
}

static const char *order_of_ollama(const struct model_order *order,
                                   struct buf *body)
{
    struct reply_settings reply = {
        .keep_alive = order->is_unloading ? "0" : order->endpoint->keep_alive,
        .num_ctx = order->is_unloading ? -1 : order->endpoint->num_ctx,
    };
    ollama_write_load(body, order->model, &reply);
    return "/api/chat";
}

static const char *order_of_router(const struct model_order *order,
                                   struct buf *body)
{
    append_model(body, "model", order->model);
    buf_append_char(body, '}');
    return order->is_unloading ? "/models/unload" : "/models/load";
}

/* The first instance of a model has its name. */
static const char *order_of_lm_studio(const struct model_order *order,
                                      struct buf *body)
{
    int64_t window = order->endpoint->num_ctx;
    append_model(body, order->is_unloading ? "instance_id" : "model",
                 order->model);
    if (window > 0 && !order->is_unloading)
        buf_printf(body, ",\"context_length\":%lld", (long long)window);
    buf_append_char(body, '}');
    return order->is_unloading ? "/api/v1/models/unload"
                               : "/api/v1/models/load";
}

static void on_answer(void *context, const struct errand_answer *answer);

static void ask(struct model_order *order, enum step step,
                struct errand_request *request)
{
    int64_t left = order->deadline - loop_now(order->loop);
    order->step = step;
    request->wait_ms = left > 1 ? left : 1;
    request->what = order->is_unloading ? "unload the model" : "load the model";
    errand_free(order->errand);
    order->errand = errand_start(order->loop, order->http, order->endpoint,
                                 request, on_answer, order);
}

static void give_order(struct model_order *order)
{
    struct buf body = { 0 };
    struct errand_request request = { 0 };
    if (order->server == SERVER_OLLAMA)
        request.path = order_of_ollama(order, &body);
    else if (order->server == SERVER_LM_STUDIO)
        request.path = order_of_lm_studio(order, &body);
    else
        request.path = order_of_router(order, &body);
    request.is_at_root = order->server == SERVER_LLAMA_ROUTER;
    request.body = buf_slice(&body);
    ask(order, STEP_ORDER, &request);
    buf_clear(&body);
}

static void look(struct model_order *order, enum step step)
{
    struct errand_request request = { .path = "/models" };
    ask(order, step, &request);
}

static void on_poll(void *context, uint32_t timer_id)
{
    struct model_order *order = context;
    (void)timer_id;
    order->timer = 0;
    look(order, STEP_LOOK);
}

static void look_later(struct model_order *order)
{
    order->timer =
        loop_timer_start(order->loop, MODEL_ORDER_POLL_MS, on_poll, order);
}

/* What the list says of it: who the server is, and how its model is. */
static bool read_list(struct model_order *order, struct slice body,
                      enum model_presence *presence, struct error *err)
{
    struct model_list list = { 0 };
    bool ok = model_list_read(&list, body, err);
    const struct model_row *row =
        ok ? model_list_find(&list, slice_of(order->model)) : NULL;
    *presence = row ? row->presence : PRESENCE_UNKNOWN;
    if (ok)
        order->server = list.server;
    if (ok && !row && list.server == SERVER_LLAMA_ROUTER)
        ok = error_set(err, ERROR_SERVER, "%s has no model of that name",
                       order->endpoint->name);
    model_list_clear(&list);
    return ok;
}

static bool is_done(const struct model_order *order,
                    enum model_presence presence)
{
    if (order->is_unloading)
        return presence == PRESENCE_UNLOADED || presence == PRESENCE_FAILED;
    return presence == PRESENCE_LOADED || presence == PRESENCE_ASLEEP;
}

static void on_identified(struct model_order *order, struct slice body)
{
    struct error err = { 0 };
    enum model_presence presence;
    if (!read_list(order, body, &presence, &err) || !can_be_told(order, &err)) {
        finish(order, &err);
        return;
    }
    if (order->server == SERVER_LLAMA_ROUTER && is_done(order, presence))
        finish(order, NULL);
    else
        give_order(order);
}

/* A router says yes at once, and whether it went well in its list. */
static void on_looked(struct model_order *order, struct slice body)
{
    struct error err = { 0 };
    enum model_presence presence;
    if (!read_list(order, body, &presence, &err)) {
        finish(order, &err);
    } else if (presence == PRESENCE_FAILED && !order->is_unloading) {
        error_set(&err, ERROR_SERVER,
                  "%s could not load it: its log says why (a broken file, or "
                  "too little memory)",
                  order->endpoint->name);
        finish(order, &err);
    } else if (is_done(order, presence)) {
        finish(order, NULL);
    } else {
        look_later(order);
        tell_progress(order);
    }
}

static void on_ordered(struct model_order *order, struct slice body)
{
    struct error err = { 0 };
    bool out_of_memory = false;
    if (order->server == SERVER_LLAMA_ROUTER)
        look_later(order);
    else if (order->server == SERVER_OLLAMA &&
             !ollama_read_load(body, &err, &out_of_memory))
        end(order, &err, out_of_memory);
    else
        finish(order, NULL);
}

/* What only a newer LM Studio knows. */
static void explain_refusal(const struct model_order *order, int status,
                            struct error *err)
{
    if (order->server == SERVER_LM_STUDIO && status == 404)
        error_set(err, ERROR_SERVER,
                  "%s does not know this: LM Studio can be told from 0.4 on; "
                  "before, it loads a model with its first prompt",
                  order->endpoint->name);
}

static void on_answer(void *context, const struct errand_answer *answer)
{
    struct model_order *order = context;
    struct error err = { 0 };
    enum step step = order->step;
    if (answer->err) {
        err = *answer->err;
        explain_refusal(order, answer->status, &err);
        end(order, &err, answer->is_out_of_memory);
    } else if (step == STEP_IDENTIFY) {
        on_identified(order, answer->body);
    } else if (step == STEP_ORDER) {
        on_ordered(order, answer->body);
    } else {
        on_looked(order, answer->body);
    }
}

struct model_order *model_order_start(struct loop *loop, struct http *http,
                                      const struct endpoint *endpoint,
                                      const char *model, bool is_unloading,
                                      model_order_fn *fn, void *context)
{
    struct model_order *order = memory_zero(1, sizeof *order);
    order->loop = loop;
    order->http = http;
    order->endpoint = endpoint;
    order->model = memory_string(model);
    order->is_unloading = is_unloading;
    order->fn = fn;
    order->context = context;
    order->deadline = loop_now(loop) + (is_unloading ? MODEL_ORDER_UNLOAD_MS
                                                     : MODEL_ORDER_LOAD_MS);
    order->server = SERVER_OLLAMA;
    if (endpoint->dialect == &dialect_ollama)
        give_order(order);
    else
        look(order, STEP_IDENTIFY);
    return order;
}
