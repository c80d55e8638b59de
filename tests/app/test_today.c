/* SPDX-License-Identifier: MIT */
/*
 * One line on what was asked today.
 */
#include <check.h>

#include "app/today.h"
#include "tests/support/settings.h"

Suite *today_suite(void);

#define VENDOR                                                              \
    "endpoints:\n"                                                          \
    "  away: {dialect: chat-completions, url: \"https://api.example/v1\", " \
    "trust: vendor, price: [{model: best, in: 3, out: 15}]}\n"

static char no_profile[] = "", box[] = "box", away[] = "away", m[] = "m",
            best[] = "best";

static const struct ledger_row own = { 20261128,
                                       no_profile,
                                       box,
                                       m,
                                       false,
                                       1,
                                       { .figures = { [LEDGER_ANSWERS] = 2,
                                                      [LEDGER_INPUT] = 200000,
                                                      [LEDGER_OUTPUT] =
                                                          12000 } } };
static const struct ledger_row vendor = { 20261128,
                                          no_profile,
                                          away,
                                          best,
                                          true,
                                          2,
                                          { .figures = { [LEDGER_ANSWERS] = 1,
                                                         [LEDGER_INPUT] = 17000,
                                                         [LEDGER_OUTPUT] = 1000,
                                                         [LEDGER_COST] =
                                                             310000000 } } };

static void check(const char *yaml, const struct ledger_row *const *added,
                  const char *expected)
{
    struct settings *settings = settings_new();
    struct endpoints endpoints = { 0 };
    struct ledger_rows rows = { 0 };
    struct error err = { 0 };
    struct buf out = { 0 };
    settings_must_add(settings, "test", yaml);
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    for (size_t i = 0; added[i]; i++)
        ledger_rows_add(&rows, added[i], LEDGER_BY_ALL);
    today_append(&rows, settings, &endpoints, &out);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
    ledger_rows_clear(&rows);
    endpoints_clear(&endpoints);
    settings_free(settings);
}

/* 200,000 tokens at 3 dollars and 12,000 at 15 dollars a million: 60 and 18
 * cents. */
START_TEST(what_was_asked_spent_and_saved_is_one_line)
{
    check(VENDOR
          "routing: {ladder: [box/m, away/best]}\nlimits: {day: 5 USD}\n",
          (const struct ledger_row *[]){ &own, &vendor, NULL },
          "today 212,000 tok own, 18,000 by vendors, $.310 of $5.00 (about "
          "$.780 saved)");
}
END_TEST

START_TEST(what_there_is_none_of_is_not_told)
{
    struct buf out = { 0 };
    check("endpoints: {}\n", (const struct ledger_row *[]){ NULL }, "");
    check("endpoints: {}\n", (const struct ledger_row *[]){ &own, NULL },
          "today 212,000 tok own, 0 by vendors");
    check("limits: {day: 2 USD}\n", (const struct ledger_row *[]){ &own, NULL },
          "today 212,000 tok own, 0 by vendors, $0 of $2.00");
    check(VENDOR, (const struct ledger_row *[]){ &vendor, NULL },
          "today 0 tok own, 18,000 by vendors, $.310");
    today_append(NULL, NULL, NULL, &out);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

Suite *today_suite(void)
{
    Suite *suite = suite_create("today");
    TCase *tcase = tcase_create("today");
    tcase_add_test(tcase, what_was_asked_spent_and_saved_is_one_line);
    tcase_add_test(tcase, what_there_is_none_of_is_not_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
