/* SPDX-License-Identifier: MIT */
/*
 * spawn - a program started, and what its end says.
 *
 * Private to net/. The one place that forks and executes: default signals, an
 * empty mask, three descriptors and none of ours besides.
 */
#ifndef NET_SPAWN_H
#define NET_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct spawn {
    char *const *argv; /* NULL at its end; found in PATH, without a shell */
    char *const *environment; /* NULL at its end; NULL: ours */
    int in, out, err;         /* become its 0, 1 and 2; stay open here */
    bool is_detached;         /* a session of its own, so no terminal, and
                                 SIGTERM when we die; else it stays in our
                                 process group */
};

/* The process, a child of ours; -1 with an error. A program that is not there
 * is a child that ends: see spawn_check(). */
pid_t spawn_start(const struct spawn *spawn, struct error *err);

/* What waitpid() said: true if it ended with exit status 0, else how it ended,
 * in words. */
bool spawn_check(int status, struct error *err);

/* End a detached one and all that it started, unless they ran away. */
void spawn_kill(pid_t pid);

#endif
