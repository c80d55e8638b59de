/* SPDX-License-Identifier: MIT */
/*
 * guide - the embedded default: answers about sennit from its own manual.
 *
 * No server, no weights, not a language model, and it says so. It ranks the
 * sections of the manual that is built into the program by BM25 and quotes the
 * best one, naming it. Ranking: Robertson and Zaragoza, "The Probabilistic
 * Relevance Framework: BM25 and Beyond", 2009.
 */
#ifndef LLM_GUIDE_H
#define LLM_GUIDE_H

#include "llm/provider.h"

extern const struct dialect dialect_guide;

/* A section of the manual, as built in. */
struct guide_section {
    const char *manual; /* "sennit(1)" */
    const char *title;  /* "Connecting a model" */
    const char *text;   /* Markdown */
};
size_t guide_section_count(void);
const struct guide_section *guide_section_at(size_t index);

struct guide_hit {
    size_t section;
    double score; /* 0: no word in common */
};

/* The best `count` sections for a question, best first. Returns how many were
 * found; ties go to the earlier section. */
size_t guide_search(struct slice question, struct guide_hit *hits,
                    size_t count);

/* Append the whole answer, Markdown. A question that fits nothing gets an
 * answer that says so and how to connect a model. */
void guide_answer(struct buf *out, struct slice question);

#endif
