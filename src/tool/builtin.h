/* SPDX-License-Identifier: MIT */
/*
 * builtin - the tools that come with the program: each a row in its file, all
 * of them listed in tool/toolbox.c in the order in which they are offered.
 */
#ifndef TOOL_BUILTIN_H
#define TOOL_BUILTIN_H

#include "tool/registry.h"

#endif
