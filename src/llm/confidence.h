/* SPDX-License-Identifier: MIT */
/*
 * confidence - how likely the model found the words of its own answer: what is
 * kept of the log probabilities that a server tells of each token (logprobs).
 *
 * The mean and the least are of the natural logarithm. A token that was less
 * likely than not (below LN 0.5) is unsure: their share says more than a mean,
 * which a long answer of plain words drowns (Gupta et al., Language Model
 * Cascades, arXiv:2404.10136: quantiles rather than sums).
 *
 * Of fixed size. Only tokens of the answer are counted, none of thinking.
 */
#ifndef LLM_CONFIDENCE_H
#define LLM_CONFIDENCE_H

#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"

/* All-zero: none was told. */
struct confidence {
    uint32_t tokens, unsure;
    double sum, least; /* of the logarithms */
};

/* An array of objects with "logprob", as Chat Completions, Responses and Ollama
 * have it; anything else in it is passed over. NULL is an empty one. */
void confidence_read(struct confidence *confidence, const json_t *tokens);

double confidence_mean(const struct confidence *confidence);

/* Share of the tokens, 0 to 1. */
double confidence_unsure(const struct confidence *confidence);

/* {"tokens":12,"mean":-0.31,"least":-2.7,"unsure":0.08} */
void confidence_append(const struct confidence *confidence, struct buf *json);

#endif
