/* SPDX-License-Identifier: MIT */
/*
 * skip - a test that cannot run here says why, and is counted.
 *
 * The reason must be a line of tests/SKIPS ("name: explanation"); any other
 * skip is a failure of the run.
 */
#ifndef TESTS_SUPPORT_SKIP_H
#define TESTS_SUPPORT_SKIP_H

#include <stdbool.h>

/* Tests run in forked processes: skips are collected in a file. */
void skip_begin(void);

/* Note a skip; the test then returns by itself. */
void skip_note(const char *reason);

/* Print the count for each reason; false if one is not listed. */
bool skip_report(void);

/* A path below the shared data ("captures/ollama/chat-stream.http"), or NULL
 * with a noted skip "shared" where it is absent. Static storage. */
const char *shared_path(const char *relative);

#endif
