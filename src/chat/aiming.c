/* SPDX-License-Identifier: MIT */
/*
 * aiming - where the next prompt goes: what was asked for, what servers have
 * told.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "chat/casting.h"
#include "chat/chat_state.h"
#include "chat/countdown.h"

const struct models *chat_models(const struct chat *chat,
                                 const struct endpoint *endpoint)
{
    return discovery_models(&chat->discovery, endpoint);
}

void chat_ask_models(struct chat *chat, const struct endpoint *endpoint)
{
    discovery_ask(&chat->discovery, endpoint);
}

void chat_ask_about(struct chat *chat, const struct endpoint *endpoint,
                    const char *model)
{
    discovery_ask_about(&chat->discovery, endpoint, model);
}

/* Who names a model has said more than "any vendor". */
struct aim chat_aim_at(const struct chat *chat, const char *target)
{
    return (struct aim){ target,
                         chat->tier == ROUTE_CLOUD ? ROUTE_ANY : chat->tier,
                         experience_model(chat), chat_role_model(chat) };
}

static struct aim aim_of_next(const struct chat *chat)
{
    return (struct aim){ chat->target, chat->tier, experience_model(chat),
                         chat_role_model(chat) };
}

struct aim chat_aim(const struct chat *chat)
{
    return chat->run_target ? chat_aim_at(chat, chat->run_target)
                            : aim_of_next(chat);
}

const struct route *chat_next(struct chat *chat)
{
    discovery_decide(&chat->discovery, aim_of_next(chat), &chat->next);
    return &chat->next;
}

/* One server has told that it has nothing: the next one is asked. */
void chat_on_models(void *context)
{
    struct chat *chat = context;
    const struct route *next = chat_next(chat);
    if (next->verdict == ROUTE_ASK)
        discovery_ask_first(&chat->discovery, next->endpoint);
    if (chat->counting.is_waiting && counting_is_answered(chat))
        attempts_conclude(chat);
    if (chat->setup.on_models)
        chat->setup.on_models(chat->setup.context);
}

void chat_discover(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    if (next->endpoint && !next->endpoint->dialect->is_builtin)
        chat_ask_models(chat, next->endpoint);
}

void chat_route(struct chat *chat, const char *target, struct route *route)
{
    discovery_decide(&chat->discovery,
                     (struct aim){ target, ROUTE_ANY, experience_model(chat),
                                   chat_role_model(chat) },
                     route);
}

/* The old aim stays if nothing can be had by the new one. */
bool chat_can_aim(struct chat *chat, struct aim aim, struct error *err)
{
    struct route route;
    discovery_decide(&chat->discovery, aim, &route);
    if (route.verdict == ROUTE_NONE)
        *err = route.err;
    return route.verdict != ROUTE_NONE;
}

bool chat_set_target(struct chat *chat, const char *target, struct error *err)
{
    struct aim aim = chat_aim_at(chat, target);
    if (!chat_can_aim(chat, aim, err))
        return false;
    free(chat->target);
    chat->target = memory_string(target);
    chat->tier = aim.tier;
    countdown_heed(chat);
    loading_go_on(chat);
    return true;
}

bool chat_set_tier(struct chat *chat, enum route_tier tier, struct error *err)
{
    if (!chat_can_aim(chat,
                      (struct aim){ NULL, tier, experience_model(chat),
                                    chat_role_model(chat) },
                      err))
        return false;
    free(chat->target);
    chat->target = NULL;
    chat->tier = tier;
    countdown_heed(chat);
    loading_go_on(chat);
    chat_discover(chat);
    return true;
}
