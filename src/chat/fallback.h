/* SPDX-License-Identifier: MIT */
/*
 * fallback - the next rung of the ladder answers in the place of a server that
 * cannot: from an own one to an own one always, to a vendor only with consent,
 * and never in the place of what the user named. What had come of an answer
 * stays beside the one that takes its place. Private to the parts of a chat, but
 * for the words below.
 */
#ifndef CHAT_FALLBACK_H
#define CHAT_FALLBACK_H

/* In the text of a fallback, before the names of tools that have run. */
#define FALLBACK_EFFECTS "; before, "

#include "chat/retry.h"
#include "chat/router.h"

struct chat;

/* Whether another rung of the ladder may answer after such a failure, some of
 * the answer having come or none; then fallback_go() takes the first. */
bool fallback_is_free(struct chat *chat, enum retry_cause cause,
                      bool has_words);
void fallback_go(struct chat *chat, enum retry_cause cause, bool has_words);

/* Tools of the run have changed something: whether somebody else may go on at
 * all; whether the user is asked first, and then told by the route's doubt. */
bool fallback_may_follow_effects(struct chat *chat);
bool fallback_asks_for_effects(struct chat *chat);

/* Why no other rung was asked, where there is one: append it. */
void fallback_add_barred(const struct chat *chat, struct error *err);

/* Take the route that fallback_go() chose, now that nothing speaks against
 * it. */
void fallback_start(struct chat *chat);

/* The first usable rung above the one that the run stands on; false: none. */
bool fallback_find_rung(struct chat *chat, struct route *route);

#endif
