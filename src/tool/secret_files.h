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

#include "base/array.h"
#include "base/buf.h"

/* Patterns of base/glob: of files of the user's home ("~/.ssh/"), of the system,
 * of names anywhere ("*.pem"). NULL: there are no more. */
const char *secret_files_at(size_t index);

/* Append the path of a directory of our own (settings, sessions, what is
 * remembered), absolute. False: there are no more. */
bool secret_files_own(size_t index, struct buf *path);

/* The same, looked up once for many paths; all-zero has none. */
struct secret_files {
    ARRAY_OF(struct secret_place) places;
    ARRAY_OF(const char *) names; /* patterns; borrowed */
};

struct secret_place {
    const char *words;
    char *plain, *real; /* as it is written, and where it leads or NULL */
};

/* `more` are patterns besides (privacy.private.files), NULL behind; NULL: none.
 * They must outlive it. */
void secret_files_find(struct secret_files *files, const char *const *more);
void secret_files_clear(struct secret_files *files);

/* Whether an absolute path without links is one of them or lies in one, or is
 * where one of them leads by a link: what it is, in words ("~/.ssh/",
 * "a directory of sennit's"), borrowed; else NULL. */
const char *secret_files_has(const struct secret_files *files,
                             const char *path);

/* The same of one path; the words are appended. */
bool secret_files_match(const char *path, struct buf *words);

#endif
