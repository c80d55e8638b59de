/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "chat/silence.h"

Suite *silence_suite(void);

START_TEST(silence_is_told_by_who_and_how_long)
{
    static const struct {
        struct silence silence;
        const char *words;
    } cases[] = {
        { { "box", "", 600000, false },
          "no answer: box sent no word for 600 s (timeouts.first_token)" },
        { { "box", "", 300, false },
          "no answer: box sent no word for 0.3 s (timeouts.first_token)" },
        { { "box", "p:8080", 60000, true },
          "stalled: box sent no word for 60 s (timeouts.gap)" },
        { { "box", "p:8080", 60000, false },
          "no answer: box sent no word for 60 s (timeouts.first_token); the "
          "proxy p:8080 may be buffering, then reply.stream: false helps" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        silence_describe(&cases[i].silence, &err);
        ck_assert_str_eq(err.text, cases[i].words);
        ck_assert_int_eq(err.kind, ERROR_CUT);
    }
}
END_TEST

START_TEST(a_sleep_of_the_machine_is_told)
{
    static const struct {
        int64_t slept_ms;
        const char *words;
    } cases[] = {
        { 0, "connection reset" },
        { 4999, "connection reset" },
        { 5000, "the machine slept for 5 s: connection reset" },
        { 119999, "the machine slept for 119 s: connection reset" },
        { 14 * 60000, "the machine slept for 14 min: connection reset" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        error_set(&err, ERROR_CUT, "connection reset");
        silence_add_sleep(cases[i].slept_ms, &err);
        ck_assert_str_eq(err.text, cases[i].words);
        ck_assert_int_eq(err.kind, ERROR_CUT);
    }
}
END_TEST

START_TEST(a_machine_that_is_awake_sleeps_no_longer)
{
    int64_t before = clock_asleep_ms();
    ck_assert_int_ge(before, 0);
    ck_assert_int_lt(clock_asleep_ms() - before, SILENCE_SLEEP_MS);
}
END_TEST

Suite *silence_suite(void)
{
    Suite *suite = suite_create("silence");
    TCase *tcase = tcase_create("silence");
    tcase_add_test(tcase, silence_is_told_by_who_and_how_long);
    tcase_add_test(tcase, a_sleep_of_the_machine_is_told);
    tcase_add_test(tcase, a_machine_that_is_awake_sleeps_no_longer);
    suite_add_tcase(suite, tcase);
    return suite;
}
