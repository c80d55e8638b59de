/* SPDX-License-Identifier: MIT */
/*
 * A confined child ends with all that it started. ENDINGS says how often 20
 * stubborn processes are ended.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "net/child.h"
#include "net/confine.h"
#include "net/loop.h"
#include "tests/support/probe.h"
#include "tests/support/scratch.h"

enum {
    LONG_MS = 60 * 1000,
    ENDINGS = 16,
    STUBBORN = 20,
    BOMB_TASKS = 256,
    NOBODY = 65534,
};

Suite *minder_suite(void);

static const struct confine bare = { .ruleset = -1 };

struct watched {
    struct loop *loop;
    struct child *child;
    bool is_done, is_ready;
    struct child_end end;
    struct error err;
    struct buf out, messages;
};

static void on_done(void *context, const struct child_end *end)
{
    struct watched *watched = context;
    watched->end = *end;
    if (end->err)
        watched->err = *end->err;
    watched->is_done = true;
}

static void on_output(void *context, struct slice piece)
{
    struct watched *watched = context;
    buf_append_slice(&watched->out, piece);
    if (strstr(buf_string(&watched->out), "ready\n"))
        watched->is_ready = true;
}

static void on_messages(void *context, struct slice piece)
{
    struct watched *watched = context;
    buf_append_slice(&watched->messages, piece);
}

/* Who runs away comes to us, and is counted. */
static void set_up(struct watched *watched)
{
    struct error err;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    *watched = (struct watched){ .loop = loop_new(&err) };
    ck_assert(watched->loop != NULL);
}

