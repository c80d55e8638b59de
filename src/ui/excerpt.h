/* SPDX-License-Identifier: MIT */
/*
 * excerpt - what a reader takes out of a node: its text, or a code block of it.
 *
 * Always the bytes that were said, never what the screen made of them: no
 * gutters, no wrapping, nothing shown in place of anything.
 */
#ifndef UI_EXCERPT_H
#define UI_EXCERPT_H

#include <stdbool.h>

#include "graph/graph.h"
#include "ui/markdown.h"

/* Append the text of a node: the prompt without its files; the answer as it
 * was streamed, without thinking and calls; what a tool gave back. False: it
 * has none. */
bool excerpt_text(const struct node *node, struct buf *out);

/* Code blocks of an answer, numbered through it as on screen; other nodes have
 * none. */
size_t excerpt_code_count(const struct node *node);

/* Fill in code->number, from 1; false if there is no such. */
bool excerpt_code(const struct node *node, struct markdown_code *code);

#endif
