/* SPDX-License-Identifier: MIT */
/*
 * tokens - an estimate of how many tokens a text is, without a tokenizer.
 *
 * Incremental: feeding a text in any pieces gives the same count as feeding it
 * whole, so a growing block costs only what was added.
 */
#ifndef BASE_TOKENS_H
#define BASE_TOKENS_H

#include <stdint.h>

#include "base/slice.h"

/* All-zero is the start of a text. */
struct tokens_counter {
    uint64_t millitokens;
    uint8_t class;   /* of the run that the last byte belongs to */
    uint32_t length; /* of that run, in characters */
};

void tokens_feed(struct tokens_counter *counter, struct slice text);

/* Tokens so far, rounded up. */
uint64_t tokens_count(const struct tokens_counter *counter);

/* The estimate of a whole text. */
uint64_t tokens_estimate(struct slice text);

#endif
