/* SPDX-License-Identifier: MIT */
#include "tool/program.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/environment.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "net/child.h"
#include "net/confine.h"
#include "tool/box.h"
#include "tool/keyless.h"
#include "tool/spool.h"
#include "tool/toolbox_state.h"

enum {
    GRACE_MS = 3000,      /* to tidy up, for one that is told to end */
    WAITED_FOR_MS = 2000, /* the same, where the user waits for it */
    STREAMS = JOB_ERR + 1,
};

/* Of what has come since it was handed on last. */
struct chunk {
    enum job_stream stream;
    size_t len;
};

/* What it does once it is outside of the box, for the user: no more than the
 * limits, and an end that is certain. */
static const struct confine unconfined = { .ruleset = -1 };

struct program {
    struct program_setup setup;
    struct child *child;
    struct box_command command;
    struct keyless streams[STREAMS];
    struct output output;
    uint64_t bytes;
    struct buf fresh;
    ARRAY_OF(struct chunk) chunks;
    uint32_t chunk_timer, wait_timer;
    struct spool *spool;
    bool was_stopped;
    struct error err; /* kind NONE: it ended well */
    int status;
    bool is_handing_on, is_dead; /* freed by whom it was handed to */
};

static void release(struct program *program)
{
    for (int stream = 0; stream < STREAMS; stream++)
        keyless_clear(&program->streams[stream]);
    output_clear(&program->output);
    buf_clear(&program->fresh);
    array_clear(&program->chunks);
    free(program);
}

/* What it prints. */

static void keep(struct program *program, struct slice text)
{
    struct output *output = &program->output;
    bool is_long = output->bytes + text.len > output_most(output);
    if (is_long && !output_is_cut(output)) {
        program->spool = spool_new(program->setup.toolbox);
        if (program->spool)
            spool_add(program->spool, buf_slice(&output->head));
    }
    if (program->spool)
        spool_add(program->spool, text);
    output_add(output, text);
}

/* Handlers may free the program, and a child must not be freed while it is
 * read: so they are called in the next turn, for all of this one. */
static bool hand_on(struct program *program)
{
    struct slice rest = buf_slice(&program->fresh);
    program->is_handing_on = true;
    for (size_t i = 0; i < program->chunks.count; i++) {
        const struct chunk *chunk = &program->chunks.items[i];
        struct slice piece = { rest.ptr, chunk->len };
        rest = slice_skip(rest, chunk->len);
        program->setup.on_output(program->setup.context, chunk->stream, piece);
        if (program->is_dead) {
            release(program);
            return false;
        }
    }
    program->is_handing_on = false;
    program->chunks.count = 0;
    buf_reset(&program->fresh);
    return true;
}

static void on_chunks(void *context, uint32_t timer_id)
{
    struct program *program = context;
    (void)timer_id;
    program->chunk_timer = 0;
    hand_on(program);
}

/* Whole lines, without keys. */
static void take(struct program *program, enum job_stream stream,
                 struct slice lines)
{
    size_t before = program->fresh.len;
    utf8_append_valid(&program->fresh, lines);
    struct slice text = slice_skip(buf_slice(&program->fresh), before);
    if (!text.len)
        return;
    keep(program, text);
    if (program->chunks.count && array_last(&program->chunks)->stream == stream)
        array_last(&program->chunks)->len += text.len;
    else
        *array_add(&program->chunks) = (struct chunk){ stream, text.len };
    if (!program->chunk_timer)
        program->chunk_timer = loop_timer_start(program->setup.toolbox->loop, 0,
                                                on_chunks, program);
}

static void end_it(struct program *program, const struct error *why,
                   int64_t grace_ms)
{
    if (program->err.kind != ERROR_NONE)
        return;
    program->err = *why;
    child_stop(program->child, grace_ms);
}

static void read_piece(struct program *program, enum job_stream stream,
                       struct slice piece)
{
    struct buf lines = { 0 };
    struct error err;
    uint64_t room = program->setup.output_max - program->bytes;
    bool is_too_much = piece.len > room;
    if (is_too_much)
        piece.len = (size_t)room;
    program->bytes += piece.len;
    keyless_feed(&program->streams[stream], &lines, piece);
    take(program, stream, buf_slice(&lines));
    buf_clear(&lines);
    if (!is_too_much)
        return;
    error_set(&err, ERROR_LIMIT,
              "it was ended: it printed more than %" PRIu64 " bytes",
              program->setup.output_max);
    end_it(program, &err, 0);
}

