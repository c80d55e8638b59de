/* SPDX-License-Identifier: MIT */
/*
 * answer - the text of an answer, cut into tokens as a model would give it:
 * Markdown prose with lists, code and a table, about 4 bytes a token.
 *
 * Now and then a token is a mark, "#01234", whose numbers count up: by these a
 * reader of the screen knows how far it has come.
 */
#ifndef TESTS_BENCH_ANSWER_H
#define TESTS_BENCH_ANSWER_H

#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"

struct token {
    uint32_t offset, len;
    int mark; /* its number; -1: not a mark */
};

struct answer_text {
    struct buf text;
    ARRAY_OF(struct token) tokens;
    int marks;
};

/* The answer of `count` tokens; the last word of it is ANSWER_END. */
void answer_make(struct answer_text *answer, size_t count);
void answer_free(struct answer_text *answer);

/* Of a token, until the answer is freed. */
struct slice answer_token(const struct answer_text *answer, size_t index);

#define ANSWER_END  " Finis."
#define ANSWER_MARK "#%05d"

#endif
