/* SPDX-License-Identifier: MIT */
/*
 * What one run learns of a server and the next one knows: from end to end, with
 * a state.db between them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "chat/chat_tokens.h"
#include "store/state.h"
#include "tests/support/desk.h"
#include "tests/support/ollama.h"
#include "tests/support/server.h"

Suite *experience_suite(void);

#define POST "match POST /v1/chat/completions\n"
#define REFUSES                                                             \
    POST "status 400 Bad Request\nheader Content-Type: application/json\n"  \
         "body \"{\\\"error\\\":{\\\"message\\\":\\\"Unsupported "          \
         "parameter: 'temperature' is not supported with this model.\\\","  \
         "\\\"type\\\":\\\"invalid_request_error\\\",\\\"param\\\":"        \
         "\\\"temperature\\\",\\\"code\\\":\\\"unsupported_parameter\\\"}}" \
         "\"\n"
#define ANSWERS                                                     \
    POST "times forever\nstatus 200 OK\n"                           \
         "header Content-Type: application/json\n"                  \
         "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"role\\\":" \
         "\\\"assistant\\\",\\\"content\\\":\\\"hi\\\"},"           \
         "\\\"finish_reason\\\":\\\"stop\\\"}]}\"\n"
#define FAILS POST "times forever\nstatus 500 Oops\nbody \"no\"\n"

struct world {
    struct desk desk;
    struct server *server;
    const char *yaml, *target;
    bool is_interactive;
};

static void open_world(struct world *world)
{
    desk_open(&world->desk,
              &(struct desk_plan){
                  .yaml = world->yaml,
                  .is_kept = true,
                  .chat = { .target = world->target,
                            .is_interactive = world->is_interactive },
              });
}

static void close_world(struct world *world)
{
    desk_close(&world->desk);
    server_stop(world->server);
}

/* As the world now says. */
static void next_run(struct world *world)
{
    world->desk.plan.yaml = world->yaml;
    world->desk.plan.chat.target = world->target;
    world->desk.plan.chat.is_interactive = world->is_interactive;
    desk_reopen(&world->desk);
}

static const char *settings_of(struct server *server, const char *trust,
                               const char *more, char yaml[400])
{
    snprintf(yaml, 400,
             "endpoints:\n"
             "  box:\n"
             "    dialect: chat-completions\n"
             "    url: %s\n"
             "    trust: %s\n"
             "%s",
             server_url(server, "/v1"), trust, more);
    return yaml;
}

static const char *settings_for(struct server *server, const char *more,
                                char yaml[400])
{
    return settings_of(server, "own", more, yaml);
}

static int64_t count_events(const struct world *world, enum event_type type)
{
    const struct log *log = chat_conversation(world->desk.chat)->log;
    struct event event;
    int64_t count = 0;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        count += event.type == type;
    return count;
}

static bool says(const struct world *world, const char *reason)
{
    const struct log *log = chat_conversation(world->desk.chat)->log;
    struct event event;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++) {
        if (event.type == EVENT_ROUTED &&
            slice_find(event_text(&event, FIELD_REASONS), reason) >= 0)
            return true;
    }
    return false;
}

static void open_refusing(struct world *world, char yaml[400])
{
    *world = (struct world){ .target = "box/m" };
    world->server = server_start(REFUSES, ANSWERS, NULL);
    world->yaml =
        settings_for(world->server, "reply: {temperature: 0.5}\n", yaml);
    open_world(world);
    desk_ask(&world->desk, "one");
    ck_assert_int_eq(server_count(world->server, "\"temperature\""), 1);
    ck_assert(!says(world, "earlier run"));
}

START_TEST(what_a_server_refused_the_next_run_does_not_send)
{
    struct world world;
    char yaml[400];
    open_refusing(&world, yaml);
    next_run(&world);
    desk_ask(&world.desk, "two");
    ck_assert_int_eq(server_count(world.server, "\"temperature\""), 1);
    ck_assert_int_eq(server_count(world.server, "POST "), 3);
    ck_assert(says(&world, "without temperature: refused in an earlier run"));
    ck_assert_int_eq(count_events(&world, EVENT_RETRY_SCHEDULED), 0);
    close_world(&world);
}
END_TEST

/* As the state says that it was. */
static void change_state(const struct world *world, const char *sql)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    buf_printf(&path, "%s/sennit/state.db", world->desk.home);
    struct db *db = db_open(path.ptr, DB_WRITE, NULL, &err);
    ck_assert_msg(db && db_run(db, sql, &err), "%s", err.text);
    db_close(db);
    buf_clear(&path);
}

