/* SPDX-License-Identifier: MIT */
#include "llm/vocabulary.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/nearest.h"

enum {
    SLOTS = 2 * VOCABULARY_MAX, /* a power of two */
    PREFIX_MIN = 4, /* letters from which on a start stands for the whole */
    ENDING_MAX = 4, /* letters of an ending that the stem leaves on */
    SLIP_MIN = 5,   /* letters from which on one of them may be wrong */
    SLIPS_MIN = 10, /* or two */
};
static_assert((int)WORD_MAX <= (int)NEAREST_LEN_MAX,
              "a word is no longer than a name");

void vocabulary_init(struct vocabulary *vocabulary)
{
    *vocabulary = (struct vocabulary){ .slot_count = SLOTS };
    vocabulary->slots = memory_zero(SLOTS, sizeof vocabulary->slots[0]);
}

void vocabulary_clear(struct vocabulary *vocabulary)
{
    free(vocabulary->entries);
    free(vocabulary->slots);
    *vocabulary = (struct vocabulary){ 0 };
}

/* The slot where the word is or would be. */
static uint16_t *find_slot(const struct vocabulary *vocabulary,
                           const struct word *word)
{
    size_t at = word->hash;
    for (;; at++) {
        uint16_t *slot = &vocabulary->slots[at % vocabulary->slot_count];
        if (!*slot || word_equal(&vocabulary->entries[*slot - 1].word, word))
            return slot;
    }
}

/* False if there is no room. */
static bool add_entry(struct vocabulary *vocabulary, const struct word *word,
                      uint16_t *slot)
{
    if (vocabulary->count >= VOCABULARY_MAX)
        return false;
    if (vocabulary->count == vocabulary->capacity) {
        vocabulary->capacity = 2 * vocabulary->capacity + 1024;
        vocabulary->entries =
            memory_resize(vocabulary->entries, vocabulary->capacity,
                          sizeof vocabulary->entries[0]);
    }
    vocabulary->entries[vocabulary->count++] =
        (struct vocabulary_entry){ .word = *word };
    *slot = (uint16_t)vocabulary->count;
    return true;
}

uint16_t vocabulary_add(struct vocabulary *vocabulary, size_t section,
                        const struct word *word)
{
    uint16_t *slot = find_slot(vocabulary, word);
    if (!*slot && !add_entry(vocabulary, word, slot))
        return 0;
    struct vocabulary_entry *entry = &vocabulary->entries[*slot - 1];
    entry->sections += entry->last_section != section || !entry->sections;
    entry->last_section = section;
    return *slot;
}

uint16_t vocabulary_id(const struct vocabulary *vocabulary,
                       const struct word *word)
{
    return *find_slot(vocabulary, word);
}

const struct word *vocabulary_word(const struct vocabulary *vocabulary,
                                   uint16_t id)
{
    assert(id > 0 && id <= vocabulary->count);
    return &vocabulary->entries[id - 1].word;
}

size_t vocabulary_count(const struct vocabulary *vocabulary,
                        const struct word *word)
{
    uint16_t id = vocabulary_id(vocabulary, word);
    return id ? vocabulary->entries[id - 1].sections : 0;
}

bool vocabulary_join(const struct vocabulary *vocabulary,
                     const struct word *first, const struct word *second,
                     struct word *joined)
{
    /* As they stand, "ctrl c" and "num ctx" as names, "timed out" without its
     * ending and "timing out" with another. */
    static const struct {
        const char *between;
        bool is_stem;
    } ways[] = {
        { "", false }, { "-", false }, { "_", false },
        { "", true },  { "e", true },
    };
    char text[3 * WORD_MAX];
    size_t len = first->source.len + second->source.len;
    if (first->is_name || second->is_name || len + 1 > WORD_MAX || len < 4)
        return false;
    for (size_t i = 0; i < COUNTOF(ways); i++) {
        struct slice start = first->source;
        if (ways[i].is_stem)
            start = slice_of(first->text);
        snprintf(text, sizeof text, "%.*s%s%.*s", SLICE_ARG(start),
                 ways[i].between, SLICE_ARG(second->source));
        if (word_read(joined, text) && !joined->is_stop &&
            vocabulary_count(vocabulary, joined))
            return true;
    }
    return false;
}

