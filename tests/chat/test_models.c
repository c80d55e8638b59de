/* SPDX-License-Identifier: MIT */
/*
 * What a server has: which questions are asked of whom, in which order, and what
 * stays of the answers.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/models.h"
#include "llm/anthropic.h"
#include "llm/chat_completions.h"
#include "llm/ollama.h"
#include "tests/support/server.h"

Suite *models_suite(void);

#define GET(path)  "match GET " path "\nstatus 200 OK\nbody "
#define ITEM(rest) "\"{\\\"data\\\":[{\\\"id\\\":\\\"m\\\"" rest "}]}\"\n"
#define TAGS                                                      \
    GET("/api/tags")                                              \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\",\\\"size\\\":7}," \
    "{\\\"name\\\":\\\"n\\\"}]}\"\n"
#define PS(window)                                                              \
    GET("/api/ps")                                                              \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\",\\\"context_length\\\":" window \
    "}]}\"\n"
#define SHOW                                     \
    "match POST /api/show\nstatus 200 OK\nbody " \
    "\"{\\\"capabilities\\\":[\\\"completion\\\",\\\"vision\\\"]}\"\n"

struct world {
    struct server *server;
    struct loop *loop;
    struct http *http;
    char url[64];
    struct endpoint endpoint;
    struct models *models;
    int changes;
};

static void on_change(void *context)
{
    struct world *world = context;
    world->changes++;
}

static void open_world(struct world *world, struct server *server,
                       const struct dialect *dialect)
{
    static char name[] = "box";
    struct error err = { 0 };
    *world = (struct world){ .server = server, .loop = loop_new(&err) };
    world->http = http_new(world->loop, &err);
    snprintf(world->url, sizeof world->url, "%s", server_url(server, ""));
    world->endpoint = (struct endpoint){ .name = name,
                                         .dialect = dialect,
                                         .url = world->url,
                                         .shown_url = world->url };
    world->models = models_new(world->loop, world->http, &world->endpoint,
                               on_change, world);
}

static void close_world(struct world *world)
{
    models_free(world->models);
    ck_assert_uint_eq(http_active(world->http), 0);
    http_free(world->http);
    loop_free(world->loop);
    server_stop(world->server);
}

static bool is_asking(const struct world *world)
{
    return models_state(world->models) == MODELS_ASKING ||
           models_is_asking_about(world->models);
}

static void settle(struct world *world)
{
    for (int i = 0; i < 10000 && is_asking(world); i++)
        loop_turn(world->loop, 1000);
    ck_assert(!is_asking(world));
}

static void ask(struct world *world)
{
    models_ask(world->models);
    ck_assert_int_eq(models_state(world->models), MODELS_ASKING);
    settle(world);
}

/* The one who answers tells by its list who it is. */
static const struct {
    const char *list, *second, *asked;
    enum model_server server;
    uint64_t window;
} servers[] = {
    { ITEM(",\\\"owned_by\\\":\\\"llamacpp\\\",\\\"meta\\\":{\\\"n_ctx\\\":"
           "4096}"),
      GET("/props") "\"{\\\"default_generation_settings\\\":{\\\"n_ctx\\\":"
                    "2048}}\"\n",
      "GET /props", SERVER_LLAMA, 2048 },
    { ITEM(",\\\"owned_by\\\":\\\"organization_owner\\\""),
      GET("/api/v0/models")
          ITEM(",\\\"state\\\":\\\"loaded\\\",\\\"loaded_context_length\\\":"
               "4096"),
      "GET /api/v0/models", SERVER_LM_STUDIO, 4096 },
    { ITEM(",\\\"owned_by\\\":\\\"vllm\\\",\\\"max_model_len\\\":8192"),
      "match GET /none\n", NULL, SERVER_VLLM, 8192 },
    /* What only a second answer tells stays unknown without it. */
    { ITEM(",\\\"owned_by\\\":\\\"organization_owner\\\""),
      "match GET /api/v0/models\nstatus 404 No\nbody \"\"\n",
      "GET /api/v0/models", SERVER_LM_STUDIO, 0 },
    { ITEM(""), "match GET /none\n", NULL, SERVER_PLAIN, 0 },
};

START_TEST(who_answers_is_asked_what_he_can_tell)
{
    struct world world;
    struct buf list = { 0 };
    buf_printf(&list, "%s%s", GET("/v1/models"), servers[_i].list);
    open_world(&world,
               server_start(buf_string(&list), servers[_i].second, NULL),
               &dialect_chat_completions);
    ask(&world);
    ck_assert_int_eq(models_state(world.models), MODELS_KNOWN);
    ck_assert_int_eq(models_server(world.models), servers[_i].server);
    ck_assert_uint_eq(models_find(world.models, "m")->context_length,
                      servers[_i].window);
    ck_assert_int_eq(server_count(world.server, "--- request"),
                     servers[_i].asked ? 2 : 1);
    if (servers[_i].asked)
        ck_assert_int_eq(server_count(world.server, servers[_i].asked), 1);
    buf_clear(&list);
    close_world(&world);
}
END_TEST

