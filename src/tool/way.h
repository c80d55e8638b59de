/* SPDX-License-Identifier: MIT */
/*
 * way - to the path that was agreed to, or nowhere: each directory is opened in
 * the one before, and no link is followed. Who puts one there meanwhile gets an
 * error, and nothing else.
 */
#ifndef TOOL_WAY_H
#define TOOL_WAY_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/compiler.h"
#include "base/error.h"

/* Open a regular file (a directory) for reading: a descriptor that never waits,
 * or -1. The path is absolute and has no links, as target_find() gives it. */
int way_open(const char *path, bool is_directory, struct error *err) MUST_USE;

/* The directory in which the path is (O_PATH), and its last part in *name.
 * Missing ones are made on request. -1: there is none, or a link in the way. */
int way_open_parent(const char *path, bool makes, const char **name,
                    struct error *err) MUST_USE;

/* The mode of what is made in a directory: as open as that is, but `most`. Our
 * own umask is for our own files. */
mode_t way_mode(const struct stat *directory, mode_t most);

/* Open what an O_PATH descriptor stands for, for reading. -1 with errno. */
int way_open_again(int fd) MUST_USE;

#endif
