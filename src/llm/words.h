/* SPDX-License-Identifier: MIT */
/*
 * words - English text as terms to search by.
 *
 * Lower case (ASCII), without endings, so that "connecting" finds "connect".
 * What names a thing of ours is a term of its own besides its parts: --model,
 * /retry, Ctrl-C (also written ctrl+c), llama-server, config.yaml.
 */
#ifndef LLM_WORDS_H
#define LLM_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { WORD_MAX = 32 /* bytes; what a longer word has more is dropped */ };

struct word {
    uint32_t hash;
    uint8_t len;
    bool is_name; /* as written: an option, a command, a compound */
    char text[WORD_MAX];
};

/* { .rest = text } is the start. */
struct words {
    struct slice rest;
    struct slice parts;    /* of the compound that was given last */
    bool leaves_out_stops; /* no words that say nothing: "how", "the" */
};

/* The next term; false at the end. */
bool words_next(struct words *words, struct word *word);

bool word_equal(const struct word *a, const struct word *b);

/* Words that are asked for in place of one another, a group in each string. */
size_t synonyms_count(void);
const char *synonyms_at(size_t index);

#endif