/* "unset", "reconnect": the word behind the syllable. */
static bool without_prefix(const struct vocabulary *vocabulary,
                           const struct word *unknown, struct word *found)
{
    static const char *const prefixes[] = { "un", "re", "non", "dis", "auto" };
    struct slice text = slice_of(unknown->text);
    for (size_t i = 0; i < COUNTOF(prefixes); i++) {
        size_t len = strlen(prefixes[i]);
        if (slice_starts(text, prefixes[i]) && text.len >= len + 3 &&
            word_read(found, text.ptr + len) && !found->is_stop &&
            vocabulary_count(vocabulary, found))
            return true;
    }
    return false;
}

/* Letters that two words have in common at their start. */
static size_t common_len(const struct word *a, const struct word *b)
{
    size_t len = 0;
    while (len < a->len && len < b->len && a->text[len] == b->text[len])
        len++;
    return len;
}

/* "temp" for temperature, "installer" for install: the word that differs by
 * the fewest letters at its end. */
static bool by_start(const struct vocabulary *vocabulary,
                     const struct word *unknown, struct word *found)
{
    size_t least = WORD_MAX;
    for (size_t i = 0; i < vocabulary->count; i++) {
        const struct word *word = &vocabulary->entries[i].word;
        size_t common = common_len(word, unknown);
        bool is_short = common == unknown->len && common >= PREFIX_MIN;
        bool is_long = common == word->len && common > PREFIX_MIN &&
                       unknown->len - common <= ENDING_MAX;
        size_t rest = (size_t)word->len + unknown->len - 2 * common;
        if (word->is_name || (!is_short && !is_long) || rest >= least)
            continue;
        least = rest;
        *found = *word;
    }
    return least < WORD_MAX;
}

static bool by_slip(const struct vocabulary *vocabulary,
                    const struct word *unknown, struct word *found)
{
    size_t limit = unknown->len >= SLIPS_MIN  ? 2
                   : unknown->len >= SLIP_MIN ? 1
                                              : 0;
    bool is_found = false;
    for (size_t i = 0; i < vocabulary->count && limit; i++) {
        const struct word *word = &vocabulary->entries[i].word;
        /* "night" is not a slip for "light": the first letter is right. */
        if (word->is_name || word->is_stop ||
            word->len + limit < unknown->len ||
            unknown->len + limit < word->len ||
            word->text[0] != unknown->text[0])
            continue;
        size_t distance = nearest_distance(unknown->text, word->text);
        if (distance > limit)
            continue;
        *found = *word;
        is_found = true;
        limit = distance - 1;
    }
    return is_found;
}

/* "promptfile": two known words in one. */
static size_t by_parts(const struct vocabulary *vocabulary,
                       const struct word *unknown, struct word found[2])
{
    for (size_t len = 3; len + 3 <= unknown->len; len++) {
        char first[WORD_MAX + 1];
        snprintf(first, sizeof first, "%.*s", (int)len, unknown->text);
        if (word_read(&found[0], first) &&
            word_read(&found[1], unknown->text + len) && !found[0].is_stop &&
            !found[1].is_stop && vocabulary_count(vocabulary, &found[0]) &&
            vocabulary_count(vocabulary, &found[1]))
            return 2;
    }
    return 0;
}

static bool is_plain(const struct word *word)
{
    for (size_t i = 0; i < word->len; i++) {
        if (word->text[i] < 'a' || word->text[i] > 'z')
            return false;
    }
    return !word->is_name;
}

size_t vocabulary_repair(const struct vocabulary *vocabulary,
                         const struct word *unknown, struct word repaired[2])
{
    if (!is_plain(unknown))
        return 0;
    if (without_prefix(vocabulary, unknown, repaired) ||
        by_start(vocabulary, unknown, repaired) ||
        by_slip(vocabulary, unknown, repaired))
        return 1;
    return by_parts(vocabulary, unknown, repaired);
}
