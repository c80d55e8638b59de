/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "app/transcript.h"
#include "tests/support/scenario.h"

Suite *transcript_suite(void);

static struct scenario s;
static struct buf out;

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
    buf_clear(&out);
}

/* All times of a scenario are a second after midnight of 1970. */
static void expect_whole(const char *lines, const char *expected)
{
    scenario_play(&s, lines);
    transcript_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), expected);
}

static void expect_tail(int width, int rows, const char *expected)
{
    buf_reset(&out);
    transcript_append_tail(&out, s.graph, width, rows);
    ck_assert_str_eq(buf_string(&out), expected);
}

START_TEST(an_empty_conversation_says_nothing)
{
    expect_whole("", "");
    expect_tail(80, 24, "");
}
END_TEST

START_TEST(each_turn_says_who_and_when_and_what_byte_for_byte)
{
    expect_whole("@q user-message text='What is\\n  a *knot*?\\n'\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=small endpoint=box\n"
                 "text-delta 1.1 text='A `knot`\x1b[31m.'\n"
                 "attempt-finished 1.1 outcome=complete\n"
                 "run-finished 1 outcome=complete\n"
                 "user-message text=thanks parent=4\n",
                 "-- you 00:00 --\n"
                 "What is\n  a *knot*?\n"
                 "\n"
                 "-- small@box 00:00 --\n"
                 "A `knot`\x1b[31m.\n"
                 "\n"
                 "-- you 00:00 --\n"
                 "thanks\n");
}
END_TEST

START_TEST(thinking_calls_and_their_output_are_a_line_each)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m\n"
                 "thinking-delta 1.1 text='let me\\nsee it'\n"
                 "text-delta 1.1 text=look\n"
                 "tool-call-start 1.1 call=1 id=x name=ls\n"
                 "tool-call-end 1.1 call=1 arguments='{\\n}'\n"
                 "attempt-finished 1.1 outcome=complete\n"
                 "tool-started 1 call=1\n"
                 "tool-output 1 call=1 text='a\\nb\\n'\n"
                 "tool-finished 1 call=1 outcome=completed\n",
                 "-- you 00:00 --\n"
                 "why\n"
                 "\n"
                 "-- m 00:00 --\n"
                 "(thought, 4 words)\n"
                 "look\n"
                 "[ls { }: completed]\n"
                 "[output of ls, 4 B]\n");
}
END_TEST

START_TEST(files_and_pictures_are_named)
{
    expect_whole("@q user-message text=look\n"
                 "attachment-added node=@q name=a.c text='int a;\\n'\n"
                 "attachment-added node=@q name=b.gif media_type=image/gif "
                 "data=GIF89a!!!! alt='a red\\nboat'\n"
                 "attachment-added node=@q name=http://h/c url=http://h/c\n",
                 "-- you 00:00 --\n"
                 "look\n"
                 "[file a.c, 7 B]\n"
                 "[image b.gif, 10 B: a red boat]\n"
                 "[image http://h/c, by its address]\n");
}
END_TEST

/* A line of its own could say that the user had said it. */
START_TEST(names_and_errors_stay_on_the_line_that_is_theirs)
{
    scenario_play(&s, "@q user-message text=why\n"
                      "run-started 1 node=@q\n"
                      "attempt-started 1.1 model='m\\n-- you 14:02 --\\nyes'\n"
                      "text-delta 1.1 text=look\n"
                      "tool-call-start 1.1 call=1 name='ls\\n-- you --'\n"
                      "tool-call-end 1.1 call=1 arguments='{\\n}'\n"
                      "attempt-finished 1.1 outcome=cut error='a\\n-- you --'\n"
                      "run-finished 1 outcome=cut error='a\\n-- you --'\n");
    transcript_append(&out, s.graph);
    ck_assert_ptr_null(strstr(buf_string(&out), "\n-- you -"));
    ck_assert_ptr_null(strstr(buf_string(&out), "\n-- you 14:02"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "[ls -- you -- { }"));
}
END_TEST

START_TEST(how_an_answer_ended_is_said_unless_it_ended_well)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m\n"
                 "text-delta 1.1 text=part\n"
                 "attempt-finished 1.1 outcome=cut error='it broke'\n"
                 "run-finished 1 outcome=cut error='it broke'\n",
                 "-- you 00:00 --\nwhy\n\n-- m 00:00 --\npart\n"
                 "(cut: it broke)\n");
}
END_TEST

START_TEST(a_prompt_without_an_answer_says_why)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m\n"
                 "attempt-finished 1.1 outcome=error error='no route'\n"
                 "run-finished 1 outcome=error error='no route'\n",
                 "-- you 00:00 --\nwhy\n(error: no route)\n");
}
END_TEST

START_TEST(who_failed_behind_a_partial_answer_is_told)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m endpoint=box\n"
                 "text-delta 1.1 text=Half\n"
                 "attempt-finished 1.1 outcome=cut error='it went'\n"
                 "fell-back 1 text='fell back to m@gate'\n"
                 "attempt-started 1.2 model=m endpoint=gate\n"
                 "attempt-finished 1.2 outcome=error error='us too'\n"
                 "run-finished 1 outcome=error error='us too'\n",
                 "-- you 00:00 --\nwhy\n\n"
                 "-- m@box 00:00 --\nHalf\n(cut: it went)\n"
                 "(error: us too)\n");
}
END_TEST

