/* SPDX-License-Identifier: MIT */
/*
 * markdown - Markdown (CommonMark with tables, task lists and struck text)
 * into lines. Only door to <md4c.h>.
 *
 * For text that grows: what is finished (see ui/segment) is laid out once; only
 * the open rest is laid out again.
 *
 * HTML is shown as text, a link shows where it leads, and link reference
 * definitions are shown as they are written and not resolved (they would change
 * text that is laid out already). Only the titles of links and what follows the
 * language of a code block are left out.
 */
#ifndef UI_MARKDOWN_H
#define UI_MARKDOWN_H

#include <stddef.h>

#include "ui/layout.h"
#include "ui/segment.h"

/* Append the lines of a whole Markdown text. */
void markdown_layout(struct layout *layout, struct slice text);

/* A code block as its author wrote it: without the marks of the fence and of
 * quotes and lists around it. */
struct markdown_code {
    size_t number;   /* which one is wanted: as the lines number it, from 1 */
    struct buf text; /* whole lines, but where the text ends in one */
    struct buf language; /* "" if it says none */
};

/* Fill in a code block, NULL: none; empty if the text has no such. A block that
 * is still written is one. Returns how many there are. */
size_t markdown_code_find(struct slice text, struct markdown_code *code);
void markdown_code_clear(struct markdown_code *code);

/* What a segment knows of those before it. All-zero: the start of a text. */
struct markdown_state {
    struct segment_fence fence;
    bool has_lines;             /* something came before */
    bool after_blank;           /* and a blank line after that */
    size_t blocks;              /* code blocks so far, for their numbers */
    char list_mark;             /* '.' or ')' after a numbered list, else 0 */
    unsigned list_next;         /* the number that its next item has */
    struct markdown_code *code; /* filled in on the way; NULL: none */
};

/* All-zero is a text of no bytes; then `layout.ascii` and `first_block` may be
 * set. */
struct markdown {
    struct layout layout;
    size_t first_block;    /* code blocks that came before this text */
    size_t blocks;         /* code blocks of this text, at the last update */
    size_t finished_bytes; /* of the source, laid out for good */
    size_t finished_lines;
    size_t seen_bytes;              /* of the source, at the last update */
    struct markdown_state finished; /* where the open rest begins */
};

/* Lay out the text, which must begin with the bytes of the last call. A width
 * other than the last one starts again. The lines depend on the text and the
 * width alone. */
void markdown_update(struct markdown *markdown, struct slice text, int width);
void markdown_clear(struct markdown *markdown);

#endif
