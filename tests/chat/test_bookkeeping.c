/* SPDX-License-Identifier: MIT */
/*
 * What a conversation leaves in the ledger: each attempt once, by whom it was
 * made, with what it took.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/path.h"
#include "base/tokens.h"
#include "chat/chat.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *bookkeeping_suite(void);

#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define COUNTED                                                           \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":12}\n"
#define UNCOUNTED                                         \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"" \
    "},\"done\":true,\"done_reason\":\"stop\"}\n"
#define BROKEN                                               \
    "match POST /api/chat\ntimes forever\nstatus 500 Oops\n" \
    "body \"{\\\"error\\\":\\\"it broke\\\"}\"\n"
/* A vendor that tells what it took and cost. */
#define PRICED                                                                \
    "match POST /v1/chat/completions\nstatus 200 OK\n"                        \
    "header Content-Type: text/event-stream\nchunked\n"                       \
    "line data: {\"choices\":[{\"delta\":{\"content\":\"well\"}}]}\nline\n"   \
    "line data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n"  \
    "line\nline data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,"     \
    "\"completion_tokens\":200,\"prompt_tokens_details\":{\"cached_tokens\":" \
    "600},\"completion_tokens_details\":{\"reasoning_tokens\":150},\"cost\":" \
    "0.0123456}}\nline\nline data: [DONE]\nline\n"

struct world {
    char home[SCRATCH_PATH_MAX];
    struct server *box, *gate;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct ledger *ledger;
    struct chat *chat;
};

static void load(struct world *world, const char *more)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    world->settings = settings_new();
    buf_printf(
        &yaml,
        "endpoints:\n  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
        server_url(world->box, ""));
    if (world->gate)
        buf_printf(&yaml,
                   "  gate: {dialect: chat-completions, trust: vendor, "
                   "url: \"%s\"}\n",
                   server_url(world->gate, ""));
    buf_append_string(&yaml, more);
    settings_must_add(world->settings, "test", buf_string(&yaml));
    buf_clear(&yaml);
    ck_assert_msg(
        endpoints_load(&world->endpoints, world->settings, NULL, &err), "%s",
        err.text);
}

static void open_world(struct world *world, const char *more,
                       const char *target)
{
    struct error err = { 0 };
    scratch_directory(world->home, "bookkeeping");
    setenv("XDG_DATA_HOME", world->home, 1);
    setenv("XDG_STATE_HOME", world->home, 1);
    load(world, more);
    world->loop = loop_new(&err);
    world->http = http_new(world->loop, &err);
    world->store = store_new(world->loop, &err);
    world->ledger = ledger_new(world->store, "work", &err);
    world->chat = chat_new(&(struct chat_setup){
        .loop = world->loop,
        .http = world->http,
        .ledger = world->ledger,
        .settings = world->settings,
        .endpoints = &world->endpoints,
        .target = target,
        .is_interactive = true,
        .seed = 1,
    });
}

static void close_world(struct world *world)
{
    chat_free(world->chat);
    ledger_close(world->ledger);
    ck_assert(store_settle(world->store, 20000));
    store_free(world->store);
    http_free(world->http);
    loop_free(world->loop);
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
    server_stop(world->box);
    server_stop(world->gate);
    scratch_remove(world->home);
}

static void prompt(struct world *world, const char *text)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world->chat, slice_of(text), NULL, &err));
    chat_turn(world->chat);
}

static void run_to_end(struct world *world, const char *text)
{
    prompt(world, text);
    while (chat_is_busy(world->chat)) {
        loop_turn(world->loop, 1000);
        chat_turn(world->chat);
    }
}

/* The row of an endpoint; there is one. */
static const struct ledger_row *row_of(struct world *world,
                                       const char *endpoint)
{
    const struct ledger_rows *rows = ledger_today(world->ledger);
    for (size_t i = 0; i < rows->list.count; i++)
        if (!strcmp(rows->list.items[i].endpoint, endpoint))
            return &rows->list.items[i];
    ck_abort_msg("nothing of %s", endpoint);
}

#define ck_figure(row, figure, expected) \
    ck_assert_int_eq((row)->sum.figures[figure], expected)

