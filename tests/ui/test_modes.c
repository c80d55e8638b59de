/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <signal.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"
#include "tests/support/terminal.h"

Suite *modes_suite(void);

START_TEST(a_terminal_that_takes_nothing_is_left_all_the_same)
{
    struct terminal terminal = terminal_open("xterm-256color", 100, 200);
    struct termios now;
    struct noise noise = { 3 };
    for (int round = 0; round < 1000 && term_can_draw(terminal.term); round++) {
        for (int row = 0; row < 100; row++)
            terminal_fill_row(&terminal.canvas, row, &noise);
        term_draw(terminal.term, &terminal.canvas);
    }
    term_close(terminal.term);
    terminal.term = NULL;
    pty_termios(terminal.pty, &now);
    ck_assert(pty_termios_equal(&now, &terminal.found));
    canvas_clear(&terminal.canvas);
    pty_free(terminal.pty);
}
END_TEST

static bool is_as_found(struct pty *pty, void *context)
{
    (void)context;
    return !pty_is_alternate(pty) && pty_cursor_is_visible(pty) &&
           !pty_mode(pty, 2004) && !pty_mode(pty, 1004) && !pty_mode(pty, 2026);
}

static bool is_entered(struct pty *pty, void *context)
{
    (void)context;
    return pty_is_alternate(pty) && pty_mode(pty, 2004);
}

static void expect_as_found(struct terminal *terminal)
{
    struct termios now;
    ck_assert(
        pty_wait_until(terminal->pty, is_as_found, NULL, PTY_DEADLINE_MS));
    pty_termios(terminal->pty, &now);
    ck_assert(pty_termios_equal(&now, &terminal->found));
}

START_TEST(the_terminal_is_given_back_as_it_was_found)
{
    static const char *const types[] = { "xterm-256color", "screen", "linux",
                                         "vt100" };
    struct terminal terminal = terminal_open(types[_i], 24, 80);
    terminal_put_text(&terminal.canvas, 0, "on the alternate screen",
                      STYLE_ERROR);
    terminal_draw(&terminal); /* hides the cursor */
    terminal_expect_canvas(&terminal);
    ck_assert(pty_wait_until(terminal.pty, is_entered, NULL, PTY_DEADLINE_MS));
    term_close(terminal.term);
    terminal.term = NULL;
    expect_as_found(&terminal);
    ck_assert_str_eq(pty_row(terminal.pty, 0), "");
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), "\033[3J"), -1);
    terminal_close(&terminal);
}
END_TEST

