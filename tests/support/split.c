/* SPDX-License-Identifier: MIT */
#include "tests/support/split.h"

/* A piece is copied to storage of its own size, so that reading past its end is
 * seen by the sanitizer. */
#include <stdlib.h>

#include "base/memory.h"

struct splitter {
    split_fn *fn;
    void *context;
};

static void feed(const struct splitter *splitter, struct slice input,
                 size_t from, size_t to)
{
    struct slice piece = { input.ptr + from, to - from };
    char *copy = memory_alloc(piece.len);
    for (size_t i = 0; i < piece.len; i++)
        copy[i] = piece.ptr[i];
    splitter->fn(splitter->context, (struct slice){ copy, piece.len },
                 from == 0, to == input.len);
    free(copy);
}

static void feed_at(const struct splitter *splitter, struct slice input,
                    size_t first, size_t second)
{
    feed(splitter, input, 0, first);
    if (second > first)
        feed(splitter, input, first, second);
    feed(splitter, input, second, input.len);
}

void split_each(struct slice input, split_fn *fn, void *context)
{
    struct splitter splitter = { fn, context };
    feed(&splitter, input, 0, input.len);
    for (size_t i = 0; i < input.len; i++)
        feed(&splitter, input, i, i + 1);
    for (size_t i = 1; i < input.len && input.len <= SPLIT_IN_TWO_MAX; i++)
        feed_at(&splitter, input, i, i);
    for (size_t i = 1; i < input.len && input.len <= SPLIT_IN_THREE_MAX; i++) {
        for (size_t j = i + 1; j < input.len; j++)
            feed_at(&splitter, input, i, j);
    }
}
