/* SPDX-License-Identifier: MIT */
/*
 * tally - what the sections of the manual are worth to a question.
 *
 * BM25 over weighted fields, as guide.h names it, times how much of the
 * question the section speaks of; and the phrase of the section's index that
 * is most like the question, by Tversky's measure ("Features of Similarity",
 * 1977): what both have against what only one has.
 */
#ifndef LLM_TALLY_H
#define LLM_TALLY_H

#include "llm/concordance.h"
#include "llm/guide.h"
#include "llm/query.h"

struct tally {
    const struct query *query;
    const struct concordance *concordance;
    uint16_t *first_form; /* [id of a word] 1 + index into the query's forms */
    uint16_t next_form[QUERY_FORMS_MAX]; /* of the same word */
    double *counts; /* [(section * FIELD_KINDS + field) * terms + term] */
    double mean_lengths[FIELD_KINDS];
};

/* One pass over the manual. Fills in the idf of the query, which must live as
 * long as the tally, and so must the concordance. */
void tally_init(struct tally *tally, struct query *query,
                const struct concordance *concordance);
void tally_clear(struct tally *tally);

/* A score of 0: the section has nothing of what was asked. */
struct guide_hit tally_hit(const struct tally *tally, size_t section);

#endif
