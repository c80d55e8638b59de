/* SPDX-License-Identifier: MIT */
/*
 * A chat and its model: prompts that wait for one, what is unloaded at the end,
 * and answers to half of what was sent. Against a scripted Ollama.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/chat.h"
#include "chat/chat_state.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *loading_suite(void);

#define BODY "status 200 OK\nbody "
#define TAGS                                                         \
    "match GET /api/tags\ntimes forever\n" BODY                      \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\",\\\"size\\\":1000}," \
    "{\\\"name\\\":\\\"n\\\",\\\"size\\\":1000}]}\"\n"
#define PS(window)                                                              \
    "match GET /api/ps\ntimes forever\n" BODY                                   \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\",\\\"context_length\\\":" window \
    "}]}\"\n"
#define NONE \
    "match GET /api/ps\ntimes forever\n" BODY "\"{\\\"models\\\":[]}\"\n"
#define LOADED                                                                \
    "match POST /api/chat\n" BODY "\"{\\\"done\\\":true,\\\"done_reason\\\":" \
    "\\\"load\\\"}\"\n"
#define FAILED                                      \
    "match POST /api/chat\nstatus 500 Error\nbody " \
    "\"{\\\"error\\\":\\\"boom\\\"}\"\n"
#define ANSWER(text, count)                                          \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"                 \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text         \
    "\"},\"done\":false}\n"                                          \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":" \
    "true,\"done_reason\":\"stop\",\"prompt_eval_count\":" count "}\n"

struct world {
    struct server *server;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
};

static void open_world(struct world *world, struct server *server)
{
    struct error err = { 0 };
    *world = (struct world){ .server = server, .settings = settings_new() };
    settings_must_set(world->settings, "endpoints.box.dialect", "ollama");
    settings_must_set(world->settings, "endpoints.box.trust", "own");
    settings_must_set(world->settings, "endpoints.box.url",
                      server_url(server, ""));
    settings_must_set(world->settings, "endpoints.box.unload_at_exit", "true");
    ck_assert(endpoints_load(&world->endpoints, world->settings, NULL, &err));
    world->loop = loop_new(&err);
    world->http = http_new(world->loop, &err);
    struct chat_setup setup = {
        .loop = world->loop,
        .http = world->http,
        .settings = world->settings,
        .endpoints = &world->endpoints,
        .target = "box/m",
    };
    world->chat = chat_new(&setup);
}

static void close_world(struct world *world)
{
    chat_free(world->chat);
    http_free(world->http);
    loop_free(world->loop);
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
    server_stop(world->server);
}

static const struct graph *graph_of(const struct world *world)
{
    return chat_conversation(world->chat)->graph;
}

static void prompt(struct world *world, const char *text)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world->chat, slice_of(text), NULL, &err));
}

static void load(struct world *world, const char *target)
{
    struct error err = { 0 };
    ck_assert_msg(chat_load(world->chat, slice_of(target), &err), "%s",
                  err.text);
}

static void turn(struct world *world)
{
    chat_turn(world->chat);
    loop_turn(world->loop, 1000);
}

static void run_to_end(struct world *world)
{
    for (int i = 0; i < 10000 && chat_is_busy(world->chat); i++)
        turn(world);
    ck_assert(!chat_is_busy(world->chat));
}

static void run_until_loaded(struct world *world)
{
    for (int i = 0; i < 10000 && model_life_is_moving(chat_life(world->chat));
         i++)
        turn(world);
}

static size_t waiting(const struct world *world)
{
    return graph_queue_count(graph_of(world));
}

static int count_events(const struct world *world, enum event_type type)
{
    const struct log *log = chat_conversation(world->chat)->log;
    int count = 0;
    for (uint64_t seq = 1; seq <= log_last_seq(log); seq++) {
        struct event event;
        ck_assert(log_read(log, seq, &event));
        count += event.type == type;
    }
    return count;
}

/* W5: what is typed while a model loads waits, can be taken back, and runs in
 * its order; that it waited is in the log. */
