/* SPDX-License-Identifier: MIT */
/*
 * markdown_source - Markdown as md4c shall see it, and back.
 *
 * Pure. The copy has a guard wherever a link reference definition could begin
 * (md4c would hide it), delimiter rows of tables that md4c knows, and a line
 * break at the end, because 0.4.8 reads beyond a text that has none.
 */
#ifndef UI_MARKDOWN_SOURCE_H
#define UI_MARKDOWN_SOURCE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Append the copy of a text; `is_item`: of a list. */
void markdown_source_append(struct buf *out, struct slice text, bool is_item);

/* Cut the next piece of the source, without guards, off what md4c gave. A piece
 * may be empty: go on until *text is. */
struct slice markdown_source_take(struct slice *text);

#endif