START_TEST(the_terminal_can_be_lent_and_taken_again)
{
    struct terminal terminal = terminal_open("xterm-256color", 24, 80);
    terminal_put_text(&terminal.canvas, 5, "before and after", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    term_suspend(terminal.term);
    term_suspend(terminal.term);
    expect_as_found(&terminal);
    ck_assert(!term_can_draw(terminal.term));
    pty_resize(terminal.pty, 10, 60);
    term_resume(terminal.term);
    ck_assert_int_eq(term_height(terminal.term), 10);
    canvas_resize(&terminal.canvas, 10, 60);
    terminal_put_text(&terminal.canvas, 5, "before and after", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert(pty_wait_until(terminal.pty, is_entered, NULL, PTY_DEADLINE_MS));
    /* As after a SIGCONT that no suspending came before. */
    term_resume(terminal.term);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    term_close(terminal.term);
    terminal.term = NULL;
    expect_as_found(&terminal);
    terminal_close(&terminal);
}
END_TEST

START_TEST(settings_changed_while_it_was_lent_are_kept)
{
    struct terminal terminal = terminal_open("xterm-256color", 24, 80);
    struct termios changed = terminal.found;
    term_suspend(terminal.term);
    changed.c_lflag &= ~(tcflag_t)ECHO;
    ck_assert_int_eq(tcsetattr(term_fd(terminal.term), TCSANOW, &changed), 0);
    term_resume(terminal.term);
    term_close(terminal.term);
    terminal.term = NULL;
    terminal.found.c_lflag &= ~(tcflag_t)ECHO;
    expect_as_found(&terminal);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_terminal_that_cannot_show_a_screen_is_refused_untouched)
{
    static const struct {
        const char *type, *words;
    } rows[] = {
        { NULL, "TERM is not set" },
        { "", "TERM is not set" },
        { "dumb", "TERM=dumb" },
        { "no-such-terminal", "TERM=no-such-terminal" },
        { "unknown", "TERM=unknown" },
    };
    struct pty *pty = pty_new(NULL);
    struct termios before, after;
    struct error err = { 0 };
    pty_termios(pty, &before);
    terminal_set_variable("TERM", rows[_i].type);
    ck_assert_ptr_null(term_open(pty_slave(pty), &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, rows[_i].words));
    ck_assert_ptr_nonnull(strstr(err.text, "TERM=xterm-256color"));
    pty_termios(pty, &after);
    ck_assert(pty_termios_equal(&before, &after));
    ck_assert(!pty_wait_for(pty, "x", 0));
    ck_assert_uint_eq(pty_output_len(pty), 0);
    pty_free(pty);
}
END_TEST

START_TEST(what_is_no_terminal_is_refused)
{
    struct error err = { 0 };
    terminal_set_variable("TERM", "xterm-256color");
    ck_assert_ptr_null(term_open("/dev/null", &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    ck_assert_ptr_null(term_open("/no/such/terminal", &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    term_close(NULL);
}
END_TEST

START_TEST(a_big_change_comes_in_one_piece_if_the_terminal_can)
{
    static const char begin[] = "\033[?2026h";
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    terminal_expect_output(&terminal, "\033[?2026$p");
    for (int row = 0; row < 10; row++)
        terminal_put_text(&terminal.canvas, row, "first", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), begin), -1);
    term_on_reply(terminal.term, slice_of("[?2026;0$y")); /* unknown to it */
    term_on_reply(terminal.term, slice_of("[?2027;2$y"));
    for (int row = 0; row < 10; row++)
        terminal_put_text(&terminal.canvas, row, "second", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), begin), -1);
    term_on_reply(terminal.term, slice_of("[?2026;2$y"));
    terminal_put_text(&terminal.canvas, 0, "small", STYLE_NORMAL);
    terminal_put_text(&terminal.canvas, 1, "small", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), begin), -1);
    for (int row = 0; row < 3; row++)
        terminal_put_text(&terminal.canvas, row, "third", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    terminal_expect_output(&terminal, begin);
    terminal_expect_output(&terminal, "\033[?2026l");
    ck_assert(!pty_mode(terminal.pty, 2026));
    terminal_close(&terminal);
}
END_TEST

START_TEST(the_wheel_sends_no_arrow_keys_and_gets_them_back)
{
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    terminal_draw(&terminal);
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), "\033[?1007l"), -1);
    term_on_reply(terminal.term, slice_of("[?1007;1$y"));
    term_flush(terminal.term);
    terminal_expect_output(&terminal, "\033[?1007l");
    term_suspend(terminal.term);
    terminal_expect_output(&terminal, "\033[?1007h");
    terminal_close(&terminal);
}
END_TEST

START_TEST(old_terminals_are_asked_nothing)
{
    static const char *const types[] = { "linux", "vt100" };
    struct terminal terminal = terminal_open(types[_i], 10, 40);
    terminal_put_text(&terminal.canvas, 0, "x", STYLE_NORMAL);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    ck_assert_int_eq(slice_find(pty_output(terminal.pty), "$p"), -1);
    terminal_close(&terminal);
}
END_TEST

static bool has_rung(struct pty *pty, void *context)
{
    (void)context;
    return pty_bells(pty) > 0;
}

START_TEST(the_bell_rings_once_with_the_next_flush)
{
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    terminal_draw(&terminal);
    terminal_expect_canvas(&terminal);
    term_bell(terminal.term);
    term_bell(terminal.term);
    ck_assert(term_wants_write(terminal.term));
    ck_assert(term_flush(terminal.term));
    ck_assert(pty_wait_until(terminal.pty, has_rung, NULL, PTY_DEADLINE_MS));
    ck_assert(!term_wants_write(terminal.term));
    ck_assert_int_eq(pty_bells(terminal.pty), 1);
    terminal_close(&terminal);
}
END_TEST

