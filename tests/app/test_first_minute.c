/* SPDX-License-Identifier: MIT */
/*
 * The first screen where there is no model yet, and the way to a first answer.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/fullscreen.h"
#include "tests/support/golden.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"

Suite *first_minute_suite(void);

#define NO_MODELS                                     \
    "match GET /api/tags\nstatus 200 OK\n"            \
    "body \"{\\\"models\\\":[]}\"\n",                 \
        "match GET /api/ps\ntimes 1\nstatus 200 OK\n" \
        "body \"{\\\"models\\\":[]}\"\n"
#define PULL                                                \
    "match POST /api/pull\nstatus 200 OK\nchunked\n"        \
    "line {\"status\":\"pulling manifest\"}\n"              \
    "line {\"status\":\"pulling aaaaaaaaaaaa\",\"digest\":" \
    "\"sha256:aaaaaaaaaaaa\",\"total\":2000000000,\"completed\":960000000}\n"
#define SUCCESS "line {\"status\":\"success\"}\n"

/* The table offers one small model, so that the memory of the machine that runs
 * the tests decides nothing. */
static const char starters[] = "pull:\n  - {model: \"small:1b\", size: 50}\n";

static struct server *server;
static struct pty *pty;

static void begin(void)
{
    const char *variables[] = { NULL };
    struct pty_options options = { .height = 24,
                                   .width = 80,
                                   .variables = variables };
    pty = fullscreen_new(server, &options);
    pty_write_file(pty, ".config/sennit/vendors.yaml", starters);
    fullscreen_run(pty);
}

static void end(void)
{
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}

static void press(const char *keys, const char *appears)
{
    pty_send(pty, keys);
    pty_expect(pty, appears);
}

/* The screen, with the digits of the port made zeros. */
static void check_screen(const char *name)
{
    struct buf text = { 0 };
    static const char address[] = "127.0.0.1:";
    buf_append_string(&text, pty_screen(pty));
    for (char *at = strstr(text.ptr, address); at; at = strstr(at, address)) {
        at += strlen(address);
        for (; *at >= '0' && *at <= '9'; at++)
            *at = '0';
    }
    golden_check_in("app", name, &text);
    buf_clear(&text);
}

START_TEST(without_any_server_the_first_screen_says_what_to_do)
{
    server = NULL;
    begin();
    pty_expect(pty, "No model answers yet");
    fullscreen_settle(pty);
    check_screen("first-no-server.txt");
    /* The guide answers meanwhile. */
    press("how do I connect a model?\r", "guide");
    pty_expect(pty, "not a language model");
    pty_expect(pty, "| complete |");
    end();
}
END_TEST

START_TEST(an_ollama_without_a_model_gets_one_on_enter_and_it_answers)
{
    server =
        server_start(NO_MODELS, PULL "await go\n" SUCCESS, OLLAMA_MODELS,
                     OLLAMA_CHAT OLLAMA_SAY("I am here") OLLAMA_DONE, NULL);
    begin();
    pty_expect(pty, "Enter gets small:1b");
    fullscreen_settle(pty);
    check_screen("first-no-model.txt");
    /* Enter, a question, Enter. */
    press("\r", "small:1b 48 %, 1.0 of 2.0 GB");
    pty_expect(pty, "pulling small:1b 48 %");
    pty_expect(pty, "aaaaaaaaaaaa");
    server_release(server, "go");
    pty_expect(pty, "answers from now on");
    press("a\r", "I am here");
    end();
}
END_TEST

START_TEST(escape_stops_a_pull_and_enter_goes_on_with_it)
{
    server = server_start(NO_MODELS, PULL "stall\n", PULL SUCCESS,
                          OLLAMA_MODELS, NULL);
    begin();
    pty_expect(pty, "Enter gets small:1b");
    press("\r", "pulling small:1b 48 %");
    press("\x1b", "goes on where it was");
    ck_assert(server_await(server, "closed by the client"));
    pty_expect_gone(pty, "pulling small:1b");
    press("\r", "answers from now on");
    end();
}
END_TEST

