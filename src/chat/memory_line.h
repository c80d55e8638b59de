/* SPDX-License-Identifier: MIT */
/*
 * memory_line - what is typed to have an entry remembered again, for what was
 * forgotten.
 */
#ifndef CHAT_MEMORY_LINE_H
#define CHAT_MEMORY_LINE_H

#include "base/buf.h"
#include "graph/memory_entry.h"

/* Append "/remember --importance 0.9 likes tea #drinks". */
void memory_line_append(const struct memory_entry *entry, struct buf *out);

#endif
