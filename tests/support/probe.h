/* SPDX-License-Identifier: MIT */
/*
 * probe - where the program is that tries to leave a box, or not to end
 * (tests/probe): beside the one that runs the tests.
 */
#ifndef TESTS_SUPPORT_PROBE_H
#define TESTS_SUPPORT_PROBE_H

/* In static storage. */
char *probe_path(void);

#endif
