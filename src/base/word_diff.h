/* SPDX-License-Identifier: MIT */
/*
 * word_diff - what two texts have in common and where they differ, by words.
 *
 * Pure. A word is a run of letters and digits; a mark of punctuation, and a wide
 * character (CJK), is one by itself. The white space behind a word goes with it
 * and makes no difference. The fewest words that differ are found (base/myers).
 *
 * Bounded: texts of more than WORD_DIFF_UNITS_MAX words, or with more than
 * WORD_DIFF_EDITS_MAX words that differ, are compared by lines, and what differs
 * there by words as far as the bound lasts; where lines are too many, by
 * paragraphs (between blank lines); else all of both differs.
 */
#ifndef BASE_WORD_DIFF_H
#define BASE_WORD_DIFF_H

#include "base/array.h"
#include "base/slice.h"

enum {
    WORD_DIFF_UNITS_MAX = 20 * 1000, /* of each text */
    WORD_DIFF_EDITS_MAX = 2000,      /* of both */
};

enum word_diff_kind { WORD_DIFF_SAME, WORD_DIFF_REMOVED, WORD_DIFF_ADDED };

/* Of neighbours no two have one kind, and what was removed stands before what
 * was added. */
struct word_diff_span {
    enum word_diff_kind kind;
    struct slice before, after; /* borrowed from the texts; what was removed has
                                   no `after`, what was added no `before` */
};

enum word_diff_unit {
    WORD_DIFF_BY_WORDS,
    WORD_DIFF_BY_LINES, /* and by words within, as far as it went */
    WORD_DIFF_BY_PARAGRAPHS,
    WORD_DIFF_WHOLE,
};

/* All-zero is of nothing. */
struct word_diff {
    ARRAY_OF(struct word_diff_span) spans; /* each text in its order, whole */
    enum word_diff_unit unit;
};

void word_diff_clear(struct word_diff *diff);

/* Compare two texts, UTF-8, which must outlive it. */
void word_diff_make(struct word_diff *diff, struct slice before,
                    struct slice after);

#endif
