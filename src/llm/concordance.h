/* SPDX-License-Identifier: MIT */
/*
 * concordance - the manual as numbers: which word stands where.
 *
 * The text is read once for each question, however many words that has.
 */
#ifndef LLM_CONCORDANCE_H
#define LLM_CONCORDANCE_H

#include "llm/vocabulary.h"

enum concordance_field {
    FIELD_TITLE,
    FIELD_CHAPTER,
    FIELD_KEYWORDS, /* each phrase ends in a 0 */
    FIELD_BODY,
    FIELD_KINDS
};

struct concordance {
    struct vocabulary vocabulary;
    size_t sections;
    uint16_t *ids; /* of the vocabulary, text by text */
    size_t count, capacity;
    size_t *ends; /* [section * FIELD_KINDS + field] */
};

/* The words of one field of a section. */
struct passage {
    const uint16_t *ids;
    size_t count;
};

/* Of the sections of the guide. */
void concordance_init(struct concordance *concordance);
void concordance_clear(struct concordance *concordance);

struct passage concordance_passage(const struct concordance *concordance,
                                   size_t section,
                                   enum concordance_field field);

/* Cut the next phrase off; false at the end. */
bool passage_next_phrase(struct passage *rest, struct passage *phrase);

#endif
