/* SPDX-License-Identifier: MIT */
/*
 * swap - a file is put in the place of the one that a plan saw, all of it or
 * nothing.
 *
 * The new text is written to a file beside it (.sennit-...), brought to the disk,
 * and exchanged with the old one in one step; what came out is looked at, and if
 * it is not what the plan saw, byte for byte, it is put back. So nothing that
 * somebody else wrote meanwhile is lost, and no reader sees half a file. Mode,
 * owner, group, access list and user attributes stay; the set-user-id and
 * set-group-id bits do not. Of a file with several names (hard links) only this
 * name gets the new text: what lies outside of the directory under another one
 * cannot be changed by it.
 */
#ifndef TOOL_SWAP_H
#define TOOL_SWAP_H

#include <stdbool.h>

#include "base/error.h"
#include "tool/plan.h"

/* False, in words for the model: the file is not what it was (ERROR_TOOL), or
 * cannot be written; then nothing has changed. */
bool swap_in(const struct tool_plan *plan, struct error *err) MUST_USE;

#endif
