/* SPDX-License-Identifier: MIT */
/*
 * query - a question taken apart: its terms, and the spellings by which each
 * is found in a text.
 */
#ifndef LLM_QUERY_H
#define LLM_QUERY_H

#include "llm/vocabulary.h"

enum {
    QUERY_WORDS_MAX = 256, /* words of a question, the first ones */
    QUERY_TERMS_MAX = 64,  /* different terms of it */
    QUERY_FORMS_MAX = 512, /* these and their synonyms */
};

/* One spelling of a term: the word itself (weight 1) or a synonym. */
struct query_form {
    struct word word;
    size_t term;
    double weight;
};

struct query_term {
    bool is_name; /* as struct word's; its parts are terms too */
    bool is_stop; /* counts only beside others in a short phrase */
    double idf;   /* filled in by whoever searches */
};

struct query {
    struct query_form forms[QUERY_FORMS_MAX];
    size_t form_count;
    struct query_term terms[QUERY_TERMS_MAX];
    size_t term_count;
};

/* Overwrites the query; idf is all 0. A word that the vocabulary lacks is
 * looked for in it under other spellings. */
void query_read(struct query *query, struct slice question,
                const struct vocabulary *vocabulary);

/* Add to counts[term] how often each term stands in the text, a synonym being
 * less than the word itself. */
void query_count(const struct query *query, struct slice text, double *counts);

#endif
