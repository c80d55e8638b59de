/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/array.h"
#include "base/buf.h"

Suite *buf_suite(void);

START_TEST(an_empty_buf_is_an_empty_string)
{
    struct buf buf = { 0 };
    ck_assert_str_eq(buf_string(&buf), "");
    char *stolen = buf_steal(&buf);
    ck_assert_str_eq(stolen, "");
    free(stolen);
}
END_TEST

START_TEST(splicing_replaces_a_range_and_keeps_the_terminator)
{
    struct buf buf = { 0 };
    buf_append_string(&buf, "hello world");
    buf_splice(&buf, 6, 5, slice_of("there, all"));
    ck_assert_str_eq(buf_string(&buf), "hello there, all");
    buf_splice(&buf, 0, 6, slice_of(""));
    ck_assert_str_eq(buf_string(&buf), "there, all");
    ck_assert_uint_eq(strlen(buf.ptr), buf.len);
    buf_clear(&buf);
}
END_TEST

START_TEST(a_capped_append_over_the_cap_changes_nothing)
{
    struct buf buf = { 0 };
    struct error err = { 0 };
    ck_assert(buf_append_capped(&buf, slice_of("1234"), 5, "the line", &err));
    ck_assert(!buf_append_capped(&buf, slice_of("56"), 5, "the line", &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_str_eq(err.text, "the line is larger than 5 bytes");
    ck_assert_str_eq(buf_string(&buf), "1234");
    ck_assert(buf_append_capped(&buf, slice_of("5"), 5, "the line", &err));
    buf_clear(&buf);
}
END_TEST

START_TEST(an_array_keeps_its_items_while_it_grows)
{
    ARRAY_OF(int) numbers = { 0 };
    for (int i = 0; i < 1000; i++)
        *array_add(&numbers) = i;
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(numbers.items[i], i);
    array_clear(&numbers);
    ck_assert_uint_eq(numbers.count, 0);
}
END_TEST

START_TEST(a_long_error_is_cut_on_a_character_boundary)
{
    struct error err = { 0 };
    char text[ERROR_TEXT_SIZE * 2] = { 0 };
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA4", 2);
    error_set(&err, ERROR_SERVER, "x%s", text);
    size_t len = strlen(err.text);
    /* What is cut says so, behind a whole character. */
    ck_assert_uint_ge(len, ERROR_TEXT_SIZE - 3);
    ck_assert_str_eq(err.text + len - 3, "...");
    ck_assert_int_eq((unsigned char)err.text[len - 4], 0xA4);
}
END_TEST

START_TEST(context_stands_before_the_error_and_keeps_its_kind)
{
    struct error err = { 0 };
    error_set(&err, ERROR_CONFIG, "unknown key\n%s", "x");
    error_context(&err, "reading %s", "a.yaml");
    ck_assert_str_eq(err.text, "reading a.yaml: unknown key x");
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
}
END_TEST

Suite *buf_suite(void)
{
    Suite *suite = suite_create("buf");
    TCase *tcase = tcase_create("buf");
    tcase_add_test(tcase, an_empty_buf_is_an_empty_string);
    tcase_add_test(tcase, splicing_replaces_a_range_and_keeps_the_terminator);
    tcase_add_test(tcase, a_capped_append_over_the_cap_changes_nothing);
    tcase_add_test(tcase, an_array_keeps_its_items_while_it_grows);
    tcase_add_test(tcase, a_long_error_is_cut_on_a_character_boundary);
    tcase_add_test(tcase, context_stands_before_the_error_and_keeps_its_kind);
    suite_add_tcase(suite, tcase);
    return suite;
}
