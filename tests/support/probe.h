/* SPDX-License-Identifier: MIT */
/*
 * probe - where the program is that tries to leave a box, or not to end
 * (tests/probe): beside the one that runs the tests.
 */
#ifndef TESTS_SUPPORT_PROBE_H
#define TESTS_SUPPORT_PROBE_H

#include <sys/types.h>

/* In static storage. */
char *probe_path(void);

/* A copy for those who cannot come to where it is. */
void probe_copy(const char *path, mode_t mode);

#endif
