/* SPDX-License-Identifier: MIT */
/*
 * think - thinking that a server left in the text, between <think> tags.
 *
 * Only at the start: text that begins, after white space, with <think> or
 * <thinking> is thinking up to the closing tag; white space around the tags is
 * dropped. A tag anywhere else is text: people write about tags. Feeding text
 * in any pieces gives the same text and the same thinking.
 */
#ifndef LLM_THINK_H
#define LLM_THINK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum {
    THINK_BLANKS_MAX = 256, /* white space held back before a tag; what is
                               more than this was meant */
};

enum think_state {
    THINK_START,   /* nothing but white space and part of a tag so far */
    THINK_OPENED,  /* white space after the opening tag */
    THINK_INSIDE,  /* thinking */
    THINK_CLOSED,  /* white space after the closing tag */
    THINK_OUTSIDE, /* text, to the end */
};

/* All-zero is the start. */
struct think {
    enum think_state state;
    const char *closing; /* the tag that ends it */
    struct buf held;     /* bytes whose meaning is not known yet */
};

/* Never called with an empty slice; borrowed for the call. */
typedef void think_fn(void *context, bool is_thinking, struct slice text);

void think_feed(struct think *think, struct slice text, think_fn *fn,
                void *context);

/* The text ended, or is known to hold no tags (the server separates thinking
 * by itself): hand over what is held and stop looking for an opening tag. */
void think_flush(struct think *think, think_fn *fn, void *context);

void think_clear(struct think *think);

#endif
