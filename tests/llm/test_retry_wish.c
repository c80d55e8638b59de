/* SPDX-License-Identifier: MIT */
/*
 * What the headers of real servers say about another try; the cases 100 and 101
 * of the notes on protocols are among them.
 */
#include <check.h>

#include "base/compiler.h"
#include "llm/retry_wish.h"

Suite *retry_wish_suite(void);

enum { HEADERS = 3 };

/* Sat, 28 Nov 2026 14:02:00 GMT */
static const int64_t now_ms = 1795874520000;

/* clang-format off */
static const struct {
    const char *headers[HEADERS][2];
    int64_t after_ms;
    bool wants, refuses;
} cases[] = {
    { { { "Content-Type", "text/plain" } }, 0, false, false },
    { { { "Retry-After", "2" } }, 2000, false, false },
    { { { "retry-after", "0.25" } }, 250, false, false },
    { { { "Retry-After", "86400" } }, 86400000, false, false },
    { { { "Retry-After", "1e300" } }, 1000000000000, false, false },
    { { { "Retry-After", "Sat, 28 Nov 2026 14:02:12 GMT" } }, 12000, false,
      false },
    /* A date that has passed, and what is no time at all, say nothing. */
    { { { "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT" } }, 0, false, false },
    { { { "Retry-After", "0" } }, 0, false, false },
    { { { "Retry-After", "-3" } }, 0, false, false },
    { { { "Retry-After", "nan" } }, 0, false, false },
    { { { "Retry-After", "soon" } }, 0, false, false },
    { { { "Retry-After", "" } }, 0, false, false },
    /* The more exact one wins, in either order, unless it is 0. */
    { { { "retry-after-ms", "1500" }, { "retry-after", "2" } }, 1500, false,
      false },
    { { { "retry-after", "2" }, { "retry-after-ms", "1500" } }, 1500, false,
      false },
    { { { "retry-after-ms", "0" }, { "retry-after", "1" } }, 1000, false,
      false },
    { { { "retry-after", "1" }, { "retry-after-ms", "0" } }, 1000, false,
      false },
    { { { "x-should-retry", "true" } }, 0, true, false },
    { { { "X-Should-Retry", "False" } }, 0, false, true },
    { { { "x-should-retry", "perhaps" } }, 0, false, false },
};
/* clang-format on */

START_TEST(headers_tell_how_long_to_wait_and_whether)
{
    struct retry_wish wish = { 0 };
    for (size_t i = 0; i < HEADERS && cases[_i].headers[i][0]; i++)
        retry_wish_take(&wish, cases[_i].headers[i][0], cases[_i].headers[i][1],
                        now_ms);
    ck_assert_int_eq(wish.after_ms, cases[_i].after_ms);
    ck_assert(wish.wants == cases[_i].wants);
    ck_assert(wish.refuses == cases[_i].refuses);
}
END_TEST

Suite *retry_wish_suite(void)
{
    Suite *suite = suite_create("retry_wish");
    TCase *tcase = tcase_create("retry_wish");
    tcase_add_loop_test(tcase, headers_tell_how_long_to_wait_and_whether, 0,
                        COUNTOF(cases));
    suite_add_tcase(suite, tcase);
    return suite;
}
