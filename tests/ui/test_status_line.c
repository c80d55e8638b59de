/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <check.h>

#include "ui/status_line.h"

Suite *status_line_suite(void);

static void check(int width, bool keeps_hint, const char *expected)
{
    struct canvas canvas = { 0 };
    struct status_line line = { 0 };
    struct buf text = { 0 };
    canvas_resize(&canvas, 1, width);
    status_line_add(&line, STYLE_STATUS, "streaming 2s");
    status_line_add(&line, STYLE_STATUS, "%s", "");
    status_line_add(&line, STYLE_STATUS, "m@box");
    snprintf(line.hint, sizeof line.hint, "Esc stop  F1 help");
    line.keeps_hint = keeps_hint;
    status_line_draw(&line, &canvas, 0, "~");
    canvas_dump(&canvas, &text, false);
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
    canvas_clear(&canvas);
}

static void check_row(int width, const char *expected)
{
    check(width, false, expected);
}

/* Twenty cells of facts, a margin at both ends, three cells before the hint. */
START_TEST(what_does_not_fit_goes_from_the_right_the_hint_first)
{
    check_row(44, " streaming 2s | m@box     Esc stop  F1 help\n");
    check_row(42, " streaming 2s | m@box   Esc stop  F1 help\n");
    check_row(41, " streaming 2s | m@box           Esc stop\n");
    check_row(33, " streaming 2s | m@box   Esc stop\n");
    check_row(32, " streaming 2s | m@box\n");
    check_row(21, " streaming 2s\n");
    check_row(10, " streami~\n");
    check_row(1, "\n");
}
END_TEST

/* Eight cells of it, and one before; the row is cut rather than it. */
START_TEST(what_stops_an_answer_stays_while_there_is_room_for_two_words)
{
    check(41, true, " streaming 2s | m@box           Esc stop\n");
    check(33, true, " streaming 2s | m@box   Esc stop\n");
    check(32, true, " streaming 2s          Esc stop\n");
    check(27, true, " streaming 2s     Esc stop\n");
    check(26, true, " streaming 2s | m@box\n");
}
END_TEST

START_TEST(a_long_first_fact_is_cut_before_the_hint)
{
    struct canvas canvas = { 0 };
    struct status_line line = { .keeps_hint = true, .hint = "Esc stop" };
    struct buf text = { 0 };
    canvas_resize(&canvas, 1, 40);
    status_line_add(&line, STYLE_STATUS,
                    "server failed (500) (1/2), 4 s or so");
    status_line_draw(&line, &canvas, 0, "~");
    canvas_dump(&canvas, &text, false);
    ck_assert_str_eq(buf_string(&text),
                     " server failed (500) (1/2), 4~ Esc stop\n");
    buf_clear(&text);
    canvas_clear(&canvas);
}
END_TEST

Suite *status_line_suite(void)
{
    Suite *suite = suite_create("status_line");
    TCase *tcase = tcase_create("status_line");
    tcase_add_test(tcase, what_does_not_fit_goes_from_the_right_the_hint_first);
    tcase_add_test(
        tcase, what_stops_an_answer_stays_while_there_is_room_for_two_words);
    tcase_add_test(tcase, a_long_first_fact_is_cut_before_the_hint);
    suite_add_tcase(suite, tcase);
    return suite;
}
