/* SPDX-License-Identifier: MIT */
/*
 * What may be spent, by the real program: each run is a process of its own, and
 * all of a day count together.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/paid.h"
#include "tests/support/program.h"

Suite *limits_suite(void);

static struct server *server;
static struct program program;

static void start_with(const char *scenario)
{
    struct buf config = { 0 };
    server_stop(server);
    server = server_start(scenario, NULL);
    buf_printf(&config,
               "reply: {max_tokens: 100}\n"
               "endpoints:\n  gate: {dialect: chat-completions, trust: vendor, "
               "url: \"%s\", price: [{in: 0, out: 1000}]}\n",
               server_url(server, "/v1"));
    program_file(&program, ".config/sennit/config.yaml", buf_string(&config));
    buf_clear(&config);
}

static void setup(void)
{
    program = (struct program){ 0 };
    server = NULL;
    start_with(PAID_WHOLE);
}

static void teardown(void)
{
    program_clear(&program);
    server_stop(server);
}

static void ask(const char *limit, bool is_kept)
{
    const char *const words[] = { "-m",  "gate/m", "--set",
                                  limit, "hi",     is_kept ? NULL : "-n" };
    for (size_t i = 0; i < COUNTOF(words); i++)
        program.arguments[i] = words[i];
    buf_reset(&program.out);
    buf_reset(&program.err);
    program_run(&program);
}

static int requests(void)
{
    return server_count(server, "POST /v1/chat/completions");
}

START_TEST(what_costs_too_much_is_refused_with_its_own_status)
{
    ask("limits.session=0.05", true);
    ck_assert_int_eq(program.status, 4);
    ck_assert_str_eq(buf_string(&program.err),
                     "sennit: not sent to gate: it may cost $0.10; $0.00 of "
                     "the $0.05 of limits.session is spent; --set "
                     "limits.session=0.10 allows it\n");
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_int_eq(requests(), 0);
    /* What the sentence names is enough, and a cent less is not. */
    ask("limits.session=0.09", true);
    ck_assert_int_eq(program.status, 4);
    ask("limits.session=0.10", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_int_eq(requests(), 1);
}
END_TEST

START_TEST(all_programs_of_a_day_count_also_those_that_are_not_kept)
{
    ask("limits.day=0.17", false);
    ck_assert_int_eq(program.status, 0);
    ask("limits.day=0.17", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_int_eq(requests(), 2);
    /* 12 of 17 cents, and 10 more at the worst. */
    ask("limits.day=0.17", false);
    ck_assert_int_eq(program.status, 4);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err),
                                 "it may cost $0.10; $0.12 of the $0.17 of "
                                 "limits.day is spent"));
    ck_assert_int_eq(requests(), 2);
}
END_TEST

START_TEST(four_fifths_of_a_day_are_told)
{
    ask("limits.day=0.14", true);
    ck_assert_str_eq(buf_string(&program.err), "");
    ask("limits.day=0.16", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_null(strstr(buf_string(&program.err), "spent"));
    ask("limits.day=0.22", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(buf_string(&program.err),
                     "sennit: $0.18 of the $0.22 of limits.day is spent\n");
}
END_TEST

/* The server answers nobody before all have asked or were refused. Two may cost
 * 20 cents at the worst. */
START_TEST(six_at_once_do_not_pass_the_limit_of_a_day)
{
    enum { ALL = 6, ALLOWED = 2 };
    int statuses[ALL] = { 0 };
    start_with(PAID_HEAD PAID_WORDS "await go\n" PAID_END);
    for (int i = 0; i < ALL; i++) {
        if (fork() != 0)
            continue;
        ask("limits.day=0.25", i % 2);
        _exit(program.status);
    }
    for (int i = 0; i < ALL; i++) {
        if (i == ALL - ALLOWED)
            server_release(server, "go");
        ck_assert_int_gt(wait(&statuses[i]), 0);
        ck_assert(WIFEXITED(statuses[i]));
        ck_assert_int_eq(WEXITSTATUS(statuses[i]), i < ALL - ALLOWED ? 4 : 0);
    }
    ck_assert_int_eq(requests(), ALLOWED);
    /* Nothing is held any more: 12 cents are spent. */
    ask("limits.day=0.22", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_int_eq(requests(), ALLOWED + 1);
}
END_TEST

START_TEST(without_a_place_for_the_sum_of_a_day_nothing_is_sent)
{
    program.variables[0] = "XDG_STATE_HOME=/proc/nowhere";
    ask("limits.day=5", true);
    ck_assert_int_eq(program.status, 4);
    ck_assert_int_eq(requests(), 0);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err),
               "not sent to gate: what was spent today cannot be known: "));
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err),
                                 "; --set limits.day=null allows it\n"));
    ask("limits.day=null", true);
    ck_assert_int_eq(program.status, 0);
    ck_assert_int_eq(requests(), 1);
}
END_TEST

Suite *limits_suite(void)
{
    Suite *suite = suite_create("limits");
    TCase *cases = tcase_create("limits");
    tcase_set_timeout(cases, 200);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, what_costs_too_much_is_refused_with_its_own_status);
    tcase_add_test(cases,
                   all_programs_of_a_day_count_also_those_that_are_not_kept);
    tcase_add_test(cases, six_at_once_do_not_pass_the_limit_of_a_day);
    tcase_add_test(cases, without_a_place_for_the_sum_of_a_day_nothing_is_sent);
    tcase_add_test(cases, four_fifths_of_a_day_are_told);
    suite_add_tcase(suite, cases);
    return suite;
}
