/* SPDX-License-Identifier: MIT */
/*
 * walk - through a directory and what lies below it, sorted by name, directories
 * before what is in them.
 *
 * No link is followed, so it ends, and stays below where it began; /proc and
 * /sys are not entered from above. Names are of any bytes but NUL and "/".
 */
#ifndef TOOL_WALK_H
#define TOOL_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"

enum {
    WALK_DEPTH_MAX = 64,         /* directories in directories */
    WALK_NAMES_MAX = 500 * 1000, /* of one directory; others are not seen */
};

struct walk_entry {
    int parent;       /* descriptor of the directory that it is in */
    const char *name; /* in it */
    const char *path; /* from where the walk began */
    struct stat status;
    int depth;           /* 1: in the directory where the walk began */
    size_t index, count; /* among those of its directory */
};

enum walk_next {
    WALK_ON,   /* into it, if it is a directory */
    WALK_OVER, /* not into it */
    WALK_UP,   /* nor to the others of its directory */
    WALK_END,
};

typedef enum walk_next walk_fn(void *context, const struct walk_entry *entry);

/* A directory that cannot be entered: errno says why, 0: it is of the kernel,
 * or too deep. */
typedef void walk_refused_fn(void *context, const struct walk_entry *entry,
                             int number);

/* The descriptor is of the directory where it begins, and stays open. False: it
 * cannot be read. */
bool walk(int fd, walk_fn *visit, walk_refused_fn *refused, void *context,
          struct error *err) MUST_USE;

/* Whether a file system is the kernel's view of itself: /proc or /sys. */
bool walk_is_virtual(int fd);

#endif
