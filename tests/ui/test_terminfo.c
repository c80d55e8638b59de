/* SPDX-License-Identifier: MIT */
/*
 * Descriptions of terminals that came with the program.
 */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "tests/support/pty.h"

Suite *terminfo_suite(void);

static void run(const char *command)
{
    ck_assert_msg(system(command) == 0, "%s", command);
}

/* A tree of its own: bin/sennit, and what lies as seen from there. */
static struct pty *start_in_tree(bool with_description)
{
    const char *program = getenv("PROGRAM");
    struct pty *pty = pty_new(&(struct pty_options){ .term = "rope" });
    const char *home = pty_home(pty);
    char command[1024];
    snprintf(command, sizeof command,
             "mkdir -p '%s/bin' '%s/share/sennit' && cp '%s' '%s/bin/sennit'",
             home, home, program ? program : "build/release/sennit", home);
    run(command);
    snprintf(command, sizeof command,
             "infocmp xterm-256color | sed 's/^xterm-256color|/rope|/' | "
             "tic -x -o '%s/share/sennit/terminfo' -",
             home);
    if (with_description)
        run(command);
    pty_start(pty, (const char *[]){ pty_path(pty, "bin/sennit"), NULL });
    return pty;
}

START_TEST(a_terminal_that_only_the_program_knows_shows_the_full_screen)
{
    struct pty *pty = start_in_tree(true);
    pty_expect(pty, "F1 help");
    pty_free(pty);
}
END_TEST

START_TEST(a_terminal_that_nobody_knows_is_named)
{
    struct pty *pty = start_in_tree(false);
    pty_expect(pty, "TERM=rope is unknown here");
    pty_free(pty);
}
END_TEST

Suite *terminfo_suite(void)
{
    Suite *suite = suite_create("terminfo");
    TCase *tcase = tcase_create("terminfo");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(
        tcase, a_terminal_that_only_the_program_knows_shows_the_full_screen);
    tcase_add_test(tcase, a_terminal_that_nobody_knows_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
