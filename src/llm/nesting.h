/* SPDX-License-Identifier: MIT */
/*
 * nesting - the brackets of a JSON text, followed byte by byte.
 *
 * Tells when one object or array is whole without parsing it, in linear time
 * for text that arrives in pieces. It does not tell whether it is valid.
 */
#ifndef LLM_NESTING_H
#define LLM_NESTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* All-zero is the start of a text. */
struct nesting {
    uint32_t depth;
    bool has_opened;
    bool in_string;
    bool after_backslash;
    bool is_broken; /* something stands outside the brackets */
};

void nesting_feed(struct nesting *nesting, struct slice text);

/* One object or array, closed, with only white space around it. */
bool nesting_is_whole(const struct nesting *nesting);

/* More lines can make it whole. No JSON string goes over a line's end, so a
 * text that stops inside one is not open but cut. */
bool nesting_is_open(const struct nesting *nesting);

#endif
