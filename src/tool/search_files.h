/* SPDX-License-Identifier: MIT */
/*
 * search_files - a tool: lines that match a regular expression (base/pattern),
 * as "path:line: text".
 *
 * Not searched: what is no text, files above SEARCH_FILE_MAX, and, unless the
 * search begins there, private files (tool/secret_files, and those that the
 * settings name) and directories of version control and of what is installed or
 * generated (.git, node_modules, ...). .gitignore is not read: what it hides may be
 * just what is looked for, and a part of its rules would be worse than none. The
 * last line says how much was searched and what was not.
 */
#ifndef TOOL_SEARCH_FILES_H
#define TOOL_SEARCH_FILES_H

#include "tool/registry.h"

enum {
    SEARCH_HITS = 100,      /* lines that are shown, */
    SEARCH_FILE_HITS = 20,  /* and of each file */
    SEARCH_NAMES = 200,     /* of files, without a pattern */
    SEARCH_SHOWN = 200,     /* characters of a line that are shown */
    SEARCH_MAX = 32 * 1024, /* bytes of an answer */
    SEARCH_FILE_MAX = 16 * 1024 * 1024, /* bytes of a file */
    SEARCH_FILES_MAX = 500 * 1000,      /* entries that are looked at */
    SEARCH_MS = 20 * 1000,              /* of the whole search */
    SEARCH_LINE_MS = 50,                /* of one line */
    SEARCH_LINE_MAX = 64 * 1024,        /* bytes of a line that are searched */
};

extern const struct tool search_files_tool;

#endif
