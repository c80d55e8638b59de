/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "net/child.h"
#include "net/loop.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"

enum { LONG_MS = 20 * 1000, SHORT_MS = 50, MOST = 64 };

Suite *child_suite(void);

static bool run(struct buf *out, const char *script, int64_t wait_ms,
                struct error *err)
{
    char shell[] = "sh", option[] = "-c", text[256];
    snprintf(text, sizeof text, "%s", script);
    char *const argv[] = { shell, option, text, NULL };
    return child_read(out, argv, MOST, wait_ms, err);
}

START_TEST(what_it_prints_is_appended_and_nothing_else)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    buf_append_string(&out, "> ");
    ck_assert_msg(run(&out, "echo noise >&2; cat; echo key", LONG_MS, &err),
                  "%s", err.text);
    ck_assert_str_eq(buf_string(&out), "> key\n");
    buf_clear(&out);
}
END_TEST

/* Our signals are blocked and some ignored: none of that is inherited. */
START_TEST(it_starts_with_default_signals_and_three_descriptors)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    sigset_t all, before;
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    signal(SIGPIPE, SIG_IGN);
    /* Without a shell between, which has its own way with signals. */
    char grep[] = "grep", extended[] = "-E", file[] = "/proc/self/status";
    char pattern[] = "^Sig(Blk|Ign):";
    char *const argv[] = { grep, extended, pattern, file, NULL };
    bool ok = child_read(&out, argv, MOST, LONG_MS, &err);
    bool is_shell_ok = run(&out,
                           "for n in 3 4 5 6 7 8 9; do "
                           "[ -e /dev/fd/$n ] && echo open; done; true",
                           LONG_MS, &err);
    sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_msg(ok && is_shell_ok, "%s", err.text);
    unsigned long long blocked, ignored;
    /* 32 and 33 are the C library's own: nobody can set them, and some shells
     * hand them on ignored. */
    const unsigned long long own = 1ULL << 31 | 1ULL << 32;
    ck_assert_int_eq(sscanf(buf_string(&out), "SigBlk: %llx SigIgn: %llx",
                            &blocked, &ignored),
                     2);
    ck_assert_uint_eq(blocked, 0);
    ck_assert_uint_eq(ignored & ~own, 0);
    /* No descriptor but the three was open. */
    ck_assert_ptr_null(strstr(buf_string(&out), "open"));
    close(fds[0]);
    close(fds[1]);
    buf_clear(&out);
}
END_TEST

START_TEST(what_fails_leaves_the_buffer_as_it_was)
{
    static const struct {
        const char *script, *words;
        int64_t wait_ms;
    } cases[] = {
        { "echo x; exit 3", "exit status 3", LONG_MS },
        { "kill -9 $$", "signal 9", LONG_MS },
        { "sleep 30", "too long", SHORT_MS },
        { "sleep 30 & wait", "too long", SHORT_MS },
        { "exec >&-; sleep 30", "signal 9", SHORT_MS },
        { "yes", "larger than", LONG_MS },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf out = { 0 };
        struct error err = { 0 };
        ck_assert(!run(&out, cases[i].script, cases[i].wait_ms, &err));
        ck_assert_msg(strstr(err.text, cases[i].words) != NULL, "%zu: %s", i,
                      err.text);
        ck_assert_uint_eq(out.len, 0);
        buf_clear(&out);
    }
}
END_TEST

/* Watched by the loop: what its callback was told. */
struct watched {
    struct loop *loop;
    struct child *child;
    int dones, stops;
    bool was_killed;
    struct error err; /* kind NONE: it ended well */
    struct buf output, messages;
    int pieces;
};

static void on_done(void *context, const struct child_end *end)
{
    struct watched *watched = context;
    watched->dones++;
    watched->was_killed = end->was_killed;
    if (end->err)
        watched->err = *end->err;
    buf_append_slice(&watched->output, end->output);
    buf_append_slice(&watched->messages, end->messages);
    child_free(watched->child);
    watched->child = NULL;
}

static void open_watched(struct watched *watched)
{
    struct error err = { 0 };
    *watched = (struct watched){ .loop = loop_new(&err) };
    ck_assert_msg(watched->loop != NULL, "%s", err.text);
}

