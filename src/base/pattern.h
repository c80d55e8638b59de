/* SPDX-License-Identifier: MIT */
/*
 * pattern - regular expressions as JSON Schema writes them (ECMA-262, Unicode).
 *
 * Tells whether a text matches, in time bounded by the product of pattern and
 * text: all threads of the automaton go on together (Thompson 1968), nothing is
 * tried again. Works on code points.
 *
 * Not taken, with an error that says so: lookahead and lookbehind, back
 * references, and properties other than the general category (\p{L},
 * \p{Letter}, \p{gc=Lu}; not \p{Script=...}). As in Annex B a brace that is no
 * quantifier and an unknown escape mean themselves.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/pattern_class.h"
#include "base/slice.h"

enum {
    PATTERN_PROGRAM_MAX = 5000, /* instructions */
    PATTERN_DEPTH_MAX = 100,    /* groups in groups */
};

enum pattern_opcode {
    PATTERN_CHARACTER, /* this one */
    PATTERN_DOT,       /* any but a line's end */
    PATTERN_CLASS,     /* one of a class */
    PATTERN_SPLIT,     /* go on at both places */
    PATTERN_JUMP,
    PATTERN_START,
    PATTERN_END,
    PATTERN_EDGE,     /* \b */
    PATTERN_NOT_EDGE, /* \B */
    PATTERN_MATCH,
};

/* Targets are relative, so that pieces of a program can be moved and copied. */
struct pattern_step {
    enum pattern_opcode opcode;
    int32_t first;      /* target */
    int32_t second;     /* target of the other thread */
    uint32_t character; /* or the index of the class */
};

/* Read only, once it is made. */
struct pattern {
    ARRAY_OF(struct pattern_step) program;
    ARRAY_OF(struct pattern_class) classes;
};

/* NULL: not a pattern, or one that is not taken (ERROR_CONFIG), or too large
 * (ERROR_LIMIT). The error continues "the regular expression ...". */
struct pattern *pattern_new(struct slice source, struct error *err) MUST_USE;
void pattern_free(struct pattern *pattern); /* NULL is fine */

/* Whether some part of the UTF-8 text matches (pattern_match.c). *left is the
 * work that may be spent, in steps: it goes down, and at 0 the answer is false.
 */
bool pattern_find(const struct pattern *pattern, struct slice text,
                  uint64_t *left);

#endif
