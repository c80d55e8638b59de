/* SPDX-License-Identifier: MIT */
/*
 * split - feed bytes in every way that a network may cut them.
 */
#ifndef TESTS_SUPPORT_SPLIT_H
#define TESTS_SUPPORT_SPLIT_H

#include <stdbool.h>

#include "base/slice.h"

enum {
    SPLIT_IN_TWO_MAX = 4096, /* longer inputs are not cut at every position */
    SPLIT_IN_THREE_MAX = 80,
};

/* Takes all pieces in turn; `first` marks the first one, `last` the last. An
 * input of no bytes is one empty piece. */
typedef void split_fn(void *context, struct slice piece, bool first, bool last);

/* The input whole, one byte at a time, at every position in two, and (short
 * ones) at every two positions in three. */
void split_each(struct slice input, split_fn *fn, void *context);

#endif
