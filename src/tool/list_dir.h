/* SPDX-License-Identifier: MIT */
/*
 * list_dir - a tool: what is in a directory, sorted, hidden files too, each in a
 * line with the path that other tools take and its size. A ".git" is named and
 * not entered unless it is asked for.
 */
#ifndef TOOL_LIST_DIR_H
#define TOOL_LIST_DIR_H

#include "tool/registry.h"

enum {
    LIST_DIR_DEPTH_MAX = 8,
    LIST_DIR_MANY = 500,      /* entries of the directory, */
    LIST_DIR_FEW = 100,       /* and of each below it, that are shown */
    LIST_DIR_MAX = 32 * 1024, /* bytes of an answer: 8,000 tokens */
};

extern const struct tool list_dir_tool;

#endif
