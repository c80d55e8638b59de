/* SPDX-License-Identifier: MIT */
#include "llm/query.h"

#include "llm/synonyms.h"

/* What was asked for in other words is a weaker sign, and so is what we took
 * for a slip. */
static const double SYNONYM_WEIGHT = 0.6, REPAIRED_WEIGHT = 0.8;

/* A word that few sections have is helped by its synonyms; the others would
 * only drown in theirs. */
enum { RARE = 2 };

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

/* Returns whether there are any. */
static bool add_synonyms(struct query *query, const struct word *asked)
{
    bool is_found = false;
    for (size_t i = 0; i < synonyms_count(); i++) {
        const struct synonyms *row = synonyms_at(i);
        if (!group_has(row->asked, asked))
            continue;
        is_found = true;
        struct words words = {
            .rest = slice_of(row->meant ? row->meant : row->asked),
        };
        struct word word;
        while (words_next(&words, &word)) {
            if (!word_equal(&word, asked))
                add_form(query, &word, SYNONYM_WEIGHT);
        }
    }
    return is_found;
}

static void add_repaired(struct query *query, const struct word *unknown,
                         const struct vocabulary *vocabulary)
{
    struct word repaired[2];
    size_t count = vocabulary_repair(vocabulary, unknown, repaired);
    for (size_t i = 0; i < count; i++) {
        add_form(query, &repaired[i], REPAIRED_WEIGHT);
        add_synonyms(query, &repaired[i]);
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

static void add_term(struct query *query, const struct word *word,
                     const struct vocabulary *vocabulary)
{
    if (query->term_count >= QUERY_TERMS_MAX || has_term(query, word))
        return;
    add_form(query, word, 1);
    size_t known = vocabulary_count(vocabulary, word);
    if (!word->is_stop && known <= RARE && !add_synonyms(query, word) && !known)
        add_repaired(query, word, vocabulary);
    query->terms[query->term_count++] = (struct query_term){
        .is_name = word->is_name,
        .is_stop = word->is_stop,
    };
}

void query_read(struct query *query, struct slice question,
                const struct vocabulary *vocabulary)
{
    *query = (struct query){ 0 };
    struct words words = { .rest = question };
    struct word word, next, joined;
    bool has_word = words_next(&words, &word);
    for (size_t i = 0; has_word && i < QUERY_WORDS_MAX; i++) {
        bool has_next = words_next(&words, &next);
        bool is_joined =
            has_next && vocabulary_join(vocabulary, &word, &next, &joined);
        if (is_joined)
            add_term(query, &joined, vocabulary);
        /* "log" of "log in" would mean another thing. */
        if (is_joined && (word.is_stop || next.is_stop))
            has_next = words_next(&words, &next);
        else
            add_term(query, &word, vocabulary);
        word = next;
        has_word = has_next;
    }
}

void query_count(const struct query *query, struct slice text, double *counts)
{
    struct words words = { .rest = text };
    struct word word;
    while (words_next(&words, &word)) {
        for (size_t i = 0; i < query->form_count; i++) {
            const struct query_form *form = &query->forms[i];
            if (word_equal(&form->word, &word))
                counts[form->term] += form->weight;
        }
    }
}
