/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/memory_command.h"
#include "base/memory.h"
#include "chat/memory_line.h"

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

/* What was forgotten comes back as it was. */
START_TEST(the_line_of_an_entry_makes_it_again)
{
    struct memory_entry entry = {
        .text = memory_string(rows[_i].text),
        .tags = memory_string(rows[_i].tags),
        .importance = rows[_i].importance,
        .tier = rows[_i].tier,
        .is_private = rows[_i].is_private,
    };
    struct memory_wish wish;
    struct buf line = { 0 }, tags = { 0 };
    struct error err = { 0 };
    memory_line_append(&entry, &line);
    struct slice argument = buf_slice(&line);
    ck_assert(slice_starts(argument, "/remember "));
    argument = slice_skip(argument, strlen("/remember "));
    ck_assert(!slice_is(argument, "yes") && !slice_is(argument, "no"));
    ck_assert_msg(memory_command_parse(argument, &wish, &tags, &err), "%s",
                  err.text);
    ck_assert(slice_is(wish.text, entry.text));
    ck_assert_str_eq(buf_string(&tags), entry.tags);
    ck_assert_double_eq_tol(wish.importance, entry.importance, 1e-6);
    ck_assert_int_eq(wish.tier, entry.tier);
    ck_assert(wish.is_private == entry.is_private);
    buf_clear(&line);
    buf_clear(&tags);
    memory_entry_clear(&entry);
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
    tcase_add_loop_test(tcase, the_line_of_an_entry_makes_it_again, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase, what_makes_no_sense_is_refused_with_what_would);
    suite_add_tcase(suite, tcase);
    return suite;
}
