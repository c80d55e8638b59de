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
    CONFINE_SPARED_MAX = 64,
};

/* Descriptors and the filter belong to whoever made it. */
struct confine {
    /* A wrapper (bubblewrap) sees to privileges and filter itself, ends when
     * what is in it does, and is not asked to. */
    bool is_wrapper;
    int ruleset;                      /* of Landlock; -1: none */
    const struct sock_filter *filter; /* NULL: none */
    size_t filter_count;
    uint64_t file_max;  /* bytes of one file. 0: no limit */
    uint64_t task_max;  /* of the user, all told. 0: no limit */
    uint64_t kept_caps; /* capabilities that root keeps, as bits */
    /* Whom it must not signal besides its minder: processes and, as negative
     * numbers, groups. A count of 0: it may signal its minder, too. */
    pid_t spared[CONFINE_SPARED_MAX];
    size_t spared_count;
};

/* What could not be done. */
enum confine_step {
    CONFINE_DONE,
    CONFINE_FORK,
    CONFINE_DESCRIPTORS,
    CONFINE_DIRECTORY,
    CONFINE_LIMITS,
    CONFINE_PRIVILEGES,
    CONFINE_LANDLOCK,
    CONFINE_SECCOMP,
    CONFINE_EXEC,
    CONFINE_STEP_COUNT,
};

/* In the child, whose parent is its minder. CONFINE_DONE, or what failed, with
 * errno. */
enum confine_step confine_apply(const struct confine *confine);

/* What failed, in words. Returns false. */
bool confine_tell(enum confine_step step, int error_number, const char *program,
                  struct error *err);

#endif
