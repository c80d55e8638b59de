/* SPDX-License-Identifier: MIT */
/*
 * A list of sessions as a table that fits: by hand, cell by cell.
 */
#include <stdlib.h>
#include <time.h>

#include <check.h>

#include "app/session_row.h"

Suite *session_row_suite(void);

/* 2026-11-28T14:02:00Z, and the same of the day and of the year before. */
enum { NOW = 1795874520, DAY = 24 * 60 * 60, YEAR = 365 * DAY };

static void fill(struct session_row *row, const char *id, const char *title,
                 int64_t time)
{
    *row = (struct session_row){
        .changed_time = time, .size = 8192, .turns = 3, .cost = -1, .events = 10
    };
    snprintf(row->id.text, sizeof row->id.text, "%s", id);
    buf_append_string(&row->title, title);
    buf_append_string(&row->model, "qwen3:8b");
}

static void ck_table(struct session_row *rows, size_t count, int width,
                     const char *expected)
{
    struct buf out = { 0 };
    setenv("TZ", "UTC", 1);
    tzset();
    session_row_table(rows, count, width, NOW, &out);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(the_title_takes_what_the_other_columns_leave)
{
    struct session_row rows[3];
    fill(&rows[0], "aaaaaaaa", "Short", NOW);
    fill(&rows[1], "bbbbbbbb", "A title that is longer than its column",
         NOW - DAY);
    fill(&rows[2], "cccccccc", "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
         NOW - YEAR);
    rows[1].cost = 0.006;
    /* 8 + 11 + 5 + 8 + 5 + 6 cells and 6 gaps of 2 leave 25. */
    ck_table(
        rows, 3, 80,
        "ID        TITLE                      CHANGED      TURNS  MODEL     "
        "COST   SIZE\n"
        "aaaaaaaa  Short                      14:02        3      qwen3:8b  "
        "       8.2 kB\n"
        "bbbbbbbb  A title that is longer t…  11-27 14:02  3      qwen3:8b  "
        "$.006  8.2 kB\n"
        "cccccccc  漢字漢字漢字漢字漢字漢字…  2025-11-28   3      qwen3:8b  "
        "       8.2 kB\n");
    for (size_t i = 0; i < 3; i++)
        session_row_clear(&rows[i]);
}
END_TEST

START_TEST(on_a_narrow_terminal_columns_are_left_out)
{
    struct session_row row;
    fill(&row, "aaaaaaaa", "A title that is longer than its column", NOW);
    ck_table(&row, 1, 53,
             "ID        TITLE                        CHANGED  TURNS\n"
             "aaaaaaaa  A title that is longer tha…  14:02    3\n");
    ck_table(&row, 1, 20,
             "ID        TITLE\n"
             "aaaaaaaa  A title t…\n");
    ck_table(&row, 1, 1,
             "ID        …\n"
             "aaaaaaaa  …\n");
    session_row_clear(&row);
}
END_TEST

/* What a title says of itself is not taken for a column, a line or a colour. */
START_TEST(a_title_stays_in_its_cell)
{
    struct session_row row;
    struct buf out = { 0 };
    fill(&row, "aaaaaaaa", "one\ttwo\nthree\033[31m", NOW);
    session_row_tabs(&row, &out);
    ck_assert_str_eq(buf_string(&out),
                     "aaaaaaaa\tone two\xe2\x90\x8athree\xe2\x90\x9b[31m\t"
                     "2026-11-28T14:02:00Z\t3\tqwen3:8b\t\t8192\n");
    buf_clear(&out);
    session_row_clear(&row);
}
END_TEST

START_TEST(what_could_not_be_read_says_why)
{
    struct session_row row = { .size = 5, .cost = -1, .changed_time = NOW };
    snprintf(row.id.text, sizeof row.id.text, "aaaaaaaa");
    error_set(&row.err, ERROR_SYSTEM, "file is not a database");
    ck_table(&row, 1, 80,
             "ID        TITLE                   CHANGED  SIZE\n"
             "aaaaaaaa  file is not a database  14:02    5 B\n");
    session_row_clear(&row);
}
END_TEST

Suite *session_row_suite(void)
{
    Suite *suite = suite_create("session_row");
    TCase *tcase = tcase_create("session_row");
    tcase_add_test(tcase, the_title_takes_what_the_other_columns_leave);
    tcase_add_test(tcase, on_a_narrow_terminal_columns_are_left_out);
    tcase_add_test(tcase, a_title_stays_in_its_cell);
    tcase_add_test(tcase, what_could_not_be_read_says_why);
    suite_add_tcase(suite, tcase);
    return suite;
}
