/* SPDX-License-Identifier: MIT */
#include "chat/model_life.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/model_order.h"

struct model_life {
    struct loop *loop;
    struct http *http;
    model_life_fn *on_change;
    void *context;
    int state; /* enum model_state */
    int64_t since;
    uint32_t refused;
    const struct endpoint *endpoint;
    char *model;
    struct error err;
    bool is_out_of_memory;
    struct model_order *order; /* NULL: an answer loads it, or nothing does */
};

struct model_life *model_life_new(struct loop *loop, struct http *http,
                                  model_life_fn *on_change, void *context)
{
    struct model_life *life = memory_zero(1, sizeof *life);
    life->loop = loop;
    life->http = http;
    life->on_change = on_change;
    life->context = context;
    life->since = loop_now(loop);
    life->model = memory_string("");
    return life;
}

static void stop(struct model_life *life)
{
    model_order_free(life->order);
    life->order = NULL;
}

void model_life_free(struct model_life *life)
{
    if (!life)
        return;
    stop(life);
    free(life->model);
    free(life);
}

/* Everything goes through the table. False: it does not allow it. */
static bool move(struct model_life *life, enum model_input input)
{
    switch (life_move(LIFE_MODEL, &life->state, (int)input)) {
    case LIFE_MOVED: life->since = loop_now(life->loop); return true;
    case LIFE_STAYED: return true;
    case LIFE_ILLEGAL:
    case LIFE_LATE: break;
    }
    life->refused++;
    return false;
}

static void set_subject(struct model_life *life,
                        const struct endpoint *endpoint, const char *model)
{
    char *name = memory_string(model);
    free(life->model);
    life->model = name;
    life->endpoint = endpoint;
    life->err = (struct error){ 0 };
    life->is_out_of_memory = false;
}

static bool is_subject(const struct model_life *life,
                       const struct endpoint *endpoint, const char *model)
{
    return life->endpoint == endpoint && !strcmp(life->model, model);
}

/* Orders to the server. */

static bool is_unloading(const struct model_life *life)
{
    return life->state == MODEL_TEARING_DOWN;
}

static void on_news(void *context, const struct model_order_news *news)
{
    struct model_life *life = context;
    if (!news->has_ended) {
        if (!is_unloading(life))
            move(life, MODEL_ON_PROGRESS);
    } else {
        if (news->err)
            life->err = *news->err;
        life->is_out_of_memory = news->is_out_of_memory;
        move(life, is_unloading(life) ? MODEL_ON_GONE
                   : news->err        ? MODEL_ON_FAIL
                                      : MODEL_ON_LOADED);
        stop(life);
    }
    life->on_change(life->context);
}

static void begin_order(struct model_life *life)
{
    stop(life);
    life->order =
        model_order_start(life->loop, life->http, life->endpoint, life->model,
                          is_unloading(life), on_news, life);
}

static bool refuse_builtin(const struct endpoint *endpoint, struct error *err)
{
    if (endpoint->dialect->has_no_list)
        return error_set(err, ERROR_USAGE,
                         "%s has no models that could be loaded",
                         endpoint->name);
    if (!endpoint->dialect->is_builtin)
        return true;
    return error_set(err, ERROR_USAGE,
                     "%s is inside this program: there is nothing to load",
                     endpoint->name);
}

bool model_life_load(struct model_life *life, const struct endpoint *endpoint,
                     const char *model, struct error *err)
{
    if (!refuse_builtin(endpoint, err))
        return false;
    if (!move(life, MODEL_ON_LOAD))
        return error_set(err, ERROR_USAGE,
                         is_unloading(life) ? "%s is being unloaded"
                                            : "%s is answering; stop it first",
                         life->model);
    set_subject(life, endpoint, model);
    begin_order(life);
    return true;
}

