/* SPDX-License-Identifier: MIT */
/*
 * noise - numbers and texts for properties: the same ones for the same seed.
 */
#ifndef TESTS_SUPPORT_NOISE_H
#define TESTS_SUPPORT_NOISE_H

#include <stdint.h>

#include "base/buf.h"

struct noise {
    uint64_t state;
};

/* 0 to below - 1. */
uint32_t noise_below(struct noise *noise, uint32_t below);

/* Append bytes, most of them not UTF-8, with escape sequences among them. */
void noise_bytes(struct noise *noise, struct buf *out, size_t count);

/* Append pieces of valid text: words, long words, CJK, emoji, marks, tabs,
 * line breaks. */
void noise_text(struct noise *noise, struct buf *out, size_t pieces);

#endif
