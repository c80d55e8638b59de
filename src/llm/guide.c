/* SPDX-License-Identifier: MIT */
#include "llm/guide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "llm/query.h"

enum { GUIDE_HITS = 3 /* one is quoted, the others are named */ };

enum section_field {
    FIELD_TITLE,
    FIELD_CHAPTER,
    FIELD_KEYWORDS,
    FIELD_BODY,
    FIELD_KINDS
};

/* The fields of a section. A word of the title weighs more than one of the
 * text; each field is measured against its own mean length. These numbers and
 * k1 come from the questions in tests/llm/test_guide.c, where the ranking is
 * flat around them. */
static const struct {
    double weight, b;
} fields[] = {
    [FIELD_TITLE] = { 4, 0.4 },
    [FIELD_CHAPTER] = { 0.5, 0.4 },
    [FIELD_KEYWORDS] = { 2, 0 },
    [FIELD_BODY] = { 1, 0.75 },
};
static const double K1 = 1.2;

/* sennit-guide(7) is written to be quoted; at like scores it comes before the
 * reference. */
static const double REFERENCE_WEIGHT = 0.9;

/* Coverage below which nothing fits, and from which on we are sure. */
static const double FITS = 0.2, SURE = 0.5;

/* Another section is worth naming from this share of the best score on. */
static const double ALSO = 0.4;

/* The section that says in few lines how to get a model. */
static const char connect_title[] = "Connecting a model in short";

const struct dialect dialect_guide = {
    .name = "guide",
    .about = "built in: answers about sennit from its manual",
    .is_builtin = true,
};

/* What one pass over the manual finds. */
struct tally {
    size_t sections;
    size_t terms;
    double *counts;  /* [(section * FIELD_KINDS + field) * terms + term] */
    double *lengths; /* [section * FIELD_KINDS + field], in words */
    double mean_lengths[FIELD_KINDS];
};

static double *tally_counts(const struct tally *tally, size_t section,
                            size_t field)
{
    return tally->counts + (section * FIELD_KINDS + field) * tally->terms;
}

static void tally_field(struct tally *tally, size_t section, size_t field,
                        const struct query *query, const char *text)
{
    double *counts = tally_counts(tally, section, field);
    double *length = &tally->lengths[section * FIELD_KINDS + field];
    *length = (double)query_count(query, slice_of(text), counts);
    tally->mean_lengths[field] += *length / (double)tally->sections;
}

static bool tally_has(const struct tally *tally, size_t section, size_t term)
{
    for (size_t field = 0; field < FIELD_KINDS; field++) {
        if (tally_counts(tally, section, field)[term] > 0)
            return true;
    }
    return false;
}

/* The rarer a term, the more it says. */
static void tally_weigh(const struct tally *tally, struct query *query)
{
    double total = (double)tally->sections;
    for (size_t term = 0; term < tally->terms; term++) {
        double having = 0;
        for (size_t i = 0; i < tally->sections; i++)
            having += tally_has(tally, i, term);
        query->idf[term] = log(1 + (total - having + 0.5) / (having + 0.5));
    }
}

static void tally_init(struct tally *tally, struct query *query)
{
    *tally = (struct tally){
        .sections = guide_section_count(),
        .terms = query->term_count,
    };
    size_t parts = tally->sections * FIELD_KINDS;
    tally->counts = memory_zero(parts * tally->terms, sizeof(double));
    tally->lengths = memory_zero(parts, sizeof(double));
    for (size_t i = 0; i < tally->sections; i++) {
        const struct guide_section *section = guide_section_at(i);
        tally_field(tally, i, FIELD_TITLE, query, section->title);
        tally_field(tally, i, FIELD_CHAPTER, query, section->chapter);
        tally_field(tally, i, FIELD_KEYWORDS, query, section->keywords);
        tally_field(tally, i, FIELD_BODY, query, section->text);
    }
    tally_weigh(tally, query);
}

