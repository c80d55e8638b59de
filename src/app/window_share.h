/* SPDX-License-Identifier: MIT */
/*
 * window_share - how the window of the next model is shared out: the parts of
 * the budget, the draft with its files, what is kept for the reply.
 *
 * The total is what the model's server counted of the conversation and the
 * estimate of what came behind, where there is such a count; else the estimate
 * of all. Both as the model has taught (chat/calibration). The parts are
 * estimates, in such a measure that they and the draft are the total.
 */
#ifndef APP_WINDOW_SHARE_H
#define APP_WINDOW_SHARE_H

#include "app/panel.h"

struct window_share {
    uint64_t parts[BUDGET_PART_COUNT];
    uint64_t draft;     /* with its files */
    uint64_t total;     /* the sum of these */
    uint64_t coming;    /* of the parts: an answer that is being written */
    uint64_t offered;   /* of the parts: tools that are none of the path */
    uint64_t estimated; /* what the parts are to base/tokens */
    uint64_t window;    /* 0: unknown */
    uint64_t reply;     /* kept free for it */
    uint32_t margin;    /* the total may be off by so many of a hundred */
    const char *about;  /* plus or minus */
};

/* The tokenizer of the model that the next prompt goes to. */
enum token_family window_share_family(struct chat *chat);

/* The budget catches up. */
struct window_share window_share_of(const struct panel_source *source);

/* What so many tokens of an estimate are in the measure of the parts. */
uint64_t window_share_scale(const struct window_share *share, uint64_t tokens);

/* Tokens that a request may take, and those that are free still; 0: none, or
 * the window is unknown. */
uint64_t window_share_room(const struct window_share *share);
uint64_t window_share_free(const struct window_share *share);

/* Append "61% est +-3%"; without a window "est +-3%". */
void window_share_words(const struct window_share *share, struct buf *out);

#endif
