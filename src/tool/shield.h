/* SPDX-License-Identifier: MIT */
/*
 * shield - what in a workspace the user's own programs run: the hooks and the
 * configuration of git, the tasks of editors. Programs of tools may read it.
 *
 * What is not there must not be made: a directory stands in for it, empty and
 * with a mode that marks it, and goes when nobody needs it any more (a lock on
 * it tells, among other programs, too).
 */
#ifndef TOOL_SHIELD_H
#define TOOL_SHIELD_H

#include "base/array.h"

struct stand_in;

struct shield {
    ARRAY_OF(char *)
    writable;                   /* mounted by themselves, so that they cannot be
                                  moved away; before what is in them */
    ARRAY_OF(char *) fixed;     /* only to be read */
    struct stand_in *stand_ins; /* steal them, or clear */
};

/* `workspace` is absolute and real, and one in which programs may write. */
void shield_raise(struct shield *shield, const char *workspace);
void shield_clear(struct shield *shield);

/* The program has ended: remove what stood in, and what it made of that whose
 * place cannot be held. NULL is fine. */
void shield_drop(struct stand_in *stand_ins);

#endif
