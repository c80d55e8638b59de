/* SPDX-License-Identifier: MIT */
/*
 * squeeze - the bytes of a frame, fewer of them, with the same effect.
 *
 * ncurses writes each attribute as a sequence of its own, designates ASCII with
 * every change of them, and spells rules out. While text streams that is as
 * much as the text. Here
 *
 *  - attributes that nothing is written with are left out, the others join one
 *    sequence, also across movements of the cursor
 *  - ASCII, which was designated when we took the terminal, is not designated
 *    again; frames hold no other set
 *  - parameters that are the default are left out
 *
 * Pure. What it does not know passes unchanged.
 */
#ifndef UI_SQUEEZE_H
#define UI_SQUEEZE_H

#include "base/buf.h"
#include "base/slice.h"

struct squeeze_setting {
    int height; /* rows of the terminal */
};

/* Append the frame to `out`. A frame begins and ends between sequences. */
void squeeze(struct buf *out, struct slice frame,
             const struct squeeze_setting *setting);

#endif
