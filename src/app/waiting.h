/* SPDX-License-Identifier: MIT */
/*
 * waiting - prompts that wait, out of the queue and back into it.
 */
#ifndef APP_WAITING_H
#define APP_WAITING_H

#include "base/array.h"
#include "chat/chat.h"

/* All-zero is none. */
struct waiting {
    ARRAY_OF(struct buf) prompts; /* the newest first */
};

/* Take all prompts out of the queue. */
void waiting_take(struct waiting *waiting, struct chat *chat);

/* Queue them again, in their order, behind what is queued by now. */
void waiting_queue(struct waiting *waiting, struct chat *chat);

/* Append their texts in their order, with a blank line between. */
void waiting_append(const struct waiting *waiting, struct buf *out);

void waiting_clear(struct waiting *waiting);

#endif
