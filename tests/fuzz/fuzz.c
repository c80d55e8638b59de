/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/noise.h"

enum { PIECE_MAX = 64 };

struct slice fuzz_input(const uint8_t *bytes, size_t len)
{
    return (struct slice){ (const char *)bytes, len };
}

unsigned fuzz_choice(struct slice *input)
{
    if (!input->len)
        return 0;
    unsigned choice = (unsigned char)input->ptr[0];
    *input = slice_skip(*input, 1);
    return choice;
}

static void hand_over(struct slice piece, fuzz_piece_fn *fn, void *context)
{
    char *copy = memory_alloc(piece.len);
    memcpy(copy, piece.ptr, piece.len);
    fn(context, (struct slice){ copy, piece.len });
    free(copy);
}

void fuzz_pieces(struct slice text, unsigned pattern, fuzz_piece_fn *fn,
                 void *context)
{
    struct noise noise = { pattern };
    while (text.len) {
        size_t len = text.len;
        if (pattern == 1)
            len = 1;
        else if (pattern)
            len = 1 + noise_below(&noise, PIECE_MAX);
        len = len < text.len ? len : text.len;
        hand_over((struct slice){ text.ptr, len }, fn, context);
        text = slice_skip(text, len);
    }
}

void fuzz_require(bool holds, const char *property)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", property);
    abort();
}

void fuzz_require_same(const struct buf *a, const struct buf *b,
                       const char *property)
{
    if (slice_equal(buf_slice(a), buf_slice(b)))
        return;
    fprintf(stderr, "one:\n%s\nthe other:\n%s\n", buf_string(a), buf_string(b));
    fuzz_require(false, property);
}
