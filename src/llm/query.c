/* SPDX-License-Identifier: MIT */
#include "llm/query.h"

/* What was asked for in other words is a weaker sign. */
static const double SYNONYM_WEIGHT = 0.4;

static void add_form(struct query *query, const struct word *word,
                     double weight)
{
    if (query->form_count < QUERY_FORMS_MAX)
        query->forms[query->form_count++] = (struct query_form){
            .word = *word,
            .term = query->term_count,
            .weight = weight,
        };
}

static bool group_has(const char *group, const struct word *wanted)
{
    struct words words = { .rest = slice_of(group) };
    struct word word;
    while (words_next(&words, &word)) {
        if (word_equal(&word, wanted))
            return true;
    }
    return false;
}

static void add_synonyms(struct query *query, const struct word *asked)
{
    for (size_t i = 0; i < synonyms_count(); i++) {
        const char *group = synonyms_at(i);
        if (!group_has(group, asked))
            continue;
        struct words words = { .rest = slice_of(group) };
        struct word word;
        while (words_next(&words, &word)) {
            if (!word_equal(&word, asked))
                add_form(query, &word, SYNONYM_WEIGHT);
        }
    }
}

static bool has_term(const struct query *query, const struct word *word)
{
    for (size_t i = 0; i < query->form_count; i++) {
        const struct query_form *form = &query->forms[i];
        if (form->weight == 1 && word_equal(&form->word, word))
            return true;
    }
    return false;
}

void query_read(struct query *query, struct slice question)
{
    *query = (struct query){ 0 };
    struct words words = { .rest = question, .leaves_out_stops = true };
    struct word word;
    while (query->term_count < QUERY_TERMS_MAX && words_next(&words, &word)) {
        if (has_term(query, &word))
            continue;
        add_form(query, &word, 1);
        add_synonyms(query, &word);
        query->is_name[query->term_count++] = word.is_name;
    }
}

size_t query_count(const struct query *query, struct slice text, double *counts)
{
    size_t count = 0;
    struct words words = { .rest = text };
    struct word word;
    while (words_next(&words, &word)) {
        /* The parts of a name are counted. */
        count += !word.is_name;
        for (size_t i = 0; i < query->form_count; i++) {
            const struct query_form *form = &query->forms[i];
            if (word_equal(&form->word, &word))
                counts[form->term] += form->weight;
        }
    }
    return count;
}
