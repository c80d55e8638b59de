/* SPDX-License-Identifier: MIT */
/*
 * What follows a failure: a table by hand for what is named in the design
 * (section 5) and in the notes on reliability (5.2 to 5.4, columns R and F), and
 * the bounds over every combination.
 */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/retry.h"

Suite *retry_suite(void);

/* The first failure of a vendor, nobody else to ask. */
#define ALONE .base_ms = RETRY_BASE_MS
#define RUNG  .base_ms = RETRY_BASE_MS, .has_rung = true

/* clang-format off */
static const struct {
    const char *name;
    struct retry_failure failure;
    struct retry_state state;
    enum retry_verdict verdict;
    int64_t delay_ms;
} cases[] = {
    { "a refused connection", { .is_unreached = true, .hope = HTTP_SOME_TRIES },
      { ALONE }, RETRY_AGAIN, 250 },
    { "the longest first wait", { .status = 500 },
      { ALONE, .random = 1 }, RETRY_AGAIN, 500 },
    { "the second wait is twice the first", { .status = 500 },
      { ALONE, .retries = 1, .random = 1 }, RETRY_AGAIN, 1000 },
    { "there is no third", { .status = 500 },
      { ALONE, .retries = 2 }, RETRY_STOP, 0 },
    { "a name that is not found is looked up once more",
      { .is_unreached = true, .hope = HTTP_ONE_TRY },
      { ALONE }, RETRY_AGAIN, 250 },
    { "and not twice", { .is_unreached = true, .hope = HTTP_ONE_TRY },
      { ALONE, .retries = 1 }, RETRY_STOP, 0 },
    { "a certificate stays wrong", { .is_unreached = true },
      { ALONE }, RETRY_STOP, 0 },
    { "nor does another rung stand in for it", { .is_unreached = true },
      { RUNG }, RETRY_STOP, 0 },
    { "after a delta never",
      { .status = 500, .has_delta = true, .wish = { .wants = true } },
      { ALONE }, RETRY_STOP, 0 },
    { "but another rung may answer anew",
      { .status = 500, .has_delta = true, .wish = { .wants = true } },
      { RUNG }, RETRY_FALL_BACK, 0 },
    { "also in the place of one that asks for time",
      { .status = 503, .has_delta = true, .wish = { .after_ms = 3000 } },
      { RUNG, .is_own = true }, RETRY_FALL_BACK, 0 },
    { "not where the fault is the user's to mend",
      { .status = 401, .has_delta = true }, { RUNG }, RETRY_STOP, 0 },
    { "nor after he has said to stop",
      { .status = 200, .hope = HTTP_ONE_TRY, .has_delta = true,
        .is_silent = true, .is_given_up = true },
      { RUNG }, RETRY_STOP, 0 },
    { "Retry-After", { .status = 429, .wish = { .after_ms = 12000 } },
      { ALONE }, RETRY_AGAIN, 12000 },
    { "up to 60 s", { .status = 429, .wish = { .after_ms = 60000 } },
      { ALONE }, RETRY_AGAIN, 60000 },
    { "and not longer", { .status = 429, .wish = { .after_ms = 60001 } },
      { ALONE }, RETRY_STOP, 0 },
    { "20 s even with a rung", { .status = 429, .wish = { .after_ms = 20000 } },
      { RUNG }, RETRY_AGAIN, 20000 },
    { "above it falls back", { .status = 429, .wish = { .after_ms = 20001 } },
      { RUNG }, RETRY_FALL_BACK, 0 },
    { "90 s in all", { .status = 500 },
      { ALONE, .elapsed_ms = 89750 }, RETRY_AGAIN, 250 },
    { "and not more", { .status = 500 },
      { ALONE, .elapsed_ms = 89751 }, RETRY_STOP, 0 },
    { "90 s hold for a wish, too", { .status = 429, .wish = { .after_ms = 50000 } },
      { ALONE, .elapsed_ms = 50000 }, RETRY_STOP, 0 },
    { "x-should-retry: false", { .status = 500, .wish = { .refuses = true } },
      { ALONE }, RETRY_STOP, 0 },
    { "x-should-retry: true", { .status = 400, .wish = { .wants = true } },
      { ALONE }, RETRY_AGAIN, 250 },
    { "no credit", { .status = 429, .is_out_of_credit = true,
        .wish = { .wants = true, .after_ms = 1000 } },
      { ALONE }, RETRY_STOP, 0 },
    { "no credit falls back", { .status = 402, .is_out_of_credit = true },
      { RUNG }, RETRY_FALL_BACK, 0 },
    { "too long for this model", { .status = 400, .does_not_fit = true },
      { ALONE }, RETRY_STOP, 0 },
    { "another may have a larger window", { .status = 400, .does_not_fit = true },
      { RUNG }, RETRY_FALL_BACK, 0 },
    { "an own server that fails gives way at once", { .status = 500 },
      { RUNG, .is_own = true }, RETRY_FALL_BACK, 0 },
    { "but is waited for as it asks",
      { .status = 503, .wish = { .after_ms = 3000 } },
      { RUNG, .is_own = true }, RETRY_AGAIN, 3000 },
    { "a vendor is asked again first", { .status = 500 },
      { RUNG }, RETRY_AGAIN, 250 },
    { "and then gives way", { .status = 500 },
      { RUNG, .retries = 2 }, RETRY_FALL_BACK, 0 },
    { "a silent server", { .is_silent = true }, { ALONE }, RETRY_AGAIN, 250 },
    { "not when a minute and a half is over", { .is_silent = true },
      { ALONE, .elapsed_ms = 600000 }, RETRY_STOP, 0 },
    { "a stream that ended before its first word",
      { .status = 200, .hope = HTTP_SOME_TRIES }, { ALONE }, RETRY_AGAIN, 250 },
    { "a model that loads", { .status = 503, .is_loading = true },
      { RUNG, .is_own = true, .retries = 2, .elapsed_ms = 90000,
        .loading_ms = 599999 },
      RETRY_AGAIN, 2000 },
    { "how long it has loaded is no time of failing", { .status = 500 },
      { ALONE, .loading_ms = 400000 }, RETRY_AGAIN, 250 },
    { "not for ever", { .status = 503, .is_loading = true },
      { ALONE, .elapsed_ms = 600000, .loading_ms = 600000 }, RETRY_STOP, 0 },
};
/* clang-format on */

