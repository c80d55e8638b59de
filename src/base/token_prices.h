/* SPDX-License-Identifier: MIT */
/*
 * token_prices - what base/tokens takes for each kind of run, by family of
 * tokenizers, in thousandths of a token.
 *
 * Fitted, see token_prices.c. Two tables are the same for all families: how
 * unusual a pair of letters is, and a pair of punctuation marks.
 */
#ifndef BASE_TOKEN_PRICES_H
#define BASE_TOKEN_PRICES_H

#include <stdint.h>

#include "base/token_family.h"

enum token_script {
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,       /* the letters of Russian */
    SCRIPT_OTHER_CYRILLIC, /* which tell that it is none */
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_INDIC,
    SCRIPT_THAI, /* and its neighbours */
    SCRIPT_HANGUL,
    SCRIPT_KANA,
    SCRIPT_HAN,
    SCRIPT_FULL_WIDTH, /* punctuation */
    SCRIPT_QUOTES,     /* typographic punctuation */
    SCRIPT_SYMBOLS,
    SCRIPT_EMOJI,
    SCRIPT_REST,
    SCRIPT_COUNT
};

enum token_price {
    PRICE_WORD,     /* a word, or the first part of a camelCase one */
    PRICE_BARE,     /* more, with no blank before it */
    PRICE_PART,     /* a further part */
    PRICE_UNUSUAL,  /* each thousand that its letters are unusual */
    PRICE_ACCENTED, /* each letter with an accent, but for */
    PRICE_TONED,    /* those of Vietnamese */
    PRICE_DIGITS,   /* each three digits of a run, or fewer */
    PRICE_DIGIT,
    PRICE_BLANK_DIGIT, /* one blank before a number */
    PRICE_BLANKS,      /* more than one */
    PRICE_BLANK,       /* each further one */
    PRICE_TAB,
    PRICE_LINE,      /* its end */
    PRICE_MARK_LINE, /* after a punctuation mark */
    PRICE_EMPTY_LINE,
    PRICE_MARKS,      /* a run of punctuation marks */
    PRICE_MARK,       /* each of them, but for */
    PRICE_REPEAT,     /* the third of the same, and each further one */
    PRICE_MARK_PAIRS, /* each thousand that they are unusual together */
    PRICE_SCRIPT_RUN, /* by enum token_script */
    PRICE_SCRIPT = PRICE_SCRIPT_RUN + SCRIPT_COUNT, /* each character of it */
    PRICE_COUNT = PRICE_SCRIPT + SCRIPT_COUNT
};

extern const int16_t token_prices[TOKENS_FAMILY_COUNT][PRICE_COUNT];

enum {
    TOKEN_LETTERS = 28, /* 0: the edge of a word; a to z; any with an accent */
    TOKEN_MARKS = 37,   /* 32 marks, in the order of ASCII, then the below */
    MARK_AFTER_WORD = 32,
    MARK_AFTER_SPACE,
    MARK_BEFORE_WORD = MARK_AFTER_WORD,
    MARK_BEFORE_SPACE = MARK_AFTER_SPACE,
    MARK_BEFORE_LINE,
    UNUSUAL_WHOLE = 50, /* units: 1 */
};

/* By the one before and the one after, in units. */
extern const int8_t token_letter_pairs[TOKEN_LETTERS][TOKEN_LETTERS];
extern const int8_t token_mark_pairs[TOKEN_MARKS][TOKEN_MARKS];

/* How unusual a word is besides its pairs, in units. */
enum {
    UNUSUAL_WORD = -12,
    UNUSUAL_BARE = 7,      /* no blank before it */
    UNUSUAL_CAPITAL = 14,  /* its first letter is one */
    UNUSUAL_CAPITALS = -7, /* all are, and */
    UNUSUAL_EACH_CAPITAL = 9,
    UNUSUAL_LONG = 3,   /* each from the fifth to the eighth letter */
    UNUSUAL_LONGER = 4, /* each after that */
};

#endif
