/* SPDX-License-Identifier: MIT */
/*
 * layout - text broken into lines of a width, styled.
 *
 * Owns a harmless copy of its text (base/filter) and the lines over it.
 * Wrapping is by words (UAX 14 in spirit: at blanks and after hyphens, between
 * wide characters), a word wider than the line is broken by graphemes, and no
 * line is wider than the width. A width below 2 counts as 2, so that every
 * character has room; the canvas clips.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "ui/canvas.h"

struct layout_span {
    uint32_t offset, len; /* in layout.text */
    enum style style;
};

struct layout_line {
    uint32_t first_span, span_count;
    uint32_t text_end; /* what this line and those before use of the text */
    uint64_t place;    /* bytes of content before this line: the same at every
                          width, to find a line again after a resize */
};

struct layout {
    int width;
    bool ascii; /* for our own glyphs, see theme_glyphs() */
    struct buf text;
    ARRAY_OF(struct layout_span) spans;
    ARRAY_OF(struct layout_line) lines;
    uint64_t place; /* of the next line */
    uint64_t work;  /* bytes laid out so far: what tests bound */
};

/* Free everything; width and glyphs stay. */
void layout_clear(struct layout *layout);

/* Forget the lines from `line` on, and the text that only they use. */
void layout_truncate(struct layout *layout, size_t line);

/* A paragraph under construction: styled pieces, then broken into lines. */
struct layout_piece {
    struct slice text;
    enum style style;
};
struct layout_paragraph {
    const struct layout_piece *pieces;
    size_t piece_count;
    struct layout_piece first; /* put before the first line: "1. " */
    struct layout_piece rest;  /* put before the others; counted in the width */
    bool keep_breaks; /* LF in the text breaks a line; else it is a blank */
    bool keep_blanks; /* code: wrap at the edge only, blanks stay */
};

/* At least one line. `first` and `rest` are cut to half of the width. Blanks
 * where a line is broken are not shown; a tab is a blank, or goes to the next
 * 8th cell where breaks or blanks are kept. */
void layout_add(struct layout *layout,
                const struct layout_paragraph *paragraph);

/* One ready-made line of harmless pieces, not broken. It adds nothing to
 * layout.place: the caller does. */
void layout_add_line(struct layout *layout, const struct layout_piece *pieces,
                     size_t count);
void layout_add_blank(struct layout *layout);

/* Cells that a line takes. */
int layout_line_width(const struct layout *layout, size_t index);

/* Draw line `index` at row, col, clipped to width cells. Returns the cells
 * used. */
int layout_draw(const struct layout *layout, size_t index,
                struct canvas *canvas, int row, int col, int width);

#endif
