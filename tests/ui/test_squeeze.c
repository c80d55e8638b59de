/* SPDX-License-Identifier: MIT */
/*
 * Frames with fewer bytes: by hand what becomes of each, and that a terminal
 * shows the same.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <vterm.h>

#include "base/memory.h"
#include "tests/support/noise.h"
#include "ui/squeeze.h"

Suite *squeeze_suite(void);

static const struct squeeze_setting setting = { .height = 24 };

static void ck_squeezed(const char *frame, const char *expected)
{
    struct buf out = { 0 };
    squeeze(&out, slice_of(frame), &setting);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(attributes_join_one_sequence)
{
    ck_squeezed("\033[0;1m\033[38;5;71mx", "\033[;1;38;5;71mx");
    ck_squeezed("\033[1m\033[4mx", "\033[1;4mx");
    ck_squeezed("a\033[39m\033[mb", "a\033[mb");
}
END_TEST

START_TEST(after_a_reset_nothing_before_it_counts)
{
    ck_squeezed("\033[1m\033[0;7mx", "\033[;7mx");
    ck_squeezed("\033[38;5;71m\033[mx", "\033[mx");
    ck_squeezed("\033[31m\033[0mx", "\033[mx");
}
END_TEST

START_TEST(attributes_wait_while_the_cursor_moves)
{
    ck_squeezed("\033[31m\033[5;6H\r\b\033[7d\033[mx",
                "\033[5;6H\r\b\033[7d\033[mx");
}
END_TEST

/* Erasing and scrolling may leave the background; ending leaves the state that
 * ncurses counts on. */
START_TEST(attributes_are_written_before_what_may_depend_on_them)
{
    ck_squeezed("\033[7m\033[K\033[mx", "\033[7m\033[K\033[mx");
    ck_squeezed("\033[7m\n\033[m", "\033[7m\n\033[m");
    ck_squeezed("\033[7m\033[2S\033[m", "\033[7m\033[2S\033[m");
    ck_squeezed("x\033[1m", "x\033[1m");
}
END_TEST

START_TEST(ascii_is_not_designated_again)
{
    ck_squeezed("a\033(B\033[mb\017c", "a\033[mbc");
}
END_TEST

START_TEST(parameters_that_are_the_default_go)
{
    ck_squeezed("\033[2;21r\033[21;1H\n\033[1;24r\033[20;7Hx",
                "\033[2;21r\033[21H\n\033[r\033[20;7Hx");
    ck_squeezed("\033[1;23r\033[1;1H\033[4;11H\033[1;240r",
                "\033[1;23r\033[1H\033[4;11H\033[1;240r");
}
END_TEST

/* REP would be shorter, but tmux repeats only ASCII. */
START_TEST(rules_stay_spelled_out)
{
    ck_squeezed("─────", "─────");
    ck_squeezed("aaaaaaaa", "aaaaaaaa");
}
END_TEST

START_TEST(what_it_does_not_know_passes)
{
    ck_squeezed("\033[?2026h\033[3X\033[1@\033M\a\033[?25l",
                "\033[?2026h\033[3X\033[1@\033M\a\033[?25l");
    ck_squeezed("a\033[", "a\033[");
    ck_squeezed("a\033[3", "a\033[3");
    ck_squeezed("", "");
}
END_TEST

START_TEST(many_attributes_at_once_are_not_cut)
{
    struct buf frame = { 0 }, expected = { 0 };
    for (int i = 0; i < 30; i++)
        buf_append_string(&frame, "\033[38;5;200m");
    buf_append_char(&frame, 'x');
    squeeze(&expected, buf_slice(&frame), &setting);
    size_t count = 0;
    for (const char *at = buf_string(&expected); (at = strstr(at, "38;5;200"));
         at++)
        count++;
    ck_assert_uint_eq(count, 30);
    buf_clear(&frame);
    buf_clear(&expected);
}
END_TEST

