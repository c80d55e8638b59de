/* SPDX-License-Identifier: MIT */
/*
 * entry_name - the name of a file in a line of an answer: as it is, or, where it
 * would not be one line of text, quoted as in JSON, so that a model can write it
 * back. Pure.
 */
#ifndef TOOL_ENTRY_NAME_H
#define TOOL_ENTRY_NAME_H

#include "base/buf.h"
#include "base/slice.h"

/* What is no UTF-8 becomes U+FFFD, and is said to be no name for a tool. */
void entry_name_append(struct buf *out, struct slice name);

#endif
