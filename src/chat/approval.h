/* SPDX-License-Identifier: MIT */
/*
 * approval - who agrees to a call that is prepared: the mode and the rules, or
 * the user, who is asked. Private to the parts of a chat.
 *
 * A question is a relay-asked event about the call, its answer relay-answered.
 * Where nobody is there to ask, who would ask denies.
 */
#ifndef CHAT_APPROVAL_H
#define CHAT_APPROVAL_H

#include "chat/works.h"

/* Take a prepared call on its way: agreed to, asked about or denied. */
void approval_begin(struct call_work *work);

/* Ask about one that was agreed to, and that no disk will know of. */
void approval_ask_again(struct call_work *work, const char *why);

/* The mode has changed: what asks may pass now. */
void approval_review(struct chat *chat);

#endif
