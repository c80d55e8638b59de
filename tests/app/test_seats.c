/* SPDX-License-Identifier: MIT */
/*
 * Several conversations at once on one screen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/easel.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"

Suite *seats_suite(void);

#define SESSIONS "\x18s"
#define OTHER    "\x18o"
#define ALT_O    "\x1bo"
#define ESCAPE   "\x1b"
#define PAGE_UP  "\x1b[5~"

#define WAITS                                                       \
    OLLAMA_CHAT OLLAMA_SAY("the tide is ") "await go\n" OLLAMA_SAY( \
        "the pull of the moon") OLLAMA_DONE
#define ANSWERS OLLAMA_CHAT OLLAMA_SAY("four") OLLAMA_DONE

static struct server *server;
static struct pty *pty;

static void start(struct server *served, int height, int width)
{
    const struct pty_options options = { .height = height, .width = width };
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

/* The first answer has begun, and another conversation is shown. */
static void leave_an_answer(void)
{
    press("what is a tide", "> what is a tide");
    press("\r", "the tide is");
    pty_send(pty, "/new\r");
    pty_expect_gone(pty, "the tide is");
}

START_TEST(new_lets_an_answer_go_on_and_marks_what_came)
{
    start(server_start(OLLAMA_MODELS, WAITS, ANSWERS, NULL), 24, 80);
    leave_an_answer();
    ck_assert(strstr(pty_row(pty, 0), "1 streaming"));
    press("two and two", "> two and two");
    press("\r", "four");
    server_release(server, "go");
    pty_expect(pty, "1 unread");
    ck_assert(!strstr(pty_screen(pty), "the moon"));
    press(OTHER, "the tide is the pull of the moon");
    ck_assert(!strstr(pty_screen(pty), "unread"));
    ck_assert(!strstr(pty_screen(pty), "four"));
    press(ALT_O, "four");
    fullscreen_expect_fresh(pty);
    fullscreen_quit(pty);
    end();
}
END_TEST

START_TEST(a_screen_without_a_title_has_the_marks_in_its_last_line)
{
    start(server_start(OLLAMA_MODELS, WAITS, NULL), 10, 40);
    leave_an_answer();
    pty_expect(pty, " 1 streaming | small:1b@ollama");
    server_release(server, "go");
    pty_expect(pty, " 1 unread | small:1b@ollama");
    pty_send(pty, OTHER);
    pty_expect_gone(pty, "1 unread");
    end();
}
END_TEST

START_TEST(each_conversation_keeps_its_draft)
{
    start(server_start(OLLAMA_MODELS, WAITS, NULL), 24, 80);
    leave_an_answer();
    press("a draft here", "> a draft here");
    pty_send(pty, OTHER);
    pty_expect_gone(pty, "a draft here");
    pty_expect(pty, "the tide is");
    press("another there", "> another there");
    press(OTHER, "> a draft here");
    ck_assert(!strstr(pty_screen(pty), "another"));
    press(OTHER, "> another there");
    end();
}
END_TEST

static bool shows_first_question(struct pty *screen, void *context)
{
    (void)context;
    return strstr(pty_row(screen, 2), "what is a tide") != NULL;
}

#define LINES \
    "\\n\\na\\n\\nb\\n\\nc\\n\\nd\\n\\ne\\n\\nf\\n\\ng\\n\\nh\\n\\nlast"

START_TEST(each_conversation_keeps_the_place_that_is_read)
{
    start(server_start(
              OLLAMA_MODELS,
              OLLAMA_CHAT OLLAMA_SAY("first" LINES) "await go\n" OLLAMA_DONE,
              NULL),
          16, 80);
    press("what is a tide", "> what is a tide");
    press("\r", "last");
    pty_send(pty, PAGE_UP PAGE_UP);
    ck_assert(pty_wait_until(pty, shows_first_question, NULL, PTY_DEADLINE_MS));
    pty_send(pty, "/new\r");
    pty_expect_gone(pty, "what is a tide");
    pty_send(pty, OTHER);
    pty_expect(pty, "what is a tide");
    ck_assert(shows_first_question(pty, NULL));
    ck_assert(!strstr(pty_screen(pty), "last"));
    end();
}
END_TEST

START_TEST(new_takes_the_place_of_a_conversation_that_is_at_rest)
{
    start(server_start(OLLAMA_MODELS, ANSWERS, NULL), 24, 80);
    press("two and two", "> two and two");
    press("\r", "four");
    pty_expect_gone(pty, "Esc stop");
    pty_send(pty, "/new\r");
    pty_expect_gone(pty, "four");
    press(OTHER, "no other conversation is open");
    end();
}
END_TEST

START_TEST(an_answer_elsewhere_is_not_left_by_mistake)
{
    start(server_start(OLLAMA_MODELS, WAITS, NULL), 24, 80);
    leave_an_answer();
    press("\x04", "an answer is on its way in another conversation");
    pty_send(pty, "/quit\r");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    end();
}
END_TEST

START_TEST(a_draft_that_is_left_elsewhere_is_kept)
{
    start(server_start(OLLAMA_MODELS, WAITS, NULL), 24, 80);
    press("what is a tide", "> what is a tide");
    press("\r", "the tide is");
    press("not to be lost", "> not to be lost");
    pty_send(pty, "\x18n");
    pty_expect_gone(pty, "not to be lost");
    pty_send(pty, "/quit\r");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_expect(pty, "what you were writing is kept; it comes back with");
    end();
}
END_TEST

