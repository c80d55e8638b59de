/* SPDX-License-Identifier: MIT */
/*
 * complexity - how much a better model would help with a prompt: a number from
 * 0 to 1, and what it is made of.
 *
 * Nineteen features of the text, each a clipped z-score, all of the same weight:
 * signs, means and spreads are the mean over three families of prompts (GSM8K,
 * MMLU, and the mix of LLMRouter) for which it is known what a small and a large
 * model answered. No weight is fitted, for fitted weights do not travel: a
 * regression over 44 features that was trained on one family loses to equal
 * weights on the next (Ong et al., RouteLLM, arXiv:2406.18665, for the sets and
 * the measure).
 *
 * Words are looked up in the lists of chat/lexicon, in the language of the text.
 * Where that is not known, they are taken to say what the rest says: no prompt
 * is hard for its language.
 *
 * Pure and linear in the text.
 */
#ifndef CHAT_COMPLEXITY_H
#define CHAT_COMPLEXITY_H

#include <stdbool.h>

#include "base/slice.h"

enum complexity_feature {
    COMPLEXITY_REPEATED,    /* log of how many were there before */
    COMPLEXITY_VARIED,      /* share that was not */
    COMPLEXITY_SENTENCES,   /* log */
    COMPLEXITY_COMMAS,      /* for each word */
    COMPLEXITY_BRACKETS,    /* "(": log */
    COMPLEXITY_CODE,        /* {}[]();_: log */
    COMPLEXITY_CONDITIONS,  /* "if", "unless", "exactly": log */
    COMPLEXITY_QUANTITIES,  /* "each", "total", "ratio": log */
    COMPLEXITY_COMPARISONS, /* "than", "both", "other": log */
    COMPLEXITY_NEGATIONS,   /* "not", "never": share of the words */
    COMPLEXITY_STORY,       /* "she", "their", "had": share of the words */
    COMPLEXITY_MAKING,      /* "write", "design", "algorithm": log */
    COMPLEXITY_ORDERS,      /* "write", "list", "explain": share */
    COMPLEXITY_REASONING,   /* "prove", "why", "compare": log */
    COMPLEXITY_CHORES,      /* "hello", "translate", "title": share */
    COMPLEXITY_NO_QUESTION, /* there is no "?": 0 or 1 */
    COMPLEXITY_LOOKUP,      /* it begins with "who", "when", "where": 0 or 1 */
    COMPLEXITY_NUMBERS,     /* log of how many different ones */
    COMPLEXITY_DECIMALS,    /* there is a "2.5": 0 or 1 */
    COMPLEXITY_COUNT
};

struct complexity {
    double score;                    /* 0 to 1; .5: as hard as most */
    double value[COMPLEXITY_COUNT];  /* of the feature */
    double weight[COMPLEXITY_COUNT]; /* what it adds to the sum, -3 to 3; 0
                                         where it does not count */
    bool has_words; /* enough of the words are known to be judged by them */
};

void complexity_judge(struct slice text, struct complexity *complexity);

/* The score with something more in the sum: what an answer has shown. */
double complexity_score(const struct complexity *complexity, double more);

/* "repeated words", for people. */
const char *complexity_feature_name(enum complexity_feature feature);

#endif