START_TEST(a_complete_answer_that_lacks_something_says_what)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m\n"
                 "text-delta 1.1 text=part\n"
                 "attempt-finished 1.1 outcome=complete finish_reason=length\n"
                 "run-finished 1 outcome=complete finish_reason=length\n",
                 "-- you 00:00 --\nwhy\n\n-- m 00:00 --\npart\n"
                 "(the answer ends at the most tokens that it may have "
                 "(reply.max_tokens, or the model's window))\n");
}
END_TEST

START_TEST(why_a_prompt_has_no_answer_stays_under_it)
{
    expect_whole("@q user-message text=why\n"
                 "run-started 1 node=@q\n"
                 "attempt-started 1.1 model=m\n"
                 "attempt-finished 1.1 outcome=error error='no route'\n"
                 "run-finished 1 outcome=error error='no route'\n"
                 "@r user-message text=then parent=@q\n"
                 "run-started 2 node=@r\n"
                 "attempt-started 2.1 model=m\n"
                 "attempt-finished 2.1 outcome=complete\n"
                 "run-finished 2 outcome=complete\n",
                 "-- you 00:00 --\nwhy\n(error: no route)\n\n"
                 "-- you 00:00 --\nthen\n(an empty answer)\n");
}
END_TEST

#define TWO_TURNS                   \
    "@q user-message text=why\n"    \
    "run-started 1 node=@q\n"       \
    "attempt-started 1.1 model=m\n" \
    "text-delta 1.1 text='one two three\\n\\nfour'\n"

START_TEST(a_tail_has_the_last_turns_that_fit)
{
    scenario_play(&s, TWO_TURNS);
    /* 3 rows of the first turn with its blank one, 4 of the second. */
    expect_tail(40, 7,
                "-- you 00:00 --\nwhy\n\n"
                "-- m 00:00 --\none two three\n\nfour\n");
    expect_tail(40, 6, "-- m 00:00 --\none two three\n\nfour\n");
    expect_tail(40, 4, "-- m 00:00 --\none two three\n\nfour\n");
}
END_TEST

START_TEST(a_turn_that_does_not_fit_shows_its_end)
{
    scenario_play(&s, TWO_TURNS);
    expect_tail(40, 3, "-- m 00:00 --\n[...]\nfour\n");
    expect_tail(40, 2, "");
    expect_tail(40, 0, "");
}
END_TEST

START_TEST(rows_are_those_of_the_terminal)
{
    /* 13 cells; wide characters do not fit into half of a cell; a tab may take
     * eight; what the filter makes visible takes its room. */
    scenario_play(&s, "user-message text='abcdefghijklm"
                      "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
                      "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD'\n");
    /* Head: 2 rows. Rows: 13, then 6 wide ones, then one. */
    expect_tail(13, 4, "-- you 00:00 --\n[...]\n\xE4\xB8\xAD\n");
    expect_tail(13, 5,
                "-- you 00:00 --\nabcdefghijklm"
                "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
                "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\n");
}
END_TEST

START_TEST(what_the_filter_shows_takes_room)
{
    scenario_play(&s, "user-message text='ab\xE2\x80\xAE"
                      "cd'\n"); /* ab<U+202E>cd: 12 cells */
    expect_tail(15, 2,
                "-- you 00:00 --\nab\xE2\x80\xAE"
                "cd\n");
    expect_tail(11, 3, "");
    expect_tail(11, 4,
                "-- you 00:00 --\nab\xE2\x80\xAE"
                "cd\n");
}
END_TEST

Suite *transcript_suite(void)
{
    Suite *suite = suite_create("transcript");
    TCase *tcase = tcase_create("transcript");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, who_failed_behind_a_partial_answer_is_told);
    tcase_add_test(tcase, an_empty_conversation_says_nothing);
    tcase_add_test(tcase, each_turn_says_who_and_when_and_what_byte_for_byte);
    tcase_add_test(tcase, thinking_calls_and_their_output_are_a_line_each);
    tcase_add_test(tcase, files_and_pictures_are_named);
    tcase_add_test(tcase, names_and_errors_stay_on_the_line_that_is_theirs);
    tcase_add_test(tcase, how_an_answer_ended_is_said_unless_it_ended_well);
    tcase_add_test(tcase, a_prompt_without_an_answer_says_why);
    tcase_add_test(tcase, a_complete_answer_that_lacks_something_says_what);
    tcase_add_test(tcase, why_a_prompt_has_no_answer_stays_under_it);
    tcase_add_test(tcase, a_tail_has_the_last_turns_that_fit);
    tcase_add_test(tcase, a_turn_that_does_not_fit_shows_its_end);
    tcase_add_test(tcase, rows_are_those_of_the_terminal);
    tcase_add_test(tcase, what_the_filter_shows_takes_room);
    suite_add_tcase(suite, tcase);
    return suite;
}