static void tally_clear(struct tally *tally)
{
    free(tally->counts);
    free(tally->lengths);
}

/* How often a term stands in a section, over all fields: the pseudo-frequency
 * of BM25F. */
static double tally_frequency(const struct tally *tally, size_t section,
                              size_t term)
{
    double sum = 0;
    for (size_t field = 0; field < FIELD_KINDS; field++) {
        double b = fields[field].b;
        double length = tally->lengths[section * FIELD_KINDS + field];
        double norm = 1 - b + b * length / (tally->mean_lengths[field] + 1e-9);
        double count = tally_counts(tally, section, field)[term];
        if (count > 0)
            sum += fields[field].weight * count / norm;
    }
    return sum;
}

static bool is_topic(const struct guide_section *section)
{
    return strstr(section->manual, "(7)") != NULL;
}

static struct guide_hit tally_hit(const struct tally *tally, size_t section,
                                  const struct query *query)
{
    struct guide_hit hit = { .section = section };
    double whole = 0;
    for (size_t term = 0; term < tally->terms; term++) {
        double idf = query->idf[term];
        double frequency = tally_frequency(tally, section, term);
        hit.score += idf * frequency / (K1 + frequency);
        /* The parts of a name are terms too, and stand for it here. */
        if (!query->is_name[term]) {
            hit.coverage += tally_has(tally, section, term) ? idf : 0;
            whole += idf;
        }
    }
    if (!is_topic(guide_section_at(section)))
        hit.score *= REFERENCE_WEIGHT;
    hit.coverage = whole > 0 ? hit.coverage / whole : hit.score > 0;
    return hit;
}

static size_t search(struct query *query, struct guide_hit *hits, size_t count)
{
    if (!query->term_count)
        return 0;
    struct tally tally;
    tally_init(&tally, query);
    size_t found = 0;
    for (size_t i = 0; i < tally.sections; i++) {
        struct guide_hit hit = tally_hit(&tally, i, query);
        if (hit.score <= 0)
            continue;
        size_t place = found;
        while (place > 0 && hits[place - 1].score < hit.score)
            place--;
        if (place >= count)
            continue;
        found += found < count;
        memmove(hits + place + 1, hits + place,
                (found - place - 1) * sizeof *hits);
        hits[place] = hit;
    }
    tally_clear(&tally);
    return found;
}

static struct slice cut(struct slice question)
{
    if (question.len > GUIDE_QUESTION_MAX)
        question.len = GUIDE_QUESTION_MAX;
    return question;
}

size_t guide_search(struct slice question, struct guide_hit *hits, size_t count)
{
    struct query query;
    query_read(&query, cut(question));
    return search(&query, hits, count);
}

/* What of a block the question asks for. */
static double block_score(struct slice block, const struct query *query)
{
    double counts[QUERY_TERMS_MAX] = { 0 }, score = 0;
    query_count(query, block, counts);
    for (size_t term = 0; term < query->term_count; term++)
        score += fmin(counts[term], 1) * query->idf[term];
    return score;
}

static bool starts_block(struct slice line, bool after_blank)
{
    if (!line.len || line.ptr[0] == ' ' || slice_starts(line, "```"))
        return false;
    return after_blank || slice_starts(line, "- ");
}

/* The paragraph or list item at the front, with the code and the inner lists
 * that belong to it and the blank lines behind it. */
static struct slice first_block(struct slice text)
{
    struct slice rest = text, line, block = { text.ptr, 0 };
    bool after_blank = false, in_fence = false;
    while (slice_next_line(&rest, &line)) {
        if (block.len && !in_fence && starts_block(line, after_blank))
            break;
        after_blank = !line.len;
        in_fence ^= slice_starts(slice_trim(line), "```");
        block.len = text.len - rest.len;
    }
    return block;
}

