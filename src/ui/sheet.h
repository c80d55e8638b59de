/* SPDX-License-Identifier: MIT */
/*
 * sheet - a text to be agreed to: what it is about above, then its lines behind a
 * bar that they cannot write to, scrolled, and how much of it has been in view.
 *
 * Lines are broken at the edge and nothing of them is left out. What would
 * carry the end of a line out of sight (a long run of blanks) is counted in its
 * place. Nothing is skipped: a line that was not in view is never scrolled past.
 */
#ifndef UI_SHEET_H
#define UI_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/layout.h"

enum {
    SHEET_BLANKS_MAX = 16, /* inside a line that are shown as they are */
    SHEET_MARGIN_MAX = 64, /* the same before it */
};

/* All-zero is empty. */
struct sheet {
    struct layout layout;
    uint64_t subject; /* what it is about, 0: nothing */
    size_t top;       /* line in view first */
    size_t seen;      /* lines that have been in view, from the first on */
    uint64_t place;   /* of the line `seen` while lines are made anew */
    int height;       /* lines in view when it was drawn last */
};

void sheet_clear(struct sheet *sheet);

/* False: it shows this subject at this width already. Else fill it: heads, then
 * lines, then sheet_end(). Another subject begins at its first line, and nothing
 * of it has been seen. */
bool sheet_begin(struct sheet *sheet, uint64_t subject, int width, bool ascii);

/* Words of ours. */
void sheet_add_head(struct sheet *sheet, enum style style, struct slice words);
/* A line of somebody else's, without its end. */
void sheet_add(struct sheet *sheet, enum style style, struct slice line);
void sheet_end(struct sheet *sheet);

size_t sheet_lines(const struct sheet *sheet);
size_t sheet_unseen(const struct sheet *sheet);

/* Move the view by lines, or pages of the last drawn height; negative is up. No
 * further than what has been seen, so that the next draw shows the rest. */
void sheet_scroll(struct sheet *sheet, int lines);
void sheet_page(struct sheet *sheet, int pages);

/* What is drawn has been seen. */
void sheet_draw(struct sheet *sheet, struct canvas *canvas, struct rect rect);

#endif
