/* SPDX-License-Identifier: MIT */
/*
 * memory - allocation that never returns NULL.
 *
 * Out of memory ends the program: it says so on stderr and aborts (app/guard
 * then gives the terminal back). *Too much input* is another thing: every
 * buffer that is fed from outside has a named cap.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/compiler.h"

/* size bytes, uninitialised; size 0 gives a pointer that may be freed. */
void *memory_alloc(size_t size) MUST_USE RETURNS_NONNULL;

/* count items of size bytes, all zero. */
void *memory_zero(size_t count, size_t size) MUST_USE RETURNS_NONNULL;

/* Room for count items of size bytes, what ptr held kept; ptr may be NULL.
 * Overflow ends the program. */
void *memory_resize(void *ptr, size_t count,
                    size_t size) MUST_USE RETURNS_NONNULL;

/* A copy of len bytes with a NUL after them. The caller frees it. */
char *memory_copy(const void *ptr, size_t len) MUST_USE RETURNS_NONNULL;

/* A copy of a string; NULL gives NULL. The caller frees it. */
char *memory_string(const char *string) MUST_USE;

#endif
