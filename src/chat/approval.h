/* SPDX-License-Identifier: MIT */
/*
 * approval - who agrees to a call that is prepared: the mode and the rules, or
 * the user, who is asked. Private to the parts of a chat.
 *
 * A question is a relay-asked event about the call, its answer relay-answered.
 * Where nobody is there to ask, who would ask denies.
 *
 * A mode that lets more pass counts for what is requested under it, never for a
 * call that is there already: who goes round the modes to reach another passes
 * nothing on the way. One that lets less pass counts at once, for all that has
 * not started; a question stays, and nobody can agree to it.
 */
#ifndef CHAT_APPROVAL_H
#define CHAT_APPROVAL_H

#include "chat/works.h"

/* Take a prepared call on its way: agreed to, asked about or denied. */
void approval_begin(struct call_work *work);

/* Ask about one that was agreed to, and that no disk will know of. */
void approval_ask_again(struct call_work *work, const char *why);

/* The turn has come of one that was agreed to: false if it is asked about or
 * denied after all, for the mode has changed since. */
bool approval_stands(struct call_work *work);

#endif
