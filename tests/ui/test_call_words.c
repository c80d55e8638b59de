/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "ui/call_words.h"

Suite *call_words_suite(void);

static void ck_about(const char *arguments, const char *expected)
{
    struct buf out = { 0 };
    call_words_about(&out, slice_of(arguments));
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(the_first_text_of_the_arguments_says_what_a_call_is_about)
{
    ck_about("{\"path\":\"train/loader.py\"}", "train/loader.py");
    ck_about("{\"command\":\"pytest -q\",\"timeout\":60}",
             "pytest -q timeout=60");
    ck_about("{\"deep\":true,\"path\":\"a\",\"glob\":\"*.c\"}",
             "deep=true a glob=*.c");
    ck_about("{\"argv\":[\"git\",\"status\"]}", "argv=[\"git\",\"status\"]");
}
END_TEST

START_TEST(arguments_that_still_arrive_say_what_is_there)
{
    ck_about("{\"path\":\"train/lo", "train/lo");
    ck_about("{\"path\":\"a\",\"text\":\"one", "a text=one");
    ck_about("{\"pa", "");
    ck_about("", "");
}
END_TEST

START_TEST(arguments_that_are_no_object_are_shown_as_they_came)
{
    ck_about("rm -rf /", "rm -rf /");
    ck_about("[1,2]", "[1,2]");
    ck_about("{\"path\":\"a\"} and more", "a");
    ck_about("{\"path\" \"a\"}", "{\"path\" \"a\"}");
}
END_TEST

START_TEST(of_very_long_arguments_the_beginning_is_looked_at)
{
    struct buf arguments = { 0 }, out = { 0 };
    buf_append_string(&arguments, "{\"path\":\"a.txt\",\"text\":\"");
    for (int i = 0; i < 1000 * 1000; i++)
        buf_append_string(&arguments, "\303\244");
    buf_append_string(&arguments, "\"}");
    call_words_about(&out, buf_slice(&arguments));
    ck_assert(slice_starts(buf_slice(&out), "a.txt text=\303\244\303\244"));
    ck_assert_uint_lt(out.len, 1100);
    ck_assert(utf8_is_valid(buf_slice(&out)));
    buf_clear(&arguments);
    buf_clear(&out);
}
END_TEST

START_TEST(arguments_are_read_line_by_line)
{
    static const struct {
        const char *arguments, *lines;
    } rows[] = {
        { "{\"path\":\"a.txt\",\"text\":\"one\\n two\\n\",\"n\":1.5}",
          "path: a.txt\ntext:\n    one\n     two\nn: 1.5\n" },
        { "{\"list\":[1,{\"a\":null}]}", "list: [1,{\"a\":null}]\n" },
        { "{}", "" },
        { "not json", "not json" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        call_words_arguments(&out, slice_of(rows[i].arguments));
        ck_assert_str_eq(buf_string(&out), rows[i].lines);
        buf_clear(&out);
    }
}
END_TEST

static void ck_tail(const char *text, size_t count, const char *expected)
{
    struct slice tail = call_words_tail(slice_of(text), count);
    ck_assert_msg(slice_is(tail, expected), "'%.*s'", SLICE_ARG(tail));
}

START_TEST(a_tail_is_the_last_lines_that_say_something)
{
    ck_tail("one\ntwo\nthree\n", 1, "three");
    ck_tail("one\ntwo\nthree\n\n \n", 2, "two\nthree");
    ck_tail("one\ntwo", 5, "one\ntwo");
    ck_tail("\ntwo", 1, "two");
    ck_tail("", 3, "");
    ck_tail("\n\n", 3, "");
}
END_TEST

Suite *call_words_suite(void)
{
    Suite *suite = suite_create("call_words");
    TCase *tcase = tcase_create("call_words");
    tcase_add_test(tcase,
                   the_first_text_of_the_arguments_says_what_a_call_is_about);
    tcase_add_test(tcase, arguments_that_still_arrive_say_what_is_there);
    tcase_add_test(tcase, arguments_that_are_no_object_are_shown_as_they_came);
    tcase_add_test(tcase, of_very_long_arguments_the_beginning_is_looked_at);
    tcase_add_test(tcase, arguments_are_read_line_by_line);
    tcase_add_test(tcase, a_tail_is_the_last_lines_that_say_something);
    suite_add_tcase(suite, tcase);
    return suite;
}
