/* SPDX-License-Identifier: MIT */
#include "app/inquiry.h"

#include <signal.h>

#include "app/command.h"

enum { STATE_PATIENCE_MS = 2000 };

static void on_signal(void *context, int signal_number)
{
    struct inquiry *inquiry = context;
    inquiry->signal_number = signal_number;
}

static bool configure(struct inquiry *inquiry, const struct cli *cli,
                      struct buf *complaints, struct error *err)
{
    if (!complaints)
        return setup_configure(&inquiry->setup, cli, err);
    setup_configure_anyway(&inquiry->setup, cli, complaints);
    return true;
}

bool inquiry_open(struct inquiry *inquiry, const struct cli *cli,
                  struct buf *complaints, struct error *err)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, 0 };
    *inquiry = (struct inquiry){ 0 };
    signal(SIGPIPE, SIG_IGN);
    if (!configure(inquiry, cli, complaints, err) ||
        !setup_connect(&inquiry->setup, signals, on_signal, inquiry, err))
        return false;
    /* What was used last says where a prompt would go. */
    if (inquiry->setup.store)
        store_settle(inquiry->setup.store, STATE_PATIENCE_MS);
    struct chat_setup setup = setup_chat(&inquiry->setup, cli);
    inquiry->chat = chat_new(&setup);
    return true;
}

void inquiry_close(struct inquiry *inquiry)
{
    chat_free(inquiry->chat);
    setup_clear(&inquiry->setup);
}

static bool is_asking(const struct inquiry *inquiry)
{
    const struct endpoints *endpoints = &inquiry->setup.endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct models *models =
            chat_models(inquiry->chat, &endpoints->list.items[i]);
        if (models && (models_state(models) == MODELS_ASKING ||
                       models_is_asking_about(models)))
            return true;
    }
    return false;
}

void inquiry_wait(struct inquiry *inquiry)
{
    while (!inquiry->signal_number && is_asking(inquiry))
        loop_turn(inquiry->setup.loop, -1);
}

void inquiry_ask_all(struct inquiry *inquiry)
{
    command_ask_models(inquiry->chat, &inquiry->setup.endpoints);
    inquiry_wait(inquiry);
}

static bool refuse_model(const struct models *models,
                         const struct endpoint *endpoint, const char *model,
                         struct error *err)
{
    const char *near = NULL;
    if (models && models_state(models) == MODELS_UNREACHABLE) {
        *err = *models_error(models);
        return false;
    }
    if (models)
        near = models_nearest(models, model);
    return error_set(err, ERROR_USAGE, "%s has no model \"%s\"%s%s%s",
                     endpoint->name, model, near ? "; did you mean " : "",
                     near ? near : "",
                     near ? "?" : "; sennit models lists what there is");
}

const struct model_row *inquiry_ask_about(struct inquiry *inquiry,
                                          const char *model, struct error *err)
{
    if (!chat_set_target(inquiry->chat, model, err))
        return NULL;
    chat_ask_models(inquiry->chat, chat_next(inquiry->chat)->endpoint);
    inquiry_wait(inquiry);
    const struct route *next = chat_next(inquiry->chat);
    if (next->verdict != ROUTE_TO) {
        *err = next->err;
        return NULL;
    }
    const struct endpoint *endpoint = next->endpoint;
    const struct models *models = chat_models(inquiry->chat, endpoint);
    if (!models_find(models, next->model)) {
        refuse_model(models, endpoint, next->model, err);
        return NULL;
    }
    chat_ask_about(inquiry->chat, endpoint, next->model);
    inquiry_wait(inquiry);
    return models_find(chat_models(inquiry->chat, endpoint), next->model);
}

void inquiry_ask_next(struct inquiry *inquiry)
{
    chat_discover(inquiry->chat);
    while (!inquiry->signal_number &&
           chat_next(inquiry->chat)->verdict == ROUTE_ASK)
        loop_turn(inquiry->setup.loop, -1);
}
