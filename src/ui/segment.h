/* SPDX-License-Identifier: MIT */
/*
 * segment - where a growing Markdown text can be cut for good.
 *
 * Pure. A segment is a top-level block, an item of a top-level list, or one
 * line of a fenced code block: something that text arriving later cannot
 * change. Whether and where a cut is made depends on the text alone, never on
 * the pieces in which it came. CommonMark 0.30 decides what interrupts what.
 */
#ifndef UI_SEGMENT_H
#define UI_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum {
    /* A longer block is cut at a line, so that laying out the open rest of a
     * text has a bound: md4c 0.4.8 is quadratic in some made-up links. */
    SEGMENT_MAX = 64 * 1024,
};

enum segment_kind {
    SEGMENT_BLOCK,
    SEGMENT_FENCE_OPEN,
    SEGMENT_FENCE_LINE,
    SEGMENT_FENCE_CLOSE,
};

/* The fenced code block that the text is in. All-zero: in none. */
struct segment_fence {
    char mark;  /* '`' or '~' */
    size_t len; /* of the opening run */
    int indent;
};

struct segment {
    enum segment_kind kind;
    size_t len;        /* bytes of the source, blank lines around included */
    struct slice line; /* FENCE_OPEN: the info string; FENCE_LINE: the code
                              without its indentation and line break */
    bool is_item;      /* BLOCK: of a list */
    bool begins_blank; /* blank lines stand before or after the content */
    bool ends_blank;
};

/* The first segment of the text that is certain; false if all of it is open.
 * Moves *fence on. */
bool segment_next(struct segment_fence *fence, struct slice text,
                  struct segment *segment);

/* The open rest as a segment, for now. */
struct segment segment_rest(const struct segment_fence *fence,
                            struct slice text);

#endif