START_TEST(what_follows_a_failure)
{
    struct retry_decision decision =
        retry_decide(&cases[_i].failure, &cases[_i].state);
    ck_assert_msg(decision.verdict == cases[_i].verdict, "%s", cases[_i].name);
    ck_assert_msg(decision.delay_ms == cases[_i].delay_ms, "%s: %lld",
                  cases[_i].name, (long long)decision.delay_ms);
    ck_assert_msg(decision.is_uncounted == (decision.verdict == RETRY_AGAIN &&
                                            cases[_i].failure.is_loading),
                  "%s", cases[_i].name);
}
END_TEST

/* Every status: those that are tried again, and for what another rung is. */
static enum retry_cause expected_cause(int status)
{
    switch (status) {
    case 408:
    case 409:
    case 425:
    case 429:
    case 503:
    case 529: return RETRY_BUSY;
    case 501:
    case 505:
    case 511: return RETRY_NO_CAUSE;
    default: return status >= 500 ? RETRY_BROKEN : RETRY_NO_CAUSE;
    }
}

START_TEST(every_status_is_tried_again_or_not)
{
    for (int status = 300; status < 600; status++) {
        struct retry_failure failure = { .status = status };
        enum retry_cause cause = expected_cause(status);
        ck_assert_msg(retry_cause_of(&failure) == cause, "%d", status);
        enum retry_verdict verdict =
            retry_decide(&failure, &(struct retry_state){ ALONE }).verdict;
        ck_assert_msg(verdict == (cause ? RETRY_AGAIN : RETRY_STOP), "%d",
                      status);
        bool is_fault =
            cause && status != 409 && status != 425 && status != 429;
        ck_assert_msg(retry_is_fault(&failure) == is_fault, "%d", status);
    }
}
END_TEST

START_TEST(causes_are_those_of_the_setting)
{
    static const struct {
        struct retry_failure failure;
        const char *name;
    } causes[] = {
        { { .is_unreached = true, .hope = HTTP_SOME_TRIES }, "refused" },
        { { .status = 429 }, "busy" },
        { { .status = 402, .is_out_of_credit = true }, "busy" },
        { { .status = 502 }, "broken" },
        { { .hope = HTTP_SOME_TRIES }, "broken" },
        { { .is_silent = true }, "silent" },
    };
    for (size_t i = 0; i < COUNTOF(causes); i++)
        ck_assert_str_eq(retry_cause_name(retry_cause_of(&causes[i].failure)),
                         causes[i].name);
    ck_assert_ptr_null(retry_cause_name(RETRY_NO_CAUSE));
}
END_TEST

