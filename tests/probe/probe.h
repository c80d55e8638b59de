/* SPDX-License-Identifier: MIT */
/*
 * probe - a program that tries one thing that a box forbids, and says what came
 * of it: "escaped", or "refused: why".
 *
 *   probe NAME KEY=VALUE...
 *
 * The values are places and numbers of the world that the test has made
 * (tests/tool/test_box.c). What is named may-... must come about: "allowed".
 */
#ifndef TESTS_PROBE_PROBE_H
#define TESTS_PROBE_PROBE_H

#include <stddef.h>
#include <sys/types.h>

/* 0: it came about; -1 with errno: it did not. */
typedef int probe_fn(void);

struct probe {
    const char *name;
    probe_fn *fn;
};

/* Each ends with a row without a name. */
extern const struct probe probes_of_files[];
extern const struct probe probes_of_modes[];
extern const struct probe probes_of_secrets[];
extern const struct probe probes_of_processes[];
extern const struct probe probes_of_sockets[];
extern const struct probe probes_of_kernel[];
extern const struct probe probes_of_endings[];

/* "" if it was not given. */
const char *value(const char *key);
pid_t pid_value(const char *key);

/* A path below one of the places, in storage that the next call but seven
 * takes. */
const char *in(const char *place, const char *name);

/* As a probe's result. */
int no(int error_number);
int close_after(int fd);
/* What a child makes of it: 0 if it exits with 0. */
int in_child(probe_fn *fn);

#endif
