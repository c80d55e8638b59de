/* SPDX-License-Identifier: MIT */
/*
 * change - what a call would make of a text file: read, shown as a diff, done.
 *
 * A file whose lines all end with CRLF keeps that: LF in what a model writes
 * becomes CRLF there, because hardly one writes a CR by itself.
 */
#ifndef TOOL_CHANGE_H
#define TOOL_CHANGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "tool/plan.h"
#include "tool/target.h"

enum {
    CHANGE_FILE_MAX = 4 * 1024 * 1024, /* bytes of a file */
    CHANGE_DIFF_MAX = 1024 * 1024,
};

/* Find the file that the arguments name and read it, if it is there. */
bool change_find(struct tool_plan *plan, const struct tool_place *place,
                 enum target_wish wish, struct error *err) MUST_USE;

/* Read the file that has the path of the plan: before, was. False: it is no text,
 * too large, or not ours to write. */
bool change_read(struct tool_plan *plan, struct error *err) MUST_USE;

/* Append lines as the file has them. */
void change_append_lines(struct buf *out, const struct tool_plan *plan,
                         struct slice text);

/* What shall stand in it is set: say so in a line and in a diff, and give it a
 * number. False: it would be as it was, or the diff is too long. */
bool change_show(struct tool_plan *plan, const struct tool_place *place,
                 struct error *err) MUST_USE;

/* A tool_work_fn: do it, and keep what was. */
bool change_work(struct tool_work *work, struct error *err);

#endif
