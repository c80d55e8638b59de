/* SPDX-License-Identifier: MIT */
/*
 * read_file - a tool: the lines of a text file, as they are.
 *
 * Lines have no numbers before them: models copy those into what they want to
 * have changed, and then it is not found. What is left out is said in a last
 * line in brackets, with the call that shows it. A file whose lines all end with
 * CRLF is shown with LF and said to be one.
 */
#ifndef TOOL_READ_FILE_H
#define TOOL_READ_FILE_H

#include "tool/registry.h"

enum {
    READ_FILE_LINES = 1000,    /* unless `limit` says otherwise */
    READ_FILE_MAX = 32 * 1024, /* bytes of an answer (8,000 tokens), if the
                                           model has room for it */
    READ_FILE_LINE_MIN = 2000, /* bytes that are shown of each line */
    READ_FILE_COUNT_MAX = 1024 * 1024 * 1024, /* bytes in which lines are
                                                 counted */
};

extern const struct tool read_file_tool;

#endif
