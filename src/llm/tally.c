/* SPDX-License-Identifier: MIT */
#include "llm/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The fields of a section. A word of the title weighs more than one of the
 * text; each field is measured against its own mean length. These numbers and
 * those below come from the questions in tests/llm/questions.def, where the
 * ranking is flat around them. */
static const struct {
    double weight, b;
} fields[] = {
    [FIELD_TITLE] = { 4, 0.4 },
    [FIELD_CHAPTER] = { 0.5, 0.4 },
    [FIELD_KEYWORDS] = { 2, 0 },
    [FIELD_BODY] = { 0.6, 0.75 },
};
static const double K1 = 1.2;

/* The share of the score that does not depend on coverage. */
static const double UNCOVERED = 0.3;

/* The index phrase against the words: its share, and what a word costs that
 * only the question or only the phrase has. */
static const double PHRASE = 1.0, ONLY_ASKED = 0.5, ONLY_PHRASE = 0.4;

/* The idf of a word such as "how", and what a word of a phrase counts for that
 * was not asked for. */
static const double STOP_IDF = 0.5, OTHER_IDF = 2.5;

/* A name counts besides its parts. */
static const double NAME_WEIGHT = 0.3;

/* A question of nothing but such words must be nearly the whole phrase. */
static const double STOPS_ENOUGH = 0.7;

/* What a word counts for that stands in the text and not in the index. */
static const double MERE_TEXT = 0.5;

/* sennit-guide(7) is written to be quoted; at like scores it comes before the
 * reference. */
static const double REFERENCE_WEIGHT = 0.8;

static double *tally_counts(const struct tally *tally, size_t section,
                            size_t field)
{
    return tally->counts +
           (section * FIELD_KINDS + field) * tally->query->term_count;
}

/* The forms that a word of the manual is of the query: for (form = ...; form;
 * form = tally->next_form[form - 1]) */
static size_t first_form(const struct tally *tally, uint16_t id)
{
    return tally->first_form[id];
}

static const struct query_form *form_at(const struct tally *tally, size_t form)
{
    return &tally->query->forms[form - 1];
}

static void link_forms(struct tally *tally)
{
    const struct vocabulary *vocabulary = &tally->concordance->vocabulary;
    for (size_t i = 0; i < tally->query->form_count; i++) {
        uint16_t id = vocabulary_id(vocabulary, &tally->query->forms[i].word);
        tally->next_form[i] = tally->first_form[id];
        tally->first_form[id] = (uint16_t)(i + 1);
    }
    /* What nobody has stands nowhere. */
    tally->first_form[0] = 0;
}

static struct passage passage_of(const struct tally *tally, size_t section,
                                 size_t field)
{
    return concordance_passage(tally->concordance, section,
                               (enum concordance_field)field);
}

static double field_length(const struct tally *tally, size_t section,
                           size_t field)
{
    return (double)passage_of(tally, section, field).count;
}

static void tally_field(struct tally *tally, size_t section, size_t field)
{
    struct passage passage = passage_of(tally, section, field);
    double *counts = tally_counts(tally, section, field);
    for (size_t i = 0; i < passage.count; i++) {
        for (size_t form = first_form(tally, passage.ids[i]); form;
             form = tally->next_form[form - 1])
            counts[form_at(tally, form)->term] += form_at(tally, form)->weight;
    }
    tally->mean_lengths[field] +=
        (double)passage.count / (double)tally->concordance->sections;
}

/* How much a section is about a term, from 0 to 1. A synonym alone is less
 * than the word, and so is a word that merely stands in the text. */
static double tally_presence(const struct tally *tally, size_t section,
                             size_t term)
{
    double named = tally_counts(tally, section, FIELD_TITLE)[term] +
                   tally_counts(tally, section, FIELD_KEYWORDS)[term];
    double in_text = tally_counts(tally, section, FIELD_CHAPTER)[term] +
                     tally_counts(tally, section, FIELD_BODY)[term];
    return fmin(fmin(named, 1) + MERE_TEXT * fmin(in_text, 1), 1);
}

/* The rarer a term, the more it says. */
static void tally_weigh(const struct tally *tally, struct query *query)
{
    double total = (double)tally->concordance->sections;
    for (size_t term = 0; term < tally->query->term_count; term++) {
        double having = 0;
        for (size_t i = 0; i < tally->concordance->sections; i++)
            having += tally_presence(tally, i, term) > 0;
        query->terms[term].idf =
            query->terms[term].is_stop
                ? STOP_IDF
                : log(1 + (total - having + 0.5) / (having + 0.5));
        if (query->terms[term].is_name)
            query->terms[term].idf *= NAME_WEIGHT;
    }
}

