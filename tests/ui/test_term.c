/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <check.h>

#include "tests/support/terminal.h"

Suite *term_suite(void);

/* Where wrapping cannot be switched off, a wide character before the last cell
 * of the screen is left out. */
static void clear_the_way(struct canvas *canvas)
{
    int at = canvas->width - 3;
    struct cell *last = &canvas->cells[(canvas->height - 1) * canvas->width];
    if (at < 0 || last[at].width != 2)
        return;
    terminal_put(canvas, canvas->height - 1, at, " ", 1, STYLE_NORMAL);
    terminal_put(canvas, canvas->height - 1, at + 1, " ", 1, STYLE_NORMAL);
}

static void check_random_canvases(const char *type, int height, int width)
{
    struct terminal terminal = terminal_open(type, height, width);
    bool can_stop_wrapping = type[0] == 'x' || type[0] == 'l' || type[0] == 'v';
    struct noise noise = { 20240607 };
    for (int round = 0; round < 60; round++) {
        terminal_change(&terminal.canvas, &noise);
        if (!can_stop_wrapping)
            clear_the_way(&terminal.canvas);
        terminal_draw(&terminal);
        terminal_expect_canvas(&terminal);
    }
    ck_assert_uint_ge(term_frames(terminal.term), 50);
    ck_assert_uint_eq(term_bytes(terminal.term), pty_output_len(terminal.pty));
    terminal_close(&terminal);
}

START_TEST(every_terminal_shows_the_canvas)
{
    static const char *const types[] = {
        "xterm-256color", "xterm", "screen", "tmux-256color",
        "linux",          "vt100", "rxvt"
    };
    check_random_canvases(types[_i], 20, 61);
}
END_TEST

START_TEST(tiny_terminals_show_the_canvas)
{
    static const struct {
        int height, width;
    } sizes[] = { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 3, 200 }, { 60, 3 } };
    check_random_canvases("xterm-256color", sizes[_i].height, sizes[_i].width);
}
END_TEST

START_TEST(styles_look_as_the_theme_says)
{
    struct terminal terminal = terminal_open("xterm-256color", 30, 40);
    ck_assert_int_eq(term_colors(terminal.term), 256);
    for (int style = 0; style < STYLE_COUNT; style++)
        terminal_put_text(&terminal.canvas, style, "styled text",
                          (enum style)style);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    for (int row = 0; row < 30; row++) {
        for (int col = 0; col < 40; col++)
            terminal_check_look(&terminal, row, col);
    }
    terminal_close(&terminal);
}
END_TEST

START_TEST(colours_are_those_of_the_terminal)
{
    static const struct {
        const char *type;
        const char *no_color;
        int colors;
    } rows[] = {
        { "xterm-256color", NULL, 256 },
        { "xterm", NULL, 8 },
        { "vt100", NULL, 0 },
        { "xterm-256color", "1", 0 },
        { "xterm-256color", "", 256 },
        { "linux", NULL, 8 },
    };
    terminal_set_variable("NO_COLOR", rows[_i].no_color);
    struct terminal terminal = terminal_open(rows[_i].type, 30, 20);
    ck_assert_int_eq(term_colors(terminal.term), rows[_i].colors);
    for (int style = 0; style < STYLE_COUNT; style++)
        terminal_put_text(&terminal.canvas, style, "text", (enum style)style);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    for (int row = 0; row < STYLE_COUNT; row++) {
        struct pty_cell cell = pty_cell(terminal.pty, row, 0);
        ck_assert_int_lt(cell.foreground, rows[_i].colors ? 256 : 0);
        ck_assert_int_lt(cell.background, rows[_i].colors ? 256 : 0);
    }
    terminal_close(&terminal);
    unsetenv("NO_COLOR");
}
END_TEST

START_TEST(where_the_locale_is_not_utf8_ascii_stands_for_the_rest)
{
    setlocale(LC_ALL, "C");
    struct terminal terminal = terminal_open("xterm-256color", 2, 20);
    ck_assert(!term_is_utf8(terminal.term));
    terminal_put(&terminal.canvas, 0, 0, "a", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 1, "ä", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 2, "中", 2, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 4, "e\u0301", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 5, "z", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 6, "\u2500", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 7, "\u253C", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 8, "\u2019", 1, STYLE_NORMAL);
    terminal_draw(&terminal);
    pty_expect(terminal.pty, "a?? ez-+'");
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_cell_whose_characters_do_not_fill_it_keeps_its_place)
{
    struct terminal terminal = terminal_open("xterm-256color", 2, 20);
    terminal_put(&terminal.canvas, 0, 0, "\u2764", 2,
                 STYLE_NORMAL); /* width 1 */
    terminal_put(&terminal.canvas, 0, 2, "x", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 0, 3, "中", 1, STYLE_NORMAL); /* width 2 */
    terminal_put(&terminal.canvas, 0, 4, "y", 1, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 1, 19, "z", 1, STYLE_NORMAL);
    terminal_draw(&terminal);
    pty_expect(terminal.pty, "\u2764 x y");
    pty_expect(terminal.pty, "                   z");
    terminal_close(&terminal);
}
END_TEST

