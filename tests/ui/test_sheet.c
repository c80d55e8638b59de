/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "ui/sheet.h"

Suite *sheet_suite(void);

static struct sheet sheet;
static struct canvas canvas;
static struct buf text;

static void setup(void)
{
    sheet = (struct sheet){ 0 };
    canvas = (struct canvas){ 0 };
    text = (struct buf){ 0 };
}

static void teardown(void)
{
    sheet_clear(&sheet);
    canvas_clear(&canvas);
    buf_clear(&text);
}

/* "line 1" to "line COUNT". */
static void fill(uint64_t subject, int width, int count)
{
    if (!sheet_begin(&sheet, subject, width, true))
        return;
    for (int i = 1; i <= count; i++) {
        char line[32];
        int len = snprintf(line, sizeof line, "line %d", i);
        sheet_add(&sheet, STYLE_NORMAL, (struct slice){ line, (size_t)len });
    }
    sheet_end(&sheet);
}

static const char *draw(int height, int width)
{
    canvas_resize(&canvas, height, width);
    canvas_erase(&canvas);
    sheet_draw(&sheet, &canvas, (struct rect){ 0, 0, height, width });
    buf_reset(&text);
    canvas_dump(&canvas, &text, false);
    return buf_string(&text);
}

START_TEST(lines_stand_behind_a_bar_and_heads_do_not)
{
    ck_assert(sheet_begin(&sheet, 1, 20, true));
    sheet_add_head(&sheet, STYLE_STRONG, slice_of("t1 shell"));
    sheet_add(&sheet, STYLE_NORMAL, slice_of("ls"));
    sheet_end(&sheet);
    ck_assert_str_eq(draw(2, 20), "t1 shell\n| ls\n");
}
END_TEST

START_TEST(a_long_line_is_broken_and_each_of_its_parts_has_the_bar)
{
    ck_assert(sheet_begin(&sheet, 1, 12, true));
    sheet_add(&sheet, STYLE_NORMAL, slice_of("abcdefghijKLMNOPQRSTuv"));
    sheet_end(&sheet);
    ck_assert_str_eq(draw(3, 12), "| abcdefghij\n| KLMNOPQRST\n| uv\n");
}
END_TEST

START_TEST(what_would_carry_a_line_out_of_sight_is_counted)
{
    struct buf line = { 0 };
    ck_assert(sheet_begin(&sheet, 1, 40, true));
    sheet_add(&sheet, STYLE_NORMAL, slice_of("    a  b    c"));
    buf_append_string(&line, "ls");
    for (int i = 0; i < 500; i++)
        buf_append_string(&line, i % 2 ? " " : "\343\200\200"); /* U+3000 */
    buf_append_string(&line, "; rm x");
    sheet_add(&sheet, STYLE_NORMAL, buf_slice(&line));
    buf_reset(&line);
    for (int i = 0; i < 100; i++)
        buf_append_char(&line, ' ');
    buf_append_string(&line, "x");
    sheet_add(&sheet, STYLE_NORMAL, buf_slice(&line));
    sheet_end(&sheet);
    ck_assert_str_eq(draw(3, 40), "|     a  b    c\n| ls<500 blanks>; rm x\n"
                                  "| <100 blanks>x\n");
    buf_clear(&line);
}
END_TEST

START_TEST(what_acts_on_a_terminal_or_is_not_seen_is_shown)
{
    ck_assert(sheet_begin(&sheet, 1, 40, false));
    sheet_add(&sheet, STYLE_NORMAL,
              slice_of("a\033[2J\342\200\256b\rrm -rf c"));
    sheet_end(&sheet);
    ck_assert_str_eq(draw(2, 40), "\342\224\202 a\342\220\233[2J<U+202E>b\n"
                                  "\342\224\202 \342\220\215rm -rf c\n");
}
END_TEST

START_TEST(what_has_been_in_view_has_been_seen)
{
    fill(1, 20, 10);
    ck_assert_uint_eq(sheet_unseen(&sheet), 10);
    draw(4, 20);
    ck_assert_uint_eq(sheet_unseen(&sheet), 6);
    sheet_page(&sheet, 1);
    /* Not yet: it is scrolled, but nobody saw it. */
    ck_assert_uint_eq(sheet_unseen(&sheet), 6);
    ck_assert_ptr_nonnull(strstr(draw(4, 20), "line 7"));
    ck_assert_uint_eq(sheet_unseen(&sheet), 3);
    sheet_page(&sheet, 1);
    draw(4, 20);
    ck_assert_uint_eq(sheet_unseen(&sheet), 0);
    sheet_scroll(&sheet, -100);
    ck_assert_ptr_nonnull(strstr(draw(4, 20), "line 1\n"));
    ck_assert_uint_eq(sheet_unseen(&sheet), 0);
}
END_TEST

START_TEST(no_line_is_passed_that_was_not_in_view)
{
    fill(1, 20, 100);
    draw(4, 20);
    /* Keys that come faster than frames. */
    for (int i = 0; i < 10; i++)
        sheet_page(&sheet, 1);
    sheet_scroll(&sheet, INT_MAX);
    ck_assert_ptr_nonnull(strstr(draw(4, 20), "line 5\n"));
    ck_assert_uint_eq(sheet_unseen(&sheet), 92);
}
END_TEST

START_TEST(another_subject_was_not_seen_and_begins_at_its_first_line)
{
    fill(1, 20, 10);
    draw(20, 20);
    ck_assert_uint_eq(sheet_unseen(&sheet), 0);
    ck_assert(!sheet_begin(&sheet, 1, 20, true));
    fill(2, 20, 10);
    ck_assert_uint_eq(sheet_unseen(&sheet), 10);
    ck_assert_uint_eq(sheet.top, 0);
}
END_TEST

START_TEST(what_was_seen_stays_so_at_another_width)
{
    fill(1, 20, 10);
    draw(4, 20);
    fill(1, 40, 10);
    ck_assert_uint_eq(sheet_unseen(&sheet), 6);
    draw(10, 40);
    fill(1, 7, 10);
    ck_assert_uint_eq(sheet_unseen(&sheet), 0);
}
END_TEST

Suite *sheet_suite(void)
{
    Suite *suite = suite_create("sheet");
    TCase *tcase = tcase_create("sheet");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, lines_stand_behind_a_bar_and_heads_do_not);
    tcase_add_test(tcase,
                   a_long_line_is_broken_and_each_of_its_parts_has_the_bar);
    tcase_add_test(tcase, what_would_carry_a_line_out_of_sight_is_counted);
    tcase_add_test(tcase, what_acts_on_a_terminal_or_is_not_seen_is_shown);
    tcase_add_test(tcase, what_has_been_in_view_has_been_seen);
    tcase_add_test(tcase, no_line_is_passed_that_was_not_in_view);
    tcase_add_test(tcase,
                   another_subject_was_not_seen_and_begins_at_its_first_line);
    tcase_add_test(tcase, what_was_seen_stays_so_at_another_width);
    suite_add_tcase(suite, tcase);
    return suite;
}