START_TEST(pull_takes_a_name_and_tells_what_fails)
{
    server = server_start(NO_MODELS,
                          "match POST /api/pull\nstatus 200 OK\nchunked\n"
                          "line {\"error\":\"pull model manifest: file does "
                          "not exist\"}\n",
                          NULL);
    begin();
    pty_expect(pty, "Enter gets small:1b");
    press("/pull\r", "/pull takes a model");
    press("\x15/pull tiny\r", "has no model of that name");
    ck_assert(server_await(server, "{\"model\":\"tiny\"}"));
    end();
}
END_TEST

static void fetch(struct program *program, const char *model)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    *program = (struct program){ .arguments = { "pull", model },
                                 .variables = { host } };
    program_run(program);
}

START_TEST(pull_on_the_command_line_tells_on_stderr_and_by_its_status)
{
    struct program program;
    server = server_start(PULL SUCCESS,
                          "match POST /api/pull\nstatus 200 OK\nchunked\n"
                          "line {\"error\":\"no space left on device\"}\n",
                          NULL);
    fetch(&program, "small:1b");
    ck_assert_int_eq(program.status, 0);
    ck_assert_uint_eq(program.out.len, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "pulling manifest"));
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "small:1b is here"));
    program_clear(&program);
    fetch(&program, "ollama/small:1b");
    ck_assert_int_eq(program.status, 1);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "no space left"));
    program_clear(&program);
    fetch(&program, NULL);
    ck_assert_int_eq(program.status, 2);
    program_clear(&program);
    server_stop(server);
}
END_TEST

#define ANSWER                                                         \
    "match POST /v1/chat/completions\nstatus 200 OK\n"                 \
    "header Content-Type: text/event-stream\nchunked\n"                \
    "data {\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n"       \
    "data {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n" \
    "data [DONE]\n"
#define LIST(body) "match GET /v1/models\nstatus 200 OK\nbody \"" body "\"\n"

/* What the server lists, and what is asked for where `usual` is usual. */
static const struct {
    const char *list, *model;
} lists[] = {
    { LIST(
          "{\\\"data\\\":[{\\\"id\\\":\\\"a\\\"},{\\\"id\\\":\\\"usual\\\"}]}"),
      "\"model\":\"usual\"" },
    { LIST("{\\\"data\\\":[{\\\"id\\\":\\\"models/usual\\\"}]}"),
      "\"model\":\"models/usual\"" },
    { LIST("{\\\"data\\\":[{\\\"id\\\":\\\"a\\\"},{\\\"id\\\":\\\"b\\\"}]}"),
      "\"model\":\"a\"" },
    /* It answers, and has no list. */
    { "match GET /v1/models\nstatus 404 Not Found\nbody \"\"\n",
      "\"model\":\"usual\"" },
};

START_TEST(a_vendor_without_a_model_named_gives_his_usual_one_if_he_has_it)
{
    struct program program = { .arguments = { "-m", "shop", "hi" },
                               .variables = { "SHOP_KEY=k" } };
    char vendors[256];
    server = server_start(lists[_i].list, ANSWER, NULL);
    snprintf(vendors, sizeof vendors,
             "vendors:\n  shop: {url: \"%s\", dialect: chat-completions, key: "
             "[SHOP_KEY], model: usual}\n",
             server_url(server, "/v1"));
    program_file(&program, ".config/sennit/vendors.yaml", vendors);
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "hello\n");
    ck_assert_msg(strstr(server_received(server), lists[_i].model) != NULL,
                  "%s", server_received(server));
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "Authorization: Bearer k"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

Suite *first_minute_suite(void)
{
    Suite *suite = suite_create("first_minute");
    TCase *tcase = tcase_create("first_minute");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, without_any_server_the_first_screen_says_what_to_do);
    tcase_add_test(tcase,
                   an_ollama_without_a_model_gets_one_on_enter_and_it_answers);
    tcase_add_test(tcase, escape_stops_a_pull_and_enter_goes_on_with_it);
    tcase_add_test(tcase, pull_takes_a_name_and_tells_what_fails);
    tcase_add_test(tcase,
                   pull_on_the_command_line_tells_on_stderr_and_by_its_status);
    tcase_add_loop_test(
        tcase, a_vendor_without_a_model_named_gives_his_usual_one_if_he_has_it,
        0, sizeof lists / sizeof *lists);
    suite_add_tcase(suite, tcase);
    return suite;
}
