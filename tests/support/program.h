/* SPDX-License-Identifier: MIT */
/*
 * program - the real program without a terminal: arguments and stdin in, stdout,
 * stderr and exit status out.
 *
 * HOME and the XDG directories lie in a fresh folder; of the environment only
 * PATH and the sanitizers' options are passed on. A run that does not end in a
 * minute is killed and fails the test.
 */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include "base/buf.h"
#include "tests/support/scratch.h"

enum { PROGRAM_WORDS_MAX = 24 };

/* What to run. Unused words stay NULL. */
struct program {
    const char *arguments[PROGRAM_WORDS_MAX];
    const char *variables[PROGRAM_WORDS_MAX]; /* "NAME=value" */
    const char *output; /* a file for stdout; NULL: read into `out` */
    const char *input;  /* of stdin; NULL: /dev/null */
    bool works_at_home; /* its working directory; else ours */
    /* Called after each piece that came; may be NULL. */
    void (*on_output)(struct program *program);
    void *context;
    /* What came of it. */
    struct buf out, err;
    int status; /* 128 + n if signal n ended it */
    char home[SCRATCH_PATH_MAX];
};

/* Run $PROGRAM (build/release/sennit); may be called again. */
void program_run(struct program *program);
void program_clear(struct program *program); /* also removes the folder */

/* Write a file below the home folder, which is made if need be. */
void program_file(struct program *program, const char *relative,
                  const char *text);

#endif
