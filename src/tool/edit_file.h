/* SPDX-License-Identifier: MIT */
/*
 * edit_file - a tool: a text that stands in a file once becomes another (`all`:
 * wherever it stands).
 *
 * One pair of flat strings is what small models get right most often; line
 * numbers, patches and lists of edits they get wrong. The text must be there to
 * the byte: one that is only similar is told with the place where it is
 * similar, never taken. Of a file outside of the directory nothing is told
 * before somebody has agreed, not even how often the text stands there.
 */
#ifndef TOOL_EDIT_FILE_H
#define TOOL_EDIT_FILE_H

#include "tool/registry.h"

extern const struct tool edit_file_tool;

#endif