void tally_init(struct tally *tally, struct query *query,
                const struct concordance *concordance)
{
    *tally = (struct tally){ .query = query, .concordance = concordance };
    size_t parts = concordance->sections * FIELD_KINDS;
    tally->counts = memory_zero(parts * query->term_count, sizeof(double));
    tally->first_form = memory_zero(concordance->vocabulary.count + 1,
                                    sizeof tally->first_form[0]);
    link_forms(tally);
    for (size_t i = 0; i < concordance->sections; i++) {
        for (size_t field = 0; field < FIELD_KINDS; field++)
            tally_field(tally, i, field);
    }
    tally_weigh(tally, query);
}

void tally_clear(struct tally *tally)
{
    free(tally->counts);
    free(tally->first_form);
    *tally = (struct tally){ 0 };
}

/* How often a term stands in a section, over all fields: the pseudo-frequency
 * of BM25F. */
static double tally_frequency(const struct tally *tally, size_t section,
                              size_t term)
{
    double sum = 0;
    for (size_t field = 0; field < FIELD_KINDS; field++) {
        double b = fields[field].b;
        double length = field_length(tally, section, field);
        double norm = 1 - b + b * length / (tally->mean_lengths[field] + 1e-9);
        double count = tally_counts(tally, section, field)[term];
        if (count > 0)
            sum += fields[field].weight * count / norm;
    }
    return sum;
}

/* How much a phrase is like the question, from 0 to 1. */
static double phrase_likeness(const struct tally *tally, struct passage phrase)
{
    const struct query *query = tally->query;
    const struct vocabulary *vocabulary = &tally->concordance->vocabulary;
    double seen[QUERY_TERMS_MAX] = { 0 }, only_phrase = 0;
    for (size_t i = 0; i < phrase.count; i++) {
        size_t form = first_form(tally, phrase.ids[i]);
        const struct word *word = vocabulary_word(vocabulary, phrase.ids[i]);
        if (!form && !word->is_name)
            only_phrase += word->is_stop ? STOP_IDF : OTHER_IDF;
        for (; form; form = tally->next_form[form - 1]) {
            const struct query_form *found = form_at(tally, form);
            seen[found->term] = fmax(seen[found->term], found->weight);
        }
    }
    double both = 0, only_asked = 0;
    for (size_t term = 0; term < query->term_count; term++) {
        double idf = query->terms[term].idf;
        both += seen[term] * idf;
        only_asked += (1 - seen[term]) * idf * !query->terms[term].is_name;
    }
    return both > 0 ? both / (both + ONLY_ASKED * only_asked +
                              ONLY_PHRASE * only_phrase)
                    : 0;
}

static double best_phrase(const struct tally *tally, size_t section)
{
    double best = phrase_likeness(
        tally, concordance_passage(tally->concordance, section, FIELD_TITLE));
    struct passage rest =
        concordance_passage(tally->concordance, section, FIELD_KEYWORDS);
    struct passage phrase;
    while (passage_next_phrase(&rest, &phrase))
        best = fmax(best, phrase_likeness(tally, phrase));
    return best;
}

static bool is_topic(const struct guide_section *section)
{
    return strstr(section->manual, "(7)") != NULL;
}

struct guide_hit tally_hit(const struct tally *tally, size_t index)
{
    const struct query *query = tally->query;
    struct guide_hit hit = { .section = index };
    double covered = 0, whole = 0, words = 0, stops = 0;
    for (size_t term = 0; term < tally->query->term_count; term++) {
        double idf = query->terms[term].idf;
        if (query->terms[term].is_stop) {
            stops += idf;
            continue;
        }
        double frequency = tally_frequency(tally, index, term);
        words += idf * frequency / (K1 + frequency);
        /* The parts of a name are terms too, and stand for it here. */
        if (!query->terms[term].is_name) {
            covered += idf * tally_presence(tally, index, term);
            whole += idf;
        }
    }
    double phrase = best_phrase(tally, index);
    if (whole > 0 ? words <= 0 : phrase < STOPS_ENOUGH)
        return hit;
    hit.coverage = whole > 0 ? covered / whole : phrase;
    hit.score = words * (UNCOVERED + (1 - UNCOVERED) * hit.coverage) +
                PHRASE * phrase * (whole + stops);
    if (!is_topic(guide_section_at(index)))
        hit.score *= REFERENCE_WEIGHT;
    return hit;
}
