/* SPDX-License-Identifier: MIT */
/*
 * myers - the fewest items in which two rows of them differ.
 *
 * E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1
 * (1986), 251-266. Pure; takes time and room of the square of the differences,
 * which is what the limit is for.
 */
#ifndef BASE_MYERS_H
#define BASE_MYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two rows of at most INT32_MAX items. */
struct myers {
    size_t a_count, b_count;
    bool (*is_same)(void *context, size_t a, size_t b);
    /* An item of b (of a) that the other has not. */
    void (*mark)(void *context, bool is_b, size_t index);
    void *context;
};

/* How many items differ, each marked; -1: more than the limit, none marked. */
int64_t myers_compare(const struct myers *myers, int64_t limit);

#endif
