/* SPDX-License-Identifier: MIT */
/*
 * array - typed growable arrays: any struct with `items`, `count`, `capacity`.
 *
 *     struct { struct row *items; size_t count, capacity; } rows = { 0 };
 *     *array_add(&rows) = (struct row){ ... };
 *     array_clear(&rows);
 *
 * All-zero is empty. The array owns its storage, never what items point to.
 * A pointer to an item dies with the next array_add(). The macros evaluate
 * their argument more than once: pass a plain pointer.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdlib.h>

/* Declare the three members in a struct: ARRAY_OF(struct row) rows; */
#define ARRAY_OF(type)   \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* Grow so that `extra` more items fit, amortised. */
#define array_reserve(array, extra)                     \
    ((array)->items =                                   \
         array_grow((array)->items, &(array)->capacity, \
                    (array)->count + (extra), sizeof *(array)->items))

/* A pointer to one new, uninitialised item at the end. */
#define array_add(array) \
    (array_reserve(array, 1), &(array)->items[(array)->count++])

/* A pointer to the last item; the array must not be empty. */
#define array_last(array) (&(array)->items[(array)->count - 1])

/* Free the storage; the array is empty again. */
#define array_clear(array)                                            \
    (free((array)->items), (array)->items = NULL, (array)->count = 0, \
     (array)->capacity = 0)

/* For array_reserve(): items may be NULL. Returns storage for at least
 * `needed` items and updates *capacity. */
void *array_grow(void *items, size_t *capacity, size_t needed, size_t size);

#endif
