/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "base/compiler.h"
#include "store/day.h"

Suite *day_suite(void);

/* Saturday, 28 November 2026, 14:02 UTC. Seconds by `date -u -d ... +%s`. */
static const int64_t now_ms = 1795874520000;

static void use_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static const struct {
    const char *text;
    int64_t begin, end; /* Unix seconds */
} days[] = {
    { "2026-11-01", 1793491200, 1793491200 + 86400 },
    { "2026-11", 1793491200, 1793491200 + 30 * 86400 },
    { "2026", 1767225600, 1767225600 + 365 * 86400 },
    { "2024-02-29", 1709164800, 1709164800 + 86400 },
    { "today", 1795824000, 1795824000 + 86400 },
    { "Yesterday", 1795737600, 1795737600 + 86400 },
};

START_TEST(a_day_is_from_midnight_to_midnight)
{
    struct day day;
    struct error err = { 0 };
    use_zone("UTC");
    ck_assert_msg(day_parse(slice_of(days[_i].text), now_ms, &day, &err), "%s",
                  err.text);
    ck_assert_int_eq(day.begin, days[_i].begin * 1000);
    ck_assert_int_eq(day.end, days[_i].end * 1000 - 1);
}
END_TEST

static const struct {
    const char *text;
    int64_t seconds_ago;
} ages[] = {
    { "0d", 0 },           { "12h", 12 * 3600 }, { "3d", 3 * 86400 },
    { "2w", 14 * 86400 },  { "1m", 31 * 86400 }, /* from 28 October on */
    { "1y", 365 * 86400 },
};

START_TEST(so_long_ago_is_a_moment)
{
    struct day day;
    struct error err = { 0 };
    use_zone("UTC");
    ck_assert_msg(day_parse(slice_of(ages[_i].text), now_ms, &day, &err), "%s",
                  err.text);
    ck_assert_int_eq(day.begin, now_ms - ages[_i].seconds_ago * 1000);
    ck_assert_int_eq(day.end, day.begin);
}
END_TEST

START_TEST(a_day_is_that_of_the_time_zone)
{
    struct day day;
    struct error err = { 0 };
    use_zone("AAA-10"); /* ten hours before Greenwich: there it is the 29th */
    ck_assert(day_parse(slice_of("today"), now_ms, &day, &err));
    ck_assert_int_eq(day.begin, (int64_t)1795874400 * 1000);
    use_zone("UTC");
}
END_TEST

static const char *const others[] = {
    "",         "soon",     "2026-13",  "2026-02-29",  "2026-11-31",
    "26-11-01", "3 d",      "d",        "3x",          "3days",
    "-3d",      "1234567d", "2026-11-", "2026-11-01x", "20261101",
};

START_TEST(what_is_no_day_says_what_would_be)
{
    struct day day;
    struct error err = { 0 };
    ck_assert_msg(!day_parse(slice_of(others[_i]), now_ms, &day, &err), "%s",
                  others[_i]);
    ck_assert_int_eq(err.kind, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "2026-11-01"));
}
END_TEST

START_TEST(a_misspelt_day_names_the_nearest)
{
    struct day day;
    struct error err = { 0 };
    ck_assert(!day_parse(slice_of("yesterdya"), now_ms, &day, &err));
    ck_assert_str_eq(err.text,
                     "\"yesterdya\" is no day; did you mean yesterday?");
}
END_TEST

Suite *day_suite(void)
{
    Suite *suite = suite_create("day");
    TCase *tcase = tcase_create("day");
    tcase_add_loop_test(tcase, a_day_is_from_midnight_to_midnight, 0,
                        COUNTOF(days));
    tcase_add_loop_test(tcase, so_long_ago_is_a_moment, 0, COUNTOF(ages));
    tcase_add_test(tcase, a_day_is_that_of_the_time_zone);
    tcase_add_loop_test(tcase, what_is_no_day_says_what_would_be, 0,
                        COUNTOF(others));
    tcase_add_test(tcase, a_misspelt_day_names_the_nearest);
    suite_add_tcase(suite, tcase);
    return suite;
}
