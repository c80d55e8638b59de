/* SPDX-License-Identifier: MIT */
/*
 * needle - a text to be found in whatever way it may be written: as it is, and
 * escaped in a string of JSON by anybody's habits, twice too.
 */
#ifndef GRAPH_NEEDLE_H
#define GRAPH_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/buf.h"

struct needle {
    ARRAY_OF(struct buf) forms; /* the longest first */
};

void needle_init(struct needle *needle, struct slice text);
void needle_clear(struct needle *needle);

struct needle_match {
    size_t start, len;
};

/* All places, in order, none in another. */
struct needle_matches {
    ARRAY_OF(struct needle_match) list;
};
void needle_find(const struct needle *needle, struct slice bytes,
                 struct needle_matches *matches);

bool needle_is_in(const struct needle *needle, struct slice bytes);

#endif
