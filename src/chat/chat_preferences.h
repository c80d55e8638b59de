/* SPDX-License-Identifier: MIT */
/*
 * chat_preferences - what chat/chat.h offers for two answers of which the user
 * prefers one.
 */
#ifndef CHAT_CHAT_PREFERENCES_H
#define CHAT_CHAT_PREFERENCES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct chat;

/* Two answers to the same prompt, as nodes. */
struct answer_pair {
    uint64_t first_id, second_id;
};

/* Say which of two answers is better (0: there is no difference); that one is
 * shown then. Where it says something about the threshold of the ladder, that
 * moves; `words` tell. What was said of the two before counts no more. False, in
 * words: they are no two answers that have ended. */
bool chat_prefer(struct chat *chat, const struct answer_pair *pair,
                 uint64_t better_id, struct buf *words, struct error *err);

/* Forget what preferences have taught about the threshold of the profile. */
void chat_unlearn(struct chat *chat, struct buf *words);

#endif
