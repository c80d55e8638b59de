/* SPDX-License-Identifier: MIT */
/*
 * write_file - a tool: a text file with this content, new or in the place of
 * what it held. Directories on the way are made. A link is followed: the file
 * that it leads to is written. See tool/change and tool/swap.
 */
#ifndef TOOL_WRITE_FILE_H
#define TOOL_WRITE_FILE_H

#include "tool/registry.h"

extern const struct tool write_file_tool;

#endif
