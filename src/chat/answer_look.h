/* SPDX-License-Identifier: MIT */
/*
 * answer_look - what speaks against an answer that is complete, without asking
 * anybody: it refuses, it goes round in a loop, a calculation in it is wrong.
 *
 * Pure and linear. Some faults are certain (FAULT_BAD_ARITHMETIC, _LOOP, _CUT,
 * _BAD_JSON, _REFUSAL, _EMPTY); others only make it less likely that the answer
 * is right. Weights are equal but for numbers of the question that the answer
 * does not use, whose share counts; on the answers of GSM8K the sum raises the
 * area under the curve of chat/complexity alone from .66 to above .70
 * (tests/judge).
 */
#ifndef CHAT_ANSWER_LOOK_H
#define CHAT_ANSWER_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "llm/confidence.h"

enum answer_fault {
    FAULT_EMPTY,
    FAULT_REFUSAL,
    FAULT_CUT,  /* no end of a sentence, or the server says that it is cut */
    FAULT_LOOP, /* the same again and again */
    FAULT_BAD_JSON, /* where JSON was asked for, or stands in a fence of it */
    FAULT_BAD_ARITHMETIC,
    FAULT_OPEN_FENCE,
    FAULT_HEDGE,        /* it takes something back, or does not know */
    FAULT_UNUSED,       /* numbers of the question */
    FAULT_FRACTION,     /* asked how many, it says no whole number */
    FAULT_LOW_LOGPROBS, /* of many of its words the model was not sure */
    FAULT_COUNT
};

struct answer_question {
    struct slice prompt, answer;
    bool is_cut;                         /* by the server's word: length */
    bool is_refusal;                     /* by the server's word */
    const struct confidence *confidence; /* NULL: none was told */
    bool wants_json;                     /* and what came is none */
};

struct answer_look {
    bool has[FAULT_COUNT];
    double suspicion; /* 0: none; in the units of chat/complexity's sum */
};

/* All-zero look at first. A sentence for each fault is appended to `words`, a
 * line each: "12 * 4 = 44 is wrong: it is 48". */
void answer_look_at(const struct answer_question *question,
                    struct answer_look *look, struct buf *words);

/* "bad_arithmetic", as the settings say it. */
const char *answer_fault_name(enum answer_fault fault);

#endif
