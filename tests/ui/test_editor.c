/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "tests/support/golden.h"
#include "tests/support/noise.h"
#include "tests/support/typist.h"
#include "ui/editor.h"

Suite *editor_suite(void);

START_TEST(typing_and_motions_go_by_grapheme)
{
    struct editor *editor = editor_new();
    ck_assert(editor_is_empty(editor));
    typist_type(editor, "ae\xCC\x81👍🏽z");
    editor_move(editor, EDITOR_LEFT);
    editor_move(editor, EDITOR_LEFT);
    typist_check(editor, "ae\xCC\x81|👍🏽z");
    editor_move(editor, EDITOR_LEFT);
    typist_check(editor, "a|e\xCC\x81👍🏽z");
    editor_delete(editor, EDITOR_RIGHT);
    typist_check(editor, "a|👍🏽z");
    typist_move(editor, EDITOR_RIGHT, 1);
    editor_delete(editor, EDITOR_LEFT);
    typist_check(editor, "a|z");
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
    typist_check(editor, "a\nb\nc\uFFFDd\n|");
    editor_set(editor, (struct slice){ "a\0b\0\r\n", 6 });
    typist_check(editor, "a\uFFFDb\uFFFD\n|");
    editor_free(editor);
}
END_TEST

START_TEST(a_mark_that_joins_what_follows_takes_the_caret_along)
{
    struct editor *editor = editor_new();
    typist_type(editor, "\xCC\x81");
    editor_move(editor, EDITOR_TEXT_START);
    typist_type(editor, "e");
    typist_check(editor, "e\xCC\x81|");
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
    typist_type(editor, "a");
    ck_assert(!editor_insert(editor, buf_slice(&much), &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    typist_check(editor, "a|");
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
    typist_type(editor, "one-two, дом42  漢字");
    editor_move(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "one-two, дом42  |漢字");
    editor_move(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "one-two, |дом42  漢字");
    typist_move(editor, EDITOR_WORD_LEFT, 2);
    typist_check(editor, "|one-two, дом42  漢字");
    editor_move(editor, EDITOR_WORD_RIGHT);
    typist_check(editor, "one|-two, дом42  漢字");
    typist_move(editor, EDITOR_WORD_RIGHT, 2);
    typist_check(editor, "one-two, дом42|  漢字");
    editor_free(editor);
}
END_TEST

START_TEST(a_word_of_decomposed_letters_is_never_torn)
{
    struct editor *editor = editor_new();
    /* u and a with a combining diaeresis, Hangul as jamo, a family of emoji. */
    typist_type(editor, "f\x75\xCC\x88r \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"
                        "\xE1\x84\x80\xE1\x85\xB3\xE1\x86\xAF ");
    editor_delete(editor, EDITOR_LEFT);
    editor_delete(editor, EDITOR_LEFT);
    typist_check(editor,
                 "f\x75\xCC\x88r \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB|");
    editor_delete(editor, EDITOR_WORD_LEFT);
    editor_move(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "|f\x75\xCC\x88r ");
    typist_move(editor, EDITOR_RIGHT, 2);
    typist_check(editor, "f\x75\xCC\x88|r ");
    editor_delete(editor, EDITOR_LEFT);
    typist_check(editor, "f|r ");
    editor_set(editor, slice_of("a👨‍👩‍👧b"));
    typist_move(editor, EDITOR_LEFT, 2);
    typist_check(editor, "a|👨‍👩‍👧b");
    editor_free(editor);
}
END_TEST

START_TEST(a_cut_text_ends_with_a_whole_grapheme)
{
    struct editor *editor = editor_new();
    struct buf much = { 0 };
    buf_append_char(&much, 'x');
    while (much.len <= EDITOR_TEXT_MAX)
        buf_append_string(&much, "👨‍👩‍👧");
    editor_set(editor, buf_slice(&much));
    size_t len = strlen("👨‍👩‍👧");
    ck_assert_uint_eq(editor_text(editor).len,
                      1 + (EDITOR_TEXT_MAX - 1) / len * len);
    buf_clear(&much);
    editor_free(editor);
}
END_TEST

START_TEST(a_word_of_forty_thousand_flags_is_left_in_no_time)
{
    struct editor *editor = editor_new();
    struct buf flags = { 0 };
    buf_append_string(&flags, "a ");
    for (int i = 0; i < 40 * 1000; i++)
        buf_append_string(&flags, "🇩🇪");
    editor_set(editor, buf_slice(&flags));
    /* Looking at all of them for each one would take minutes. */
    editor_move(editor, EDITOR_BLANK_LEFT);
    ck_assert_uint_eq(editor_caret(editor), 2);
    buf_clear(&flags);
    editor_free(editor);
}
END_TEST

START_TEST(transpose_swaps_the_graphemes_around_the_caret)
{
    struct editor *editor = editor_new();
    ck_assert(!editor_transpose(editor));
    typist_type(editor, "abc");
    ck_assert(editor_transpose(editor));
    typist_check(editor, "acb|");
    typist_move(editor, EDITOR_LEFT, 2);
    ck_assert(editor_transpose(editor));
    typist_check(editor, "ca|b");
    editor_undo(editor);
    typist_check(editor, "a|cb");
    editor_move(editor, EDITOR_LEFT);
    ck_assert(!editor_transpose(editor));
    /* Not across a line break, whole emoji and letters with marks. */
    editor_set(editor, slice_of("ab\n👍🏽e\xCC\x81"));
    ck_assert(editor_transpose(editor));
    typist_check(editor, "ab\ne\xCC\x81👍🏽|");
    editor_move(editor, EDITOR_LINE_START);
    ck_assert(!editor_transpose(editor));
    typist_move(editor, EDITOR_RIGHT, 1);
    editor_delete(editor, EDITOR_LINE_END);
    ck_assert(!editor_transpose(editor));
    typist_check(editor, "ab\ne\xCC\x81|");
    editor_free(editor);
}
END_TEST

START_TEST(arrows_say_where_the_text_goes_on)
{
    static const struct {
        int height;
        enum editor_motion end;
        const char *first, *last;
    } rows[] = {
        { 3, EDITOR_TEXT_START, ">", "↓" }, { 3, EDITOR_TEXT_END, "↑", " " },
        { 9, EDITOR_TEXT_END, ">", " " },   { 1, EDITOR_TEXT_START, "↓", "↓" },
        { 1, EDITOR_TEXT_END, "↑", "↑" },
    };
    struct editor *editor = editor_new();
    editor_set(editor, slice_of("1\n2\n3\n4\n5"));
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct canvas canvas = { 0 };
        int height = rows[i].height;
        canvas_resize(&canvas, height, 20);
        editor_move(editor, rows[i].end);
        editor_draw(editor, &canvas, (struct rect){ 0, 0, height, 20 }, "> ");
        ck_assert_str_eq(canvas_cell(&canvas, 0, 0)->text, rows[i].first);
        const struct cell *last = canvas_cell(&canvas, height - 1, 0);
        ck_assert_str_eq(last->len ? last->text : " ", rows[i].last);
        canvas_clear(&canvas);
    }
    editor_free(editor);
}
END_TEST

START_TEST(in_one_column_the_cursor_still_stands_at_the_caret)
{
    struct editor *editor = editor_new();
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 4, 1);
    editor_set(editor, slice_of("a漢\nb"));
    for (int row = 3; row >= 0; row--) {
        editor_draw(editor, &canvas, (struct rect){ 0, 0, 4, 1 }, "> ");
        ck_assert_int_ge(canvas.cursor_row, 0);
        ck_assert_int_eq(canvas.cursor_col, 0);
        editor_move(editor, EDITOR_LEFT);
    }
    ck_assert_uint_eq(editor_caret(editor), 0);
    canvas_clear(&canvas);
    editor_free(editor);
}
END_TEST

