/* SPDX-License-Identifier: MIT */
/*
 * query - a question taken apart: its terms, and the spellings by which each
 * is found in a text.
 */
#ifndef LLM_QUERY_H
#define LLM_QUERY_H

#include "llm/words.h"

enum {
    QUERY_TERMS_MAX = 48,  /* different words of a question, the first ones */
    QUERY_FORMS_MAX = 256, /* these words and their synonyms */
};

/* One spelling of a term: the word itself (weight 1) or a synonym. */
struct query_form {
    struct word word;
    size_t term;
    double weight;
};

struct query {
    struct query_form forms[QUERY_FORMS_MAX];
    size_t form_count;
    size_t term_count;
    bool is_name[QUERY_TERMS_MAX]; /* [term] as struct word's */
    double idf[QUERY_TERMS_MAX];   /* [term] filled in by whoever searches */
};

/* Overwrites the query; idf is all 0. */
void query_read(struct query *query, struct slice question);

/* Add to counts[term] how often each term stands in the text, a synonym being
 * less than the word itself. Returns the words of the text. */
size_t query_count(const struct query *query, struct slice text,
                   double *counts);

#endif
