/* SPDX-License-Identifier: MIT */
#include "llm/guide.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "llm/tally.h"

enum { GUIDE_HITS = 3 /* one is quoted, the others are named */ };

/* Coverage below which nothing fits, and from which on we are sure. */
static const double FITS = 0.3, SURE = 0.5;

/* Another section is worth naming from this share of the best score on. */
static const double ALSO = 0.4;

/* The section that says in few lines how to get a model. */
static const char connect_title[] = "Connecting a model in short";

const struct dialect dialect_guide = {
    .name = "guide",
    .about = "built in: answers about sennit from its manual",
    .is_builtin = true,
};

/* Put a hit where it belongs among the best. Returns how many there are. */
static size_t insert(struct guide_hit *hits, size_t found, size_t count,
                     struct guide_hit hit)
{
    size_t place = found;
    while (place > 0 && hits[place - 1].score < hit.score)
        place--;
    if (place >= count)
        return found;
    found += found < count;
    memmove(hits + place + 1, hits + place, (found - place - 1) * sizeof *hits);
    hits[place] = hit;
    return found;
}

static size_t search(struct query *query, struct slice question,
                     struct guide_hit *hits, size_t count)
{
    if (question.len > GUIDE_QUESTION_MAX)
        question.len = GUIDE_QUESTION_MAX;
    struct concordance concordance;
    concordance_init(&concordance);
    query_read(query, question, &concordance.vocabulary);
    struct tally tally;
    tally_init(&tally, query, &concordance);
    size_t found = 0;
    for (size_t i = 0; i < guide_section_count(); i++) {
        struct guide_hit hit = tally_hit(&tally, i);
        if (hit.score > 0)
            found = insert(hits, found, count, hit);
    }
    tally_clear(&tally);
    concordance_clear(&concordance);
    return found;
}

size_t guide_search(struct slice question, struct guide_hit *hits, size_t count)
{
    struct query query;
    return search(&query, question, hits, count);
}

/* What of a block the question asks for. */
static double block_score(struct slice block, const struct query *query)
{
    double counts[QUERY_TERMS_MAX] = { 0 }, score = 0;
    query_count(query, block, counts);
    for (size_t term = 0; term < query->term_count; term++)
        score += fmin(counts[term], 1) * query->terms[term].idf;
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
    struct guide_hit hits[GUIDE_HITS];
    size_t found = search(&query, question, hits, GUIDE_HITS);
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