START_TEST(what_was_refused_more_than_a_week_ago_is_asked_again)
{
    static const char *const changes[] = {
        /* 8 days, in ms; 6 days are not enough. */
        "UPDATE note SET at = at - 691200000",
        "UPDATE note SET text = 'another sennit'",
    };
    for (size_t i = 0; i < COUNTOF(changes); i++) {
        struct world world;
        char yaml[400];
        open_refusing(&world, yaml);
        desk_end_run(&world.desk);
        change_state(&world, "UPDATE note SET at = at - 518400000");
        desk_begin_run(&world.desk);
        desk_ask(&world.desk, "two");
        ck_assert_int_eq(server_count(world.server, "\"temperature\""), 1);
        desk_end_run(&world.desk);
        change_state(&world, changes[i]);
        desk_begin_run(&world.desk);
        desk_ask(&world.desk, "three");
        ck_assert_int_eq(server_count(world.server, "\"temperature\""), 2);
        close_world(&world);
    }
}
END_TEST

/* One's own may have been mended since. */
START_TEST(a_vendor_that_failed_too_often_is_left_alone_by_the_next_run)
{
    struct world world = { .target = "box/m" };
    char yaml[400];
    struct error err = { 0 };
    world.server = server_start(FAILS, NULL);
    world.yaml = settings_of(world.server, _i ? "own" : "vendor",
                             "limits: {attempts: 1}\n", yaml);
    open_world(&world);
    for (int i = 0; i < 3; i++)
        desk_ask(&world.desk, "please");
    ck_assert_int_eq(server_count(world.server, "POST "), 3);
    next_run(&world);
    ck_assert(chat_prompt(world.desk.chat, slice_of("and now"), NULL, &err));
    while (!count_events(&world, EVENT_RETRY_SCHEDULED) &&
           !count_events(&world, EVENT_ATTEMPT_STARTED)) {
        chat_turn(world.desk.chat);
        loop_turn(world.desk.loop, 100);
    }
    ck_assert_int_eq(count_events(&world, EVENT_ATTEMPT_STARTED), _i);
    close_world(&world);
}
END_TEST

#define TWO_MODELS                                            \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"     \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"large:1b\\\"," \
    "\\\"size\\\":2000},{\\\"name\\\":\\\"small:1b\\\","      \
    "\\\"size\\\":1000}]}\"\n"
#define NONE_LOADED                                     \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[]}\"\n"
#define CHATS "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"

static void open_two_models(struct world *world, bool is_interactive)
{
    char host[64];
    *world = (struct world){ .yaml = "", .is_interactive = is_interactive };
    world->server = server_start(TWO_MODELS, NONE_LOADED,
                                 CHATS OLLAMA_SAY("hi") OLLAMA_DONE, NULL);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(world->server));
    setenv("OLLAMA_HOST", host, 1);
    world->target = "ollama/small:1b";
    open_world(world);
    desk_ask(&world->desk, "one");
    world->target = NULL;
    next_run(world);
    desk_ask(&world->desk, "two");
}

START_TEST(the_model_that_was_used_last_answers_where_none_is_named)
{
    struct world world;
    open_two_models(&world, true);
    ck_assert(says(&world, "model was used last"));
    ck_assert_int_eq(server_count(world.server, "\"model\":\"small:1b\""), 2);
    close_world(&world);
}
END_TEST

START_TEST(what_a_script_used_is_no_habit)
{
    struct world world;
    open_two_models(&world, false);
    ck_assert(says(&world, "largest model that fits"));
    ck_assert_int_eq(server_count(world.server, "\"model\":\"large:1b\""), 1);
    close_world(&world);
}
END_TEST

/* A prompt of 400 words and its template are 500 tokens there, the answer 2. */
#define COUNTS(prompt, answer)                                                \
    POST "status 200 OK\nheader Content-Type: application/json\n"             \
         "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"role\\\":"           \
         "\\\"assistant\\\",\\\"content\\\":\\\"hi\\\"},"                     \
         "\\\"finish_reason\\\":\\\"stop\\\"}],\\\"usage\\\":{"               \
         "\\\"prompt_tokens\\\":" prompt ",\\\"completion_tokens\\\":" answer \
         "}}\"\n"