START_TEST(more_is_asked_about_one_and_kept_with_the_next_list)
{
    struct world world;
    open_world(&world,
               server_start(TAGS, PS("4096"), SHOW, TAGS, PS("4096"), NULL),
               &dialect_ollama);
    ask(&world);
    ck_assert_int_eq(models_find(world.models, "m")->vision, ABILITY_UNKNOWN);
    models_ask_about(world.models, "m");
    models_ask_about(world.models, "m");
    ck_assert_int_eq(models_state(world.models), MODELS_KNOWN);
    settle(&world);
    ck_assert_int_eq(models_find(world.models, "m")->vision, ABILITY_YES);
    ck_assert_int_eq(models_find(world.models, "m")->tools, ABILITY_NO);
    models_ask_about(world.models, "m");
    ck_assert(!models_is_asking_about(world.models));
    ask(&world);
    ck_assert_int_eq(models_find(world.models, "m")->vision, ABILITY_YES);
    ck_assert_int_eq(server_count(world.server, "POST /api/show"), 1);
    close_world(&world);
}
END_TEST

START_TEST(a_server_that_tells_no_more_is_asked_once)
{
    struct world world;
    open_world(&world,
               server_start(TAGS, PS("4096"),
                            "match POST /api/show\ntimes forever\n"
                            "status 404 No\nbody \"\"\n",
                            NULL),
               &dialect_ollama);
    ask(&world);
    for (int i = 0; i < 2; i++) {
        models_ask_about(world.models, NULL);
        settle(&world);
    }
    ck_assert_int_eq(server_count(world.server, "POST /api/show"), 2);
    ck_assert_int_eq(models_find(world.models, "n")->tools, ABILITY_UNKNOWN);
    close_world(&world);
}
END_TEST

START_TEST(the_window_is_read_again_without_the_list)
{
    struct world world;
    open_world(&world, server_start(TAGS, PS("4096"), PS("8192"), NULL),
               &dialect_ollama);
    ask(&world);
    ck_assert_uint_eq(models_find(world.models, "m")->context_length, 4096);
    models_ask_loaded(world.models);
    settle(&world);
    ck_assert_uint_eq(models_find(world.models, "m")->context_length, 8192);
    ck_assert_int_eq(models_find(world.models, "n")->presence,
                     PRESENCE_UNLOADED);
    ck_assert_int_eq(server_count(world.server, "GET /api/tags"), 1);
    close_world(&world);
}
END_TEST

START_TEST(an_anthropic_is_asked_with_its_own_headers)
{
    struct world world;
    static char key[] = "secret";
    open_world(&world, server_start(GET("/v1/models") ITEM(""), NULL),
               &dialect_anthropic);
    world.endpoint.key = key;
    ask(&world);
    ck_assert_int_eq(models_state(world.models), MODELS_KNOWN);
    ck_assert_int_eq(server_count(world.server, "x-api-key: secret"), 1);
    ck_assert_int_eq(server_count(world.server, "anthropic-version: "), 1);
    close_world(&world);
}
END_TEST

/* Nothing is left behind by who goes away while it asks. */
START_TEST(it_may_be_freed_while_it_asks)
{
    struct world world;
    open_world(
        &world,
        server_start(TAGS, PS("4096"), "match POST /api/show\nstall\n", NULL),
        &dialect_ollama);
    ask(&world);
    models_ask_about(world.models, NULL);
    for (int i = 0; i < 1000 && !server_count(world.server, "POST /api/show");
         i++)
        loop_turn(world.loop, 10);
    models_ask(world.models);
    loop_turn(world.loop, 0);
    close_world(&world);
}
END_TEST

Suite *models_suite(void)
{
    Suite *suite = suite_create("models");
    TCase *tcase = tcase_create("models");
    tcase_add_loop_test(tcase, who_answers_is_asked_what_he_can_tell, 0,
                        COUNTOF(servers));
    tcase_add_test(tcase, more_is_asked_about_one_and_kept_with_the_next_list);
    tcase_add_test(tcase, a_server_that_tells_no_more_is_asked_once);
    tcase_add_test(tcase, the_window_is_read_again_without_the_list);
    tcase_add_test(tcase, an_anthropic_is_asked_with_its_own_headers);
    tcase_add_test(tcase, it_may_be_freed_while_it_asks);
    suite_add_tcase(suite, tcase);
    return suite;
}
