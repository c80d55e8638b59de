/* SPDX-License-Identifier: MIT */
/*
 * partial_json - one JSON value that arrives in any pieces, readable meanwhile.
 *
 * Builds the value while its text comes, in time linear in the text: each byte
 * is looked at once and nothing is parsed again. The value so far never says
 * what a later byte takes back: a member without its value is not there yet; a
 * string is there from its quote on and grows; a number or a word is there once
 * a byte behind it (or the end) shows that it is whole. Of two members of one
 * name the later one counts.
 *
 * Taken besides JSON: what json_parse() repairs, and a comma before a closing
 * bracket, which models like to write.
 */
#ifndef BASE_PARTIAL_JSON_H
#define BASE_PARTIAL_JSON_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "base/slice.h"

enum partial_json_state {
    PARTIAL_JSON_OPEN,   /* more is needed */
    PARTIAL_JSON_WHOLE,  /* closed: takes no more bytes */
    PARTIAL_JSON_BROKEN, /* no JSON, or over a cap: partial_json_fault() */
};

/* A part of the value has closed and will not change: `path` is its JSON
 * Pointer (RFC 6901). Parts are the items of arrays that lie in no other array,
 * and what is outside of arrays and has nothing inside (scalars, {} and []).
 * So they do not overlap, and together they are the value. Borrowed. */
typedef void partial_json_fn(void *context, struct slice path,
                             const json_t *value);

struct partial_json;

/* `fn` may be NULL. The caps are those of base/json.h. */
struct partial_json *partial_json_new(partial_json_fn *fn,
                                      void *context) RETURNS_NONNULL;
void partial_json_free(struct partial_json *partial); /* NULL is fine */

/* Take bytes of the value. Returns how many were taken: fewer than there are
 * when the value is whole or a byte does not fit. */
size_t partial_json_feed(struct partial_json *partial, struct slice bytes);

/* No more bytes come: a number or word that is the whole value ends. */
void partial_json_end(struct partial_json *partial);

enum partial_json_state partial_json_state(const struct partial_json *partial);

/* Why it is broken: ERROR_PROTOCOL or ERROR_LIMIT. */
const struct error *partial_json_fault(const struct partial_json *partial);

/* The value so far; NULL before there is one. Borrowed until the next feed,
 * with which it grows. Costs the length of the string that is open, if one is,
 * and nothing else. */
json_t *partial_json_value(struct partial_json *partial);

#endif
