/* SPDX-License-Identifier: MIT */
/*
 * scrap - a directory for what programs leave lying about: new, of nobody else,
 * and removed with all that is in it.
 */
#ifndef TOOL_SCRAP_H
#define TOOL_SCRAP_H

#include "base/compiler.h"
#include "base/error.h"

/* Its path, which the caller frees; 0700, below $TMPDIR or /tmp. NULL: none can
 * be made. */
char *scrap_make(struct error *err) MUST_USE;

/* Remove it. Links are removed, never followed. What cannot be removed stays.
 * NULL is fine. */
void scrap_remove(const char *path);

#endif