START_TEST(an_answer_is_entered_with_what_its_server_counted)
{
    struct world world = { .box =
                               server_start(CHAT SAY("well") COUNTED, NULL) };
    open_world(&world, "", "box/m");
    run_to_end(&world, "hi");
    const struct ledger_row *row = row_of(&world, "box");
    ck_assert_str_eq(row->profile, "work");
    ck_assert_str_eq(row->model, "m");
    ck_assert(!row->is_vendor);
    ck_assert_int_eq(row->rung, 0);
    ck_figure(row, LEDGER_ANSWERS, 1);
    ck_figure(row, LEDGER_FAILURES, 0);
    ck_figure(row, LEDGER_INPUT, 4);
    ck_figure(row, LEDGER_OUTPUT, 12);
    ck_figure(row, LEDGER_ESTIMATED, 0);
    ck_figure(row, LEDGER_UNPRICED, 0); /* one's own costs nobody anything */
    ck_assert_int_ge(ledger_sum_time(&row->sum, .5), 0);
    close_world(&world);
}
END_TEST

START_TEST(what_no_server_counted_is_estimated_and_marked)
{
    struct world world = {
        .box = server_start(CHAT SAY("a knot of four strands") UNCOUNTED, NULL)
    };
    open_world(&world, "", "box/m");
    run_to_end(&world, "what is a sennit, and who plaits one?");
    const struct ledger_row *row = row_of(&world, "box");
    ck_figure(row, LEDGER_ESTIMATED, 1);
    ck_figure(row, LEDGER_OUTPUT,
              (int64_t)tokens_estimate(slice_of("a knot of four strands")));
    ck_assert_int_ge(row->sum.figures[LEDGER_INPUT],
                     (int64_t)tokens_estimate(
                         slice_of("what is a sennit, and who plaits one?")));
    close_world(&world);
}
END_TEST

/* To the billionth of a dollar; what is cached or thought is part of what was
 * read or written. */
START_TEST(a_vendors_answer_is_entered_with_its_cost)
{
    struct world world = {
        .box = server_start(CHAT, NULL),
        .gate = server_start(PRICED, PRICED, NULL),
    };
    open_world(&world, "", "gate/large");
    run_to_end(&world, "hi");
    run_to_end(&world, "hi again");
    const struct ledger_row *row = row_of(&world, "gate");
    ck_assert(row->is_vendor);
    ck_assert_str_eq(row->model, "large");
    ck_figure(row, LEDGER_ANSWERS, 2);
    ck_figure(row, LEDGER_COST, 2 * 12345600);
    ck_figure(row, LEDGER_INPUT, 2000);
    ck_figure(row, LEDGER_CACHED, 1200);
    ck_figure(row, LEDGER_OUTPUT, 400);
    ck_figure(row, LEDGER_REASONING, 300);
    ck_figure(row, LEDGER_UNPRICED, 0);
    close_world(&world);
}
END_TEST

START_TEST(a_fallback_leaves_the_failures_and_who_answered_by_rung)
{
    struct world world = {
        .box = server_start(BROKEN, NULL),
        .gate = server_start("match POST /v1/chat/completions\nstatus 200 OK\n"
                             "body \"{\\\"choices\\\":[{\\\"message\\\":{"
                             "\\\"content\\\":\\\"well\\\"},"
                             "\\\"finish_reason\\\":\\\"stop\\\"}]}\"\n",
                             NULL),
    };
    open_world(
        &world,
        "routing:\n  ladder: [box/m, gate/large]\n"
        "limits: {backoff: 1ms}\nprivacy: {first_send_to_vendor: always}\n",
        NULL);
    run_to_end(&world, "hi");
    const struct ledger_row *box = row_of(&world, "box");
    const struct ledger_row *gate = row_of(&world, "gate");
    ck_assert_int_eq(box->rung, 1);
    ck_assert_int_eq(gate->rung, 2);
    ck_assert_int_ge(box->sum.figures[LEDGER_FAILURES], 1);
    ck_figure(box, LEDGER_ANSWERS, 0);
    ck_figure(box, LEDGER_FALLBACKS, 0);
    ck_figure(gate, LEDGER_ANSWERS, 1);
    ck_figure(gate, LEDGER_FAILURES, 0);
    ck_figure(gate, LEDGER_FALLBACKS, 1);
    ck_figure(gate, LEDGER_UNPRICED, 1); /* it said no price */
    close_world(&world);
}
END_TEST

