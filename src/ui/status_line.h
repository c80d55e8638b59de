/* SPDX-License-Identifier: MIT */
/*
 * status_line - one row of short facts, the most important first.
 *
 * Parts stand from left to right; when the row is too narrow they are dropped
 * from the right, the hint first, and of that what stands behind two blanks.
 * Plain rows that app fills: it knows nothing of what they mean.
 */
#ifndef UI_STATUS_LINE_H
#define UI_STATUS_LINE_H

#include "ui/canvas.h"

enum { STATUS_PARTS_MAX = 12, STATUS_PART_SIZE = 600 /* bytes */ };

struct status_part {
    char text[STATUS_PART_SIZE];
    enum style style;
};

/* All-zero is an empty row. */
struct status_line {
    struct status_part parts[STATUS_PARTS_MAX];
    int count;
    char hint[STATUS_PART_SIZE]; /* at the right edge; "" for none */
    bool keeps_hint; /* its first words go after all parts but the first */
};

/* Add a part at the right; empty text adds nothing. */
void status_line_add(struct status_line *line, enum style style,
                     const char *format, ...) PRINTF_LIKE(3, 4);

/* Draw over the whole row, blanks included. */
void status_line_draw(const struct status_line *line, struct canvas *canvas,
                      int row, const char *ellipsis);

#endif
