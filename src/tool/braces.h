/* SPDX-License-Identifier: MIT */
/*
 * braces - a glob (base/glob) with alternatives, as shells and ripgrep write
 * them: "*.{c,h}" is "*.c" or "*.h".
 */
#ifndef TOOL_BRACES_H
#define TOOL_BRACES_H

#include <stdbool.h>

#include "base/array.h"
#include "base/slice.h"

enum { BRACES_MAX = 64 /* globs that are made of one; others are left out */ };

/* All-zero matches everything. */
struct braces {
    ARRAY_OF(char *) globs;
};

void braces_clear(struct braces *braces);

/* Set, from a glob; an empty one matches everything. What is no pair of braces
 * stands for itself. */
void braces_make(struct braces *braces, struct slice glob);

/* Whether one of them matches. */
bool braces_match(const struct braces *braces, const char *path);

#endif
