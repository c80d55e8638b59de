/* SPDX-License-Identifier: MIT */
/*
 * compare_view - two answers side by side, with what each took, and marks where
 * their words differ.
 *
 * On a wide screen two columns, else one below the other. What only the first
 * has stands in [- -], what only the second has in {+ +}, as wdiff(1) and git
 * write it: colours only help. Compared anew only where a text or the width
 * changes (base/word_diff, which has bounds).
 */
#ifndef UI_COMPARE_VIEW_H
#define UI_COMPARE_VIEW_H

#include "graph/graph.h"
#include "ui/layout.h"

enum { COMPARE_VIEW_WIDE = 100 /* columns, for two beside each other */ };

/* All-zero compares nothing. */
struct compare_view {
    uint64_t ids[2];     /* nodes; 0: nothing is compared */
    uint64_t changed[2]; /* as they were laid out */
    int width;
    bool ascii;
    struct layout sides[2]; /* the second only where it is wide */
    size_t top;             /* the first line in view */
    int height;             /* lines in view when it was last drawn */
};

void compare_view_clear(struct compare_view *view);
void compare_view_open(struct compare_view *view, uint64_t left_id,
                       uint64_t right_id);

/* By lines, or pages; negative is up. The next draw moves. */
void compare_view_scroll(struct compare_view *view, int64_t lines);
void compare_view_page(struct compare_view *view, int pages);

void compare_view_draw(struct compare_view *view, const struct graph *graph,
                       struct canvas *canvas, struct rect rect);

/* Append both as lines of text: who they are, what they took, and one text with
 * the marks. */
void compare_view_text(const struct graph *graph, uint64_t left_id,
                       uint64_t right_id, struct buf *out);

#endif
