/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "tests/support/golden.h"
#include "tests/support/noise.h"
#include "ui/editor.h"
#include "ui/rows.h"

Suite *editor_suite(void);

static void type(struct editor *editor, const char *text)
{
    struct error err = { 0 };
    struct slice rest = slice_of(text);
    while (rest.len) {
        int width;
        size_t len = utf8_grapheme(rest, &width);
        ck_assert(editor_insert(editor, (struct slice){ rest.ptr, len }, &err));
        rest = slice_skip(rest, len);
    }
}

/* The text with the caret as "|". */
static void check_state(const struct editor *editor, const char *expected)
{
    struct buf state = { 0 };
    buf_append_slice(&state, editor_text(editor));
    buf_splice(&state, editor_caret(editor), 0, slice_of("|"));
    ck_assert_str_eq(buf_string(&state), expected);
    buf_clear(&state);
}

static void move(struct editor *editor, enum editor_motion motion, int times)
{
    while (times--)
        editor_move(editor, motion);
}

START_TEST(typing_and_motions_go_by_grapheme)
{
    struct editor *editor = editor_new();
    ck_assert(editor_is_empty(editor));
    type(editor, "ae\xCC\x81👍🏽z");
    editor_move(editor, EDITOR_LEFT);
    editor_move(editor, EDITOR_LEFT);
    check_state(editor, "ae\xCC\x81|👍🏽z");
    editor_move(editor, EDITOR_LEFT);
    check_state(editor, "a|e\xCC\x81👍🏽z");
    editor_delete(editor, EDITOR_RIGHT);
    check_state(editor, "a|👍🏽z");
    move(editor, EDITOR_RIGHT, 1);
    editor_delete(editor, EDITOR_LEFT);
    check_state(editor, "a|z");
    ck_assert(editor_move(editor, EDITOR_RIGHT));
    ck_assert(!editor_move(editor, EDITOR_RIGHT));
    editor_free(editor);
}
END_TEST

START_TEST(an_insert_is_made_valid)
{
    struct editor *editor = editor_new();
    struct error err = { 0 };
    ck_assert(editor_insert(editor,
                            slice_of("a\r\nb\rc\xFF"
                                     "d\n"),
                            &err));
    check_state(editor, "a\nb\nc\uFFFDd\n|");
    editor_set(editor, (struct slice){ "a\0b\0\r\n", 6 });
    check_state(editor, "a\uFFFDb\uFFFD\n|");
    editor_free(editor);
}
END_TEST

START_TEST(a_mark_that_joins_what_follows_takes_the_caret_along)
{
    struct editor *editor = editor_new();
    type(editor, "\xCC\x81");
    editor_move(editor, EDITOR_TEXT_START);
    type(editor, "e");
    check_state(editor, "e\xCC\x81|");
    editor_free(editor);
}
END_TEST

