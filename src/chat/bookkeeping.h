/* SPDX-License-Identifier: MIT */
/*
 * bookkeeping - what a chat has asked and got, entered into the ledger.
 *
 * Each attempt once, when it ends, with what it took; and each time that
 * somebody is asked in the place of another.
 */
#ifndef CHAT_BOOKKEEPING_H
#define CHAT_BOOKKEEPING_H

#include "chat/chat.h"

/* The attempt under way has just ended; NULL: without a result. */
void bookkeeping_note_attempt(struct chat *chat,
                              const struct answer_result *result);

/* The route was changed: after a failure, or a doubtful answer. */
void bookkeeping_note_change(struct chat *chat);

#endif