static int read_typed(struct terminal *terminal, char *bytes, int size)
{
    struct pollfd fd = { .fd = term_fd(terminal->term), .events = POLLIN };
    ck_assert_int_eq(poll(&fd, 1, PTY_DEADLINE_MS), 1);
    return term_read(terminal->term, bytes, size);
}

START_TEST(every_key_arrives_as_it_was_typed)
{
    /* Enter and Ctrl-J, and what a cooked terminal would take for itself. */
    static const char typed[] = "\r\n\x03\x04\x0f\x11\x13\x15\x16\x1a\x1c\x7f";
    char bytes[64];
    int len = 0;
    struct terminal terminal = terminal_open("vt100", 10, 40);
    ck_assert_int_eq(term_read(terminal.term, bytes, sizeof bytes), 0);
    pty_send(terminal.pty, typed);
    while (len < (int)sizeof typed - 1)
        len += read_typed(&terminal, bytes + len, (int)sizeof bytes - len);
    ck_assert_int_eq(len, (int)sizeof typed - 1);
    ck_assert_mem_eq(bytes, typed, sizeof typed - 1);
    terminal_close(&terminal);
}
END_TEST

START_TEST(a_terminal_that_hung_up_is_gone)
{
    char bytes[16];
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    pty_hang_up(terminal.pty);
    ck_assert_int_eq(read_typed(&terminal, bytes, sizeof bytes), -1);
    ck_assert_int_eq(term_read(terminal.term, bytes, sizeof bytes), -1);
    if (term_can_draw(terminal.term))
        term_draw(terminal.term, &terminal.canvas);
    ck_assert(!term_flush(terminal.term));
    ck_assert(!term_wants_write(terminal.term));
    term_suspend(terminal.term);
    term_resume(terminal.term);
    terminal_close(&terminal);
}
END_TEST

static void on_signal(int signal_number)
{
    (void)signal_number;
}

START_TEST(signal_handlers_stay_as_they_are)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
    struct sigaction before[COUNTOF(numbers)], after;
    signal(SIGTERM, on_signal);
    signal(SIGTSTP, SIG_DFL);
    for (size_t i = 0; i < COUNTOF(numbers); i++)
        ck_assert_int_eq(sigaction(numbers[i], NULL, &before[i]), 0);
    struct terminal terminal = terminal_open("xterm-256color", 10, 40);
    for (size_t i = 0; i < COUNTOF(numbers); i++) {
        ck_assert_int_eq(sigaction(numbers[i], NULL, &after), 0);
        ck_assert(before[i].sa_handler == after.sa_handler);
    }
    terminal_close(&terminal);
}
END_TEST

Suite *modes_suite(void)
{
    Suite *suite = suite_create("modes");
    TCase *tcase = tcase_create("line");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_terminal_that_takes_nothing_is_left_all_the_same);
    tcase_add_loop_test(tcase, the_terminal_is_given_back_as_it_was_found, 0,
                        4);
    tcase_add_test(tcase, the_terminal_can_be_lent_and_taken_again);
    tcase_add_test(tcase, settings_changed_while_it_was_lent_are_kept);
    tcase_add_loop_test(
        tcase, a_terminal_that_cannot_show_a_screen_is_refused_untouched, 0, 5);
    tcase_add_test(tcase, what_is_no_terminal_is_refused);
    tcase_add_test(tcase, the_wheel_sends_no_arrow_keys_and_gets_them_back);
    tcase_add_loop_test(tcase, old_terminals_are_asked_nothing, 0, 2);
    tcase_add_test(tcase, the_bell_rings_once_with_the_next_flush);
    tcase_add_test(tcase, every_key_arrives_as_it_was_typed);
    tcase_add_test(tcase, a_terminal_that_hung_up_is_gone);
    tcase_add_test(tcase, signal_handlers_stay_as_they_are);
    tcase_add_test(tcase, a_big_change_comes_in_one_piece_if_the_terminal_can);
    suite_add_tcase(suite, tcase);
    return suite;
}
