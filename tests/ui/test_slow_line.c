/* SPDX-License-Identifier: MIT */
/*
 * Frames on a line that takes fewer bytes than they have (ui/term, ui/pace).
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/terminal.h"

Suite *slow_line_suite(void);

enum {
    BAUD_9600 = 960, /* bytes a second; 96 in a frame */
    HEIGHT = 24,
    WIDTH = 80,
    CARET = 22,
    ROW_MOST = WIDTH + 24, /* a row's text, where it stands, how it looks */
};

static void fill_thread(struct canvas *canvas, int from)
{
    for (int row = 0; row < CARET; row++) {
        char text[WIDTH];
        snprintf(text, sizeof text, "line %d of a text that fills its row: %d",
                 from + row, (from + row) * 7919);
        terminal_put_text(canvas, row, text, STYLE_NORMAL);
    }
}

static bool is_complete(struct pty *pty, void *context)
{
    struct terminal *terminal = context;
    (void)pty;
    if (terminal_can_draw(pty, terminal) && term_is_behind(terminal->term))
        term_draw(terminal->term, &terminal->canvas);
    return !term_is_behind(terminal->term);
}

/* Draw again and again, as the loop does. Nothing has to arrive in between, so
 * the wait is ours. */
static void complete(struct terminal *terminal)
{
    while (!is_complete(terminal->pty, terminal))
        pty_wait_until(terminal->pty, is_complete, terminal, 1);
    terminal_expect_canvas(terminal);
}

static struct terminal open_slow(int rate)
{
    struct terminal terminal = terminal_open("xterm-256color", HEIGHT, WIDTH);
    term_limit(terminal.term, 1000000);
    terminal.canvas.cursor_row = CARET;
    terminal.canvas.cursor_col = 3;
    fill_thread(&terminal.canvas, 1000);
    terminal_put_text(&terminal.canvas, HEIGHT - 1, "status", STYLE_STATUS);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert(!term_is_behind(terminal.term));
    term_limit(terminal.term, rate);
    return terminal;
}

