/* SPDX-License-Identifier: MIT */
/*
 * messages_text - what a model would be sent of a session, as JSON. Pure.
 *
 * One array of objects {"role","content"}, a message a line, the system prompt
 * first; an assistant's calls are "tool_calls":[{"id","name","arguments"}] with
 * the arguments as a string, an answer to one has its "tool_call_id" and
 * "name", pictures stand by name in "images". An id that the server gave none
 * is "call_N" of our own number.
 */
#ifndef APP_MESSAGES_TEXT_H
#define APP_MESSAGES_TEXT_H

#include "base/buf.h"
#include "graph/graph.h"

void messages_text_append(struct buf *out, const struct graph *graph);

#endif
