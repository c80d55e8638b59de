/* SPDX-License-Identifier: MIT */
/*
 * The life of a model: every state that a caller can bring it into, at servers
 * that are told and at those that cannot be. W1 to W3 and W7 of what its
 * ancestors got wrong; the table itself is the business of tests/graph/test_life.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/model_life.h"
#include "chat/model_order.h"
#include "llm/chat_completions.h"
#include "llm/guide.h"
#include "llm/ollama.h"
#include "tests/support/server.h"

Suite *model_life_suite(void);

#define OK     "status 200 OK\nbody "
#define CHAT   "match POST /api/chat\n"
#define LOADED OK "\"{\\\"done\\\":true,\\\"done_reason\\\":\\\"load\\\"}\"\n"
#define UNLOADED \
    OK "\"{\\\"done\\\":true,\\\"done_reason\\\":\\\"unload\\\"}\"\n"
#define LIST(owner, more)                                                   \
    OK "\"{\\\"data\\\":[{\\\"id\\\":\\\"m\\\",\\\"owned_by\\\":\\\"" owner \
       "\\\"" more "}]}\"\n"
#define ROUTER(value) \
    LIST("llamacpp", ",\\\"status\\\":{\\\"value\\\":\\\"" value "\\\"}")
#define ROUTER_FAILED                                                   \
    LIST("llamacpp", ",\\\"status\\\":{\\\"value\\\":\\\"unloaded\\\"," \
                     "\\\"failed\\\":true,\\\"exit_code\\\":1}")

struct world {
    struct server *server;
    struct loop *loop;
    struct http *http;
    char url[64];
    struct endpoints endpoints;
    struct model_life *life;
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
    static char box[] = "box", cloud[] = "cloud", guide[] = "guide";
    static char none[] = "";
    struct error err = { 0 };
    *world = (struct world){ .server = server, .loop = loop_new(&err) };
    world->http = http_new(world->loop, &err);
    snprintf(world->url, sizeof world->url, "%s",
             server ? server_url(server, "") : "http://127.0.0.1:1");
    *array_add(&world->endpoints.list) =
        (struct endpoint){ .name = box,
                           .dialect = dialect,
                           .url = world->url,
                           .shown_url = world->url,
                           .num_ctx = -1 };
    *array_add(&world->endpoints.list) =
        (struct endpoint){ .name = cloud,
                           .dialect = &dialect_chat_completions,
                           .is_vendor = true,
                           .url = world->url };
    *array_add(&world->endpoints.list) = (struct endpoint){
        .name = guide, .dialect = dialect_find(slice_of("guide")), .url = none
    };
    world->life = model_life_new(world->loop, world->http, on_change, world);
}

static void close_world(struct world *world)
{
    model_life_free(world->life);
    ck_assert_uint_eq(http_active(world->http), 0);
    array_clear(&world->endpoints.list);
    http_free(world->http);
    loop_free(world->loop);
    server_stop(world->server);
}

static const struct endpoint *box(const struct world *world)
{
    return &world->endpoints.list.items[0];
}

static void load(struct world *world, const char *model)
{
    struct error err = { 0 };
    ck_assert_msg(model_life_load(world->life, box(world), model, &err), "%s",
                  err.text);
}

static void unload(struct world *world, const char *model)
{
    struct error err = { 0 };
    ck_assert_msg(model_life_unload(world->life, box(world), model, &err), "%s",
                  err.text);
}

static void settle(struct world *world)
{
    for (int i = 0; i < 10000 && model_life_is_moving(world->life); i++)
        loop_turn(world->loop, 1000);
    ck_assert(!model_life_is_moving(world->life));
}

static void expect(const struct world *world, enum model_state state)
{
    ck_assert_str_eq(
        life_state_name(LIFE_MODEL, (int)model_life_state(world->life)),
        life_state_name(LIFE_MODEL, (int)state));
}

static void expect_received(const struct world *world, const char *text,
                            int count)
{
    ck_assert_msg(server_count(world->server, text) == count,
                  "%d times %s in:\n%s", server_count(world->server, text),
                  text, server_received(world->server));
}

/* The events of an answer. */
static void begin_answer(struct world *world, const char *endpoint,
                         const char *model)
{
    struct event event = { .type = EVENT_ATTEMPT_STARTED };
    event_add_string(&event, FIELD_ENDPOINT, endpoint);
    event_add_string(&event, FIELD_MODEL, model);
    model_life_take(world->life, &world->endpoints, &event);
}

