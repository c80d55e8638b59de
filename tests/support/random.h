/* SPDX-License-Identifier: MIT */
/*
 * random - numbers and texts for properties: the same ones for the same seed.
 */
#ifndef TESTS_SUPPORT_RANDOM_H
#define TESTS_SUPPORT_RANDOM_H

#include <stdint.h>

#include "base/buf.h"

struct random {
    uint64_t state;
};

/* 0 to below - 1. */
uint32_t random_below(struct random *random, uint32_t below);

/* Append bytes, most of them not UTF-8, with escape sequences among them. */
void random_bytes(struct random *random, struct buf *out, size_t count);

/* Append pieces of valid text: words, long words, CJK, emoji, marks, tabs,
 * line breaks. */
void random_text(struct random *random, struct buf *out, size_t pieces);

#endif
