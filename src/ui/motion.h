/* SPDX-License-Identifier: MIT */
/*
 * motion - where a step, a word or a line of the editor's text leads.
 *
 * Pure: offsets in, offsets out, all on boundaries of units. A unit is a
 * grapheme (UAX 29) or a fold, which is never entered and is a word of its own.
 */
#ifndef UI_MOTION_H
#define UI_MOTION_H

#include "ui/folds.h"

/* One unit; at the end of the text they stay where they are. */
size_t motion_left(struct folded_text text, size_t at);
size_t motion_right(struct folded_text text, size_t at);

/* To the start or end of a word: of letters, digits and marks of any script. */
size_t motion_word_left(struct folded_text text, size_t at);
size_t motion_word_right(struct folded_text text, size_t at);

/* To the start of what stands between blanks, as Ctrl-W of a shell. */
size_t motion_blank_left(struct folded_text text, size_t at);

/* Line breaks inside of a fold break no line. */
size_t motion_line_start(struct folded_text text, size_t at);
size_t motion_line_end(struct folded_text text, size_t at);

/* The first boundary at or after any offset outside of folds: an insert may
 * have joined what stands on both sides of it. */
size_t motion_snap(struct folded_text text, size_t at);

#endif
