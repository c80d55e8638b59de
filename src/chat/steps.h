/* SPDX-License-Identifier: MIT */
/*
 * steps - a run in which a model asks for tools: an answer, its calls, the next
 * request with what they gave back, until an answer asks for none. Private to
 * the parts of a chat.
 *
 * All of them go to the model that began. After limits.tool_rounds, or when it
 * goes in circles, the last result is told that no more calls are made, and one
 * more answer is asked for that is offered no tools; so it is where the window is
 * full (compacting). What is told stays where it
 * is: later requests begin as this one did.
 */
#ifndef CHAT_STEPS_H
#define CHAT_STEPS_H

#include <stdbool.h>

struct chat;

/* An answer is complete, but not yet said to be: calls that it holds as text
 * become calls. */
void steps_recover(struct chat *chat);

/* It was said. True: it has made calls, and the run goes on with them. */
bool steps_begin(struct chat *chat);

/* The run has called tools, and could do so again. */
bool steps_may_sum_up(const struct chat *chat);

/* No more are called: the last result tells why, and the next answer is the last
 * one. */
void steps_sum_up(struct chat *chat, const char *why);

/* Each turn: the life of calls, and the next request. */
void steps_turn(struct chat *chat);

#endif
