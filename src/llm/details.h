/* SPDX-License-Identifier: MIT */
/*
 * details - OpenRouter's reasoning_details, put together from their pieces.
 *
 * They come a piece a chunk and go back as one array, in their order: pieces of
 * the same type, index and id are one thought, whose texts are joined and whose
 * other members stand once. Source: OpenRouter's documentation on preserving
 * reasoning. Private to llm/.
 */
#ifndef LLM_DETAILS_H
#define LLM_DETAILS_H

#include <jansson.h>

#include "base/buf.h"

enum { DETAILS_TEXTS = 3 };

/* All-zero is none. */
struct details {
    json_t *list;                    /* the thoughts that have ended */
    json_t *open;                    /* the last one, without its texts */
    struct buf texts[DETAILS_TEXTS]; /* of the last one */
};

void details_add(struct details *details, const json_t *piece);

/* The array, NULL if nothing came. Nothing may be added after. */
const json_t *details_end(struct details *details);

void details_clear(struct details *details);

#endif
