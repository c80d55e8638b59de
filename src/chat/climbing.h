/* SPDX-License-Identifier: MIT */
/*
 * climbing - the rung of the ladder for a prompt: what each of them could do is
 * found out, chat/ladder chooses. (For the run under way: see chat_state.h.)
 */
#ifndef CHAT_CLIMBING_H
#define CHAT_CLIMBING_H

#include "chat/chat_state.h"

/* The rung, from 0, that this model of this endpoint is; else their count. */
size_t climbing_rung_of(struct chat *chat, const char *endpoint,
                        const char *model);

/* The route to a rung of the ladder, or another target, for a prompt; false, in
 * words: it cannot answer that. */
bool climbing_allows(struct chat *chat, const char *target, uint64_t prompt_id,
                     struct route *route, struct error *err);

/* The prompt that a node is or hangs on; NULL: none. Until the graph changes. */
const struct node *climbing_prompt(const struct graph *graph, uint64_t id);

/* How hard a prompt is, as it stands in the conversation. */
double climbing_score(struct chat *chat, const struct node *prompt);

/* Whether one that is there may answer a request of so many tokens, by consent
 * and by its window. False, in words: it may not. */
bool climbing_fits(struct chat *chat, const struct route *route,
                   uint64_t tokens, struct error *err);

#endif