/* One combination of everything that counts, by the bits of a number. */
enum { COMBINATIONS = 1 << 14 };

static void combine(unsigned bits, struct retry_failure *failure,
                    struct retry_state *state)
{
    static const int statuses[] = { 0, 200, 400, 429, 500, 501, 503, 529 };
    static const int64_t wishes[] = { 0, 1000, 30000, 3600000 };
    static const int64_t elapsed[] = { 0, 40000, 89900, 700000 };
    *failure = (struct retry_failure){
        .status = statuses[bits & 7],
        .hope = bits & 8 ? HTTP_SOME_TRIES : HTTP_HOPELESS,
        .has_delta = bits & 16,
        .is_loading = bits & 32,
        .is_out_of_credit = bits & 64,
        .wish = { .after_ms = wishes[bits >> 7 & 3], .wants = bits & 512 },
    };
    *state = (struct retry_state){
        .base_ms = RETRY_BASE_MS,
        .retries = bits & 1024 ? 2 : 0,
        .elapsed_ms = elapsed[bits >> 11 & 3],
        .loading_ms = elapsed[bits >> 11 & 3],
        .has_rung = bits & 8192,
        .random = 1,
    };
}

START_TEST(no_combination_leaves_the_bounds)
{
    for (unsigned bits = 0; bits < COMBINATIONS; bits++) {
        struct retry_failure failure;
        struct retry_state state;
        combine(bits, &failure, &state);
        struct retry_decision decision = retry_decide(&failure, &state);
        if (decision.verdict == RETRY_FALL_BACK)
            ck_assert(state.has_rung);
        if (decision.verdict != RETRY_AGAIN) {
            ck_assert_int_eq(decision.delay_ms, 0);
            continue;
        }
        ck_assert(!failure.has_delta);
        ck_assert_int_gt(decision.delay_ms, 0);
        ck_assert_int_le(decision.delay_ms, 60000);
        if (decision.is_uncounted)
            continue;
        ck_assert(!failure.is_out_of_credit);
        ck_assert_int_lt(state.retries, 2);
        ck_assert_int_le(state.elapsed_ms + decision.delay_ms, 90000);
    }
}
END_TEST

START_TEST(waits_double_up_to_eight_seconds_and_jitter_halves_them_at_most)
{
    /* Seen only with a larger base: two tries of one target come as far as 1 s
     * with the usual one. */
    static const int64_t longest[] = { 3000, 6000 };
    for (int retries = 0; retries < RETRY_MOST; retries++) {
        for (int percent = 0; percent <= 100; percent++) {
            struct retry_state state = { .base_ms = 3000,
                                         .retries = retries,
                                         .random = percent / 100.0 };
            int64_t delay_ms =
                retry_decide(&(struct retry_failure){ .status = 500 }, &state)
                    .delay_ms;
            int64_t expected =
                longest[retries] / 2 + longest[retries] * percent / 200;
            ck_assert_int_le(delay_ms, expected + 1);
            ck_assert_int_ge(delay_ms, expected - 1);
        }
    }
    struct retry_state state = { .base_ms = 7000, .retries = 1, .random = 1 };
    ck_assert_int_eq(
        retry_decide(&(struct retry_failure){ .status = 500 }, &state).delay_ms,
        8000);
}
END_TEST

Suite *retry_suite(void)
{
    Suite *suite = suite_create("retry");
    TCase *tcase = tcase_create("retry");
    tcase_add_loop_test(tcase, what_follows_a_failure, 0, COUNTOF(cases));
    tcase_add_test(tcase, every_status_is_tried_again_or_not);
    tcase_add_test(tcase, causes_are_those_of_the_setting);
    tcase_add_test(tcase, no_combination_leaves_the_bounds);
    tcase_add_test(
        tcase, waits_double_up_to_eight_seconds_and_jitter_halves_them_at_most);
    suite_add_tcase(suite, tcase);
    return suite;
}
