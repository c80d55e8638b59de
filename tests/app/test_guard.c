/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <check.h>

#include "app/guard.h"
#include "tests/support/pty.h"
#include "ui/term.h"

Suite *guard_suite(void);

/* What runs on the pty: guard_start(), then a small client. Every process of it
 * holds the write end of `alive`, so its end of file says that none is left. */
struct client {
    int alive[2];
    int death;         /* signal to die by, or 0 */
    int exit_status;   /* if 0 */
    bool leaves_modes; /* dies without giving the terminal back */
    int grandchildren; /* stubborn ones */
    void (*body)(struct client *client);
};

static struct client new_client(void)
{
    struct client client = { 0 };
    ck_assert_int_eq(pipe2(client.alive, O_CLOEXEC), 0);
    return client;
}

/* Written to the terminal as a shell script would. */
static void say(const char *text)
{
    if (write(STDOUT_FILENO, text, strlen(text)) < 0)
        _exit(99);
}

static struct termios found;

static void set_modes(void)
{
    struct termios raw;
    if (tcgetattr(STDIN_FILENO, &raw) < 0)
        _exit(98);
    found = raw;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    say("\033[?1049h\033[?2004h\033[?1004h\033[?25l\033[H");
}

static void leave_modes(void)
{
    say("\033[?2004l\033[?1004l\033[?25h\033[?1049l");
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
}

/* One byte from the keyboard. */
static char hear(void)
{
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) != 1)
        _exit(97);
    return byte;
}

/* A process that SIGTERM does not end, in a session of its own, whose parent
 * has ended. `ready` gets a byte when it is out of reach. */
static void start_stubborn(int ready)
{
    if (fork() > 0)
        return;
    setsid();
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (fork() > 0)
        _exit(0);
    setsid();
    if (write(ready, "r", 1) != 1)
        _exit(96);
    for (;;)
        pause();
}

static void start_grandchildren(const struct client *client)
{
    int ready[2];
    char byte;
    if (pipe(ready) < 0)
        _exit(95);
    for (int i = 0; i < client->grandchildren; i++)
        start_stubborn(ready[1]);
    for (int i = 0; i < client->grandchildren; i++) {
        if (read(ready[0], &byte, 1) != 1)
            _exit(94);
    }
}

static void die(const struct client *client)
{
    if (client->death) {
        signal(client->death, SIG_DFL);
        raise(client->death);
    }
    _exit(client->exit_status);
}

static int run_client(void *context)
{
    struct client *client = context;
    struct rlimit no_core = { 0, 0 };
    setrlimit(RLIMIT_CORE, &no_core);
    guard_start(term_reset_string);
    close(client->alive[0]);
    set_modes();
    start_grandchildren(client);
    if (client->body)
        client->body(client);
    if (!client->leaves_modes)
        leave_modes();
    die(client);
    return 93;
}

static void expect_nobody_left(struct client *client, int deadline_ms)
{
    struct pollfd fd = { .fd = client->alive[0], .events = POLLIN };
    char byte;
    ck_assert_msg(poll(&fd, 1, deadline_ms) == 1, "a process is left");
    ck_assert_int_eq(read(client->alive[0], &byte, 1), 0);
    close(client->alive[0]);
}

struct guarded {
    struct pty *pty;
    struct termios found;
};

static struct guarded start(struct client *client)
{
    struct guarded guarded = { .pty = pty_new(NULL) };
    pty_termios(guarded.pty, &guarded.found);
    pty_call(guarded.pty, run_client, client);
    close(client->alive[1]);
    return guarded;
}

static void expect_as_found(struct guarded *guarded)
{
    struct termios now;
    pty_termios(guarded->pty, &now);
    ck_assert(pty_termios_equal(&now, &guarded->found));
    ck_assert(!pty_is_alternate(guarded->pty));
    ck_assert(pty_cursor_is_visible(guarded->pty));
    ck_assert(!pty_mode(guarded->pty, 2004));
    ck_assert(!pty_mode(guarded->pty, 1004));
}

static void check_death(struct client *client, int status)
{
    char words[64];
    struct guarded guarded = start(client);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), status);
    expect_nobody_left(client, 0);
    expect_as_found(&guarded);
    snprintf(words, sizeof words, "sennit: ended by signal %d", client->death);
    ck_assert_int_eq(pty_wait_for(guarded.pty, words, 0), client->death != 0);
    pty_free(guarded.pty);
}

START_TEST(the_status_of_a_client_that_leaves_is_passed_on)
{
    static const int statuses[] = { 0, 1, 3, 130 };
    struct client client = new_client();
    client.exit_status = statuses[_i];
    check_death(&client, statuses[_i]);
}
END_TEST

START_TEST(the_terminal_is_restored_when_the_client_leaves_it_as_it_is)
{
    struct client client = new_client();
    client.exit_status = 3;
    client.leaves_modes = true;
    check_death(&client, 3);
}
END_TEST

