/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "chat/call_output.h"

Suite *call_output_suite(void);

static struct call_output output;
static struct buf out;

static void setup(void)
{
    output = (struct call_output){ 0 };
    out = (struct buf){ 0 };
}

static void teardown(void)
{
    call_output_clear(&output);
    buf_clear(&out);
}

static void take(struct slice piece, int64_t now)
{
    buf_reset(&out);
    call_output_take(&output, piece, now, &out);
}

static void fill(void)
{
    struct buf much = { 0 };
    for (size_t i = 0; i < CALL_OUTPUT_WHOLE; i++)
        buf_append_char(&much, 'x');
    take(buf_slice(&much), 1000);
    ck_assert_uint_eq(out.len, CALL_OUTPUT_WHOLE);
    buf_clear(&much);
}

START_TEST(what_is_little_is_told_at_once)
{
    take(slice_of("one"), 1000);
    ck_assert_str_eq(buf_string(&out), "one");
    take(slice_of("two"), 1001);
    ck_assert_str_eq(buf_string(&out), "two");
}
END_TEST

START_TEST(of_much_the_end_is_told_each_second)
{
    fill();
    take(slice_of("a"), 1001);
    ck_assert_str_eq(buf_string(&out), "");
    take(slice_of("b"), 1999);
    ck_assert_str_eq(buf_string(&out), "");
    take(slice_of("c"), 2000);
    ck_assert_str_eq(buf_string(&out), "abc");
    take(slice_of("d"), 2500);
    ck_assert_str_eq(buf_string(&out), "");
}
END_TEST

/* 1100 bytes have come since, of which the last 512 are told. */
START_TEST(what_is_not_told_is_counted)
{
    struct buf piece = { 0 };
    fill();
    for (int i = 0; i < 1000; i++)
        buf_append_char(&piece, 'y');
    take(buf_slice(&piece), 1001);
    buf_reset(&piece);
    for (int i = 0; i < 100; i++)
        buf_append_char(&piece, 'z');
    take(buf_slice(&piece), 2100);
    ck_assert(
        slice_starts(buf_slice(&out), "\n[588 bytes are not shown here]\nyyy"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "yz"));
    ck_assert_uint_eq(out.len - strlen("\n[588 bytes are not shown here]\n"),
                      CALL_OUTPUT_PIECE);
    buf_clear(&piece);
}
END_TEST

/* However it comes, a session's file holds little of it. */
START_TEST(a_gigabyte_is_told_in_little)
{
    enum { MIB = 1024 };
    char piece[64 * 1024];
    size_t told = 0;
    memset(piece, 'n', sizeof piece);
    for (int i = 0; i < MIB * 16; i++) {
        take((struct slice){ piece, sizeof piece }, 1000 + i);
        told += out.len;
    }
    ck_assert_uint_le(told, CALL_OUTPUT_WHOLE + 20 * 1024);
}
END_TEST

Suite *call_output_suite(void)
{
    Suite *suite = suite_create("call_output");
    TCase *test = tcase_create("call_output");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, what_is_little_is_told_at_once);
    tcase_add_test(test, of_much_the_end_is_told_each_second);
    tcase_add_test(test, what_is_not_told_is_counted);
    tcase_add_test(test, a_gigabyte_is_told_in_little);
    suite_add_tcase(suite, test);
    return suite;
}
