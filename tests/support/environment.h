/* SPDX-License-Identifier: MIT */
/*
 * environment - the variables that a program under test is started with.
 */
#ifndef TESTS_SUPPORT_ENVIRONMENT_H
#define TESTS_SUPPORT_ENVIRONMENT_H

enum { ENVIRONMENT_MAX = 64 };

/* All-zero is an empty one. */
struct environment {
    char *variables[ENVIRONMENT_MAX + 1]; /* ends with NULL: for execve() */
    int count;
};

/* A variable that is there already gets the new value. */
void environment_set(struct environment *environment, const char *name,
                     const char *value);

/* "NAME=value", or "NAME" to unset it. */
void environment_put(struct environment *environment, const char *variable);

void environment_clear(struct environment *environment);

#endif
