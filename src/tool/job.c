/* SPDX-License-Identifier: MIT */
#include "tool/job.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "tool/fetch.h"
#include "tool/program.h"
#include "tool/shell.h"
#include "tool/spool.h"
#include "tool/toolbox_state.h"
#include "tool/work.h"

enum { GRACE_MS = 5000 }; /* for a thread that is told to end */

enum stage {
    STAGE_PLANNING, /* a thread finds out what it would do */
    STAGE_PLANNED,  /* that is about to be told */
    STAGE_READY,
    STAGE_REFUSED,
    STAGE_RUNNING,
    STAGE_HUNG,   /* a thread has it, and does not end */
    STAGE_ENDING, /* done; the whole output is on its way to the disk */
    STAGE_ENDED,
};

struct job {
    struct toolbox *toolbox;
    struct job_handler handler;
    void *context;
    enum stage stage;
    struct work *work; /* NULL: the arguments were refused, or a thread that
                          plans does not come back */
    bool is_mended;    /* the arguments were no JSON as they came */
    bool is_boxed;
    bool has_limit; /* of its time */
    bool is_stopped, is_late;
    struct error err; /* why it cannot be started, or how it ended */
    uint32_t timer;   /* the next thing that happens by itself */
    struct program *program;
    struct fetch *fetch;
    struct spool *spool;
    struct buf text; /* for the model */
};

static void set_timer(struct job *job, int64_t delay_ms, loop_timer_fn *fn)
{
    loop_timer_cancel(job->toolbox->loop, job->timer);
    job->timer =
        fn ? loop_timer_start(job->toolbox->loop, delay_ms, fn, job) : 0;
}

/* Preparing. */

static void tell_ready(struct job *job)
{
    bool ok = job->err.kind == ERROR_NONE;
    set_timer(job, 0, NULL);
    job->stage = ok ? STAGE_READY : STAGE_REFUSED;
    job->handler.on_ready(job->context, job, ok ? NULL : &job->err);
}

static void on_planned_timer(void *context, uint32_t timer_id)
{
    (void)timer_id;
    tell_ready(context);
}

static void tell_ready_soon(struct job *job)
{
    job->stage = STAGE_PLANNED;
    set_timer(job, 0, on_planned_timer);
}

static void on_planned(void *context)
{
    struct job *job = context;
    if (!job->work->ok)
        job->err = job->work->err;
    tell_ready(job);
}

static void give_up_work(struct job *job)
{
    work_free(job->work);
    job->work = NULL;
}

static void on_plan_late(void *context, uint32_t timer_id)
{
    struct job *job = context;
    (void)timer_id;
    give_up_work(job);
    error_set(&job->err, ERROR_SYSTEM,
              "the disk did not answer within %d s; nothing was done",
              JOB_PLAN_MS / 1000);
    tell_ready(job);
}

static void plan(struct job *job)
{
    if (job->work->plan.tool->executor != TOOL_WORKS) {
        work_plan(job->work);
        if (!job->work->ok)
            job->err = job->work->err;
        tell_ready_soon(job);
    } else if (work_send_to_plan(job->work, on_planned, job, &job->err)) {
        set_timer(job, JOB_PLAN_MS, on_plan_late);
    } else {
        tell_ready_soon(job);
    }
}

static struct job *new_job(struct toolbox *toolbox,
                           const struct job_handler *handler, void *context)
{
    struct job *job = memory_zero(1, sizeof *job);
    job->toolbox = toolbox;
    job->handler = *handler;
    job->context = context;
    job->is_boxed = job->has_limit = true;
    return job;
}

struct job *job_new(struct toolbox *toolbox, const struct tool *tool,
                    struct slice arguments, const struct job_handler *handler,
                    void *context)
{
    assert(tool->executor != TOOL_CHATS);
    struct job *job = new_job(toolbox, handler, context);
    json_t *read =
        arguments_read(arguments, tool->schema, &job->is_mended, &job->err);
    if (read) {
        job->work = work_new(toolbox, tool, read);
        plan(job);
    } else {
        tell_ready_soon(job);
    }
    return job;
}

