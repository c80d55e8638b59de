/* SPDX-License-Identifier: MIT */
#include <locale.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "config/settings.h"
#include "tests/support/settings.h"

Suite *scalar_suite(void);

static double number_of(const char *key, const char *value)
{
    struct settings *settings = settings_new();
    settings_must_set(settings, key, value);
    ck_assert_int_eq(settings_find(settings, key)->type, SETTING_NUMBER);
    double number = settings_number(settings, key, -1);
    settings_free(settings);
    return number;
}

START_TEST(words_that_other_yaml_takes_for_flags_are_text_here)
{
    struct settings *settings = settings_new();
    settings_must_add(
        settings, "a.yaml",
        "routing: {fallback: {on: [busy]}}\n"
        "reply: {thinking: on}\n"
        "endpoints: {no: {models: {y: yes, n: 0x1F, off: 8b, true: 1.0 "
        "USD}}}\n");
    ck_assert_ptr_nonnull(settings_find(settings, "routing.fallback.on"));
    ck_assert_str_eq(settings_text(settings, "reply.thinking", ""), "on");
    ck_assert_str_eq(settings_text(settings, "endpoints.no.models.y", ""),
                     "yes");
    ck_assert_str_eq(settings_text(settings, "endpoints.no.models.n", ""),
                     "0x1F");
    ck_assert_str_eq(settings_text(settings, "endpoints.no.models.off", ""),
                     "8b");
    ck_assert_str_eq(settings_text(settings, "endpoints.no.models.true", ""),
                     "1.0 USD");
    settings_free(settings);
}
END_TEST

START_TEST(numbers_are_read_as_json_writes_them)
{
    ck_assert_double_eq(number_of("reply.temperature", "0.2"), 0.2);
    ck_assert_double_eq(number_of("reply.temperature", "1"), 1);
    ck_assert_double_eq(number_of("reply.temperature", "2e-1"), 0.2);
    ck_assert_double_eq(number_of("reply.temperature", ".5"), 0.5);
    ck_assert_double_eq(number_of("reply.temperature", ".125e1"), 1.25);
    ck_assert_double_eq(number_of("reply.max_tokens", "4e3"), 4000);
    ck_assert_double_eq(number_of("reply.seed", "123456789012345"),
                        123456789012345.0);
    static const char *const bad[] = {
        "1_000", "010", "0x10", "0o10",
        "+1",    ".",   "1.",   "1e",
        "1,5",   "--1", ".inf", ".nan",
        "1 2",   "one", "1e99", "0.1234567890123456"
    };
    for (size_t i = 0; i < COUNTOF(bad); i++) {
        struct buf words = { 0 };
        buf_printf(&words,
                   "--set: reply.temperature: expected a number, found \"%s\"",
                   bad[i]);
        settings_refuses_value("reply.temperature", bad[i], buf_string(&words));
        buf_clear(&words);
    }
    settings_refuses_value(
        "reply.temperature", "'1'",
        "--set: reply.temperature: expected a number, found \"1\" in "
        "quotes");
    settings_refuses_value(
        "reply.max_tokens", "1.5",
        "--set: reply.max_tokens: expected a whole number, found "
        "\"1.5\"");
}
END_TEST

START_TEST(a_text_that_would_end_every_answer_is_refused)
{
    settings_refuses_value("reply.stop", "['']",
                           "--set: reply.stop[]: must not be empty");
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
    /* C.UTF-8 is always there; the others make the test stricter. */
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        setlocale(LC_ALL, "C.UTF-8");
    ck_assert_double_eq(number_of("reply.top_p", "0.95"), 0.95);
}
END_TEST

START_TEST(bounds_are_inclusive_and_are_named)
{
    ck_assert_double_eq(number_of("reply.temperature", "2"), 2);
    ck_assert_double_eq(number_of("reply.temperature", "0"), 0);
    settings_refuses_value(
        "reply.temperature", "2.1",
        "--set: reply.temperature: must be between 0 and 2, not 2.1");
    settings_refuses_value(
        "reply.temperature", "-0.1",
        "--set: reply.temperature: must be between 0 and 2, not -0.1");
    settings_refuses_value(
        "reply.max_tokens", "0",
        "--set: reply.max_tokens: must be at least 1, not 0");
    settings_refuses_value("version", "2", "--set: version: must be 1, not 2");
    settings_refuses_value(
        "limits.deadline", "500ms",
        "--set: limits.deadline: must be between 1s and 86400s, not "
        "500ms");
    settings_refuses_value(
        "context.warn", "75",
        "--set: context.warn: must be between 0% and 100%, not 75");
}
END_TEST

