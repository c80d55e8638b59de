/* SPDX-License-Identifier: MIT */
/*
 * Outages before the eyes of the user: a local server (box) and a vendor's
 * (gate) on a ladder, the real program on a terminal. What he sees and is asked,
 * and that what he stops is no failure: nobody else is asked then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/fullscreen.h"

Suite *outage_screen_suite(void);

#define ASKED                           \
    "match POST /v1/chat/completions\n" \
    "status 200 OK\nheader Content-Type: text/event-stream\nchunked\nhead\n"
#define SAY(text) \
    "data {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n"
#define THINK(text)                               \
    "data {\"choices\":[{\"index\":0,\"delta\":{" \
    "\"reasoning_content\":\"" text "\"}}]}\n"
#define DONE                                                          \
    "data {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":" \
    "\"stop\"}]}\ndata [DONE]\n"
#define ALWAYS(text) "times forever\n" ASKED SAY(text) DONE
#define NO_LIST      "match GET *\ntimes forever\nstatus 404 No\nbody \"{}\"\n"
#define BROKEN(number)                                                   \
    "match POST /v1/chat/completions\ntimes " number                     \
    "\nstatus 500 Oops\nbody \"{\\\"error\\\":{\\\"message\\\":\\\"out " \
    "of luck\\\"}}\"\n"
#define LATER                                                         \
    "match POST /v1/chat/completions\nstatus 429 Busy\n"              \
    "header Retry-After: 20\nbody \"{\\\"error\\\":{\\\"message\\\":" \
    "\\\"slow down\\\"}}\"\n"

#define ESCAPE   "\x1b"
#define SEND_NOW "\x18\r"

static struct server *box, *gate;
static struct pty *pty;

/* `first` is how the box answers the first prompt, and the gate what it is asked
 * first; then both live. */
static void prepare(const char *timeouts, const char *first, const char *then,
                    const char *setting)
{
    char yaml[1024];
    box = server_start(NO_LIST, first, ALWAYS("From the box."), NULL);
    gate = then ? server_start(NO_LIST, then, ALWAYS("From the gate."), NULL)
                : server_start(NO_LIST, ALWAYS("From the gate."), NULL);
    snprintf(yaml, sizeof yaml,
             "endpoints:\n"
             "  box: {dialect: chat-completions, trust: own, url: "
             "\"http://127.0.0.1:%d/v1\"%s}\n"
             "  gate: {dialect: chat-completions, trust: vendor, url: "
             "\"http://127.0.0.1:%d/v1\"}\n"
             "routing:\n  ladder: [box/m, gate/big]\n%s"
             "privacy: {first_send_to_vendor: always}\n"
             "limits: {backoff: 1ms}\n",
             server_port(box), timeouts, server_port(gate), setting);
    pty = fullscreen_new(NULL, &(struct pty_options){ .width = 140 });
    pty_write_file(pty, ".config/sennit/config.yaml", yaml);
}

static void begin_with(const char *timeouts, const char *first,
                       const char *then, const char *setting)
{
    prepare(timeouts, first, then, setting);
    fullscreen_run(pty);
    pty_send(pty, "one\r");
}

static void begin(const char *first, const char *then, const char *setting)
{
    begin_with("", first, then, setting);
}

static void finish(void)
{
    pty_free(pty);
    server_stop(box);
    server_stop(gate);
}

static void end(void)
{
    ck_assert_int_eq(pty_quit(pty), 0);
    finish();
}

static void ck_asked(int of_box, int of_gate)
{
    ck_assert_int_eq(server_count(box, "POST "), of_box);
    ck_assert_int_eq(server_count(gate, "POST "), of_gate);
}

START_TEST(a_line_tells_who_broke_off_and_who_answers)
{
    begin(ASKED SAY("Half an answer") "close\n", NULL, "");
    pty_expect(pty, "From the gate.");
    pty_expect(pty, "! m box ‹1/2› cut after ");
    pty_expect(pty, "fell back to big@gate");
    pty_expect(pty, "big gate ‹2/2›");
    ck_assert_ptr_null(strstr(pty_screen(pty), "Half an answer"));
    fullscreen_settle(pty);
    pty_send(pty, "two\r");
    pty_expect(pty, "From the box.");
    ck_asked(2, 1);
    ck_assert_int_eq(server_count(box, "Half an answer"), 0);
    end();
}
END_TEST

/* Without the screen, on a terminal. */
static void start_with(const char *option, const char *word)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", option,
                                  word, NULL };
    prepare("", ASKED SAY("Half an answer") "close\n", NULL, "");
    pty_start(pty, words);
}

START_TEST(what_a_terminal_has_got_is_said_to_be_cut_off)
{
    start_with("-p", "one");
    pty_expect(pty, "Half an answer");
    pty_expect(pty,
               "fell back to big@gate; what was printed before is cut off");
    pty_expect(pty, "From the gate.");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    ck_asked(1, 1);
    finish();
}
END_TEST

START_TEST(without_the_screen_a_line_tells_it_too)
{
    start_with("--linear", NULL);
    pty_expect(pty, "-- sennit ");
    pty_send(pty, "one\n");
    pty_expect(pty, "Half an answer");
    pty_expect(pty, "; fell back to big@gate");
    pty_expect(pty, "big gate:");
    pty_expect(pty, "From the gate.");
    ck_assert_int_eq(pty_quit(pty), 0);
    ck_asked(1, 1);
    finish();
}
END_TEST

START_TEST(the_user_is_asked_where_the_profile_says_so)
{
    begin(ASKED SAY("Half an answer") "close\n", NULL,
          "  fallback: {after_words: ask}\n");
    pty_expect(pty, "leaves this machine: 127.0.0.1");
    pty_expect(pty, "Half an answer");
    ck_asked(1, 0);
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "leaves this machine");
    fullscreen_settle(pty);
    pty_expect(pty, "Half an answer");
    pty_expect(pty, "! cut: ");
    pty_send(pty, "two\r");
    pty_expect(pty, "From the box.");
    ck_asked(2, 0);
    end();
}
END_TEST

