/* SPDX-License-Identifier: MIT */
/*
 * paste - the bytes between the marks of a paste, made what was pasted.
 *
 * tmux and terminals in an extended keyboard mode put keys in there: a line
 * break as ESC [ 106 ; 5 u, a character of another script as one such sequence
 * for each of its bytes (tmux #4163, #5031). Reports of focus and mouse get in
 * between while a long paste is on its way. Everything else stays as it is, and
 * nothing is ever a key.
 */
#ifndef UI_PASTE_H
#define UI_PASTE_H

#include "base/buf.h"
#include "base/slice.h"

/* Append what was pasted; never more bytes than came. */
void paste_decode(struct buf *out, struct slice bytes);

#endif
