/* SPDX-License-Identifier: MIT */
/*
 * vocabulary - the words that a text has, to read others by.
 *
 * A word that the manual does not have is often one that it has, spelled in
 * another way: joined, parted, with an ending or a slip of the finger.
 */
#ifndef LLM_VOCABULARY_H
#define LLM_VOCABULARY_H

#include "llm/words.h"

enum { VOCABULARY_MAX = 16384 /* different words; further ones are unknown */ };

struct vocabulary_entry {
    struct word word;
    size_t sections; /* that have it */
    size_t last_section;
};

struct vocabulary {
    struct vocabulary_entry *entries;
    size_t count, capacity;
    uint16_t *slots; /* hash table of ids, which are 1 + index into entries */
    size_t slot_count;
};

void vocabulary_init(struct vocabulary *vocabulary);
void vocabulary_clear(struct vocabulary *vocabulary);

/* Add a word of a section; those of one section follow one another. Its text
 * must live as long as the vocabulary. Returns its id, from 1 on; 0 if there
 * is no room for it. */
uint16_t vocabulary_add(struct vocabulary *vocabulary, size_t section,
                        const struct word *word);

/* 0: it is unknown. */
uint16_t vocabulary_id(const struct vocabulary *vocabulary,
                       const struct word *word);

/* The id is not 0. */
const struct word *vocabulary_word(const struct vocabulary *vocabulary,
                                   uint16_t id);

/* In how many sections a word stands. */
size_t vocabulary_count(const struct vocabulary *vocabulary,
                        const struct word *word);

/* Two words that follow one another, as the one that they make up ("time out",
 * "num ctx", "ctrl c"); false if there is none. */
bool vocabulary_join(const struct vocabulary *vocabulary,
                     const struct word *first, const struct word *second,
                     struct word *joined);

/* The words that an unknown one may stand for; returns how many, at most 2. */
size_t vocabulary_repair(const struct vocabulary *vocabulary,
                         const struct word *unknown, struct word repaired[2]);

#endif
