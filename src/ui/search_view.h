/* SPDX-License-Identifier: MIT */
/*
 * search_view - an incremental search, drawn in the place of the editor: the
 * text that was found with the match in it marked, and the query below.
 *
 * Pure. Of a large text it shows what is around the match.
 */
#ifndef UI_SEARCH_VIEW_H
#define UI_SEARCH_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "ui/canvas.h"

struct search_view {
    struct slice query;
    struct slice text; /* what was found; empty: nothing yet */
    size_t match_at, match_len;
    bool has_failed; /* there is nothing (more) that holds the query */
};

/* Rows that it takes at this width, at least 1. */
int search_view_rows(const struct search_view *view, int width);

/* Draw into rect: the query in the last row with the canvas's cursor behind it,
 * above it as much of the text as there is room for, the match among it. */
void search_view_draw(const struct search_view *view, struct canvas *canvas,
                      struct rect rect);

#endif