struct job *job_shell(struct toolbox *toolbox, struct slice command,
                      bool is_boxed, const struct job_handler *handler,
                      void *context)
{
    struct job *job = new_job(toolbox, handler, context);
    job->is_boxed = is_boxed;
    job->has_limit = false;
    job->work = work_new(toolbox, &shell_tool, NULL);
    shell_plan_of_user(&job->work->plan, command, &job->err);
    tell_ready_soon(job);
    return job;
}

const struct tool_plan *job_plan(const struct job *job)
{
    return &job->work->plan;
}

/* Ending. */

static void tell_end(struct job *job, const struct job_end *end)
{
    set_timer(job, 0, NULL);
    job->stage = STAGE_ENDED;
    job->handler.on_done(job->context, job, end);
}

static enum job_outcome outcome_of(const struct job *job)
{
    if (job->err.kind == ERROR_NONE)
        return JOB_COMPLETED;
    return job->is_stopped ? JOB_CANCELLED : JOB_FAILED;
}

static void append_note(struct job *job)
{
    if (job->is_mended)
        buf_append_string(&job->text,
                          "[note: the arguments were no valid JSON; they were "
                          "mended before they were used]\n");
}

/* Of what a thread did. */

static void end_work(struct job *job, const char *spool)
{
    const struct output *output =
        job->stage == STAGE_HUNG ? NULL : &job->work->output;
    struct job_end end = { .outcome = outcome_of(job),
                           .error = slice_of(job->err.text),
                           .status = -1,
                           .bytes = output ? output->bytes : 0,
                           .spool = spool };
    append_note(job);
    if (job->err.kind != ERROR_NONE)
        buf_printf(&job->text, "error: %s\n", job->err.text);
    if (output)
        output_append(output, &job->text);
    end.text = buf_slice(&job->text);
    tell_end(job, &end);
}

static void on_spooled(void *context, const struct error *err)
{
    struct job *job = context;
    end_work(job, err ? NULL : spool_path(job->spool));
}

static void on_worked(void *context)
{
    struct job *job = context;
    struct work *work = job->work;
    if (job->stage == STAGE_ENDED)
        return; /* it was given up */
    set_timer(job, 0, NULL);
    job->stage = STAGE_ENDING;
    if (!work->ok && job->is_stopped)
        error_set(&job->err, ERROR_CANCELLED, "it was stopped by the user");
    else if (!work->ok && !job->is_late)
        job->err = work->err;
    else if (work->ok)
        job->err = (struct error){ 0 };
    if (work->whole.len)
        job->spool = spool_new(job->toolbox);
    if (!job->spool) {
        end_work(job, NULL);
        return;
    }
    spool_add(job->spool, buf_slice(&work->whole));
    spool_finish(job->spool, on_spooled, job);
}

static void on_work_hangs(void *context, uint32_t timer_id)
{
    struct job *job = context;
    (void)timer_id;
    job->stage = STAGE_HUNG;
    error_set(&job->err, ERROR_SYSTEM,
              "the disk does not answer; what was asked for may be done yet");
    end_work(job, NULL);
}

static int64_t wait_ms(const struct job *job)
{
    const struct tool_plan *planned = &job->work->plan;
    if (!job->has_limit)
        return 0;
    if (planned->wait_ms)
        return planned->wait_ms;
    return planned->tool->wait_ms ? planned->tool->wait_ms : JOB_WAIT_MS;
}

static void on_work_late(void *context, uint32_t timer_id)
{
    struct job *job = context;
    (void)timer_id;
    job->is_late = true;
    error_set(&job->err, ERROR_TOOL, "it was ended: it took longer than %g s",
              (double)wait_ms(job) / 1000);
    work_cancel(job->work);
    set_timer(job, GRACE_MS, on_work_hangs);
}

static void on_not_started(void *context, uint32_t timer_id)
{
    (void)timer_id;
    end_work(context, NULL);
}

static void start_work(struct job *job)
{
    if (work_send_to_do(job->work, on_worked, job, &job->err))
        set_timer(job, wait_ms(job), on_work_late);
    else
        set_timer(job, 0, on_not_started);
}

/* Of a program. */

