/* SPDX-License-Identifier: MIT */
/*
 * process - what the kernel says about a running program.
 */
#ifndef TESTS_BENCH_PROCESS_H
#define TESTS_BENCH_PROCESS_H

#include <stdint.h>

/* A program and its only child, if it has one: sennit's guard and client. */
struct process_pair {
    int parent, child; /* child 0: there is none */
};

struct process_pair process_pair(int pid);

/* Of both together. CPU counts all threads, ended ones too. */
int64_t process_cpu_ns(struct process_pair pair);
double process_pss_mib(struct process_pair pair);
/* What to say beside it; NULL: it is what its name says. */
const char *process_pss_note(void);
long process_wakeups(struct process_pair pair); /* voluntary switches */

#endif
