/* SPDX-License-Identifier: MIT */
/*
 * nearest - the name that somebody probably meant.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Of `count` names the one nearest to `word` (optimal string alignment: insert,
 * delete, change, swap neighbours), at most a third of its length away; NULL if
 * none is. Ties go to the earlier name. */
const char *nearest_name(const char *word, const char *const *names,
                         size_t count);

#endif
