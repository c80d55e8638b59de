/* SPDX-License-Identifier: MIT */
/*
 * embedded_json - the JSON value in an answer that may hold other text, too.
 *
 * Takes the text in any pieces, in linear time, and gives the value so far
 * (base/partial_json). Which value an answer means:
 *
 *   1. What begins the answer or follows a fence ```json wins, the first of
 *      them. Only these can be a number, a string or a word, and then nothing
 *      else may stand before the end (or the closing fence).
 *   2. Else the first object or array that stands in the text, until such a
 *      fence comes. What turns out to be no JSON ("[see below]", "{name}") is
 *      text, and the search goes on at the byte that does not fit.
 *   3. An array of numbers alone, unless fenced, is taken for a footnote ("See
 *      [1]: {...}") as soon as another value follows.
 *
 * Text behind the value is left alone.
 */
#ifndef BASE_EMBEDDED_JSON_H
#define BASE_EMBEDDED_JSON_H

#include <stdbool.h>

#include "base/json.h"
#include "base/partial_json.h"
#include "base/slice.h"

struct embedded_json;

/* `fn` is told the parts of the value (see partial_json_fn); may be NULL. They
 * are a preview: where another value takes the place of one whose parts were
 * told, or none does, a null with the empty path comes first. */
struct embedded_json *embedded_json_new(partial_json_fn *fn,
                                        void *context) RETURNS_NONNULL;
void embedded_json_free(struct embedded_json *embedded); /* NULL is fine */

void embedded_json_feed(struct embedded_json *embedded, struct slice text);

/* The text has ended. */
void embedded_json_end(struct embedded_json *embedded);

/* The value so far, and whether it is whole; NULL while there is none. Borrowed
 * until the next feed. */
json_t *embedded_json_value(struct embedded_json *embedded, bool *is_whole);

/* After the end: why there is no whole value. ERROR_PROTOCOL, ERROR_LIMIT. */
void embedded_json_fault(const struct embedded_json *embedded,
                         struct error *err);

#endif
