/* SPDX-License-Identifier: MIT */
#include "tool/work.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "tool/keyless.h"
#include "tool/toolbox_state.h"

struct work *work_new(struct toolbox *toolbox, const struct tool *tool,
                      json_t *take_arguments)
{
    struct work *work = memory_zero(1, sizeof *work);
    work->toolbox = toolbox;
    work->plan.tool = tool;
    work->plan.arguments = take_arguments;
    work->plan.room = toolbox->room;
    work->output.most = toolbox->room;
    toolbox->use_count++;
    return work;
}

static void destroy(struct work *work)
{
    work->toolbox->use_count--;
    tool_plan_clear(&work->plan);
    output_clear(&work->output);
    buf_clear(&work->whole);
    buf_clear(&work->raw);
    free(work);
}

void work_free(struct work *work)
{
    if (!work)
        return;
    work->on_back = NULL;
    if (work->is_away)
        work_cancel(work);
    else
        destroy(work);
}

void work_cancel(struct work *work)
{
    __atomic_store_n(&work->is_cancelled, 1, __ATOMIC_RELAXED);
}

static bool is_cancelled(const struct work *work)
{
    return __atomic_load_n(&work->is_cancelled, __ATOMIC_RELAXED) != 0;
}

static void plan(void *job)
{
    struct work *work = job;
    const struct tool *tool = work->plan.tool;
    /* One that nobody waits for any more. */
    if (is_cancelled(work))
        return;
    work->ok = !tool->plan ||
               tool->plan(&work->toolbox->place, &work->plan, &work->err);
}

static void keep(void *job)
{
    struct work *work = job;
    struct buf clean = { 0 }, valid = { 0 };
    keyless_append(&clean, buf_slice(&work->raw));
    buf_clear(&work->raw);
    utf8_append_valid(&valid, buf_slice(&clean));
    output_add(&work->output, buf_slice(&valid));
    buf_clear(&clean);
    if (output_is_cut(&work->output))
        work->whole = valid;
    else
        buf_clear(&valid);
}

static void do_planned(void *job)
{
    struct work *work = job;
    struct tool_work doing = {
        .place = &work->toolbox->place,
        .plan = &work->plan,
        .is_cancelled = &work->is_cancelled,
    };
    work->ok = false;
    if (!is_cancelled(work))
        work->ok = work->plan.tool->work(&doing, &work->err);
    work->raw = doing.out;
    keep(work);
}

static void come_back(void *context, void *job)
{
    struct work *work = job;
    (void)context;
    work->is_away = false;
    if (work->on_back)
        work->on_back(work->context);
    else
        destroy(work);
}

void work_plan(struct work *work)
{
    plan(work);
}

static bool send_away(struct work *work, enum toolbox_thread where,
                      worker_job_fn *what, struct error *err)
{
    struct worker *worker = toolbox_thread(work->toolbox, where, err);
    if (!worker)
        return false;
    work->is_away = true;
    worker_post(worker, what, come_back, NULL, work);
    return true;
}

bool work_send_to_plan(struct work *work, void (*on_back)(void *context),
                       void *context, struct error *err)
{
    work->on_back = on_back;
    work->context = context;
    return send_away(work, TOOLBOX_PLANS, plan, err);
}

bool work_send_to_do(struct work *work, void (*on_back)(void *context),
                     void *context, struct error *err)
{
    work->on_back = on_back;
    work->context = context;
    return send_away(work, TOOLBOX_WORKS, do_planned, err);
}

bool work_send_to_keep(struct work *work, struct slice text,
                       void (*on_back)(void *context), void *context,
                       struct error *err)
{
    buf_append_slice(&work->raw, text);
    work->on_back = on_back;
    work->context = context;
    return send_away(work, TOOLBOX_PLANS, keep, err);
}
