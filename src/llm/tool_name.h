/* SPDX-License-Identifier: MIT */
/*
 * tool_name - names of tools as every server takes them, and back.
 *
 * Servers take at most 64 of the characters A-Z a-z 0-9 _ and -. A name like
 * that is sent as it is. Another has its odd characters replaced, is cut, and
 * ends in a digest of the whole, so that no two names become one. What is sent
 * depends on nothing but the name: requests stay byte-stable.
 */
#ifndef LLM_TOOL_NAME_H
#define LLM_TOOL_NAME_H

#include "base/buf.h"
#include "llm/provider.h"

enum { TOOL_NAME_MAX = 64 };

/* Append the name as it is sent; an empty one becomes "unknown". */
void tool_name_append(struct buf *out, struct slice name);

/* The offered tool that a model means by a name: as it was sent, or as the tool
 * calls itself, with or without the prefix "functions." that some models make
 * up. NULL: none. */
const struct tool_offer *tool_name_find(const struct tool_offer *tools,
                                        size_t count, struct slice sent);

#endif