/* A vendor that is asked about before it gets the prompt. */
START_TEST(a_question_waits_in_its_conversation)
{
    static const struct pty_options options = { .height = 24, .width = 80 };
    char config[256];
    server = server_start(ANSWERS, NULL);
    pty = fullscreen_new(NULL, &options);
    snprintf(config, sizeof config,
             "endpoints:\n  shop: {dialect: chat-completions, url: "
             "\"http://127.0.0.1:%d/v1\", trust: vendor, models: {big: m1}}\n",
             server_port(server));
    pty_write_file(pty, ".config/sennit/config.yaml", config);
    fullscreen_run(pty);
    press("a secret", "> a secret");
    press("\r", "leaves this machine: 127.0.0.1");
    pty_send(pty, "/new\r");
    pty_expect_gone(pty, "leaves this machine: 127.0.0.1");
    pty_expect(pty, " 1 asks  sennit");
    press(SESSIONS, "asks, 1 turn");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "asks, 1 turn");
    press(OTHER, "leaves this machine: 127.0.0.1");
    ck_assert(!strstr(pty_row(pty, 0), "asks"));
    pty_send(pty, ESCAPE);
    pty_expect(pty, "> a secret");
    ck_assert_int_eq(server_count(server, "a secret"), 0);
    end();
}
END_TEST

/* Without a terminal. */

static int count_queued(const struct easel *easel)
{
    const struct graph *graph = chat_conversation(easel->screen.chat)->graph;
    return (int)graph_queue_count(graph);
}

START_TEST(nothing_is_sent_while_another_conversation_is_about_to_be_shown)
{
    struct easel easel;
    easel_begin(&easel, true);
    easel_write(&easel, "for the other one");
    easel.screen.is_reading = true;
    easel.screen.reading_at = loop_now(easel.screen.setup.loop);
    easel_do(&easel, ACTION_SEND);
    ck_assert_int_eq(count_queued(&easel), 0);
    ck_assert(slice_is(editor_text(easel.screen.editor), "for the other one"));
    /* A disk that hangs keeps nobody from talking. */
    easel.screen.reading_at -= 2000;
    easel_do(&easel, ACTION_SEND);
    ck_assert_int_eq(count_queued(&easel), 1);
    easel.screen.is_reading = false;
    easel_end(&easel);
}
END_TEST

static void say_something(struct easel *easel, struct seat *seat)
{
    const struct conversation *conversation = chat_conversation(seat->chat);
    easel->talk.scenario.log = conversation->log;
    easel->talk.scenario.graph = conversation->graph;
    talk_exchange(&easel->talk, 1, "two and two", "four");
}

START_TEST(at_most_eight_conversations_at_rest_stay_open)
{
    struct easel easel;
    easel_begin(&easel, true);
    struct screen *screen = &easel.screen;
    struct seat *first = screen->seat;
    for (int i = 1; i < SEATS_MAX; i++) {
        say_something(&easel, screen->seat);
        seats_show(screen, seats_free_one(screen));
    }
    ck_assert_uint_eq(screen->seats.list.count, SEATS_MAX);
    say_something(&easel, screen->seat);
    /* A draft is not given away: the next one is, that was shown longest ago. */
    struct seat *second = screen->seats.list.items[1];
    editor_set(first->editor, slice_of("not to be lost"));
    ck_assert_ptr_eq(seats_free_one(screen), second);
    ck_assert(seat_is_empty(second));
    ck_assert_uint_eq(screen->seats.list.count, SEATS_MAX);
    easel_end(&easel);
}
END_TEST

START_TEST(one_that_has_news_is_next_before_the_one_that_was_shown_last)
{
    struct easel easel;
    easel_begin(&easel, true);
    struct screen *screen = &easel.screen;
    struct seat *first = screen->seat;
    say_something(&easel, first);
    struct seat *second = seats_free_one(screen);
    seats_show(screen, second);
    say_something(&easel, second);
    seats_show(screen, seats_free_one(screen));
    ck_assert_ptr_eq(seats_next(screen), second);
    first->is_unread = true;
    ck_assert_ptr_eq(seats_next(screen), first);
    easel_draw(&easel, 24, 80);
    easel_check_row(&easel, 0, " 1 unread  sennit");
    easel_end(&easel);
}
END_TEST

Suite *seats_suite(void)
{
    Suite *suite = suite_create("seats");
    TCase *cases = tcase_create("seats");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, new_lets_an_answer_go_on_and_marks_what_came);
    tcase_add_test(cases,
                   a_screen_without_a_title_has_the_marks_in_its_last_line);
    tcase_add_test(cases, each_conversation_keeps_its_draft);
    tcase_add_test(cases, each_conversation_keeps_the_place_that_is_read);
    tcase_add_test(cases,
                   new_takes_the_place_of_a_conversation_that_is_at_rest);
    tcase_add_test(cases, an_answer_elsewhere_is_not_left_by_mistake);
    tcase_add_test(cases, a_draft_that_is_left_elsewhere_is_kept);
    tcase_add_test(
        cases, nothing_is_sent_while_another_conversation_is_about_to_be_shown);
    tcase_add_test(cases, at_most_eight_conversations_at_rest_stay_open);
    tcase_add_test(
        cases, one_that_has_news_is_next_before_the_one_that_was_shown_last);
    tcase_add_test(cases, a_question_waits_in_its_conversation);
    suite_add_tcase(suite, cases);
    return suite;
}
