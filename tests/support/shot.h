/* SPDX-License-Identifier: MIT */
/*
 * shot - what a terminal shows at one moment, kept as cells and as a picture.
 *
 * All-zero is an empty one.
 */
#ifndef TESTS_SUPPORT_SHOT_H
#define TESTS_SUPPORT_SHOT_H

#include "base/buf.h"
#include "tests/support/pty.h"

struct shot {
    int height, width;
    int cursor_row, cursor_col; /* -1: not shown */
    struct pty_cell *cells;     /* row by row */
};

/* Of a terminal of this size, which the pty does not tell. */
void shot_take(struct shot *shot, struct pty *pty, int height, int width);
void shot_clear(struct shot *shot);

struct pty_cell *shot_cell(const struct shot *shot, int row, int col);

/* Put the same numbers in the place of those that a clock made: times of day,
 * how long a thing took or goes on, the rate of an answer under way. What is
 * to the right of a number moves up to the next gap in its row. A row without
 * room for that fails the test. */
void shot_steady(struct shot *shot);

/* Append the rows, blanks at their ends cut, each with a line feed. */
void shot_text(const struct shot *shot, struct buf *out);

#endif
