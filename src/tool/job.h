/* SPDX-License-Identifier: MIT */
/*
 * job - one call of a tool: prepared, then (if somebody agrees) done.
 *
 * job_new() reads the arguments, checks them by the tool's schema and makes the
 * plan; on_ready says how that went. job_start() does what was planned.
 * Handlers are called from the loop, never from inside job_new(), job_start()
 * or job_stop(); each may free the job.
 */
#ifndef TOOL_JOB_H
#define TOOL_JOB_H

#include "tool/plan.h"
#include "tool/toolbox.h"

enum {
    JOB_ARGUMENTS_MAX = 1024 * 1024, /* bytes */
    /* What the model gets of an output: its beginning and its end. */
    JOB_HEAD_MAX = 64 * 1024,
    JOB_TAIL_MAX = 64 * 1024,
    JOB_SPOOL_MAX = 64 * 1024 * 1024, /* a program that prints more is ended */
    JOB_WAIT_MS = 120 * 1000, /* unless the tool or the call says otherwise */
};

enum job_stream { JOB_OUT, JOB_ERR };

enum job_outcome {
    JOB_COMPLETED,
    JOB_FAILED,    /* also: a program that ended with another status than 0, or
                      was ended for its time or its output */
    JOB_CANCELLED, /* job_stop() */
};

struct job_end {
    enum job_outcome outcome;
    struct slice text;  /* for the model: the whole, or head and tail with a
                           mark that counts what is missing; borrowed */
    struct slice error; /* in words, "" */
    int status;         /* of a program that ended by itself; else -1 */
    uint64_t bytes;     /* of the whole output */
    const char *spool;  /* the file that has the whole, if the text has not;
                           NULL: none. It stays. */
};

struct job;

struct job_handler {
    /* NULL: it can be started. Else why it cannot, in words for the model. */
    void (*on_ready)(void *context, struct job *job, const struct error *err);
    /* A piece as it comes; of programs only. May be NULL. */
    void (*on_output)(void *context, struct job *job, enum job_stream stream,
                      struct slice piece);
    /* Once after job_start(), last. */
    void (*on_done)(void *context, struct job *job, const struct job_end *end);
};

/* A call of a tool that is there. The arguments are copied. */
struct job *job_new(struct toolbox *toolbox, const struct tool *tool,
                    struct slice arguments, const struct job_handler *handler,
                    void *context) RETURNS_NONNULL;

/* What the user types behind "!": the shell reads it, in the same box unless
 * `is_boxed` is false. */
struct job *job_shell(struct toolbox *toolbox, struct slice command,
                      bool is_boxed, const struct job_handler *handler,
                      void *context) RETURNS_NONNULL;

/* Ends what it has started, for certain; no handler is called. NULL is fine. */
void job_free(struct job *job);

/* From on_ready (without an error) on. */
const struct tool_plan *job_plan(const struct job *job);

void job_start(struct job *job);

/* on_done will come; a program has a few seconds to tidy up. */
void job_stop(struct job *job);

#endif
