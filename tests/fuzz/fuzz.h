/* SPDX-License-Identifier: MIT */
/*
 * fuzz - what the fuzz targets share. A target is one file, target_<name>.c: a
 * function that libFuzzer calls with bytes, most of them changed from a seed
 * (corpus/<name>/), and that ends the program when a property does not hold.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* The name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct slice fuzz_input(const uint8_t *bytes, size_t len);

/* The first byte of an input, which decides something: it goes; 0 if there is
 * none. */
unsigned fuzz_choice(struct slice *input);

/* Hand over a text in pieces: by 0 whole, by 1 each byte alone, by any other
 * number in pieces of up to 64 bytes by its chance. A piece lies in storage of
 * its own size, so that reading past its end is seen. */
typedef void fuzz_piece_fn(void *context, struct slice piece);
void fuzz_pieces(struct slice text, unsigned pattern, fuzz_piece_fn *fn,
                 void *context);

/* End the program with these words unless the property holds. */
void fuzz_require(bool holds, const char *property);
void fuzz_require_same(const struct buf *a, const struct buf *b,
                       const char *property);

#endif
