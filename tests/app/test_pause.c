/* SPDX-License-Identifier: MIT */
/*
 * Answers that a server pauses in the middle, or begins anew: the real program
 * against the scripted server, in Anthropic's dialect.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *pause_suite(void);

#define MODEL "claude-opus-4-7"
#define ANSWER                                                      \
    "match POST /v1/messages\nstatus 200 OK\nheader Content-Type: " \
    "text/event-stream\nchunked\n"
#define BEGIN(id)                                                \
    "data {\"type\":\"message_start\",\"message\":{\"id\":\"" id \
    "\",\"model\":\"" MODEL "\",\"usage\":{\"input_tokens\":3,"  \
    "\"output_tokens\":1}}}\n"
#define SAY(text)                                                           \
    "data {\"type\":\"content_block_start\",\"index\":0,\"content_block\":" \
    "{\"type\":\"text\",\"text\":\"\"}}\n"                                  \
    "data {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"         \
    "{\"type\":\"text_delta\",\"text\":\"" text "\"}}\n"                    \
    "data {\"type\":\"content_block_stop\",\"index\":0}\n"
#define SEARCH                                                             \
    "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\"," \
    "\"input\":{\"n\":1.0}}"
#define LOOK                                                                       \
    "data {\"type\":\"content_block_start\",\"index\":1,\"content_block\":" SEARCH \
    "}\n"                                                                          \
    "data {\"type\":\"content_block_stop\",\"index\":1}\n"
#define END(reason)                                                         \
    "data {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" reason \
    "\"},\"usage\":{\"output_tokens\":5}}\n"                                \
    "data {\"type\":\"message_stop\"}\n"

/* What the second request must end with: nothing stands behind the answer, and
 * the answer is as it came. */
#define SENT_BACK                                                           \
    "find it\"}]},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\"," \
    "\"text\":\"I look  \"}," SEARCH "]}]"

static struct server *server;
static struct program program;

static void ask(const char *first, const char *second, const char *output)
{
    char url[100];
    server = server_start(first, second, NULL);
    snprintf(url, sizeof url, "endpoints.box.url=http://127.0.0.1:%d",
             server_port(server));
    program = (struct program){
        .arguments = { "--set", url, "--set", "endpoints.box.dialect=anthropic",
                       "-m", "box/" MODEL, "-o", output, "-p", "find it" }
    };
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
}

static void end(void)
{
    program_clear(&program);
    server_stop(server);
}

#define PAUSED ANSWER BEGIN("a") SAY("I look  ") LOOK END("pause_turn")

START_TEST(a_paused_answer_is_sent_back_and_goes_on)
{
    ask(PAUSED, ANSWER BEGIN("b") SAY("Found.") END("end_turn"), "text");
    ck_assert_str_eq(buf_string(&program.out), "I look  \n\nFound.\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    ck_assert_int_eq(server_count(server, "--- request"), 2);
    ck_assert_int_eq(server_count(server, SENT_BACK), 1);
    end();
}
END_TEST

START_TEST(json_has_the_whole_of_a_paused_answer)
{
    ask(PAUSED, ANSWER BEGIN("b") SAY("Found.") END("end_turn"), "json");
    const char *out = buf_string(&program.out);
    ck_assert_ptr_nonnull(strstr(out, "\"text\":\"I look  \\n\\nFound.\""));
    ck_assert_ptr_nonnull(strstr(out, "\"finish_reason\":\"end_turn\""));
    ck_assert_ptr_nonnull(strstr(out, "\"attempts\":2"));
    end();
}
END_TEST

/* A failure between the two is none of the pauses: the same is asked again. */
START_TEST(what_was_paused_is_tried_again_when_its_rest_fails)
{
    char url[100];
    server = server_start(
        PAUSED, "match POST /v1/messages\nstatus 503 Busy\nbody \"{}\"\n",
        ANSWER BEGIN("b") SAY("Found.") END("end_turn"), NULL);
    snprintf(url, sizeof url, "endpoints.box.url=http://127.0.0.1:%d",
             server_port(server));
    program =
        (struct program){ .arguments = { "--set", url, "--set",
                                         "endpoints.box.dialect=anthropic",
                                         "--set", "limits.backoff=1ms", "-m",
                                         "box/" MODEL, "-p", "find it" } };
    program_run(&program);
    ck_assert_str_eq(buf_string(&program.out), "I look  \n\nFound.\n");
    ck_assert_int_eq(server_count(server, SENT_BACK), 2);
    end();
}
END_TEST

START_TEST(a_server_that_only_pauses_is_asked_nine_times)
{
    ask("times forever\n" ANSWER BEGIN("a") SAY("So.") END("pause_turn"),
        "match GET /\n", "json");
    const char *out = buf_string(&program.out);
    ck_assert_int_eq(server_count(server, "--- request"), 9);
    ck_assert_ptr_nonnull(strstr(out, "\"outcome\":\"complete\""));
    ck_assert_ptr_nonnull(strstr(out, "\"finish_reason\":\"pause_turn\""));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err), "the server paused in the middle"));
    end();
}
END_TEST

