/* SPDX-License-Identifier: MIT */
/*
 * prose - text under construction whose style changes on the way.
 */
#ifndef UI_PROSE_H
#define UI_PROSE_H

#include "base/array.h"
#include "base/buf.h"
#include "ui/layout.h"

struct prose_run {
    size_t end; /* in the text; it begins where the one before ends */
    enum style style;
};

/* All-zero is empty. */
struct prose {
    struct buf text;
    ARRAY_OF(struct prose_run) runs;
    size_t barrier; /* runs before it are never added to */
    ARRAY_OF(struct layout_piece) pieces; /* what prose_pieces() returns */
};

void prose_clear(struct prose *prose); /* frees */
void prose_reset(struct prose *prose); /* empties */

void prose_add(struct prose *prose, struct slice text, enum style style);

/* What follows is a run of its own, whatever its style. */
void prose_break(struct prose *prose);

/* The runs [first, last) as pieces, borrowed until the next call. */
const struct layout_piece *prose_pieces(struct prose *prose, size_t first,
                                        size_t last);

#endif
