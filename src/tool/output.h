/* SPDX-License-Identifier: MIT */
/*
 * output - what a model gets of what a tool printed: the whole, or its head and
 * its tail with a mark between that counts what is missing.
 *
 * Text is valid UTF-8 in here. It is cut between lines where there are any,
 * else between characters.
 */
#ifndef TOOL_OUTPUT_H
#define TOOL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum {
    OUTPUT_HEAD_MAX = 64 * 1024, /* bytes */
    OUTPUT_TAIL_MAX = 64 * 1024,
    OUTPUT_WHOLE_MAX = OUTPUT_HEAD_MAX + OUTPUT_TAIL_MAX,
};

/* All-zero is empty. */
struct output {
    size_t most;     /* bytes of the whole that the model gets, if that is less
                        than OUTPUT_WHOLE_MAX; 0: that */
    struct buf head; /* until it is long: all */
    struct buf tail;
    uint64_t bytes;  /* of the whole */
    uint64_t behind; /* bytes that came after the head */
};

/* What the model gets at the most, but for the mark. */
size_t output_most(const struct output *output);

void output_clear(struct output *output);
void output_add(struct output *output, struct slice text);

/* Whether something is missing by now. */
bool output_is_cut(const struct output *output);

/* Append what the model gets. */
void output_append(const struct output *output, struct buf *out);

#endif
