/* SPDX-License-Identifier: MIT */
/*
 * Conversations that are kept: chosen from a panel, opened, copied, renamed,
 * thrown away; on the screen and line by line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "store/session_lock.h"
#include "tests/support/fullscreen.h"
#include "tests/support/kept.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"

Suite *seating_suite(void);

#define SESSIONS "\x18s"
#define OTHER    "\x18o"
#define ESCAPE   "\x1b"
#define DOWN     "\x1b[B"
#define ALT_F    ESCAPE "f"
#define ALT_E    ESCAPE "e"
#define ALT_T    "\x1bt"
#define ERASE    "\x15"

#define ANSWERS OLLAMA_CHAT OLLAMA_SAY("four") OLLAMA_DONE

static struct server *server;
static struct pty *pty;
static char data[256];

static const char *program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

/* Two are kept; the one about tides was changed last. */
static void shelve(void)
{
    snprintf(data, sizeof data, "%s", pty_path(pty, ".local/share"));
    kept_exchange(data, "tttttttt", "How do tides work?",
                  "The moon pulls at the water.", 2000);
    kept_exchange(data, "bbbbbbbb", "How is bread made?",
                  "Of flour, water and time.", 1000);
}

static void begin(const char *const words[])
{
    static const struct pty_options options = { .height = 24, .width = 80 };
    server = server_start(OLLAMA_MODELS, ANSWERS, NULL);
    pty = fullscreen_new(server, &options);
    shelve();
    pty_start(pty, words);
    pty_expect(pty, "small:1b");
}

static void begin_screen(void)
{
    const char *const words[] = { program(), NULL };
    begin(words);
}

static void press(const char *keys, const char *expected)
{
    pty_send(pty, keys);
    pty_expect(pty, expected);
}

static bool shows(const char *words)
{
    return strstr(pty_screen(pty), words) != NULL;
}

static void end(void)
{
    pty_free(pty);
    server_stop(server);
}

START_TEST(the_panel_lists_what_is_kept_and_opens_it)
{
    begin_screen();
    press(SESSIONS, " How do tides work?  1 turn, m");
    pty_expect(pty, " How is bread made?  1 turn, m");
    pty_expect(pty, "answer  The moon pulls at the water.");
    press(DOWN, "answer  Of flour, water and time.");
    pty_send(pty, "\r");
    pty_expect_gone(pty, "sennit chats with language models");
    pty_expect(pty, "Of flour, water and time.");
    ck_assert(strstr(pty_row(pty, 0), "How is bread made?"));
    fullscreen_expect_fresh(pty);
    fullscreen_quit(pty);
    end();
}
END_TEST

START_TEST(what_is_typed_filters_the_titles)
{
    begin_screen();
    press(SESSIONS, "How is bread made?");
    pty_send(pty, "bread");
    pty_expect_gone(pty, "How do tides");
    press("\r", "Of flour, water and time.");
    end();
}
END_TEST

START_TEST(a_conversation_stays_open_beside_the_one_that_is_opened)
{
    begin_screen();
    press("two and two", "> two and two");
    press("\r", "four");
    pty_expect_gone(pty, "Esc stop");
    press(SESSIONS, "How do tides work?");
    pty_expect(pty, "*two and two");
    press("tides\r", "The moon pulls at the water.");
    pty_expect_gone(pty, "Alt-F a copy");
    press(OTHER, "four");
    ck_assert(!shows("The moon"));
    /* What is open is shown, not read again. */
    press(SESSIONS, "open, 1 turn, m");
    press("tides\r", "The moon pulls at the water.");
    end();
}
END_TEST

static struct session_lock *hold(const char *id)
{
    struct session_lock *lock;
    struct error err = { 0 };
    char path[300];
    bool was_left;
    snprintf(path, sizeof path, "%s/sennit/sessions/%s.db", data, id);
    ck_assert_int_eq(
        session_lock_take(path, LOCK_AS_FITS, &lock, &was_left, &err),
        LOCK_TAKEN);
    return lock;
}

START_TEST(one_that_another_program_has_is_marked_and_copied)
{
    begin_screen();
    struct session_lock *lock = hold("tttttttt");
    press(SESSIONS, "open in another sennit, 1 turn");
    press("\r", "; Alt-F goes on with");
    pty_send(pty, ALT_F);
    pty_expect_gone(pty, "sennit chats with language models");
    pty_expect(pty, "The moon pulls at the water.");
    pty_expect_gone(pty, "Alt-F a copy");
    press("two and two", "> two and two");
    press("\r", "four");
    pty_expect_gone(pty, "Esc stop");
    session_lock_free(lock);
    fullscreen_quit(pty);
    end();
}
END_TEST

