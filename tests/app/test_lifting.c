/* SPDX-License-Identifier: MIT */
/*
 * Models loaded and unloaded from the screen, and line by line.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"

Suite *lifting_suite(void);

#define F6     "\x1b[17~"
#define ESCAPE "\x1b"
#define ALT_L  "\x1bl"
#define ALT_P  "\x1bp"
#define ALT_S  "\x1bs"
#define ALT_U  "\x1bu"

#define DONE "body \"{\\\"done\\\":true}\"\n"
#define SHOW                                                    \
    "match POST /api/show\ntimes forever\nstatus 200 OK\nbody " \
    "\"{\\\"capabilities\\\":[\\\"completion\\\",\\\"tools\\\"]}\"\n"
#define LOADS_WHEN_RELEASED \
    "match POST /api/chat\nawait go\nstatus 200 OK\n" DONE
#define FAILS                                                                 \
    "match POST /api/chat\nstatus 500 Error\nbody "                           \
    "\"{\\\"error\\\":\\\"model requires more system memory (9 GiB) than is " \
    "available (3 GiB)\\\"}\"\n"

static struct server *server;
static struct pty *pty;

static void start(struct server *served)
{
    static const struct pty_options options = { .height = 24, .width = 100 };
    server = served;
    pty = fullscreen_start(server, &options);
    pty_expect(pty, "small:1b");
}

static void press(const char *keys, const char *expected)
{
    pty_send(pty, keys);
    pty_expect(pty, expected);
}

static void end(void)
{
    pty_free(pty);
    server_stop(server);
}

START_TEST(the_panel_loads_and_unloads_while_prompts_wait)
{
    start(server_start(OLLAMA_MODELS, SHOW, LOADS_WHEN_RELEASED,
                       OLLAMA_CHAT OLLAMA_SAY("at last") OLLAMA_DONE,
                       "match POST /api/chat\nstatus 200 OK\n" DONE, NULL));
    press(F6, "Enter take | Alt-L load | Alt-U unload | Alt-P pull | Alt-S s");
    pty_expect(pty, "tools");
    press(ALT_L, "loading small:1b at ollama; prompts wait, Alt-S stops it");
    pty_expect(pty, " Alt-S stop | Enter take | ");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Alt-L load");
    press("are you there", "are you there");
    press("\r", "queued 1: \"are you there\"");
    pty_expect(pty, "loading small:1b ");
    server_release(server, "go");
    pty_expect(pty, "at last");
    press(F6, "Alt-L load");
    press(ALT_U, "small:1b is unloaded");
    ck_assert_int_eq(server_count(server, "\"keep_alive\":0"), 1);
    end();
}
END_TEST

START_TEST(a_load_can_be_stopped_and_a_failed_one_says_what_would_do)
{
    start(server_start(OLLAMA_MODELS, SHOW, LOADS_WHEN_RELEASED, FAILS, NULL));
    press("/load\r", "loading small:1b at ollama");
    ck_assert(server_await(server, "POST /api/chat"));
    press(F6, "loading small:1b at ollama, ");
    press(ALT_S, "stopped; the server may go on by itself");
    press(ALT_S, "nothing is loaded or pulled just now");
    press(ALT_L, "the model does not fit: it needs 9 GiB, 3 GiB is free");
    end();
}
END_TEST

/* Esc is the panel's first; then the status tells of it. */
START_TEST(a_load_is_stopped_where_the_panel_was_closed)
{
    start(server_start(OLLAMA_MODELS, SHOW, LOADS_WHEN_RELEASED, NULL));
    press("/load\r", "prompts wait, Esc stops it");
    pty_expect(pty, "Esc stop  F1 help");
    press(F6, "Alt-L load");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Alt-L load");
    pty_expect(pty, " loading small:1b ");
    pty_expect(pty, "Esc stop  F1 help");
    press(ESCAPE, "stopped; the server may go on by itself");
    pty_expect_gone(pty, "Esc stop");
    end();
}
END_TEST

START_TEST(a_small_screen_names_the_keys_that_are_used_most)
{
    static const struct pty_options options = { .height = 10, .width = 40 };
    server = server_start(OLLAMA_MODELS, SHOW, NULL);
    pty = fullscreen_start(server, &options);
    pty_expect(pty, "small:1b");
    press(F6, " Enter take | Alt-L load | Alt-U unload");
    end();
}
END_TEST

START_TEST(a_name_that_was_typed_is_pulled)
{
    start(server_start(OLLAMA_MODELS, SHOW,
                       "match POST /api/pull\nstatus 200 OK\nchunked\n"
                       "line {\"status\":\"pulling manifest\"}\nstall\n",
                       NULL));
    press(F6, "Alt-P pull");
    press("tiny:1b", "find: tiny:1b");
    press(ALT_P, "pulling manifest");
    ck_assert(server_await(server, "{\"model\":\"tiny:1b\"}"));
    press(ESCAPE, "stopped; /pull tiny:1b goes on where it was");
    end();
}
END_TEST

START_TEST(without_a_screen_a_line_tells_of_it)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit",
                                  "--linear", NULL };
    static const struct pty_options options = { .height = 24, .width = 100 };
    server = server_start(OLLAMA_MODELS, LOADS_WHEN_RELEASED, NULL);
    pty = fullscreen_new(server, &options);
    pty_start(pty, words);
    pty_expect(pty, "-- small:1b at ollama answers");
    press("/load\r", "-- loading small:1b at ollama; prompts wait");
    server_release(server, "go");
    pty_expect(pty, "-- small:1b is loaded");
    end();
}
END_TEST

Suite *lifting_suite(void)
{
    Suite *suite = suite_create("lifting");
    TCase *tcase = tcase_create("lifting");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_panel_loads_and_unloads_while_prompts_wait);
    tcase_add_test(tcase,
                   a_load_can_be_stopped_and_a_failed_one_says_what_would_do);
    tcase_add_test(tcase, a_load_is_stopped_where_the_panel_was_closed);
    tcase_add_test(tcase, a_small_screen_names_the_keys_that_are_used_most);
    tcase_add_test(tcase, a_name_that_was_typed_is_pulled);
    tcase_add_test(tcase, without_a_screen_a_line_tells_of_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