START_TEST(too_much_text_is_refused_whole)
{
    struct editor *editor = editor_new();
    struct error err = { 0 };
    struct buf much = { 0 };
    buf_reserve(&much, EDITOR_TEXT_MAX);
    memset(much.ptr, 'x', EDITOR_TEXT_MAX);
    much.len = EDITOR_TEXT_MAX;
    type(editor, "a");
    ck_assert(!editor_insert(editor, buf_slice(&much), &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    check_state(editor, "a|");
    editor_set(editor, buf_slice(&much));
    ck_assert_uint_eq(editor_text(editor).len, EDITOR_TEXT_MAX);
    ck_assert(!editor_insert(editor, slice_of("b"), &err));
    buf_clear(&much);
    editor_free(editor);
}
END_TEST

START_TEST(words_are_letters_and_digits_of_any_script)
{
    struct editor *editor = editor_new();
    type(editor, "one-two, дом42  漢字");
    editor_move(editor, EDITOR_WORD_LEFT);
    check_state(editor, "one-two, дом42  |漢字");
    editor_move(editor, EDITOR_WORD_LEFT);
    check_state(editor, "one-two, |дом42  漢字");
    move(editor, EDITOR_WORD_LEFT, 2);
    check_state(editor, "|one-two, дом42  漢字");
    editor_move(editor, EDITOR_WORD_RIGHT);
    check_state(editor, "one|-two, дом42  漢字");
    move(editor, EDITOR_WORD_RIGHT, 2);
    check_state(editor, "one-two, дом42|  漢字");
    editor_free(editor);
}
END_TEST

START_TEST(line_motions_stay_in_the_line)
{
    struct editor *editor = editor_new();
    type(editor, "one\ntwo\nthree");
    move(editor, EDITOR_UP, 1);
    editor_move(editor, EDITOR_LINE_START);
    check_state(editor, "one\n|two\nthree");
    editor_move(editor, EDITOR_LINE_END);
    check_state(editor, "one\ntwo|\nthree");
    editor_move(editor, EDITOR_TEXT_START);
    check_state(editor, "|one\ntwo\nthree");
    editor_move(editor, EDITOR_TEXT_END);
    check_state(editor, "one\ntwo\nthree|");
    editor_free(editor);
}
END_TEST

START_TEST(up_and_down_go_by_drawn_row_and_keep_the_column)
{
    struct editor *editor = editor_new();
    type(editor, "abcdef\nx\nuvwxyz");
    editor_rows(editor, 40);
    editor_move(editor, EDITOR_LEFT);
    ck_assert(editor_move(editor, EDITOR_UP));
    check_state(editor, "abcdef\nx|\nuvwxyz");
    ck_assert(editor_move(editor, EDITOR_UP));
    check_state(editor, "abcde|f\nx\nuvwxyz");
    ck_assert(!editor_move(editor, EDITOR_UP));
    move(editor, EDITOR_DOWN, 2);
    check_state(editor, "abcdef\nx\nuvwxy|z");
    ck_assert(!editor_move(editor, EDITOR_DOWN));
    editor_free(editor);
    /* Soft rows: "one two " and "three" in 12 cells less prompt and caret. */
    editor = editor_new();
    type(editor, "one two three");
    ck_assert_int_eq(editor_rows(editor, 12), 2);
    ck_assert(editor_move(editor, EDITOR_UP));
    check_state(editor, "one t|wo three");
    editor_free(editor);
}
END_TEST

START_TEST(kills_in_a_row_are_yanked_together)
{
    struct editor *editor = editor_new();
    type(editor, "one two three");
    editor_delete(editor, EDITOR_WORD_LEFT);
    editor_delete(editor, EDITOR_WORD_LEFT);
    check_state(editor, "one |");
    editor_yank(editor);
    check_state(editor, "one two three|");
    editor_move(editor, EDITOR_TEXT_START);
    editor_delete(editor, EDITOR_WORD_RIGHT);
    editor_move(editor, EDITOR_TEXT_END);
    editor_yank(editor);
    check_state(editor, " two threeone|");
    editor_delete(editor, EDITOR_LEFT);
    editor_yank(editor);
    check_state(editor, " two threeonone|");
    editor_free(editor);
}
END_TEST

START_TEST(killing_to_the_end_of_a_line_takes_the_break_only_at_the_end)
{
    struct editor *editor = editor_new();
    type(editor, "one\ntwo");
    editor_move(editor, EDITOR_TEXT_START);
    editor_delete(editor, EDITOR_LINE_END);
    check_state(editor, "|\ntwo");
    editor_delete(editor, EDITOR_LINE_END);
    check_state(editor, "|two");
    editor_yank(editor);
    check_state(editor, "one\n|two");
    editor_free(editor);
}
END_TEST

START_TEST(undo_takes_back_a_word_of_typing_at_a_time)
{
    struct editor *editor = editor_new();
    type(editor, "one two");
    editor_undo(editor);
    check_state(editor, "one |");
    editor_undo(editor);
    check_state(editor, "|");
    editor_undo(editor);
    editor_redo(editor);
    editor_redo(editor);
    check_state(editor, "one two|");
    editor_redo(editor);
    for (int i = 0; i < 3; i++)
        editor_delete(editor, EDITOR_LEFT);
    editor_undo(editor);
    check_state(editor, "one two|");
    editor_set(editor, slice_of("other"));
    editor_undo(editor);
    check_state(editor, "one two|");
    type(editor, "!");
    editor_redo(editor);
    check_state(editor, "one two!|");
    editor_free(editor);
}
END_TEST

START_TEST(the_caret_comes_back_to_where_a_change_began)
{
    struct editor *editor = editor_new();
    type(editor, "one two");
    move(editor, EDITOR_LEFT, 3);
    editor_delete(editor, EDITOR_LINE_END);
    editor_move(editor, EDITOR_TEXT_START);
    editor_undo(editor);
    check_state(editor, "one |two");
    editor_free(editor);
}
END_TEST

static bool is_boundary(struct slice text, size_t offset)
{
    size_t at = 0;
    while (at < offset) {
        int width;
        at += utf8_grapheme(slice_skip(text, at), &width);
    }
    return at == offset;
}

static void do_anything(struct editor *editor, struct noise *noise)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    uint32_t choice = noise_below(noise, 20);
    enum editor_motion motion = noise_below(noise, EDITOR_TEXT_END + 1);
    if (choice < 8)
        noise_text(noise, &text, 1 + noise_below(noise, 3));
    if (choice == 8)
        noise_bytes(noise, &text, 6);
    if (choice == 9)
        buf_append_string(&text, "\xF0\x9F\x87\xA9");
    if (choice < 10)
        ck_assert(editor_insert(editor, buf_slice(&text), &err));
    else if (choice < 14)
        editor_move(editor, motion);
    else if (choice < 16)
        editor_delete(editor, motion);
    else if (choice == 16)
        editor_yank(editor);
    else if (choice == 17)
        editor_undo(editor);
    else if (choice == 18)
        editor_redo(editor);
    buf_clear(&text);
}

START_TEST(random_edits_keep_text_valid_and_the_caret_on_a_boundary)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct noise noise = { seed };
        struct editor *editor = editor_new();
        int width = 8 + (int)noise_below(&noise, 40);
        editor_rows(editor, width);
        for (int i = 0; i < 200; i++) {
            do_anything(editor, &noise);
            struct slice text = editor_text(editor);
            ck_assert(utf8_is_valid(text));
            ck_assert(!text.len || !memchr(text.ptr, '\r', text.len));
            ck_assert_uint_le(editor_caret(editor), text.len);
            ck_assert_msg(is_boundary(text, editor_caret(editor)),
                          "seed %d step %d", (int)seed, i);
        }
        for (int i = 0; i < 1000; i++)
            editor_undo(editor);
        ck_assert(editor_is_empty(editor));
        ck_assert_uint_eq(editor_caret(editor), 0);
        editor_free(editor);
    }
}
END_TEST

