/* SPDX-License-Identifier: MIT */
/*
 * shell - the tool that runs a command.
 *
 * A command that is nothing but words (tool/command_words) is run as these: no
 * shell reads it, so what the user has agreed to is what is run. Any other is
 * read by /bin/sh.
 */
#ifndef TOOL_SHELL_H
#define TOOL_SHELL_H

#include "tool/plan.h"

enum { SHELL_WAIT_MAX_S = 3600 }; /* that a call may ask for */

extern const struct tool shell_tool;

/* What the user types: read by his own shell ($SHELL), as he is used to. */
bool shell_plan_of_user(struct tool_plan *plan, struct slice command,
                        struct error *err);

#endif
