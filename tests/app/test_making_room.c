/* SPDX-License-Identifier: MIT */
/*
 * A prompt that fills the window, on the screen: it waits with what would go,
 * comes back if it is not sent, and a summary is changed before it is taken.
 */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "tests/support/fullscreen.h"

Suite *making_room_suite(void);

#define LIST                                               \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"              \
    "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":["   \
    "{\\\"id\\\":\\\"m\\\",\\\"max_model_len\\\":2000}]}\"\n"
#define ANSWER(times, text)                                                \
    "match POST /v1/chat/completions\ntimes " times "\nstatus 200 OK\n"    \
    "header Content-Type: application/json\n"                              \
    "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"" text \
    "\\\"},\\\"finish_reason\\\":\\\"stop\\\"}]}\"\n"

static struct server *server;
static struct pty *pty;

static void begin(void)
{
    struct buf config = { 0 };
    server = server_start(LIST, ANSWER("2", "ALPHA"), ANSWER("1", "GREEK"),
                          ANSWER("forever", "OMEGA"), NULL);
    buf_printf(&config,
               "model: box/m\ntools: {mode: off}\nendpoints:\n"
               "  box: {dialect: chat-completions, trust: own, url: '%s'}\n",
               server_url(server, "/v1"));
    pty = fullscreen_new(NULL,
                         &(struct pty_options){ .height = 30, .width = 100 });
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&config));
    fullscreen_run(pty);
    buf_clear(&config);
}

static void end(void)
{
    pty_free(pty);
    server_stop(server);
}

/* About five hundred tokens behind a word. */
static void say(const char *word)
{
    pty_send(pty, word);
    for (int i = 0; i < 50; i++)
        pty_send(pty, " one two three four five six seven eight nine ten");
    pty_expect(pty, "nine ten");
    pty_send(pty, "\r");
}

static int posts(void)
{
    return server_count(server, "POST /v1/chat/completions");
}

static bool has_moved(struct pty *on, void *context)
{
    int row, col;
    pty_cursor(on, &row, &col);
    return row != *(int *)context;
}

/* Keys of its first moment are not for the question: its rows tell when it takes
 * them. Then the first one is chosen. */
static void await_question(const char *words)
{
    int before, col, tries = PTY_DEADLINE_MS / 100;
    pty_expect(pty, words);
    pty_cursor(pty, &before, &col);
    do {
        ck_assert_int_gt(tries--, 0);
        pty_send(pty, "\x1b[B");
    } while (!pty_wait_until(pty, has_moved, &before, 100));
    pty_send(pty, "\x1b[5~");
}

static void fill(void)
{
    say("ONE");
    pty_expect(pty, "ALPHA");
    say("TWO");
    pty_expect(pty, "2 turns");
    pty_expect(pty, "complete");
    say("THREE");
    pty_expect(pty, "Enter answers | Esc does not send");
}

START_TEST(a_prompt_that_waits_shows_what_would_go_and_comes_back)
{
    begin();
    fill();
    pty_expect(pty, "of 2,000");
    pty_expect(pty, "truncate ");
    pty_expect(pty, "turns are left out");
    pty_expect(pty, "do not send, and cut nothing");
    ck_assert_int_eq(posts(), 2);
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "do not send, and cut nothing");
    pty_expect(pty, "no room was made for it");
    ck_assert_int_eq(posts(), 2);
    /* It is the draft again, and asks again. */
    pty_send(pty, "\r");
    pty_expect(pty, "do not send, and cut nothing");
    end();
}
END_TEST

START_TEST(a_summary_is_changed_in_the_editor_and_taken)
{
    begin();
    fill();
    await_question("truncate ");
    pty_send(pty, "\r");
    pty_expect(pty, "change its words first");
    pty_expect(pty, "GREEK");
    ck_assert_int_eq(posts(), 3);
    await_question("change its words first");
    pty_send(pty, "\x1b[B\x1b[B\r");
    pty_expect(pty, "Enter puts it in the place of those turns");
    pty_send(pty, " LETTERS\r");
    pty_expect(pty, "OMEGA");
    ck_assert_ptr_nonnull(strstr(server_received(server), "GREEK LETTERS"));
    pty_send(pty, "\x18u");
    pty_expect(pty, "the turns are sent again in place of their summary");
    end();
}
END_TEST

Suite *making_room_suite(void)
{
    Suite *suite = suite_create("making_room");
    TCase *tcase = tcase_create("making_room");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase,
                   a_prompt_that_waits_shows_what_would_go_and_comes_back);
    tcase_add_test(tcase, a_summary_is_changed_in_the_editor_and_taken);
    suite_add_tcase(suite, tcase);
    return suite;
}
