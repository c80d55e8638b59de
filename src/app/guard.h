/* SPDX-License-Identifier: MIT */
/*
 * guard - the parent process that gives the terminal back, however the client
 * dies.
 *
 * Forks at once: the child goes on as the client, the parent stays, a few
 * hundred lines without a library. It is subreaper, stays in the client's
 * process group, ignores HUP INT QUIT WINCH TSTP, forwards TERM, and when the
 * client has ended restores the terminal, ends all descendants and passes on
 * the client's status (a fatal signal becomes 128 + its number, with a line on
 * stderr).
 */
#ifndef APP_GUARD_H
#define APP_GUARD_H

/* Returns in the client only. If the process cannot fork, or there is no
 * terminal to guard, it returns without a guard: the client still works.
 * `reset` is written to the tty when the client died without its own
 * clean-up. */
void guard_start(const char *reset);

#endif
