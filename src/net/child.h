/* SPDX-License-Identifier: MIT */
/*
 * child - another program: run for what it prints, fed, or given the terminal.
 *
 * Two modes. A *detached* child has a session of its own and no terminal; it
 * reads what it is given, what it prints is kept, handed on or dropped, of its
 * messages the last are kept or none, and it can be ended with its whole group. A *foreground* child stays
 * in our process group and has the terminal until it ends: nobody else reads or
 * draws meanwhile. Both start with default signals and three descriptors.
 */
#ifndef NET_CHILD_H
#define NET_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Run argv (NULL at its end; found in PATH, without a shell) and append what
 * it prints, at most max bytes. It reads nothing, has no terminal and no other
 * descriptor of ours, and its messages are dropped. It is ended, with all that
 * it started, after wait_ms. False (ERROR_SYSTEM, ERROR_LIMIT) if it cannot be
 * run, fails, prints more or takes longer; then `out` is as it was. Blocks. */
bool child_read(struct buf *out, char *const *argv, size_t max, int64_t wait_ms,
                struct error *err) MUST_USE;

/* Watched by the loop. */

struct confine;
struct loop;
struct child;

enum child_mode { CHILD_DETACHED, CHILD_FOREGROUND };

struct child_end {
    const struct error *err; /* NULL: it ended with exit status 0 */
    bool was_killed;         /* by a signal: it had no time to tidy up */
    struct slice output;     /* lives as long as the child */
    struct slice messages;   /* the last of them; as long */
    int exit_status;         /* -1: it did not end by itself, or never ran */
    int signal_number;       /* that ended it; 0: none */
    bool was_refused;        /* a confined one was not run at all */
    bool has_left;           /* of a confined one: some that it started do not
                                end, as the kernel has hung them up */
};

typedef void child_done_fn(void *context, const struct child_end *end);
typedef void child_stop_fn(void *context);
/* Must not free the child. */
typedef void child_output_fn(void *context, struct slice piece);

struct child_setup {
    enum child_mode mode;
    struct loop *loop;
    char *const *argv; /* as for child_read() */
    /* Detached. */
    char *const *environment; /* "NAME=value", NULL at its end; NULL: ours */
    struct slice input;       /* copied */
    size_t output_max; /* bytes; one that prints more is ended. 0: dropped */
    child_output_fn *on_output;   /* instead: pieces as they come */
    size_t messages_max;          /* bytes that are kept. 0: none */
    child_output_fn *on_messages; /* instead: pieces as they come */
    const char *directory;        /* where it starts; NULL: where we are */
    const int *keep; /* descriptors of ours that it gets as 3, 4, ... */
    size_t keep_count;
    const struct confine *confine; /* NULL: it may do what we may */
    int64_t wait_ms; /* one that takes longer is ended. 0: no limit */
    /* Foreground. */
    const char *tty;        /* its path */
    const char *reset;      /* written to the tty if it was killed */
    child_stop_fn *on_stop; /* it has stopped, and we have not: stop our group
                               and return when it was continued */
    /* Once, when it has ended; may free the child. */
    child_done_fn *on_done;
    void *context;
};

/* NULL with an error if it cannot be started; a program that is not there is
 * an error of on_done. While a foreground child runs SIGQUIT is ignored and
 * SIGCHLD blocked (it stays so); the terminal's settings are put back as they
 * were when it has ended. SIGINT comes to us as to it: take no notice. */
struct child *child_start(const struct child_setup *setup,
                          struct error *err) MUST_USE;

/* End a confined one with all that it has started, wherever they went: SIGTERM
 * to each, SIGKILL after grace_ms, until none is left; on_done follows then.
 * Again: the shorter grace counts. The same is done to what it leaves behind
 * when it ends, and after wait_ms. */
void child_stop(struct child *child, int64_t grace_ms);

/* One that still runs is ended without on_done: detached by SIGKILL to its
 * group (confined by child_stop() without a grace), foreground by SIGTERM and,
 * 200 ms later, SIGKILL; then the terminal is taken back. NULL is fine. */
void child_free(struct child *child);

#endif
