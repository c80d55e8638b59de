/* SPDX-License-Identifier: MIT */
/*
 * chat_target - what chat/chat.h offers about where prompts go: targets, models,
 * loading them.
 */
#ifndef CHAT_CHAT_TARGET_H
#define CHAT_CHAT_TARGET_H

#include "chat/ladder.h"
#include "chat/model_life.h"
#include "chat/models.h"
#include "chat/router.h"

struct chat;

/* The target of the next prompts; NULL: let the router decide. False if it
 * cannot be had; the old one stays. */
bool chat_set_target(struct chat *chat, const char *target, struct error *err);

/* Where prompts would go with that target. */
void chat_route(struct chat *chat, const char *target, struct route *route);

/* Where a prompt would go, and why: `reasons` gets a line for each. Nothing is
 * asked of anybody. */
void chat_forecast(struct chat *chat, const struct ladder_prompt *prompt,
                   struct route *route, struct ladder_choice *choice,
                   struct buf *reasons);

/* Prompts stay here, or go to the first vendor, whatever was named before. False
 * if nothing can be had then. */
bool chat_set_tier(struct chat *chat, enum route_tier tier, struct error *err);

/* Ask the servers now, so that chat_next() knows; never waits. */
void chat_discover(struct chat *chat);

/* Where the next prompt would go. Borrowed until the next call. */
const struct route *chat_next(struct chat *chat);

/* Whether it is known whose model that is: an Ollama may hand prompts on to a
 * vendor (remote_host), and is asked. */
bool chat_knows_next(struct chat *chat);

/* Models of an endpoint, as far as it was asked; NULL: never. */
const struct models *chat_models(const struct chat *chat,
                                 const struct endpoint *endpoint);

/* Ask (again) for the models of an endpoint. */
void chat_ask_models(struct chat *chat, const struct endpoint *endpoint);

/* More about one of them, or about each (NULL). */
void chat_ask_about(struct chat *chat, const struct endpoint *endpoint,
                    const char *model);

/* Load a model, or let a server unload it: [ENDPOINT/]MODEL, or "" for that of
 * the next prompt. Meanwhile prompts wait; if it fails those wait on until
 * another is loaded or named, a new prompt comes, or chat_stop(). on_models is
 * called when it is done. Unloading stops the answer of that model. False, in
 * words: it cannot be tried. */
bool chat_load(struct chat *chat, struct slice target, struct error *err);
bool chat_unload(struct chat *chat, struct slice target, struct error *err);

/* The model that is worked with, and how it is. */
const struct model_life *chat_life(const struct chat *chat);

/* At the end: unload what this chat has loaded, at endpoints that want that
 * (unload_at_exit). Turn the loop while it says true. */
bool chat_is_leaving(struct chat *chat);

#endif
