/* SPDX-License-Identifier: MIT */
/*
 * sight - a prompt with pictures goes to no model that sees none: what the
 * server tells about the model is waited for, and obeyed (chat/vision).
 */
#include "chat/chat_state.h"
#include "chat/vision.h"

static const struct models *models_of(const struct chat *chat,
                                      const struct route *route)
{
    return discovery_models(&chat->discovery, route->endpoint);
}

static bool allows_files(struct chat *chat, const struct attachments *files,
                         const struct route *route, struct error *err)
{
    struct pictures pictures = { 0 };
    pictures_of_files(&pictures, files);
    bool is_allowed =
        vision_allows(&pictures, models_of(chat, route), route, err);
    if (pictures.list.count && !route->is_vendor)
        discovery_look(&chat->discovery, route->endpoint, route->model);
    array_clear(&pictures.list);
    return is_allowed;
}

bool chat_takes_files(struct chat *chat, const struct attachments *files,
                      struct error *err)
{
    const struct route *next = chat_next(chat);
    return next->verdict != ROUTE_TO || allows_files(chat, files, next, err);
}

static uint64_t prompt_of_run(const struct chat *chat)
{
    return graph_run(chat->conversation.graph, chat->run)->prompt_id;
}

bool sight_fits_prompt(struct chat *chat, const struct route *route,
                       uint64_t prompt_id, struct error *err)
{
    struct pictures pictures = { 0 };
    pictures_of_node(&pictures,
                     graph_node(chat->conversation.graph, prompt_id));
    bool fits = vision_allows(&pictures, models_of(chat, route), route, err);
    array_clear(&pictures.list);
    return fits;
}

bool sight_fits(struct chat *chat, const struct route *route, struct error *err)
{
    return sight_fits_prompt(chat, route, prompt_of_run(chat), err);
}

/* A vendor is not asked: it hears of the prompt only when it gets it. */
static bool must_look(struct chat *chat)
{
    struct pictures pictures = { 0 };
    pictures_of_node(&pictures,
                     graph_node(chat->conversation.graph, prompt_of_run(chat)));
    bool has_pictures = pictures.list.count > 0;
    array_clear(&pictures.list);
    return has_pictures && !chat->route.is_vendor &&
           !chat->route.endpoint->dialect->is_builtin;
}

bool sight_allows(struct chat *chat)
{
    struct error err = { 0 };
    const struct endpoint *endpoint = chat->route.endpoint;
    bool must_wait = false;
    if (must_look(chat) && !chat->has_looked) {
        chat->has_looked =
            discovery_look(&chat->discovery, endpoint, chat->route.model);
        must_wait = !chat->has_looked;
    }
    /* There may be nothing to ask: then nothing would end the waiting. */
    if (must_wait || (chat->has_looked &&
                      discovery_is_looking(&chat->discovery, endpoint))) {
        chat->route.verdict = ROUTE_ASK;
        return false;
    }
    if (sight_fits(chat, &chat->route, &err))
        return true;
    run_fail(chat, &err);
    return false;
}

void sight_adjust(struct chat *chat)
{
    bool sees =
        vision_of(models_of(chat, &chat->route), &chat->route) != ABILITY_NO;
    messages_show_images(chat->messages, sees);
}
