/* SPDX-License-Identifier: MIT */
/*
 * Rows of the ledger: what adds up, what stays apart, which day it is.
 */
#include <stdlib.h>
#include <time.h>

#include <check.h>

#include "store/ledger_row.h"

Suite *ledger_row_suite(void);

static char work[] = "work", home[] = "home", box[] = "box", gate[] = "gate",
            small[] = "small", large[] = "large";

/* Four rows of two days. */
static void fill(struct ledger_rows *rows)
{
    const struct ledger_row four[] = {
        { 20261127, work, box, small, false, 1, { .figures = { [0] = 1 } } },
        { 20261128, work, box, small, false, 1, { .figures = { [0] = 2 } } },
        { 20261128, home, box, large, false, 2, { .figures = { [0] = 4 } } },
        { 20261128, work, gate, large, true, 0, { .figures = { [0] = 8 } } },
    };
    for (size_t i = 0; i < sizeof four / sizeof *four; i++)
        ledger_rows_add(rows, &four[i], LEDGER_BY_ALL);
}

START_TEST(rows_are_one_if_they_are_equal_in_what_counts)
{
    struct ledger_rows rows = { 0 }, groups = { 0 };
    fill(&rows);
    fill(&rows);
    ck_assert_uint_eq(rows.list.count, 4);
    ck_assert_int_eq(rows.list.items[3].sum.figures[LEDGER_ANSWERS], 16);
    ledger_rows_group(&rows, LEDGER_BY_PROFILE, &groups);
    ck_assert_uint_eq(groups.list.count, 2);
    ck_assert_str_eq(groups.list.items[0].profile, "work");
    ck_assert_str_eq(groups.list.items[0].model, "");
    ck_assert_int_eq(groups.list.items[0].sum.figures[LEDGER_ANSWERS], 22);
    ck_assert_int_eq(groups.list.items[1].sum.figures[LEDGER_ANSWERS], 8);
    ledger_rows_clear(&groups);
    ledger_rows_group(&rows, LEDGER_BY_ENDPOINT | LEDGER_BY_MODEL, &groups);
    ck_assert_uint_eq(groups.list.count, 3);
    ledger_rows_clear(&groups);
    ledger_rows_clear(&rows);
}
END_TEST

START_TEST(what_is_ones_own_is_told_from_what_vendors_did)
{
    struct ledger_rows rows = { 0 };
    fill(&rows);
    ck_assert_int_eq(ledger_rows_sum(&rows).figures[LEDGER_ANSWERS], 15);
    ck_assert_int_eq(ledger_rows_sum_of(&rows, true).figures[LEDGER_ANSWERS],
                     8);
    ck_assert_int_eq(ledger_rows_sum_of(&rows, false).figures[LEDGER_ANSWERS],
                     7);
    ledger_rows_clear(&rows);
}
END_TEST

/* A file that somebody wrote into. */
START_TEST(sums_do_not_overflow)
{
    struct ledger_sum sum = { .figures = { [LEDGER_COST] = INT64_MAX - 1 } };
    const struct ledger_sum two = { .figures = { [LEDGER_COST] = 2 } };
    ledger_sum_add(&sum, &two);
    ck_assert_int_eq(sum.figures[LEDGER_COST], INT64_MAX);
}
END_TEST

/* Half of them took less than what is said, but for a factor of two; so did nine
 * of ten. */
START_TEST(a_time_is_right_but_for_a_factor_of_two)
{
    static const int64_t times[] = { 1,    7,    8,     15,     16,     1000,
                                     1023, 1024, 60000, 600000, 3600000 };
    struct ledger_sum none = { 0 };
    ck_assert_int_eq(ledger_sum_time(&none, .5), -1);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct ledger_sum sum = { 0 };
        for (int j = 0; j < 10; j++)
            ledger_sum_add_time(&sum, times[i]);
        for (double share = .1; share < 1; share += .1) {
            int64_t told = ledger_sum_time(&sum, share);
            ck_assert_int_ge(told * 2, times[i] < 8 ? 0 : times[i]);
            ck_assert_int_le(told, times[i] < 8 ? 8 : times[i] * 2);
        }
    }
}
END_TEST

START_TEST(a_slow_tenth_shows_in_p90_and_not_in_p50)
{
    struct ledger_sum sum = { 0 };
    for (int i = 0; i < 80; i++)
        ledger_sum_add_time(&sum, 300);
    for (int i = 0; i < 20; i++)
        ledger_sum_add_time(&sum, 20000);
    ck_assert_int_ge(ledger_sum_time(&sum, .5), 256);
    ck_assert_int_le(ledger_sum_time(&sum, .5), 512);
    ck_assert_int_ge(ledger_sum_time(&sum, .9), 16384);
    ck_assert_int_le(ledger_sum_time(&sum, .9), 32768);
}
END_TEST

START_TEST(a_day_is_one_of_the_local_calendar)
{
    /* 2026-11-28T23:30:00Z is the 29th in Tokyo and the 28th in New York. */
    const int64_t at = INT64_C(1795908600) * 1000;
    setenv("TZ", "UTC", 1);
    tzset();
    ck_assert_int_eq(ledger_day(at), 20261128);
    setenv("TZ", "JST-9", 1);
    tzset();
    ck_assert_int_eq(ledger_day(at), 20261129);
    setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
    tzset();
    ck_assert_int_eq(ledger_day(at), 20261128);
    /* The clock was put back on the 1st: a day of 25 hours. */
    ck_assert_int_eq(ledger_day_before(20261102, 1), 20261101);
    ck_assert_int_eq(ledger_day_before(20261102, 2), 20261031);
    ck_assert_int_eq(ledger_day_before(20270101, 1), 20261231);
    ck_assert_int_eq(ledger_day_before(20240301, 1), 20240229);
    ck_assert_int_eq(ledger_day_before(20261128, 0), 20261128);
    ck_assert_int_eq(ledger_day_before(20261128, 365), 20251128);
}
END_TEST

Suite *ledger_row_suite(void)
{
    Suite *suite = suite_create("ledger_row");
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, rows_are_one_if_they_are_equal_in_what_counts);
    tcase_add_test(rows, what_is_ones_own_is_told_from_what_vendors_did);
    tcase_add_test(rows, sums_do_not_overflow);
    tcase_add_test(rows, a_time_is_right_but_for_a_factor_of_two);
    tcase_add_test(rows, a_slow_tenth_shows_in_p90_and_not_in_p50);
    tcase_add_test(rows, a_day_is_one_of_the_local_calendar);
    suite_add_tcase(suite, rows);
    return suite;
}
