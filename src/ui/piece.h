/* SPDX-License-Identifier: MIT */
/*
 * piece - what a cell of the canvas holds, as ncurses wants it: wide
 * characters, each one that has a width apart and its marks with it.
 *
 * Private to ui/term.c. Knows no ncurses.
 */
#ifndef UI_PIECE_H
#define UI_PIECE_H

#include <stdbool.h>
#include <wchar.h>

#include "ui/canvas.h"

enum {
    PIECE_CHARACTERS = 5, /* one and four marks: CCHARW_MAX of ncurses */
    CELL_PIECES = 2,      /* no cell is wider */
};

struct piece {
    wchar_t text[PIECE_CHARACTERS + 1]; /* ends with 0 */
};

/* How many pieces there are. Their widths add up to the cell's: where its
 * characters do not, blanks fill it. Without UTF-8, what ui/ascii says stands
 * for characters that ASCII has not. */
int piece_cut(const struct cell *cell, bool is_utf8,
              struct piece pieces[CELL_PIECES]);

#endif
