/* SPDX-License-Identifier: MIT */
/*
 * osc52 - the sequence that puts text on a terminal's clipboard.
 *
 * Pure. Only ever sets the clipboard, never asks for it. What runs between us
 * and the terminal takes the sequence for its own unless it is wrapped.
 */
#ifndef UI_OSC52_H
#define UI_OSC52_H

#include "base/buf.h"
#include "base/slice.h"

/* Terminals take 100,000 bytes after base64, if any. */
enum { OSC52_TEXT_MAX = 74994 };

enum osc52_wrap {
    OSC52_PLAIN,
    OSC52_TMUX,   /* in a DCS that tmux passes on, if it may */
    OSC52_SCREEN, /* in DCS of at most 768 bytes, which GNU screen passes on */
};

/* `text` has at most OSC52_TEXT_MAX bytes (asserted). */
void osc52_append(struct buf *out, struct slice text, enum osc52_wrap wrap);

#endif
