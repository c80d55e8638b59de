/* SPDX-License-Identifier: MIT */
/*
 * loading - the model that a chat works with: loaded and unloaded by the user's
 * word while prompts wait, and unloaded at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/chat_state.h"
#include "chat/shortage.h"

/* That prompts waited for it is part of their story. */
static void append_state(struct chat *chat)
{
    const struct model_life *life = chat->life;
    enum model_state state = model_life_state(life);
    struct event event = { .type = EVENT_MODEL_STATE };
    event_add_string(&event, FIELD_ENDPOINT, model_life_endpoint(life)->name);
    event_add_string(&event, FIELD_MODEL, model_life_model(life));
    event_add_string(&event, FIELD_STATE,
                     life_state_name(LIFE_MODEL, (int)state));
    event_add_string(&event, FIELD_ERROR, model_life_error(life)->text);
    chat_append(chat, &event);
}

void loading_offer(struct chat *chat, const struct endpoint *endpoint,
                   const char *model, struct error *err)
{
    const struct models *models = discovery_models(&chat->discovery, endpoint);
    size_t count = models ? models_count(models) : 0;
    struct shortage shortage = {
        .endpoint = endpoint,
        .model = model,
        .rows = count ? models_at(models, 0) : NULL,
        .row_count = count,
        .settings = chat->setup.settings,
        .free_bytes = endpoint_is_loopback(endpoint) ? models_free_memory() : 0,
    };
    shortage_offer(&shortage, err);
}

static void offer(struct chat *chat)
{
    struct error err = *model_life_error(chat->life);
    if (!model_life_is_out_of_memory(chat->life))
        return;
    loading_offer(chat, model_life_endpoint(chat->life),
                  model_life_model(chat->life), &err);
    model_life_explain(chat->life, &err);
}

/* What is loaded now is for the server to say. */
static void on_life(void *context)
{
    struct chat *chat = context;
    bool has_ended = !model_life_is_moving(chat->life);
    bool has_waiting = graph_queue_count(chat->conversation.graph) > 0;
    if (has_ended)
        offer(chat);
    if (has_ended && has_waiting) {
        chat->holds_prompts = model_life_state(chat->life) == MODEL_ERROR;
        append_state(chat);
    }
    if (has_ended)
        discovery_ask(&chat->discovery, model_life_endpoint(chat->life));
    if (chat->setup.on_models)
        chat->setup.on_models(chat->setup.context);
}

void loading_open(struct chat *chat)
{
    chat->life =
        model_life_new(chat->setup.loop, chat->setup.http, on_life, chat);
}

static void forget_used(struct chat *chat, size_t index)
{
    free(chat->used.items[index].model);
    chat->used.items[index] = *array_last(&chat->used);
    chat->used.count--;
}

void loading_close(struct chat *chat)
{
    model_life_free(chat->life);
    while (chat->used.count)
        forget_used(chat, 0);
    array_clear(&chat->used);
}

bool loading_holds(const struct chat *chat)
{
    return chat->holds_prompts || model_life_is_moving(chat->life);
}

void loading_go_on(struct chat *chat)
{
    chat->holds_prompts = false;
}

const struct model_life *chat_life(const struct chat *chat)
{
    return chat->life;
}

/* What was seen loaded before is somebody else's. */
static bool was_there(const struct chat *chat, const struct endpoint *endpoint,
                      const char *model)
{
    const struct models *models = discovery_models(&chat->discovery, endpoint);
    const struct model_row *row = models ? models_find(models, model) : NULL;
    return row && row->presence == PRESENCE_LOADED;
}

static bool is_used(const struct chat *chat, const struct endpoint *endpoint,
                    const char *model)
{
    for (size_t i = 0; i < chat->used.count; i++) {
        const struct used_model *used = &chat->used.items[i];
        if (used->endpoint == endpoint && !strcmp(used->model, model))
            return true;
    }
    return false;
}

static void note_use(struct chat *chat, const struct endpoint *endpoint,
                     const char *model)
{
    if (endpoint && endpoint->unload_at_exit &&
        !is_used(chat, endpoint, model) && !was_there(chat, endpoint, model))
        *array_add(&chat->used) =
            (struct used_model){ endpoint, memory_string(model) };
}

/* By its first word the model is loaded, and the server knows its window. It is
 * shown; where nobody looks it is asked for only if it matters. */
static void read_window(struct chat *chat)
{
    const struct endpoint *endpoint = model_life_endpoint(chat->life);
    if (chat->setup.is_interactive && !endpoint->is_vendor &&
        !endpoint->dialect->is_builtin)
        discovery_ask_loaded(&chat->discovery, endpoint);
}

void loading_take(struct chat *chat, const struct event *event)
{
    enum model_state before = model_life_state(chat->life);
    model_life_take(chat->life, chat->setup.endpoints, event);
    if (before != MODEL_CHATTING &&
        model_life_state(chat->life) == MODEL_CHATTING)
        read_window(chat);
    if (event->type == EVENT_ATTEMPT_STARTED)
        note_use(chat, model_life_endpoint(chat->life),
                 model_life_model(chat->life));
}

/* By the rules of -m; "" is what the next prompt would take. */
static bool resolve(struct chat *chat, struct slice target, struct route *route,
                    struct error *err)
{
    struct buf name = { 0 };
    struct aim aim = chat_aim(chat);
    buf_append_slice(&name, target);
    if (name.len)
        aim = (struct aim){ buf_string(&name), ROUTE_ANY, NULL, NULL };
    discovery_decide(&chat->discovery, aim, route);
    if (route->verdict == ROUTE_NONE)
        *err = route->err;
    else if (route->verdict == ROUTE_ASK)
        error_set(err, ERROR_USAGE, "name the server and the model: %s/%s",
                  route->endpoint->name,
                  name.len && !endpoints_find(chat->setup.endpoints, target)
                      ? buf_string(&name)
                      : "MODEL");
    buf_clear(&name);
    return route->verdict == ROUTE_TO;
}

bool chat_load(struct chat *chat, struct slice target, struct error *err)
{
    struct route route;
    if (chat->run)
        return error_set(err, ERROR_USAGE,
                         "an answer is on its way; stop it first");
    if (!resolve(chat, target, &route, err) ||
        !model_life_load(chat->life, route.endpoint, route.model, err))
        return false;
    loading_go_on(chat);
    note_use(chat, route.endpoint, route.model);
    return true;
}

bool chat_unload(struct chat *chat, struct slice target, struct error *err)
{
    struct route route;
    if (!resolve(chat, target, &route, err))
        return false;
    if (chat->run && route.endpoint == model_life_endpoint(chat->life) &&
        !strcmp(route.model, model_life_model(chat->life)))
        chat_stop(chat);
    return model_life_unload(chat->life, route.endpoint, route.model, err);
}

bool chat_is_leaving(struct chat *chat)
{
    struct error ignored = { 0 };
    if (chat->run)
        chat_stop(chat);
    while (!model_life_is_moving(chat->life) && chat->used.count) {
        struct used_model *used = &chat->used.items[0];
        model_life_unload(chat->life, used->endpoint, used->model, &ignored);
        forget_used(chat, 0);
    }
    return model_life_is_moving(chat->life);
}