START_TEST(durations_shares_and_amounts_have_units)
{
    ck_assert_double_eq(number_of("limits.deadline", "1500ms"), 1500);
    ck_assert_double_eq(number_of("limits.deadline", "1.5s"), 1500);
    ck_assert_double_eq(number_of("limits.deadline", "90"), 90000);
    ck_assert_double_eq(number_of("limits.deadline", "3m"), 180000);
    ck_assert_double_eq(number_of("limits.deadline", "24h"), 86400000);
    ck_assert_double_eq(number_of("sessions.keep", "90d"), 7776000000);
    ck_assert_double_eq(number_of("limits.deadline", "'5s'"), 5000);
    ck_assert_double_eq(number_of("context.warn", "75%"), 0.75);
    ck_assert_double_eq(number_of("context.warn", "0.75"), 0.75);
    ck_assert_double_eq(number_of("limits.day", "5.00 USD"), 5);
    ck_assert_double_eq(number_of("limits.day", "5.5"), 5.5);
    settings_refuses_value(
        "limits.deadline", "5 min",
        "--set: limits.deadline: expected a duration such as 500ms, "
        "5s, 3m, 24h or 90d, found \"5 min\"");
    settings_refuses_value(
        "limits.day", "5 EUR",
        "--set: limits.day: expected an amount such as 1.00 USD, found "
        "\"5 EUR\"");
    settings_refuses_value(
        "context.warn", "most",
        "--set: context.warn: expected a share such as 75% or 0.75, "
        "found \"most\"");
}
END_TEST

START_TEST(some_numbers_may_be_words)
{
    struct settings *settings = settings_new();
    settings_must_set(settings, "endpoints.box.num_ctx", "loaded");
    settings_must_set(settings, "endpoints.box.keep_alive", "-1");
    ck_assert_int_eq(settings_find(settings, "endpoints.box.num_ctx")->type,
                     SETTING_TEXT);
    ck_assert_double_eq(settings_number(settings, "endpoints.box.num_ctx", -1),
                        -1);
    ck_assert_str_eq(settings_text(settings, "endpoints.box.keep_alive", ""),
                     "-1");
    settings_must_set(settings, "endpoints.box.keep_alive", "30m");
    ck_assert_str_eq(settings_text(settings, "endpoints.box.keep_alive", ""),
                     "30m");
    ck_assert_double_eq(
        settings_number(settings, "endpoints.box.keep_alive", 0), 1800000);
    settings_free(settings);
    settings_refuses_value(
        "endpoints.box.num_ctx", "unloaded",
        "--set: endpoints.box.num_ctx: expected a whole number or "
        "loaded, found \"unloaded\"");
}
END_TEST

START_TEST(flags_are_true_or_false_and_nothing_else)
{
    static const struct {
        const char *word, *meant;
    } cases[] = { { "yes", "true" }, { "on", "true" },   { "True", "true" },
                  { "no", "false" }, { "off", "false" }, { "FALSE", "false" },
                  { "0", "false" },  { "1", "true" } };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf words = { 0 };
        buf_printf(&words,
                   "--set: looks.times: expected true or false, found \"%s\" "
                   "(write %s)",
                   cases[i].word, cases[i].meant);
        settings_refuses_value("looks.times", cases[i].word,
                               buf_string(&words));
        buf_clear(&words);
    }
    settings_refuses_value(
        "looks.times", "maybe",
        "--set: looks.times: expected true or false, found \"maybe\"");
    settings_refuses_value(
        "looks.times", "'true'",
        "--set: looks.times: expected true or false, found \"true\" in "
        "quotes (write true)");
}
END_TEST

Suite *scalar_suite(void)
{
    Suite *suite = suite_create("scalar");
    TCase *tcase = tcase_create("scalar");
    tcase_add_test(tcase, words_that_other_yaml_takes_for_flags_are_text_here);
    tcase_add_test(tcase, numbers_are_read_as_json_writes_them);
    tcase_add_test(tcase, a_text_that_would_end_every_answer_is_refused);
    tcase_add_test(tcase, numbers_do_not_depend_on_the_locale);
    tcase_add_test(tcase, bounds_are_inclusive_and_are_named);
    tcase_add_test(tcase, durations_shares_and_amounts_have_units);
    tcase_add_test(tcase, some_numbers_may_be_words);
    tcase_add_test(tcase, flags_are_true_or_false_and_nothing_else);
    suite_add_tcase(suite, tcase);
    return suite;
}
