/* SPDX-License-Identifier: MIT */
/*
 * reserving - what a request may cost is held in the ledger from before it is
 * sent until it has ended, so that those that are under way at once do not pass
 * limits.day together: private to the parts of a chat (chat_state.h).
 */
#ifndef CHAT_RESERVING_H
#define CHAT_RESERVING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct chat;

enum reserving {
    RESERVING_WAITS,   /* for the disk; reserving_turn() goes on */
    RESERVING_HOLDS,   /* or there is nothing to be held */
    RESERVING_UNKNOWN, /* nobody can know what was spent today */
};

/* For the request of the route, in dollars; `limit` of the day, negative: it is
 * held in any case. */
enum reserving reserving_begin(struct chat *chat, double worst, double limit);

/* What did not fit is forgotten, so that it is judged anew. */
void reserving_look_again(struct chat *chat);

/* Each turn. */
void reserving_turn(struct chat *chat);

/* The request is over; the second one: what it did cost is entered in its
 * place. */
void reserving_end(struct chat *chat);
uint32_t reserving_hand_over(struct chat *chat);

/* What all other requests under way may cost, in dollars. */
double reserving_others(const struct chat *chat);

/* Append why nobody can know: "what was spent today cannot be known: ...". */
void reserving_words(const struct chat *chat, struct buf *out);

#endif
