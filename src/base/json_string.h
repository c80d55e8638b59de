/* SPDX-License-Identifier: MIT */
/*
 * json_string - the text of one JSON string, read in any pieces.
 *
 * For base/partial_json, and for what base/json_repair shares. Takes what stands between the quotes and gives
 * the characters so far, at any byte: an escape or a character that is not
 * whole yet is left out until it is. What is read from damaged strings is what
 * json_parse() reads from them: raw control characters stay, a lone surrogate
 * or bad UTF-8 becomes U+FFFD.
 */
#ifndef BASE_JSON_STRING_H
#define BASE_JSON_STRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* All-zero is the start of a string, right behind its quote. */
struct json_string {
    struct buf text;
    uint32_t unit;  /* of an escape \uXXXX, as far as its digits came */
    uint32_t high;  /* a high surrogate that waits for its low one, or 0 */
    uint8_t escape; /* bytes of an open escape: 0 none, 1 "\", 2 "\u" ... */
    bool is_closed;
    bool is_broken; /* no such escape */
};

/* Begin another string; the storage is kept. */
void json_string_start(struct json_string *string);
void json_string_clear(struct json_string *string);

/* Take what belongs to the string, its closing quote included. Returns the
 * bytes taken: fewer than there are once it is closed or broken. */
size_t json_string_feed(struct json_string *string, struct slice bytes);

/* Append the characters so far, or all if it is closed: valid UTF-8. */
void json_string_append(struct buf *out, const struct json_string *string);

/* The value of a hex digit, or -1. */
int json_hex_digit(char c);

#endif
