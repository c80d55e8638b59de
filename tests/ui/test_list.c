/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/noise.h"
#include "ui/list.h"

Suite *list_suite(void);

static struct list list;
static struct canvas canvas;

static void setup(void)
{
    list = (struct list){ .width = 40 };
    canvas = (struct canvas){ 0 };
}

static void teardown(void)
{
    list_clear(&list);
    canvas_clear(&canvas);
}

static struct list_row *add(const char *key, const char *head, const char *text,
                            const char *right)
{
    struct list_row *row = list_add(&list, key);
    buf_append_string(&row->head, head);
    buf_append_string(&row->text, text);
    buf_append_string(&row->right, right);
    return row;
}

static void draw(int height, int width, bool has_keys)
{
    canvas_resize(&canvas, height, width);
    canvas_erase(&canvas);
    list_draw(&list, &canvas, (struct rect){ 0, 0, height, width }, has_keys);
}

static void ck_shows(const char *expected)
{
    struct buf dump = { 0 };
    canvas_dump(&canvas, &dump, false);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

static void fill_fruit(void)
{
    list_begin(&list);
    list_add_text(&list, STYLE_HEADING, "fruit");
    add("a", "apple", "red or green", "1");
    add("b", "banana", "yellow", "22");
    list_add_text(&list, STYLE_HEADING, "nuts");
    add("c", "almond", "brown, mostly", "");
    list_end(&list);
}

START_TEST(heads_texts_and_right_edges_stand_in_columns)
{
    fill_fruit();
    draw(6, 30, false);
    ck_shows(" fruit\n"
             " apple   red or green        1\n"
             " banana  yellow             22\n"
             " nuts\n"
             " almond  brown, mostly\n"
             "\n");
}
END_TEST

START_TEST(what_does_not_fit_is_dropped_or_says_that_it_was_cut)
{
    list_begin(&list);
    add("a", "apple", "red or green", "a long right edge");
    add("b", "a very long name indeed", "yellow", "");
    list_end(&list);
    draw(2, 20, false);
    /* Heads take at most half, a right edge only what is left. */
    ck_shows(" apple       red or…\n"
             " a very lo…  yellow\n");
    list.ascii = true;
    draw(2, 20, false);
    ck_shows(" apple       red or~\n"
             " a very lo~  yellow\n");
}
END_TEST

START_TEST(until_the_user_moves_the_marked_row_is_chosen_else_the_first)
{
    fill_fruit();
    ck_assert_str_eq(list_chosen(&list), "a");
    list_begin(&list);
    add("a", "apple", "", "");
    add("b", "banana", "", "")->is_marked = true;
    list_end(&list);
    ck_assert_str_eq(list_chosen(&list), "b");
    draw(2, 20, true);
    ck_shows(" apple\n*banana\n");
    ck_assert_int_eq(canvas.cursor_row, 1);
    ck_assert_int_eq(canvas_cell(&canvas, 1, 5)->style, STYLE_SELECTED);
    ck_assert_int_ne(canvas_cell(&canvas, 0, 5)->style, STYLE_SELECTED);
    draw(2, 20, false);
    ck_assert_int_ne(canvas_cell(&canvas, 1, 5)->style, STYLE_SELECTED);
    ck_assert_int_eq(canvas.cursor_row, -1);
}
END_TEST

START_TEST(moving_skips_rows_without_a_key_and_stops_at_the_ends)
{
    fill_fruit();
    list_move(&list, 1);
    ck_assert_str_eq(list_chosen(&list), "b");
    list_move(&list, 1);
    ck_assert_str_eq(list_chosen(&list), "c");
    list_move(&list, 1);
    ck_assert_str_eq(list_chosen(&list), "c");
    list_move(&list, -INT_MAX);
    ck_assert_str_eq(list_chosen(&list), "a");
    list_move(&list, INT_MAX);
    ck_assert_str_eq(list_chosen(&list), "c");
    list_move(&list, -2);
    ck_assert_str_eq(list_chosen(&list), "a");
}
END_TEST

START_TEST(filling_again_keeps_the_chosen_row_while_it_is_there)
{
    fill_fruit();
    list_choose(&list, "b");
    fill_fruit();
    ck_assert_str_eq(list_chosen(&list), "b");
    list_begin(&list);
    add("x", "new", "", "");
    add("a", "apple", "", "");
    add("b", "banana", "", "");
    list_end(&list);
    ck_assert_str_eq(list_chosen(&list), "b");
    list_begin(&list);
    add("x", "new", "", "");
    list_end(&list);
    ck_assert_str_eq(list_chosen(&list), "x");
    list_begin(&list);
    list_end(&list);
    ck_assert_str_eq(list_chosen(&list), "");
}
END_TEST

/* Calls of one turn have its number. */
START_TEST(rows_with_the_same_key_are_gone_through_one_by_one)
{
    for (int fill = 0; fill < 2; fill++) {
        list_begin(&list);
        add("7", "first", "", "");
        add("7", "second", "", "");
        add("7", "third", "", "");
        add("8", "other", "", "");
        list_end(&list);
        if (fill == 0)
            list_move(&list, 1);
    }
    draw(4, 20, true);
    ck_assert_int_eq(canvas.cursor_row, 1);
    list_move(&list, 1);
    draw(4, 20, true);
    ck_assert_int_eq(canvas.cursor_row, 2);
    ck_assert_str_eq(list_chosen(&list), "7");
    list_move(&list, 1);
    ck_assert_str_eq(list_chosen(&list), "8");
    list_move(&list, -3);
    draw(4, 20, true);
    ck_assert_int_eq(canvas.cursor_row, 0);
}
END_TEST

static void type(const char *text)
{
    ck_assert(list_filter_type(&list, slice_of(text)));
}

START_TEST(a_filter_keeps_rows_with_each_of_its_words_in_any_case)
{
    fill_fruit();
    type("AN");
    draw(3, 30, true);
    ck_shows(" banana  yellow             22\n\n\n");
    ck_assert_str_eq(list_chosen(&list), "b");
    list_filter_set(&list, slice_of("mostly  al"));
    ck_assert_str_eq(list_chosen(&list), "c");
    list_filter_set(&list, slice_of("al zebra"));
    ck_assert_str_eq(list_chosen(&list), "");
    list_filter_set(&list, slice_of(""));
    ck_assert_str_eq(list_chosen(&list), "a");
    draw(5, 30, true);
    ck_shows(" fruit\n"
             " apple   red or green        1\n"
             " banana  yellow             22\n"
             " nuts\n"
             " almond  brown, mostly\n");
}
END_TEST

START_TEST(a_filter_looks_at_what_is_shown_and_not_at_the_key)
{
    list_begin(&list);
    add("1234", "apple", "", "");
    add("5", "banana", "", "Ctrl-X");
    list_end(&list);
    type("23");
    ck_assert_str_eq(list_chosen(&list), "");
    list_filter_set(&list, slice_of("ctrl"));
    ck_assert_str_eq(list_chosen(&list), "5");
}
END_TEST

START_TEST(a_filter_is_erased_by_characters_and_has_an_end)
{
    fill_fruit();
    ck_assert(!list_filter_erase(&list));
    type("a");
    type("\303\274");
    ck_assert(list_filter_erase(&list));
    ck_assert(slice_is(buf_slice(&list.filter), "a"));
    ck_assert(list_filter_erase(&list));
    ck_assert(!list_filter_erase(&list));
    for (int i = 0; i < LIST_FILTER_MAX; i++)
        type("x");
    ck_assert(!list_filter_type(&list, slice_of("x")));
    ck_assert_uint_eq(list.filter.len, LIST_FILTER_MAX);
}
END_TEST

static void fill_numbers(int count, bool can_be_chosen)
{
    list_begin(&list);
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        add(can_be_chosen ? name : "", name, "", "");
    }
    list_end(&list);
}

