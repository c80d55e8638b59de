/* SPDX-License-Identifier: MIT */
/*
 * revert - a tool that no model is offered: it takes back what edit_file,
 * write_file or revert itself did, {"edit": N}, what a call did, {"call": N}, or
 * the last of all, {}, by the same way: planned, shown, agreed to, done. Refused when the file is no longer what
 * the edit made of it; the detail of the plan is then the diff of what has come
 * between.
 */
#ifndef TOOL_REVERT_H
#define TOOL_REVERT_H

#include "tool/registry.h"

extern const struct tool revert_tool;

#endif
