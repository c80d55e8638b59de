/* SPDX-License-Identifier: MIT */
/*
 * Models loaded down by a scripted Ollama.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "chat/pull.h"
#include "llm/ollama.h"
#include "tests/support/server.h"

Suite *pull_suite(void);

#define PULL     "match POST /api/pull\nstatus 200 OK\nchunked\n"
#define MANIFEST "line {\"status\":\"pulling manifest\"}\n"
#define LAYER(digest, numbers)                                            \
    "line {\"status\":\"pulling " digest "\",\"digest\":\"sha256:" digest \
    "\"," numbers "}\n"
#define SUCCESS "line {\"status\":\"success\"}\n"

struct world {
    struct server *server;
    struct loop *loop;
    struct http *http;
    char url[64];
    struct endpoint endpoint;
    struct pull *pull;
    int changes;
};

static void on_change(void *context)
{
    struct world *world = context;
    world->changes++;
}

static void open_world(struct world *world, struct server *server)
{
    struct error err = { 0 };
    static char name[] = "box";
    *world = (struct world){ .server = server, .loop = loop_new(&err) };
    world->http = http_new(world->loop, &err);
    snprintf(world->url, sizeof world->url, "%s", server_url(server, ""));
    world->endpoint = (struct endpoint){ .name = name,
                                         .dialect = &dialect_ollama,
                                         .url = world->url };
    world->pull =
        pull_new(world->loop, world->http, &world->endpoint, "qwen3:4b", &err);
    ck_assert_msg(world->pull != NULL, "%s", err.text);
    pull_listen(world->pull, on_change, world);
}

static void close_world(struct world *world)
{
    pull_free(world->pull);
    http_free(world->http);
    loop_free(world->loop);
    server_stop(world->server);
}

static void run(struct world *world)
{
    for (int i = 0; i < 10000 && pull_state(world->pull) == PULL_RUNNING; i++)
        loop_turn(world->loop, 1000);
}

/* Until it is so far, or at its end. */
static void run_until_completed(struct world *world, uint64_t completed)
{
    for (int i = 0; i < 10000 && pull_state(world->pull) == PULL_RUNNING &&
                    pull_completed(world->pull) < completed;
         i++)
        loop_turn(world->loop, 1000);
    ck_assert_uint_eq(pull_completed(world->pull), completed);
}

static void expect_format(const struct world *world, const char *expected)
{
    struct buf words = { 0 };
    pull_format(world->pull, &words);
    ck_assert_str_eq(buf_string(&words), expected);
    buf_clear(&words);
}

START_TEST(layers_add_up_and_only_the_word_success_ends_it)
{
    struct world world;
    open_world(
        &world,
        server_start(
            PULL MANIFEST
                /* `completed` is absent at 0; a layer that was
                             * there comes once, complete. */
                LAYER("aaaaaaaaaaaa", "\"total\":2000000000") LAYER(
                    "bbbbbbbbbbbb",
                    "\"total\":500000000,\"completed\":500000000")
                    LAYER("aaaaaaaaaaaa", "\"total\":2000000000,\"completed\":700000000") "await go\n" LAYER(
                        "aaaaaaaaaaaa",
                        "\"total\":2000000000,"
                        "\"completed\":2000000000") "line {\"status\":\"verifying sha256 digest\"}\n"
                                                    "await end\n" SUCCESS,
            NULL));
    run_until_completed(&world, 1200000000);
    ck_assert_uint_eq(pull_total(world.pull), 2500000000);
    ck_assert_uint_eq(pull_layer_count(world.pull), 2);
    expect_format(&world, "qwen3:4b 48 %, 1.2 of 2.5 GB");
    server_release(world.server, "go");
    run_until_completed(&world, 2500000000);
    ck_assert_int_eq(pull_state(world.pull), PULL_RUNNING);
    server_release(world.server, "end");
    run(&world);
    ck_assert_int_eq(pull_state(world.pull), PULL_DONE);
    ck_assert(world.changes > 0);
    ck_assert_ptr_nonnull(
        strstr(server_received(world.server), "{\"model\":\"qwen3:4b\"}"));
    close_world(&world);
}
END_TEST

