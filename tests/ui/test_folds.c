/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/noise.h"
#include "tests/support/typist.h"
#include "ui/folds.h"

Suite *folds_suite(void);

/* Nine lines: one more than is shown as it is. */
#define NINE "1\n2\n3\n4\n5\n6\n7\n8\n9\n"

static void check_row(struct editor *editor, const char *expected)
{
    struct buf row = { 0 };
    ck_assert_str_eq(typist_row(editor, 80, &row), expected);
    buf_clear(&row);
}

START_TEST(a_paste_is_folded_from_its_ninth_line_or_its_2001st_byte_on)
{
    static const struct {
        size_t lines, len;
        bool folds;
    } rows[] = {
        { 8, 8 * 4, false }, { 9, 9 * 4, true }, { 1, 2000, false },
        { 1, 2001, true },   { 8, 1999, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct editor *editor = editor_new();
        struct buf text = { 0 };
        for (size_t line = 0; line + 1 < rows[i].lines; line++)
            buf_append_string(&text, "abc\n");
        while (text.len < rows[i].len)
            buf_append_char(&text, 'x');
        typist_paste(editor, buf_string(&text));
        ck_assert_msg(editor_has_fold(editor) == rows[i].folds, "row %zu", i);
        ck_assert(slice_equal(editor_text(editor), buf_slice(&text)));
        buf_clear(&text);
        editor_free(editor);
    }
}
END_TEST

START_TEST(the_token_counts_lines_and_bytes_and_fits_any_width)
{
    static const struct {
        struct fold fold;
        int width;
        const char *token;
    } rows[] = {
        { { 0, 4200, 120 }, 80, "[pasted 120 lines, 4.2 kB]" },
        { { 0, 4200, 120 }, 26, "[pasted 120 lines, 4.2 kB]" },
        { { 0, 4200, 120 }, 25, "[120 lines]" },
        { { 0, 4200, 120 }, 10, "[120 lines" },
        { { 0, 4200, 120 }, 2, "[1" },
        { { 0, 8388608, 1 }, 80, "[pasted 1 line, 8.4 MB]" },
        { { 0, 90, 9 }, 80, "[pasted 9 lines, 90 B]" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf token = { 0 };
        fold_format(&token, &rows[i].fold, rows[i].width);
        ck_assert_str_eq(buf_string(&token), rows[i].token);
        buf_clear(&token);
    }
    ck_assert_uint_eq(fold_of(slice_of("a\nb")).lines, 2);
    ck_assert_uint_eq(fold_of(slice_of("a\nb\n")).lines, 2);
}
END_TEST

START_TEST(a_paste_is_sent_whole_and_shown_as_one_token)
{
    struct editor *editor = editor_new();
    typist_type(editor, "sum ");
    typist_paste(editor, NINE);
    typist_type(editor, " up");
    typist_check(editor, "sum " NINE " up|");
    check_row(editor, "sum [pasted 9 lines, 18 B] up");
    ck_assert_int_eq(editor_rows(editor, 80), 1);
    editor_free(editor);
}
END_TEST

START_TEST(a_paste_is_made_valid_and_its_controls_are_shown)
{
    struct editor *editor = editor_new();
    struct error err = { 0 };
    ck_assert(editor_paste(
        editor, (struct slice){ "a\0\x1B[A\r\nb\rc\n\xFF", 12 }, &err));
    typist_check(editor, "a\uFFFD\x1B[A\nb\nc\n\uFFFD|");
    editor_move(editor, EDITOR_TEXT_START);
    check_row(editor, "a\uFFFD␛[A");
    /* All forms of a line break are one line each. */
    editor_set(editor, slice_of(""));
    typist_paste(editor, "1\r2\r\n3\n4\r5\r\n6\n7\r8\r\n9");
    check_row(editor, "[pasted 9 lines, 17 B]");
    typist_check(editor, "1\n2\n3\n4\n5\n6\n7\n8\n9|");
    editor_free(editor);
}
END_TEST

START_TEST(typed_text_that_looks_like_a_token_is_text)
{
    struct editor *editor = editor_new();
    typist_type(editor, "[pasted 9 lines, 18 B]");
    ck_assert(!editor_has_fold(editor));
    editor_delete(editor, EDITOR_LEFT);
    typist_check(editor, "[pasted 9 lines, 18 B|");
    editor_set(editor, slice_of("a [pasted 9 lines, 18 B]"));
    ck_assert(!editor_expand(editor));
    /* Pasted it is text as well. */
    typist_paste(editor, "[pasted 120 lines, 4.2 kB]");
    ck_assert(!editor_has_fold(editor));
    editor_free(editor);
}
END_TEST

START_TEST(every_motion_steps_over_a_paste_as_one)
{
    struct editor *editor = editor_new();
    typist_type(editor, "ab ");
    typist_paste(editor, NINE);
    typist_type(editor, " cd");
    typist_move(editor, EDITOR_LEFT, 3);
    typist_check(editor, "ab " NINE "| cd");
    editor_move(editor, EDITOR_LEFT);
    typist_check(editor, "ab |" NINE " cd");
    editor_move(editor, EDITOR_RIGHT);
    typist_check(editor, "ab " NINE "| cd");
    editor_move(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "ab |" NINE " cd");
    editor_move(editor, EDITOR_WORD_RIGHT);
    typist_check(editor, "ab " NINE "| cd");
    editor_move(editor, EDITOR_WORD_RIGHT);
    typist_check(editor, "ab " NINE " cd|");
    editor_move(editor, EDITOR_BLANK_LEFT);
    editor_move(editor, EDITOR_BLANK_LEFT);
    typist_check(editor, "ab |" NINE " cd");
    /* The line is the one that is seen. */
    editor_move(editor, EDITOR_LINE_END);
    typist_check(editor, "ab " NINE " cd|");
    editor_move(editor, EDITOR_LINE_START);
    typist_check(editor, "|ab " NINE " cd");
    ck_assert(!editor_move(editor, EDITOR_DOWN));
    editor_free(editor);
}
END_TEST

START_TEST(a_word_ends_where_a_paste_stands_beside_it)
{
    struct editor *editor = editor_new();
    typist_type(editor, "ab");
    typist_paste(editor, NINE);
    typist_type(editor, "cd");
    editor_move(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "ab" NINE "|cd");
    editor_move(editor, EDITOR_TEXT_END);
    editor_move(editor, EDITOR_BLANK_LEFT);
    typist_check(editor, "ab" NINE "|cd");
    editor_move(editor, EDITOR_TEXT_START);
    editor_move(editor, EDITOR_WORD_RIGHT);
    typist_check(editor, "ab|" NINE "cd");
    editor_free(editor);
}
END_TEST

START_TEST(up_and_down_never_lead_into_a_paste)
{
    struct editor *editor = editor_new();
    editor_rows(editor, 80);
    typist_type(editor, "0123456789\n");
    typist_paste(editor, NINE);
    typist_type(editor, "\n0123456789");
    typist_move(editor, EDITOR_UP, 1);
    typist_check(editor, "0123456789\n|" NINE "\n0123456789");
    typist_move(editor, EDITOR_UP, 1);
    typist_check(editor, "0123456789|\n" NINE "\n0123456789");
    editor_free(editor);
}
END_TEST

START_TEST(every_delete_takes_a_paste_whole_or_not_at_all)
{
    static const struct {
        enum editor_motion motion;
        const char *before, *after; /* the caret is behind or before it */
    } rows[] = {
        { EDITOR_LEFT, "ab|cd", "a|" NINE "cd" },
        { EDITOR_RIGHT, "ab" NINE "|d", "ab|cd" },
        { EDITOR_WORD_LEFT, "ab|cd", "|" NINE "cd" },
        { EDITOR_WORD_RIGHT, "ab" NINE "|", "ab|cd" },
        { EDITOR_BLANK_LEFT, "ab|cd", "|" NINE "cd" },
        { EDITOR_LINE_START, "|cd", "|" NINE "cd" },
        { EDITOR_LINE_END, "ab" NINE "|", "ab|" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        for (int side = 0; side < 2; side++) {
            struct editor *editor = editor_new();
            typist_type(editor, "ab");
            typist_paste(editor, NINE);
            typist_type(editor, "cd");
            typist_move(editor, EDITOR_LEFT, 2 + side);
            editor_delete(editor, rows[i].motion);
            typist_check(editor, side ? rows[i].after : rows[i].before);
            editor_undo(editor);
            check_row(editor, "ab[pasted 9 lines, 18 B]cd");
            editor_free(editor);
        }
    }
}
END_TEST

START_TEST(undo_redo_and_yank_bring_a_paste_back_folded)
{
    struct editor *editor = editor_new();
    typist_type(editor, "ab");
    typist_paste(editor, NINE);
    editor_delete(editor, EDITOR_LEFT);
    typist_check(editor, "ab|");
    /* It is a step of its own. */
    editor_delete(editor, EDITOR_LEFT);
    editor_undo(editor);
    typist_check(editor, "ab|");
    editor_undo(editor);
    check_row(editor, "ab[pasted 9 lines, 18 B]");
    editor_undo(editor);
    typist_check(editor, "ab|");
    editor_redo(editor);
    check_row(editor, "ab[pasted 9 lines, 18 B]");
    typist_check(editor, "ab" NINE "|");
    editor_delete(editor, EDITOR_LINE_START);
    editor_yank(editor);
    editor_yank(editor);
    check_row(editor, "ab[pasted 9 lines, 18 B]ab[pasted 9 lines, 18 B]");
    editor_free(editor);
}
END_TEST

START_TEST(a_paste_expands_where_it_stands_and_undo_folds_it_again)
{
    struct editor *editor = editor_new();
    ck_assert(!editor_expand(editor));
    typist_type(editor, "ab");
    typist_paste(editor, NINE);
    typist_type(editor, "cd");
    /* The caret is beside none: the last one. */
    ck_assert(editor_expand(editor));
    ck_assert(!editor_has_fold(editor));
    ck_assert_int_eq(editor_rows(editor, 80), 10);
    typist_check(editor, "ab" NINE "cd|");
    ck_assert(!editor_expand(editor));
    editor_undo(editor);
    check_row(editor, "ab[pasted 9 lines, 18 B]cd");
    typist_check(editor, "ab" NINE "cd|");
    editor_free(editor);
}
END_TEST

START_TEST(the_paste_that_expands_is_the_one_at_the_caret)
{
    struct editor *editor = editor_new();
    typist_paste(editor, NINE);
    typist_paste(editor, NINE);
    typist_paste(editor, NINE);
    typist_move(editor, EDITOR_LEFT, 1);
    editor_rows(editor, 80);
    /* Between two it is the one before. */
    ck_assert(editor_expand(editor));
    typist_check(editor, NINE NINE "|" NINE);
    ck_assert_int_eq(editor_rows(editor, 80), 10);
    check_row(editor, "[pasted 9 lines, 18 B]");
    editor_move(editor, EDITOR_TEXT_START);
    ck_assert(editor_expand(editor));
    typist_check(editor, "|" NINE NINE NINE);
    /* The next one, though far away. */
    ck_assert(editor_expand(editor));
    ck_assert(!editor_has_fold(editor));
    editor_free(editor);
}
END_TEST

START_TEST(a_draft_that_is_given_back_has_its_pastes_folded)
{
    struct editor *editor = editor_new();
    struct buf draft = { 0 };
    typist_type(editor, "see ");
    typist_paste(editor, NINE);
    buf_append_slice(&draft, editor_text(editor));
    /* Another program had it and changed nothing. */
    editor_move(editor, EDITOR_TEXT_START);
    editor_set(editor, buf_slice(&draft));
    check_row(editor, "see [pasted 9 lines, 18 B]");
    typist_check(editor, "see " NINE "|");
    editor_set(editor, slice_of("an earlier prompt"));
    editor_set(editor, slice_of("one before it"));
    editor_set(editor, buf_slice(&draft));
    check_row(editor, "see [pasted 9 lines, 18 B]");
    /* Another text is what it is, even if it has the same lines. */
    editor_set(editor, slice_of("see: " NINE));
    ck_assert(!editor_has_fold(editor));
    /* Who expanded it sees it expanded. */
    editor_set(editor, buf_slice(&draft));
    ck_assert(editor_expand(editor));
    editor_set(editor, slice_of(""));
    editor_set(editor, buf_slice(&draft));
    ck_assert(!editor_has_fold(editor));
    buf_clear(&draft);
    editor_free(editor);
}
END_TEST

START_TEST(a_mark_at_the_edge_of_a_paste_does_not_join_across_it)
{
    struct editor *editor = editor_new();
    typist_type(editor, "e");
    typist_paste(editor, "\xCC\x81" NINE "e");
    typist_type(editor, "\xCC\x81");
    editor_move(editor, EDITOR_LEFT);
    typist_check(editor, "e\xCC\x81" NINE "e|\xCC\x81");
    editor_move(editor, EDITOR_LEFT);
    typist_check(editor, "e|\xCC\x81" NINE "e\xCC\x81");
    /* Expanded it does, and the caret is not left inside. */
    ck_assert(editor_expand(editor));
    typist_check(editor, "e\xCC\x81|" NINE "e\xCC\x81");
    editor_free(editor);
}
END_TEST

START_TEST(a_paste_of_8_mb_is_taken_and_one_byte_more_is_refused)
{
    struct editor *editor = editor_new();
    struct error err = { 0 };
    struct buf much = { 0 };
    while (much.len < EDITOR_TEXT_MAX)
        buf_append_string(&much, "0123456789abcde\n");
    ck_assert(editor_paste(editor, buf_slice(&much), &err));
    check_row(editor, "[pasted 524288 lines, 8.4 MB]");
    ck_assert(!editor_paste(editor, slice_of("x"), &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_uint_eq(editor_text(editor).len, EDITOR_TEXT_MAX);
    buf_clear(&much);
    editor_free(editor);
}
END_TEST

static void do_anything(struct editor *editor, struct noise *noise)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    enum editor_motion motion = noise_below(noise, EDITOR_BLANK_LEFT + 1);
    switch (noise_below(noise, 10)) {
    case 0:
        noise_text(noise, &text, 3);
        ck_assert(editor_insert(editor, buf_slice(&text), &err));
        break;
    case 1:
    case 2:
        for (int i = 0; i < 9; i++) {
            noise_text(noise, &text, 1);
            buf_append_char(&text, '\n');
        }
        ck_assert(editor_paste(editor, buf_slice(&text), &err));
        break;
    case 3: editor_delete(editor, motion); break;
    case 4: editor_undo(editor); break;
    case 5: editor_redo(editor); break;
    case 6: editor_transpose(editor); break;
    case 7: editor_yank(editor); break;
    case 8:
        if (noise_below(noise, 4) == 0)
            editor_expand(editor);
        else
            editor_yank_older(editor);
        break;
    default: typist_move(editor, motion, 3);
    }
    buf_clear(&text);
}

/* Walk from end to end in both ways: the same boundaries, the caret's among
 * them. */
static void check_boundaries(struct editor *editor)
{
    ARRAY_OF(size_t) stops = { 0 };
    size_t caret = editor_caret(editor);
    bool has_caret = false;
    editor_move(editor, EDITOR_TEXT_START);
    do {
        *array_add(&stops) = editor_caret(editor);
        has_caret = has_caret || editor_caret(editor) == caret;
    } while (editor_move(editor, EDITOR_RIGHT));
    ck_assert(has_caret);
    for (size_t i = stops.count; i > 0; i--) {
        ck_assert_uint_eq(stops.items[i - 1], editor_caret(editor));
        editor_move(editor, EDITOR_LEFT);
    }
    while (editor_caret(editor) < caret)
        editor_move(editor, EDITOR_RIGHT);
    array_clear(&stops);
}

START_TEST(whatever_is_done_the_caret_is_never_inside_a_paste)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct noise noise = { seed };
        struct editor *editor = editor_new();
        for (int i = 0; i < 100; i++) {
            do_anything(editor, &noise);
            check_boundaries(editor);
            struct canvas canvas = { 0 };
            canvas_resize(&canvas, 3, 1 + (int)noise_below(&noise, 60));
            editor_draw(editor, &canvas, (struct rect){ 0, 0, 3, canvas.width },
                        "> ");
            ck_assert_int_ge(canvas.cursor_row, 0);
            canvas_clear(&canvas);
        }
        for (int i = 0; i < 200; i++)
            editor_undo(editor);
        ck_assert(editor_is_empty(editor));
        ck_assert(!editor_has_fold(editor));
        editor_free(editor);
    }
}
END_TEST

Suite *folds_suite(void)
{
    Suite *suite = suite_create("folds");
    TCase *tcase = tcase_create("folds");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   a_paste_is_folded_from_its_ninth_line_or_its_2001st_byte_on);
    tcase_add_test(tcase, the_token_counts_lines_and_bytes_and_fits_any_width);
    tcase_add_test(tcase, a_paste_is_sent_whole_and_shown_as_one_token);
    tcase_add_test(tcase, a_paste_is_made_valid_and_its_controls_are_shown);
    tcase_add_test(tcase, typed_text_that_looks_like_a_token_is_text);
    tcase_add_test(tcase, every_motion_steps_over_a_paste_as_one);
    tcase_add_test(tcase, a_word_ends_where_a_paste_stands_beside_it);
    tcase_add_test(tcase, up_and_down_never_lead_into_a_paste);
    tcase_add_test(tcase, every_delete_takes_a_paste_whole_or_not_at_all);
    tcase_add_test(tcase, undo_redo_and_yank_bring_a_paste_back_folded);
    tcase_add_test(tcase,
                   a_paste_expands_where_it_stands_and_undo_folds_it_again);
    tcase_add_test(tcase, the_paste_that_expands_is_the_one_at_the_caret);
    tcase_add_test(tcase, a_draft_that_is_given_back_has_its_pastes_folded);
    tcase_add_test(tcase,
                   a_mark_at_the_edge_of_a_paste_does_not_join_across_it);
    tcase_add_test(tcase,
                   a_paste_of_8_mb_is_taken_and_one_byte_more_is_refused);
    tcase_add_test(tcase, whatever_is_done_the_caret_is_never_inside_a_paste);
    suite_add_tcase(suite, tcase);
    return suite;
}