#define SPLICED                                                     \
    ANSWER BEGIN("a") SAY("Half of it") BEGIN("b") SAY("All of it") \
        END("end_turn")

START_TEST(an_answer_begun_anew_is_told_from_its_first_half)
{
    ask(SPLICED, "match GET /\n", "text");
    ck_assert_str_eq(buf_string(&program.out), "Half of it\nAll of it\n");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err), "the server began the answer anew"));
    end();
}
END_TEST

START_TEST(json_has_only_the_answer_that_was_begun_anew)
{
    ask(SPLICED, "match GET /\n", "json");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.out), "\"text\":\"All of it\""));
    end();
}
END_TEST

static void ask_for_value(const char *first, const char *second)
{
    char url[100], path[200];
    server = server_start(first, second, NULL);
    program = (struct program){ 0 };
    program_file(&program, "schema.json",
                 "{\"type\":\"object\",\"required\":[\"a\",\"b\"]}");
    snprintf(url, sizeof url, "endpoints.box.url=http://127.0.0.1:%d",
             server_port(server));
    snprintf(path, sizeof path, "%s/schema.json", program.home);
    const char *const words[] = { "--set",    url,
                                  "--set",    "endpoints.box.dialect=anthropic",
                                  "-m",       "box/" MODEL,
                                  "--schema", path,
                                  "-p",       "find it" };
    memcpy(program.arguments, words, sizeof words);
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
}

START_TEST(a_value_may_be_paused_in_the_middle)
{
    ask_for_value(ANSWER BEGIN("a") SAY("{\\\"a\\\":\\\"o")
                      LOOK END("pause_turn"),
                  ANSWER BEGIN("b") SAY("ne\\\",\\\"b\\\":2}") END("end_turn"));
    ck_assert_str_eq(buf_string(&program.out), "{\"a\":\"one\",\"b\":2}\n");
    end();
}
END_TEST

START_TEST(a_value_that_is_begun_anew_is_one_value)
{
    ask_for_value(ANSWER BEGIN("a") SAY("{\\\"a\\\":1,") BEGIN("b")
                      SAY("{\\\"a\\\":3,\\\"b\\\":4}") END("end_turn"),
                  "match GET /\n");
    ck_assert_str_eq(buf_string(&program.out), "{\"a\":3,\"b\":4}\n");
    end();
}
END_TEST

START_TEST(in_lines_the_answer_that_was_begun_anew_is_announced)
{
    char url[100];
    const char *path = getenv("PROGRAM");
    server = server_start(SPLICED, NULL);
    snprintf(url, sizeof url, "endpoints.box.url=http://127.0.0.1:%d",
             server_port(server));
    const char *const words[] = { path ? path : "build/release/sennit",
                                  "--linear",
                                  "--set",
                                  url,
                                  "--set",
                                  "endpoints.box.dialect=anthropic",
                                  "-m",
                                  "box/" MODEL,
                                  NULL };
    struct pty *pty = pty_new(NULL);
    pty_start(pty, words);
    pty_expect(pty, "-- sennit ");
    pty_send(pty, "find it\n");
    pty_expect(pty, "All of it");
    pty_expect(pty, "-- " MODEL " box, ttft ");
    ck_assert_ptr_nonnull(strstr(pty_screen(pty),
                                 "Half of it\n"
                                 "-- the server began the answer anew\n" MODEL
                                 " box:\nAll of it\n"));
    pty_free(pty);
    server_stop(server);
}
END_TEST

Suite *pause_suite(void)
{
    Suite *suite = suite_create("pause");
    TCase *test = tcase_create("pause");
    tcase_add_test(test, a_paused_answer_is_sent_back_and_goes_on);
    tcase_add_test(test, json_has_the_whole_of_a_paused_answer);
    tcase_add_test(test, what_was_paused_is_tried_again_when_its_rest_fails);
    tcase_add_test(test, a_server_that_only_pauses_is_asked_nine_times);
    tcase_add_test(test, an_answer_begun_anew_is_told_from_its_first_half);
    tcase_add_test(test, a_value_may_be_paused_in_the_middle);
    tcase_add_test(test, a_value_that_is_begun_anew_is_one_value);
    tcase_add_test(test, json_has_only_the_answer_that_was_begun_anew);
    tcase_add_test(test, in_lines_the_answer_that_was_begun_anew_is_announced);
    suite_add_tcase(suite, test);
    return suite;
}