START_TEST(prompts_wait_for_the_model_and_run_in_order)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world,
               server_start(TAGS, PS("4096"),
                            "match POST /api/chat\nawait go\n" BODY
                            "\"{\\\"done\\\":true}\"\n",
                            ANSWER("one", "7"), ANSWER("two", "9"), NULL));
    load(&world, "box/m");
    prompt(&world, "first");
    prompt(&world, "second");
    prompt(&world, "third");
    for (int i = 0; i < 1000 && !server_count(world.server, "POST"); i++)
        turn(&world);
    ck_assert_uint_eq(waiting(&world), 3);
    ck_assert(chat_withdraw(world.chat, &text, NULL));
    ck_assert_str_eq(buf_string(&text), "third");
    server_release(world.server, "go");
    run_to_end(&world);
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_NONE);
    const char *received = server_received(world.server);
    const char *first = strstr(received, "first");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first, "second"));
    ck_assert_ptr_null(strstr(received, "third"));
    ck_assert_int_eq(count_events(&world, EVENT_MODEL_STATE), 1);
    buf_clear(&text);
    close_world(&world);
}
END_TEST

/* They survive its error, and go when the user has said more. */
START_TEST(prompts_outlive_a_load_that_fails)
{
    struct world world;
    open_world(&world, server_start(TAGS, PS("4096"), FAILED, LOADED,
                                    ANSWER("one", "7"), NULL));
    load(&world, "box/m");
    prompt(&world, "patience");
    run_until_loaded(&world);
    for (int i = 0; i < 5; i++)
        chat_turn(world.chat);
    ck_assert_uint_eq(waiting(&world), 1);
    ck_assert_int_eq(model_life_state(chat_life(world.chat)), MODEL_ERROR);
    load(&world, "box/n");
    run_to_end(&world);
    ck_assert_ptr_nonnull(strstr(server_received(world.server), "patience"));
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_NONE);
    close_world(&world);
}
END_TEST

START_TEST(stopping_ends_the_load_and_the_wait)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world,
               server_start(TAGS, PS("4096"), "match POST /api/chat\nstall\n",
                            ANSWER("one", "7"), NULL));
    load(&world, "box/m");
    prompt(&world, "go on");
    for (int i = 0; i < 1000 && !server_count(world.server, "POST"); i++)
        turn(&world);
    ck_assert(chat_stop(world.chat));
    ck_assert_int_eq(model_life_state(chat_life(world.chat)), MODEL_IDLE);
    run_to_end(&world);
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_NONE);
    ck_assert(!chat_stop(world.chat));
    buf_clear(&text);
    close_world(&world);
}
END_TEST

static void discover(struct world *world)
{
    const struct endpoint *box = &world->endpoints.list.items[0];
    chat_discover(world->chat);
    for (int i = 0; i < 10000 &&
                    models_state(chat_models(world->chat, box)) != MODELS_KNOWN;
         i++)
        turn(world);
}

/* Unloaded is what this chat has loaded, and not what was there. */
START_TEST(what_was_loaded_by_us_is_unloaded_at_the_end)
{
    static const struct {
        const char *ps;
        int count;
    } rows[] = { { NONE, 1 }, { PS("4096"), 0 } };
    struct world world;
    open_world(&world, server_start(TAGS, rows[_i].ps, ANSWER("one", "7"),
                                    ANSWER("two", "7"), LOADED, NULL));
    discover(&world);
    prompt(&world, "hi");
    prompt(&world, "again");
    run_to_end(&world);
    while (chat_is_leaving(world.chat))
        loop_turn(world.loop, 1000);
    ck_assert_int_eq(server_count(world.server,
                                  "{\"model\":\"m\",\"keep_alive\":0,"
                                  "\"messages\":[],\"stream\":false}"),
                     rows[_i].count);
    close_world(&world);
}
END_TEST

