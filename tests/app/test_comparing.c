/* SPDX-License-Identifier: MIT */
/*
 * Again, better; again, here; the two compared; one of them preferred: the real
 * program on a terminal, with two servers that are the rungs of its ladder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/path.h"
#include "chat/complexity.h"
#include "tests/support/fullscreen.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *comparing_suite(void);

#define SAY(text)                                                         \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text              \
    "\"},\"done\":false}\n"                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"
#define FAIL                                                     \
    "match POST /api/chat\ntimes forever\nstatus 400 Bad\nbody " \
    "\"{\\\"error\\\":\\\"it is ill\\\"}\"\n"
#define PROMPT "What does a sennit look like?"

static struct world {
    struct server *low, *high;
    struct pty *pty;
    double score, threshold;
} world;

static void write_settings(void)
{
    char yaml[600];
    int len = snprintf(yaml, sizeof yaml,
                       "endpoints:\n"
                       "  low: {dialect: ollama, trust: own, url: \"%s\"}\n",
                       server_url(world.low, ""));
    snprintf(yaml + len, sizeof yaml - (size_t)len,
             "  high: {dialect: ollama, trust: own, url: \"%s\"}\n"
             "routing: {ladder: [low/m, high/m], threshold: %.4f, band: 0}\n",
             server_url(world.high, ""), world.threshold);
    pty_write_file(world.pty, ".config/sennit/config.yaml", yaml);
}

/* The prompt stands a little below the threshold. */
static void open_world(const char *high, int height, int width)
{
    struct complexity complexity;
    complexity_judge(slice_of(PROMPT), &complexity);
    world = (struct world){ .score = complexity.score,
                            .threshold = complexity.score + .02 };
    world.low = server_start(SAY("The low one."), NULL);
    world.high = server_start(high, NULL);
    world.pty = fullscreen_new(
        NULL, &(struct pty_options){ .height = height, .width = width });
    write_settings();
    fullscreen_run(world.pty);
}

static void close_world(void)
{
    fullscreen_quit(world.pty);
    pty_free(world.pty);
    server_stop(world.low);
    server_stop(world.high);
}

static void ask(void)
{
    pty_send(world.pty, PROMPT "\r");
    pty_expect(world.pty, "The low one.");
    pty_expect(world.pty, "complete");
}

static bool is_asked(struct pty *pty, void *context)
{
    (void)pty;
    return server_count(context, "POST /api/chat") >= 2;
}

static void expect_second(struct server *server)
{
    ck_assert(pty_wait_until(world.pty, is_asked, server, PTY_DEADLINE_MS));
}

/* What a command of the program, run in the same home, writes. */
static void run(const char *arguments, struct buf *out)
{
    const char *path = getenv("PROGRAM");
    struct error err = { 0 };
    char command[600];
    snprintf(command, sizeof command,
             "here=$PWD; cd && id=$(basename .local/share/sennit/sessions/*.db "
             ".db) && \"$here\"/%s %s >out",
             path ? path : "build/release/sennit", arguments);
    const char *const words[] = { "/bin/sh", "-c", command, NULL };
    pty_start(world.pty, words);
    ck_assert_int_eq(pty_wait_exit(world.pty, PTY_DEADLINE_MS), 0);
    buf_reset(out);
    ck_assert_msg(
        path_read_file(out, pty_path(world.pty, "out"), 1 << 20, &err), "%s",
        err.text);
}

static void ck_holds(const struct buf *out, const char *text)
{
    ck_assert_msg(strstr(buf_string(out), text), "no \"%s\" in: %s", text,
                  buf_string(out));
}

START_TEST(a_better_answer_is_compared_preferred_and_learnt_from)
{
    struct buf out = { 0 };
    char learnt[80];
    open_world(SAY("The high one."), 24, 80);
    ask();
    pty_send(world.pty, "\033b");
    pty_expect(world.pty, "The high one.");
    pty_expect(world.pty, "Ctrl-X = compares this answer with the other one");
    pty_send(world.pty, "\030=");
    pty_expect(world.pty, "[-low-]");
    pty_expect(world.pty, "{+high+}");
    pty_expect(world.pty, "< > the better one, 0 no difference");
    pty_send(world.pty, "<");
    pty_expect(world.pty, "answer 1 of 2 is better than 2; threshold");
    /* It is shown again, and nothing asks any more. */
    pty_expect(world.pty, "The low one.");
    pty_expect_gone(world.pty, "Ctrl-X = compares");
    /* What is typed now is a prompt. */
    fullscreen_settle(world.pty);
    pty_send(world.pty, "\030=");
    pty_expect(world.pty, "the better one, as you said");
    pty_send(world.pty, "\033");
    pty_expect_gone(world.pty, "as you said");
    fullscreen_settle(world.pty);
    fullscreen_quit(world.pty);

    run("show $id --as jsonl", &out);
    ck_holds(&out, "{\"type\":\"preference\",");
    ck_holds(&out,
             "\"outcome\":\"better\",\"endpoint\":\"low\",\"model\":\"m\"");
    ck_holds(&out, "\"vote\":\"lower\"");
    run("route " PROMPT, &out);
    snprintf(learnt, sizeof learnt,
             "threshold %.2f: %.2f of the profile, +0.01 from 1 preference",
             world.threshold + .15 / 21, world.threshold);
    ck_holds(&out, learnt);

    fullscreen_run(world.pty);
    pty_send(world.pty, "/unlearn\r");
    pty_expect(world.pty, "forgotten; the threshold is ");
    fullscreen_quit(world.pty);
    run("route " PROMPT, &out);
    ck_assert(!strstr(buf_string(&out), "of the profile"));
    fullscreen_run(world.pty);
    buf_clear(&out);
    close_world();
}
END_TEST

