/* SPDX-License-Identifier: MIT */
/*
 * json - parsing JSON from outside, with caps and a repair pass.
 *
 * Every JSON text that we did not write comes through here; building and
 * reading values is jansson's own business. jansson 2.14 refuses a whole text
 * for a lone surrogate, bad UTF-8, NaN, 1e400 or a large integer; servers send
 * all of these, so a text that fails is repaired once and tried again
 * (base/json_repair).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum {
    JSON_DEPTH_MAX = 512,
    JSON_TEXT_MAX = 16 * 1024 * 1024, /* bytes of one value */
    JSON_STRUCTURE_MAX = 200 * 1000,  /* { [ and , outside strings: bounds what
                                         jansson allocates to about 22 MB */
};

/* Parse one JSON value with nothing but white space around it. The caller
 * json_decref()s it. NULL: not JSON (ERROR_PROTOCOL) or over a cap
 * (ERROR_LIMIT).
 *
 * Repaired: ill-formed UTF-8 and lone surrogate escapes become U+FFFD (see
 * json_joiner for halves in two texts), NaN and Infinity null, numbers out of
 * range the nearest double, raw control characters in strings escaped, NUL in
 * a member's name U+FFFD, a BOM at the start dropped. NUL in strings stays: use
 * json_slice(). */
json_t *json_parse(struct slice text, struct error *err) MUST_USE;

/* Strict: no repair. For tool arguments and for suites. */
json_t *json_parse_strict(struct slice text, struct error *err) MUST_USE;

/* Members by name and type; anything else counts as absent. `object` may be
 * NULL or no object. Borrowed from the value. An absent string is {NULL, 0}, an
 * empty one is not NULL. A count is a whole number from 0 on, also where it was
 * written as 12.0. Truthy: true, or a number that is not 0. */
struct slice json_slice(const json_t *object, const char *name);
json_t *json_member_object(const json_t *object, const char *name);
json_t *json_member_array(const json_t *object, const char *name);
bool json_number(const json_t *object, const char *name, double *number);
bool json_count(const json_t *object, const char *name, uint64_t *count);
bool json_is_truthy(const json_t *object, const char *name);

/* A string value as a slice, NULs included; {NULL, 0} for other types. */
struct slice json_string_slice(const json_t *string);

/* Append a JSON string literal, quotes included. Ill-formed UTF-8 becomes
 * U+FFFD. The result is one line for every reader: control characters, C1 and
 * U+2028/2029 are escaped. */
void json_append_quoted(struct buf *buf, struct slice text);

/* Append the value in compact form, keys in the order they were added, reals as
 * the shortest text that reads back the same (0.7, not 0.69999999999999996). */
void json_append_value(struct buf *buf, const json_t *value);

/* Surrogate halves that fall into two texts ("\ud83d" then "\ude00").
 * json_parse_joined() keeps a trailing high half of any string member named
 * `member` (at any depth) and puts it before that member of the next text,
 * where it is U+FFFD if no low half follows. A text that is refused changes
 * nothing. All-zero is the start. What still waits at the end of a stream is
 * one U+FFFD. */
struct json_joiner {
    uint32_t high; /* 0, or the half that waits */
};
json_t *json_parse_joined(struct json_joiner *joiner, struct slice text,
                          const char *member, struct error *err) MUST_USE;

#endif
