/* SPDX-License-Identifier: MIT */
/*
 * descendants - all processes that have us among their ancestors.
 *
 * For a process that is subreaper (prctl(2)): it becomes the parent of those
 * whose own parent ended, so none gets away. Plain system calls only, nothing
 * is allocated: fit for the time between fork() and exec().
 */
#ifndef BASE_DESCENDANTS_H
#define BASE_DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Send a signal to all that are deeper than `spared` generations (0: to our
 * children, too), and SIGCONT after it, unless it is SIGSTOP: one that is stopped
 * would not hear the signal. Those that fork meanwhile may be missed: again,
 * until we have no child. */
void descendants_signal(int signal_number, int spared);

bool descendants_has(pid_t pid);

#endif