START_TEST(the_terminal_is_restored_however_the_client_dies)
{
    static const int deaths[] = { SIGKILL, SIGSEGV, SIGABRT, SIGBUS,
                                  SIGFPE,  SIGTERM, SIGILL };
    struct client client = new_client();
    client.death = deaths[_i];
    client.leaves_modes = true;
    check_death(&client, 128 + deaths[_i]);
}
END_TEST

START_TEST(nothing_is_written_to_a_terminal_that_was_given_back)
{
    struct client client = new_client();
    client.death = SIGKILL;
    struct guarded guarded = start(&client);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), 128 + 9);
    ck_assert_int_eq(slice_find(pty_output(guarded.pty), "\033[?1000l"), -1);
    close(client.alive[0]);
    pty_free(guarded.pty);
}
END_TEST

START_TEST(descendants_that_ignore_sigterm_and_ran_away_are_ended)
{
    struct client client = new_client();
    client.death = SIGKILL;
    client.leaves_modes = true;
    client.grandchildren = 2;
    check_death(&client, 128 + SIGKILL);
}
END_TEST

static void wait_for_ever(struct client *client)
{
    (void)client;
    say("ready");
    for (;;)
        pause();
}

static void wait_deaf_to_hang_up(struct client *client)
{
    signal(SIGHUP, SIG_IGN);
    wait_for_ever(client);
}

START_TEST(sigterm_is_passed_to_the_client)
{
    struct client client = new_client();
    client.body = wait_for_ever;
    struct guarded guarded = start(&client);
    pty_expect(guarded.pty, "ready");
    pty_signal(guarded.pty, SIGTERM);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS),
                     128 + SIGTERM);
    expect_nobody_left(&client, 0);
    expect_as_found(&guarded);
    pty_free(guarded.pty);
}
END_TEST

START_TEST(the_client_ends_when_the_guard_is_killed)
{
    struct client client = new_client();
    /* The kernel sends SIGHUP when the leader of a session ends. */
    client.body = wait_deaf_to_hang_up;
    struct guarded guarded = start(&client);
    pty_expect(guarded.pty, "ready");
    pty_signal(guarded.pty, SIGKILL);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS),
                     128 + SIGKILL);
    expect_nobody_left(&client, PTY_DEADLINE_MS);
    pty_free(guarded.pty);
}
END_TEST

START_TEST(a_line_that_drops_ends_the_client_and_the_guard)
{
    struct client client = new_client();
    client.body = wait_for_ever;
    client.grandchildren = 1;
    struct guarded guarded = start(&client);
    pty_expect(guarded.pty, "ready");
    pty_hang_up(guarded.pty);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), 128 + SIGHUP);
    expect_nobody_left(&client, 0);
    pty_free(guarded.pty);
}
END_TEST

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    say("interrupted");
    _exit(7);
}

static void wait_for_interrupt(struct client *client)
{
    signal(SIGINT, on_interrupt);
    leave_modes();
    wait_for_ever(client);
}

START_TEST(ctrl_c_is_for_the_client_alone)
{
    struct client client = new_client();
    client.body = wait_for_interrupt;
    struct guarded guarded = start(&client);
    pty_expect(guarded.pty, "ready");
    pty_send(guarded.pty, "\x03");
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), 7);
    pty_expect(guarded.pty, "interrupted");
    close(client.alive[0]);
    pty_free(guarded.pty);
}
END_TEST

/* A shell with job control that runs one job. Words on the screen tell what it
 * saw; a line of input is `fg`. */

static void put_in_foreground(pid_t group)
{
    if (tcsetpgrp(STDIN_FILENO, group) < 0)
        _exit(92);
}

static int wait_for_job(pid_t job, const struct termios *shell_modes)
{
    int status;
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        struct termios now;
        tcgetattr(STDIN_FILENO, &now);
        put_in_foreground(getpgrp());
        say(pty_termios_equal(&now, shell_modes) ? "stopped\r\n" : "raw\r\n");
        hear();
        put_in_foreground(job);
        kill(-job, SIGCONT);
    }
    put_in_foreground(getpgrp());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 91;
}

static int run_shell(void *context)
{
    struct termios modes;
    signal(SIGTTOU, SIG_IGN);
    tcgetattr(STDIN_FILENO, &modes);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        put_in_foreground(getpid());
        signal(SIGTTOU, SIG_DFL);
        return run_client(context);
    }
    setpgid(job, job);
    int status = wait_for_job(job, &modes);
    dprintf(STDOUT_FILENO, "status %d\r\n", status);
    return status;
}

static void stop_when_told(struct client *client)
{
    (void)client;
    say("at work");
    hear();
    leave_modes();
    guard_stop();
    set_modes();
    say("at work again");
    hear();
}

