/* SPDX-License-Identifier: MIT */
/*
 * keyless - what a program prints, in pieces, without the keys in it: a model
 * that reads another's environment must not carry it to its vendor, nor the log
 * keep it.
 *
 * A key that is cut in two is not seen, so whole lines are handed on (ended by
 * LF or CR), and a private key block with its end. What has no end is handed on
 * all the same once it is long.
 */
#ifndef TOOL_KEYLESS_H
#define TOOL_KEYLESS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Bytes that wait for the end of their line, or block, at the most. */
enum { KEYLESS_HELD_MAX = 64 * 1024 };

/* All-zero is the start. */
struct keyless {
    struct buf held;
};

void keyless_clear(struct keyless *keyless);

/* Append what is whole by now. */
void keyless_feed(struct keyless *keyless, struct buf *out, struct slice piece);

/* Append what is held: nothing follows. */
void keyless_flush(struct keyless *keyless, struct buf *out);

/* Append a whole text. */
void keyless_append(struct buf *out, struct slice text);

#endif
