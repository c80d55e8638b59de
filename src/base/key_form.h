/* SPDX-License-Identifier: MIT */
/*
 * key_form - what looks like a key in a text: "builtin:keys" of the settings.
 *
 * Known are the forms that vendors give their keys, by their beginnings, letters
 * and lengths as their documentation (or, where that says nothing, GitHub's list
 * of the patterns that it scans for) tells them; private key blocks; signed web
 * tokens (RFC 7519); passwords in an address; and a long value, or any of an
 * .env file, that a word like API_KEY or PASSWORD stands before. What is plainly
 * no key is none: a place holder, a row of one letter, a variable, the example
 * keys of AWS's manual.
 *
 * Pure; one pass over the text, which may be any bytes.
 */
#ifndef BASE_KEY_FORM_H
#define BASE_KEY_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct key_found {
    const char *name; /* "GitHub token"; static */
    size_t start, len;
};

/* The first that is found. */
bool key_form_find(struct slice text, struct key_found *found);

#endif