static void check_rows(const struct rows *rows, struct slice text)
{
    struct rows fresh = { 0 };
    rows_wrap(&fresh, text, rows->width);
    ck_assert_uint_eq(rows->starts.count, fresh.starts.count);
    for (size_t i = 0; i < fresh.starts.count; i++)
        ck_assert_uint_eq(rows->starts.items[i], fresh.starts.items[i]);
    rows_clear(&fresh);
}

/* A random grapheme boundary. */
static size_t pick_boundary(struct noise *noise, struct slice text)
{
    size_t goal = text.len ? noise_below(noise, (uint32_t)text.len + 1) : 0;
    size_t at = 0;
    while (at < goal) {
        int width;
        at += utf8_grapheme(slice_skip(text, at), &width);
    }
    return at;
}

START_TEST(rows_that_keep_up_with_edits_are_those_of_the_whole_text)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct noise noise = { seed };
        struct buf text = { 0 }, fresh = { 0 };
        struct rows rows = { 0 };
        noise_text(&noise, &text, 100);
        rows_wrap(&rows, buf_slice(&text), 3 + (int)noise_below(&noise, 40));
        for (int i = 0; i < 100; i++) {
            buf_reset(&fresh);
            noise_text(&noise, &fresh, noise_below(&noise, 6));
            size_t start = pick_boundary(&noise, buf_slice(&text));
            size_t end = pick_boundary(&noise, buf_slice(&text));
            if (start > end || noise_below(&noise, 2))
                end = start;
            buf_splice(&text, start, end - start, buf_slice(&fresh));
            rows_edit(&rows, buf_slice(&text), start, end - start, fresh.len);
            check_rows(&rows, buf_slice(&text));
        }
        buf_clear(&text);
        buf_clear(&fresh);
        rows_clear(&rows);
    }
}
END_TEST