START_TEST(here_asks_the_same_one_and_says_nothing_of_the_threshold)
{
    open_world(SAY("The high one."), 24, 80);
    ask();
    pty_send(world.pty, "\033h");
    expect_second(world.low);
    pty_expect(world.pty, "Ctrl-X = compares this answer with the other one");
    pty_send(world.pty, "/prefer 2\r");
    pty_expect(world.pty, "of the same rung");
    ck_assert_int_eq(server_count(world.high, "POST"), 0);
    close_world();
}
END_TEST

/* A terminal that sends Alt as an Escape before the key sends both at once. */
START_TEST(escape_and_then_a_letter_are_no_again)
{
    open_world(SAY("The high one."), 24, 80);
    ask();
    pty_send(world.pty, "/mod");
    pty_expect(world.pty, "take a model for the next prompts");
    pty_send(world.pty, "\033");
    pty_expect_gone(world.pty, "take a model for the next prompts");
    pty_send(world.pty, "bh");
    pty_expect(world.pty, "> /modbh");
    ck_assert_int_eq(server_count(world.high, "POST"), 0);
    ck_assert_int_eq(server_count(world.low, "POST"), 1);
    pty_send(world.pty, "\025");
    close_world();
}
END_TEST

START_TEST(an_earlier_turn_is_chosen_in_the_conversation)
{
    open_world(SAY("The high one."), 24, 80);
    ask();
    pty_send(world.pty, "And then?\r");
    expect_second(world.low);
    pty_expect(world.pty, "complete");
    pty_send(world.pty, "\tkk\033b");
    pty_expect(world.pty, "The high one.");
    pty_expect_gone(world.pty, "And then?");
    ck_assert(!strstr(server_received(world.high), "And then?"));
    /* The prompt has the focus: its answers are meant. */
    pty_expect(world.pty, "Ctrl-X = compares");
    pty_send(world.pty, "=");
    pty_expect(world.pty, "{+high+}");
    pty_send(world.pty, ">\t");
    close_world();
}
END_TEST

START_TEST(where_the_better_one_fails_it_is_told_below_the_answer)
{
    open_world(FAIL, 24, 80);
    ask();
    pty_send(world.pty, "\033b");
    pty_expect(world.pty, "it is ill");
    pty_expect(world.pty, "The low one.");
    /* Nobody is above the high one; nobody to be compared with. */
    pty_send(world.pty, "\030=");
    pty_expect(world.pty, "there is only one answer here");
    close_world();
}
END_TEST

START_TEST(at_the_top_it_is_said_what_to_do_next)
{
    open_world(SAY("The high one."), 10, 40);
    ask();
    pty_send(world.pty, "/better\r");
    pty_expect(world.pty, "The high one.");
    pty_expect(world.pty, "complete");
    pty_send(world.pty, "\033b");
    pty_expect(world.pty, "no rung of routing.ladder is");
    close_world();
}
END_TEST

Suite *comparing_suite(void)
{
    Suite *suite = suite_create("comparing");
    TCase *tcase = tcase_create("comparing");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase,
                   a_better_answer_is_compared_preferred_and_learnt_from);
    tcase_add_test(tcase,
                   here_asks_the_same_one_and_says_nothing_of_the_threshold);
    tcase_add_test(tcase, escape_and_then_a_letter_are_no_again);
    tcase_add_test(tcase, an_earlier_turn_is_chosen_in_the_conversation);
    tcase_add_test(tcase,
                   where_the_better_one_fails_it_is_told_below_the_answer);
    tcase_add_test(tcase, at_the_top_it_is_said_what_to_do_next);
    suite_add_tcase(suite, tcase);
    return suite;
}