bool model_life_unload(struct model_life *life, const struct endpoint *endpoint,
                       const char *model, struct error *err)
{
    bool is_busy =
        life->state == MODEL_LOADING || life->state == MODEL_CHATTING;
    if (!refuse_builtin(endpoint, err))
        return false;
    if (is_unloading(life) || (is_busy && !is_subject(life, endpoint, model)))
        return error_set(err, ERROR_USAGE,
                         is_unloading(life) ? "%s is being unloaded"
                                            : "%s is at work; stop it first",
                         life->model);
    stop(life);
    set_subject(life, endpoint, model);
    move(life, MODEL_ON_TEARDOWN);
    begin_order(life);
    return true;
}

bool model_life_abort(struct model_life *life)
{
    bool was_loading = life->state == MODEL_LOADING;
    move(life, MODEL_ON_ABORT);
    if (was_loading)
        stop(life);
    return was_loading;
}

void model_life_reset(struct model_life *life)
{
    move(life, MODEL_ON_RESET);
    if (is_unloading(life))
        return;
    stop(life);
    set_subject(life, NULL, "");
}

/* Answers. */

static void on_attempt(struct model_life *life, const struct endpoint *endpoint,
                       const char *model)
{
    bool is_ready =
        life->state == MODEL_READY && is_subject(life, endpoint, model);
    if (is_ready) {
        move(life, MODEL_ON_CHAT);
        return;
    }
    if (!move(life, MODEL_ON_LOAD))
        return;
    stop(life);
    set_subject(life, endpoint, model);
    /* Nobody sees a vendor load. */
    if (endpoint->is_vendor || endpoint->dialect->is_builtin) {
        move(life, MODEL_ON_LOADED);
        move(life, MODEL_ON_CHAT);
    }
}

static void on_delta(struct model_life *life)
{
    if (life->state == MODEL_LOADING && !life->order) {
        move(life, MODEL_ON_LOADED);
        move(life, MODEL_ON_CHAT);
    }
}

/* One that answered nothing and failed is not known to be there. */
static void on_end(struct model_life *life, const struct event *event)
{
    struct slice outcome = event_text(event, FIELD_OUTCOME);
    struct slice why = event_text(event, FIELD_ERROR);
    if (life->state == MODEL_CHATTING) {
        move(life,
             slice_is(outcome, "aborted") ? MODEL_ON_ABORT : MODEL_ON_CHAT_END);
    } else if (life->state == MODEL_LOADING && !life->order) {
        if (slice_is(outcome, "aborted")) {
            move(life, MODEL_ON_ABORT);
        } else if (slice_is(outcome, "complete")) {
            move(life, MODEL_ON_LOADED);
        } else {
            error_set(&life->err, ERROR_SERVER, "%.*s", SLICE_ARG(why));
            move(life, MODEL_ON_FAIL);
        }
    }
}

void model_life_take(struct model_life *life, const struct endpoints *endpoints,
                     const struct event *event)
{
    struct slice model = event_text(event, FIELD_MODEL);
    const struct endpoint *endpoint;
    char *name;
    switch (event->type) {
    case EVENT_ATTEMPT_STARTED:
        endpoint = endpoints_find(endpoints, event_text(event, FIELD_ENDPOINT));
        name = memory_copy(model.ptr, model.len);
        if (endpoint)
            on_attempt(life, endpoint, name);
        free(name);
        break;
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA:
    case EVENT_TOOL_CALL_START: on_delta(life); break;
    case EVENT_ATTEMPT_FINISHED: on_end(life, event); break;
    default: break;
    }
}

/* What is known. */

bool model_life_is_moving(const struct model_life *life)
{
    return life->order != NULL;
}

enum model_state model_life_state(const struct model_life *life)
{
    return (enum model_state)life->state;
}

const struct endpoint *model_life_endpoint(const struct model_life *life)
{
    return life->endpoint;
}

const char *model_life_model(const struct model_life *life)
{
    return life->model;
}

const struct error *model_life_error(const struct model_life *life)
{
    return &life->err;
}

bool model_life_is_out_of_memory(const struct model_life *life)
{
    return life->is_out_of_memory;
}

void model_life_explain(struct model_life *life, const struct error *err)
{
    life->err = *err;
}

int64_t model_life_since(const struct model_life *life)
{
    return loop_now(life->loop) - life->since;
}

uint32_t model_life_refused(const struct model_life *life)
{
    return life->refused;
}
