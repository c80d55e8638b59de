/* SPDX-License-Identifier: MIT */
/*
 * terms - a text taken apart into what can be looked for.
 *
 * The one rule for what is indexed, what is asked for and what is marked in a
 * hit. A term is a run of letters, digits and marks, without the case of
 * letters, without diacritics and points, and in the usual width: "Straße",
 * "ＳＴＲＡＳＳＥ" and "strasse" are one. Scripts that put no blanks between
 * words (Han, kana, Thai and the like) and Hangul, whose words grow endings,
 * have each character as a term of its own: a word of theirs is a phrase, found
 * wherever it stands.
 */
#ifndef STORE_TERMS_H
#define STORE_TERMS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum { TERM_LEN_MAX = 64 /* bytes, about; what is behind them counts not */ };

/* A reader: give it the text, the rest zero. */
struct terms {
    struct slice text;
    /* The term that was read last. */
    struct buf term;
    size_t begin, end; /* where it stands in the text */
    bool is_character; /* it is of a script without blanks */
};

/* False at the end. */
bool terms_next(struct terms *terms);

/* The text may be another then. */
void terms_clear(struct terms *terms);

/* Append all terms, each with a blank behind it. Returns how many. */
size_t terms_append(struct buf *out, struct slice text);

#endif
