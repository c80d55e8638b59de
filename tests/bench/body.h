/* SPDX-License-Identifier: MIT */
/*
 * body - a streamed answer as a server of a dialect sends it, and where in its
 * bytes the JSON values lie.
 *
 * A dialect is a row of forms (body.c): what stands before, around and behind
 * the text of each token.
 */
#ifndef TESTS_BENCH_BODY_H
#define TESTS_BENCH_BODY_H

#include <stdbool.h>

#include "tests/bench/answer.h"

struct payload {
    size_t offset, len;
};

/* All-zero is empty. */
struct body {
    struct buf bytes;
    ARRAY_OF(struct payload) payloads;
};

/* Fill in the answer's first tokens as this dialect streams them; false if no
 * form is known for it. */
bool body_make(struct body *body, const char *dialect,
               const struct answer_text *answer, size_t tokens);
void body_clear(struct body *body);

#endif
