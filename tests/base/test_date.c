/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/date.h"

Suite *date_suite(void);

/* The first two are the examples of RFC 9110 and RFC 3339; seconds by
 * `date -d ... +%s`. */
static const struct {
    const char *text;
    int64_t unix_ms;
} dates[] = {
    { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777000 },
    { "1985-04-12T23:20:50.52Z", 482196050520 },
    { "1996-12-19T16:39:57-08:00", 851042397000 },
    { "2026-11-28T14:02:00Z", 1795874520000 },
    { "2026-11-28T16:02:00+02:00", 1795874520000 },
    { "  2026-11-28T14:02:00.123456789Z ", 1795874520123 },
    { "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480000 },
};

START_TEST(both_forms_are_read)
{
    int64_t unix_ms = -1;
    ck_assert_msg(date_parse(slice_of(dates[_i].text), &unix_ms), "%s",
                  dates[_i].text);
    ck_assert_int_eq(unix_ms, dates[_i].unix_ms);
}
END_TEST

static const char *const others[] = {
    "",
    "12",
    "soon",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 GMT+1",
    "1994-11-06",
    "1994-11-06T08:49:37",
    "1994-11-06T08:49:37+2",
    "1994-11-06T08:49:37+02:00x",
    "1994-11-06T08:49:37+24:00",
    "1994-11-06T08:49:37Zebra",
};

START_TEST(what_is_no_date_is_none)
{
    int64_t unix_ms = 7;
    ck_assert_msg(!date_parse(slice_of(others[_i]), &unix_ms), "%s",
                  others[_i]);
    ck_assert_int_eq(unix_ms, 7);
}
END_TEST

/* GNU date: date -u -d @951782400 +%FT%TZ */
START_TEST(a_time_is_written_as_it_is_read)
{
    struct buf text = { 0 };
    int64_t unix_ms = 0;
    date_append(&text, 951782400);
    ck_assert_str_eq(buf_string(&text), "2000-02-29T00:00:00Z");
    ck_assert(date_parse(buf_slice(&text), &unix_ms));
    ck_assert_int_eq(unix_ms, 951782400000);
    buf_reset(&text);
    date_append(&text, INT64_MAX);
    ck_assert_uint_eq(text.len, 0);
    buf_clear(&text);
}
END_TEST

Suite *date_suite(void)
{
    Suite *suite = suite_create("date");
    TCase *tcase = tcase_create("date");
    tcase_add_loop_test(tcase, both_forms_are_read, 0, COUNTOF(dates));
    tcase_add_loop_test(tcase, what_is_no_date_is_none, 0, COUNTOF(others));
    tcase_add_test(tcase, a_time_is_written_as_it_is_read);
    suite_add_tcase(suite, tcase);
    return suite;
}