START_TEST(a_title_is_given_in_the_panel)
{
    begin_screen();
    press(SESSIONS, "How do tides work?");
    press(ALT_E, "title: How do tides work?");
    pty_expect(pty, "Enter gives the title");
    press(ERASE "ebb and flow", "new title  ebb and flow");
    press("\r", " ebb and flow        1 turn");
    ck_assert(!shows("tides work?  1 turn"));
    /* Of one that is open, too. */
    press("ebb\r", "The moon pulls at the water.");
    pty_expect_gone(pty, "Alt-F a copy");
    press(SESSIONS, "*ebb and flow");
    press(ALT_E ERASE "the moon\r", "*the moon");
    pty_expect(pty, " the moon");
    end();
}
END_TEST

START_TEST(the_trash_takes_what_is_not_open)
{
    begin_screen();
    press(SESSIONS, "How do tides work?");
    press(ALT_T, "tttttttt is in the trash; sennit restore tttttttt");
    pty_expect_gone(pty, "How do tides work?");
    press("\r", "Of flour, water and time.");
    pty_expect_gone(pty, "Alt-F a copy");
    press(SESSIONS, "*How is bread made?");
    press(ALT_T, "this conversation is open here");
    end();
}
END_TEST

START_TEST(resume_takes_words_a_name_or_shows_the_panel)
{
    begin_screen();
    pty_send(pty, "/resume tides\r");
    pty_expect(pty, "The moon pulls at the water.");
    pty_expect_gone(pty, "Alt-F a copy");
    pty_send(pty, "/resume bbbbbbbb\r");
    pty_expect(pty, "Of flour, water and time.");
    pty_send(pty, "/resume how\r");
    pty_expect(pty, "sessions Ctrl-X s | find: how");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "find: how");
    end();
}
END_TEST

START_TEST(a_fork_goes_on_beside_its_origin)
{
    begin_screen();
    press("/resume tides\r", "The moon pulls at the water.");
    pty_expect_gone(pty, "/resume");
    press("/fork\r", "this is a copy; Ctrl-X o shows where it came from");
    ck_assert(shows("The moon pulls"));
    press("two and two", "> two and two");
    press("\r", "four");
    pty_expect_gone(pty, "Esc stop");
    pty_send(pty, OTHER);
    pty_expect_gone(pty, "four");
    ck_assert(shows("The moon pulls"));
    press("/fork 900\r", "/fork takes the number of an event, from 1 to ");
    end();
}
END_TEST

START_TEST(a_fork_of_what_was_before_is_as_private)
{
    begin_screen();
    press("/resume tides\r", "The moon pulls at the water.");
    pty_expect_gone(pty, "/resume");
    press("/private\r", "/private off");
    press("/fork 4\r", "this is a copy; Ctrl-X o shows where it came from");
    press("/private list\r", "the session is private (/private)");
    end();
}
END_TEST

/* As a program leaves it that is killed: an answer is on its way, a prompt
 * waits. */
START_TEST(one_that_a_crash_left_shows_its_cut_answer_and_what_waited)
{
    struct talk talk;
    begin_screen();
    talk_begin(&talk, 1, 1);
    talk_say(&talk, 0, EVENT_SESSION_OPENED, 0, 0, FIELD_NONE);
    talk_ask(&talk, "what is a crash", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_stream(&talk, 1, 1, "A sudden");
    talk_say(&talk, 0, EVENT_PROMPT_QUEUED, 0, 0, FIELD_TEXT, "and then?",
             FIELD_NONE);
    kept_write(&talk, data, "cccccccc", 3000);
    talk_end(&talk);
    press(SESSIONS, "what is a crash");
    press("\r", "> and then?");
    pty_expect(pty, "ended unexpectedly");
    pty_expect(pty, "A sudden");
    end();
}
END_TEST

START_TEST(a_draft_is_not_lost_when_another_conversation_is_opened)
{
    begin_screen();
    press("a draft", "> a draft");
    press(SESSIONS, "How do tides work?");
    press("\r", "The moon pulls at the water.");
    pty_expect(pty, "> a draft");
    end();
}
END_TEST

START_TEST(the_option_r_begins_with_the_panel)
{
    const char *const words[] = { program(), "-r", NULL };
    begin(words);
    press("", "How do tides work?");
    press("\r", "The moon pulls at the water.");
    end();
}
END_TEST

START_TEST(the_option_resume_takes_words_of_a_title)
{
    const char *const words[] = { program(), "--resume=BREAD made", NULL };
    static const struct pty_options options = { .height = 24, .width = 80 };
    server = server_start(OLLAMA_MODELS, ANSWERS, NULL);
    pty = fullscreen_new(server, &options);
    shelve();
    pty_start(pty, words);
    pty_expect(pty, "Of flour, water and time.");
    end();
}
END_TEST

START_TEST(words_that_fit_several_titles_list_them)
{
    const char *const words[] = { program(), "--resume=how", NULL };
    static const struct pty_options options = { .height = 24, .width = 80 };
    server = server_start(OLLAMA_MODELS, ANSWERS, NULL);
    pty = fullscreen_new(server, &options);
    shelve();
    pty_start(pty, words);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 2);
    pty_expect(pty, "tttttttt  How do tides work?");
    pty_expect(pty, "bbbbbbbb  How is bread made?");
    pty_expect(pty, "several sessions have \"how\" in their titles");
    end();
}
END_TEST

