/* SPDX-License-Identifier: MIT */
/*
 * decision_text - why a prompt goes where it goes, in lines: the same words in
 * the trace of what was answered and in `sennit route`.
 *
 * Pure.
 */
#ifndef APP_DECISION_TEXT_H
#define APP_DECISION_TEXT_H

#include "graph/run.h"

/* Borrowed, as the log has them. */
struct decision_text {
    const char *reasons;           /* JSON list of sentences, or "" */
    const char *features;          /* JSON object, or "" */
    double score, threshold, band; /* negative: there is none */
};

struct decision_text decision_text_of(const struct run *run);

typedef void decision_line_fn(void *context, struct slice line);

/* Call fn for each reason from the `first` on (0 is the route's own), and for
 * the score. */
void decision_text_each(const struct decision_text *decision, size_t first,
                        decision_line_fn *fn, void *context);

/* Call fn for each feature that weighs anything, the heaviest first: "  words
 * 2.30  +0.8" in columns. */
void decision_text_each_feature(const struct decision_text *decision,
                                decision_line_fn *fn, void *context);

/* Append the same in one line: "words +0.8 (2.30), ..."; nothing without any. */
void decision_text_append_features(const struct decision_text *decision,
                                   struct buf *out);

#endif