static void close_watched(struct watched *watched)
{
    child_free(watched->child);
    ck_assert(loop_is_idle(watched->loop));
    loop_free(watched->loop);
    buf_clear(&watched->output);
    buf_clear(&watched->messages);
    /* None is left, not even a zombie. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

/* Start a script, detached; the setup says what else. */
static void start_script(struct watched *watched, const char *script,
                         struct child_setup setup)
{
    char shell[] = "sh", option[] = "-c", text[256];
    struct error err = { 0 };
    snprintf(text, sizeof text, "%s", script);
    char *const argv[] = { shell, option, text, NULL };
    setup.argv = argv;
    setup.loop = watched->loop;
    setup.on_done = on_done;
    setup.context = watched;
    watched->child = child_start(&setup, &err);
    ck_assert_msg(watched->child != NULL, "%s", err.text);
}

static void await_done(struct watched *watched)
{
    int64_t end_at = clock_monotonic_ms() + LONG_MS;
    while (!watched->dones && clock_monotonic_ms() < end_at)
        loop_turn(watched->loop, LONG_MS);
    ck_assert_int_eq(watched->dones, 1);
}

START_TEST(a_detached_child_is_fed_and_its_output_kept)
{
    struct watched watched;
    struct buf input = { 0 };
    open_watched(&watched);
    /* More than a pipe holds, both ways. */
    for (int i = 0; i < 40000; i++)
        buf_append_string(&input, "0123456789");
    start_script(&watched,
                 "cat; echo noise >&2; ps -o tty= -p $$ | tr -d ' \n'",
                 (struct child_setup){ .input = buf_slice(&input),
                                       .output_max = input.len + 10,
                                       .wait_ms = LONG_MS });
    await_done(&watched);
    ck_assert_msg(watched.err.kind == ERROR_NONE, "%s", watched.err.text);
    buf_append_char(&input, '?'); /* no terminal */
    ck_assert(slice_equal(buf_slice(&watched.output), buf_slice(&input)));
    buf_clear(&input);
    close_watched(&watched);
}
END_TEST

static void on_output(void *context, struct slice piece)
{
    struct watched *watched = context;
    watched->pieces++;
    buf_append_slice(&watched->output, piece);
}

/* The second line waits until the first was handed on. */
START_TEST(output_is_handed_on_as_it_comes_and_the_last_messages_are_kept)
{
    struct watched watched;
    char path[SCRATCH_PATH_MAX];
    char script[256];
    open_watched(&watched);
    scratch_directory(path, "child");
    snprintf(script, sizeof script,
             "echo one; while [ ! -e %s/go ]; do sleep 0.01; done; echo two; "
             "echo 0123456789 >&2; echo last >&2",
             path);
    start_script(&watched, script,
                 (struct child_setup){ .on_output = on_output,
                                       .messages_max = 8,
                                       .wait_ms = LONG_MS });
    while (watched.output.len < strlen("one\n") && !watched.dones)
        loop_turn(watched.loop, LONG_MS);
    ck_assert_int_eq(watched.dones, 0);
    snprintf(script, sizeof script, "%s/go", path);
    close(open(script, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    await_done(&watched);
    ck_assert_str_eq(buf_string(&watched.output), "one\ntwo\n");
    ck_assert_str_eq(buf_string(&watched.messages), "89\nlast\n");
    ck_assert_int_eq(watched.pieces, 2);
    scratch_remove(path);
    close_watched(&watched);
}
END_TEST

START_TEST(what_nobody_wants_is_dropped_and_nothing_is_read)
{
    struct watched watched;
    open_watched(&watched);
    start_script(&watched, "cat && echo much", (struct child_setup){ 0 });
    await_done(&watched);
    ck_assert_int_eq(watched.err.kind, ERROR_NONE);
    ck_assert_uint_eq(watched.output.len, 0);
    close_watched(&watched);
}
END_TEST

START_TEST(how_a_detached_child_fails_is_told_in_words)
{
    static const struct {
        const char *script, *words;
        int64_t wait_ms;
        bool was_killed;
    } rows[] = {
        { "exit 3", "exit status 3", LONG_MS, false },
        { "kill -9 $$", "signal 9", LONG_MS, true },
        { "sleep 30", "too long", SHORT_MS, true },
        { "trap '' TERM; sleep 30 & wait", "too long", SHORT_MS, true },
        { "exec >&-; sleep 30", "too long", SHORT_MS, true },
        { "yes", "larger than", LONG_MS, true },
        { "exec /nonexistent", "cannot be run", LONG_MS, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct watched watched;
        open_watched(&watched);
        start_script(&watched, rows[i].script,
                     (struct child_setup){ .output_max = MOST,
                                           .wait_ms = rows[i].wait_ms });
        await_done(&watched);
        ck_assert_msg(strstr(watched.err.text, rows[i].words) != NULL,
                      "%zu: %s", i, watched.err.text);
        ck_assert_int_eq(watched.was_killed, rows[i].was_killed);
        close_watched(&watched);
    }
}
END_TEST

/* The end of file of a pipe that all of them hold. */
static void expect_none_left(int fd)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    char byte;
    ck_assert_int_eq(poll(&ready, 1, LONG_MS), 1);
    ck_assert_int_eq(read(fd, &byte, 1), 0);
}

START_TEST(one_that_is_freed_is_ended_with_its_group)
{
    struct watched watched;
    char path[SCRATCH_PATH_MAX], script[SCRATCH_PATH_MAX + 80];
    scratch_directory(path, "child");
    snprintf(script, sizeof script, "%s/fifo", path);
    ck_assert_int_eq(mkfifo(script, 0600), 0);
    int fd = open(script, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    snprintf(script, sizeof script,
             "trap '' TERM; exec >%s/fifo; sleep 30 & echo x; wait", path);
    open_watched(&watched);
    start_script(&watched, script, (struct child_setup){ 0 });
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    char bytes[2];
    ck_assert_int_eq(poll(&ready, 1, LONG_MS), 1);
    ck_assert_int_eq(read(fd, bytes, 2), 2);
    close_watched(&watched);
    ck_assert_int_eq(watched.dones, 0);
    expect_none_left(fd);
    close(fd);
    scratch_remove(path);
}
END_TEST

/* In the foreground, on a terminal: a client that runs a script. The words of
 * the script tell what it found. */
static void on_stop(void *context)
{
    struct watched *watched = context;
    watched->stops++;
}

static const char foreground_reset[] = "\033[?1000l";

static int run_foreground(void *context)
{
    struct watched watched;
    sigset_t all;
    struct termios before, after;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signal(SIGTTOU, SIG_IGN);
    tcgetattr(STDIN_FILENO, &before);
    open_watched(&watched);
    start_script(&watched, context,
                 (struct child_setup){ .mode = CHILD_FOREGROUND,
                                       .tty = ttyname(STDIN_FILENO),
                                       .reset = foreground_reset,
                                       .on_stop = on_stop });
    await_done(&watched);
    tcgetattr(STDIN_FILENO, &after);
    bool is_ours = tcgetpgrp(STDIN_FILENO) == getpgrp();
    dprintf(STDOUT_FILENO, "<%s> stops %d%s%s", watched.err.text, watched.stops,
            pty_termios_equal(&before, &after) ? "" : " settings differ",
            is_ours ? "" : " terminal lost");
    return 0;
}

static void check_foreground(const char *script, const char *words)
{
    char copy[256];
    struct pty *pty = pty_new(NULL);
    snprintf(copy, sizeof copy, "%s", script);
    pty_call(pty, run_foreground, copy);
    if (strstr(script, "read"))
        pty_send(pty, "typed\n");
    int status = pty_wait_exit(pty, PTY_DEADLINE_MS);
    pty_expect(pty, words);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(slice_find(pty_output(pty), foreground_reset) >= 0,
                     strstr(script, "KILL") != NULL);
    pty_free(pty);
}

START_TEST(a_foreground_child_has_the_terminal)
{
    check_foreground("read x </dev/tty; echo \"got $x\" >&2", "got typed");
    check_foreground("[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo yes", "yes");
    check_foreground("exit 4", "<it failed with exit status 4> stops 0");
}
END_TEST

START_TEST(it_starts_with_default_signals_in_our_group)
{
    check_foreground("grep SigBlk /proc/self/status", "0000000000000000");
    check_foreground("[ $(ps -o pgid= -p $$) = $(ps -o pgid= -p $PPID) ]",
                     "<> stops 0");
}
END_TEST

START_TEST(the_terminal_comes_back_as_it_was_lent)
{
    check_foreground("stty raw -echo", "<> stops 0");
    check_foreground("stty raw -echo; kill -KILL $$",
                     "<it was ended by signal 9> stops 0");
}
END_TEST

START_TEST(one_that_stops_alone_is_told_and_goes_on_after_it)
{
    check_foreground("kill -STOP $$; echo on", "<> stops 1");
}
END_TEST

Suite *child_suite(void)
{
    Suite *suite = suite_create("child");
    TCase *tcase = tcase_create("child");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_it_prints_is_appended_and_nothing_else);
    tcase_add_test(tcase, it_starts_with_default_signals_and_three_descriptors);
    tcase_add_test(tcase, what_fails_leaves_the_buffer_as_it_was);
    tcase_add_test(tcase, a_detached_child_is_fed_and_its_output_kept);
    tcase_add_test(
        tcase, output_is_handed_on_as_it_comes_and_the_last_messages_are_kept);
    tcase_add_test(tcase, what_nobody_wants_is_dropped_and_nothing_is_read);
    tcase_add_test(tcase, how_a_detached_child_fails_is_told_in_words);
    tcase_add_test(tcase, one_that_is_freed_is_ended_with_its_group);
    tcase_add_test(tcase, a_foreground_child_has_the_terminal);
    tcase_add_test(tcase, it_starts_with_default_signals_in_our_group);
    tcase_add_test(tcase, the_terminal_comes_back_as_it_was_lent);
    tcase_add_test(tcase, one_that_stops_alone_is_told_and_goes_on_after_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
