/* SPDX-License-Identifier: MIT */
/*
 * sink - what ncurses writes to in the place of a terminal: a memfd that takes
 * any number of bytes at once, and from which they are taken.
 *
 * Private to ui/term.c.
 */
#ifndef UI_SINK_H
#define UI_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

struct sink {
    FILE *frame; /* what ncurses writes */
    FILE *null;  /* what it reads: nothing */
};

/* False: errno says why. Then sink_close() all the same. */
bool sink_open(struct sink *sink);
void sink_close(struct sink *sink);

/* Bytes that were written and that nobody took yet. */
size_t sink_len(const struct sink *sink);

/* Append them to `out`, or forget them if it is NULL. */
void sink_take(struct sink *sink, struct buf *out);

#endif