START_TEST(what_the_user_stops_is_no_failure)
{
    struct world world = { .box = server_start(CHAT SAY("well") "await never\n",
                                               NULL) };
    open_world(&world, "", "box/m");
    prompt(&world, "hi");
    const struct graph *graph = chat_conversation(world.chat)->graph;
    while (graph_node_count(graph) < 2)
        loop_turn(world.loop, 1000);
    ck_assert(chat_stop(world.chat));
    const struct ledger_row *row = row_of(&world, "box");
    ck_figure(row, LEDGER_STOPPED, 1);
    ck_figure(row, LEDGER_FAILURES, 0);
    ck_figure(row, LEDGER_ANSWERS, 0);
    close_world(&world);
}
END_TEST

/* It is asked again without: nothing has failed that anybody must know of. */
START_TEST(a_request_that_is_only_put_otherwise_is_no_failure)
{
    struct world world = {
        .box = server_start("match POST /api/chat\nstatus 400 Bad Request\n"
                            "body \"{\\\"error\\\":\\\"\\\\\\\"m\\\\\\\" does "
                            "not support thinking\\\"}\"\n",
                            CHAT SAY("well") COUNTED, NULL),
    };
    open_world(&world, "reply: {thinking: high}\n", "box/m");
    run_to_end(&world, "hi");
    const struct ledger_row *row = row_of(&world, "box");
    ck_figure(row, LEDGER_ANSWERS, 1);
    ck_figure(row, LEDGER_FAILURES, 0);
    close_world(&world);
}
END_TEST

START_TEST(what_this_program_says_of_itself_is_not_counted)
{
    struct world world = { .box = server_start(CHAT, NULL) };
    open_world(&world, "", "guide/guide");
    run_to_end(&world, "how do I quit?");
    ck_assert_uint_eq(ledger_today(world.ledger)->list.count, 0);
    close_world(&world);
}
END_TEST

/* Numbers and names, and never what was said. */
START_TEST(no_text_gets_into_the_file)
{
    struct world world = { .box = server_start(CHAT SAY("quagmire") COUNTED,
                                               NULL) };
    struct buf path = { 0 }, bytes = { 0 };
    struct error err = { 0 };
    open_world(&world, "", "box/m");
    run_to_end(&world, "hippogriff");
    ck_assert(store_settle(world.store, 20000));
    buf_printf(&path, "%s/sennit/state.db", world.home);
    ck_assert(path_read_file(&bytes, path.ptr, 1 << 20, &err));
    ck_assert_ptr_null(memmem(bytes.ptr, bytes.len, "quagmire", 8));
    ck_assert_ptr_null(memmem(bytes.ptr, bytes.len, "hippogriff", 10));
    buf_clear(&path);
    buf_clear(&bytes);
    close_world(&world);
}
END_TEST

Suite *bookkeeping_suite(void)
{
    Suite *suite = suite_create("bookkeeping");
    TCase *entering = tcase_create("entering");
    tcase_set_timeout(entering, 30);
    tcase_add_test(entering, an_answer_is_entered_with_what_its_server_counted);
    tcase_add_test(entering, what_no_server_counted_is_estimated_and_marked);
    tcase_add_test(entering, a_vendors_answer_is_entered_with_its_cost);
    tcase_add_test(entering,
                   a_fallback_leaves_the_failures_and_who_answered_by_rung);
    tcase_add_test(entering, what_the_user_stops_is_no_failure);
    tcase_add_test(entering,
                   a_request_that_is_only_put_otherwise_is_no_failure);
    tcase_add_test(entering, what_this_program_says_of_itself_is_not_counted);
    tcase_add_test(entering, no_text_gets_into_the_file);
    suite_add_tcase(suite, entering);
    return suite;
}