START_TEST(a_key_is_echoed_before_the_rest_of_the_frame)
{
    struct terminal terminal = open_slow(BAUD_9600);
    /* Everything else changes too, and would take two seconds. */
    fill_thread(&terminal.canvas, 5000);
    terminal_put(&terminal.canvas, CARET, 2, "@", 1, STYLE_NORMAL);
    uint64_t before = term_bytes(terminal.term);
    terminal_draw(&terminal);
    terminal_expect_output(&terminal, "@");
    struct slice frame = slice_skip(pty_output(terminal.pty), before);
    ck_assert_int_lt(slice_find(frame, "@"), 32);
    /* One budget, and the row with which it was used up. */
    ck_assert_uint_le(frame.len, 96 + ROW_MOST);
    ck_assert(term_is_behind(terminal.term));
    /* The next key, when the line has its tenth of a second already. */
    before = term_bytes(terminal.term);
    terminal_put(&terminal.canvas, CARET, 3, "~", 1, STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_output(&terminal, "~");
    frame = slice_skip(pty_output(terminal.pty), before);
    ck_assert_int_lt(slice_find(frame, "~"), 32);
    terminal_close(&terminal);
}
END_TEST

START_TEST(in_the_end_a_slow_line_shows_everything)
{
    struct terminal terminal = open_slow(20000);
    struct noise noise = { 11 };
    for (int round = 0; round < 12; round++) {
        /* Frames that nobody completed, and now and then one that is. */
        for (int i = 0; i < 5; i++) {
            terminal_change(&terminal.canvas, &noise);
            terminal_draw(&terminal);
        }
        if (round % 3 == 2)
            term_invalidate(terminal.term);
        terminal_draw(&terminal);
        complete(&terminal);
    }
    terminal_close(&terminal);
}
END_TEST

START_TEST(every_kind_of_terminal_is_completed)
{
    static const char *const types[] = { "screen", "tmux-256color", "linux",
                                         "vt100" };
    struct terminal terminal = terminal_open(types[_i], HEIGHT, WIDTH);
    term_limit(terminal.term, 50000);
    for (int round = 0; round < 12; round++) {
        fill_thread(&terminal.canvas, round * round);
        terminal_draw(&terminal);
        if (round % 4 == 3)
            complete(&terminal);
    }
    terminal_close(&terminal);
}
END_TEST

START_TEST(sizes_that_change_on_a_slow_line_end_well)
{
    struct terminal terminal = open_slow(20000);
    struct noise noise = { 4 };
    for (int round = 0; round < 12; round++) {
        int height = 1 + (int)noise_below(&noise, 40);
        int width = 1 + (int)noise_below(&noise, 100);
        pty_resize(terminal.pty, height, width);
        term_update_size(terminal.term);
        canvas_resize(&terminal.canvas, height, width);
        terminal_change(&terminal.canvas, &noise);
        terminal_draw(&terminal);
        if (round % 4 == 3)
            complete(&terminal);
    }
    terminal_close(&terminal);
}
END_TEST

/* What changes all the time below keeps nothing above from its turn. */
START_TEST(no_row_is_left_out_for_ever)
{
    struct terminal terminal = open_slow(2000);
    int drawn = 0;
    while (!strstr(pty_row(terminal.pty, 0), "of a text that fills") ||
           strstr(pty_row(terminal.pty, 0), "line 1000 ")) {
        fill_thread(&terminal.canvas, 2000 + drawn++ % 1000 * 100);
        terminal_draw(&terminal);
        pty_wait_until(terminal.pty, terminal_can_draw, &terminal,
                       PTY_DEADLINE_MS);
    }
    ck_assert(term_is_behind(terminal.term));
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_thread_that_scrolls_is_scrolled_on_a_slow_line_too)
{
    struct terminal terminal = open_slow(5000);
    uint64_t before = term_bytes(terminal.term);
    fill_thread(&terminal.canvas, 1004);
    terminal_draw(&terminal);
    /* Four rows of text where 22 changed, and they fit the budget of 500. */
    ck_assert(!term_is_behind(terminal.term));
    ck_assert_uint_lt(term_bytes(terminal.term) - before, 4 * 60 + 60);
    terminal_expect_canvas(&terminal);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_repaint_of_a_slow_line_begins_with_the_row_of_the_caret)
{
    struct terminal terminal = open_slow(BAUD_9600);
    terminal_put_text(&terminal.canvas, CARET, "> draft", STYLE_NORMAL);
    term_invalidate(terminal.term);
    uint64_t before = term_bytes(terminal.term);
    terminal_draw(&terminal);
    terminal_expect_output(&terminal, "> draft");
    ck_assert_int_lt(
        slice_find(slice_skip(pty_output(terminal.pty), before), "> draft"),
        32);
    ck_assert(term_is_behind(terminal.term));
    term_limit(terminal.term, 100000);
    complete(&terminal);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_fast_line_gets_frames_whole)
{
    struct terminal terminal = open_slow(0);
    fill_thread(&terminal.canvas, 5000);
    terminal_draw(&terminal);
    ck_assert(!term_is_behind(terminal.term));
    terminal_expect_canvas(&terminal);
    terminal_close(&terminal);
}
END_TEST

Suite *slow_line_suite(void)
{
    Suite *suite = suite_create("slow_line");
    TCase *tcase = tcase_create("slow_line");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_key_is_echoed_before_the_rest_of_the_frame);
    tcase_add_test(tcase, in_the_end_a_slow_line_shows_everything);
    tcase_add_loop_test(tcase, every_kind_of_terminal_is_completed, 0, 4);
    tcase_add_test(tcase, sizes_that_change_on_a_slow_line_end_well);
    tcase_add_test(tcase, no_row_is_left_out_for_ever);
    tcase_add_test(tcase, a_thread_that_scrolls_is_scrolled_on_a_slow_line_too);
    tcase_add_test(tcase,
                   a_repaint_of_a_slow_line_begins_with_the_row_of_the_caret);
    tcase_add_test(tcase, a_fast_line_gets_frames_whole);
    suite_add_tcase(suite, tcase);
    return suite;
}
