/* SPDX-License-Identifier: MIT */
/*
 * minder - a process between us and a program that must end with all that it
 * started.
 *
 * Private to net/. A fork of ours that executes nothing: it starts the program
 * in a session of the program's own, is subreaper, so that nothing gets away
 * from it, and lives until none is left. It has no descriptor but its end of a
 * socket, on which it is told to end them (so does the end of the socket, and
 * with it our death), and its last word is a report.
 *
 * The ladder: SIGTERM to each, SIGKILL after the grace, again and again. What
 * the program leaves behind when it ends by itself goes the same way.
 */
#ifndef NET_MINDER_H
#define NET_MINDER_H

#include <stdbool.h>
#include <stdint.h>

struct spawn;

struct minder_report {
    int32_t step; /* enum confine_step: what failed before the program ran */
    int32_t error_number;
    int32_t status;   /* of the program, as by waitpid() */
    int32_t has_left; /* some that do not end */
};

/* In a new process, all signals blocked. */
_Noreturn void minder_run(const struct spawn *spawn);

/* From outside, on the other end of its socket. */
void minder_stop(int control, int64_t grace_ms);
/* After it has ended; false: it has been killed. */
bool minder_hear(int control, struct minder_report *report);

#endif
