/* SPDX-License-Identifier: MIT */
/*
 * overlay - summaries that stand in place of turns: which is meant, and putting
 * them on and off. Only an event is appended: nothing is lost.
 */
#ifndef CHAT_OVERLAY_H
#define CHAT_OVERLAY_H

#include "chat/chat.h"

/* Show the turns of the summary that stands where a node is; or fold them into
 * theirs again, the innermost that does not stand there yet. False, in words:
 * there is none. */
bool overlay_switch(struct chat *chat, uint64_t node_id, struct error *err);

#endif