START_TEST(with_a_prompt_nobody_can_choose)
{
    struct program choice = { .arguments = { "-r", "-p", "hello" } };
    program_run(&choice);
    ck_assert_int_eq(choice.status, 2);
    ck_assert_str_eq(buf_string(&choice.err),
                     "sennit: -r lets you choose on a screen; with a prompt it "
                     "takes --resume=ID, or -c\n");
    program_clear(&choice);
}
END_TEST

START_TEST(line_by_line_one_goes_on_copies_and_gives_titles_too)
{
    const char *const words[] = { program(), "--linear", NULL };
    begin(words);
    press("/sessions\r", "tttttttt  How do tides work?: 1 turn, m (");
    press("/resume bread\r",
          "going on with \"How is bread made?\", 1 turn; /dump shows it");
    press("/dump\r", "Of flour, water and time.");
    press("/rename flour\r", "renamed");
    press("/fork\r", "this is a copy");
    press("/resume m\r", "several sessions have \"m\" in their titles");
    pty_expect(pty, "bbbbbbbb  flour");
    press("/resume bread\r", "no session has the name \"bread\", or these");
    press("/resume tttttttt\r", "going on with \"How do tides work?\"");
    press("/new\r", "a new conversation");
    press("/fork\r", "there is nothing to copy yet");
    end();
}
END_TEST

/* In another conversation, or in this one. */
START_TEST(what_is_found_in_any_conversation_is_gone_to)
{
    begin_screen();
    press("/search water\r", "The moon pulls at the water.");
    pty_expect(pty, "Of flour, water and time.");
    pty_expect(pty, "water: 2");
    pty_send(pty, "flour");
    pty_expect_gone(pty, "The moon");
    press("\r", "How is bread made?  ");
    pty_expect_gone(pty, "search Ctrl-X f");
    press("\t/search moon\r", "moon: 1");
    press("\r", "How do tides work?  ");
    end();
}
END_TEST

START_TEST(what_was_just_said_is_found)
{
    begin_screen();
    press("what is two and two?\r", "four");
    press("/search four\r", "four: 1");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "search Ctrl-X f");
    press("/search model:nosuch four\r", "search Ctrl-X f");
    pty_expect(pty, "model");
    end();
}
END_TEST

START_TEST(where_nothing_is_found_that_is_said)
{
    begin_screen();
    press("\x18"
          "f",
          "/search WORDS looks in all conversations");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "search Ctrl-X f");
    press("/search zebra\r", "Nothing is found.");
    end();
}
END_TEST

Suite *seating_suite(void)
{
    Suite *suite = suite_create("seating");
    TCase *cases = tcase_create("seating");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, the_panel_lists_what_is_kept_and_opens_it);
    tcase_add_test(cases, what_is_typed_filters_the_titles);
    tcase_add_test(cases,
                   a_conversation_stays_open_beside_the_one_that_is_opened);
    tcase_add_test(cases, one_that_another_program_has_is_marked_and_copied);
    tcase_add_test(cases, a_title_is_given_in_the_panel);
    tcase_add_test(cases, the_trash_takes_what_is_not_open);
    tcase_add_test(cases, resume_takes_words_a_name_or_shows_the_panel);
    tcase_add_test(cases, a_fork_goes_on_beside_its_origin);
    tcase_add_test(cases, a_fork_of_what_was_before_is_as_private);
    tcase_add_test(cases,
                   one_that_a_crash_left_shows_its_cut_answer_and_what_waited);
    tcase_add_test(cases,
                   a_draft_is_not_lost_when_another_conversation_is_opened);
    tcase_add_test(cases, the_option_r_begins_with_the_panel);
    tcase_add_test(cases, the_option_resume_takes_words_of_a_title);
    tcase_add_test(cases, words_that_fit_several_titles_list_them);
    tcase_add_test(cases, line_by_line_one_goes_on_copies_and_gives_titles_too);
    tcase_add_test(cases, with_a_prompt_nobody_can_choose);
    tcase_add_test(cases, what_is_found_in_any_conversation_is_gone_to);
    tcase_add_test(cases, what_was_just_said_is_found);
    tcase_add_test(cases, where_nothing_is_found_that_is_said);
    suite_add_tcase(suite, cases);
    return suite;
}
