/* SPDX-License-Identifier: MIT */
/*
 * After which failures the next rung answers (routing.fallback.on), and how
 * often anybody is asked for one prompt.
 */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/paid.h"

Suite *fallback_on_suite(void);

#define LADDER(on)                                                    \
    "routing: {ladder: [box/m, gate/large], threshold: 1, band: 0,\n" \
    "  fallback: {on: [" on "]}}\nlimits: {backoff: 1ms}\n"

/* NULL: nothing listens there. */
#define BUSY                                                 \
    "match POST /api/chat\ntimes forever\nstatus 429 Busy\n" \
    "body \"{\\\"error\\\":\\\"wait\\\"}\"\n"
#define SILENT "match POST /api/chat\ntimes forever\nstall\n"

static const struct {
    const char *own, *alone, *others; /* settings: the cause, all but it */
} causes[] = {
    { NULL, LADDER("refused"), LADDER("busy, broken, silent") },
    { BUSY, LADDER("busy"), LADDER("refused, broken, silent") },
    { PAID_OWN_BROKEN, LADDER("broken"), LADDER("refused, busy, silent") },
    { SILENT, LADDER("silent"), LADDER("refused, busy, broken") },
};

/* Only who never says a word is waited for a short time: on a slow machine the
 * others might be late. */
static void ask(size_t cause, const char *more)
{
    const char *own = causes[cause].own;
    bool is_silent = own && !strcmp(own, SILENT);
    paid_open(&(struct paid_plan){
        .own = own,
        .own_more = is_silent ? ", timeouts: {first_token: 20ms}" : NULL,
        .more = more });
    if (!own) {
        server_stop(paid.box);
        paid.box = NULL;
    }
    paid_ask();
}

START_TEST(a_failure_that_is_named_lets_the_next_rung_answer)
{
    ask((size_t)_i, causes[_i].alone);
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

START_TEST(one_that_is_not_named_does_not)
{
    ask((size_t)_i, causes[_i].others);
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert(!chat_is_busy(paid.chat));
    paid_close();
}
END_TEST

START_TEST(an_empty_list_names_none)
{
    ask((size_t)_i, LADDER(""));
    ck_assert_int_eq(paid_requests(), 0);
    paid_close();
}
END_TEST

#define PAID_BROKEN                                                     \
    "match POST /v1/chat/completions\ntimes forever\nstatus 500 Oops\n" \
    "body \"{\\\"error\\\":{\\\"message\\\":\\\"it broke\\\"}}\"\n"

/* An own server that fails gives way at once, a vendor is tried three times. */
static const struct {
    const char *attempts;
    int own, paid;
} attempts[] = {
    { "1", 1, 0 },
    { "2", 1, 1 },
    { "3", 1, 2 },
    { "10", 1, 3 },
};

START_TEST(attempts_are_counted_over_all_rungs)
{
    struct buf more = { 0 };
    buf_printf(&more,
               "routing: {ladder: [box/m, gate/large], threshold: 1}\n"
               "limits: {backoff: 1ms, attempts: %s}\n",
               attempts[_i].attempts);
    paid_open(&(struct paid_plan){ .own = PAID_OWN_BROKEN,
                                   .paid = PAID_BROKEN,
                                   .more = buf_string(&more) });
    buf_clear(&more);
    paid_ask();
    ck_assert_int_eq(paid_own_requests(), attempts[_i].own);
    ck_assert_int_eq(paid_requests(), attempts[_i].paid);
    paid_close();
}
END_TEST

Suite *fallback_on_suite(void)
{
    Suite *suite = suite_create("fallback_on");
    TCase *cases = tcase_create("fallback_on");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases,
                        a_failure_that_is_named_lets_the_next_rung_answer, 0,
                        (int)COUNTOF(causes));
    tcase_add_loop_test(cases, one_that_is_not_named_does_not, 0,
                        (int)COUNTOF(causes));
    tcase_add_loop_test(cases, an_empty_list_names_none, 0,
                        (int)COUNTOF(causes));
    tcase_add_loop_test(cases, attempts_are_counted_over_all_rungs, 0,
                        (int)COUNTOF(attempts));
    suite_add_tcase(suite, cases);
    return suite;
}
