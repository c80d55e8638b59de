/* SPDX-License-Identifier: MIT */
/*
 * comparing - two siblings in place of the thread, until Escape or a prompt;
 * which of two answers is the better one.
 */
#ifndef APP_COMPARING_H
#define APP_COMPARING_H

#include "app/screen_state.h"

action_fn comparing_compare, comparing_prefer, comparing_prefer_first,
    comparing_prefer_second, comparing_prefer_none;

bool comparing_close(struct screen *screen); /* false: none are compared */

/* Where the last answer has another beside it, and it was not said which is
 * better: append how one compares the two. */
void comparing_hint(const struct screen *screen, struct buf *out);

#endif
