/* SPDX-License-Identifier: MIT */
/*
 * program - a program that a call runs, in the box, and what becomes of what it
 * prints: shown as it comes, its head and tail for the model, the whole in a
 * file.
 *
 * Both of its outputs are one text, line by line in the order in which they
 * come; lines of one are never cut by the other's.
 */
#ifndef TOOL_PROGRAM_H
#define TOOL_PROGRAM_H

#include "tool/job.h"

struct program;

struct program_end {
    const struct error *err; /* NULL: it ended with exit status 0 */
    bool was_stopped;        /* by program_stop() */
    int status;              /* -1: it did not end by itself */
    const struct output *output;
    uint64_t bytes;    /* that it printed */
    const char *spool; /* NULL: none */
};

struct program_setup {
    struct toolbox *toolbox;
    const struct tool_plan *plan; /* its argv and input */
    bool is_boxed;
    int64_t wait_ms;     /* 0: no limit */
    uint64_t output_max; /* bytes */
    /* Called from the loop; each may free the program. */
    void (*on_output)(void *context, enum job_stream stream,
                      struct slice piece);
    void (*on_done)(void *context, const struct program_end *end);
    void *context;
};

/* NULL: it cannot be run; no handler is called. */
struct program *program_start(const struct program_setup *setup,
                              struct error *err);

/* It has a few seconds to tidy up, then on_done comes. */
void program_stop(struct program *program);

/* One that still runs is ended for certain; its whole output is removed unless
 * on_done had told of it. NULL is fine. */
void program_free(struct program *program);

#endif