/* A terminal, and what it shows after some bytes. */
static void show(VTerm **vterm, struct slice bytes)
{
    if (!*vterm) {
        *vterm = vterm_new(24, 80);
        vterm_set_utf8(*vterm, 1);
        vterm_screen_reset(vterm_obtain_screen(*vterm), 1);
    }
    vterm_input_write(*vterm, bytes.ptr, bytes.len);
}

static bool is_same_cell(VTerm *a, VTerm *b, VTermPos pos)
{
    VTermScreenCell x = { 0 }, y = { 0 };
    vterm_screen_get_cell(vterm_obtain_screen(a), pos, &x);
    vterm_screen_get_cell(vterm_obtain_screen(b), pos, &y);
    return x.chars[0] == y.chars[0] && vterm_color_is_equal(&x.fg, &y.fg) &&
           x.attrs.bold == y.attrs.bold && x.attrs.reverse == y.attrs.reverse &&
           x.attrs.italic == y.attrs.italic;
}

static bool is_same_screen(VTerm *a, VTerm *b)
{
    VTermPos at_a, at_b;
    for (VTermPos pos = { 0, 0 }; pos.row < 24; pos.row++) {
        for (pos.col = 0; pos.col < 80; pos.col++) {
            if (!is_same_cell(a, b, pos))
                return false;
        }
    }
    vterm_state_get_cursorpos(vterm_obtain_state(a), &at_a);
    vterm_state_get_cursorpos(vterm_obtain_state(b), &at_b);
    return at_a.row == at_b.row && at_a.col == at_b.col;
}

static void append_piece(struct buf *frame, struct noise *noise)
{
    static const char *const pieces[] = {
        "\033[m",
        "\033(B\033[0;1m",
        "\033[38;5;71m",
        "\033[39m",
        "\033[7m",
        "\033[0;2m",
        "\033[3m",
        "text ",
        "│ x ",
        "────────",
        "\033[K",
        "\n",
        "\r",
        "\b",
        "\033[5;1H",
        "\033[22;70H",
        "\033[12d",
        "\033[40G",
        "\033[1;24r",
        "\033[3;20r",
        "\033[2S",
        "\033[4X",
        "\033[1P",
        "\033[2L",
        "\033[0;7m",
        "\033[J",
        "\017",
        "wörter",
    };
    buf_append_string(
        frame, pieces[noise_below(noise, sizeof pieces / sizeof *pieces)]);
}

START_TEST(any_frames_show_the_same)
{
    static const struct squeeze_setting plain = { .height = 24 };
    struct noise noise = { 4711 };
    VTerm *whole = NULL, *squeezed = NULL;
    size_t before = 0, after = 0;
    for (int i = 0; i < 400; i++) {
        struct buf frame = { 0 }, out = { 0 };
        for (int j = 0; j < 30; j++)
            append_piece(&frame, &noise);
        squeeze(&out, buf_slice(&frame), &plain);
        show(&whole, buf_slice(&frame));
        show(&squeezed, buf_slice(&out));
        ck_assert(is_same_screen(whole, squeezed));
        before += frame.len;
        after += out.len;
        buf_clear(&frame);
        buf_clear(&out);
    }
    ck_assert_uint_lt(after, before);
    vterm_free(whole);
    vterm_free(squeezed);
}
END_TEST

Suite *squeeze_suite(void)
{
    Suite *suite = suite_create("squeeze");
    TCase *tcase = tcase_create("squeeze");
    tcase_add_test(tcase, attributes_join_one_sequence);
    tcase_add_test(tcase, after_a_reset_nothing_before_it_counts);
    tcase_add_test(tcase, attributes_wait_while_the_cursor_moves);
    tcase_add_test(tcase,
                   attributes_are_written_before_what_may_depend_on_them);
    tcase_add_test(tcase, ascii_is_not_designated_again);
    tcase_add_test(tcase, parameters_that_are_the_default_go);
    tcase_add_test(tcase, rules_stay_spelled_out);
    tcase_add_test(tcase, what_it_does_not_know_passes);
    tcase_add_test(tcase, many_attributes_at_once_are_not_cut);
    tcase_add_test(tcase, any_frames_show_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
