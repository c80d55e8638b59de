/* SPDX-License-Identifier: MIT */
/*
 * scratch - where tests put files: one directory for a run, gone at its end.
 *
 * With KEEP=1 it stays, and its name is printed. A program that does not begin
 * a scratch (the bench) has its files in $TMPDIR or /tmp.
 */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

enum { SCRATCH_PATH_MAX = 100 };

/* Make the directory; it is $TMPDIR from then on. */
void scratch_begin(void);

/* Remove it, and what tests that failed or were killed left in it. */
void scratch_end(void);

/* A fresh directory, or file (a descriptor open for reading and writing, closed
 * when another program runs), whose name begins with this word. */
void scratch_directory(char path[SCRATCH_PATH_MAX], const char *word);
int scratch_file(char path[SCRATCH_PATH_MAX], const char *word);

/* Remove a file, or a directory with all that is in it; it may be gone. */
void scratch_remove(const char *path);

#endif