START_TEST(line_motions_stay_in_the_line)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one\ntwo\nthree");
    typist_move(editor, EDITOR_UP, 1);
    editor_move(editor, EDITOR_LINE_START);
    typist_check(editor, "one\n|two\nthree");
    editor_move(editor, EDITOR_LINE_END);
    typist_check(editor, "one\ntwo|\nthree");
    editor_move(editor, EDITOR_TEXT_START);
    typist_check(editor, "|one\ntwo\nthree");
    editor_move(editor, EDITOR_TEXT_END);
    typist_check(editor, "one\ntwo\nthree|");
    editor_free(editor);
}
END_TEST

START_TEST(up_and_down_go_by_drawn_row_and_keep_the_column)
{
    struct editor *editor = editor_new();
    typist_type(editor, "abcdef\nx\nuvwxyz");
    editor_rows(editor, 40);
    editor_move(editor, EDITOR_LEFT);
    ck_assert(editor_move(editor, EDITOR_UP));
    typist_check(editor, "abcdef\nx|\nuvwxyz");
    ck_assert(editor_move(editor, EDITOR_UP));
    typist_check(editor, "abcde|f\nx\nuvwxyz");
    ck_assert(!editor_move(editor, EDITOR_UP));
    typist_move(editor, EDITOR_DOWN, 2);
    typist_check(editor, "abcdef\nx\nuvwxy|z");
    ck_assert(!editor_move(editor, EDITOR_DOWN));
    editor_free(editor);
    /* Soft rows: "one two " and "three" in 12 cells less prompt and caret. */
    editor = editor_new();
    typist_type(editor, "one two three");
    ck_assert_int_eq(editor_rows(editor, 12), 2);
    ck_assert(editor_move(editor, EDITOR_UP));
    typist_check(editor, "one t|wo three");
    editor_free(editor);
}
END_TEST

