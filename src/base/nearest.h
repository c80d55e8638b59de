/* SPDX-License-Identifier: MIT */
/*
 * nearest - the name that somebody probably meant.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Of `count` names the one nearest to `word`: the fewest insertions, deletions,
 * changes and swaps of neighbours (optimal string alignment), letter case
 * aside. At most 3 of them, fewer for short words; NULL if none is so near.
 * Ties go to the earlier name. */
const char *nearest_name(const char *word, const char *const *names,
                         size_t count);

#endif