static void on_out(void *context, struct slice piece)
{
    read_piece(context, JOB_OUT, piece);
}

static void on_err(void *context, struct slice piece)
{
    read_piece(context, JOB_ERR, piece);
}

static void flush(struct program *program)
{
    for (int stream = 0; stream < STREAMS; stream++) {
        struct buf lines = { 0 };
        keyless_flush(&program->streams[stream], &lines);
        take(program, (enum job_stream)stream, buf_slice(&lines));
        buf_clear(&lines);
    }
}

/* Its end. */

static void tell_end(struct program *program, const char *spool)
{
    bool ok = program->err.kind == ERROR_NONE;
    struct program_end end = { .err = ok ? NULL : &program->err,
                               .was_stopped = program->was_stopped,
                               .status = program->status,
                               .output = &program->output,
                               .bytes = program->bytes,
                               .spool = spool };
    program->setup.on_done(program->setup.context, &end);
}

static void on_spooled(void *context, const struct error *err)
{
    struct program *program = context;
    tell_end(program, err ? NULL : spool_path(program->spool));
}

/* Why we have ended it is told before how it took that. */
static void on_end(void *context, const struct child_end *end)
{
    struct program *program = context;
    bool was_ended = program->err.kind != ERROR_NONE;
    program->status = was_ended ? -1 : end->exit_status;
    if (!was_ended && end->err)
        program->err = *end->err;
    loop_timer_cancel(program->setup.toolbox->loop, program->wait_timer);
    flush(program);
    loop_timer_cancel(program->setup.toolbox->loop, program->chunk_timer);
    program->wait_timer = program->chunk_timer = 0;
    if (!hand_on(program))
        return;
    if (program->spool)
        spool_finish(program->spool, on_spooled, program);
    else
        tell_end(program, NULL);
}

static void on_late(void *context, uint32_t timer_id)
{
    struct program *program = context;
    struct error err;
    (void)timer_id;
    program->wait_timer = 0;
    error_set(&err, ERROR_TOOL, "it was ended: it took longer than %g s",
              (double)program->setup.wait_ms / 1000);
    end_it(program, &err, GRACE_MS);
}

void program_stop(struct program *program)
{
    struct error err;
    program->was_stopped = program->err.kind == ERROR_NONE;
    error_set(&err, ERROR_CANCELLED, "it was stopped by the user");
    end_it(program, &err, WAITED_FOR_MS);
}

/* Starting it. */

static bool wrap(struct program *program, struct child_setup *child,
                 struct error *err)
{
    struct toolbox *toolbox = program->setup.toolbox;
    struct box_ask ask = { .argv = child->argv,
                           .names = program->setup.plan->tool->variables };
    if (!program->setup.is_boxed) {
        child->directory = toolbox->place.directory;
        child->confine = &unconfined;
        return true;
    }
    if (!toolbox_box(toolbox)) {
        *err = toolbox->box_err;
        return false;
    }
    if (!box_wrap(toolbox->box, &ask, &program->command, err))
        return false;
    box_command_apply(&program->command, child);
    return true;
}

static bool start(struct program *program, struct error *err)
{
    const struct tool_plan *plan = program->setup.plan;
    char **environment = environment_allowed(NULL);
    struct child_setup child = {
        .mode = CHILD_DETACHED,
        .loop = program->setup.toolbox->loop,
        .argv = plan->argv,
        .environment = environment,
        .input = buf_slice(&plan->input),
        .on_output = on_out,
        .on_messages = on_err,
        .on_done = on_end,
        .context = program,
    };
    if (wrap(program, &child, err))
        program->child = child_start(&child, err);
    free(environment);
    return program->child != NULL;
}

struct program *program_start(const struct program_setup *setup,
                              struct error *err)
{
    struct program *program = memory_zero(1, sizeof *program);
    program->setup = *setup;
    program->output.most = setup->plan->room;
    program->status = -1;
    if (!start(program, err)) {
        program_free(program);
        return NULL;
    }
    if (setup->wait_ms > 0)
        program->wait_timer = loop_timer_start(
            setup->toolbox->loop, setup->wait_ms, on_late, program);
    return program;
}

void program_free(struct program *program)
{
    if (!program)
        return;
    loop_timer_cancel(program->setup.toolbox->loop, program->wait_timer);
    loop_timer_cancel(program->setup.toolbox->loop, program->chunk_timer);
    child_free(program->child);
    box_command_clear(&program->command);
    spool_free(program->spool);
    program->is_dead = true;
    if (!program->is_handing_on)
        release(program);
}