/* Bytes of which half are what terminals obey or what hides. */
static struct slice hostile_text(char *bytes, size_t size, struct noise *noise)
{
    static const char *const pieces[] = {
        "\033[2J", "\033]0;x\007", "\23331m", "\xC2\x9B",   "\u202E",
        "\u200B",  "\u2066",       "\uFEFF",  "\U000E0041", "\u061C",
        "\r",      "\b",           "\x7f",    "\u2028",     "\033P1$r",
        "\u00AD",  "e\u0301",      "中",      "\xF0\x9F",   "\u0301",
    };
    size_t len = 0;
    while (len + 16 < size) {
        const char *piece = pieces[noise_below(noise, COUNTOF(pieces))];
        size_t piece_len = strlen(piece);
        if (noise_below(noise, 2)) {
            bytes[len++] = (char)noise_below(noise, 256);
            continue;
        }
        memcpy(bytes + len, piece, piece_len);
        len += piece_len;
    }
    return (struct slice){ bytes, len };
}

START_TEST(hostile_text_on_the_canvas_never_leaves_the_grammar)
{
    struct terminal terminal = terminal_open("xterm-256color", 12, 80);
    struct noise noise = { 99 };
    char bytes[200];
    for (int round = 0; round < 100; round++) {
        for (int row = 0; row < 12; row++)
            canvas_put(&terminal.canvas, row, 0, 80, STYLE_NORMAL,
                       hostile_text(bytes, sizeof bytes, &noise));
        terminal_draw(&terminal);
    }
    ck_assert(pty_wait_until(terminal.pty, terminal_can_draw, &terminal,
                             PTY_DEADLINE_MS));
    terminal_close(&terminal); /* checks the output */
}
END_TEST

START_TEST(the_last_cell_of_the_screen_is_reached_behind_a_wide_character)
{
    static const struct {
        const char *type, *row;
    } rows[] = {
        { "xterm-256color", "       中x" },
        { "screen", "         x" },
        { "rxvt", "         x" },
    };
    struct terminal terminal = terminal_open(rows[_i].type, 2, 10);
    terminal_put(&terminal.canvas, 1, 7, "中", 2, STYLE_NORMAL);
    terminal_put(&terminal.canvas, 1, 9, "x", 1, STYLE_NORMAL);
    terminal_draw(&terminal);
    pty_expect(terminal.pty, rows[_i].row);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_frame_that_changes_nothing_writes_nothing)
{
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    terminal_put_text(&terminal.canvas, 3, "hello", STYLE_STRONG);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    uint64_t bytes = term_bytes(terminal.term);
    uint64_t frames = term_frames(terminal.term);
    terminal_draw(&terminal);
    ck_assert_uint_eq(term_bytes(terminal.term), bytes);
    ck_assert_uint_eq(term_frames(terminal.term), frames);
    term_invalidate(terminal.term);
    terminal_draw(&terminal);
    ck_assert_uint_gt(term_bytes(terminal.term), bytes + 5);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_thread_that_scrolls_is_scrolled_by_the_terminal)
{
    struct terminal terminal = terminal_open("xterm-256color", 24, 80);
    for (int row = 0; row < 24; row++) {
        char text[64];
        snprintf(text, sizeof text, "row %d of a text that goes on and on %d",
                 row, row * 7919);
        terminal_put_text(&terminal.canvas, row, text, STYLE_NORMAL);
    }
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    uint64_t bytes = term_bytes(terminal.term);
    size_t row_size = 80 * sizeof *terminal.canvas.cells;
    memmove(terminal.canvas.cells, terminal.canvas.cells + 80, 20 * row_size);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    /* Less than two rows of text, where 20 changed. */
    ck_assert_uint_lt(term_bytes(terminal.term) - bytes, 100);
    terminal_close(&terminal);
}
END_TEST

