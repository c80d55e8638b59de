/* SPDX-License-Identifier: MIT */
/*
 * again - what a run that answers a prompt once more needs of the others: the
 * insides of chat_again(), for the parts of a chat.
 */
#ifndef CHAT_AGAIN_H
#define CHAT_AGAIN_H

#include "chat/chat_state.h"

/* The route of such a run. */
void again_decide(struct chat *chat);

/* It ends: where it has not said a word, what was there before is shown again.
 * Any other run: nothing. */
void again_end(struct chat *chat);

#endif
