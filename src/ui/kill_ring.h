/* SPDX-License-Identifier: MIT */
/*
 * kill_ring - what was deleted in the editor, newest first, to be put back
 * (yanked): the ring of emacs and readline.
 *
 * Owns its pieces. All-zero is empty. The oldest go beyond a cap.
 */
#ifndef UI_KILL_RING_H
#define UI_KILL_RING_H

#include "ui/fragment.h"

enum {
    KILL_RING_MAX = 32,                    /* pieces */
    KILL_RING_BYTES_MAX = 16 * 1024 * 1024 /* of all, but the newest stays */
};

enum kill_side {
    KILL_NEW,    /* joins nothing */
    KILL_AFTER,  /* deleted forwards right after another kill */
    KILL_BEFORE, /* the same, backwards */
};

struct kill_ring {
    ARRAY_OF(struct fragment) pieces; /* oldest first */
    size_t back; /* how far behind the newest kill_ring_piece() is */
};

void kill_ring_clear(struct kill_ring *ring);

/* Copy a piece in; joined or not it is the newest then, and is yanked next. */
void kill_ring_add(struct kill_ring *ring, const struct fragment *piece,
                   enum kill_side side);

/* The piece to yank: the newest, or the one that kill_ring_older() went to
 * since the last kill. NULL if there is none. Borrowed until the next add. */
const struct fragment *kill_ring_piece(const struct kill_ring *ring);

/* Go to the piece before it; after the oldest comes the newest. */
void kill_ring_older(struct kill_ring *ring);

#endif
