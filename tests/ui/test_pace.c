/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "ui/pace.h"

Suite *pace_suite(void);

/* A pty's reader frees its 20 KiB in blocks: so many bytes are taken at once,
 * and then none for a while. */
enum { BLOCK = 3584, QUEUE = 20 * 1024 };

/* One write that leaves the line full, as tty_flush() tells it. */
static void fill(struct pace *pace, size_t len, int64_t now)
{
    if (len)
        pace_on_write(pace, len, false, now);
    pace_on_write(pace, 0, true, now);
}

START_TEST(a_line_that_never_fell_behind_has_no_limit)
{
    struct pace pace = { 0 };
    for (int64_t now = 0; now < 10000; now++)
        pace_on_write(&pace, 4000, false, now);
    ck_assert_uint_eq(pace_budget(&pace, 10000), PACE_NO_LIMIT);
    /* Full once says only that it is slower than we are. */
    fill(&pace, 4000, 10000);
    ck_assert_uint_eq(pace_budget(&pace, 10000), PACE_NO_LIMIT);
}
END_TEST

START_TEST(a_line_is_measured_from_full_to_full)
{
    struct pace pace = { 0 };
    /* 3584 bytes in 3733 ms are 960 a second: 9600 baud. */
    fill(&pace, QUEUE, 1000);
    fill(&pace, BLOCK, 1000 + 3733);
    /* What is under way comes first: 20480 bytes, 21333 ms. */
    ck_assert_uint_eq(pace_budget(&pace, 4733), 0);
    ck_assert_uint_eq(pace_budget(&pace, 4733 + 21000), 0);
    ck_assert_uint_ge(pace_budget(&pace, 4733 + 21400), 94);
    ck_assert_uint_le(pace_budget(&pace, 4733 + 60000), 97);
    /* Another measurement that says the same changes nothing. */
    fill(&pace, BLOCK, 4733 + 3733);
    ck_assert_uint_le(pace_budget(&pace, 90000), 97);
}
END_TEST

START_TEST(a_line_that_stood_still_is_not_slow)
{
    static const size_t last[] = { BLOCK, 1416 };
    struct pace pace = { 0 };
    fill(&pace, QUEUE, 0);
    fill(&pace, BLOCK, 10000);
    /* It moves again. */
    if (last[_i] == BLOCK)
        fill(&pace, BLOCK, 10002);
    else
        pace_on_write(&pace, last[_i], false, 10002);
    ck_assert_uint_eq(pace_budget(&pace, 10003), PACE_NO_LIMIT);
}
END_TEST

START_TEST(full_twice_in_an_hour_measures_nothing)
{
    struct pace pace = { 0 };
    fill(&pace, QUEUE, 0);
    pace_on_write(&pace, 100000, false, 1800000);
    fill(&pace, QUEUE, 3600000);
    ck_assert_uint_eq(pace_budget(&pace, 3600000), PACE_NO_LIMIT);
}
END_TEST

START_TEST(asking_a_full_line_again_measures_nothing)
{
    struct pace pace = { 0 };
    fill(&pace, QUEUE, 0);
    for (int64_t now = 1; now < 1000; now++)
        fill(&pace, 1, now);
    /* 999 bytes are fewer than a block; with these it is 3600 in 1000 ms. */
    fill(&pace, 2601, 1000);
    ck_assert_uint_ge(pace_budget(&pace, 60000), 358);
    ck_assert_uint_le(pace_budget(&pace, 60000), 361);
}
END_TEST

START_TEST(a_speed_that_is_given_is_believed)
{
    struct pace pace = { 0 };
    pace_give(&pace, 960);
    ck_assert_uint_eq(pace_budget(&pace, 1000), 96);
    pace_on_write(&pace, 96, false, 1000);
    ck_assert_uint_eq(pace_budget(&pace, 1000), 0);
    ck_assert_uint_eq(pace_budget(&pace, 1050), 48);
    ck_assert_uint_eq(pace_budget(&pace, 1100), 96);
    /* Whatever the line shows, and however often frames are cut. */
    fill(&pace, BLOCK, 2000);
    fill(&pace, BLOCK, 2001);
    for (int i = 0; i < 1000; i++)
        pace_on_cut(&pace);
    ck_assert_uint_eq(pace_budget(&pace, 60000), 96);
    pace_give(&pace, 0);
    ck_assert_uint_eq(pace_budget(&pace, 60000), PACE_NO_LIMIT);
}
END_TEST

START_TEST(a_line_that_became_fast_is_found_out)
{
    struct pace pace = { 0 };
    fill(&pace, QUEUE, 0);
    fill(&pace, BLOCK, 3733);
    for (int i = 0; i < 70; i++)
        pace_on_cut(&pace);
    size_t twice = pace_budget(&pace, 90000);
    ck_assert_uint_ge(twice, 185);
    ck_assert_uint_le(twice, 200);
    for (int i = 0; i < 1000; i++)
        pace_on_cut(&pace);
    ck_assert_uint_eq(pace_budget(&pace, 90000), PACE_NO_LIMIT);
}
END_TEST

Suite *pace_suite(void)
{
    Suite *suite = suite_create("pace");
    TCase *tcase = tcase_create("pace");
    tcase_add_test(tcase, a_line_that_never_fell_behind_has_no_limit);
    tcase_add_test(tcase, a_line_is_measured_from_full_to_full);
    tcase_add_loop_test(tcase, a_line_that_stood_still_is_not_slow, 0, 2);
    tcase_add_test(tcase, full_twice_in_an_hour_measures_nothing);
    tcase_add_test(tcase, asking_a_full_line_again_measures_nothing);
    tcase_add_test(tcase, a_speed_that_is_given_is_believed);
    tcase_add_test(tcase, a_line_that_became_fast_is_found_out);
    suite_add_tcase(suite, tcase);
    return suite;
}
