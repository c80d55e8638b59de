/* SPDX-License-Identifier: MIT */
/*
 * nearest - the name that somebody probably meant.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

enum { NEAREST_LEN_MAX = 64 /* bytes of a name */ };

/* The insertions, deletions, changes and swaps of neighbours (optimal string
 * alignment) that make one of the other, letter case aside. `b` has at most
 * NEAREST_LEN_MAX bytes. */
size_t nearest_distance(const char *a, const char *b);

/* Of `count` names the one nearest to `word`, at a distance of at most 3, less
 * for short words; NULL if none is so near. Ties go to the earlier name. */
const char *nearest_name(const char *word, const char *const *names,
                         size_t count);

#endif
