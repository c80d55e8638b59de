/* SPDX-License-Identifier: MIT */
/*
 * markdown - Markdown (CommonMark with tables, task lists and struck text)
 * into lines. Only door to <md4c.h>.
 *
 * For text that grows: what is finished (whole blocks that later text cannot
 * change) is laid out once; only the open rest is laid out again.
 */
#ifndef UI_MARKDOWN_H
#define UI_MARKDOWN_H

#include "ui/layout.h"

/* Append the lines of a whole Markdown text. */
void markdown_layout(struct layout *layout, struct slice text);

/* All-zero, with layout.width set, is a text of no bytes. */
struct markdown {
    struct layout layout;
    size_t finished_bytes; /* of the source, laid out for good */
    size_t finished_lines;
    size_t seen_bytes; /* of the source, at the last update */
};

/* Lay out the text, which must begin with the bytes of the last call. A width
 * other than the last one starts again. */
void markdown_update(struct markdown *markdown, struct slice text, int width);
void markdown_clear(struct markdown *markdown);

#endif