START_TEST(the_chosen_row_is_always_in_view)
{
    fill_numbers(20, true);
    draw(3, 10, true);
    ck_shows(" n0\n n1\n n2\n");
    list_move(&list, 3);
    draw(3, 10, true);
    ck_shows(" n1\n n2\n n3\n");
    ck_assert_int_eq(canvas.cursor_row, 2);
    list_page(&list, 1); /* keeps a row */
    draw(3, 10, true);
    ck_shows(" n3\n n4\n n5\n");
    list_page(&list, 100);
    draw(3, 10, true);
    ck_shows(" n17\n n18\n n19\n");
    list_move(&list, -1);
    draw(3, 10, true);
    ck_shows(" n17\n n18\n n19\n");
    ck_assert_int_eq(canvas.cursor_row, 1);
}
END_TEST

START_TEST(rows_to_be_read_scroll_and_stop_at_the_ends)
{
    fill_numbers(5, false);
    draw(3, 10, true);
    ck_assert_str_eq(list_chosen(&list), "");
    list_move(&list, 1);
    draw(3, 10, true);
    ck_shows(" n1\n n2\n n3\n");
    list_move(&list, INT_MAX);
    draw(3, 10, true);
    ck_shows(" n2\n n3\n n4\n");
    list_move(&list, -INT_MAX);
    draw(3, 10, true);
    ck_shows(" n0\n n1\n n2\n");
    list_page(&list, 1);
    draw(3, 10, true);
    ck_shows(" n2\n n3\n n4\n");
    /* Fewer rows come, and more room. */
    fill_numbers(2, false);
    draw(3, 10, true);
    ck_shows(" n0\n n1\n\n");
}
END_TEST

