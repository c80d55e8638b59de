/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <check.h>

#include "ui/receipt.h"

Suite *receipt_suite(void);

static void check_taken(struct buf *text, const char *expected)
{
    ck_assert_str_eq(buf_string(text), expected);
    buf_clear(text);
}

START_TEST(costs_keep_the_digits_that_tell)
{
    static const struct {
        double dollars;
        const char *text;
    } cases[] = {
        { 0.00001, "<$.001" }, { 0.0061, "$.006" }, { 0.31, "$.310" },
        { 0.9994, "$.999" },   { 0.9999, "$1.00" }, { 1.5, "$1.50" },
        { 12.345, "$12.35" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf text = { 0 };
        receipt_cost(&text, cases[i].dollars);
        check_taken(&text, cases[i].text);
    }
}
END_TEST

START_TEST(durations_and_sizes_are_rounded_to_what_a_reader_wants)
{
    struct buf text = { 0 };
    receipt_duration(&text, 849);
    check_taken(&text, "0.8 s");
    receipt_duration(&text, 119999);
    check_taken(&text, "119 s");
    receipt_duration(&text, 200000);
    check_taken(&text, "3 min 20 s");
    receipt_size(&text, 999);
    check_taken(&text, "999 B");
    receipt_size(&text, 2100);
    check_taken(&text, "2.1 kB");
    receipt_size(&text, 999600);
    check_taken(&text, "1.0 MB");
}
END_TEST

START_TEST(a_model_is_named_in_brief_by_what_tells_most)
{
    static const struct {
        const char *asked, *reported, *full, *brief;
    } cases[] = {
        { "m", "", "m", "m" },
        { "m", "m", "m", "m" },
        { "", "m", "m", "m" },
        { "m", "m-2", "m > m-2", "> m-2" },
        { "hf.co/a/m:q4", "", "hf.co/a/m:q4", "~/m:q4" },
        { "hf.co/a/m", "hf.co/a/k", "hf.co/a/m > hf.co/a/k", "> ~/k" },
        { "a/", "", "a/", "a/" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        char asked[32], reported[32];
        snprintf(asked, sizeof asked, "%s", cases[i].asked);
        snprintf(reported, sizeof reported, "%s", cases[i].reported);
        struct attempt attempt = { .model = asked, .model_reported = reported };
        struct buf text = { 0 };
        receipt_model(&text, &attempt, theme_glyphs(true)->arrow);
        check_taken(&text, cases[i].full);
        receipt_brief_model(&text, &attempt, theme_glyphs(true));
        check_taken(&text, cases[i].brief);
    }
}
END_TEST

START_TEST(a_trace_tells_how_long_each_step_took)
{
    struct attempt attempts[] = {
        { .state = ATTEMPT_ERROR,
          .started_at = 10300,
          .connected_at = 10400,
          .ended_at = 12000 },
        { .state = ATTEMPT_COMPLETE,
          .started_at = 12500,
          .first_delta_at = 16500,
          .ended_at = 22500,
          .usage.load_ms = 3200 },
        { .state = ATTEMPT_STREAMING, .started_at = 60000 },
    };
    struct run run = { .started_at = 10000 };
    struct buf text = { 0 };
    run.attempts.items = attempts;
    run.attempts.count = 3;
    receipt_times(&text, &run, 0);
    check_taken(&text,
                "waited 0.3 s, connected after 0.1 s, ended after 1.7 s");
    receipt_times(&text, &run, 1);
    check_taken(&text, "waited 0.5 s, model loaded in 3.2 s, first token after "
                       "4.0 s, ended after 10 s");
    /* After an answer that was complete a tool ran. */
    receipt_times(&text, &run, 2);
    check_taken(&text, "");
}
END_TEST

Suite *receipt_suite(void)
{
    Suite *suite = suite_create("receipt");
    TCase *tcase = tcase_create("receipt");
    tcase_add_test(tcase, costs_keep_the_digits_that_tell);
    tcase_add_test(tcase,
                   durations_and_sizes_are_rounded_to_what_a_reader_wants);
    tcase_add_test(tcase, a_model_is_named_in_brief_by_what_tells_most);
    tcase_add_test(tcase, a_trace_tells_how_long_each_step_took);
    suite_add_tcase(suite, tcase);
    return suite;
}
