/* SPDX-License-Identifier: MIT */
/*
 * guide - the embedded default: answers about sennit from its own manual.
 *
 * No server, no weights, not a language model, and it says so. It ranks the
 * sections of the manual that is built into the program and quotes the best
 * one, naming it. Ranking: BM25 over weighted fields (Robertson and Zaragoza,
 * "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, 3.6). It
 * keeps nothing: each question is answered by one pass over the manual.
 */
#ifndef LLM_GUIDE_H
#define LLM_GUIDE_H

#include "llm/provider.h"

extern const struct dialect dialect_guide;

enum {
    GUIDE_QUESTION_MAX = 4096, /* bytes of a question that are looked at */
    GUIDE_QUOTE_MAX = 1200,    /* a longer section is quoted in part */
};

/* A section of the manual, as built in (man/sections.awk). No part is NULL. */
struct guide_section {
    const char *manual;   /* "sennit(1)" */
    const char *chapter;  /* the .Sh that it stands in, its own title or not */
    const char *title;    /* "Connecting a model" */
    const char *keywords; /* phrases by which to find it, not quoted, with
                             commas or line ends between; or "" */
    const char *text;     /* Markdown */
};
size_t guide_section_count(void);
const struct guide_section *guide_section_at(size_t index);

struct guide_hit {
    size_t section;
    double score;
    double coverage; /* share of the question's information (idf) that the
                        section speaks of, 0 to 1 */
};

/* The best `count` sections for a question, best first. Returns how many were
 * found, 0 if no word is in common; ties go to the earlier section. */
size_t guide_search(struct slice question, struct guide_hit *hits,
                    size_t count);

/* Append the whole answer, Markdown. A question that fits nothing gets an
 * answer that says so and how to connect a model. The title of a section gets
 * that section, whole. */
void guide_answer(struct buf *out, struct slice question);

#endif