static void say_something(struct world *world)
{
    struct event event = { .type = EVENT_TEXT_DELTA };
    model_life_take(world->life, &world->endpoints, &event);
}

static void end_answer(struct world *world, const char *outcome)
{
    struct event event = { .type = EVENT_ATTEMPT_FINISHED };
    event_add_string(&event, FIELD_OUTCOME, outcome);
    event_add_string(&event, FIELD_ERROR, "boom");
    model_life_take(world->life, &world->endpoints, &event);
}

START_TEST(an_ollama_loads_with_the_endpoints_window_and_unloads)
{
    struct world world;
    static char keep[] = "30m";
    open_world(&world, server_start(CHAT LOADED, CHAT UNLOADED, NULL),
               &dialect_ollama);
    world.endpoints.list.items[0].num_ctx = 8192;
    world.endpoints.list.items[0].keep_alive = keep;
    expect(&world, MODEL_IDLE);
    load(&world, "m");
    expect(&world, MODEL_LOADING);
    settle(&world);
    expect(&world, MODEL_READY);
    ck_assert_int_gt(world.changes, 0);
    expect_received(&world,
                    "{\"model\":\"m\",\"keep_alive\":\"30m\",\"options\":"
                    "{\"num_ctx\":8192},\"messages\":[],\"stream\":false}",
                    1);
    unload(&world, "m");
    expect(&world, MODEL_TEARING_DOWN);
    settle(&world);
    expect(&world, MODEL_IDLE);
    expect_received(&world,
                    "{\"model\":\"m\",\"keep_alive\":0,\"messages\":[],"
                    "\"stream\":false}",
                    1);
    ck_assert_int_eq(model_life_error(world.life)->kind, ERROR_NONE);
    close_world(&world);
}
END_TEST

/* W3: the newer word counts, and the first load is heard of no more. */
START_TEST(a_new_load_cancels_the_first)
{
    struct world world;
    open_world(&world, server_start(CHAT "stall\n", CHAT LOADED, NULL),
               &dialect_ollama);
    load(&world, "first");
    for (int i = 0; i < 1000 && !server_count(world.server, "\"first\""); i++)
        loop_turn(world.loop, 10);
    load(&world, "second");
    expect(&world, MODEL_LOADING);
    ck_assert_str_eq(model_life_model(world.life), "second");
    settle(&world);
    expect(&world, MODEL_READY);
    ck_assert_str_eq(model_life_model(world.life), "second");
    ck_assert(server_await(world.server, "connection 1 closed by the client"));
    close_world(&world);
}
END_TEST

