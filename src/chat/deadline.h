/* SPDX-License-Identifier: MIT */
/*
 * deadline - how long a run may take (limits.deadline): then it ends as cut. The
 * time in which it waits for the user is his. Private to the parts of a chat.
 */
#ifndef CHAT_DEADLINE_H
#define CHAT_DEADLINE_H

#include <stdint.h>

struct chat;

/* All-zero: the run has none. */
struct deadline {
    uint32_t timer;  /* 0: it stands still */
    int64_t due_at;  /* monotonic */
    int64_t left_ms; /* while it stands still; 0: there is none */
};

void deadline_start(struct chat *chat); /* of the run under way */
void deadline_turn(struct chat *chat);  /* each turn */
void deadline_end(struct chat *chat);

#endif