START_TEST(undo_takes_back_a_word_of_typing_at_a_time)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one two");
    editor_undo(editor);
    typist_check(editor, "one |");
    editor_undo(editor);
    typist_check(editor, "|");
    editor_undo(editor);
    editor_redo(editor);
    editor_redo(editor);
    typist_check(editor, "one two|");
    editor_redo(editor);
    for (int i = 0; i < 3; i++)
        editor_delete(editor, EDITOR_LEFT);
    editor_undo(editor);
    typist_check(editor, "one two|");
    editor_set(editor, slice_of("other"));
    editor_undo(editor);
    typist_check(editor, "one two|");
    typist_type(editor, "!");
    editor_redo(editor);
    typist_check(editor, "one two!|");
    editor_free(editor);
}
END_TEST

START_TEST(the_caret_comes_back_to_where_a_change_began)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one two");
    typist_move(editor, EDITOR_LEFT, 3);
    editor_delete(editor, EDITOR_LINE_END);
    editor_move(editor, EDITOR_TEXT_START);
    editor_undo(editor);
    typist_check(editor, "one |two");
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
    enum editor_motion motion = noise_below(noise, EDITOR_BLANK_LEFT + 1);
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
                editor_delete(editor,
                              noise_below(&noise, EDITOR_BLANK_LEFT + 1));
            editor_move(editor, noise_below(&noise, EDITOR_BLANK_LEFT + 1));
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
    typist_type(editor, "漢\ta");
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

static void dump_at(struct editor *editor, int width, struct buf *dump)
{
    struct canvas canvas = { 0 };
    int rows = editor_rows(editor, width);
    canvas_resize(&canvas, rows < 5 ? rows : 5, width);
    struct rect rect = { 0, 0, canvas.height, canvas.width };
    editor_draw(editor, &canvas, rect, "> ");
    buf_printf(dump, "== %d: %d rows, cursor %d %d\n", width, rows,
               canvas.cursor_row, canvas.cursor_col);
    canvas_dump(&canvas, dump, true);
    canvas_clear(&canvas);
}

START_TEST(the_editor_looks_as_it_should)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    struct buf dump = { 0 }, log = { 0 };
    struct editor *editor = editor_new();
    editor_set(editor,
               slice_of("Also check that the second epoch does not leak, "
                        "with 漢字漢字漢字漢字\n\n  @tests/test_loader.py and "
                        "averylongwordthatdoesnotfitintotwentycolumns"));
    typist_move(editor, EDITOR_LEFT, 3);
    for (size_t i = 0; i < COUNTOF(widths); i++)
        dump_at(editor, widths[i], &dump);
    buf_append_string(&dump, "\nA paste between words, the caret behind it:\n");
    for (int i = 0; i < 120; i++)
        buf_printf(&log, "epoch %d: loss 0.%04d, lr 1e-4\n", i, 9000 - i);
    editor_set(editor, slice_of("Why does this log stop so early? "));
    typist_paste(editor, buf_string(&log));
    typist_type(editor, " It is of the second run.");
    typist_move(editor, EDITOR_WORD_LEFT, 6);
    for (size_t i = 0; i < COUNTOF(widths); i++)
        dump_at(editor, widths[i], &dump);
    golden_check("editor.txt", &dump);
    buf_clear(&dump);
    buf_clear(&log);
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
    tcase_add_test(tcase, a_word_of_decomposed_letters_is_never_torn);
    tcase_add_test(tcase, a_cut_text_ends_with_a_whole_grapheme);
    tcase_add_test(tcase, a_word_of_forty_thousand_flags_is_left_in_no_time);
    tcase_add_test(tcase, transpose_swaps_the_graphemes_around_the_caret);
    tcase_add_test(tcase, arrows_say_where_the_text_goes_on);
    tcase_add_test(tcase, in_one_column_the_cursor_still_stands_at_the_caret);
    tcase_add_test(tcase, line_motions_stay_in_the_line);
    tcase_add_test(tcase, up_and_down_go_by_drawn_row_and_keep_the_column);
    tcase_add_test(tcase, undo_takes_back_a_word_of_typing_at_a_time);
    tcase_add_test(tcase, the_caret_comes_back_to_where_a_change_began);
    tcase_add_test(tcase,
                   random_edits_keep_text_valid_and_the_caret_on_a_boundary);
    tcase_add_test(tcase, redo_of_everything_gives_the_end);
    tcase_add_test(tcase, the_cursor_is_where_the_caret_is_at_any_size);
    tcase_add_test(tcase, the_cursor_follows_wide_characters_and_what_is_shown);
    tcase_add_test(tcase, the_editor_looks_as_it_should);
    suite_add_tcase(suite, tcase);
    return suite;
}
