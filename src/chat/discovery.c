/* SPDX-License-Identifier: MIT */
#include "chat/discovery.h"

#include <stdlib.h>

#include "base/memory.h"

void discovery_init(struct discovery *discovery)
{
    /* Room for those that are put while we run: none moves. */
    size_t capacity = discovery->endpoints->list.capacity;
    size_t count = discovery->endpoints->list.count;
    discovery->models = memory_zero(capacity > count ? capacity : count,
                                    sizeof *discovery->models);
}

void discovery_clear(struct discovery *discovery)
{
    for (size_t i = 0; i < discovery->endpoints->list.count; i++)
        models_free(discovery->models[i]);
    free(discovery->models);
    discovery->models = NULL;
}

static size_t endpoint_index(const struct discovery *discovery,
                             const struct endpoint *endpoint)
{
    return (size_t)(endpoint - discovery->endpoints->list.items);
}

const struct models *discovery_models(const struct discovery *discovery,
                                      const struct endpoint *endpoint)
{
    return discovery->models[endpoint_index(discovery, endpoint)];
}

static const struct models *models_of(void *context,
                                      const struct endpoint *endpoint)
{
    return discovery_models(context, endpoint);
}

static void on_models(void *context)
{
    struct discovery *discovery = context;
    discovery->free_bytes = models_free_memory();
    if (discovery->on_change)
        discovery->on_change(discovery->context);
}

void discovery_ask(struct discovery *discovery, const struct endpoint *endpoint)
{
    struct models **models =
        &discovery->models[endpoint_index(discovery, endpoint)];
    if (!*models)
        *models = models_new(discovery->loop, discovery->http, endpoint,
                             on_models, discovery);
    models_ask(*models);
}

void discovery_ask_first(struct discovery *discovery,
                         const struct endpoint *endpoint)
{
    const struct models *models = discovery_models(discovery, endpoint);
    if (!models || models_state(models) == MODELS_UNASKED)
        discovery_ask(discovery, endpoint);
}

bool discovery_has_told(struct discovery *discovery,
                        const struct endpoint *endpoint)
{
    discovery_ask_first(discovery, endpoint);
    const struct models *models = discovery_models(discovery, endpoint);
    return models_state(models) != MODELS_ASKING &&
           models_state(models) != MODELS_UNASKED;
}

bool discovery_look(struct discovery *discovery,
                    const struct endpoint *endpoint, const char *model)
{
    discovery_ask_first(discovery, endpoint);
    struct models *models =
        discovery->models[endpoint_index(discovery, endpoint)];
    if (models_state(models) == MODELS_ASKING)
        return false;
    models_ask_about(models, model);
    return true;
}

bool discovery_is_looking(const struct discovery *discovery,
                          const struct endpoint *endpoint)
{
    const struct models *models = discovery_models(discovery, endpoint);
    return models && models_is_asking_about(models);
}

void discovery_ask_about(struct discovery *discovery,
                         const struct endpoint *endpoint, const char *model)
{
    struct models *models =
        discovery->models[endpoint_index(discovery, endpoint)];
    if (models && models_state(models) == MODELS_KNOWN)
        models_ask_about(models, model);
}

void discovery_ask_loaded(struct discovery *discovery,
                          const struct endpoint *endpoint)
{
    struct models *models =
        discovery->models[endpoint_index(discovery, endpoint)];
    if (models && models_state(models) == MODELS_KNOWN)
        models_ask_loaded(models);
    else
        discovery_ask(discovery, endpoint);
}

/* A vendor that nobody named stands in for a server that was not there. */
static bool is_stopgap(const struct route *route)
{
    return route->verdict == ROUTE_NONE ||
           route->endpoint->dialect->is_builtin ||
           (route->endpoint->is_vendor && !route->is_pinned);
}

void discovery_ask_missing(struct discovery *discovery, struct aim aim)
{
    struct route route;
    discovery_decide(discovery, aim, &route);
    if (!is_stopgap(&route))
        return;
    for (size_t i = 0; i < discovery->endpoints->list.count; i++) {
        struct models *models = discovery->models[i];
        if (models && models_state(models) == MODELS_UNREACHABLE)
            models_ask(models);
    }
}

static struct route_question question_of(struct discovery *discovery,
                                         struct aim aim)
{
    return (struct route_question){
        .endpoints = discovery->endpoints,
        .settings = discovery->settings,
        .target = aim.target,
        .tier = aim.tier,
        .last = aim.last,
        .wish = aim.wish,
        .models = models_of,
        .context = discovery,
        .free_bytes = discovery->free_bytes,
    };
}

void discovery_decide(struct discovery *discovery, struct aim aim,
                      struct route *route)
{
    struct route_question question = question_of(discovery, aim);
    router_decide(&question, route);
}

void discovery_take(struct discovery *discovery, struct aim aim,
                    const char *name, struct route *route)
{
    struct route_question question = question_of(discovery, aim);
    router_take(&question, name, route);
}

bool discovery_climbs(struct discovery *discovery, struct aim aim)
{
    struct route_question question = question_of(discovery, aim);
    return router_climbs(&question);
}