/* The ways by which a load fails, and the words. */
static const struct {
    const struct dialect *dialect;
    const char *first, *second, *third, *words;
    bool is_out_of_memory;
} failures[] = {
    { &dialect_ollama,
      CHAT "status 404 Not Found\nbody "
           "\"{\\\"error\\\":\\\"model 'm' not found\\\"}\"\n",
      NULL, NULL,
      "load m: box: model 'm' not found; `sennit pull box/m` fetches it",
      false },
    { &dialect_ollama,
      CHAT "status 500 Internal Server Error\nbody "
           "\"{\\\"error\\\":\\\"model requires more system memory (5.6 GiB) "
           "than is available (3.2 GiB)\\\"}\"\n",
      NULL, NULL,
      "load m: box: the model does not fit: it needs 5.6 GiB, 3.2 GiB is free",
      true },
    { &dialect_ollama,
      CHAT OK "\"{\\\"error\\\":\\\"cudaMalloc failed: out of memory\\\"}\"\n",
      NULL, NULL,
      "load m: the model does not fit into the memory that is free: cudaMalloc "
      "failed: out of memory",
      true },
    { &dialect_chat_completions, "match GET /v1/models\n" ROUTER("unloaded"),
      "match POST /models/load\n" OK "\"{\\\"success\\\":true}\"\n",
      "match GET /v1/models\n" ROUTER_FAILED,
      "load m: box could not load it: its log says why (a broken file, or too "
      "little memory)",
      false },
    { &dialect_chat_completions,
      "match GET /v1/models\n" OK
      "\"{\\\"data\\\":[{\\\"id\\\":\\\"other\\\",\\\"owned_by\\\":"
      "\\\"llamacpp\\\",\\\"status\\\":{\\\"value\\\":\\\"loaded\\\"}}]}\"\n",
      NULL, NULL, "load m: box has no model of that name", false },
    { &dialect_chat_completions,
      "match GET /v1/models\n" LIST("llamacpp", ",\\\"meta\\\":{}"), NULL, NULL,
      "load m: box is a llama-server with one model, which it has loaded since "
      "it started; its router (--models-dir) loads and unloads",
      false },
    { &dialect_chat_completions, "match GET /v1/models\n" LIST("vllm", ""),
      NULL, NULL,
      "load m: box is a vLLM: it has the model with which it was started, and "
      "cannot change it",
      false },
    { &dialect_chat_completions, "match GET /v1/models\n" LIST("acme", ""),
      NULL, NULL, "load m: box cannot be told to load or unload a model",
      false },
    { &dialect_chat_completions,
      "match GET /v1/models\n" LIST("organization_owner", ""),
      "match POST /api/v1/models/load\nstatus 404 Not Found\nbody \"\"\n", NULL,
      "load m: box does not know this: LM Studio can be told from 0.4 on; "
      "before, it loads a model with its first prompt",
      false },
};

START_TEST(a_load_that_fails_says_why)
{
    struct world world;
    open_world(&world,
               server_start(failures[_i].first,
                            failures[_i].second ? failures[_i].second
                                                : "match GET /none\n",
                            failures[_i].third ? failures[_i].third
                                               : "match GET /none\n",
                            NULL),
               failures[_i].dialect);
    load(&world, "m");
    settle(&world);
    expect(&world, MODEL_ERROR);
    ck_assert_str_eq(model_life_error(world.life)->text, failures[_i].words);
    ck_assert_int_eq(model_life_is_out_of_memory(world.life),
                     failures[_i].is_out_of_memory);
    /* From here everything is possible again. */
    model_life_reset(world.life);
    expect(&world, MODEL_IDLE);
    close_world(&world);
}
END_TEST

START_TEST(a_router_is_asked_until_it_has_loaded)
{
    struct world world;
    open_world(&world,
               /* What failed once may be tried again. */
               server_start("match GET /v1/models\n" ROUTER_FAILED,
                            "match POST /models/load\n" OK
                            "\"{\\\"success\\\":true}\"\n",
                            "match GET /v1/models\n" ROUTER("loading"),
                            "match GET /v1/models\n" ROUTER("loaded"),
                            "match GET /v1/models\n" ROUTER("loaded"),
                            "match POST /models/unload\n" OK
                            "\"{\\\"success\\\":true}\"\n",
                            "match GET /v1/models\n" ROUTER("loaded"),
                            "match GET /v1/models\n" ROUTER("unloaded"), NULL),
               &dialect_chat_completions);
    load(&world, "m");
    settle(&world);
    expect(&world, MODEL_READY);
    expect_received(&world, "GET /v1/models", 3);
    unload(&world, "m");
    settle(&world);
    expect(&world, MODEL_IDLE);
    expect_received(&world, "POST /models/unload", 1);
    expect_received(&world, "GET /v1/models", 6);
    ck_assert_uint_eq(model_life_refused(world.life), 0);
    close_world(&world);
}
END_TEST

START_TEST(a_router_that_has_it_loaded_is_told_nothing)
{
    struct world world;
    open_world(&world,
               server_start("match GET /v1/models\n" ROUTER("loaded"), NULL),
               &dialect_chat_completions);
    load(&world, "m");
    settle(&world);
    expect(&world, MODEL_READY);
    expect_received(&world, "POST", 0);
    close_world(&world);
}
END_TEST

