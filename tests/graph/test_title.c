/* SPDX-License-Identifier: MIT */
/*
 * What a conversation is called.
 */
#include <check.h>

#include "graph/title.h"
#include "tests/support/scenario.h"

Suite *title_suite(void);

static void ck_words(const char *text, const char *expected)
{
    struct buf out = { 0 };
    title_append_words(&out, slice_of(text));
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(the_first_line_that_says_something_is_taken)
{
    ck_words("why does it leak?\nThe loader, I mean.", "why does it leak?");
    ck_words("\n \n```python\nprint(1)\n```", "print(1)");
    ck_words("---\n\n# Tides", "Tides");
    ck_words("", "");
    ck_words("***", "");
}
END_TEST

START_TEST(marks_and_control_characters_are_left_out)
{
    ck_words("## **Why** is `x` *so* slow", "Why is x so slow");
    ck_words("> - a list", "a list");
    ck_words("2 * 3 is not snake_case", "2 * 3 is not snake_case");
    ck_words("a\tb", "a b");
}
END_TEST

START_TEST(it_has_at_most_sixty_columns_and_ends_with_a_word)
{
    ck_words("Write a letter to my landlord about the rent of last month, and "
             "the heating",
             "Write a letter to my landlord about the rent of last month");
    /* Sixty are not too many. */
    ck_words("123456789 123456789 123456789 123456789 123456789 1234567890",
             "123456789 123456789 123456789 123456789 123456789 1234567890");
    ck_words("123456789 123456789 123456789 123456789 123456789 1234567890 1",
             "123456789 123456789 123456789 123456789 123456789 1234567890");
    /* One word, and characters of two columns, are cut anywhere. */
    ck_words(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    ck_words("漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢",
             "漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢");
}
END_TEST

START_TEST(a_title_that_was_given_counts_whatever_was_said)
{
    struct scenario s;
    struct buf out = { 0 };
    scenario_init(&s);
    title_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), "");
    scenario_play(&s, "@q user-message text='two and two'\n");
    title_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), "two and two");
    buf_reset(&out);
    scenario_play(&s, "title text='*sums*'\n@r user-message text=other\n");
    title_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), "*sums*");
    buf_clear(&out);
    scenario_clear(&s);
}
END_TEST

START_TEST(what_begins_with_a_command_is_called_after_it)
{
    struct scenario s;
    struct buf out = { 0 };
    scenario_init(&s);
    scenario_play(&s, "call-made call=1 name=shell "
                      "arguments='{\"command\":\"echo hi; id\"}'\n"
                      "user-message text=why\n");
    title_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), "echo hi; id");
    buf_reset(&out);
    scenario_clear(&s);
    scenario_init(&s);
    scenario_play(&s, "call-made call=1 name=revert arguments={}\n");
    title_append(&out, s.graph);
    ck_assert_str_eq(buf_string(&out), "revert");
    buf_clear(&out);
    scenario_clear(&s);
}
END_TEST

Suite *title_suite(void)
{
    Suite *suite = suite_create("title");
    TCase *cases = tcase_create("title");
    tcase_add_test(cases, the_first_line_that_says_something_is_taken);
    tcase_add_test(cases, marks_and_control_characters_are_left_out);
    tcase_add_test(cases, it_has_at_most_sixty_columns_and_ends_with_a_word);
    tcase_add_test(cases, a_title_that_was_given_counts_whatever_was_said);
    tcase_add_test(cases, what_begins_with_a_command_is_called_after_it);
    suite_add_tcase(suite, cases);
    return suite;
}
