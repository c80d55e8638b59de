/* SPDX-License-Identifier: MIT */
#include "tests/support/desk.h"

#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "tests/support/settings.h"

enum { PATIENCE_MS = 20000 };

/* Its directory is that of the desk. */
static struct toolbox *make_toolbox(const struct desk *desk)
{
    struct error err = { 0 };
    const struct toolbox_setup setup = {
        .loop = desk->loop,
        .http = desk->http,
        .settings = desk->settings,
        .directory = desk->home,
    };
    struct toolbox *toolbox = toolbox_new(&setup, &(struct error){ 0 });
    for (size_t i = 0; desk->plan.tools[i]; i++)
        toolbox_add(toolbox, desk->plan.tools[i]);
    /* The settings may name what was added. */
    toolbox_reread(toolbox, &err);
    ck_assert_msg(err.kind == ERROR_NONE, "%s", err.text);
    return toolbox;
}

void desk_begin_run(struct desk *desk)
{
    struct error err = { 0 };
    struct chat_setup setup = desk->plan.chat;
    desk->settings = settings_new();
    desk->endpoints = (struct endpoints){ 0 };
    if (desk->plan.yaml)
        settings_must_add(desk->settings, "config.yaml", desk->plan.yaml);
    ck_assert_msg(endpoints_load(&desk->endpoints, desk->settings, NULL, &err),
                  "%s", err.text);
    desk->loop = setup.loop = loop_new(&err);
    ck_assert_ptr_nonnull(desk->loop);
    desk->http = setup.http = http_new(desk->loop, &err);
    ck_assert_ptr_nonnull(desk->http);
    if (desk->plan.is_kept) {
        desk->store = setup.store = store_new(desk->loop, &err);
        ck_assert_msg(desk->store != NULL, "%s", err.text);
        desk->state = setup.state = state_new(desk->store, &err);
        ck_assert_msg(desk->state != NULL, "%s", err.text);
    } else if (desk->plan.is_forgetful) {
        desk->store = store_new(desk->loop, &err);
        ck_assert_msg(desk->store != NULL, "%s", err.text);
    }
    if (desk->store)
        desk->memories = setup.memories =
            memories_new(desk->store, desk->plan.is_forgetful);
    setup.settings = desk->settings;
    desk->toolbox = NULL;
    if (desk->plan.tools)
        setup.toolbox = desk->toolbox = make_toolbox(desk);
    setup.endpoints = &desk->endpoints;
    desk->chat = chat_new(&setup);
}

void desk_end_run(struct desk *desk)
{
    session_clear(&desk->session);
    chat_free(desk->chat);
    toolbox_free(desk->toolbox);
    state_close(desk->state);
    memories_close(desk->memories);
    if (desk->store)
        ck_assert(store_settle(desk->store, PATIENCE_MS));
    store_free(desk->store);
    http_free(desk->http);
    loop_free(desk->loop);
    endpoints_clear(&desk->endpoints);
    settings_free(desk->settings);
}

void desk_open(struct desk *desk, const struct desk_plan *plan)
{
    *desk = (struct desk){ .plan = *plan };
    scratch_directory(desk->home, "desk");
    setenv("XDG_DATA_HOME", desk->home, 1);
    setenv("XDG_STATE_HOME", desk->home, 1);
    desk_begin_run(desk);
}

void desk_close(struct desk *desk)
{
    desk_end_run(desk);
    scratch_remove(desk->home);
}

void desk_reopen(struct desk *desk)
{
    desk_end_run(desk);
    desk_begin_run(desk);
}

static void on_read(void *context, struct session *session)
{
    struct desk *desk = context;
    session_clear(&desk->session);
    desk->session = *session;
}

void desk_read(struct desk *desk, const char *id, enum session_file_mode mode)
{
    const struct session_wish wish = { .id = id, .mode = mode };
    session_open(desk->store, &wish, on_read, desk);
    ck_assert(store_settle(desk->store, PATIENCE_MS));
    ck_assert_msg(desk->session.log != NULL, "%s", desk->session.err.text);
}

void desk_resume(struct desk *desk, const char *id)
{
    desk_read(desk, id, SESSION_FILE_WRITE);
    ck_assert_int_eq(desk->session.result, SESSION_FILE_OPEN);
    chat_resume(desk->chat, &desk->session);
}

void desk_prompt(struct desk *desk, const char *text)
{
    struct error err = { 0 };
    ck_assert_msg(chat_prompt(desk->chat, slice_of(text), NULL, &err), "%s",
                  err.text);
}

void desk_turn(struct desk *desk)
{
    chat_turn(desk->chat);
    loop_turn(desk->loop, 100);
}

void desk_run_to_end(struct desk *desk)
{
    for (chat_turn(desk->chat); chat_is_busy(desk->chat);)
        desk_turn(desk);
}

void desk_ask(struct desk *desk, const char *text)
{
    desk_prompt(desk, text);
    desk_run_to_end(desk);
}

const struct graph *desk_graph(const struct desk *desk)
{
    return chat_conversation(desk->chat)->graph;
}

const struct run *desk_last_run(const struct desk *desk)
{
    const struct graph *graph = desk_graph(desk);
    return graph_run(graph, graph_run_count(graph));
}
