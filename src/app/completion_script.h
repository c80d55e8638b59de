/* SPDX-License-Identifier: MIT */
/*
 * completion_script - the tables of the command line as a script for a shell.
 *
 * Options, subcommands, their help and the words that they take stand in the
 * script; what depends on the machine it asks of `sennit completions LIST`.
 * It runs only the sennit of PATH, never one that was typed with a path: a
 * press of Tab shall run nothing of a strange directory.
 */
#ifndef APP_COMPLETION_SCRIPT_H
#define APP_COMPLETION_SCRIPT_H

#include <stdbool.h>

#include "base/buf.h"

/* Append the script for "bash", "zsh" or "fish"; false for any other name. */
bool completion_script(struct buf *out, const char *shell);

#endif
