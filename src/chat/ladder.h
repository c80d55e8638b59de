/* SPDX-License-Identifier: MIT */
/*
 * ladder - which rung answers a prompt, and why: the rules of the settings in
 * their order, then the score of the prompt against the threshold.
 *
 * Pure. What keeps a rung, or whom a rule names, from answering (privacy,
 * consent, pictures, its window, its health, money) somebody else has found out:
 * no rule and no score chooses what is barred. Below the threshold
 * the first free rung answers; above it a higher one, the higher the score, the
 * higher. In the band around it the first rung answers, and its answer is looked
 * at (chat/answer_look).
 *
 * Two rules keep a conversation from going to and fro, for each change of the
 * rung throws away what the server of the other has cached of it:
 *  - a short follow-up ("and in C?") is as hard as what it follows: it is judged
 *    together with that, and never easier than by itself;
 *  - a rung that the score has chosen for the prompt before is left only for a
 *    score that is LADDER_STICK beyond where the two part: a greeting before a
 *    prompt moves its score by nearly as much (.04 in the mean of 1500).
 * Neither changes what a pin, consent, a rule or a rung's health says.
 */
#ifndef CHAT_LADDER_H
#define CHAT_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "chat/complexity.h"
#include "chat/lesson.h"
#include "config/settings.h"

/* Of the settings, where they say nothing. */
#define LADDER_THRESHOLD 0.55
#define LADDER_BAND      0.10

#define LADDER_STICK 0.05
enum { LADDER_SHORT_WORDS = 8, LADDER_SHORT_BYTES = 64 }; /* of a follow-up */

struct rung {
    const char *name;   /* as the settings spell it */
    const char *barred; /* why it cannot answer; NULL: it can */
};

struct ladder {
    const struct settings *settings; /* rules, threshold, band */
    const struct rung *rungs;        /* those of routing.ladder */
    size_t count;
    size_t more;          /* behind them: whom only rules name */
    struct lesson lesson; /* of the threshold */
};

struct ladder_prompt {
    struct slice text;
    struct slice before; /* the prompt that it follows, if that was not a
                            follow-up itself; empty: none */
    size_t standing; /* rung, from 1, that the score chose before it; 0: none */
    uint64_t tokens; /* of the whole request, estimated */
    bool has_image, has_file;
};

enum ladder_cause {
    LADDER_NONE, /* no rung is free */
    LADDER_ONLY, /* one is, or none is better */
    LADDER_RULE,
    LADDER_SCORE,
};

struct ladder_choice {
    enum ladder_cause cause;
    size_t rule;        /* that decided, from 1 */
    const char *target; /* name; of the settings */
    bool asks;          /* the rule wants a question first */
    bool is_watched;    /* its answer is to be looked at */
    struct complexity complexity;
    double threshold, band;
    double edge; /* the score from which on that rung answers; 0: the first */
};

/* The choice is all-zero at first. Each reason is appended to `reasons` as a
 * line: what decided, and what would have decided otherwise: another score, the
 * rule's absence, a bar's. */
void ladder_choose(const struct ladder *ladder,
                   const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons);

/* How hard it is: by itself, or together with what it follows. */
void ladder_judge(const struct ladder_prompt *prompt,
                  struct complexity *complexity, struct buf *reasons);

/* Whether a prompt is so short that it may be understood only by what it
 * follows. */
bool ladder_is_follow_up(struct slice text);

/* The score at which, of `count` rungs, the one before `rank` (from 1) and that
 * one part. */
double ladder_parting(double threshold, double band, size_t rank, size_t count);

/* The rules of the settings, and whom each names; NULL: nobody. */
size_t ladder_rule_count(const struct settings *settings);
const char *ladder_rule_target(const struct settings *settings, size_t rule);

/* Whether the rules can be read: "tokens" and "text". False names file and line
 * of the first that cannot. */
bool ladder_check(const struct settings *settings, struct error *err);

#endif
