/* SPDX-License-Identifier: MIT */
/*
 * fence - a code block, set apart: a rule that names it, its lines behind a
 * bar, a rule below.
 *
 * The lines come one by one, so that a long block under construction is never
 * laid out twice.
 */
#ifndef UI_FENCE_H
#define UI_FENCE_H

#include "ui/layout.h"

/* The language that an info string names; empty: none. Borrowed from it. */
struct slice fence_language(struct slice info);

/* `first` is put before this line (a list mark), harmless and no wider than
 * half of the layout. `info`: the info string. `number`: of the block, from 1. */
void fence_open(struct layout *layout, struct slice first, struct slice info,
                size_t number);

/* One line of code, without its line break. */
void fence_line(struct layout *layout, struct slice rest, struct slice line);
void fence_close(struct layout *layout, struct slice rest);

#endif
