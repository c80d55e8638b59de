/* SPDX-License-Identifier: MIT */
/*
 * status - what goes on, in words, for the status line.
 */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "chat/chat.h"
#include "graph/budget.h"
#include "ui/status_line.h"

/* A silence that is worth a word. */
enum {
    STATUS_STALLED_MS = 60 * 1000,
    STATUS_ALIVE_MS = 40 * 1000,     /* pings come every 30 s at the least */
    STATUS_BUFFERING_MS = 10 * 1000, /* through a proxy */
};

/* What stands first. */
struct status_words {
    const char *elsewhere; /* what goes on in other conversations; "" */
    const char *lock;      /* that what would be sent is private; "" */
};

/* The lock: of what stands on the active path, or is being written. */
const char *status_lock(bool is_private, bool ascii);

/* Fill the status line: those words, what the run does, who answers or would
 * answer, the window. `now` is Unix ms. The budget is brought up to date. */
void status_fill(struct status_line *line, struct chat *chat,
                 struct budget *budget, int64_t now,
                 const struct status_words *words);

#endif