static const struct {
    const char *scenario, *words;
} failures[] = {
    { PULL MANIFEST
      "line {\"error\":\"pull model manifest: file does not exist\"}\n",
      "cannot pull qwen3:4b: the library of box has no model of that name" },
    { PULL MANIFEST LAYER(
          "aaaaaaaaaaaa",
          "\"total\":9,\"completed\":3") "line {\"error\":\"write /models: no space left on device\"}\n",
      "no space left on device" },
    { PULL "line Ollama is tired\n", "box sends what is no progress: Ollama" },
    { "match POST /api/pull\nstatus 400 Bad Request\n"
      "body \"{\\\"error\\\":\\\"invalid model name\\\"}\"\n",
      "invalid model name" },
    { "match POST /api/pull\nstatus 404 Not Found\n"
      "body \"404 page not found\"\n",
      "404" },
};

/* W6: whatever the server counts: `completed` falls, or is more than all. */
START_TEST(progress_of_a_layer_never_falls_and_ends_at_all)
{
    struct world world;
    open_world(
        &world,
        server_start(
            PULL MANIFEST LAYER("aa", "\"total\":100,\"completed\":60") LAYER(
                "aa", "\"total\":100,\"completed\":40")
                LAYER("aa", "\"total\":100") LAYER(
                    "bb", "\"total\":10,\"completed\":99") "await go\n" SUCCESS,
            NULL));
    run_until_completed(&world, 70);
    const struct pull_layer *layer = pull_layer_at(world.pull, 1);
    ck_assert_uint_eq(layer->completed, layer->total);
    expect_format(&world, "qwen3:4b 63 %, 0.0 of 0.0 MB");
    server_release(world.server, "go");
    run(&world);
    ck_assert_int_eq(pull_state(world.pull), PULL_DONE);
    close_world(&world);
}
END_TEST

START_TEST(failures_come_in_band_and_are_told_in_words)
{
    struct world world;
    open_world(&world, server_start(failures[_i].scenario, NULL));
    run(&world);
    ck_assert_int_eq(pull_state(world.pull), PULL_FAILED);
    ck_assert_msg(strstr(pull_error(world.pull)->text, failures[_i].words) !=
                      NULL,
                  "%s", pull_error(world.pull)->text);
    close_world(&world);
}
END_TEST

START_TEST(a_line_that_drops_is_taken_up_again)
{
    struct world world;
    open_world(&world,
               server_start(
                   PULL MANIFEST LAYER("aaaaaaaaaaaa",
                                       "\"total\":9,\"completed\":3") "close\n",
                   PULL MANIFEST LAYER("aaaaaaaaaaaa",
                                       "\"total\":9,\"completed\":9") SUCCESS,
                   NULL));
    run(&world);
    ck_assert_int_eq(pull_state(world.pull), PULL_DONE);
    ck_assert_int_eq(server_count(world.server, "POST /api/pull"), 2);
    close_world(&world);
}
END_TEST

START_TEST(an_end_without_success_is_none)
{
    struct world world;
    open_world(&world, server_start(PULL "times forever\n" MANIFEST, NULL));
    run(&world);
    ck_assert_int_eq(pull_state(world.pull), PULL_FAILED);
    ck_assert_ptr_nonnull(
        strstr(pull_error(world.pull)->text, "before it said success"));
    ck_assert_int_eq(server_count(world.server, "POST /api/pull"),
                     1 + PULL_REPEATS);
    close_world(&world);
}
END_TEST

START_TEST(who_stops_it_closes_the_connection)
{
    struct world world;
    open_world(&world,
               server_start(
                   PULL MANIFEST LAYER("aaaaaaaaaaaa",
                                       "\"total\":9,\"completed\":3") "stall\n",
                   NULL));
    run_until_completed(&world, 3);
    pull_free(world.pull);
    world.pull = NULL;
    ck_assert(server_await(world.server, "closed"));
    ck_assert_uint_eq(http_active(world.http), 0);
    close_world(&world);
}
END_TEST

Suite *pull_suite(void)
{
    Suite *suite = suite_create("pull");
    TCase *tcase = tcase_create("pull");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, layers_add_up_and_only_the_word_success_ends_it);
    tcase_add_test(tcase, progress_of_a_layer_never_falls_and_ends_at_all);
    tcase_add_loop_test(tcase, failures_come_in_band_and_are_told_in_words, 0,
                        COUNTOF(failures));
    tcase_add_test(tcase, a_line_that_drops_is_taken_up_again);
    tcase_add_test(tcase, an_end_without_success_is_none);
    tcase_add_test(tcase, who_stops_it_closes_the_connection);
    suite_add_tcase(suite, tcase);
    return suite;
}
