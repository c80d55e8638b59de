/* SPDX-License-Identifier: MIT */
/*
 * fragment - a piece of the editor's text, with what is folded in it: what is
 * deleted, kept, and put back.
 *
 * Owns its bytes. All-zero is an empty one.
 */
#ifndef UI_FRAGMENT_H
#define UI_FRAGMENT_H

#include "base/buf.h"
#include "ui/folds.h"

struct fragment {
    struct buf text;
    struct folds folds; /* offsets in text */
};

void fragment_clear(struct fragment *fragment);

/* Copy another one, which is not this one, to the end or to the beginning. */
void fragment_append(struct fragment *fragment, const struct fragment *other);
void fragment_prepend(struct fragment *fragment, const struct fragment *other);

/* Copy [start, end) of a text to the end; neither cuts a fold. */
void fragment_append_range(struct fragment *fragment, struct folded_text text,
                           size_t start, size_t end);

#endif
