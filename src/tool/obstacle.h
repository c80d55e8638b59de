/* SPDX-License-Identifier: MIT */
/*
 * obstacle - what stands in the way of a tier of the box on this machine, and
 * the cure: one sentence each, for the doctor and for who is refused.
 */
#ifndef TOOL_OBSTACLE_H
#define TOOL_OBSTACLE_H

#include "base/buf.h"
#include "base/slice.h"

/* bwrap is not there, or said this when it failed. */
void obstacle_of_bubblewrap(struct buf *out, const char *program,
                            struct slice said);

/* A system call failed with this number. */
void obstacle_of_landlock(struct buf *out, int error_number);
void obstacle_of_seccomp(struct buf *out, int error_number);

#endif
