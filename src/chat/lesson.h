/* SPDX-License-Identifier: MIT */
/*
 * lesson - what the preferences of a user say about where the threshold belongs.
 *
 * Pure. Two rungs that are neighbours have answered the same prompt, and the
 * user has said which answer is better. That is a vote: the threshold belongs
 * where the higher rung is better as often as not, and no difference speaks for
 * the lower one, which is cheaper. The profile's own threshold counts as much as
 * LESSON_DOUBT such votes, so that each moves it by less than the one before it,
 * and all together by no more than LESSON_MOST. Only counts are kept: their
 * order does not matter, and a vote can be taken back.
 */
#ifndef CHAT_LESSON_H
#define CHAT_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define LESSON_MOST 0.15
/* What a prompt whose score is farther from the place where the two rungs part
 * can say, no threshold within LESSON_MOST would hear. */
#define LESSON_NEAR  0.20
#define LESSON_DOUBT 20

/* All-zero: nothing was learnt. */
struct lesson {
    double own; /* threshold of the settings that it was learnt beside */
    uint32_t higher, lower; /* votes */
    int64_t since;          /* Unix ms: the first of them */
};

enum vote { VOTE_NONE, VOTE_HIGHER, VOTE_LOWER };

/* "higher"; "" for none. VOTE_NONE for any other word. */
const char *vote_name(enum vote vote);
enum vote vote_parse(struct slice name);

/* Two answers to a prompt of this score. Rungs count from 0; that of one that is
 * on none is at least `count`. */
struct lesson_case {
    size_t better, other; /* rungs */
    size_t count;         /* of the ladder */
    bool is_same;         /* no difference */
    double score, threshold, band;
};

/* What it says; of VOTE_NONE *why says why not, in words that go on "it says
 * nothing about the threshold: ". */
enum vote lesson_vote(const struct lesson_case *said, const char **why);

/* Count a vote, or (by -1) take one back that was counted. */
void lesson_count(struct lesson *lesson, enum vote vote, int by);

/* How far the threshold is moved: -LESSON_MOST to LESSON_MOST. */
double lesson_offset(const struct lesson *lesson);

/* The threshold that follows from the settings' own: 0 to 1. */
double lesson_threshold(const struct lesson *lesson, double own);

/* Append "threshold 0.57: 0.55 of the profile, +0.02 from 6 preferences";
 * nothing where nothing was learnt. */
void lesson_words(const struct lesson *lesson, double own, struct buf *out);

/* As it is kept: one line of text. False: it is none, and *lesson is empty. */
void lesson_format(const struct lesson *lesson, struct buf *out);
bool lesson_parse(struct lesson *lesson, const char *text);

#endif