START_TEST(an_lm_studio_is_told_in_its_own_words)
{
    struct world world;
    open_world(
        &world,
        server_start(
            "match GET /v1/models\ntimes 2\n" LIST("organization_owner", ""),
            "match POST /api/v1/models/load\n" OK "\"{}\"\n",
            "match POST /api/v1/models/unload\n" OK "\"{}\"\n", NULL),
        &dialect_chat_completions);
    world.endpoints.list.items[0].num_ctx = 4096;
    load(&world, "m");
    settle(&world);
    expect(&world, MODEL_READY);
    expect_received(&world, "{\"model\":\"m\",\"context_length\":4096}", 1);
    unload(&world, "m");
    settle(&world);
    expect_received(&world, "{\"instance_id\":\"m\"}", 1);
    close_world(&world);
}
END_TEST

/* W2: it ends at once, and what comes next succeeds. */
START_TEST(an_aborted_load_leaves_room_for_the_next)
{
    struct world world;
    open_world(&world, server_start(CHAT "stall\n", CHAT LOADED, NULL),
               &dialect_ollama);
    ck_assert(!model_life_abort(world.life));
    expect(&world, MODEL_IDLE);
    load(&world, "m");
    for (int i = 0; i < 1000 && !server_count(world.server, "\"m\""); i++)
        loop_turn(world.loop, 10);
    ck_assert(model_life_abort(world.life));
    expect(&world, MODEL_IDLE);
    ck_assert(server_await(world.server, "connection 1 closed by the client"));
    load(&world, "m");
    settle(&world);
    expect(&world, MODEL_READY);
    close_world(&world);
}
END_TEST

START_TEST(an_answer_loads_its_model_and_an_error_in_it_leaves_it_ready)
{
    struct world world;
    open_world(&world, NULL, &dialect_ollama);
    begin_answer(&world, "box", "m");
    expect(&world, MODEL_LOADING);
    ck_assert(!model_life_is_moving(world.life));
    say_something(&world);
    expect(&world, MODEL_CHATTING);
    end_answer(&world, "complete");
    expect(&world, MODEL_READY);
    begin_answer(&world, "box", "m");
    expect(&world, MODEL_CHATTING);
    end_answer(&world, "error"); /* W4 */
    expect(&world, MODEL_READY);
    begin_answer(&world, "box", "m");
    end_answer(&world, "aborted");
    expect(&world, MODEL_READY);
    /* Another model is loaded first. */
    begin_answer(&world, "box", "n");
    expect(&world, MODEL_LOADING);
    end_answer(&world, "error");
    expect(&world, MODEL_ERROR);
    ck_assert_str_eq(model_life_error(world.life)->text, "boom");
    begin_answer(&world, "box", "n");
    expect(&world, MODEL_LOADING);
    ck_assert_int_eq(model_life_error(world.life)->kind, ERROR_NONE);
    end_answer(&world, "aborted");
    expect(&world, MODEL_IDLE);
    /* Nobody sees a vendor load, nor the guide. */
    begin_answer(&world, "cloud", "x");
    expect(&world, MODEL_CHATTING);
    end_answer(&world, "cut");
    expect(&world, MODEL_READY);
    ck_assert_uint_eq(model_life_refused(world.life), 0);
    close_world(&world);
}
END_TEST

START_TEST(a_model_is_not_replaced_under_its_own_answer)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world, NULL, &dialect_ollama);
    begin_answer(&world, "box", "m");
    say_something(&world);
    ck_assert(!model_life_load(world.life, box(&world), "n", &err));
    ck_assert_str_eq(err.text, "m is answering; stop it first");
    ck_assert_uint_eq(model_life_refused(world.life), 1);
    ck_assert(!model_life_unload(world.life, box(&world), "n", &err));
    ck_assert_str_eq(err.text, "m is at work; stop it first");
    expect(&world, MODEL_CHATTING);
    ck_assert(!model_life_load(world.life, &world.endpoints.list.items[2],
                               "guide", &err));
    ck_assert_str_eq(err.text,
                     "guide is inside this program: there is nothing to load");
    close_world(&world);
}
END_TEST

