/* SPDX-License-Identifier: MIT */
/*
 * table - the cells of a Markdown table, then its lines.
 *
 * Columns are as wide as they need to be, then shrunk to the width, the widest
 * first; where even that does not fit, each row becomes lines of
 * "header: value".
 */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/prose.h"

enum {
    /* A row is filled up to the columns of the header, so a small text can ask
     * for many cells. */
    TABLE_CELLS_MAX = 20 * 1000,
};

enum table_align { TABLE_LEFT, TABLE_CENTER, TABLE_RIGHT };

struct table_cell {
    size_t run_end; /* in prose; it begins where the one before ends */
    enum table_align align;
};

/* All-zero is empty; then set the columns. */
struct table {
    size_t columns;
    struct prose prose; /* the text of the cell under construction goes here */
    ARRAY_OF(struct table_cell) cells; /* row by row; the first is the header */
};

void table_clear(struct table *table); /* frees */

/* The cell that was under construction is whole. False: over the cap. */
bool table_end_cell(struct table *table, enum table_align align);

/* Append the lines. Each begins with `rest`, the first one with `first`. */
void table_layout(struct table *table, struct layout *layout,
                  struct slice first, struct slice rest);

#endif
