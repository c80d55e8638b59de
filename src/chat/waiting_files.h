/* SPDX-License-Identifier: MIT */
/*
 * waiting_files - files that go along with prompts which still wait.
 *
 * All-zero has none. They become attachment-added events when their prompt
 * becomes a user turn.
 */
#ifndef CHAT_WAITING_FILES_H
#define CHAT_WAITING_FILES_H

#include "chat/conversation.h"

/* A file that goes along with a prompt. */
struct chat_attachment {
    const char *name;
    const char *media_type;
    struct slice text;
};

struct waiting_file {
    uint64_t prompt_id;
    char *name, *media_type;
    struct buf text;
};

struct waiting_files {
    ARRAY_OF(struct waiting_file) list;
};

void waiting_files_clear(struct waiting_files *files);

/* Copies the attachments. */
void waiting_files_add(struct waiting_files *files, uint64_t prompt_id,
                       const struct chat_attachment *attachments, size_t count);

/* Append the prompt's files to its user turn and forget them. */
void waiting_files_hand_over(struct waiting_files *files, uint64_t prompt_id,
                             uint64_t node_id,
                             struct conversation *conversation);

#endif
