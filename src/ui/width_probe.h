/* SPDX-License-Identifier: MIT */
/*
 * width_probe - does the terminal count cells as we do? Writes a few characters
 * and asks where the cursor stands after each.
 *
 * Only while nobody has the screen. What the terminal answers is read to the
 * end, by its form alone, and never left for the shell.
 */
#ifndef UI_WIDTH_PROBE_H
#define UI_WIDTH_PROBE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"

enum { WIDTH_PROBE_COUNT = 3, WIDTH_PROBE_MS = 1000 };

struct width_probe {
    int answers; /* of WIDTH_PROBE_COUNT; fewer: the terminal does not tell */
    int cells[WIDTH_PROBE_COUNT]; /* that the terminal counted */
};

/* What is written: its name, and the cells that we count. */
const char *width_probe_name(int index);
int width_probe_expected(int index);

/* Ask the terminal at this path, for at most a second. The line of the cursor
 * is overwritten, then empty. False: it is no terminal, or not ours. */
bool width_probe_ask(const char *tty, struct width_probe *probe,
                     struct error *err);

/* Take the next cursor report (ESC [ row ; column R) off the bytes; false: none
 * is whole. What is before it was no report. Pure. */
bool width_probe_parse(struct slice *bytes, int *column);

#endif
