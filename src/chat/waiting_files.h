/* SPDX-License-Identifier: MIT */
/*
 * waiting_files - files that go along with prompts which still wait.
 *
 * All-zero has none. They become attachment-added events when their prompt
 * becomes a user turn, or come back with a prompt that is withdrawn.
 */
#ifndef CHAT_WAITING_FILES_H
#define CHAT_WAITING_FILES_H

#include "chat/attachment.h"
#include "chat/conversation.h"
#include "chat/privacy.h"

struct waiting_file {
    uint64_t prompt_id;
    struct attachment file;
};

struct waiting_files {
    ARRAY_OF(struct waiting_file) list;
};

void waiting_files_clear(struct waiting_files *files);

/* Takes all of them; `attachments` is empty then. */
void waiting_files_add(struct waiting_files *files, uint64_t prompt_id,
                       struct attachments *attachments);

/* Give the prompt's files back, behind what `attachments` holds. */
void waiting_files_withdraw(struct waiting_files *files, uint64_t prompt_id,
                            struct attachments *attachments);

/* Append the prompt's files to its user turn and forget them. One that is private
 * by where it lies is marked so beforehand. */
void waiting_files_hand_over(struct waiting_files *files, uint64_t prompt_id,
                             uint64_t node_id,
                             struct conversation *conversation,
                             const struct privacy *privacy);

/* Append a file to a user turn. */
void waiting_files_say(const struct attachment *file, uint64_t node_id,
                       const struct privacy *privacy,
                       struct conversation *conversation);

#endif
