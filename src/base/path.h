/* SPDX-License-Identifier: MIT */
/*
 * path - where our files live (XDG), reading them with a cap, writing them for
 * nobody else to read.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

/* Append $XDG_CONFIG_HOME/sennit/NAME (or ~/.config/...); an empty name gives
 * the directory. Relative XDG values are ignored, as the specification says.
 * False if there is no home: neither $HOME nor an entry of the user database
 * is an absolute path. */
bool path_config(struct buf *path, const char *name, struct error *err);

/* The same for $XDG_STATE_HOME (~/.local/state). */
bool path_state(struct buf *path, const char *name, struct error *err);

/* The same for $XDG_DATA_HOME (~/.local/share): what the user made. */
bool path_data_home(struct buf *path, const char *name, struct error *err);

/* Append the path of a file that came with the program: below ../share/sennit
 * as seen from the program if that is there, so that a tree of them may be put
 * anywhere; else below DATADIR. */
void path_data(struct buf *path, const char *name);

/* Append `path` with a leading "~/" (or all of "~") made the home directory;
 * unchanged if there is none. */
void path_expand(struct buf *out, const char *path);

/* Open a regular file of at most max bytes for reading: the descriptor, which
 * the caller closes, or -1. Never blocks on a FIFO or device: those are refused
 * by name, unopened. */
int path_open_file(const char *path, size_t max, struct error *err) MUST_USE;

/* Append a regular file of at most max bytes. What is no such file is refused as
 * by path_open_file(). On failure `out` is as it was. */
bool path_read_file(struct buf *out, const char *path, size_t max,
                    struct error *err) MUST_USE;

/* Append everything from a descriptor, at most max bytes, waiting for it even
 * if it is non-blocking. `what` names it in errors. On failure `out` is as it
 * was. */
bool path_read_fd(struct buf *out, int fd, size_t max, const char *what,
                  struct error *err) MUST_USE;

/* Make the directories on the way to a file, 0700. */
bool path_make_way(const char *path, struct error *err) MUST_USE;

/* Whether files could be made in a directory, or the directory on the nearest
 * one that exists. Makes nothing. */
bool path_can_make(const char *path, struct error *err) MUST_USE;

/* Write a file that did not exist, 0600. The six X before the last suffix_len
 * bytes of the path become a name that is free. On failure none is left. */
bool path_write_new(struct buf *path, size_t suffix_len, struct slice text,
                    struct error *err) MUST_USE;

/* Make a file, 0600, hold the text: all of it, or what it held before. The way
 * to it is made; a link that has its name is replaced, not followed. */
bool path_write_file(const char *path, struct slice text,
                     struct error *err) MUST_USE;

/* The same for a file that is not there, in a directory that is; a file that is
 * there stays as it is: false. */
bool path_write_absent(const char *path, struct slice text,
                       struct error *err) MUST_USE;

#endif