/* What no machine has room for is said before the first prompt. */
START_TEST(a_named_model_that_will_not_fit_says_so_beforehand)
{
    struct world world;
    open_world(&world,
               server_start("match GET /api/tags\n" BODY
                            "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\","
                            "\\\"size\\\":9000000000000000}]}\"\n",
                            NONE, NULL));
    discover(&world);
    const struct route *next = chat_next(world.chat);
    ck_assert_int_eq(next->verdict, ROUTE_TO);
    ck_assert_ptr_nonnull(strstr(next->reason,
                                 "you named it; it will hardly fit: it needs "
                                 "about 10800000.0 GB, "));
    close_world(&world);
}
END_TEST

/* 7000 tokens, 6600 by our estimate. A window that is known to be smaller gets
 * none of them. */
static void append_long(struct buf *text)
{
    for (int i = 0; i < 7000; i++)
        buf_append_string(text, " word");
}

static const struct {
    const char *ps, *count;
    const char *words; /* NULL: nothing is wrong */
} readings[] = {
    { PS("8192"), "6010", NULL },
    /* The window would hold it: the rest was cached. */
    { PS("8192"), "40", NULL },
    /* An old Ollama does not tell its window. */
    { "match GET /api/ps\ntimes forever\nstatus 404 None\nbody \"\"\n", "1500",
      "the front of the conversation was cut off: box has read 1500 of about "
      "6" },
};

START_TEST(an_answer_to_half_a_conversation_is_an_error)
{
    struct world world;
    struct buf text = { 0 }, answer = { 0 };
    buf_printf(&answer,
               "match POST /api/chat\nstatus 200 OK\nchunked\n"
               "line {\"message\":{\"content\":\"sure\"},\"done\":false}\n"
               "line {\"message\":{\"content\":\"\"},\"done\":true,"
               "\"done_reason\":\"stop\",\"prompt_eval_count\":%s}\n",
               readings[_i].count);
    open_world(&world,
               server_start(TAGS, readings[_i].ps, buf_string(&answer), NULL));
    append_long(&text);
    prompt(&world, buf_string(&text));
    run_to_end(&world);
    const struct run *run = graph_run(graph_of(&world), 1);
    const char *words = readings[_i].words;
    const char *said = chat_last_error(world.chat)->text;
    if (words)
        ck_assert_msg(!strncmp(said, words, strlen(words)), "%s", said);
    else
        ck_assert_str_eq(said, "");
    ck_assert_int_eq(run->state, words ? RUN_ERROR : RUN_COMPLETE);
    ck_assert_int_eq(run->attempts.items[0].state,
                     words ? ATTEMPT_ERROR : ATTEMPT_COMPLETE);
    /* What was answered stays. */
    ck_assert_uint_eq(graph_node_count(graph_of(&world)), 2);
    buf_clear(&text);
    buf_clear(&answer);
    close_world(&world);
}
END_TEST

/* The question and its answer become a summary. */
static void summarise(struct world *world)
{
    const struct graph *graph = graph_of(world);
    struct event summarised = { .type = EVENT_SUMMARISED };
    struct event folded = { .type = EVENT_FOLDED };
    event_add_number(&summarised, FIELD_FIRST, graph_node_at(graph, 0)->id);
    event_add_number(&summarised, FIELD_LAST, graph_head(graph));
    event_add_string(&summarised, FIELD_TEXT, "words");
    chat_append(world->chat, &summarised);
    event_add_number(&folded, FIELD_SUMMARY, summarised.seq);
    event_add_number(&folded, FIELD_ON, 1);
    chat_append(world->chat, &folded);
}

/* The prompt is shorter then: nothing was cut off. */
START_TEST(a_count_that_falls_because_of_a_summary_is_right)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world, server_start(TAGS,
                                    "match GET /api/ps\ntimes forever\n"
                                    "status 404 None\nbody \"\"\n",
                                    ANSWER("one", "4000"),
                                    ANSWER("two", "3000"), NULL));
    for (int i = 0; i < 3500; i++)
        buf_append_string(&text, " word");
    prompt(&world, buf_string(&text));
    run_to_end(&world);
    ck_assert_str_eq(chat_last_error(world.chat)->text, "");
    summarise(&world);
    buf_reset(&text);
    for (int i = 0; i < 3000; i++)
        buf_append_string(&text, " more");
    prompt(&world, buf_string(&text));
    run_to_end(&world);
    ck_assert_str_eq(chat_last_error(world.chat)->text, "");
    buf_clear(&text);
    close_world(&world);
}
END_TEST