START_TEST(rows_to_be_read_are_broken_and_rows_to_choose_are_not)
{
    list.width = 20;
    list_begin(&list);
    list_add_text(&list, STYLE_DIM, "one two three four five six");
    add("", "name", "one two three four five", "");
    add("k", "key", "one two three four five", "");
    list_end(&list);
    ck_assert_uint_eq(list.shown.count, 5);
    draw(5, 20, true);
    ck_shows(" one two three four\n"
             " five six\n"
             " name  one two three\n"
             "       four five\n"
             " key   one two thre…\n");
    ck_assert_int_eq(canvas.cursor_row, 4);
    list.width = 0;
    list_end(&list);
    ck_assert_uint_eq(list.shown.count, 3);
}
END_TEST

START_TEST(what_comes_from_outside_is_counted_and_found_as_it_is_shown)
{
    list_begin(&list);
    add("k",
        "a\xe2\x80\xae"
        "b",
        "x\ny", "\x1b[2J");
    add("l", "second", "text", "");
    list_end(&list);
    draw(2, 40, false);
    ck_shows(" a<U+202E>b  x␊y                    ␛[2J\n"
             " second      text\n");
    type("202e");
    ck_assert_str_eq(list_chosen(&list), "k");
}
END_TEST

static bool is_blank_outside(struct rect rect)
{
    for (int row = 0; row < canvas.height; row++) {
        for (int col = 0; col < canvas.width; col++) {
            const struct cell *cell = canvas_cell(&canvas, row, col);
            bool is_inside = row >= rect.row && row < rect.row + rect.height &&
                             col >= rect.col && col < rect.col + rect.width;
            if (!is_inside && cell->len && cell->text[0] != ' ')
                return false;
        }
    }
    return true;
}

/* Whatever is done, in any order, at any size. */
START_TEST(a_chosen_row_is_there_and_nothing_is_drawn_outside)
{
    struct noise noise = { 11 };
    for (int step = 0; step < 5000; step++) {
        list.width = (int)noise_below(&noise, 30);
        switch (noise_below(&noise, 6)) {
        case 0: fill_numbers((int)noise_below(&noise, 30), true); break;
        case 1: fill_numbers((int)noise_below(&noise, 9), false); break;
        case 2: list_move(&list, (int)noise_below(&noise, 9) - 4); break;
        case 3: list_page(&list, (int)noise_below(&noise, 5) - 2); break;
        case 4: list_filter_type(&list, slice_of("1")); break;
        default: list_filter_erase(&list); break;
        }
        canvas_resize(&canvas, 12, 30);
        canvas_erase(&canvas);
        struct rect rect = { 2, 3, (int)noise_below(&noise, 8),
                             (int)noise_below(&noise, 25) };
        list_draw(&list, &canvas, rect, true);
        ck_assert(is_blank_outside(rect));
        if (*list_chosen(&list) && rect.height > 0)
            ck_assert_int_ge(canvas.cursor_row, 2);
    }
}
END_TEST

Suite *list_suite(void)
{
    Suite *suite = suite_create("list");
    TCase *tcase = tcase_create("list");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, heads_texts_and_right_edges_stand_in_columns);
    tcase_add_test(tcase, what_does_not_fit_is_dropped_or_says_that_it_was_cut);
    tcase_add_test(
        tcase, until_the_user_moves_the_marked_row_is_chosen_else_the_first);
    tcase_add_test(tcase,
                   moving_skips_rows_without_a_key_and_stops_at_the_ends);
    tcase_add_test(tcase, filling_again_keeps_the_chosen_row_while_it_is_there);
    tcase_add_test(tcase, rows_with_the_same_key_are_gone_through_one_by_one);
    tcase_add_test(tcase,
                   a_filter_keeps_rows_with_each_of_its_words_in_any_case);
    tcase_add_test(tcase, a_filter_looks_at_what_is_shown_and_not_at_the_key);
    tcase_add_test(tcase, a_filter_is_erased_by_characters_and_has_an_end);
    tcase_add_test(tcase, the_chosen_row_is_always_in_view);
    tcase_add_test(tcase, rows_to_be_read_scroll_and_stop_at_the_ends);
    tcase_add_test(tcase,
                   rows_to_be_read_are_broken_and_rows_to_choose_are_not);
    tcase_add_test(tcase,
                   what_comes_from_outside_is_counted_and_found_as_it_is_shown);
    tcase_add_test(tcase, a_chosen_row_is_there_and_nothing_is_drawn_outside);
    suite_add_tcase(suite, tcase);
    return suite;
}
