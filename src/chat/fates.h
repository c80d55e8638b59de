/* SPDX-License-Identifier: MIT */
/*
 * fates - what the user wants of single turns in the next requests: pinned, or
 * left out.
 *
 * Only events are appended, and the same call takes them back. What was done is
 * told in `words` (appended), or why not in err.
 */
#ifndef CHAT_FATES_H
#define CHAT_FATES_H

#include "chat/chat.h"

/* Pin a turn, so that nothing that makes room takes it out, or unpin it. One
 * that was left out is sent again then. */
bool fates_pin(struct chat *chat, uint64_t node_id, struct buf *words,
               struct error *err);

/* Leave a turn out of the next requests, or send it again. */
bool fates_leave_out(struct chat *chat, uint64_t node_id, struct buf *words,
                     struct error *err);

#endif
