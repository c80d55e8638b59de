/* SPDX-License-Identifier: MIT */
/*
 * environment - what a program that we start gets of our environment: what it
 * needs to run, and none of the variables that hold keys.
 */
#ifndef BASE_ENVIRONMENT_H
#define BASE_ENVIRONMENT_H

/* The variables that every program may have (PATH, HOME, the locale, ...) and
 * those of `names`, which ends with NULL and may be NULL. The caller frees the
 * array, which ends with NULL; the strings are those of our own environment. */
char **environment_allowed(const char *const *names);

#endif