static void be_stopped_when_told(struct client *client)
{
    (void)client;
    say("at work");
    hear();
    raise(SIGSTOP);
    set_modes();
    say("at work again");
    hear();
}

static void check_stop(void (*body)(struct client *client))
{
    struct client client = new_client();
    client.body = body;
    client.exit_status = 5;
    struct guarded guarded = { .pty = pty_new(NULL) };
    pty_termios(guarded.pty, &guarded.found);
    pty_call(guarded.pty, run_shell, &client);
    close(client.alive[1]);
    pty_expect(guarded.pty, "at work");
    pty_send(guarded.pty, "z");
    pty_expect(guarded.pty, "stopped");
    expect_as_found(&guarded);
    pty_send(guarded.pty, "\n");
    pty_expect(guarded.pty, "at work again");
    pty_send(guarded.pty, "q");
    pty_expect(guarded.pty, "status 5");
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), 5);
    expect_nobody_left(&client, 0);
    expect_as_found(&guarded);
    pty_free(guarded.pty);
}

START_TEST(ctrl_z_stops_client_and_guard_until_the_shell_continues_them)
{
    check_stop(stop_when_told);
}
END_TEST

START_TEST(a_client_stopped_from_outside_leaves_the_terminal_usable)
{
    check_stop(be_stopped_when_told);
}
END_TEST

static void stop_at_once(struct client *client)
{
    (void)client;
    guard_stop();
}

START_TEST(where_no_shell_could_continue_it_nothing_stops)
{
    struct client client = new_client();
    client.body = stop_at_once;
    client.exit_status = 4;
    check_death(&client, 4);
}
END_TEST

static int start_without_terminal(void *context)
{
    (void)context;
    /* A process that leads a session cannot make another. */
    pid_t child = fork();
    if (child == 0) {
        setsid();
        pid_t self = getpid();
        guard_start(term_reset_string);
        _exit(getpid() == self ? 6 : 90);
    }
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

START_TEST(without_a_terminal_there_is_no_guard)
{
    struct pty *pty = pty_new(NULL);
    pty_call(pty, start_without_terminal, NULL);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 6);
    pty_free(pty);
}
END_TEST

/* Mouse, keyboard, wrapping: all that the client or its children may set. */
static void set_every_mode(struct client *client)
{
    (void)client;
    say("\033[?1000h\033[?1002h\033[?1003h\033[?1006h\033[?1015h\033[?1004h"
        "\033[?2004h\033[?2026h\033[?7l\033[?25l\033[3;4r\033[1;31mlast");
}

START_TEST(the_reset_string_ends_every_mode)
{
    static const int modes[] = { 1000, 1002, 1003, 1004, 1006,
                                 1015, 1049, 2004, 2026 };
    struct client client = new_client();
    client.body = set_every_mode;
    client.leaves_modes = true;
    struct guarded guarded = start(&client);
    ck_assert_int_eq(pty_wait_exit(guarded.pty, PTY_DEADLINE_MS), 0);
    expect_as_found(&guarded);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        ck_assert(!pty_mode(guarded.pty, modes[i]));
    ck_assert(pty_mode(guarded.pty, 7));
    ck_assert(pty_mode(guarded.pty, 25));
    close(client.alive[0]);
    pty_free(guarded.pty);
}
END_TEST

Suite *guard_suite(void)
{
    Suite *suite = suite_create("guard");
    TCase *tcase = tcase_create("guard");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_status_of_a_client_that_leaves_is_passed_on,
                        0, 4);
    tcase_add_test(tcase,
                   the_terminal_is_restored_when_the_client_leaves_it_as_it_is);
    tcase_add_loop_test(tcase, the_terminal_is_restored_however_the_client_dies,
                        0, 7);
    tcase_add_test(tcase, nothing_is_written_to_a_terminal_that_was_given_back);
    tcase_add_test(tcase,
                   descendants_that_ignore_sigterm_and_ran_away_are_ended);
    tcase_add_test(tcase, sigterm_is_passed_to_the_client);
    tcase_add_test(tcase, the_client_ends_when_the_guard_is_killed);
    tcase_add_test(tcase, a_line_that_drops_ends_the_client_and_the_guard);
    tcase_add_test(tcase, ctrl_c_is_for_the_client_alone);
    tcase_add_test(
        tcase, ctrl_z_stops_client_and_guard_until_the_shell_continues_them);
    tcase_add_test(tcase,
                   a_client_stopped_from_outside_leaves_the_terminal_usable);
    tcase_add_test(tcase, where_no_shell_could_continue_it_nothing_stops);
    tcase_add_test(tcase, without_a_terminal_there_is_no_guard);
    tcase_add_test(tcase, the_reset_string_ends_every_mode);
    suite_add_tcase(suite, tcase);
    return suite;
}
