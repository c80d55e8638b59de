/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "app/clipboard.h"
#include "base/buf.h"
#include "base/clock.h"
#include "net/loop.h"
#include "tests/support/output_grammar.h"
#include "tests/support/pty.h"
#include "ui/osc52.h"
#include "ui/term.h"

Suite *clipboard_suite(void);

START_TEST(the_way_follows_from_what_the_environment_says)
{
    static const struct {
        struct clipboard_place place;
        size_t len;
        enum clipboard_route route;
    } rows[] = {
        { { "xterm-256color", NULL, NULL }, 1, CLIPBOARD_TERMINAL },
        { { "xterm-256color", "", "" }, 74994, CLIPBOARD_TERMINAL },
        { { "xterm-256color", NULL, NULL }, 74995, CLIPBOARD_FILE },
        { { "tmux-256color", "/tmp/x,1,0", NULL }, 1, CLIPBOARD_TMUX },
        { { "screen", "/tmp/x,1,0", NULL }, 74994, CLIPBOARD_TMUX },
        { { "screen", "/tmp/x,1,0", NULL }, 74995, CLIPBOARD_FILE },
        { { "tmux-256color", NULL, NULL }, 1, CLIPBOARD_TERMINAL },
        { { "screen.xterm-256color", NULL, "1.pts" }, 1, CLIPBOARD_SCREEN },
        { { "screen-256color", NULL, NULL }, 1, CLIPBOARD_SCREEN },
        { { "xterm", NULL, "1.pts" }, 1, CLIPBOARD_SCREEN },
        { { "linux", NULL, NULL }, 1, CLIPBOARD_FILE },
        { { "vt100", NULL, NULL }, 1, CLIPBOARD_FILE },
        { { "dumb", NULL, NULL }, 1, CLIPBOARD_FILE },
        { { "", NULL, NULL }, 1, CLIPBOARD_FILE },
        { { NULL, NULL, NULL }, 1, CLIPBOARD_FILE },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_assert_msg(clipboard_route(&rows[i].place, rows[i].len) ==
                          rows[i].route,
                      "row %zu", i);
}
END_TEST

/* A terminal in the test's own process, and what was said of each copy. */
struct fixture {
    struct pty *pty;
    struct loop *loop;
    struct term *term;
    struct clipboard *clipboard;
    struct buf said;
    size_t before; /* bytes of output */
};

static void on_copied(void *context, const char *sentence)
{
    struct fixture *fixture = context;
    buf_append_string(&fixture->said, sentence);
}

static void open_fixture(struct fixture *fixture, const char *type,
                         const char *tmux)
{
    struct error err = { 0 };
    *fixture = (struct fixture){ .pty = pty_new(NULL) };
    setenv("TERM", type, 1);
    setenv("HOME", pty_home(fixture->pty), 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("STY");
    unsetenv("TMUX");
    if (tmux)
        setenv("TMUX", tmux, 1);
    fixture->loop = loop_new(&err);
    fixture->term = term_open(pty_slave(fixture->pty), &err);
    ck_assert_msg(fixture->term != NULL, "%s", err.text);
    fixture->clipboard =
        clipboard_new(fixture->loop, fixture->term, on_copied, fixture);
}

static void close_fixture(struct fixture *fixture)
{
    clipboard_free(fixture->clipboard);
    term_close(fixture->term);
    ck_assert(loop_is_idle(fixture->loop));
    loop_free(fixture->loop);
    pty_free(fixture->pty);
    buf_clear(&fixture->said);
}

static bool has_read_all(struct pty *pty, void *context)
{
    struct fixture *fixture = context;
    term_flush(fixture->term);
    return pty_output_len(pty) == term_bytes(fixture->term) &&
           !term_wants_write(fixture->term);
}

static void read_all(struct fixture *fixture)
{
    ck_assert(
        pty_wait_until(fixture->pty, has_read_all, fixture, PTY_DEADLINE_MS));
}

/* Copy, and wait for the sentence and for all that is written. */
static void copy(struct fixture *fixture, struct slice text)
{
    int64_t end_at = clock_monotonic_ms() + PTY_DEADLINE_MS;
    read_all(fixture);
    fixture->before = pty_output_len(fixture->pty);
    buf_reset(&fixture->said);
    clipboard_copy(fixture->clipboard, text);
    while (!fixture->said.len && clock_monotonic_ms() < end_at)
        loop_turn(fixture->loop, PTY_DEADLINE_MS);
    read_all(fixture);
    output_check(pty_output(fixture->pty));
}

static void expect(struct fixture *fixture, const char *said,
                   const char *written)
{
    ck_assert_str_eq(buf_string(&fixture->said), said);
    struct slice output = slice_skip(pty_output(fixture->pty), fixture->before);
    ck_assert_msg(slice_is(output, written), "%.*s", SLICE_ARG(output));
}

START_TEST(source_bytes_go_to_the_terminal)
{
    struct fixture fixture;
    open_fixture(&fixture, "xterm-256color", NULL);
    copy(&fixture, slice_of("a\033[31m\n\xff"));
    expect(&fixture, "copied 8 bytes to the terminal's clipboard (OSC 52)",
           "\033]52;c;YRtbMzFtCv8=\033\\");
    copy(&fixture, slice_of("x"));
    expect(&fixture, "copied 1 byte to the terminal's clipboard (OSC 52)",
           "\033]52;c;eA==\033\\");
    copy(&fixture, slice_of(""));
    expect(&fixture, "there is nothing to copy", "");
    close_fixture(&fixture);
}
END_TEST

START_TEST(screen_gets_strings_that_it_can_hold)
{
    struct fixture fixture;
    static char text[1000];
    open_fixture(&fixture, "screen", NULL);
    memset(text, 0, sizeof text);
    copy(&fixture, (struct slice){ text, 3 });
    expect(&fixture,
           "copied 3 bytes through screen to the terminal's clipboard (OSC 52)",
           "\033P\033]52;c;AAAA\a\033\\");
    /* 7 + 1336 + 1 bytes: the first string holds 761 letters. */
    copy(&fixture, (struct slice){ text, sizeof text });
    ck_assert_str_eq(
        buf_string(&fixture.said),
        "copied 1.0 kB through screen to the terminal's clipboard (OSC 52)");
    struct slice output = slice_skip(pty_output(fixture.pty), fixture.before);
    ck_assert_uint_eq(output.len, 1344 + 2 * 4);
    ck_assert_int_eq(slice_find(output, "\033\\\033P"), 2 + 768);
    close_fixture(&fixture);
}
END_TEST

/* A tmux of the test's own: it keeps what it is given. */
static void write_tmux(struct fixture *fixture, const char *script)
{
    char path[4096];
    pty_write_file(fixture->pty, "bin/tmux", script);
    ck_assert_int_eq(chmod(pty_path(fixture->pty, "bin/tmux"), 0700), 0);
    snprintf(path, sizeof path, "%s/bin:%s", pty_home(fixture->pty),
             getenv("PATH"));
    setenv("PATH", path, 1);
}

static void expect_file(struct fixture *fixture, const char *name,
                        struct slice wanted)
{
    char *bytes = malloc(wanted.len + 2);
    FILE *file = fopen(pty_path(fixture->pty, name), "r");
    ck_assert_ptr_nonnull(file);
    size_t len = fread(bytes, 1, wanted.len + 1, file);
    fclose(file);
    ck_assert(slice_equal((struct slice){ bytes, len }, wanted));
    free(bytes);
}

START_TEST(tmux_is_asked_inside_of_tmux)
{
    struct fixture fixture;
    open_fixture(&fixture, "tmux-256color", "/tmp/socket,1,0");
    write_tmux(&fixture, "#!/bin/sh\n"
                         "[ \"$*\" = 'load-buffer -w -' ] && cat >$HOME/got\n");
    static char text[70000];
    memset(text, 'y', sizeof text);
    struct slice all = { text, sizeof text };
    copy(&fixture, all);
    expect(&fixture, "copied 70 kB to tmux's buffer and clipboard", "");
    expect_file(&fixture, "got", all);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_tmux_that_is_too_old_passes_it_on)
{
    struct fixture fixture;
    open_fixture(&fixture, "tmux-256color", "/tmp/socket,1,0");
    write_tmux(&fixture, "#!/bin/sh\nexit 1\n");
    copy(&fixture, slice_of("foobar"));
    expect(&fixture,
           "copied 6 bytes through tmux to the terminal's clipboard (OSC 52)",
           "\033Ptmux;\033\033]52;c;Zm9vYmFy\033\033\\\033\\");
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_new_copy_replaces_one_that_is_under_way)
{
    struct fixture fixture;
    open_fixture(&fixture, "tmux-256color", "/tmp/socket,1,0");
    write_tmux(&fixture, "#!/bin/sh\ncat >$HOME/got\n"
                         "case $(cat $HOME/got) in slow) sleep 60;; esac\n");
    clipboard_copy(fixture.clipboard, slice_of("slow"));
    copy(&fixture, slice_of("quick"));
    expect(&fixture, "copied 5 bytes to tmux's buffer and clipboard", "");
    expect_file(&fixture, "got", slice_of("quick"));
    close_fixture(&fixture);
}
END_TEST

START_TEST(where_there_is_no_clipboard_a_private_file_is_named)
{
    struct fixture fixture;
    char words[256];
    struct stat status;
    open_fixture(&fixture, "linux", NULL);
    snprintf(words, sizeof words,
             "copied 3 bytes to %s/.local/state/sennit/copied.txt: this "
             "terminal has no clipboard",
             pty_home(fixture.pty));
    copy(&fixture, slice_of("one"));
    expect(&fixture, words, "");
    /* Not through a link that somebody put there. */
    const char *path = pty_path(fixture.pty, ".local/state/sennit/copied.txt");
    ck_assert_int_eq(unlink(path), 0);
    pty_write_file(fixture.pty, "other", "theirs");
    char *target = strdup(pty_path(fixture.pty, "other"));
    path = pty_path(fixture.pty, ".local/state/sennit/copied.txt");
    ck_assert_int_eq(symlink(target, path), 0);
    copy(&fixture, slice_of("two"));
    expect(&fixture, words, "");
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISREG(status.st_mode));
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    expect_file(&fixture, ".local/state/sennit/copied.txt", slice_of("two"));
    expect_file(&fixture, "other", slice_of("theirs"));
    free(target);
    close_fixture(&fixture);
}
END_TEST

START_TEST(what_is_too_large_for_a_terminal_goes_to_the_file)
{
    struct fixture fixture;
    static char text[120000];
    char words[256];
    open_fixture(&fixture, "xterm-256color", NULL);
    memset(text, 'z', sizeof text);
    snprintf(words, sizeof words,
             "copied 120 kB to %s/.local/state/sennit/copied.txt: too large "
             "for the terminal",
             pty_home(fixture.pty));
    copy(&fixture, (struct slice){ text, sizeof text });
    expect(&fixture, words, "");
    /* The largest that goes. */
    copy(&fixture, (struct slice){ text, OSC52_TEXT_MAX });
    ck_assert_str_eq(buf_string(&fixture.said),
                     "copied 75 kB to the terminal's clipboard (OSC 52)");
    ck_assert_uint_eq(pty_output_len(fixture.pty) - fixture.before,
                      7 + 99992 + 2);
    close_fixture(&fixture);
}
END_TEST

START_TEST(what_cannot_be_copied_is_said)
{
    struct fixture fixture;
    open_fixture(&fixture, "linux", NULL);
    pty_write_file(fixture.pty, ".local/state", "in the way");
    copy(&fixture, slice_of("one"));
    ck_assert_int_eq(
        slice_find(buf_slice(&fixture.said), "nothing was copied: making "), 0);
    close_fixture(&fixture);
}
END_TEST

Suite *clipboard_suite(void)
{
    Suite *suite = suite_create("clipboard");
    TCase *tcase = tcase_create("clipboard");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_way_follows_from_what_the_environment_says);
    tcase_add_test(tcase, source_bytes_go_to_the_terminal);
    tcase_add_test(tcase, screen_gets_strings_that_it_can_hold);
    tcase_add_test(tcase, tmux_is_asked_inside_of_tmux);
    tcase_add_test(tcase, a_tmux_that_is_too_old_passes_it_on);
    tcase_add_test(tcase, a_new_copy_replaces_one_that_is_under_way);
    tcase_add_test(tcase, where_there_is_no_clipboard_a_private_file_is_named);
    tcase_add_test(tcase, what_is_too_large_for_a_terminal_goes_to_the_file);
    tcase_add_test(tcase, what_cannot_be_copied_is_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
