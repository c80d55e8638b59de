/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/memory_command.h"

Suite *memory_command_suite(void);

static const struct {
    const char *line, *text, *tags;
    double importance;
    enum memory_tier tier;
    bool is_private;
} rows[] = {
    { "likes tea", "likes tea", "", 0.5, MEMORY_LONG_TERM, false },
    { "likes tea #drinks #ada", "likes tea", "drinks ada", 0.5,
      MEMORY_LONG_TERM, false },
    { "issue #7 is open", "issue #7 is open", "", 0.5, MEMORY_LONG_TERM,
      false },
    { "#only", "#only", "", 0.5, MEMORY_LONG_TERM, false },
    { "C #", "C #", "", 0.5, MEMORY_LONG_TERM, false },
    { "--session the box", "the box", "", 0.5, MEMORY_SESSION, false },
    { "--importance .9 --working the box #x", "the box", "x", 0.9,
      MEMORY_WORKING, false },
    { "--importance 1 metric units", "metric units", "", 1, MEMORY_LONG_TERM,
      false },
    { "--private the box #x", "the box", "x", 0.5, MEMORY_LONG_TERM, true },
    { "-- --session ends with it", "--session ends with it", "", 0.5,
      MEMORY_LONG_TERM, false },
    { "--working -- -- #x", "--", "x", 0.5, MEMORY_WORKING, false },
    { "-- yes", "yes", "", 0.5, MEMORY_LONG_TERM, false },
};

START_TEST(a_line_is_taken_apart)
{
    struct memory_wish wish;
    struct buf tags = { 0 };
    struct error err = { 0 };
    ck_assert_msg(
        memory_command_parse(slice_of(rows[_i].line), &wish, &tags, &err), "%s",
        err.text);
    ck_assert_msg(slice_is(wish.text, rows[_i].text), "%.*s",
                  SLICE_ARG(wish.text));
    ck_assert_str_eq(buf_string(&tags), rows[_i].tags);
    ck_assert_double_eq(wish.importance, rows[_i].importance);
    ck_assert_int_eq(wish.tier, rows[_i].tier);
    ck_assert(wish.is_private == rows[_i].is_private);
    buf_clear(&tags);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused_with_what_would)
{
    static const char *const lines[] = {
        "",
        "--importance 2 x",
        "--importance x",
        "--importance nan x",
        "--odd x",
        "--session",
        "--importance .5",
        "--",
        "--odd",
        "--odd -- x",
        "-- ",
    };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct memory_wish wish;
        struct buf tags = { 0 };
        struct error err = { 0 };
        ck_assert_msg(
            !memory_command_parse(slice_of(lines[i]), &wish, &tags, &err), "%s",
            lines[i]);
        ck_assert_int_eq(err.kind, ERROR_USAGE);
        ck_assert_ptr_nonnull(strstr(err.text, "/remember"));
        buf_clear(&tags);
    }
}
END_TEST

Suite *memory_command_suite(void)
{
    Suite *suite = suite_create("memory_command");
    TCase *tcase = tcase_create("memory_command");
    tcase_add_loop_test(tcase, a_line_is_taken_apart, 0, COUNTOF(rows));
    tcase_add_test(tcase, what_makes_no_sense_is_refused_with_what_would);
    suite_add_tcase(suite, tcase);
    return suite;
}