START_TEST(after_a_resize_the_frame_is_whole)
{
    struct terminal terminal = terminal_open("xterm-256color", 20, 61);
    static const struct {
        int height, width;
    } sizes[] = { { 30, 100 }, { 5, 12 }, { 1, 1 }, { 24, 80 } };
    struct noise noise = { 7 };
    terminal_draw(&terminal);
    ck_assert(!term_update_size(terminal.term));
    for (size_t i = 0; i < COUNTOF(sizes); i++) {
        pty_resize(terminal.pty, sizes[i].height, sizes[i].width);
        ck_assert(term_update_size(terminal.term));
        ck_assert_int_eq(term_height(terminal.term), sizes[i].height);
        ck_assert_int_eq(term_width(terminal.term), sizes[i].width);
        canvas_resize(&terminal.canvas, sizes[i].height, sizes[i].width);
        terminal_change(&terminal.canvas, &noise);
        terminal_draw(&terminal);
        terminal_expect_canvas(&terminal);
    }
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_terminal_that_takes_nothing_blocks_no_frame)
{
    struct terminal terminal = terminal_open("xterm-256color", 100, 200);
    struct noise noise = { 3 };
    /* Nobody reads: the line fills up. */
    for (int round = 0; round < 1000 && term_can_draw(terminal.term); round++) {
        for (int row = 0; row < 100; row++)
            terminal_fill_row(&terminal.canvas, row, &noise);
        term_draw(terminal.term, &terminal.canvas);
    }
    ck_assert(!term_can_draw(terminal.term));
    ck_assert(term_wants_write(terminal.term));
    ck_assert(term_flush(terminal.term));
    ck_assert(!term_can_draw(terminal.term));
    /* Now it is read again: the frame comes to its end, and the next is right
     * in spite of those that were never drawn. */
    terminal_expect_canvas(&terminal);
    ck_assert(term_can_draw(terminal.term));
    ck_assert(!term_wants_write(terminal.term));
    terminal_change(&terminal.canvas, &noise);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert_uint_eq(term_bytes(terminal.term), pty_output_len(terminal.pty));
    terminal_close(&terminal);
}
END_TEST

START_TEST(ncurses_counts_cells_as_we_do)
{
    ck_assert_int_eq(wcwidth(L'a'), 1);
    ck_assert_int_eq(wcwidth(L'中'), 2);
    ck_assert_int_eq(wcwidth(0x301), 0);
    ck_assert_int_eq(wcwidth(0), 0);
    ck_assert_int_eq(wcwidth(0x1B), -1);
    ck_assert_int_eq(wcwidth(0x9B), -1);
}
END_TEST

START_TEST(another_terminal_can_be_opened_after_the_first)
{
    for (int round = 0; round < 3; round++) {
        struct terminal terminal =
            terminal_open(round == 1 ? "vt100" : "xterm-256color", 12, 40);
        terminal_put_text(&terminal.canvas, round, "again", STYLE_STRONG);
        terminal_draw(&terminal);
        terminal_expect_canvas(&terminal);
        terminal_close(&terminal);
    }
}
END_TEST

Suite *term_suite(void)
{
    Suite *suite = suite_create("term");
    TCase *tcase = tcase_create("screen");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_terminal_shows_the_canvas, 0, 7);
    tcase_add_loop_test(tcase, tiny_terminals_show_the_canvas, 0, 5);
    tcase_add_test(tcase, styles_look_as_the_theme_says);
    tcase_add_loop_test(tcase, colours_are_those_of_the_terminal, 0, 6);
    tcase_add_test(tcase,
                   where_the_locale_is_not_utf8_ascii_stands_for_the_rest);
    tcase_add_test(tcase,
                   a_cell_whose_characters_do_not_fill_it_keeps_its_place);
    tcase_add_test(tcase, hostile_text_on_the_canvas_never_leaves_the_grammar);
    tcase_add_loop_test(
        tcase, the_last_cell_of_the_screen_is_reached_behind_a_wide_character,
        0, 3);
    tcase_add_test(tcase, a_frame_that_changes_nothing_writes_nothing);
    tcase_add_test(tcase, a_thread_that_scrolls_is_scrolled_by_the_terminal);
    tcase_add_test(tcase, after_a_resize_the_frame_is_whole);
    tcase_add_test(tcase, a_terminal_that_takes_nothing_blocks_no_frame);
    tcase_add_test(tcase, ncurses_counts_cells_as_we_do);
    tcase_add_test(tcase, another_terminal_can_be_opened_after_the_first);
    suite_add_tcase(suite, tcase);
    return suite;
}
