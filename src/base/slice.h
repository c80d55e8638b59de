/* SPDX-License-Identifier: MIT */
/*
 * slice - borrowed bytes: a pointer and a length, owned by somebody else.
 *
 * May hold NUL bytes; never assume a terminator. {NULL, 0} is the empty slice.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
    const char *ptr;
    size_t len;
};

/* For "%.*s". The length is cut at INT_MAX. */
#define SLICE_ARG(slice) slice_print_len(slice), (slice).ptr ? (slice).ptr : ""
int slice_print_len(struct slice slice);

/* Borrow a string; NULL gives the empty slice. */
struct slice slice_of(const char *string);

bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice slice, const char *string);
bool slice_starts(struct slice slice, const char *prefix);

/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice slice);

/* The part after the first `len` bytes; len may exceed the slice. */
struct slice slice_skip(struct slice slice, size_t len);

/* Cut the next line off *rest into *line, without its LF or CRLF. False when
 * nothing is left; a last line without an ending counts. */
bool slice_next_line(struct slice *rest, struct slice *line);

/* Offset of the first occurrence of a string, or -1. */
ptrdiff_t slice_find(struct slice slice, const char *needle);

/* Whether a word is in it, its ASCII letters in any case. */
bool slice_contains(struct slice slice, struct slice word);

#endif
