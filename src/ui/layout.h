/* SPDX-License-Identifier: MIT */
/*
 * layout - text broken into lines of a width, styled.
 *
 * Owns a harmless copy of its text (base/filter) and the lines over it.
 * Wrapping is by words (UAX 14 in spirit: at blanks and after hyphens, between
 * wide characters), a word wider than the line is broken by graphemes, and no
 * line is wider than the width. Width 0 or less counts as 1.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "base/array.h"
#include "base/buf.h"
#include "ui/canvas.h"

struct layout_span {
    uint32_t offset, len; /* in layout.text */
    enum style style;
};

struct layout_line {
    uint32_t first_span, span_count;
};

struct layout {
    int width;
    struct buf text;
    ARRAY_OF(struct layout_span) spans;
    ARRAY_OF(struct layout_line) lines;
};

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
void layout_add(struct layout *layout,
                const struct layout_paragraph *paragraph);
void layout_add_blank(struct layout *layout);

/* Draw line `index` at row, col, clipped to width cells. */
void layout_draw(const struct layout *layout, size_t index,
                 struct canvas *canvas, int row, int col, int width);

#endif
