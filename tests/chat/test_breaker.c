/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "chat/breaker.h"

Suite *breaker_suite(void);

static const int64_t start = 1000000;

static void lose(struct breaker *breaker, int64_t now)
{
    ck_assert_int_eq(breaker_wait_ms(breaker, now), 0);
    breaker_start(breaker);
    breaker_note(breaker, true, now);
}

static void win(struct breaker *breaker, int64_t now)
{
    ck_assert_int_eq(breaker_wait_ms(breaker, now), 0);
    breaker_start(breaker);
    breaker_note(breaker, false, now);
}

START_TEST(three_failures_in_a_row_open_it_for_five_seconds)
{
    struct breaker breaker = { 0 };
    lose(&breaker, start);
    lose(&breaker, start + 1);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 1), 0);
    lose(&breaker, start + 2);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 2), 5000);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 5001), 1);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 5002), 0);
}
END_TEST

START_TEST(a_success_between_begins_the_row_anew)
{
    struct breaker breaker = { 0 };
    lose(&breaker, start);
    lose(&breaker, start);
    win(&breaker, start);
    lose(&breaker, start);
    /* 3 of 4 failed, but fewer than 5 were made. */
    ck_assert_int_eq(breaker_wait_ms(&breaker, start), 0);
}
END_TEST

START_TEST(more_than_half_of_five_in_a_minute_open_it)
{
    struct breaker breaker = { 0 };
    win(&breaker, start);
    lose(&breaker, start + 1);
    lose(&breaker, start + 2);
    win(&breaker, start + 3);
    lose(&breaker, start + 4);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 4), 5000);
}
END_TEST

START_TEST(half_is_not_more_than_half)
{
    struct breaker breaker = { 0 };
    win(&breaker, start);
    win(&breaker, start);
    win(&breaker, start);
    lose(&breaker, start);
    lose(&breaker, start);
    win(&breaker, start);
    lose(&breaker, start);
    win(&breaker, start);
    lose(&breaker, start);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start), 0);
    lose(&breaker, start);
    /* 5 of 10 */
    ck_assert_int_eq(breaker_wait_ms(&breaker, start), 0);
    win(&breaker, start);
    lose(&breaker, start);
    lose(&breaker, start);
    /* 7 of 13 */
    ck_assert_int_eq(breaker_wait_ms(&breaker, start), 5000);
}
END_TEST

START_TEST(what_is_older_than_a_minute_does_not_count)
{
    struct breaker breaker = { 0 };
    win(&breaker, start);
    lose(&breaker, start);
    lose(&breaker, start);
    win(&breaker, start + 59999);
    lose(&breaker, start + 60000);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 60000), 0);
}
END_TEST

START_TEST(each_trial_that_fails_doubles_the_wait_up_to_a_minute)
{
    static const int64_t waits[] = { 5000,  10000, 20000, 40000,
                                     60000, 60000, 60000 };
    struct breaker breaker = { 0 };
    int64_t now = start;
    for (int i = 0; i < BREAKER_ROW; i++)
        lose(&breaker, now);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        ck_assert_int_eq(breaker_wait_ms(&breaker, now), waits[i]);
        now += waits[i];
        lose(&breaker, now);
    }
}
END_TEST

START_TEST(only_one_attempt_may_try)
{
    struct breaker breaker = { 0 };
    for (int i = 0; i < BREAKER_ROW; i++)
        lose(&breaker, start);
    int64_t now = start + 5000;
    ck_assert_int_eq(breaker_wait_ms(&breaker, now), 0);
    breaker_start(&breaker);
    ck_assert_int_gt(breaker_wait_ms(&breaker, now), 0);
    /* The user stopped it: the next one tries. */
    breaker_give_up(&breaker);
    ck_assert_int_eq(breaker_wait_ms(&breaker, now), 0);
}
END_TEST

START_TEST(a_trial_that_succeeds_closes_it_and_forgets)
{
    struct breaker breaker = { 0 };
    for (int i = 0; i < BREAKER_ROW; i++)
        lose(&breaker, start);
    win(&breaker, start + 5000);
    lose(&breaker, start + 5000);
    lose(&breaker, start + 5000);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 5000), 0);
    lose(&breaker, start + 5000);
    ck_assert_int_eq(breaker_wait_ms(&breaker, start + 5000), 5000);
}
END_TEST

Suite *breaker_suite(void)
{
    Suite *suite = suite_create("breaker");
    TCase *tcase = tcase_create("breaker");
    tcase_add_test(tcase, three_failures_in_a_row_open_it_for_five_seconds);
    tcase_add_test(tcase, a_success_between_begins_the_row_anew);
    tcase_add_test(tcase, more_than_half_of_five_in_a_minute_open_it);
    tcase_add_test(tcase, half_is_not_more_than_half);
    tcase_add_test(tcase, what_is_older_than_a_minute_does_not_count);
    tcase_add_test(tcase,
                   each_trial_that_fails_doubles_the_wait_up_to_a_minute);
    tcase_add_test(tcase, only_one_attempt_may_try);
    tcase_add_test(tcase, a_trial_that_succeeds_closes_it_and_forgets);
    suite_add_tcase(suite, tcase);
    return suite;
}
