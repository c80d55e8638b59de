/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/error.h"

Suite *error_suite(void);

/* 511 bytes is the most; a character of two bytes is never halved. */
START_TEST(a_text_that_is_too_long_says_that_it_was_cut)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    for (int i = 0; i < ERROR_TEXT_SIZE - 1; i++)
        buf_append_char(&text, 'x');
    error_set(&err, ERROR_SERVER, "%s", buf_string(&text));
    ck_assert_str_eq(err.text, buf_string(&text));
    buf_append_char(&text, 'x');
    error_set(&err, ERROR_SERVER, "%s", buf_string(&text));
    ck_assert_uint_eq(strlen(err.text), ERROR_TEXT_SIZE - 1);
    ck_assert_str_eq(err.text + strlen(err.text) - 4, "x...");
    buf_reset(&text);
    buf_append_char(&text, 'x');
    for (int i = 0; i < ERROR_TEXT_SIZE / 2; i++)
        buf_append_string(&text, "ä");
    error_set(&err, ERROR_SERVER, "%s", buf_string(&text));
    ck_assert_str_eq(err.text + strlen(err.text) - 5, "ä...");
    buf_reset(&text);
    buf_append_string(&text, "ä");
    for (int i = 0; i < ERROR_TEXT_SIZE / 2; i++)
        buf_append_string(&text, "ä");
    error_set(&err, ERROR_SERVER, "%s", buf_string(&text));
    ck_assert_str_eq(err.text + strlen(err.text) - 5, "ä...");
    buf_clear(&text);
}
END_TEST

START_TEST(what_is_put_before_a_text_stays)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    for (int i = 0; i < ERROR_TEXT_SIZE - 1; i++)
        buf_append_char(&text, 'x');
    error_set(&err, ERROR_SERVER, "%s", buf_string(&text));
    error_context(&err, "box");
    ck_assert(!strncmp(err.text, "box: xxx", 8));
    ck_assert_str_eq(err.text + strlen(err.text) - 4, "x...");
    buf_clear(&text);
}
END_TEST

Suite *error_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tcase = tcase_create("error");
    tcase_add_test(tcase, a_text_that_is_too_long_says_that_it_was_cut);
    tcase_add_test(tcase, what_is_put_before_a_text_stays);
    suite_add_tcase(suite, tcase);
    return suite;
}