START_TEST(redo_of_everything_gives_the_end)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct noise noise = { seed };
        struct editor *editor = editor_new();
        struct error err = { 0 };
        struct buf text = { 0 }, last = { 0 };
        for (int i = 0; i < 200; i++) {
            buf_reset(&text);
            noise_text(&noise, &text, 1);
            if (noise_below(&noise, 3))
                editor_insert(editor, buf_slice(&text), &err);
            else
                editor_delete(editor, noise_below(&noise, EDITOR_TEXT_END + 1));
            editor_move(editor, noise_below(&noise, EDITOR_TEXT_END + 1));
        }
        buf_append_slice(&last, editor_text(editor));
        for (int i = 0; i < 300; i++)
            editor_undo(editor);
        ck_assert(editor_is_empty(editor));
        for (int i = 0; i < 300; i++)
            editor_redo(editor);
        ck_assert(slice_equal(editor_text(editor), buf_slice(&last)));
        buf_clear(&text);
        buf_clear(&last);
        editor_free(editor);
    }
}
END_TEST

START_TEST(the_cursor_is_where_the_caret_is_at_any_size)
{
    struct noise noise = { 5 };
    struct editor *editor = editor_new();
    for (int i = 0; i < 600; i++) {
        do_anything(editor, &noise);
        struct canvas canvas = { 0 };
        int height = (int)noise_below(&noise, 6);
        int width = (int)noise_below(&noise, 50);
        canvas_resize(&canvas, height, width);
        editor_draw(editor, &canvas, (struct rect){ 0, 0, height, width },
                    "> ");
        if (height && width) {
            ck_assert_int_ge(canvas.cursor_row, 0);
            ck_assert_int_lt(canvas.cursor_row, height);
            ck_assert_int_ge(canvas.cursor_col, 0);
            ck_assert_int_lt(canvas.cursor_col, width);
        } else {
            ck_assert_int_eq(canvas.cursor_row, -1);
        }
        canvas_clear(&canvas);
    }
    editor_free(editor);
}
END_TEST

START_TEST(the_cursor_follows_wide_characters_and_what_is_shown)
{
    struct editor *editor = editor_new();
    struct canvas canvas = { 0 };
    struct rect rect = { 0, 0, 2, 40 };
    canvas_resize(&canvas, 2, 40);
    type(editor, "漢\ta");
    editor_draw(editor, &canvas, rect, "> ");
    ck_assert_int_eq(canvas.cursor_col, 2 + 8 + 1);
    editor_set(editor, slice_of("\x1B[a\xE2\x80\xAE"));
    editor_draw(editor, &canvas, rect, "> ");
    /* "␛[a" and "<U+202E>" */
    ck_assert_int_eq(canvas.cursor_col, 2 + 3 + 8);
    editor_set(editor, slice_of("می‌خواهم"));
    editor_draw(editor, &canvas, rect, "> ");
    ck_assert_int_eq(canvas.cursor_col, 2 + 7);
    canvas_clear(&canvas);
    editor_free(editor);
}
END_TEST

