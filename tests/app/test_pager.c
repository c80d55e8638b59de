/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "app/pager.h"
#include "base/compiler.h"
#include "net/loop.h"
#include "tests/support/pty.h"

Suite *pager_suite(void);

/* What is shown, by a script that finds the file's name in $file. */
struct page {
    const char *script, *variable; /* PAGER; NULL: "pg.sh" */
    const char *text;
    bool is_file;
};

struct client {
    bool is_done;
    char words[ERROR_TEXT_SIZE + 16];
};

static void on_paged(void *context, const struct error *err)
{
    struct client *client = context;
    client->is_done = true;
    snprintf(client->words, sizeof client->words, "%s", err ? err->text : "ok");
}

static void set_variables(const struct page *page)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/bin:%s", getenv("HOME"), getenv("PATH"));
    setenv("PATH", path, 1);
    setenv("PAGER", page->variable ? page->variable : "pg.sh", 1);
}

static int run_client(void *context)
{
    const struct page *page = context;
    struct client client = { 0 };
    struct error err = { 0 };
    char path[4096];
    signal(SIGTTOU, SIG_IGN);
    set_variables(page);
    snprintf(path, sizeof path, "%s/spool", getenv("HOME"));
    struct loop *loop = loop_new(&err);
    struct pager_setup setup = {
        .loop = loop,
        .path = page->is_file ? path : NULL,
        .text = slice_of(page->text ? page->text : ""),
        .fn = on_paged,
        .context = &client,
    };
    struct pager *pager = pager_begin(&setup, &err);
    if (!pager)
        snprintf(client.words, sizeof client.words, "refused: %s", err.text);
    while (pager && !client.is_done)
        loop_turn(loop, -1);
    pager_free(pager);
    loop_free(loop);
    dprintf(STDOUT_FILENO, "\r\nend: %s.\r\n", client.words);
    return 0;
}

static size_t count_files(const struct pty *pty)
{
    size_t count = 0;
    static const char *const patterns[] = { "run/*", "tmp/*" };
    for (size_t i = 0; i < COUNTOF(patterns); i++) {
        glob_t files;
        if (glob(pty_path(pty, patterns[i]), 0, NULL, &files) == 0) {
            count += files.gl_pathc;
            globfree(&files);
        }
    }
    return count;
}

static struct pty *show(const struct page *page, const char *words)
{
    struct pty_options options = { .width = 200 };
    struct pty *pty = pty_new(&options);
    struct page copy = *page;
    char script[1024];
    snprintf(script, sizeof script, "#!/bin/sh\nfor file; do :; done\n%s\n",
             page->script ? page->script : "cat \"$file\"");
    pty_write_file(pty, "bin/pg.sh", script);
    ck_assert_int_eq(chmod(pty_path(pty, "bin/pg.sh"), 0700), 0);
    if (page->is_file && page->text)
        pty_write_file(pty, "spool", page->text);
    pty_call(pty, run_client, &copy);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_expect(pty, words);
    ck_assert_uint_eq(count_files(pty), 0);
    return pty;
}

START_TEST(the_pager_shows_a_text_or_a_file_and_leaves_no_copy)
{
    for (int is_file = 0; is_file < 2; is_file++) {
        struct page page = { .text = "one\ntwo\n", .is_file = is_file };
        struct pty *pty = show(&page, "end: ok.");
        pty_expect(pty, "one");
        pty_expect(pty, "two");
        pty_free(pty);
    }
}
END_TEST

START_TEST(nothing_that_it_is_given_acts_on_the_terminal)
{
    for (int is_file = 0; is_file < 2; is_file++) {
        struct page page = {
            .text = "a\033]0;evil\007b \342\200\256c \033[2J\302\233 end\n",
            .is_file = is_file,
        };
        struct pty *pty = show(&page, "end: ok.");
        pty_expect(pty, "a\342\220\233]0;evil\342\220\207b <U+202E>c");
        pty_free(pty);
    }
}
END_TEST

START_TEST(the_command_is_split_at_blanks_and_no_shell_reads_it)
{
    struct page page = {
        .variable = "pg.sh -R\t $HOME ;x",
        .script = "echo \"$1,$2,$3,$#\"",
        .text = "x",
    };
    pty_free(show(&page, "-R,$HOME,;x,4"));
}
END_TEST

START_TEST(what_goes_wrong_is_said)
{
    struct page none = { .variable = "none.sh", .text = "x" };
    struct page fails = { .script = "exit 3", .text = "x" };
    struct page gone = { .is_file = true };
    pty_free(show(&none, "end: the pager none.sh: it cannot be run"));
    pty_free(
        show(&fails, "end: the pager pg.sh: it failed with exit status 3"));
    pty_free(show(&gone, "end: refused: cannot show "));
}
END_TEST

START_TEST(the_copy_is_private)
{
    struct page page = { .script = "ls -l \"$file\" | cut -c1-10",
                         .text = "x" };
    pty_free(show(&page, "-rw-------"));
}
END_TEST

Suite *pager_suite(void)
{
    Suite *suite = suite_create("pager");
    TCase *tcase = tcase_create("pager");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_pager_shows_a_text_or_a_file_and_leaves_no_copy);
    tcase_add_test(tcase, nothing_that_it_is_given_acts_on_the_terminal);
    tcase_add_test(tcase, the_command_is_split_at_blanks_and_no_shell_reads_it);
    tcase_add_test(tcase, what_goes_wrong_is_said);
    tcase_add_test(tcase, the_copy_is_private);
    suite_add_tcase(suite, tcase);
    return suite;
}
