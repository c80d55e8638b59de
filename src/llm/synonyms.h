/* SPDX-License-Identifier: MIT */
/*
 * synonyms - words that are asked for in place of one another.
 */
#ifndef LLM_SYNONYMS_H
#define LLM_SYNONYMS_H

#include <stddef.h>

/* Words that people ask with and words that the manual may have in their
 * place, a blank between words. Where `meant` is NULL, those asked stand for
 * one another. A word may be asked in several rows. */
struct synonyms {
    const char *asked, *meant;
};

size_t synonyms_count(void);
const struct synonyms *synonyms_at(size_t index);

#endif
