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

#include "tool/arguments.h"
#include "tool/output.h"
#include "tool/plan.h"
#include "tool/toolbox.h"

enum {
    JOB_SPOOL_MAX = 64 * 1024 * 1024, /* bytes; a program that prints more is
                                         ended */
    JOB_WAIT_MS = 120 * 1000, /* unless the tool or the call says otherwise */
    JOB_PLAN_MS = 30 * 1000,  /* for the disk to say what a call would do */
};

enum job_stream { JOB_OUT, JOB_ERR };

enum job_outcome {
    JOB_COMPLETED,
    JOB_FAILED,    /* also: a program that ended with another status than 0, or
                      was ended for its time or its output */
    JOB_CANCELLED, /* job_stop(), and it was not done by then */
};

struct job_end {
    enum job_outcome outcome;
    struct slice text;  /* all that the model gets: the output, whole or head
                           and tail with a mark that counts what is missing,
                           then how it ended unless that was well; borrowed */
    struct slice error; /* how it ended, in words; "": well */
    int status;         /* of a program that ended by itself; else -1 */
    uint64_t bytes;     /* of the whole output */
    const char *spool;  /* the file that has the whole, if the text has not;
                           NULL: none. It stays. Keys are taken out of both. */
};

struct job;

struct job_handler {
    /* NULL: it can be started. Else why it cannot, in words for the model. */
    void (*on_ready)(void *context, struct job *job, const struct error *err);
    /* What has come, of programs only: whole lines where there are any, valid,
     * without keys. May be NULL. */
    void (*on_output)(void *context, struct job *job, enum job_stream stream,
                      struct slice piece);
    /* Once after job_start(), last. */
    void (*on_done)(void *context, struct job *job, const struct job_end *end);
};

/* A call of a tool that is there. The arguments are copied. */
struct job *job_new(struct toolbox *toolbox, const struct tool *tool,
                    struct slice arguments, const struct job_handler *handler,
                    void *context) RETURNS_NONNULL;

/* What the user types behind "!": his shell reads it, in the same box unless
 * `is_boxed` is false. It takes as long as it likes. */
struct job *job_shell(struct toolbox *toolbox, struct slice command,
                      bool is_boxed, const struct job_handler *handler,
                      void *context) RETURNS_NONNULL;

/* Ends what it has started, for certain; no handler is called. NULL is fine. */
void job_free(struct job *job);

/* From on_ready (without an error) on. */
const struct tool_plan *job_plan(const struct job *job);

void job_start(struct job *job);

/* on_done will come; a program has a few seconds to tidy up. Before job_start():
 * on_ready comes with ERROR_CANCELLED if it has not come yet. */
void job_stop(struct job *job);

#endif
