/* SPDX-License-Identifier: MIT */
/*
 * offers - the tools that requests offer, in an order and with words that do
 * not change from turn to turn.
 *
 * None where the mode says so, where no more calls are wanted in a run, and of a
 * model that is known to take none: one that its server lists without tools, or
 * whose server has refused a request for them. Which they are is looked up
 * anew for each request; what they are called and described as is copied.
 */
#ifndef CHAT_OFFERS_H
#define CHAT_OFFERS_H

#include "base/array.h"
#include "base/buf.h"
#include "base/tokens.h"
#include "llm/provider.h"

struct chat;
struct route;
struct tool;

/* Of the last request. All-zero is none. */
struct offers {
    ARRAY_OF(struct tool_offer) list;
    struct buf words;
};

void offers_clear(struct offers *offers);

/* Look up what the next request to the chat's route offers. */
void offers_take(struct chat *chat);

/* Why a model gets none though the conversation has some: append a line;
 * nothing if it gets them, or there are none. */
void offers_why_none(const struct chat *chat, const struct route *route,
                     struct buf *out);

/* Estimated tokens of some in a request. */
uint64_t offers_count_tokens(const struct tool_offer *list, size_t count,
                             enum token_family family);

/* Of those that the next request to a route (NULL: not known yet) offers. */
uint64_t offers_tokens(const struct chat *chat, const struct route *route,
                       enum token_family family);

#endif
