/* SPDX-License-Identifier: MIT */
/*
 * word_set - the words that a text is about, and how much two texts have in
 * common. Pure.
 *
 * Words are terms (store/terms) without those that any text may have ("the",
 * "ist", "para"), unless there are no others. Of a script without blanks between
 * words each two characters that stand together are one. Two words are the same
 * if they differ in no more than two letters at their ends: "editor", "editors".
 */
#ifndef STORE_WORD_SET_H
#define STORE_WORD_SET_H

#include "base/array.h"
#include "base/buf.h"
#include "base/slice.h"

enum { WORD_SET_MAX = 256 /* words; further ones of a text count not */ };

/* All-zero: no words. */
struct word_set {
    ARRAY_OF(char *) words; /* in the order of the text, each once */
};

void word_set_add(struct word_set *set, struct slice text);

/* Also the words that any text may have. */
void word_set_add_all(struct word_set *set, struct slice text);
void word_set_clear(struct word_set *set);

/* How many words of the smaller set are in the other one, 0 to 1. */
double word_set_share(const struct word_set *a, const struct word_set *b);

/* Whether each word of `part`, which has some, is in the set. */
bool word_set_holds(const struct word_set *set, const struct word_set *part);

/* Append what FTS5 is asked for, so that each text is found that has one of them
 * in an index of terms, or all of them; nothing if there are no words. */
void word_set_append_match(const struct word_set *set, bool needs_all,
                           struct buf *out);

/* Whether two texts say the same: their terms are equal, or four fifths of all
 * that three of their terms behind one another make are in both (Jaccard). */
bool word_set_says_same(struct slice one, struct slice other);

#endif