/* Moments at which the user stops, and what the servers have been asked then. */
static const struct {
    const char *box, *gate, *setting;
    const char *seen; /* on the screen: the moment has come; or */
    const char *got;  /* in the log of the box */
    int of_box, of_gate;
    bool is_left_alone; /* by the next prompt, too */
    bool stays;         /* Escape only keeps the gate from answering */
} moments[] = {
    { "match POST *\nstall\n", NULL, "", NULL, "POST ", 1, 0, false, false },
    { ASKED "stall\n", NULL, "", "waiting for the first word", NULL, 1, 0,
      false, false },
    { ASKED SAY("Half") "await never\n", NULL, "", "Half", NULL, 1, 0, false,
      false },
    { ASKED THINK("Well") "await never\n", NULL, "", "thinking", NULL, 1, 0,
      false, false },
    { LATER, NULL, "", "rate limited", NULL, 1, 0, true, false },
    { BROKEN("1"), NULL, "  fallback: {countdown: 1h}\n", "gate/big answers",
      NULL, 1, 0, false, true },
    { BROKEN("1"), ASKED SAY("Part") "await never\n", "", "Part", NULL, 1, 1,
      false, false },
    { ASKED SAY("Half") "close\n", ASKED SAY("Part") "await never\n", "",
      "Part", NULL, 1, 1, false, false },
};

START_TEST(what_the_user_stops_is_no_failure)
{
    begin(moments[_i].box, moments[_i].gate, moments[_i].setting);
    if (moments[_i].got)
        ck_assert(server_await(box, moments[_i].got));
    else
        pty_expect(pty, moments[_i].seen);
    pty_send(pty, ESCAPE);
    pty_expect(pty,
               moments[_i].stays ? "big@gate was not asked" : "stopped by you");
    fullscreen_settle(pty);
    ck_asked(moments[_i].of_box, moments[_i].of_gate);
    end();
}
END_TEST

/* The same moments; another prompt instead of Escape. */
START_TEST(a_prompt_that_is_sent_now_goes_where_prompts_go)
{
    begin(moments[_i].box, moments[_i].gate, moments[_i].setting);
    if (moments[_i].got)
        ck_assert(server_await(box, moments[_i].got));
    else
        pty_expect(pty, moments[_i].seen);
    pty_send(pty, "two" SEND_NOW);
    if (moments[_i].is_left_alone) {
        pty_expect(pty, "it asked to wait");
        ck_asked(moments[_i].of_box, moments[_i].of_gate);
        pty_send(pty, ESCAPE);
    } else {
        pty_expect(pty, "From the box.");
        ck_asked(moments[_i].of_box + 1, moments[_i].of_gate);
    }
    end();
}
END_TEST

START_TEST(who_stops_one_that_fell_silent_wants_no_other)
{
    begin_with(", timeouts: {gap: 300ms}", ASKED SAY("Half") "stall\n", NULL,
               "");
    pty_expect(pty, "the answer has stalled");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "stopped by you");
    pty_expect(pty, "Half");
    fullscreen_settle(pty);
    ck_asked(1, 0);
    end();
}
END_TEST

START_TEST(a_local_model_may_take_its_time)
{
    begin(ASKED "await go\n" SAY("At last.") DONE, NULL, "");
    pty_expect(pty, "loading model");
    server_release(box, "go");
    pty_expect(pty, "At last.");
    ck_asked(1, 0);
    end();
}
END_TEST

/* The prompt of this number, and its whole answer. */
static void ask_again(int number)
{
    char words[64];
    fullscreen_settle(pty);
    snprintf(words, sizeof words, "p%d\r", number);
    pty_send(pty, words);
    snprintf(words, sizeof words, "%d turns", number);
    pty_expect(pty, words);
    pty_expect(pty, "| complete");
}

/* Three failures in a row and it is left alone; then one trial. */
START_TEST(one_that_flaps_is_left_alone_and_tried_once)
{
    begin(BROKEN("3"), NULL, "");
    pty_expect(pty, "From the gate.");
    pty_expect(pty, "| complete");
    ask_again(2);
    ask_again(3);
    ck_asked(3, 3);
    ask_again(4);
    ck_asked(3, 4);
    /* Where nobody else may answer it is waited for. */
    pty_send(pty, "/local\r");
    fullscreen_settle(pty);
    ask_again(5);
    pty_expect(pty, "From the box.");
    ck_asked(4, 4);
    ask_again(6);
    ck_asked(5, 4);
    end();
}
END_TEST

Suite *outage_screen_suite(void)
{
    Suite *suite = suite_create("outage_screen");
    TCase *tcase = tcase_create("outage_screen");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_line_tells_who_broke_off_and_who_answers);
    tcase_add_test(tcase, what_a_terminal_has_got_is_said_to_be_cut_off);
    tcase_add_test(tcase, without_the_screen_a_line_tells_it_too);
    tcase_add_test(tcase, the_user_is_asked_where_the_profile_says_so);
    tcase_add_loop_test(tcase, what_the_user_stops_is_no_failure, 0,
                        COUNTOF(moments));
    tcase_add_loop_test(tcase, a_prompt_that_is_sent_now_goes_where_prompts_go,
                        0, COUNTOF(moments));
    tcase_add_test(tcase, who_stops_one_that_fell_silent_wants_no_other);
    tcase_add_test(tcase, a_local_model_may_take_its_time);
    tcase_add_test(tcase, one_that_flaps_is_left_alone_and_tried_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
