/* SPDX-License-Identifier: MIT */
/*
 * tokens - an estimate of how many tokens a text is, without a tokenizer.
 *
 * Incremental: feeding a text in any pieces gives the same count as feeding it
 * whole, so a growing block costs only what was added. Counts runs of one class
 * of characters (letters, digits, blanks, Han, ...), each with a price fitted
 * to the vocabulary o200k; what a server reports corrects it elsewhere.
 */
#ifndef BASE_TOKENS_H
#define BASE_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/utf8.h"

/* All-zero is the start of a text. Owns nothing. */
struct tokens_counter {
    uint64_t millitokens; /* of the runs that have ended */
    uint32_t length;      /* of the open run, in characters */
    uint32_t changes;     /* from a small to a capital letter in it */
    uint8_t class;        /* of the open run */
    bool has_small;       /* the open run has a small letter */
    bool ends_small;      /* and it is the last one */
    struct utf8_partial partial;
};

void tokens_feed(struct tokens_counter *counter, struct slice text);

/* Tokens so far, rounded up. */
uint64_t tokens_count(const struct tokens_counter *counter);

/* The estimate of a whole text. */
uint64_t tokens_estimate(struct slice text);

#endif
