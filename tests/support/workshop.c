/* SPDX-License-Identifier: MIT */
#include "tests/support/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/clock.h"
#include "base/memory.h"
#include "tests/support/settings.h"

void workshop_open(struct workshop *shop, const char *yaml)
{
    struct error err = { 0 };
    *shop = (struct workshop){ 0 };
    scratch_directory(shop->directory, "shop");
    snprintf(shop->spool, sizeof shop->spool, "%.80s/spool", shop->directory);
    shop->loop = loop_new(&err);
    ck_assert_msg(shop->loop != NULL, "%s", err.text);
    shop->http = http_new(shop->loop, &err);
    shop->settings = settings_new();
    if (*yaml)
        settings_must_add(shop->settings, "a.yaml", yaml);
    struct toolbox_setup setup = { .loop = shop->loop,
                                   .http = shop->http,
                                   .settings = shop->settings,
                                   .directory = shop->directory,
                                   .spool = shop->spool };
    shop->toolbox = toolbox_new(&setup, &shop->err);
}

void workshop_close(struct workshop *shop)
{
    toolbox_free(shop->toolbox);
    settings_free(shop->settings);
    http_free(shop->http);
    loop_free(shop->loop);
    scratch_remove(shop->directory);
}

static void release(struct shop_call *call)
{
    job_free(call->job);
    call->job = NULL;
}

static void on_ready(void *context, struct job *job, const struct error *err)
{
    struct shop_call *call = context;
    ck_assert_ptr_eq(job, call->job);
    call->readies++;
    if (err)
        call->refusal = *err;
    if (call->frees_when_ready)
        release(call);
}

static void on_output(void *context, struct job *job, enum job_stream stream,
                      struct slice piece)
{
    struct shop_call *call = context;
    ck_assert_ptr_eq(job, call->job);
    ck_assert_uint_gt(piece.len, 0);
    ck_assert_int_eq(call->dones, 0);
    call->pieces++;
    buf_append_slice(stream == JOB_ERR ? &call->err : &call->out, piece);
    if (call->frees_at_output)
        release(call);
}

static void on_done(void *context, struct job *job, const struct job_end *end)
{
    struct shop_call *call = context;
    ck_assert_ptr_eq(job, call->job);
    call->dones++;
    call->outcome = end->outcome;
    buf_append_slice(&call->text, end->text);
    buf_append_slice(&call->error, end->error);
    call->status = end->status;
    call->bytes = end->bytes;
    call->spool = memory_string(end->spool);
    if (call->frees_when_done)
        release(call);
}

static const struct job_handler handler = { on_ready, on_output, on_done };

void shop_call(struct shop_call *call, struct workshop *shop,
               const struct tool *tool, const char *arguments)
{
    call->shop = shop;
    call->job =
        job_new(shop->toolbox, tool, slice_of(arguments), &handler, call);
    ck_assert_int_eq(call->readies, 0);
}

void shop_shell(struct shop_call *call, struct workshop *shop,
                const char *command, bool is_boxed)
{
    call->shop = shop;
    call->job =
        job_shell(shop->toolbox, slice_of(command), is_boxed, &handler, call);
    ck_assert_int_eq(call->readies, 0);
}

void shop_call_clear(struct shop_call *call)
{
    release(call);
    buf_clear(&call->text);
    buf_clear(&call->error);
    buf_clear(&call->out);
    buf_clear(&call->err);
    free(call->spool);
    *call = (struct shop_call){ 0 };
}

static void turn(struct shop_call *call, int64_t until, const char *what)
{
    ck_assert_msg(clock_monotonic_ms() < until, "no %s: %s%s", what,
                  buf_string(&call->out), buf_string(&call->err));
    loop_turn(call->shop->loop, 100);
}

void shop_await_ready(struct shop_call *call)
{
    int64_t until = clock_monotonic_ms() + WORKSHOP_PATIENCE_MS;
    while (!call->readies)
        turn(call, until, "plan");
}

void shop_await_done(struct shop_call *call)
{
    int64_t until = clock_monotonic_ms() + WORKSHOP_PATIENCE_MS;
    while (!call->dones)
        turn(call, until, "end");
}

void shop_await_output(struct shop_call *call, const char *words)
{
    int64_t until = clock_monotonic_ms() + WORKSHOP_PATIENCE_MS;
    while (!strstr(buf_string(&call->out), words))
        turn(call, until, words);
}

void shop_run(struct shop_call *call, struct workshop *shop,
              const struct tool *tool, const char *arguments)
{
    shop_call(call, shop, tool, arguments);
    shop_await_ready(call);
    ck_assert_msg(call->refusal.kind == ERROR_NONE, "%s: %s", tool->name,
                  call->refusal.text);
    job_start(call->job);
    shop_await_done(call);
}

const struct tool *shop_tool(struct workshop *shop, const char *name)
{
    const struct tool *tool =
        registry_find(toolbox_registry(shop->toolbox), slice_of(name));
    ck_assert_msg(tool != NULL, "no tool %s: %s", name, shop->err.text);
    return tool;
}
