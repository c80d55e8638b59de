/* SPDX-License-Identifier: MIT */
/*
 * memory_rank - which of what is remembered fits a prompt, the best first. Pure.
 *
 * Relevance is a gate: an entry has to share words with the prompt
 * (MEMORY_SHARE_LEAST of store/word_set), or its vector has to point where the
 * prompt's does. How near is near differs from model to model, so a cosine must
 * also stand out among those of all entries, where there are enough of them. Where
 * both are asked the two orders are joined by their ranks: 1/(60 + rank) (Cormack
 * 2009, reciprocal rank fusion). What has passed is ordered by its relevance and,
 * in a lesser measure, its weight: relevance * (1 + 0.3 * weight). Entries of
 * importance 1, and those at hand (the working tier), fit any prompt.
 */
#ifndef STORE_MEMORY_RANK_H
#define STORE_MEMORY_RANK_H

#include "graph/memory_entry.h"
#include "store/word_set.h"

#define MEMORY_SHARE_LEAST 0.25
#define MEMORY_COSINE_LEAST \
    0.3 /* and, among many, a deviation above the mean */
#define MEMORY_COSINE_ALONE 0.55 /* among few, so much */

/* The cosines of all entries that have a vector, the prompt's being one. */
struct memory_spread {
    size_t count;
    double sum, squares;
};

/* Of two vectors of length 1. */
double memory_cosine(const float *a, const float *b, size_t dimension);
void memory_spread_add(struct memory_spread *spread, double cosine);
double memory_spread_least(const struct memory_spread *spread);

/* Make a vector one of length 1; false: it has none. */
bool memory_normalise(float *vector, size_t dimension);

struct memory_ask {
    const struct word_set *words; /* of the prompt */
    const float *vector;          /* of it; NULL: none */
    size_t dimension;
    struct memory_spread spread;
    size_t most;    /* entries */
    bool needs_all; /* each word; and none fits any prompt */
    int64_t now;
    double half_life_ms;
};

/* Keep those that fit, in their order, each with its relevance; free the
 * others. */
void memory_rank(struct memory_list *list, const struct memory_ask *ask);

#endif
