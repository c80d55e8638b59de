/* SPDX-License-Identifier: MIT */
#include "store/match.h"

#include <string.h>

#include "base/utf8.h"
#include "store/terms.h"

enum {
    NEAR = 120,        /* bytes within which words stand together */
    BEFORE = 60,       /* bytes of a snippet before its first word */
    USUAL_TERMS = 120, /* of a message */
    SNIPPET_WORD = 32, /* bytes that may be left out to begin with a word */
};

/* A text as its terms, a blank behind each, and where they came from. */
struct place {
    size_t folded; /* offset in the terms */
    size_t begin, end;
};

struct folding {
    struct buf terms;
    ARRAY_OF(struct place) places;
};

static void fold(struct folding *folding, struct slice text)
{
    struct terms terms = { .text = text };
    while (terms_next(&terms)) {
        *array_add(&folding->places) = (struct place){
            .folded = folding->terms.len,
            .begin = terms.begin,
            .end = terms.end,
        };
        buf_append_slice(&folding->terms, buf_slice(&terms.term));
        buf_append_char(&folding->terms, ' ');
    }
    terms_clear(&terms);
}

static bool stands_at(const struct folding *folding, size_t index,
                      const struct search_word *word)
{
    struct slice here = slice_skip(buf_slice(&folding->terms),
                                   folding->places.items[index].folded);
    size_t len = word->terms.len - word->is_prefix;
    return here.len >= len && !memcmp(here.ptr, word->terms.ptr, len);
}

static void note(struct match *match, const struct folding *folding,
                 size_t index, size_t word, size_t term_count)
{
    const struct place *places = folding->places.items;
    if (match->spans.count < MATCH_SPANS_MAX)
        *array_add(&match->spans) = (struct match_span){
            .begin = places[index].begin,
            .end = places[index + term_count - 1].end,
            .word = word,
        };
}

static void find_words(struct match *match, const struct search_query *query,
                       const struct folding *folding, size_t *counts)
{
    for (size_t i = 0; i < folding->places.count; i++) {
        for (size_t j = 0; j < query->words.count; j++) {
            const struct search_word *word = &query->words.items[j];
            if (word->is_excluded || !stands_at(folding, i, word))
                continue;
            counts[j]++;
            note(match, folding, i, j, word->count);
        }
    }
}

/* How many different words begin in what follows a span. */
static int words_near(const struct match *match, size_t first)
{
    const struct match_span *spans = match->spans.items;
    uint64_t seen = 0;
    int count = 0;
    for (size_t i = first;
         i < match->spans.count && spans[i].begin - spans[first].begin <= NEAR;
         i++) {
        uint64_t bit = (uint64_t)1 << (spans[i].word % 64);
        count += !(seen & bit);
        seen |= bit;
    }
    return count;
}

/* Returns how many words stand together there. */
static int find_best(struct match *match)
{
    int most = 0;
    for (size_t i = 0; i < match->spans.count; i++) {
        int count = words_near(match, i);
        if (count > most) {
            most = count;
            match->best = i;
        }
    }
    return most;
}

/* As BM25 does (k1 = 1.2, b = 0.75): the more often the better, but less and
 * less so, and in a long text it means less. How rare a word is says nothing
 * here, for what is compared has all of them. */
static double score_count(size_t count, size_t term_count)
{
    double length = (double)term_count / USUAL_TERMS;
    double often = (double)count;
    return often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length));
}

void match_text(struct match *match, const struct search_query *query,
                struct slice text)
{
    struct folding folding = { 0 };
    size_t counts[SEARCH_WORDS_MAX] = { 0 }, wanted = 0;
    match->spans.count = 0;
    match->best = 0;
    match->score = 0;
    fold(&folding, text);
    find_words(match, query, &folding, counts);
    for (size_t i = 0; i < query->words.count; i++) {
        wanted += !query->words.items[i].is_excluded;
        if (counts[i])
            match->score += score_count(counts[i], folding.places.count);
    }
    int together = find_best(match);
    if (wanted > 1)
        match->score += (double)together / (double)wanted;
    buf_clear(&folding.terms);
    array_clear(&folding.places);
}

void match_clear(struct match *match)
{
    array_clear(&match->spans);
    *match = (struct match){ 0 };
}

/* Snippets. */

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Begin some bytes before a place, at a word if there is one near. */
static size_t beginning(struct slice text, size_t place)
{
    if (place <= BEFORE)
        return 0;
    size_t at = place - BEFORE;
    while (at < place && continues_character(text.ptr[at]))
        at++;
    size_t word = at;
    while (word < place && word - at < SNIPPET_WORD && text.ptr[word] != ' ' &&
           text.ptr[word] != '\n')
        word++;
    bool is_blank = text.ptr[word] == ' ' || text.ptr[word] == '\n';
    return is_blank && word < place ? word + 1 : at;
}

static size_t ending(struct slice text, size_t begin, size_t needed)
{
    size_t end = begin + SNIPPET_MAX;
    if (end < needed && needed - begin < 2 * SNIPPET_MAX)
        end = needed;
    if (end >= text.len)
        return text.len;
    while (end > begin && continues_character(text.ptr[end]))
        end--;
    return end;
}

struct snipping {
    struct snippet *snippet;
    const struct match *match;
    struct slice text;
};

/* Blanks and ends of lines become one blank. */
static void append_text(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte > ' ')
            buf_append_char(out, text.ptr[i]);
        else if (out->len && out->ptr[out->len - 1] != ' ')
            buf_append_char(out, ' ');
    }
}

static void append_part(struct snipping *snipping, size_t begin, size_t end)
{
    struct slice part = { snipping->text.ptr + begin, end - begin };
    append_text(&snipping->snippet->text, part);
}

/* Words may overlap: a later one is marked from where the one before ends. */
static void append_marked(struct snipping *snipping, size_t begin, size_t end)
{
    const struct match *match = snipping->match;
    struct snippet *snippet = snipping->snippet;
    size_t at = begin;
    for (size_t i = 0; i < match->spans.count; i++) {
        const struct match_span *span = &match->spans.items[i];
        if (span->begin < begin || span->end > end || span->end <= at)
            continue;
        size_t from = span->begin > at ? span->begin : at;
        append_part(snipping, at, from);
        size_t mark = snippet->text.len;
        append_part(snipping, from, span->end);
        *array_add(&snippet->marks) =
            (struct match_span){ mark, snippet->text.len, span->word };
        at = span->end;
    }
    append_part(snipping, at, end);
}

void snippet_make(struct snippet *snippet, const struct match *match,
                  struct slice text)
{
    struct snipping snipping = { snippet, match, text };
    size_t begin = 0, needed = 0;
    if (match->spans.count) {
        const struct match_span *best = &match->spans.items[match->best];
        begin = beginning(text, best->begin);
        needed = best->end;
    }
    size_t end = ending(text, begin, needed);
    snippet_clear(snippet);
    if (begin)
        buf_append_string(&snippet->text, "... ");
    append_marked(&snipping, begin, end);
    if (end < text.len)
        buf_append_string(&snippet->text, " ...");
}

void snippet_clear(struct snippet *snippet)
{
    buf_clear(&snippet->text);
    array_clear(&snippet->marks);
}
