/* SPDX-License-Identifier: MIT */
/*
 * list - rows to read or to choose from: what a panel shows.
 *
 * Plain rows that app fills: it knows nothing of what they mean. A row has a
 * head, which stands in a column of its own, a text, and facts at the right
 * edge that are dropped where there is no room. A key, which is not shown, names
 * the row for whoever acts on it; rows without one cannot be chosen: they are to
 * be read, and broken into lines where they are too long. What was typed
 * filters: a row stays if each word of the filter is in what it shows, in any
 * case of letters.
 *
 * Filling again keeps the filter, the chosen row (by its key) and the place.
 */
#ifndef UI_LIST_H
#define UI_LIST_H

#include <stdbool.h>

#include "base/array.h"
#include "base/buf.h"
#include "ui/layout.h"

enum { LIST_FILTER_MAX = 256 /* bytes */ };

struct list_row {
    struct buf key; /* "": not to be chosen */
    struct buf head, text, right;
    enum style style;       /* of the head */
    enum style right_style; /* of the right edge */
    bool is_marked;         /* what is current */
};

/* One line on the screen. */
struct list_line {
    size_t row;
    size_t prose;  /* line of list.prose that stands for the text; 0: none */
    bool is_first; /* of its row */
};

/* All-zero is empty. */
struct list {
    ARRAY_OF(struct list_row) rows; /* kept for their storage beyond count */
    size_t count;
    ARRAY_OF(struct list_line) shown; /* of the rows that pass the filter */
    struct layout prose;              /* rows that were broken; from line 1 */
    int width; /* cells to break rows for, 0: do not; set by the owner */
    struct buf filter;
    struct buf chosen; /* key of the chosen row; "": none */
    size_t twin;       /* how many shown before it have the same key */
    size_t top;        /* of `shown`, the first in view */
    int page_height;   /* rows in view when it was last drawn */
    bool has_moved;    /* the user chose; else what is current is chosen */
    bool ascii;        /* for our own glyphs; set by the owner and kept */
};

void list_clear(struct list *list); /* frees all */

/* Fill: begin, add rows from the top, end. */
void list_begin(struct list *list);
/* An empty row that is borrowed until the next call. */
struct list_row *list_add(struct list *list, const char *key) RETURNS_NONNULL;
/* The same with a text and nothing else. */
void list_add_text(struct list *list, enum style style, const char *format, ...)
    PRINTF_LIKE(3, 4);
void list_end(struct list *list);

/* The key of the chosen row: until the user moves the one that is marked, else
 * the first; "" if nothing can be chosen. Until the list
 * changes. */
const char *list_chosen(const struct list *list);
void list_choose(struct list *list, const char *key);

/* Choose the row so many further (or, where none can be chosen, scroll);
 * negative is up. Clamped. A page is what was last drawn. */
void list_move(struct list *list, int steps);
void list_page(struct list *list, int pages);

/* The filter. False if it is full. Erasing takes a character, or all. */
bool list_filter_type(struct list *list, struct slice text);
bool list_filter_erase(struct list *list); /* false: it was empty */
void list_filter_set(struct list *list, struct slice text);

/* Draw into rect. The chosen row is in view, and marked if the list has the
 * keys; then the canvas's cursor stands on it. */
void list_draw(struct list *list, struct canvas *canvas, struct rect rect,
               bool has_keys);

#endif
