/* SPDX-License-Identifier: MIT */
/*
 * key_value - a secret that is known by what stands before it: API_KEY=...,
 * "password": "...", user:password@host in an address.
 *
 * Private to key_form.c, which says what is none.
 */
#ifndef BASE_KEY_VALUE_H
#define BASE_KEY_VALUE_H

#include <stddef.h>

#include "base/slice.h"

/* The length of the secret that the "=" or ":" at `at` gives a name, and where it
 * starts; 0: there is none. */
size_t key_value_at(struct slice text, size_t at, size_t *start);

#endif
