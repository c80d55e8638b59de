/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/cap.h"

Suite *cap_suite(void);

#define NONE        \
    {               \
        -1, 0, 0, 0 \
    }

static const struct {
    struct caps caps;
    double worst;
    enum cap_verdict verdict;
    enum cap_scope scope;
} cases[] = {
    { { { NONE, NONE, NONE } }, 5, CAP_FITS, CAP_RUN },
    { { { NONE, NONE, NONE } }, -1, CAP_FITS, CAP_RUN },
    { { { NONE, { 1, 0, 0, 0 }, NONE } }, 1, CAP_FITS, CAP_RUN },
    { { { NONE, { 1, 0.5, 0, 0 }, NONE } }, 0.5, CAP_FITS, CAP_RUN },
    { { { NONE, { 1, 0.5, 0, 0 }, NONE } }, 0.51, CAP_EXCEEDED, CAP_SESSION },
    /* Ten tenths are one, whatever a double makes of it. */
    { { { NONE, { 1, .1 + .1 + .1 + .1 + .1 + .1 + .1 + .1, 0, 0 }, NONE } },
      .2,
      CAP_FITS,
      CAP_RUN },
    /* What costs nothing fits where nothing is left. */
    { { { { 0, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 9, 0, 0 } } },
      0,
      CAP_FITS,
      CAP_RUN },
    { { { NONE, NONE, { 0, 0, 0, 0 } } }, 0.001, CAP_EXCEEDED, CAP_DAY },
    /* The narrowest is named. */
    { { { { 1, 0, 0, 0 }, { 1, 0, 0, 0 }, { 1, 0, 0, 0 } } },
      2,
      CAP_EXCEEDED,
      CAP_RUN },
    { { { { 1, 0, 0, 0 }, { 1, 1, 0, 0 }, { 1, 1, 0, 0 } } },
      1,
      CAP_EXCEEDED,
      CAP_SESSION },
    /* An unknown price, and what is worse than that. */
    { { { NONE, NONE, { 5, 1, 0, 0 } } }, -1, CAP_UNKNOWN, CAP_DAY },
    { { { { 5, 1, 0, 0 }, NONE, { 5, 6, 0, 0 } } }, -1, CAP_EXCEEDED, CAP_DAY },
    /* What is under way counts as if it had been spent. */
    { { { NONE, NONE, { 5, 1, 0, 3 } } }, 1, CAP_FITS, CAP_RUN },
    { { { NONE, NONE, { 5, 1, 0, 3 } } }, 1.1, CAP_EXCEEDED, CAP_DAY },
};

START_TEST(what_was_spent_and_what_it_may_cost_must_fit)
{
    struct cap_judgement judgement =
        caps_judge(&cases[_i].caps, cases[_i].worst);
    ck_assert_int_eq(judgement.verdict, cases[_i].verdict);
    ck_assert_int_eq(judgement.scope, cases[_i].scope);
}
END_TEST

static struct cap_judgement exceeded(double limit, double spent, double worst)
{
    return (struct cap_judgement){ .verdict = CAP_EXCEEDED,
                                   .scope = CAP_SESSION,
                                   .worst = worst,
                                   .cap = { limit, spent, 0, 0 } };
}

static const struct {
    double limit, spent, worst, raised;
} raises[] = {
    { 1, 0.96, 0.07, 2 },     { 1, 2.5, 0.1, 3 }, { 1, 0, 3, 4 },
    { 0.1, 0.35, 0.05, 0.4 }, { 0, 0, 0.5, 0.5 }, { 0, 0, 0.001, 0.01 },
};

START_TEST(a_raised_limit_is_a_multiple_and_fits)
{
    struct cap_judgement judgement =
        exceeded(raises[_i].limit, raises[_i].spent, raises[_i].worst);
    double raised = cap_raised(&judgement);
    ck_assert_double_eq_tol(raised, raises[_i].raised, 1e-9);
    struct caps caps = { { NONE, NONE, NONE } };
    caps.list[CAP_SESSION] = judgement.cap;
    caps.list[CAP_SESSION].limit = raised;
    ck_assert_int_eq(caps_judge(&caps, raises[_i].worst).verdict, CAP_FITS);
}
END_TEST

static const struct {
    double limit, spent, worst, least;
} leasts[] = {
    { 1, 0.96, 0.07, 1.03 }, { 0.2, 0.2, 0.03, 0.23 },  { 0, 0, 0.001, 0.01 },
    { 0.05, 0.1, 0, 0.1 },   { 1, .1 + .2, 0.8, 1.10 }, { 1, 1, 0.0301, 1.04 },
};

START_TEST(the_least_limit_that_allows_it_is_named_in_whole_cents)
{
    struct cap_judgement judgement =
        exceeded(leasts[_i].limit, leasts[_i].spent, leasts[_i].worst);
    ck_assert_double_eq_tol(cap_least(&judgement), leasts[_i].least, 1e-9);
}
END_TEST

START_TEST(why_it_does_not_fit_is_said)
{
    struct cap_judgement judgement = exceeded(1, 0.96, 0.07);
    struct buf words = { 0 };
    cap_words(&judgement, &words);
    ck_assert_str_eq(buf_string(&words),
                     "it may cost $0.07; $0.96 of the $1.00 of limits.session "
                     "is spent");
    judgement.worst = -1;
    judgement.scope = CAP_DAY;
    judgement.cap.unknown = 2;
    buf_reset(&words);
    cap_words(&judgement, &words);
    ck_assert_str_eq(buf_string(&words),
                     "nobody knows what it costs; $0.96 of the $1.00 of "
                     "limits.day is spent, and 2 answers had no known price");
    judgement = exceeded(1, 0.50, 0.07);
    judgement.cap.held = 0.45;
    buf_reset(&words);
    cap_words(&judgement, &words);
    ck_assert_str_eq(buf_string(&words),
                     "it may cost $0.07; $0.50 of the $1.00 of limits.session "
                     "is spent, and what is under way may cost $0.45");
    ck_assert_double_eq_tol(cap_least(&judgement), 1.02, 1e-9);
    buf_clear(&words);
}
END_TEST

START_TEST(four_fifths_of_a_limit_warn)
{
    ck_assert(!cap_warns(&(struct cap)NONE));
    ck_assert(!cap_warns(&(struct cap){ 1, 0.799, 0, 0 }));
    ck_assert(cap_warns(&(struct cap){ 1, 0.8, 0, 0 }));
    ck_assert(cap_warns(&(struct cap){ 1, 3, 0, 0 }));
    /* What may yet cost less does not. */
    ck_assert(!cap_warns(&(struct cap){ 1, 0.5, 0, 0.4 }));
    /* Who allows nothing needs no warning. */
    ck_assert(!cap_warns(&(struct cap){ 0, 0, 0, 0 }));
}
END_TEST

Suite *cap_suite(void)
{
    Suite *suite = suite_create("cap");
    TCase *tests = tcase_create("cap");
    tcase_add_loop_test(tests, what_was_spent_and_what_it_may_cost_must_fit, 0,
                        (int)COUNTOF(cases));
    tcase_add_loop_test(tests, a_raised_limit_is_a_multiple_and_fits, 0,
                        (int)COUNTOF(raises));
    tcase_add_loop_test(tests,
                        the_least_limit_that_allows_it_is_named_in_whole_cents,
                        0, (int)COUNTOF(leasts));
    tcase_add_test(tests, why_it_does_not_fit_is_said);
    tcase_add_test(tests, four_fifths_of_a_limit_warn);
    suite_add_tcase(suite, tests);
    return suite;
}