static void on_program_output(void *context, enum job_stream stream,
                              struct slice piece)
{
    struct job *job = context;
    if (job->handler.on_output)
        job->handler.on_output(job->context, job, stream, piece);
}

static void on_program_done(void *context, const struct program_end *ended)
{
    struct job *job = context;
    if (ended->err)
        job->err = *ended->err;
    job->is_stopped = ended->was_stopped;
    append_note(job);
    output_append(ended->output, &job->text);
    if (ended->err) {
        bool has_line =
            job->text.len == 0 || job->text.ptr[job->text.len - 1] == '\n';
        buf_printf(&job->text, "%s[%s]\n", has_line ? "" : "\n", job->err.text);
    }
    struct job_end end = { .outcome = outcome_of(job),
                           .text = buf_slice(&job->text),
                           .error = slice_of(job->err.text),
                           .status = ended->status,
                           .bytes = ended->bytes,
                           .spool = ended->spool };
    tell_end(job, &end);
}

static void start_program(struct job *job)
{
    const struct tool_plan *planned = &job->work->plan;
    uint64_t most = planned->tool->output_max;
    struct program_setup setup = {
        .toolbox = job->toolbox,
        .plan = planned,
        .is_boxed = job->is_boxed,
        .wait_ms = wait_ms(job),
        .output_max = most ? most : JOB_SPOOL_MAX,
        .on_output = on_program_output,
        .on_done = on_program_done,
        .context = job,
    };
    job->program = program_start(&setup, &job->err);
    if (!job->program)
        set_timer(job, 0, on_not_started);
}

/* Of a request. */

static void on_fetched(void *context, struct slice text, uint64_t bytes,
                       const struct error *err)
{
    struct job *job = context;
    (void)bytes;
    job->work->ok = !err;
    if (err)
        job->work->err = *err;
    job->stage = STAGE_ENDING;
    bool is_kept =
        work_send_to_keep(job->work, text, on_worked, job, &job->err);
    fetch_free(job->fetch);
    job->fetch = NULL;
    if (!is_kept)
        end_work(job, NULL);
}

static void start_fetch(struct job *job)
{
    struct fetch_setup setup = { .loop = job->toolbox->loop,
                                 .http = job->toolbox->http,
                                 .settings = job->toolbox->settings };
    job->fetch =
        fetch_start(&setup, &job->work->plan, on_fetched, job, &job->err);
    if (!job->fetch)
        set_timer(job, 0, on_not_started);
}

static void stop_fetch(struct job *job)
{
    fetch_free(job->fetch);
    job->fetch = NULL;
    error_set(&job->err, ERROR_CANCELLED, "it was stopped by the user");
    set_timer(job, 0, on_not_started);
}

void job_start(struct job *job)
{
    assert(job->stage == STAGE_READY);
    job->stage = STAGE_RUNNING;
    switch (job->work->plan.tool->executor) {
    case TOOL_WORKS: start_work(job); break;
    case TOOL_RUNS: start_program(job); break;
    case TOOL_GETS: start_fetch(job); break;
    case TOOL_CHATS: assert(false); break;
    }
}

static void stop_preparing(struct job *job)
{
    if (job->stage == STAGE_PLANNING)
        give_up_work(job);
    if (job->err.kind == ERROR_NONE)
        error_set(&job->err, ERROR_CANCELLED, "it was stopped by the user");
    tell_ready_soon(job);
}

void job_stop(struct job *job)
{
    if (job->stage <= STAGE_PLANNED)
        stop_preparing(job);
    if (job->stage != STAGE_RUNNING || job->is_stopped ||
        job->err.kind != ERROR_NONE)
        return;
    job->is_stopped = true;
    if (job->program) {
        program_stop(job->program);
    } else if (job->fetch) {
        stop_fetch(job);
    } else {
        work_cancel(job->work);
        set_timer(job, GRACE_MS, on_work_hangs);
    }
}

void job_free(struct job *job)
{
    if (!job)
        return;
    set_timer(job, 0, NULL);
    program_free(job->program);
    fetch_free(job->fetch);
    spool_free(job->spool);
    work_free(job->work);
    buf_clear(&job->text);
    free(job);
}
