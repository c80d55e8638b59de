/* SPDX-License-Identifier: MIT */
/*
 * chat_privacy - what chat/chat.h offers about what may not leave the machine.
 *
 * What is private goes to no vendor, by whatever way: it is barred from the
 * ladder, refused where it was named, and looked at once more where the request
 * is written.
 */
#ifndef CHAT_CHAT_PRIVACY_H
#define CHAT_CHAT_PRIVACY_H

#include "base/buf.h"
#include "base/error.h"
#include "chat/attachment.h"
#include "chat/privacy.h"

struct chat;

/* Whether what a prompt would be sent with is private; then why is appended:
 * "builtin:keys (GitHub token): the prompt, turn 3". */
bool chat_is_private(struct chat *chat, struct buf *why);

/* The same of what is being written, of which bytes far from the caret are left
 * to the moment when it is sent: the files that go along, then the text. */
bool chat_is_private_draft(const struct chat *chat, struct slice text,
                           size_t caret, const struct attachments *files,
                           struct buf *why);

/* Whether a file is, by where it really lies (NULL: nowhere); then the rule is
 * appended. */
bool chat_is_private_file(const struct chat *chat, const char *resolved,
                          struct buf *rule);

/* The session is private, and who says so ("/private"); NULL: it is no longer, by
 * the user's word. What is private by itself stays so. */
void chat_set_private(struct chat *chat, const char *rule);

/* The session is private by the user's word, or that of the profile. */
bool chat_has_private_session(const struct chat *chat);

/* The user's word: nothing in a turn of the active path ("turn 3" is 3; 0: the
 * system prompt) is private. False, in words: nothing there is. */
bool chat_clear_private(struct chat *chat, uint32_t turn, struct error *err);

/* The same of the next prompt, with its files. */
void chat_clear_private_next(struct chat *chat);

/* Append what is private on the active path, a line each: "turn 3: ...". Returns
 * how many. */
size_t chat_list_private(struct chat *chat, struct buf *out);

#endif
