/* SPDX-License-Identifier: MIT */
/*
 * words - English text as terms to search by.
 *
 * Lower case (ASCII), without endings, so that "connecting" finds "connect".
 * What names a thing of ours is a term of its own besides its parts: --model,
 * /retry, Ctrl-C (also written ctrl+c or ^C), llama-server, config.yaml.
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
    bool is_name;            /* as written: an option, a command, a compound */
    bool is_stop;            /* says little by itself: "how", "the" */
    struct slice source;     /* where it stands in the text */
    char text[WORD_MAX + 1]; /* ends in NUL */
};

/* { .rest = text } is the start. */
struct words {
    struct slice rest;
    struct slice parts; /* of the compound that was given last */
};

/* The next term; false at the end. The word borrows from the text. */
bool words_next(struct words *words, struct word *word);

/* The first term of a text; false if it has none. */
bool word_read(struct word *word, const char *text);

bool word_equal(const struct word *a, const struct word *b);

#endif
