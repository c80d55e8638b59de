/* SPDX-License-Identifier: MIT */
/*
 * waiting - prompts that wait, out of the queue and back into it.
 */
#ifndef APP_WAITING_H
#define APP_WAITING_H

#include "base/array.h"
#include "chat/chat.h"

/* All-zero is none. */
struct waiting_prompt {
    struct buf text;
    struct attachments files;
};
struct waiting {
    ARRAY_OF(struct waiting_prompt) prompts; /* the newest first */
};

/* Take all prompts out of the queue. */
void waiting_take(struct waiting *waiting, struct chat *chat);

/* Queue them again, in their order, behind what is queued by now. */
void waiting_queue(struct waiting *waiting, struct chat *chat);

/* Append their texts in their order, with a blank line between. */
void waiting_append(const struct waiting *waiting, struct buf *out);

/* Move their files behind those of `files`, in their order. */
void waiting_move_files(struct waiting *waiting, struct attachments *files);

void waiting_clear(struct waiting *waiting);

#endif