/* Between two turns the count falls by less than an estimate would see. */
START_TEST(a_count_that_falls_between_turns_is_found_out)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world, server_start(TAGS,
                                    "match GET /api/ps\ntimes forever\n"
                                    "status 404 None\nbody \"\"\n",
                                    ANSWER("one", "4000"),
                                    ANSWER("two", "3900"), NULL));
    for (int i = 0; i < 3500; i++)
        buf_append_string(&text, " word");
    prompt(&world, buf_string(&text));
    run_to_end(&world);
    ck_assert_str_eq(chat_last_error(world.chat)->text, "");
    buf_reset(&text);
    for (int i = 0; i < 300; i++)
        buf_append_string(&text, " more");
    prompt(&world, buf_string(&text));
    run_to_end(&world);
    const char *said = chat_last_error(world.chat)->text;
    ck_assert_msg(strstr(said, "was cut off") != NULL, "%s", said);
    buf_clear(&text);
    close_world(&world);
}
END_TEST

/* W8 and W9: ten thousand words in a burst, and the count at the end. */
START_TEST(a_burst_loses_nothing_and_is_counted)
{
    struct world world;
    open_world(&world,
               server_start(TAGS, PS("4096"),
                            "match POST /api/chat\nstatus 200 OK\n"
                            "repeat 10000\n"
                            "line {\"message\":{\"content\":\"ab \"},"
                            "\"done\":false}\n"
                            "end\n"
                            "line {\"done\":true,\"done_reason\":\"stop\","
                            "\"prompt_eval_count\":7,\"eval_count\":10000}\n",
                            NULL));
    prompt(&world, "all at once");
    run_to_end(&world);
    const struct graph *graph = graph_of(&world);
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_uint_eq(node->blocks.items[0].text.len, 30000);
    const struct usage *usage = &graph_run(graph, 1)->attempts.items[0].usage;
    ck_assert_int_eq(usage->input, 7);
    ck_assert_int_eq(usage->output, 10000);
    close_world(&world);
}
END_TEST

START_TEST(stopping_does_not_wait_for_the_window)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world, server_start(TAGS, "match GET /api/ps\nstall\n",
                                    ANSWER("one", "3000"), NULL));
    append_long(&text);
    prompt(&world, buf_string(&text));
    for (int i = 0; i < 1000 && !server_count(world.server, "/api/ps"); i++)
        turn(&world);
    ck_assert(chat_is_busy(world.chat));
    ck_assert(chat_stop(world.chat));
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ABORTED);
    ck_assert_int_eq(server_count(world.server, "POST /api/chat"), 0);
    buf_clear(&text);
    close_world(&world);
}
END_TEST

Suite *loading_suite(void)
{
    Suite *suite = suite_create("loading");
    TCase *waits = tcase_create("waits"), *counts = tcase_create("counts");
    tcase_add_test(waits, prompts_wait_for_the_model_and_run_in_order);
    tcase_add_test(waits, prompts_outlive_a_load_that_fails);
    tcase_add_test(waits, stopping_ends_the_load_and_the_wait);
    tcase_add_loop_test(waits, what_was_loaded_by_us_is_unloaded_at_the_end, 0,
                        2);
    tcase_add_test(waits, a_named_model_that_will_not_fit_says_so_beforehand);
    tcase_add_loop_test(counts, an_answer_to_half_a_conversation_is_an_error, 0,
                        COUNTOF(readings));
    tcase_add_test(counts, a_count_that_falls_between_turns_is_found_out);
    tcase_add_test(counts, a_count_that_falls_because_of_a_summary_is_right);
    tcase_add_test(counts, a_burst_loses_nothing_and_is_counted);
    tcase_add_test(counts, stopping_does_not_wait_for_the_window);
    suite_add_tcase(suite, waits);
    suite_add_tcase(suite, counts);
    return suite;
}
