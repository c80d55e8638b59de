/* SPDX-License-Identifier: MIT */
/*
 * edits - what tools have made of files, so that it can be taken back.
 *
 * Kept in memory, as long as the program runs: the texts before and after, of
 * at most EDITS_SIZE_MAX bytes together; the oldest are forgotten first. May be
 * used from any thread.
 */
#ifndef TOOL_EDITS_H
#define TOOL_EDITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "tool/plan.h"

enum { EDITS_SIZE_MAX = 64 * 1024 * 1024, EDITS_COUNT_MAX = 10 * 1000 };

struct edits *edits_new(void) RETURNS_NONNULL;
void edits_free(struct edits *edits); /* NULL is fine */

/* A number for a plan, from 1 on; 0 where there are no edits (NULL). */
uint64_t edits_next(struct edits *edits);

/* The plan was done. NULL: nobody keeps it. */
void edits_add(struct edits *edits, const struct tool_plan *plan);

/* The call that asked for an edit that was done; an edit of number 0 is none. */
void edits_set_call(struct edits *edits, uint64_t number, uint64_t call);

/* The number of the edit that a call asked for; 0: none that is known. */
uint64_t edits_of_call(struct edits *edits, uint64_t call);

/* Set up a plan that takes an edit back: path, is_beneath, reverts, removes,
 * what shall stand in the file (`after`) and with which mode; `was` gets what
 * the edit left there, before.st_ino 0 if that is nothing, else 1. 0 is the last
 * edit that takes none back and was not taken back. False: there is none, or it
 * is forgotten. */
bool edits_take_back(struct edits *edits, uint64_t number,
                     struct tool_plan *plan, struct error *err) MUST_USE;

#endif
