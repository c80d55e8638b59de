/* SPDX-License-Identifier: MIT */
/*
 * pattern_class - one character of a pattern: itself, an escape, or a class.
 *
 * For base/pattern alone: reads \d, \p{Lu}, \u{1F600}, [^a-z\s] and tells
 * whether a character is among what they name.
 */
#ifndef BASE_PATTERN_CLASS_H
#define BASE_PATTERN_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/slice.h"

enum pattern_set_kind {
    PATTERN_SET_RANGE,
    PATTERN_SET_DIGITS,
    PATTERN_SET_WORD,
    PATTERN_SET_SPACE,
    PATTERN_SET_CATEGORY,
};

struct pattern_set {
    enum pattern_set_kind kind;
    bool is_negated;
    uint32_t first, last; /* of a range */
    char category[3];     /* "L", "Lu" */
};

/* All-zero has no member. */
struct pattern_class {
    ARRAY_OF(struct pattern_set) sets;
    bool is_negated;
};
void pattern_class_clear(struct pattern_class *set);

/* Read what follows a "[", up to its "]". */
bool pattern_class_parse(struct pattern_class *out, struct slice *rest,
                         struct error *err) MUST_USE;

/* Read what follows a backslash. */
bool pattern_class_escape(struct pattern_class *out, struct slice *rest,
                          struct error *err) MUST_USE;

bool pattern_class_has(const struct pattern_class *set, uint32_t character);

/* The one character of a class; false if it has more, or none. */
bool pattern_class_single(const struct pattern_class *set, uint32_t *character);

/* Of \w and \b: ASCII letters, digits and "_". */
bool pattern_is_word(uint32_t character);

/* What "." and "$" stop at. */
bool pattern_is_line_end(uint32_t character);

#endif
