/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "chat/health.h"

Suite *health_suite(void);

/* Two endpoints on one server, and another server. */
static struct endpoint one = { .url = (char[]){ "http://box:8080/v1" } };
static struct endpoint two = { .url = (char[]){ "http://BOX:8080/other" } };
static struct endpoint other = { .url = (char[]){ "http://box:8081/v1" } };

static struct health health;

static int64_t wait_ms(const struct endpoint *endpoint, int64_t now,
                       bool is_failing)
{
    bool said;
    int64_t ms = health_wait_ms(&health, endpoint, now, &said);
    ck_assert(said == (ms > 0 && is_failing));
    return ms;
}

static void setup(void)
{
    health = (struct health){ 0 };
}

static void teardown(void)
{
    health_clear(&health);
}

START_TEST(endpoints_of_one_server_share_its_failures)
{
    const struct endpoint *endpoints[] = { &one, &two, &one };
    ck_assert_int_eq(wait_ms(&one, 1000, false), 0);
    for (int i = 0; i < 3; i++) {
        health_start(&health, endpoints[i]);
        health_note(&health, endpoints[i], true, 1000);
    }
    ck_assert_int_eq(wait_ms(&one, 1000, true), 5000);
    ck_assert_int_eq(wait_ms(&two, 2000, true), 4000);
    ck_assert_int_eq(wait_ms(&other, 1000, false), 0);
}
END_TEST

START_TEST(and_what_it_asked_for)
{
    health_is_busy(&health, &one, 3000, 1000);
    ck_assert_int_eq(wait_ms(&two, 1500, false), 2500);
    ck_assert_int_eq(wait_ms(&two, 4000, false), 0);
    ck_assert_int_eq(wait_ms(&other, 1500, false), 0);
}
END_TEST

START_TEST(the_longer_of_both_waits_counts_and_tells_why)
{
    health_is_busy(&health, &one, 10000, 1000);
    for (int i = 0; i < 3; i++)
        health_note(&health, &one, true, 1000);
    ck_assert_int_eq(wait_ms(&one, 1000, false), 10000);
    health_is_busy(&health, &one, 1000, 1000);
    ck_assert_int_eq(wait_ms(&one, 1000, true), 5000);
}
END_TEST

START_TEST(a_trial_that_the_user_stops_is_free_for_the_next)
{
    for (int i = 0; i < 3; i++)
        health_note(&health, &one, true, 0);
    ck_assert_int_eq(wait_ms(&one, 5000, true), 0);
    health_start(&health, &one);
    ck_assert_int_gt(wait_ms(&one, 5000, true), 0);
    health_give_up(&health, &one);
    ck_assert_int_eq(wait_ms(&one, 5000, true), 0);
    health_start(&health, &one);
    health_note(&health, &one, false, 5000);
    ck_assert_int_eq(wait_ms(&one, 5000, true), 0);
}
END_TEST

Suite *health_suite(void)
{
    Suite *suite = suite_create("health");
    TCase *tcase = tcase_create("health");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, endpoints_of_one_server_share_its_failures);
    tcase_add_test(tcase, and_what_it_asked_for);
    tcase_add_test(tcase, the_longer_of_both_waits_counts_and_tells_why);
    tcase_add_test(tcase, a_trial_that_the_user_stops_is_free_for_the_next);
    suite_add_tcase(suite, tcase);
    return suite;
}
