/* SPDX-License-Identifier: MIT */
/*
 * casting - the role of a conversation, for the other parts of a chat; the rest
 * is in chat/chat.h.
 */
#ifndef CHAT_CASTING_H
#define CHAT_CASTING_H

struct chat;
struct setting;

/* The one of a new conversation. */
void chat_begin_role(struct chat *chat);

/* What the conversation has set for itself, role and mode of tools: the event
 * that says so; what a session had which goes on. */
void chat_say_settings(struct chat *chat);
void chat_resume_settings(struct chat *chat);

/* How it wants answers, and by which model; NULL: as the settings do. Borrowed
 * from those. */
const struct setting *chat_role_reply(const struct chat *chat);
const char *chat_role_model(const struct chat *chat);

#endif
