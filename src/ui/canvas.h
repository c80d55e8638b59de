/* SPDX-License-Identifier: MIT */
/*
 * canvas - a grid of cells that everything is drawn on.
 *
 * The first of the two doors for untrusted text: whatever is put on a canvas is
 * made harmless (base/filter), so no control byte can ever stand in a cell.
 * Everything that falls outside is clipped; no size is too small (0x0 is fine).
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "ui/theme.h"

enum {
    CELL_TEXT_SIZE = 20,      /* a character and at most 4 marks */
    CANVAS_HEIGHT_MAX = 1000, /* a larger size is cut to these */
    CANVAS_WIDTH_MAX = 2000,
};

struct cell {
    char text[CELL_TEXT_SIZE];
    uint8_t len;   /* bytes; 0: the right half of a wide character, or blank */
    uint8_t width; /* 1 or 2; 0: the right half of a wide character */
    uint8_t style; /* enum style */
};

struct rect {
    int row, col, height, width;
};

struct canvas {
    int height, width;
    struct cell *cells;         /* row by row */
    int cursor_row, cursor_col; /* -1: hidden */
};

/* Blank cells; a resize keeps nothing. All-zero is a 0x0 canvas; a negative
 * size counts as 0. */
void canvas_resize(struct canvas *canvas, int height, int width);
void canvas_clear(struct canvas *canvas); /* frees */
void canvas_erase(struct canvas *canvas); /* blanks, hides the cursor */

/* Put one line of text at row, col, at most `width` cells. A grapheme that does
 * not fit whole ends the text; tabs stop at every 8th cell from col; line
 * breaks are shown. A cluster that terminals disagree on is drawn by its base,
 * a flag as two letters.
 * Overwriting half of a wide character blanks the other half.
 * Returns the cells used, those outside of the canvas included. */
int canvas_put(struct canvas *canvas, int row, int col, int width,
               enum style style, struct slice text);
int canvas_printf(struct canvas *canvas, int row, int col, int width,
                  enum style style, const char *format, ...) PRINTF_LIKE(6, 7);

/* The same in the first row of rect, which begins on the canvas; where the text
 * does not fit, an ellipsis of one cell takes the last place. */
int canvas_put_cut(struct canvas *canvas, struct rect rect, enum style style,
                   struct slice text, const char *ellipsis);

/* Fill a rectangle with blanks of a style, give what is in it another style, or
 * fill a row with one character. */
void canvas_fill(struct canvas *canvas, struct rect rect, enum style style);
void canvas_restyle(struct canvas *canvas, struct rect rect, enum style style);
void canvas_rule(struct canvas *canvas, int row, int col, int width,
                 enum style style, const char *character);

/* The next cluster at the start of a non-empty slice of harmless text: its
 * bytes, and the cells that canvas_put() draws it in (0 to 2). What layout
 * counts with. */
size_t canvas_cluster(struct slice text, int *width);

/* The sum over all clusters, at most INT_MAX. */
int canvas_width(struct slice text);

/* Append the canvas as text: one line a row, trailing blanks cut, each line
 * ended by LF. With styles: after each row that has any, a second line that
 * begins with '~' and names the style of each cell by a letter. */
void canvas_dump(const struct canvas *canvas, struct buf *out, bool styles);

/* Of two canvases of one width: their cells, not their cursors. Rows that do
 * not exist may not be asked for. */
bool canvas_rows_equal(const struct canvas *a, int row_a,
                       const struct canvas *b, int row_b);
bool canvas_row_is_blank(const struct canvas *canvas, int row);

/* NULL outside. */
const struct cell *canvas_cell(const struct canvas *canvas, int row, int col);

#endif