static double best_block_score(struct slice text, const struct query *query)
{
    double best = 0;
    while (text.len) {
        struct slice block = first_block(text);
        best = fmax(best, block_score(block, query));
        text = slice_skip(text, block.len);
    }
    return best;
}

/* The first block, which says what the others are, and those that speak of
 * what was asked. */
static void append_part(struct buf *out, const struct guide_section *section,
                        const struct query *query)
{
    struct slice rest = slice_of(section->text);
    double enough = best_block_score(rest, query) / 2;
    size_t start = out->len;
    while (rest.len) {
        struct slice block = first_block(rest);
        bool is_first = rest.ptr == section->text;
        rest = slice_skip(rest, block.len);
        if (!is_first && block_score(block, query) < enough)
            continue;
        if (!is_first && out->len - start + block.len > GUIDE_QUOTE_MAX)
            break;
        buf_append_slice(out, slice_trim(block));
        buf_append_string(out, "\n\n");
    }
    buf_printf(out, "(Shortened. For all of it, ask me for \"%s\".)\n",
               section->title);
}

static void append_quote(struct buf *out, const struct guide_section *section,
                         const struct query *query, bool is_sure)
{
    buf_printf(out, "I am the built-in guide, not a language model%s",
               is_sure ? "; this is from"
                       : ", and not sure what you ask about; the nearest "
                         "that I know is");
    buf_printf(out, " %s, section \"%s\":\n\n", section->manual,
               section->title);
    if (query && strlen(section->text) > GUIDE_QUOTE_MAX)
        append_part(out, section, query);
    else
        buf_append_string(out, section->text);
}

static void append_others(struct buf *out, const struct guide_hit *hits,
                          size_t count)
{
    size_t named = 0;
    for (size_t i = 1; i < count; i++) {
        if (hits[i].score < ALSO * hits[0].score)
            break;
        const struct guide_section *section = guide_section_at(hits[i].section);
        buf_printf(out, "%s \"%s\" in %s", named++ ? " and" : "\nSee also",
                   section->title, section->manual);
    }
    if (named)
        buf_append_string(out, "; ask me for a title to read it.\n");
}

/* The section of this title; NULL if there is none. */
static const struct guide_section *find_title(struct slice title)
{
    while (title.len && strchr(" \t\r\n\"?.", title.ptr[0]))
        title = slice_skip(title, 1);
    while (title.len && strchr(" \t\r\n\"?.", title.ptr[title.len - 1]))
        title.len--;
    for (size_t i = 0; i < guide_section_count(); i++) {
        const struct guide_section *section = guide_section_at(i);
        if (strlen(section->title) == title.len &&
            !strncasecmp(section->title, title.ptr, title.len))
            return section;
    }
    return NULL;
}

static void append_connect(struct buf *out)
{
    const struct guide_section *section = find_title(slice_of(connect_title));
    if (section)
        buf_printf(out, "\n%s", section->text);
}

static void append_nothing(struct buf *out, bool was_asked)
{
    buf_append_string(out, "I am the built-in guide, not a language model: I "
                           "look up a question about sennit in its manual and "
                           "quote the section that fits. ");
    buf_append_string(out, was_asked ? "Nothing in it fits what you wrote.\n"
                                     : "Ask me, for example: how do I connect "
                                       "Ollama?\n");
    append_connect(out);
}

void guide_answer(struct buf *out, struct slice question)
{
    const struct guide_section *section = find_title(question);
    if (section) {
        append_quote(out, section, NULL, true);
        return;
    }
    struct query query;
    query_read(&query, cut(question));
    struct guide_hit hits[GUIDE_HITS];
    size_t found = search(&query, hits, GUIDE_HITS);
    if (!found || hits[0].coverage < FITS) {
        append_nothing(out, query.term_count > 0);
        return;
    }
    bool is_sure = hits[0].coverage >= SURE;
    append_quote(out, guide_section_at(hits[0].section), &query, is_sure);
    append_others(out, hits, found);
    if (!is_sure)
        append_connect(out);
}
