/* SPDX-License-Identifier: MIT */
/*
 * ascii - what stands for a character where the locale has only ASCII.
 *
 * Our own glyphs are chosen by theme_glyphs(); this is for what others wrote:
 * punctuation and drawings that have a likeness. One cell for one cell.
 */
#ifndef UI_ASCII_H
#define UI_ASCII_H

#include <stdint.h>

/* '?' for what has no likeness; ASCII is itself. */
char ascii_likeness(uint32_t character);

#endif
