/* SPDX-License-Identifier: MIT */
/*
 * target - the file or directory that a call names.
 *
 * Found by opening it (O_PATH: nothing is read, no FIFO and no device notices):
 * what is decided is decided of what was opened, under the name that the kernel
 * gives it, never of what was written. Whoever acts later goes to that name by
 * tool/way, so it is the place that was agreed to or none.
 */
#ifndef TOOL_TARGET_H
#define TOOL_TARGET_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "tool/plan.h"

enum target_wish {
    TARGET_FILE,      /* a regular file that is there */
    TARGET_DIRECTORY, /* a directory that is there; nothing is "." */
    TARGET_EITHER,
    TARGET_NEW, /* a file that may be missing, with its directories */
};

/* All-zero is none. */
struct target {
    char *path;         /* absolute, without links; owned */
    bool is_beneath;    /* it is the directory of the place, or lies in it */
    bool is_there;      /* always, but for TARGET_NEW */
    struct stat status; /* of what is there */
};

/* Paths begin in the directory of the place, "~" is the home of the user.
 * False, in words for the model: no such thing, or of another kind. Names of
 * what lies outside of the place are not told. Files of a process (/proc/1/...)
 * are refused: they hold memory and keys. */
bool target_find(struct target *target, const struct tool_place *place,
                 struct slice path, enum target_wish wish,
                 struct error *err) MUST_USE;
void target_clear(struct target *target);

/* The same for the member "path" of the arguments of a plan; sets its path,
 * is_beneath and, of what is there, before. */
bool target_plan(struct tool_plan *plan, const struct tool_place *place,
                 enum target_wish wish, struct error *err) MUST_USE;

/* Append the name that tools give it: from the directory of the place if it is
 * beneath. Characters as they are. */
void target_append_name(struct buf *out, const struct tool_place *place,
                        const char *path);

/* A name in a sentence: quoted as in JSON, its beginning cut if it is long. */
struct target_word {
    char text[168];
};
struct target_word target_word(struct slice name);

/* The same of the name that target_append_name() gives. */
struct target_word target_known_as(const struct tool_place *place,
                                   const char *path);

#endif