static void tear_down(struct watched *watched)
{
    child_free(watched->child);
    buf_clear(&watched->out);
    buf_clear(&watched->messages);
    loop_free(watched->loop);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static void start(struct watched *watched, struct child_setup setup)
{
    struct error err = { 0 };
    setup.loop = watched->loop;
    setup.on_done = on_done;
    setup.on_output = on_output;
    setup.on_messages = on_messages;
    setup.context = watched;
    if (!setup.confine)
        setup.confine = &bare;
    watched->child = child_start(&setup, &err);
    ck_assert_msg(watched->child != NULL, "%s", err.text);
}

static void await(struct watched *watched, const bool *flag)
{
    int64_t until = clock_monotonic_ms() + LONG_MS;
    while (!*flag) {
        ck_assert_msg(clock_monotonic_ms() < until, "nothing happens: %s",
                      buf_string(&watched->out));
        loop_turn(watched->loop, LONG_MS);
    }
}

static void run_shell(struct watched *watched, char *script)
{
    char shell[] = "sh", option[] = "-c";
    char *const argv[] = { shell, option, script, NULL };
    start(watched, (struct child_setup){ .argv = argv });
}

START_TEST(output_and_messages_come_apart_and_the_status_is_told)
{
    struct watched watched;
    char script[] = "echo one; echo two >&2; exit 7";
    set_up(&watched);
    run_shell(&watched, script);
    await(&watched, &watched.is_done);
    ck_assert_str_eq(buf_string(&watched.out), "one\n");
    ck_assert_str_eq(buf_string(&watched.messages), "two\n");
    ck_assert_int_eq(watched.end.exit_status, 7);
    ck_assert_str_eq(watched.err.text, "it failed with exit status 7");
    tear_down(&watched);
}
END_TEST

START_TEST(the_signal_that_ended_it_is_told)
{
    struct watched watched;
    char script[] = "kill -USR1 $$";
    set_up(&watched);
    run_shell(&watched, script);
    await(&watched, &watched.is_done);
    ck_assert_int_eq(watched.end.signal_number, SIGUSR1);
    ck_assert_int_eq(watched.end.exit_status, -1);
    tear_down(&watched);
}
END_TEST

/* A shell's 127 is its own. */
START_TEST(what_was_not_run_is_not_taken_for_what_failed)
{
    struct watched watched;
    char nowhere[] = "/no/such/program", script[] = "exit 127";
    char *const argv[] = { nowhere, NULL };
    set_up(&watched);
    start(&watched, (struct child_setup){ .argv = argv });
    await(&watched, &watched.is_done);
    ck_assert(watched.end.was_refused);
    ck_assert_int_eq(watched.end.exit_status, -1);
    ck_assert_str_eq(watched.err.text,
                     "running /no/such/program: No such file or directory");
    child_free(watched.child);
    watched.is_done = false;
    run_shell(&watched, script);
    await(&watched, &watched.is_done);
    ck_assert(!watched.end.was_refused);
    ck_assert_int_eq(watched.end.exit_status, 127);
    tear_down(&watched);
}
END_TEST

START_TEST(nothing_runs_where_a_part_cannot_be_had)
{
    struct watched watched;
    char script[] = "echo ran";
    char shell[] = "sh", option[] = "-c";
    char *const argv[] = { shell, option, script, NULL };
    /* No ruleset of Landlock at all. */
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct confine confine = { .ruleset = fd };
    set_up(&watched);
    start(&watched, (struct child_setup){ .argv = argv, .confine = &confine });
    await(&watched, &watched.is_done);
    ck_assert(watched.end.was_refused);
    ck_assert_uint_eq(watched.out.len, 0);
    ck_assert(strstr(watched.err.text, "Landlock"));
    close(fd);
    child_free(watched.child);
    watched.is_done = false;
    start(&watched,
          (struct child_setup){ .argv = argv, .directory = "/no/such/place" });
    await(&watched, &watched.is_done);
    ck_assert(watched.end.was_refused);
    ck_assert_uint_eq(watched.out.len, 0);
    tear_down(&watched);
}
END_TEST

START_TEST(it_gets_its_directory_and_the_descriptors_that_are_kept)
{
    struct watched watched;
    char path[SCRATCH_PATH_MAX], expected[SCRATCH_PATH_MAX + 32];
    char script[] = "pwd; cat <&3; cat <&4; for n in 5 6 7 8 9 10 11 12; do "
                    "[ -e /dev/fd/$n ] && echo open; done; true";
    char shell[] = "sh", option[] = "-c";
    char *const argv[] = { shell, option, script, NULL };
    scratch_directory(path, "kept");
    int keep[2], other = open("/dev/null", O_RDONLY);
    for (int i = 0; i < 2; i++) {
        char name[SCRATCH_PATH_MAX];
        keep[i] = scratch_file(name, "kept");
        ck_assert_int_eq(write(keep[i], i ? "b\n" : "a\n", 2), 2);
        lseek(keep[i], 0, SEEK_SET);
    }
    /* Each where the other one goes, if it can be. */
    set_up(&watched);
    start(&watched,
          (struct child_setup){
              .argv = argv, .directory = path, .keep = keep, .keep_count = 2 });
    await(&watched, &watched.is_done);
    snprintf(expected, sizeof expected, "%s\na\nb\n", path);
    ck_assert_str_eq(buf_string(&watched.out), expected);
    ck_assert_int_eq(watched.end.exit_status, 0);
    close(keep[0]);
    close(keep[1]);
    close(other);
    tear_down(&watched);
}
END_TEST

/* What is more than the machine has is asked of nobody. */
START_TEST(limits_are_set_for_it_and_not_for_us)
{
    struct watched watched;
    struct rlimit before, after;
    char script[] = "ulimit -c; ulimit -n; ulimit -f; umask; "
                    "cat /proc/self/oom_score_adj; "
                    "grep NoNewPrivs /proc/self/status";
    char shell[] = "sh", option[] = "-c";
    char *const argv[] = { shell, option, script, NULL };
    struct confine confine = { .ruleset = -1, .file_max = 512 * 1024 };
    getrlimit(RLIMIT_NOFILE, &before);
    set_up(&watched);
    start(&watched, (struct child_setup){ .argv = argv, .confine = &confine });
    await(&watched, &watched.is_done);
    const char *lines = buf_string(&watched.out);
    unsigned long core, files, blocks;
    unsigned mask, score;
    int privileges;
    ck_assert_int_eq(sscanf(lines, "%lu %lu %lu %o %u NoNewPrivs: %d", &core,
                            &files, &blocks, &mask, &score, &privileges),
                     6);
    ck_assert_uint_eq(core, 0);
    ck_assert_uint_le(files, CONFINE_FILES_MAX);
    ck_assert_uint_eq(blocks, 1024);
    ck_assert_uint_eq(mask, 022);
    ck_assert_uint_ge(score, CONFINE_OOM_SCORE);
    ck_assert_int_eq(privileges, 1);
    getrlimit(RLIMIT_NOFILE, &after);
    ck_assert_uint_eq(before.rlim_cur, after.rlim_cur);
    tear_down(&watched);
}
END_TEST

START_TEST(one_that_tidies_up_has_the_time_for_it)
{
    struct watched watched;
    char script[] = "trap 'echo tidy; exit 3' TERM; echo ready; "
                    "while :; do sleep 0.02; done";
    set_up(&watched);
    run_shell(&watched, script);
    await(&watched, &watched.is_ready);
    child_stop(watched.child, LONG_MS);
    await(&watched, &watched.is_done);
    ck_assert_str_eq(buf_string(&watched.out), "ready\ntidy\n");
    ck_assert_int_eq(watched.end.exit_status, 3);
    tear_down(&watched);
}
END_TEST

START_TEST(who_has_no_patience_any_more_does_not_wait)
{
    struct watched watched;
    char script[] = "trap '' TERM; echo ready; while :; do sleep 0.02; done";
    set_up(&watched);
    run_shell(&watched, script);
    await(&watched, &watched.is_ready);
    int64_t began_at = clock_monotonic_ms();
    child_stop(watched.child, 10 * LONG_MS);
    child_stop(watched.child, 1);
    await(&watched, &watched.is_done);
    ck_assert_int_eq(watched.end.signal_number, SIGKILL);
    ck_assert_int_lt(clock_monotonic_ms() - began_at, 10 * LONG_MS);
    tear_down(&watched);
}
END_TEST

START_TEST(one_that_takes_too_long_is_ended)
{
    struct watched watched;
    char script[] = "echo ready; sleep 1000 & sleep 1000";
    char shell[] = "sh", option[] = "-c";
    char *const argv[] = { shell, option, script, NULL };
    set_up(&watched);
    start(&watched, (struct child_setup){ .argv = argv, .wait_ms = 20 });
    await(&watched, &watched.is_done);
    ck_assert_str_eq(watched.err.text, "it takes too long");
    tear_down(&watched);
}
END_TEST

START_TEST(what_it_leaves_behind_ends_with_it)
{
    struct watched watched;
    char script[] = "(trap '' TERM HUP; exec sleep 1000) >/dev/null 2>&1 & "
                    "echo ready; exit 5";
    set_up(&watched);
    run_shell(&watched, script);
    await(&watched, &watched.is_done);
    ck_assert_int_eq(watched.end.exit_status, 5);
    tear_down(&watched);
}
END_TEST

/* In turn: it stays and is stopped, or freed; or it ends before them. */
static void end_stubborn(struct watched *watched, int round)
{
    char name[] = "stubborn", count[32], stays[] = "STAY=yes";
    char leaves[] = "STAY=no";
    snprintf(count, sizeof count, "COUNT=%d", STUBBORN);
    char *const argv[] = { probe_path(), name, count,
                           round % 4 == 3 ? leaves : stays, NULL };
    watched->is_ready = watched->is_done = false;
    buf_reset(&watched->out);
    start(watched, (struct child_setup){ .argv = argv });
    if (round % 4 != 3)
        await(watched, &watched->is_ready);
    if (round % 4 < 2)
        child_stop(watched->child, round % 2 * 30);
    if (round % 4 != 2)
        await(watched, &watched->is_done);
    child_free(watched->child);
    watched->child = NULL;
}

static void check_nobody_is_left(int round)
{
    int64_t until = clock_monotonic_ms() + LONG_MS;
    /* Only one that was freed may take a moment. */
    pid_t pid = waitpid(-1, NULL, WNOHANG);
    while (round % 4 == 2 && pid >= 0 && clock_monotonic_ms() < until)
        pid = waitpid(-1, NULL, 0);
    ck_assert_msg(pid < 0 && errno == ECHILD, "round %d: %d is left", round,
                  (int)pid);
}

START_TEST(of_twenty_stubborn_ones_none_is_left)
{
    struct watched watched;
    const char *text = getenv("ENDINGS");
    int rounds = text ? (int)strtol(text, NULL, 10) : ENDINGS;
    set_up(&watched);
    for (int round = 0; round < rounds; round++) {
        end_stubborn(&watched, round);
        check_nobody_is_left(round);
    }
    tear_down(&watched);
}
END_TEST

static void end_bomb(char *program)
{
    struct watched watched;
    char name[] = "bomb";
    char *const argv[] = { program, name, NULL };
    const struct confine confine = { .ruleset = -1, .task_max = BOMB_TASKS };
    set_up(&watched);
    start(&watched, (struct child_setup){ .argv = argv, .confine = &confine });
    await(&watched, &watched.is_ready);
    child_stop(watched.child, 20);
    await(&watched, &watched.is_done);
    tear_down(&watched);
}

static void become_nobody(void)
{
    if (geteuid() == 0 &&
        (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
         setresuid(NOBODY, NOBODY, NOBODY) < 0))
        _exit(1);
}

/* Of root there is no bound but the machine's. */
START_TEST(a_fork_bomb_is_bounded_and_ends)
{
    char directory[] = "/var/tmp/sennit-bomb-XXXXXX", program[64];
    int status;
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chmod(directory, 0755), 0);
    snprintf(program, sizeof program, "%s/probe", directory);
    probe_copy(program, 0755);
    pid_t pid = fork();
    if (pid == 0) {
        become_nobody();
        if (chdir("/") < 0)
            _exit(1);
        end_bomb(program);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    scratch_remove(directory);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* Its children come to us, if nobody ends them. */
START_TEST(they_end_when_their_client_is_killed)
{
    int pipes[2];
    char byte;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    ck_assert_int_eq(pipe(pipes), 0);
    pid_t client = fork();
    if (client == 0) {
        struct watched watched;
        char name[] = "stubborn", count[] = "COUNT=8", stays[] = "STAY=yes";
        char *const argv[] = { probe_path(), name, count, stays, NULL };
        set_up(&watched);
        start(&watched, (struct child_setup){ .argv = argv });
        await(&watched, &watched.is_ready);
        if (write(pipes[1], "r", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    ck_assert_int_eq(read(pipes[0], &byte, 1), 1);
    kill(client, SIGKILL);
    /* All are reaped: the client, its minder, and nobody else in the end. */
    while (waitpid(-1, NULL, 0) > 0)
        ;
    ck_assert_int_eq(errno, ECHILD);
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

Suite *minder_suite(void)
{
    Suite *suite = suite_create("minder");
    TCase *tcase = tcase_create("minder");
    tcase_add_test(tcase,
                   output_and_messages_come_apart_and_the_status_is_told);
    tcase_add_test(tcase, the_signal_that_ended_it_is_told);
    tcase_add_test(tcase, what_was_not_run_is_not_taken_for_what_failed);
    tcase_add_test(tcase, nothing_runs_where_a_part_cannot_be_had);
    tcase_add_test(tcase,
                   it_gets_its_directory_and_the_descriptors_that_are_kept);
    tcase_add_test(tcase, limits_are_set_for_it_and_not_for_us);
    tcase_add_test(tcase, one_that_tidies_up_has_the_time_for_it);
    tcase_add_test(tcase, who_has_no_patience_any_more_does_not_wait);
    tcase_add_test(tcase, one_that_takes_too_long_is_ended);
    tcase_add_test(tcase, what_it_leaves_behind_ends_with_it);
    tcase_add_test(tcase, a_fork_bomb_is_bounded_and_ends);
    tcase_add_test(tcase, they_end_when_their_client_is_killed);
    suite_add_tcase(suite, tcase);
    /* It takes as long as there are rounds. */
    TCase *endings = tcase_create("endings");
    tcase_set_timeout(endings, 120);
    tcase_add_test(endings, of_twenty_stubborn_ones_none_is_left);
    suite_add_tcase(suite, endings);
    return suite;
}
