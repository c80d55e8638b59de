/* SPDX-License-Identifier: MIT */
/*
 * rows - the editor's text in rows of a width: a soft wrap that keeps up with
 * edits.
 *
 * Owns where each row starts, not the text: every call gets the text as it is
 * now. Wrapping is after blanks, and at the edge where there is none; the last
 * column is kept for the caret and for one hanging blank.
 *
 * An edit costs the rows around it, up to where a row starts as before. In
 * text without blanks and breaks that may be nowhere: after ROWS_REWRAP_MAX
 * bytes a row is left short instead, until the whole is wrapped again.
 */
#ifndef UI_ROWS_H
#define UI_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/slice.h"
#include "ui/canvas.h"
#include "ui/folds.h"

enum { ROWS_REWRAP_MAX = 16 * 1024 };

/* All-zero is of no width: rows_wrap() comes first. */
struct rows {
    int width;
    ARRAY_OF(size_t) starts; /* byte offsets; at least one once wrapped */
    uint64_t wrapped; /* bytes wrapped so far, again and again: what it cost */
};

void rows_clear(struct rows *rows);

/* Wrap the whole text. */
void rows_wrap(struct rows *rows, struct folded_text text, int width);

/* `removed` bytes at offset were replaced by `inserted` ones; text is what came
 * of it. */
void rows_edit(struct rows *rows, struct folded_text text, size_t offset,
               size_t removed, size_t inserted);

/* The row that an offset is drawn in. */
size_t rows_find(const struct rows *rows, size_t offset);

/* The end of a row: its line break, or the start of the next row. */
size_t rows_end(const struct rows *rows, struct folded_text text, size_t row);

/* One cluster, or one fold, as the editor shows it. */
struct shown {
    size_t len;          /* bytes of the text */
    int width;           /* cells */
    struct slice visual; /* what to draw: of the text or of the scratch */
    bool is_fold;
};

/* What stands at offset, which is inside the text and no line break; a fold is
 * never wider than a row. */
struct shown rows_cluster(const struct rows *rows, struct folded_text text,
                          size_t offset, int col, struct buf *scratch);

/* Cells from the start of a row to offset, and back: the last position in the
 * row at or before a column. */
int rows_col(const struct rows *rows, struct folded_text text, size_t row,
             size_t offset);
size_t rows_offset(const struct rows *rows, struct folded_text text, size_t row,
                   int col);

/* Draw one row into the first row of rect. */
void rows_draw(const struct rows *rows, struct folded_text text, size_t row,
               struct canvas *canvas, struct rect rect);

#endif
