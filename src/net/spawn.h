/* SPDX-License-Identifier: MIT */
/*
 * spawn - a program started, and what its end says.
 *
 * Private to net/. The one place that forks and executes: default signals, an
 * empty mask, three descriptors and none of ours but those that are asked for.
 */
#ifndef NET_SPAWN_H
#define NET_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "net/confine.h"

enum { SPAWN_NOT_RUN = 127 };

struct spawn {
    char *const *argv; /* NULL at its end; found in PATH, without a shell */
    char *const *environment; /* NULL at its end; NULL: ours */
    const char *directory;    /* NULL: where we are */
    int in, out, err;         /* become its 0, 1 and 2; stay open here */
    const int *keep;          /* become its 3, 4, ...; stay open here */
    size_t keep_count;
    bool is_detached; /* a session of its own, so no terminal, and SIGTERM when
                         we die; else it stays in our process group */
    const struct confine *confine; /* if there is one: confined, in a session of
                                      its own, below a minder */
    int control;                   /* the minder's end of its socket */
};

/* The process, a child of ours: the program or its minder; -1 with an error. A
 * program that is not there is a child that ends: see spawn_check(). */
pid_t spawn_start(const struct spawn *spawn, struct error *err);

/* What waitpid() said: true if it ended with exit status 0, else how it ended,
 * in words. */
bool spawn_check(int status, struct error *err);

/* End a detached one and all that it started, unless they ran away. */
void spawn_kill(pid_t pid);

/* For the child: become the program. Returns what failed, with errno; *words, a
 * descriptor that closes with the exec(), has been moved then. */
enum confine_step spawn_become(const struct spawn *spawn, int *words);

/* For the child: close all descriptors from this one on. */
void spawn_close_from(int first);

#endif