START_TEST(an_edit_in_a_large_text_wraps_the_rows_around_it_only)
{
    struct editor *editor = editor_new();
    struct error err = { 0 };
    struct buf large = { 0 };
    while (large.len < 4 * 1024 * 1024)
        buf_append_string(&large, "some words of a line that goes on ");
    editor_set(editor, buf_slice(&large));
    int rows = editor_rows(editor, 80);
    editor_move(editor, EDITOR_TEXT_START);
    move(editor, EDITOR_RIGHT, 5);
    /* Wrapping all of it each time would take minutes. */
    for (int i = 0; i < 1000; i++) {
        ck_assert(editor_insert(editor, slice_of("x"), &err));
        editor_delete(editor, EDITOR_LEFT);
    }
    ck_assert_int_eq(editor_rows(editor, 80), rows);
    buf_clear(&large);
    editor_free(editor);
}
END_TEST

START_TEST(the_editor_looks_as_it_should)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    struct buf dump = { 0 };
    struct editor *editor = editor_new();
    editor_set(editor,
               slice_of("Also check that the second epoch does not leak, "
                        "with 漢字漢字漢字漢字\n\n  @tests/test_loader.py and "
                        "averylongwordthatdoesnotfitintotwentycolumns"));
    move(editor, EDITOR_LEFT, 3);
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        struct canvas canvas = { 0 };
        int rows = editor_rows(editor, widths[i]);
        canvas_resize(&canvas, rows < 5 ? rows : 5, widths[i]);
        struct rect rect = { 0, 0, canvas.height, canvas.width };
        editor_draw(editor, &canvas, rect, "> ");
        buf_printf(&dump, "== %d: %d rows, cursor %d %d\n", widths[i], rows,
                   canvas.cursor_row, canvas.cursor_col);
        canvas_dump(&canvas, &dump, false);
        canvas_clear(&canvas);
    }
    golden_check("editor.txt", &dump);
    buf_clear(&dump);
    editor_free(editor);
}
END_TEST

Suite *editor_suite(void)
{
    Suite *suite = suite_create("editor");
    TCase *tcase = tcase_create("editor");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, typing_and_motions_go_by_grapheme);
    tcase_add_test(tcase, an_insert_is_made_valid);
    tcase_add_test(tcase, a_mark_that_joins_what_follows_takes_the_caret_along);
    tcase_add_test(tcase, too_much_text_is_refused_whole);
    tcase_add_test(tcase, words_are_letters_and_digits_of_any_script);
    tcase_add_test(tcase, line_motions_stay_in_the_line);
    tcase_add_test(tcase, up_and_down_go_by_drawn_row_and_keep_the_column);
    tcase_add_test(tcase, kills_in_a_row_are_yanked_together);
    tcase_add_test(
        tcase, killing_to_the_end_of_a_line_takes_the_break_only_at_the_end);
    tcase_add_test(tcase, undo_takes_back_a_word_of_typing_at_a_time);
    tcase_add_test(tcase, the_caret_comes_back_to_where_a_change_began);
    tcase_add_test(tcase,
                   random_edits_keep_text_valid_and_the_caret_on_a_boundary);
    tcase_add_test(tcase,
                   rows_that_keep_up_with_edits_are_those_of_the_whole_text);
    tcase_add_test(tcase, redo_of_everything_gives_the_end);
    tcase_add_test(tcase, the_cursor_is_where_the_caret_is_at_any_size);
    tcase_add_test(tcase, the_cursor_follows_wide_characters_and_what_is_shown);
    tcase_add_test(tcase,
                   an_edit_in_a_large_text_wraps_the_rows_around_it_only);
    tcase_add_test(tcase, the_editor_looks_as_it_should);
    suite_add_tcase(suite, tcase);
    return suite;
}
