/* SPDX-License-Identifier: MIT */
/*
 * secret_files - where keys and passwords lie by custom, and what is ours: files
 * that no tool touches without a question, and no program in a box can read.
 *
 * A list of names cannot be complete; privacy.private.files adds to it.
 */
#ifndef TOOL_SECRET_FILES_H
#define TOOL_SECRET_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Patterns of base/glob: of files of the user's home ("~/.ssh/"), of the system,
 * of names anywhere ("*.pem"). NULL: there are no more. */
const char *secret_files_at(size_t index);

/* Append the path of a directory of our own (settings, sessions, what is
 * remembered), absolute. False: there are no more. */
bool secret_files_own(size_t index, struct buf *path);

/* Whether an absolute path without links is one of them or lies in one, or is
 * where one of them leads by a link; then what it is, is appended in words:
 * "~/.ssh/", "a directory of sennit's". */
bool secret_files_match(const char *path, struct buf *words);

#endif
