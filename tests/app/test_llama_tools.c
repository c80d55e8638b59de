/* SPDX-License-Identifier: MIT */
/*
 * Tools from end to end: the real program on a terminal, a real llama-server
 * whose model asks for tools, and after each way that a call can end a request
 * that the server takes.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/fullscreen.h"
#include "tests/support/llama.h"
#include "tests/support/skip.h"

Suite *llama_tools_suite(void);

#define ENTER  "\r"
#define ESCAPE "\x1b"
#define DOWN   "\x1b[B"
/* What the model says once a tool has answered. */
#define AFTER "everything is in order"

/* A tool of the user's own for what the scripts ask for. */
#define WEATHER(command)                                               \
    "tools:\n  use: [read_file, get_weather]\n  own:\n"                \
    "    get_weather:\n      about: the weather of a city\n"           \
    "      argv: " command "\n"                                        \
    "      parameters:\n        city: {type: text, about: its name}\n" \
    "        days: {type: integer, about: how many}\n"                 \
    "        unit: {type: text, about: c or f}\n"

static struct llama llama;
static struct pty *pty;

static void set_up(void)
{
    llama_start(&llama);
}

static void tear_down(void)
{
    llama_stop(&llama);
}

/* False: there is no such server here. */
static bool begin(const char *weather)
{
    static char program[PATH_MAX], url[64];
    const char *given = getenv("PROGRAM");
    if (!llama.port) {
        skip_note("llama");
        return false;
    }
    ck_assert_ptr_nonnull(
        realpath(given ? given : "build/release/sennit", program));
    snprintf(url, sizeof url, "OPENAI_BASE_URL=http://127.0.0.1:%d/v1",
             llama.port);
    const char *const words[] = {
        "/bin/sh", "-c", "cd \"$HOME/work\" && exec \"$0\" -m openai/scripted",
        program, NULL
    };
    const char *const variables[] = { url, NULL };
    struct pty_options options = { 40, 100, NULL, variables };
    pty = fullscreen_new(NULL, &options);
    pty_write_file(pty, "work/src/main.c", "int main(void) { return 0; }\n");
    pty_write_file(pty, ".config/sennit/config.yaml", weather);
    pty_start(pty, words);
    pty_expect(pty, "scripted@openai");
    return true;
}

/* A request that is not legal, the server refuses. */
static void end(void)
{
    pty_send(pty, "hello again" ENTER);
    pty_expect(pty, "hello again");
    pty_expect(pty, "Here is a short list");
    pty_expect_gone(pty, "Esc stop");
    ck_assert_int_eq(pty_quit(pty), 0);
    pty_free(pty);
}

static void expect_question(const char *words)
{
    pty_expect(pty, words);
    pty_expect(pty, "Enter answers");
}

START_TEST(a_call_is_asked_about_done_and_told)
{
    if (!begin(WEATHER("[echo, \"fair in {city}\"]")))
        return;
    pty_send(pty, "#tool#" ENTER);
    expect_question("t1 get_weather asks");
    pty_expect(pty, "Reykjav");
    pty_send(pty, ENTER);
    pty_expect(pty, AFTER);
    end();
}
END_TEST

START_TEST(a_call_behind_thinking_is_one)
{
    if (!begin(WEATHER("[echo, \"fair in {city}\"]")))
        return;
    pty_send(pty, "#thinktool#" ENTER);
    expect_question("t1 get_weather asks");
    pty_expect(pty, "Oslo");
    pty_send(pty, ENTER);
    pty_expect(pty, AFTER);
    end();
}
END_TEST

static bool has_question_or_end(struct pty *terminal, void *context)
{
    (void)context;
    return strstr(pty_screen(terminal), "Enter answers") ||
           strstr(pty_screen(terminal), AFTER);
}

START_TEST(of_three_calls_one_is_denied_and_the_others_go_on)
{
    if (!begin(WEATHER("[echo, \"fair in {city}\"]")))
        return;
    pty_send(pty, "#tools#" ENTER);
    expect_question("t1 read_file asks");
    pty_expect(pty, "/etc/hostname");
    /* The last answer is to deny. */
    pty_send(pty, DOWN DOWN DOWN DOWN DOWN ENTER);
    pty_expect(pty, "why not:");
    pty_send(pty, "mine" ENTER);
    expect_question("t3 get_weather asks");
    pty_send(pty, ENTER);
    pty_expect(pty, AFTER);
    end();
}
END_TEST

START_TEST(a_slow_call_is_stopped_with_its_run)
{
    if (!begin(WEATHER("[sleep, \"600\"]")))
        return;
    pty_send(pty, "#tool#" ENTER);
    expect_question("t1 get_weather asks");
    pty_send(pty, ENTER);
    pty_expect(pty, "executing");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "cancelled");
    end();
}
END_TEST

START_TEST(a_call_that_asks_is_left_with_its_run)
{
    if (!begin(WEATHER("[echo, \"fair in {city}\"]")))
        return;
    pty_send(pty, "#tool#" ENTER);
    expect_question("t1 get_weather asks");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Enter answers");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "cancelled");
    end();
}
END_TEST

/* The server makes a call of it, whose arguments are anything. */
START_TEST(a_call_that_makes_no_sense_harms_nobody)
{
    if (!begin(WEATHER("[echo, \"fair in {city}\"]")))
        return;
    pty_send(pty, "#badtool#" ENTER);
    ck_assert(pty_wait_until(pty, has_question_or_end, NULL, PTY_DEADLINE_MS));
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Enter answers");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Esc stop");
    end();
}
END_TEST

Suite *llama_tools_suite(void)
{
    Suite *suite = suite_create("llama_tools");
    TCase *tcase = tcase_create("llama_tools");
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_call_is_asked_about_done_and_told);
    tcase_add_test(tcase, a_call_behind_thinking_is_one);
    tcase_add_test(tcase, of_three_calls_one_is_denied_and_the_others_go_on);
    tcase_add_test(tcase, a_slow_call_is_stopped_with_its_run);
    tcase_add_test(tcase, a_call_that_asks_is_left_with_its_run);
    tcase_add_test(tcase, a_call_that_makes_no_sense_harms_nobody);
    suite_add_tcase(suite, tcase);
    return suite;
}
