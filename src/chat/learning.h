/* SPDX-License-Identifier: MIT */
/*
 * learning - what preferences have taught about the threshold of the profile in
 * use: kept in state.db, as chat/lesson counts it.
 *
 * Learnt beside the threshold that the settings name: once they name another,
 * it counts no more. `routing.learn: false`: it neither counts nor grows.
 */
#ifndef CHAT_LEARNING_H
#define CHAT_LEARNING_H

#include "chat/chat_state.h"

/* Whether a preference can be counted; else *why says why not, in words that go
 * on "it says nothing about the threshold: ". */
bool learning_counts(const struct chat *chat, const char **why);

/* What counts now; empty: nothing. */
void learning_recall(const struct chat *chat, struct lesson *lesson);

/* The profile as it is named in events and in state.db. */
const char *learning_profile(const struct chat *chat);

/* Count a vote, and take one back that was given at that time (Unix ms) for the
 * same answers: VOTE_NONE for neither. Append what the threshold is now. */
void learning_change(struct chat *chat, enum vote vote, enum vote taken_back,
                     int64_t at, struct buf *words);

#endif
