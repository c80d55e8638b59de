/* SPDX-License-Identifier: MIT */
/*
 * pager - a text to read over the thread: help, lists, status. Markdown.
 *
 * All-zero is closed. `layout.ascii` is set by the owner and kept.
 */
#ifndef UI_PAGER_H
#define UI_PAGER_H

#include "ui/layout.h"

struct pager {
    struct buf title, text;
    struct layout layout;
    size_t top;      /* first line in view */
    int page_height; /* lines in view when it was last drawn */
    bool is_open;
};

/* Show a text from its start; replaces what was shown. Copies both. */
void pager_open(struct pager *pager, const char *title, struct slice text);
/* The same text, newer: keeps the place. */
void pager_update(struct pager *pager, struct slice text);
void pager_close(struct pager *pager); /* frees what it holds */

/* Draw into rect: a rule with the title, then the lines in view. */
void pager_draw(struct pager *pager, struct canvas *canvas, struct rect rect);

/* Move by lines; negative is up. Clamped. */
void pager_scroll(struct pager *pager, int lines);
void pager_page(struct pager *pager, int pages);

#endif
