/* SPDX-License-Identifier: MIT */
/*
 * tool_command - commands about tools: what a model may do without a question,
 * and what the user runs himself.
 */
#ifndef APP_TOOL_COMMAND_H
#define APP_TOOL_COMMAND_H

#include "app/command.h"

command_fn tool_command_mode; /* the argument, or list them */
command_fn tool_command_next_mode;
command_fn tool_command_shell;
command_fn tool_command_revert; /* "t3", or the last edit of a file */

/* Append "ask, box:files+gpu" for the title; nothing where there are no tools.
 * The box only where it is known (box_probe()). */
void tool_command_badge(struct chat *chat, bool is_probing, struct buf *out);

#endif
