/* SPDX-License-Identifier: MIT */
/*
 * dim - dim text on a terminal that does not know it.
 *
 * libvterm 0.1 forgets SGR 2, and nothing of ours blinks: dim text is shown to
 * it as blinking, and read back as such.
 */
#ifndef TESTS_SUPPORT_DIM_H
#define TESTS_SUPPORT_DIM_H

#include "base/buf.h"

/* Append a sequence; in an SGR, dim becomes blinking. */
void dim_append(struct buf *out, struct slice sequence);

#endif
