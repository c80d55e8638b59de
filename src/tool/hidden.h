/* SPDX-License-Identifier: MIT */
/*
 * hidden - what programs of tools must not read: keys, passwords, histories,
 * conversations.
 *
 * The `secret_files` that have a place, those that the settings name as keys, and
 * the directory of sockets ($XDG_RUNTIME_DIR). Only what exists counts, by its real path, sorted, and
 * nothing twice.
 */
#ifndef TOOL_HIDDEN_H
#define TOOL_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"

struct settings;

struct hidden {
    ARRAY_OF(char *) paths;
    ARRAY_OF(char *)
    own;        /* directories of ours, though they be not there yet;
                             by where they stand and by where links lead */
    char *home; /* real path; NULL: there is none */
};

void hidden_find(struct hidden *hidden, const struct settings *settings);
void hidden_clear(struct hidden *hidden);

/* Whether the path is hidden or lies in what is. */
bool hidden_covers(const struct hidden *hidden, const char *path);
/* Whether something hidden lies in the directory. */
bool hidden_is_below(const struct hidden *hidden, const char *directory);

/* Whether programs must write nothing in this working directory: it is or holds
 * /, the home directory, one of ours or what is hidden, or lies in one of ours.
 * Who can rename the parent of a secret puts another in its place, whatever is
 * mounted on it; a hidden file right in it cannot be moved. */
bool hidden_forbids(const struct hidden *hidden, const char *directory);

/* Whether `path` is `directory` or lies in it. Both are absolute and real. */
bool hidden_is_in(const char *path, const char *directory);

#endif
