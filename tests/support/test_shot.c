/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/shot.h"

Suite *shot_suite(void);

enum { WIDTH = 40 };

/* What is shown of these bytes: rows of 40 cells, two of them. */
static void take(struct shot *shot, const char *format)
{
    const char *const argv[] = { "/usr/bin/printf", format, NULL };
    struct pty_options options = { .height = 3, .width = WIDTH };
    struct pty *pty = pty_new(&options);
    pty_start(pty, argv);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    shot_take(shot, pty, 2, WIDTH);
    pty_free(pty);
}

static void check_text(const struct shot *shot, const char *expected)
{
    struct buf text = { 0 };
    shot_text(shot, &text);
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
}

START_TEST(a_shot_is_text_without_blanks_at_the_ends_of_rows)
{
    struct shot shot = { 0 };
    take(&shot, "a 漢 b  \\r\\n");
    check_text(&shot, "a 漢 b\n\n");
    ck_assert_int_eq(shot.cursor_row, 1);
    ck_assert_int_eq(shot.cursor_col, 0);
    shot_clear(&shot);
}
END_TEST

START_TEST(numbers_that_a_clock_made_are_always_the_same)
{
    struct shot shot = { 0 };
    take(&shot, "09:59 x 23:00    ttft 3.1 s\\r\\n"
                "thought 7 s, 12 words  streaming 9 s");
    shot_steady(&shot);
    check_text(&shot, "14:02 x 14:02    ttft 0.8 s\n"
                      "thought 1 s, 12 words  streaming 2 s\n");
    shot_clear(&shot);
}
END_TEST

START_TEST(numbers_that_are_no_clock_s_stay)
{
    static const char text[] = "8:30 qwen3:8b 54 tok/s 7 s\n1200 of 4096\n";
    struct shot shot = { 0 };
    take(&shot, "8:30 qwen3:8b 54 tok/s 7 s\\r\\n1200 of 4096");
    shot_steady(&shot);
    check_text(&shot, text);
    shot_clear(&shot);
}
END_TEST

/* The right side of a row stays where it is. */
START_TEST(the_gap_behind_a_number_takes_up_the_difference)
{
    struct shot shot = { 0 };
    take(&shot, "streaming 1s | a b            F1\\r\\n"
                "streaming 12s ~12345 tok/s | a    F1");
    shot_steady(&shot);
    /* 22 cells each in place of 12 and 26. */
    check_text(&shot, "streaming 2s ~54 tok/s | a b  F1\n"
                      "streaming 2s ~54 tok/s | a        F1\n");
    shot_clear(&shot);
}
END_TEST

START_TEST(what_moves_takes_its_looks_along)
{
    struct shot shot = { 0 };
    take(&shot, "\\033[7mstreaming 1s | \\033[1mb\\033[22m        \\033[m ");
    shot_steady(&shot);
    check_text(&shot, "streaming 2s ~54 tok/s | b\n\n");
    ck_assert(shot_cell(&shot, 0, 21)->reverse);
    ck_assert(!shot_cell(&shot, 0, 24)->bold);
    ck_assert(shot_cell(&shot, 0, 25)->bold);
    shot_clear(&shot);
}
END_TEST

Suite *shot_suite(void)
{
    Suite *suite = suite_create("shot");
    TCase *tcase = tcase_create("shot");
    tcase_add_test(tcase, a_shot_is_text_without_blanks_at_the_ends_of_rows);
    tcase_add_test(tcase, numbers_that_a_clock_made_are_always_the_same);
    tcase_add_test(tcase, numbers_that_are_no_clock_s_stay);
    tcase_add_test(tcase, the_gap_behind_a_number_takes_up_the_difference);
    tcase_add_test(tcase, what_moves_takes_its_looks_along);
    suite_add_tcase(suite, tcase);
    return suite;
}
