/* SPDX-License-Identifier: MIT */
/*
 * window_share - how the window of the next model is shared out: the parts of
 * the budget, the draft with its files, what is kept for the reply.
 *
 * Estimates, of which the total is the sum.
 */
#ifndef APP_WINDOW_SHARE_H
#define APP_WINDOW_SHARE_H

#include "app/panel.h"

struct window_share {
    struct budget_sum parts;
    uint64_t draft;    /* with its files */
    uint64_t total;    /* of the parts and the draft */
    uint64_t coming;   /* of the total: an answer that is being written */
    uint64_t window;   /* 0: unknown */
    uint64_t reply;    /* kept free for it */
    const char *about; /* plus or minus */
    uint32_t margin;   /* the total may be off by so many of a hundred */
};

/* The budget catches up. */
struct window_share window_share_of(const struct panel_source *source);

/* Tokens that a request may take; 0: unknown. */
uint64_t window_share_room(const struct window_share *share);

/* Append "61% of 32,768 est +-10%, 4,096 kept for the reply, 8,820 free". */
void window_share_words(const struct window_share *share, struct buf *out);

#endif
