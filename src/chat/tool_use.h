/* SPDX-License-Identifier: MIT */
/*
 * tool_use - how much a conversation may do with tools: its mode and its rules.
 * Private to the parts of a chat.
 *
 * A mode that was set is in its log, so that it has it again when somebody goes
 * on with it; until then the settings say. What was allowed for the session is
 * forgotten when the program ends: who goes on is asked again.
 */
#ifndef CHAT_TOOL_USE_H
#define CHAT_TOOL_USE_H

#include "base/json.h"

struct chat;

/* A fresh conversation, without rules of its own. */
void tool_use_begin(struct chat *chat);

/* What the conversation has set of it, for the log; what it had set. */
void tool_use_write(const struct chat *chat, json_t *settings);
void tool_use_read(struct chat *chat, const json_t *settings);

#endif
