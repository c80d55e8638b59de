/* SPDX-License-Identifier: MIT */
/*
 * pulling - an Ollama loads a model down while one goes on: who starts it, how
 * far it is, what becomes of the model then.
 */
#include <string.h>

#include "app/screen_state.h"
#include "llm/ollama.h"
#include "ui/receipt.h"

bool pulling_is_under_way(const struct screen *screen)
{
    return screen->pull && pull_state(screen->pull) == PULL_RUNNING;
}

static void end(struct screen *screen)
{
    pull_free(screen->pull);
    screen->pull = NULL;
    bands_close(&screen->bands, PANEL_PULL);
}

/* No model answers, so the one that came is taken. */
static void take_model(struct screen *screen)
{
    const struct route *next = chat_next(screen->chat);
    struct buf target = { 0 }, words = { 0 };
    struct error err = { 0 };
    const struct endpoint *endpoint = pull_endpoint(screen->pull);
    bool is_wanted =
        next->verdict != ROUTE_TO || next->endpoint->dialect->is_builtin;
    buf_printf(&target, "%s/%s", endpoint->name, pull_model(screen->pull));
    if (is_wanted && chat_set_target(screen->chat, buf_string(&target), &err))
        buf_printf(&words, "%s is here and answers from now on",
                   pull_model(screen->pull));
    else
        buf_printf(&words, "%s is here; /model %s takes it",
                   pull_model(screen->pull), buf_string(&target));
    chat_ask_models(screen->chat, endpoint);
    perform_notice(screen, buf_string(&words));
    buf_clear(&target);
    buf_clear(&words);
}

static void on_change(void *context)
{
    struct screen *screen = context;
    screen->has_news = screen->draw_soon = true;
    switch (pull_state(screen->pull)) {
    case PULL_RUNNING: return;
    case PULL_DONE: take_model(screen); break;
    case PULL_FAILED:
        perform_notice(screen, pull_error(screen->pull)->text);
        break;
    }
    screen->draw_now = true;
    end(screen);
}

bool pulling_stop(struct screen *screen)
{
    if (!pulling_is_under_way(screen))
        return false;
    struct buf words = { 0 };
    buf_printf(&words,
               "stopped; /pull %s goes on where it was, the server keeps what "
               "it has",
               pull_model(screen->pull));
    end(screen);
    perform_notice(screen, buf_string(&words));
    buf_clear(&words);
    return true;
}

static void begin(struct screen *screen, const struct endpoint *endpoint,
                  const char *model)
{
    struct error err = { 0 };
    struct panel_source source = perform_source(screen);
    screen->pull =
        pull_new(screen->setup.loop, screen->setup.http, endpoint, model, &err);
    if (!screen->pull) {
        perform_notice(screen, err.text);
        return;
    }
    pull_listen(screen->pull, on_change, screen);
    source.pull = screen->pull;
    bands_open(&screen->bands, PANEL_PULL, &source);
}

void pulling_pull(struct screen *screen)
{
    struct slice model = screen->argument;
    struct buf name = { 0 };
    if (model.len == 0) {
        perform_notice(screen, "/pull takes a model of ollama.com/library: "
                               "/pull qwen3:4b");
        return;
    }
    if (pulling_is_under_way(screen)) {
        perform_notice(screen, "one model at a time: Esc stops the other");
        return;
    }
    const struct endpoint *endpoint =
        pull_place(&screen->setup.endpoints, &model);
    buf_append_slice(&name, model);
    if (endpoint)
        begin(screen, endpoint, buf_string(&name));
    else
        perform_notice(screen, "no endpoint is an Ollama; /connect adds one");
    buf_clear(&name);
}

static bool has_chat_model(const struct models *models)
{
    for (size_t i = 0; i < models_count(models); i++) {
        const struct model_row *row = models_at(models, i);
        if (row->can_chat && !row->is_remote)
            return true;
    }
    return false;
}

const struct starter *pulling_offer(struct screen *screen,
                                    const struct endpoint **endpoint)
{
    const struct route *next = chat_next(screen->chat);
    struct slice none = { 0 };
    *endpoint = pull_place(&screen->setup.endpoints, &none);
    if (!*endpoint || pulling_is_under_way(screen) ||
        (next->verdict == ROUTE_TO && !next->endpoint->dialect->is_builtin))
        return NULL;
    const struct models *models = chat_models(screen->chat, *endpoint);
    if (!models || models_state(models) != MODELS_KNOWN ||
        has_chat_model(models))
        return NULL;
    /* Once: what was shown is what Enter gets, though memory comes and goes. Of
     * another machine's nothing is known. */
    if (!screen->offer)
        screen->offer = vendors_starter(
            &screen->setup.endpoints.vendors,
            endpoint_is_loopback(*endpoint) ? models_free_memory() : 0);
    return screen->offer;
}

bool pulling_accept(struct screen *screen)
{
    const struct endpoint *endpoint;
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const struct starter *offer = pulling_offer(screen, &endpoint);
    if (!offer || graph_node_count(graph) > 0)
        return false;
    begin(screen, endpoint, offer->model);
    return true;
}
