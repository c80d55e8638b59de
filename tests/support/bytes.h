/* SPDX-License-Identifier: MIT */
/*
 * bytes - test data that is written down as text.
 */
#ifndef TESTS_SUPPORT_BYTES_H
#define TESTS_SUPPORT_BYTES_H

#include "base/buf.h"
#include "base/slice.h"

/* Append what hex digits say; spaces between bytes are skipped, and what is
 * no hex fails the test. */
void bytes_from_hex(struct buf *out, struct slice hex);

/* Append a whole file; a file that cannot be read fails the test. */
void bytes_from_file(struct buf *out, const char *path);

/* Cut the field before the next separator off *rest. */
struct slice bytes_next_field(struct slice *rest, char separator);

/* Append the pieces that are the digits of `index` in the base of their count:
 * counting up gives every short text that can be made of them. */
void bytes_numbered(struct buf *out, const char *const *pieces, size_t count,
                    unsigned long index);

#endif
