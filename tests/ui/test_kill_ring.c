/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/typist.h"
#include "ui/kill_ring.h"

Suite *kill_ring_suite(void);

static void add(struct kill_ring *ring, const char *text, enum kill_side side)
{
    struct fragment piece = { 0 };
    buf_append_string(&piece.text, text);
    kill_ring_add(ring, &piece, side);
    fragment_clear(&piece);
}

static void check_piece(const struct kill_ring *ring, const char *expected)
{
    const struct fragment *piece = kill_ring_piece(ring);
    ck_assert_ptr_nonnull(piece);
    ck_assert_str_eq(buf_string(&piece->text), expected);
}

START_TEST(the_newest_is_first_and_after_the_oldest_it_comes_again)
{
    struct kill_ring ring = { 0 };
    ck_assert_ptr_null(kill_ring_piece(&ring));
    kill_ring_older(&ring);
    add(&ring, "one", KILL_NEW);
    add(&ring, "two", KILL_NEW);
    add(&ring, "three", KILL_NEW);
    check_piece(&ring, "three");
    kill_ring_older(&ring);
    check_piece(&ring, "two");
    kill_ring_older(&ring);
    check_piece(&ring, "one");
    kill_ring_older(&ring);
    check_piece(&ring, "three");
    kill_ring_older(&ring);
    add(&ring, "four", KILL_NEW);
    check_piece(&ring, "four");
    kill_ring_clear(&ring);
}
END_TEST

START_TEST(what_joins_stands_on_the_side_it_was_deleted_on)
{
    struct kill_ring ring = { 0 };
    add(&ring, "b", KILL_NEW);
    add(&ring, "c", KILL_AFTER);
    add(&ring, "a", KILL_BEFORE);
    check_piece(&ring, "abc");
    ck_assert_uint_eq(ring.pieces.count, 1);
    kill_ring_clear(&ring);
}
END_TEST

START_TEST(the_oldest_go_beyond_the_caps_but_never_the_newest)
{
    struct kill_ring ring = { 0 };
    char text[32];
    for (int i = 0; i < KILL_RING_MAX + 5; i++) {
        snprintf(text, sizeof text, "%d", i);
        add(&ring, text, KILL_NEW);
    }
    ck_assert_uint_eq(ring.pieces.count, KILL_RING_MAX);
    ck_assert_str_eq(buf_string(&ring.pieces.items[0].text), "5");
    struct fragment large = { 0 };
    memset(buf_reserve(&large.text, KILL_RING_BYTES_MAX), 'x',
           KILL_RING_BYTES_MAX);
    large.text.len = KILL_RING_BYTES_MAX;
    kill_ring_add(&ring, &large, KILL_NEW);
    ck_assert_uint_eq(ring.pieces.count, 1);
    add(&ring, "y", KILL_AFTER);
    ck_assert_uint_eq(ring.pieces.count, 1);
    add(&ring, "z", KILL_NEW);
    ck_assert_uint_eq(ring.pieces.count, 1);
    check_piece(&ring, "z");
    fragment_clear(&large);
    kill_ring_clear(&ring);
}
END_TEST

START_TEST(kills_in_a_row_are_yanked_together)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one two three");
    editor_delete(editor, EDITOR_WORD_LEFT);
    editor_delete(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "one |");
    editor_yank(editor);
    typist_check(editor, "one two three|");
    editor_move(editor, EDITOR_TEXT_START);
    editor_delete(editor, EDITOR_WORD_RIGHT);
    editor_delete(editor, EDITOR_WORD_RIGHT);
    editor_move(editor, EDITOR_TEXT_END);
    editor_yank(editor);
    typist_check(editor, " threeone two|");
    /* A single character is no kill, and ends the row of them. */
    editor_delete(editor, EDITOR_LEFT);
    editor_yank(editor);
    typist_check(editor, " threeone twone two|");
    editor_free(editor);
}
END_TEST

START_TEST(kills_on_both_sides_of_the_caret_keep_their_order)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one two three four");
    typist_move(editor, EDITOR_WORD_LEFT, 2);
    editor_delete(editor, EDITOR_WORD_LEFT);
    editor_delete(editor, EDITOR_WORD_RIGHT);
    typist_check(editor, "one | four");
    editor_move(editor, EDITOR_TEXT_END);
    editor_yank(editor);
    typist_check(editor, "one  fourtwo three|");
    editor_free(editor);
}
END_TEST