/* W2 and W7: in every state that there is, nothing is left behind. */
enum { CALLS = 4 };

static void bring(struct world *world, int state)
{
    switch (state) {
    case MODEL_IDLE: break;
    case MODEL_LOADING: load(world, "m"); break;
    case MODEL_READY:
    case MODEL_CHATTING:
        begin_answer(world, "box", "m");
        say_something(world);
        if (state == MODEL_READY)
            end_answer(world, "complete");
        break;
    case MODEL_ERROR:
        begin_answer(world, "box", "m");
        end_answer(world, "error");
        break;
    case MODEL_TEARING_DOWN: unload(world, "m"); break;
    }
    expect(world, (enum model_state)state);
}

START_TEST(abort_reset_teardown_and_the_end_are_legal_everywhere)
{
    static const enum model_state after[MODEL_STATE_COUNT][CALLS] = {
        /* abort, reset, unload, nothing: then the end */
        [MODEL_IDLE] = { MODEL_IDLE, MODEL_IDLE, MODEL_TEARING_DOWN,
                         MODEL_IDLE },
        [MODEL_LOADING] = { MODEL_IDLE, MODEL_IDLE, MODEL_TEARING_DOWN,
                            MODEL_LOADING },
        [MODEL_READY] = { MODEL_READY, MODEL_IDLE, MODEL_TEARING_DOWN,
                          MODEL_READY },
        [MODEL_CHATTING] = { MODEL_READY, MODEL_IDLE, MODEL_TEARING_DOWN,
                             MODEL_CHATTING },
        [MODEL_ERROR] = { MODEL_ERROR, MODEL_IDLE, MODEL_TEARING_DOWN,
                          MODEL_ERROR },
        [MODEL_TEARING_DOWN] = { MODEL_TEARING_DOWN, MODEL_TEARING_DOWN,
                                 MODEL_TEARING_DOWN, MODEL_TEARING_DOWN },
    };
    for (int call = 0; call < CALLS; call++) {
        struct world world;
        struct error err = { 0 };
        open_world(&world, server_start(CHAT "stall\n", NULL), &dialect_ollama);
        bring(&world, _i);
        /* While a request is on its way, too. */
        loop_turn(world.loop, 0);
        if (call == 0)
            model_life_abort(world.life);
        else if (call == 1)
            model_life_reset(world.life);
        else if (call == 2)
            ck_assert_int_eq(
                model_life_unload(world.life, box(&world), "m", &err),
                _i != MODEL_TEARING_DOWN);
        expect(&world, after[_i][call]);
        close_world(&world);
    }
}
END_TEST

Suite *model_life_suite(void)
{
    Suite *suite = suite_create("model_life");
    TCase *orders = tcase_create("orders"), *answers = tcase_create("answers");
    tcase_add_test(orders,
                   an_ollama_loads_with_the_endpoints_window_and_unloads);
    tcase_add_test(orders, a_new_load_cancels_the_first);
    tcase_add_loop_test(orders, a_load_that_fails_says_why, 0,
                        COUNTOF(failures));
    tcase_add_test(orders, a_router_is_asked_until_it_has_loaded);
    tcase_add_test(orders, a_router_that_has_it_loaded_is_told_nothing);
    tcase_add_test(orders, an_lm_studio_is_told_in_its_own_words);
    tcase_add_test(orders, an_aborted_load_leaves_room_for_the_next);
    tcase_add_test(
        answers, an_answer_loads_its_model_and_an_error_in_it_leaves_it_ready);
    tcase_add_test(answers, a_model_is_not_replaced_under_its_own_answer);
    tcase_add_loop_test(answers,
                        abort_reset_teardown_and_the_end_are_legal_everywhere,
                        0, MODEL_STATE_COUNT);
    suite_add_tcase(suite, orders);
    suite_add_tcase(suite, answers);
    return suite;
}
