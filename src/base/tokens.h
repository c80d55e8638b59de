/* SPDX-License-Identifier: MIT */
/*
 * tokens - an estimate of how many tokens a text is, without a tokenizer.
 *
 * Incremental: feeding a text in any pieces gives the same count as feeding it
 * whole, so a growing block costs only what was added. Cuts the text into runs
 * of one class of characters (letters, digits, blanks, Han, ...), as tokenizers
 * do before they look up what is left, each with a price for the family of the
 * model's tokenizer (base/token_prices). Words and runs of punctuation cost the
 * more, the less usual their pairs of characters are. What a server reports
 * corrects it elsewhere (chat/calibration).
 */
#ifndef BASE_TOKENS_H
#define BASE_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/token_family.h"
#include "base/utf8.h"

/* All-zero but for the family is the start of a text. Owns nothing. */
struct tokens_counter {
    uint8_t family;       /* enum token_family */
    uint64_t millitokens; /* of the runs that have ended */
    /* The open run. */
    int64_t unusual;   /* its pairs, in units of token_prices */
    uint32_t length;   /* in characters */
    uint32_t capitals; /* letters */
    uint32_t special;  /* letters with accents, marks that repeat, tabs */
    uint32_t toned;    /* letters of Vietnamese */
    uint8_t class;
    uint8_t before;  /* class of the one before */
    uint8_t last;    /* letter or mark, as token_prices counts them */
    bool was_one;    /* the one before was one character */
    bool is_part;    /* of a camelCase word, and not the first */
    bool ends_small; /* its last letter is a small one */
    bool is_twice;   /* its last two marks are the same */
    struct utf8_partial partial;
};

void tokens_feed(struct tokens_counter *counter, struct slice text);

/* Tokens so far; of anything at least one. */
uint64_t tokens_count(const struct tokens_counter *counter);

/* The estimate of a whole text. */
uint64_t tokens_estimate(struct slice text); /* of an unknown family */
uint64_t tokens_estimate_as(enum token_family family, struct slice text);

#endif
