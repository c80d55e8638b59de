/* SPDX-License-Identifier: MIT */
/*
 * confine - what a child takes upon itself between fork() and exec(): limits, no
 * privileges, a Landlock ruleset, a seccomp filter.
 *
 * Everything is built beforehand; what is left are plain system calls, none of
 * which allocates or locks. What cannot be done is told, and the program is not
 * run: never with less than was asked.
 *
 * A confined child is watched by a `minder` and ended with all that it started.
 */
#ifndef NET_CONFINE_H
#define NET_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct sock_filter;

enum {
    CONFINE_FILES_MAX = 1024, /* open at once */
    CONFINE_OOM_SCORE = 500,  /* the kernel should end the tool, not us */
    CONFINE_SPARED_MAX = 64,  /* processes that it must not signal */
    CONFINE_FILTER_MAX = 256, /* instructions */
};

/* Descriptors and the filter belong to whoever made it. */
struct confine {
    int ruleset;                      /* of Landlock; -1: none */
    const struct sock_filter *filter; /* NULL: none */
    size_t filter_count;
    uint64_t file_max; /* bytes of one file. 0: no limit */
    uint64_t task_max; /* of the user, all told. 0: no limit */
    bool is_sparing;   /* its signals must not reach us: us, our group, our
                          parent, our threads; needs the filter's architecture */
    int wrapper_depth; /* 1: the program is a wrapper that ends by itself when
                          what is in it does, and is not asked to */
};

/* What could not be done, from the child's last words. */
enum confine_step {
    CONFINE_DONE,
    CONFINE_DIRECTORY, /* the working directory cannot be entered */
    CONFINE_LIMITS,
    CONFINE_PRIVILEGES,
    CONFINE_LANDLOCK,
    CONFINE_SECCOMP,
    CONFINE_EXEC,
    CONFINE_STEP_COUNT,
};

/* In the child. CONFINE_DONE, or what failed, with errno. */
enum confine_step confine_apply(const struct confine *confine);

/* In words. Returns false. */
bool confine_tell(enum confine_step step, int error_number, const char *program,
                  struct error *err);

#endif
