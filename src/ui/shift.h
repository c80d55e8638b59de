/* SPDX-License-Identifier: MIT */
/*
 * shift - rows that a canvas has in common with another one, but higher or
 * lower: what a terminal scrolls instead of taking them anew.
 *
 * ncurses finds them by itself if it is given a frame whole. Where a frame is
 * given in pieces, the shift is one of the pieces.
 */
#ifndef UI_SHIFT_H
#define UI_SHIFT_H

#include <stdbool.h>

#include "ui/canvas.h"

/* The rows first..first + height - 1 go up by `by`, or down if it is negative;
 * those that come in are blank. */
struct shift {
    int first, height, by;
};

/* The shift that saves the most rows; false if none saves three. Both canvases
 * have the same size. */
bool shift_find(const struct canvas *from, const struct canvas *to,
                struct shift *shift);

void shift_apply(const struct shift *shift, struct canvas *canvas);

#endif
