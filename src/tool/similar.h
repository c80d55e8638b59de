/* SPDX-License-Identifier: MIT */
/*
 * similar - why a text is not in a file: the place where it nearly is, in words
 * from which the model that wrote it can mend it. Pure.
 */
#ifndef TOOL_SIMILAR_H
#define TOOL_SIMILAR_H

#include "base/buf.h"
#include "base/slice.h"

/* Append what follows "... is not in the file". The text is not empty and not
 * in the file. Takes time of the product of the lines, at the most of
 * SIMILAR_WORK_MAX comparisons; less is told then. */
void similar_append(struct buf *out, struct slice file, struct slice text);

enum { SIMILAR_WORK_MAX = 4 * 1000 * 1000 };

#endif