static struct calibration learnt(const struct world *world)
{
    const struct endpoint *box =
        endpoints_find(&world->desk.endpoints, slice_of("box"));
    return chat_calibration(world->desk.chat, box, "m");
}

static void ask_words(struct world *world, size_t count)
{
    struct buf words = { 0 };
    while (count--)
        buf_append_string(&words, "word ");
    desk_ask(&world->desk, buf_string(&words));
    buf_clear(&words);
}

START_TEST(what_servers_have_counted_the_next_run_knows)
{
    struct world world = { .target = "box/m" };
    struct extent news = { 1000, 0, false };
    char yaml[400];
    world.server = server_start(COUNTS("500", "2"), COUNTS("1002", "2"),
                                COUNTS("1504", "2"), NULL);
    world.yaml = settings_for(world.server, "", yaml);
    open_world(&world);
    for (int i = 0; i < 3; i++)
        ask_words(&world, 400);
    struct calibration before = learnt(&world);
    uint64_t tokens = calibration_tokens(&before, &news);
    ck_assert_uint_eq(before.count, 3);
    ck_assert(tokens > 1100 && tokens < 1330);
    next_run(&world);
    while (!state_is_read(world.desk.state))
        loop_turn(world.desk.loop, 100);
    struct calibration after = learnt(&world);
    ck_assert_uint_eq(after.count, 3);
    ck_assert_uint_eq(calibration_tokens(&after, &news), tokens);
    close_world(&world);
}
END_TEST

/* What was counted, and what is behind it. */
START_TEST(the_next_prompt_is_what_was_counted_and_an_estimate_of_the_rest)
{
    struct world world = { .target = "box/m" };
    struct budget *budget = budget_new();
    char yaml[400];
    world.server = server_start(COUNTS("500", "2"), COUNTS("1002", "2"), NULL);
    world.yaml = settings_for(world.server, "", yaml);
    open_world(&world);
    chat_count(world.desk.chat, budget);
    struct prompt_tokens told =
        chat_prompt_tokens(world.desk.chat, budget, 400);
    ck_assert_uint_eq(told.counted, 0);
    ck_assert(told.tokens > 400 && told.tokens < 430); /* and a template */
    ck_assert_uint_gt(told.margin, 40);
    ask_words(&world, 400);
    ask_words(&world, 400);
    chat_count(world.desk.chat, budget);
    told = chat_prompt_tokens(world.desk.chat, budget, 0);
    ck_assert_uint_eq(told.tokens, 1004);
    ck_assert_uint_eq(told.counted, 1004);
    ck_assert_uint_eq(told.margin, 0);
    /* 400 words were 500 with their template. */
    told = chat_prompt_tokens(world.desk.chat, budget,
                              tokens_estimate(slice_of("word word word word")) *
                                  100);
    ck_assert(told.tokens > 1004 + 460 && told.tokens < 1004 + 540);
    ck_assert_uint_lt(told.margin, 100);
    budget_free(budget);
    close_world(&world);
}
END_TEST

/* The front was cut off, or only what was new was counted. */
START_TEST(a_count_below_the_one_before_teaches_nothing)
{
    struct world world = { .target = "box/m" };
    char yaml[400];
    world.server = server_start(COUNTS("500", "2"), COUNTS("480", "2"), NULL);
    world.yaml = settings_for(world.server, "", yaml);
    open_world(&world);
    ask_words(&world, 400);
    ask_words(&world, 400);
    ck_assert_uint_eq(learnt(&world).count, 1);
    ck_assert_uint_eq(learnt(&world).doubts, 0);
    close_world(&world);
}
END_TEST

Suite *experience_suite(void)
{
    Suite *suite = suite_create("experience");
    TCase *tcase = tcase_create("experience");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_a_server_refused_the_next_run_does_not_send);
    tcase_add_test(tcase, what_was_refused_more_than_a_week_ago_is_asked_again);
    tcase_add_loop_test(
        tcase, a_vendor_that_failed_too_often_is_left_alone_by_the_next_run, 0,
        2);
    tcase_add_test(tcase,
                   the_model_that_was_used_last_answers_where_none_is_named);
    tcase_add_test(tcase, what_a_script_used_is_no_habit);
    tcase_add_test(tcase, what_servers_have_counted_the_next_run_knows);
    tcase_add_test(
        tcase, the_next_prompt_is_what_was_counted_and_an_estimate_of_the_rest);
    tcase_add_test(tcase, a_count_below_the_one_before_teaches_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
