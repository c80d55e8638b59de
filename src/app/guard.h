/* SPDX-License-Identifier: MIT */
/*
 * guard - the parent process that gives the terminal back, however the client
 * dies.
 *
 * Forks at once: the child goes on as the client, the parent stays, a few
 * hundred lines without a library. It is subreaper, stays in the client's
 * process group, ignores INT QUIT WINCH TSTP, forwards TERM HUP CONT, and when
 * the client has ended restores the terminal, ends all descendants (TERM, then
 * KILL: after two seconds, and at once when a signal killed the client) and
 * passes on the client's status (a fatal signal becomes 128 + its number, with
 * a line on stderr). Should the guard itself be killed, the client gets TERM.
 *
 * The terminal is restored if its settings are not those that were found: who
 * leaves by himself sets them last; and when one of our job had it (an editor)
 * that was ended. A terminal that belongs to another job by now is let alone.
 */
#ifndef APP_GUARD_H
#define APP_GUARD_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/* What the client keeps of its guard; all-zero: it has none. */
struct guard_tie {
    pid_t guard_pid;
    struct termios found;
    const char *reset;
};

/* Returns in the client only. If the process cannot fork, or there is no
 * terminal to guard, it returns without a guard: the client still works.
 * `reset` is written to the tty when the client died without its own
 * clean-up. */
struct guard_tie guard_start(const char *reset);

/* The last thing that a client does. If its guard was killed it does the
 * guard's work: ends what it started, and what ran away from that, within half
 * a second, and puts the terminal's settings back. */
void guard_finish(const struct guard_tie *tie);

/* Ctrl-Z: stop the client's whole process group, the guard with it, as the
 * shell expects. Call it between term_suspend() and term_resume(); returns when
 * the shell has continued us in the foreground, and at once where there is no
 * shell that could. Needs no guard. */
void guard_stop(void);

/* Whether the terminal belongs to another job: after `bg`. */
bool guard_is_in_background(void);

#endif
