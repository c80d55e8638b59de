/* SPDX-License-Identifier: MIT */
/*
 * token_family - which kind of tokenizer a model has, by what is known of it.
 *
 * Models of one family cut texts alike, so that base/tokens has one row of
 * prices for each. Nobody tells it in so many words: model files name the way
 * they cut a text up before (GGUF's tokenizer.ggml.pre), servers the size of
 * the vocabulary, and what is left is the model's name.
 */
#ifndef BASE_TOKEN_FAMILY_H
#define BASE_TOKEN_FAMILY_H

#include <stdint.h>

#include "base/slice.h"

/* What each is of stands in token_family.c. All-zero is unknown. */
enum token_family {
    TOKENS_UNKNOWN,
    TOKENS_O200K,
    TOKENS_CL100K,
    TOKENS_LLAMA3,
    TOKENS_QWEN,
    TOKENS_GEMMA,
    TOKENS_TEKKEN,
    TOKENS_DEEPSEEK,
    TOKENS_CLAUDE3,
    TOKENS_CLAUDE47,
    TOKENS_LLAMA2,
    TOKENS_FAMILY_COUNT
};

/* "llama3"; of an unknown one "unknown". */
const char *token_family_name(enum token_family family);

/* By the name of a model, with or without maker, tag or quantization. */
enum token_family token_family_of_name(struct slice model);

/* By what a GGUF file says: tokenizer.ggml.model and .pre, the architecture. */
enum token_family token_family_of_gguf(struct slice model, struct slice pre,
                                       struct slice architecture);

/* By the number of tokens in the vocabulary. */
enum token_family token_family_of_size(uint64_t vocabulary);

#endif
