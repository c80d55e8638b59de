/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/pty.h"

Suite *pty_suite(void);

static struct pty *run_script(const char *script,
                              const struct pty_options *options)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    struct pty *pty = pty_new(options);
    pty_start(pty, argv);
    return pty;
}

START_TEST(a_program_talks_with_the_keyboard_and_the_screen)
{
    struct pty *pty = run_script("echo name; read n; echo hello $n", NULL);
    pty_expect(pty, "name");
    pty_send(pty, "world\n");
    pty_expect(pty, "hello world");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    ck_assert_str_eq(pty_row(pty, 0), "name");
    ck_assert_uint_eq(pty_output_len(pty),
                      strlen("name\r\nworld\r\nhello world\r\n"));
    ck_assert(!pty_wait_for(pty, "not there", 0));
    pty_free(pty);
}
END_TEST

START_TEST(the_way_that_a_program_ends_is_told)
{
    struct pty *pty = run_script("exit 3", NULL);
    const char *const argv[] = { "/no/such/program", NULL };
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 3);
    pty_start(pty, argv); /* a second one on the same terminal */
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 127);
    pty_expect(pty, "cannot run /no/such/program");
    pty_free(pty);
    pty = run_script("read x", NULL);
    ck_assert_int_eq(pty_wait_exit(pty, 0), -1);
    pty_signal(pty, SIGKILL);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 128 + SIGKILL);
    pty_free(pty);
}
END_TEST

START_TEST(environment_and_files_are_private)
{
    static const char *const variables[] = { "GIVEN=yes", "LC_ALL", NULL };
    struct pty_options options = { .term = "vt100", .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const argv[] = {
        "/bin/sh", "-c",
        "cat $HOME/.config/a/b; echo \"$TERM $GIVEN|$LC_ALL|\"", NULL
    };
    pty_write_file(pty, ".config/a/b", "from a file\n");
    pty_start(pty, argv);
    pty_expect(pty, "from a file");
    pty_expect(pty, "vt100 yes||");
    char home[128];
    snprintf(home, sizeof home, "%s", pty_home(pty));
    pty_free(pty);
    ck_assert_int_eq(access(home, F_OK), -1);
}
END_TEST

START_TEST(the_terminal_answers_queries)
{
    struct pty *pty = run_script("stty raw -echo; printf '\\033[5;7H\\033[6n';"
                                 "head -c 6 | od -An -c; stty cooked",
                                 NULL);
    pty_expect(pty, "[   5   ;   7   R");
    pty_free(pty);
}
END_TEST

START_TEST(attributes_and_repetitions_are_seen)
{
    struct pty *pty = run_script(
        "printf 'a\\033[1;4;7;38;5;208;44mB\\033[m\\033[3m-\\033[4b\\n'", NULL);
    pty_expect(pty, "aB-----");
    struct pty_cell cell = pty_cell(pty, 0, 1);
    ck_assert_str_eq(cell.text, "B");
    ck_assert(cell.bold && cell.underline && cell.reverse && !cell.italic);
    ck_assert_int_eq(cell.foreground, 208);
    ck_assert_int_eq(cell.background, 4);
    cell = pty_cell(pty, 0, 6);
    ck_assert(cell.italic && !cell.bold);
    ck_assert_int_eq(cell.foreground, -1);
    pty_free(pty);
}
END_TEST

/* As ncurses writes it, and the 2 that is a colour. */
START_TEST(dim_text_is_seen)
{
    struct pty *pty = run_script("printf '\\033[0;2;7ma\\033[22mb\\033[2mc"
                                 "\\033[m\\033[38;5;2md\\n'",
                                 NULL);
    pty_expect(pty, "abcd");
    ck_assert(pty_cell(pty, 0, 0).dim && pty_cell(pty, 0, 0).reverse);
    ck_assert(!pty_cell(pty, 0, 1).dim);
    ck_assert(pty_cell(pty, 0, 2).dim);
    ck_assert(!pty_cell(pty, 0, 3).dim);
    ck_assert_int_eq(pty_cell(pty, 0, 3).foreground, 2);
    pty_free(pty);
}
END_TEST

START_TEST(a_resize_reaches_the_program)
{
    struct pty *pty =
        run_script("trap 'stty size; exit' WINCH; echo ready; while read x; do "
                   ":; done; stty size",
                   NULL);
    pty_expect(pty, "ready");
    pty_resize(pty, 10, 33);
    pty_send(pty, "\x04");
    pty_expect(pty, "10 33");
    pty_free(pty);
}
END_TEST

Suite *pty_suite(void)
{
    Suite *suite = suite_create("pty");
    TCase *tcase = tcase_create("pty");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_program_talks_with_the_keyboard_and_the_screen);
    tcase_add_test(tcase, the_way_that_a_program_ends_is_told);
    tcase_add_test(tcase, environment_and_files_are_private);
    tcase_add_test(tcase, the_terminal_answers_queries);
    tcase_add_test(tcase, attributes_and_repetitions_are_seen);
    tcase_add_test(tcase, dim_text_is_seen);
    tcase_add_test(tcase, a_resize_reaches_the_program);
    suite_add_tcase(suite, tcase);
    return suite;
}
