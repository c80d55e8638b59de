/* SPDX-License-Identifier: MIT */
/*
 * plain - plain text that grows, into lines: its own line breaks stay, and
 * lines that are whole are laid out once.
 */
#ifndef UI_PLAIN_H
#define UI_PLAIN_H

#include <stddef.h>

#include "ui/layout.h"

enum { PLAIN_LINE_MAX = 64 * 1024 /* bytes; a longer line is broken there */ };

/* All-zero is a text of no bytes. */
struct plain {
    struct layout layout;
    size_t finished_bytes, finished_lines; /* laid out for good */
    size_t seen_bytes;                     /* at the last update */
};

/* Lay out the text, which must begin with the bytes of the last call. A width
 * other than the last one starts again. */
void plain_update(struct plain *plain, struct slice text, int width,
                  enum style style);
void plain_clear(struct plain *plain);

#endif
