/* SPDX-License-Identifier: MIT */
#include "tests/support/easel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "app/catalogue.h"
#include "base/memory.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

enum { TURN_MS = 1000, TURNS_MAX = 100 };

static const char tags[] =
    "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n"
    "line {\"models\":[{\"name\":\"qwen3:8b\",\"size\":5225388164},"
    "{\"name\":\"qwen3:32b\",\"size\":20201253588},"
    "{\"name\":\"nomic-embed-text:latest\",\"size\":274302450,"
    "\"details\":{\"family\":\"nomic-bert\"}}]}\n";
static const char loaded[] =
    "match GET /api/ps\ntimes forever\nstatus 200 OK\nchunked\n"
    "line {\"models\":[{\"name\":\"qwen3:8b\",\"size\":7000000000,"
    "\"context_length\":32768}]}\n";

static void configure(struct easel *easel, const struct server *server)
{
    struct setup *setup = &easel->screen.setup;
    struct error err = { 0 };
    char text[512];
    setenv("OLLAMA_HOST", "127.0.0.1:1", 1); /* nobody listens there */
    unsetenv("OPENAI_API_KEY");
    unsetenv("OPENAI_BASE_URL");
    setup->settings = settings_new();
    snprintf(text, sizeof text,
             "endpoints:\n"
             "  box: {dialect: ollama, url: \"http://127.0.0.1:%d\", "
             "trust: own, models: {fast: \"qwen3:8b\"}}\n"
             "  claude: {dialect: chat-completions, "
             "url: \"https://api.vendor.example/v1\", trust: vendor, "
             "models: {better: sonnet-4.6}}\n",
             server ? server_port(server) : 1);
    if (server)
        settings_must_add(setup->settings, "profile.yaml", text);
    ck_assert(endpoints_load(&setup->endpoints, setup->settings, NULL, &err));
    setup->loop = loop_new(&err);
    ck_assert_ptr_nonnull(setup->loop);
    setup->http = http_new(setup->loop, &err);
    ck_assert_ptr_nonnull(setup->http);
}

static void open_chat(struct easel *easel, const char *target)
{
    struct screen *screen = &easel->screen;
    struct chat_setup setup = {
        .loop = screen->setup.loop,
        .http = screen->setup.http,
        .settings = screen->setup.settings,
        .endpoints = &screen->setup.endpoints,
        .target = target,
        .is_interactive = true,
    };
    struct seat *seat = seats_add(screen);
    setup.context = seat;
    seat->chat = chat_new(&setup);
    seats_show(screen, seat);
    const struct conversation *conversation = chat_conversation(screen->chat);
    easel->talk.scenario.log = conversation->log;
    easel->talk.scenario.graph = conversation->graph;
}

/* Then the address is one that is the same in every run. */
static void meet_models(struct easel *easel, bool has_models)
{
    struct screen *screen = &easel->screen;
    struct endpoint *box = &screen->setup.endpoints.list.items[0];
    chat_discover(screen->chat);
    for (int i = 0; chat_next(screen->chat)->verdict == ROUTE_ASK ||
                    (has_models && !chat_next(screen->chat)->window);
         i++) {
        ck_assert_int_lt(i, TURNS_MAX);
        loop_turn(screen->setup.loop, TURN_MS);
    }
    free(box->url);
    free(box->shown_url);
    box->url = memory_string("http://127.0.0.1:11434");
    box->shown_url = memory_string(box->url);
}

void easel_begin(struct easel *easel, bool has_models)
{
    struct server *server =
        has_models ? server_start(tags, loaded, NULL) : NULL;
    *easel = (struct easel){ 0 };
    setenv("TZ", "UTC", 1);
    tzset();
    easel->talk.now = (14 * 60 + 2) * 60 * 1000;
    easel->screen.cli = &easel->cli;
    configure(easel, server);
    open_chat(easel, has_models ? "box/qwen3:8b" : NULL);
    meet_models(easel, has_models);
    server_stop(server);
    easel->screen.catalogue = catalogue_new(NULL, NULL, NULL);
    keymap_init(&easel->screen.keymap);
    bands_init(&easel->screen.bands, easel->screen.setup.settings);
}

void easel_end(struct easel *easel)
{
    struct screen *screen = &easel->screen;
    seats_end(screen);
    catalogue_free(screen->catalogue);
    bands_clear(&screen->bands);
    edited_tokens_clear(&screen->draft_size.text);
    buf_clear(&screen->notice);
    keymap_clear(&screen->keymap);
    canvas_clear(&screen->canvas);
    history_search_clear(&screen->search);
    history_clear(&screen->history);
    setup_clear(&screen->setup);
}

void easel_draw(struct easel *easel, int height, int width)
{
    struct screen *screen = &easel->screen;
    canvas_resize(&screen->canvas, height, width);
    thread_view_set_ascii(screen->thread_view, screen->ascii);
    screen->now = easel->talk.now;
    screen->has_news = true;
    picture_draw(screen);
}

void easel_check_row(const struct easel *easel, int row, const char *expected)
{
    struct buf dump = { 0 };
    canvas_dump(&easel->screen.canvas, &dump, false);
    struct slice rest = buf_slice(&dump), line = { 0 };
    for (int i = 0; i <= row; i++)
        slice_next_line(&rest, &line);
    ck_assert_msg(slice_is(line, expected), "row %d is not '%s' in\n%s", row,
                  expected, buf_string(&dump));
    buf_clear(&dump);
}

bool easel_shows(const struct easel *easel, const char *words)
{
    struct buf dump = { 0 };
    canvas_dump(&easel->screen.canvas, &dump, false);
    bool found = slice_find(buf_slice(&dump), words) >= 0;
    buf_clear(&dump);
    return found;
}

void easel_write(struct easel *easel, const char *draft)
{
    editor_set(easel->screen.editor, slice_of(draft));
    completing_update(&easel->screen);
}

void easel_do(struct easel *easel, enum action action)
{
    easel->screen.now = easel->talk.now;
    perform(&easel->screen, action, slice_of(""));
}