START_TEST(killing_to_the_end_of_a_line_takes_the_break_only_at_the_end)
{
    struct editor *editor = editor_new();
    typist_type(editor, "one\ntwo");
    editor_move(editor, EDITOR_TEXT_START);
    editor_delete(editor, EDITOR_LINE_END);
    typist_check(editor, "|\ntwo");
    editor_delete(editor, EDITOR_LINE_END);
    typist_check(editor, "|two");
    editor_yank(editor);
    typist_check(editor, "one\n|two");
    editor_free(editor);
}
END_TEST

START_TEST(a_yank_can_be_exchanged_for_what_was_deleted_before)
{
    struct editor *editor = editor_new();
    typist_type(editor, "alpha beta gamma-");
    for (int i = 0; i < 3; i++) {
        editor_delete(editor, EDITOR_BLANK_LEFT);
        editor_move(editor, EDITOR_TEXT_END);
    }
    typist_check(editor, "|");
    ck_assert(!editor_yank_older(editor));
    typist_type(editor, "<>");
    editor_move(editor, EDITOR_LEFT);
    editor_yank(editor);
    typist_check(editor, "<alpha |>");
    ck_assert(editor_yank_older(editor));
    typist_check(editor, "<beta |>");
    ck_assert(editor_yank_older(editor));
    typist_check(editor, "<gamma-|>");
    ck_assert(editor_yank_older(editor));
    typist_check(editor, "<alpha |>");
    ck_assert(editor_yank_older(editor));
    editor_undo(editor);
    typist_check(editor, "<alpha |>");
    /* Not after anything else. What was gone to is yanked next, as by
     * readline, until something is deleted. */
    ck_assert(!editor_yank_older(editor));
    editor_yank(editor);
    typist_check(editor, "<alpha beta |>");
    editor_move(editor, EDITOR_LEFT);
    ck_assert(!editor_yank_older(editor));
    editor_free(editor);
}
END_TEST

START_TEST(ctrl_w_goes_by_blanks_and_alt_backspace_by_letters)
{
    struct editor *editor = editor_new();
    editor_set(editor, slice_of("see https://a.b/c-d?e=漢字,  "));
    editor_delete(editor, EDITOR_BLANK_LEFT);
    typist_check(editor, "see |");
    editor_undo(editor);
    editor_delete(editor, EDITOR_WORD_LEFT);
    typist_check(editor, "see https://a.b/c-d?e=|");
    /* U+3000 and a line break are blanks too. */
    editor_set(editor, slice_of("one\ntwo\u3000\t"));
    editor_delete(editor, EDITOR_BLANK_LEFT);
    typist_check(editor, "one\n|");
    editor_delete(editor, EDITOR_BLANK_LEFT);
    typist_check(editor, "|");
    editor_yank(editor);
    typist_check(editor, "one\ntwo\u3000\t|");
    editor_free(editor);
}
END_TEST

START_TEST(a_whole_line_is_deleted_with_its_break_and_yanked)
{
    struct editor *editor = editor_new();
    editor_delete_line(editor);
    typist_check(editor, "|");
    editor_set(editor, slice_of("one\ntwo\nthree"));
    typist_move(editor, EDITOR_WORD_LEFT, 2);
    editor_move(editor, EDITOR_RIGHT);
    editor_delete_line(editor);
    typist_check(editor, "one\n|three");
    editor_undo(editor);
    typist_check(editor, "one\nt|wo\nthree");
    editor_delete_line(editor);
    editor_delete_line(editor);
    typist_check(editor, "one\n|");
    editor_yank(editor);
    typist_check(editor, "one\ntwo\nthree|");
    editor_free(editor);
}
END_TEST

Suite *kill_ring_suite(void)
{
    Suite *suite = suite_create("kill_ring");
    TCase *tcase = tcase_create("kill_ring");
    tcase_add_test(tcase,
                   the_newest_is_first_and_after_the_oldest_it_comes_again);
    tcase_add_test(tcase, what_joins_stands_on_the_side_it_was_deleted_on);
    tcase_add_test(tcase, the_oldest_go_beyond_the_caps_but_never_the_newest);
    tcase_add_test(tcase, kills_in_a_row_are_yanked_together);
    tcase_add_test(tcase, kills_on_both_sides_of_the_caret_keep_their_order);
    tcase_add_test(
        tcase, killing_to_the_end_of_a_line_takes_the_break_only_at_the_end);
    tcase_add_test(tcase, a_yank_can_be_exchanged_for_what_was_deleted_before);
    tcase_add_test(tcase, ctrl_w_goes_by_blanks_and_alt_backspace_by_letters);
    tcase_add_test(tcase, a_whole_line_is_deleted_with_its_break_and_yanked);
    suite_add_tcase(suite, tcase);
    return suite;
}
