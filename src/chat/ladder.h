/* SPDX-License-Identifier: MIT */
/*
 * ladder - which rung answers a prompt, and why: the rules of the settings in
 * their order, then the score of the prompt against the threshold.
 *
 * Pure. What keeps a rung from answering (privacy, consent, pictures, its
 * window, its health, money) somebody else has found out. Below the threshold
 * the first free rung answers; above it a higher one, the higher the score, the
 * higher. In the band around it the first rung answers, and its answer is looked
 * at (chat/answer_faults).
 */
#ifndef CHAT_LADDER_H
#define CHAT_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "chat/complexity.h"
#include "config/settings.h"

/* Of the settings, where they say nothing. */
#define LADDER_THRESHOLD 0.55
#define LADDER_BAND      0.10

struct rung {
    const char *name;   /* as the settings spell it */
    const char *barred; /* why it cannot answer; NULL: it can */
};

struct ladder_prompt {
    struct slice text;
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
    size_t rung;        /* index; of a rule that names no rung: the count */
    const char *target; /* name; of the settings */
    bool asks;          /* the rule wants a question first */
    bool is_watched;    /* its answer is to be looked at */
    struct complexity complexity;
    double threshold, band;
};

/* All-zero at first; `rungs` are those of routing.ladder. Each reason is
 * appended to `reasons` as a line: what decided, what else would have. */
void ladder_choose(const struct settings *settings, const struct rung *rungs,
                   size_t count, const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons);

/* Whether the rules can be read: "tokens" and "text". False names file and line
 * of the first that cannot. */
bool ladder_check(const struct settings *settings, struct error *err);

#endif
