/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/pty.h"
#include "ui/width_probe.h"

Suite *width_probe_suite(void);

enum { DONE = 7 };

/* What it takes for an answer, and what it leaves behind it; column 0: none. */
START_TEST(only_a_whole_cursor_report_is_an_answer)
{
    static const struct {
        const char *bytes;
        int column;
        const char *rest;
    } rows[] = {
        { "\033[1;3R", 3, "" },
        { "\033[24;80R\033[1;1R", 80, "\033[1;1R" },
        { "ls\r\033[5;2Rx", 2, "x" },
        { "\033[\033[7;4R", 4, "" },
        { "\033[1;3", 0, NULL },
        { "\033[1R", 0, NULL },
        { "\033[;3R", 0, NULL },
        { "\033[1;3r", 0, NULL },
        { "\033[0;3R", 0, NULL },
        { "\033[1;0R", 0, NULL },
        { "\033[1;3;4R", 0, NULL },
        { "\033[1;99999R", 0, NULL },
        { "\033]1;3R", 0, NULL },
        { "[1;3R", 0, NULL },
        { "", 0, NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct slice bytes = slice_of(rows[i].bytes);
        int column = 0;
        bool ok = width_probe_parse(&bytes, &column);
        ck_assert_msg(ok == (rows[i].column > 0), "%zu", i);
        if (ok)
            ck_assert_int_eq(column, rows[i].column);
        if (ok)
            ck_assert(slice_is(bytes, rows[i].rest));
    }
}
END_TEST

START_TEST(it_counts_two_cells_for_wide_ones_and_one_with_a_mark)
{
    ck_assert_int_eq(width_probe_expected(0), 2);
    ck_assert_int_eq(width_probe_expected(1), 2);
    ck_assert_int_eq(width_probe_expected(2), 1);
}
END_TEST

/* In the process on the terminal: what was found, as an exit status. */
static int ask(void *context)
{
    struct width_probe probe;
    struct error err = { 0 };
    struct termios before, after;
    int waiting = 0;
    (void)context;
    tcgetattr(STDIN_FILENO, &before);
    if (!width_probe_ask("/dev/tty", &probe, &err) ||
        probe.answers != WIDTH_PROBE_COUNT)
        return 1;
    for (int i = 0; i < WIDTH_PROBE_COUNT; i++) {
        if (probe.cells[i] != width_probe_expected(i))
            return 10 + i;
    }
    tcgetattr(STDIN_FILENO, &after);
    if (!pty_termios_equal(&before, &after))
        return 2;
    /* In raw mode, where the kernel counts what is no line yet. */
    after.c_lflag &= ~(tcflag_t)ICANON;
    tcsetattr(STDIN_FILENO, TCSANOW, &after);
    ioctl(STDIN_FILENO, FIONREAD, &waiting);
    return waiting ? 3 : DONE;
}

START_TEST(the_terminal_is_asked_and_nothing_is_left_for_the_shell)
{
    struct pty *pty = pty_new(NULL);
    pty_call(pty, ask, NULL);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), DONE);
    ck_assert_str_eq(pty_row(pty, 0), "");
    pty_free(pty);
}
END_TEST

/* Nobody reads the other side here, so nobody answers. */
START_TEST(a_terminal_that_does_not_answer_is_left_as_it_was)
{
    struct pty *pty = pty_new(NULL);
    struct width_probe probe;
    struct termios before, after;
    struct error err = { 0 };
    pty_termios(pty, &before);
    ck_assert(width_probe_ask(pty_slave(pty), &probe, &err));
    ck_assert_int_eq(probe.answers, 0);
    pty_termios(pty, &after);
    ck_assert(pty_termios_equal(&before, &after));
    ck_assert(!width_probe_ask("/dev/null", &probe, &err));
    pty_free(pty);
}
END_TEST

Suite *width_probe_suite(void)
{
    Suite *suite = suite_create("width_probe");
    TCase *tcase = tcase_create("width_probe");
    tcase_set_timeout(tcase, 40);
    tcase_add_test(tcase, only_a_whole_cursor_report_is_an_answer);
    tcase_add_test(tcase,
                   it_counts_two_cells_for_wide_ones_and_one_with_a_mark);
    tcase_add_test(tcase,
                   the_terminal_is_asked_and_nothing_is_left_for_the_shell);
    tcase_add_test(tcase, a_terminal_that_does_not_answer_is_left_as_it_was);
    suite_add_tcase(suite, tcase);
    return suite;
}
