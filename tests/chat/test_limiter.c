/* SPDX-License-Identifier: MIT */
/*
 * What a server's headers say is used up is not asked for until it is there
 * again: another rung answers, or it is waited for.
 */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "llm/rate_limit.h"
#include "tests/support/paid.h"

Suite *limiter_suite(void);

#define LIMITED(remaining, reset)                                     \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"                         \
    "header x-ratelimit-limit-requests: 60\n"                         \
    "header x-ratelimit-remaining-requests: " remaining "\n"          \
    "header x-ratelimit-reset-requests: " reset "\n"                  \
    "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":"     \
    "\\\"paid\\\"},\\\"finish_reason\\\":\\\"stop\\\"}]}\"\n"

/* The paid one is the first rung. */
#define LADDER "routing: {ladder: [gate/m, box/m], threshold: 1, band: 0}\n"

static void begin(const char *paid_server, const char *more, const char *target)
{
    paid_open(&(struct paid_plan){
        .paid = paid_server, .more = more, .target = target });
}

START_TEST(what_is_used_up_is_not_asked_while_another_is_there)
{
    begin(LIMITED("0", "50s"), LADDER, NULL);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_int_eq(paid_own_requests(), 1);
    ck_assert(paid_has_event("fell back to m@box"));
    paid_close();
}
END_TEST

START_TEST(what_is_left_is_asked)
{
    begin(LIMITED("1", "50s"), LADDER, NULL);
    paid_ask();
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    ck_assert_int_eq(paid_own_requests(), 0);
    paid_close();
}
END_TEST

/* Up to twenty seconds are waited although another rung is free. */
START_TEST(a_short_time_is_waited_for)
{
    begin(LIMITED("0", "20ms"), LADDER, NULL);
    paid_ask();
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    ck_assert_int_eq(paid_own_requests(), 0);
    paid_close();
}
END_TEST

/* Up to a minute where nobody else is there. */
START_TEST(who_was_named_is_waited_for)
{
    struct error err = { 0 };
    begin(LIMITED("0", "50s"), "", "gate/m");
    paid_ask();
    ck_assert(chat_prompt(paid.chat, slice_of("hi"), NULL, &err));
    chat_turn(paid.chat);
    paid_await("its rate limit is used up");
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert(chat_is_busy(paid.chat));
    paid_close();
}
END_TEST

/* A header that is wrong must lock nobody out. */
START_TEST(who_was_named_and_wants_hours_is_asked_all_the_same)
{
    begin(LIMITED("0", "24h0m0s"), "", "gate/m");
    paid_ask();
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    paid_close();
}
END_TEST

START_TEST(each_model_has_limits_of_its_own)
{
    begin(LIMITED("0", "50s"), "", "gate/m");
    paid_ask();
    struct error err = { 0 };
    ck_assert(chat_set_target(paid.chat, "gate/other", &err));
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    /* Nor was it waited for. */
    ck_assert(!paid_has_event("retry-scheduled"));
    paid_close();
}
END_TEST

static const struct {
    struct rate_limits limits;
    int64_t rest_ms;
} rests[] = {
    { { .count = 0 }, 0 },
    { { { { "requests", 60, 1, 5000 } }, 1 }, 0 },
    { { { { "requests", 60, 0, 5000 } }, 1 }, 5000 },
    { { { { "requests", 60, 0, -1 } }, 1 }, 0 },
    { { { { "requests", 60, -1, 5000 } }, 1 }, 0 },
    /* All that is used up must be there again. */
    { { { { "requests", 60, 0, 5000 },
          { "tokens", 9, 0, 7000 },
          { "input-tokens", 9, 3, 90000 } },
        3 },
      7000 },
};

START_TEST(the_longest_of_what_is_used_up_counts)
{
    ck_assert_int_eq(rate_limits_rest_ms(&rests[_i].limits), rests[_i].rest_ms);
}
END_TEST

Suite *limiter_suite(void)
{
    Suite *suite = suite_create("limiter");
    TCase *cases = tcase_create("limiter");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, what_is_used_up_is_not_asked_while_another_is_there);
    tcase_add_test(cases, what_is_left_is_asked);
    tcase_add_test(cases, a_short_time_is_waited_for);
    tcase_add_test(cases, who_was_named_is_waited_for);
    tcase_add_test(cases, who_was_named_and_wants_hours_is_asked_all_the_same);
    tcase_add_test(cases, each_model_has_limits_of_its_own);
    tcase_add_loop_test(cases, the_longest_of_what_is_used_up_counts, 0,
                        (int)COUNTOF(rests));
    suite_add_tcase(suite, cases);
    return suite;
}
