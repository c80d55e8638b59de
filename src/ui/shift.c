/* SPDX-License-Identifier: MIT */
#include "ui/shift.h"

#include <stdlib.h>
#include <string.h>

/* ncurses scrolls no fewer (hunks of less than 3 lines: lib hashmap.c). */
enum { SAVED_MIN = 3 };

static struct cell *row_of(const struct canvas *canvas, int row)
{
    return &canvas->cells[(size_t)row * (size_t)canvas->width];
}

/* Rows that are right already, and that a shift would take away. */
static int count_lost(const struct canvas *from, const struct canvas *to,
                      const struct shift *shift)
{
    int lost = 0;
    for (int row = shift->first; row < shift->first + shift->height; row++)
        lost += canvas_rows_equal(from, row, to, row) &&
                !canvas_row_is_blank(to, row);
    return lost;
}

/* Consecutive rows of `to`, from `row` on, that stand `by` lower in `from`:
 * how many, and how many of them show something. */
static int measure_run(const struct canvas *from, const struct canvas *to,
                       int row, int by, int *filled)
{
    int count = 0;
    *filled = 0;
    for (; row + count < to->height; count++) {
        int source = row + count + by;
        if (source < 0 || source >= from->height ||
            !canvas_rows_equal(from, source, to, row + count))
            break;
        *filled += !canvas_row_is_blank(to, row + count);
    }
    return count;
}

/* The best shift by so many rows; returns what it saves. */
static int find_by(const struct canvas *from, const struct canvas *to, int by,
                   struct shift *best)
{
    int most = 0, filled;
    for (int row = 0; row < to->height; row++) {
        int count = measure_run(from, to, row, by, &filled);
        struct shift shift = { .first = by > 0 ? row : row + by,
                               .height = count + abs(by),
                               .by = by };
        if (filled > most) {
            int saved = filled - count_lost(from, to, &shift);
            if (saved > most) {
                most = saved;
                *best = shift;
            }
        }
        row += count;
    }
    return most;
}

bool shift_find(const struct canvas *from, const struct canvas *to,
                struct shift *shift)
{
    int most = 0;
    for (int by = 1 - to->height; by < to->height; by++) {
        struct shift found;
        int saved = by ? find_by(from, to, by, &found) : 0;
        if (saved > most) {
            most = saved;
            *shift = found;
        }
    }
    return most >= SAVED_MIN;
}

void shift_apply(const struct shift *shift, struct canvas *canvas)
{
    size_t row_size = (size_t)canvas->width * sizeof *canvas->cells;
    int kept = shift->height - abs(shift->by);
    int from = shift->by > 0 ? shift->first + shift->by : shift->first;
    int to = shift->by > 0 ? shift->first : shift->first - shift->by;
    int blank = shift->by > 0 ? shift->first + kept : shift->first;
    struct rect rect = { blank, 0, abs(shift->by), canvas->width };
    memmove(row_of(canvas, to), row_of(canvas, from), (size_t)kept * row_size);
    canvas_fill(canvas, rect, STYLE_NORMAL);
}
