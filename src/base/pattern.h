/* SPDX-License-Identifier: MIT */
/*
 * pattern - regular expressions, by PCRE2.
 *
 * Written as JSON Schema writes them (ECMA-262 with the flag u): on code
 * points, $ is the very end, \d \w \s are ASCII, \uXXXX and \u{X} are
 * characters, [] is empty and [^] anything. What PCRE2 knows beyond that is
 * taken, too. A pattern that explodes costs what it may and no more.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

enum {
    PATTERN_SOURCE_MAX = 16 * 1024, /* bytes */
    PATTERN_DEPTH_MAX = 100,        /* groups in groups */
    PATTERN_HEAP_KB = 20000,        /* of one search */
};

struct pattern;

/* NULL: not a pattern (ERROR_CONFIG), or one that is too large (ERROR_LIMIT).
 * The error continues "the regular expression ...". */
struct pattern *pattern_new(struct slice source, struct error *err) MUST_USE;
void pattern_free(struct pattern *pattern); /* NULL is fine */

/* Bytes that it takes. */
size_t pattern_size(const struct pattern *pattern);

/* Whether some part of the UTF-8 text matches. *left is the work that may be
 * spent, in PCRE2's steps: it goes down, and at 0 the answer is false. */
bool pattern_find(const struct pattern *pattern, struct slice text,
                  uint64_t *left);

enum pattern_verdict {
    PATTERN_IS_NOT_IN,
    PATTERN_IS_IN,
    PATTERN_GAVE_UP, /* it took too long, or more memory than it may have */
};

/* The same for a text that may be long, in so many milliseconds of the clock, for
 * those who have to know when it was not found out. */
enum pattern_verdict pattern_look(const struct pattern *pattern,
                                  struct slice text, int64_t most_ms);

/* The same for many short texts, one after another, with what one search needs
 * made once. The pattern must outlive it. */
struct pattern_look *pattern_look_new(const struct pattern *pattern)
    RETURNS_NONNULL;
void pattern_look_free(struct pattern_look *look); /* NULL is fine */
enum pattern_verdict pattern_look_at(struct pattern_look *look,
                                     struct slice text, int64_t most_ms);

#endif
