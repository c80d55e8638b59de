/* SPDX-License-Identifier: MIT */
/*
 * countdown - time to object before somebody who is paid answers in the place of
 * a server that failed.
 *
 * Private to chat/, like chat_state.h; for the user see chat_questions.h.
 */
#ifndef CHAT_COUNTDOWN_H
#define CHAT_COUNTDOWN_H

#include <stdbool.h>

struct chat;

/* The route that is not yet taken costs something, and the user has some time to
 * object. False: he has not. */
bool countdown_begins(struct chat *chat);

/* The user has said where prompts go, or that this is private: it ends as
 * chat_countdown_stay() does, where that excludes who would answer. */
void countdown_heed(struct chat *chat);

#endif
