/* SPDX-License-Identifier: MIT */
/*
 * diff - two texts as a unified diff, which patch(1) takes.
 *
 * As POSIX describes it (diff, "Diff -u Output Format"), with the names that git
 * writes (a/NAME, b/NAME, /dev/null; odd ones quoted) and "\ No newline at end
 * of file". Lines end with LF; a CR before it belongs to the line. The fewest
 * lines change (base/myers), if not more than DIFF_EDITS_MAX do; else all that
 * lies between the first and the last of them does.
 */
#ifndef TOOL_DIFF_H
#define TOOL_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum {
    DIFF_CONTEXT = 3,            /* lines around a change */
    DIFF_EDITS_MAX = 4000,       /* lines, of both */
    DIFF_LINES_MAX = 500 * 1000, /* of each text */
};

struct diff {
    const char *name;
    struct slice before, after;
    bool is_new, is_gone; /* there is no file before, after */
};

struct diff_count {
    size_t added, removed; /* lines */
};

/* Append the diff; of texts that are the same nothing, unless a file is made or
 * removed. At most `max` bytes: else ERROR_LIMIT, and `out` is as it was. */
bool diff_append(struct buf *out, const struct diff *diff, size_t max,
                 struct diff_count *count, struct error *err) MUST_USE;

#endif
