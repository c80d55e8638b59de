/* SPDX-License-Identifier: MIT */
/*
 * Programs that do not want to end.
 *
 * `stubborn` starts COUNT of them, one of each kind in turn, prints "ready" when
 * all run, and stays (STAY=yes) or ends before them.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/probe/probe.h"

/* Where a test that was to end them was killed itself they end by themselves;
 * no test waits for so long. */
enum { CHAIN_NS = 1000 * 1000, CHAIN_S = 60, STAY_S = 300 };

static int ready_pipe[2];

static void say_ready(void)
{
    if (write(ready_pipe[1], "r", 1) != 1)
        _exit(1);
}

static time_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static _Noreturn void stay(void)
{
    const struct timespec second = { .tv_sec = 1 };
    for (time_t end = seconds() + STAY_S; seconds() < end;)
        nanosleep(&second, NULL);
    _exit(0);
}

static void ignore_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
}

static void close_all(void)
{
    close_range(0, ~0U, 0);
}

/* Kinds. */

static void ignoring(void)
{
    ignore_signals();
    say_ready();
    stay();
}

static void leading(void)
{
    setsid();
    ignore_signals();
    say_ready();
    close_all();
    stay();
}

static void daemonised(void)
{
    setsid();
    if (fork() > 0)
        _exit(0);
    ignore_signals();
    if (chdir("/") < 0)
        _exit(1);
    say_ready();
    close_all();
    stay();
}

static void stopped(void)
{
    say_ready();
    raise(SIGSTOP);
    stay();
}

static void blocking(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_PDEATHSIG, 0);
    prctl(PR_SET_NAME, "innocent");
    say_ready();
    stay();
}

/* Another one for each signal. */
static void multiply(int number)
{
    (void)number;
    fork();
}

static void multiplying(void)
{
    struct sigaction action = { .sa_handler = multiply };
    sigaction(SIGTERM, &action, NULL);
    say_ready();
    stay();
}

static void *start_from_thread(void *unused)
{
    (void)unused;
    if (fork() == 0) {
        ignore_signals();
        setsid();
        say_ready();
        stay();
    }
    return NULL;
}

static void threaded(void)
{
    pthread_t thread;
    ignore_signals();
    if (pthread_create(&thread, NULL, start_from_thread, NULL))
        _exit(1);
    stay();
}

/* Nobody in it lives for long. */
static void chain(void)
{
    const struct timespec pause_between = { .tv_nsec = CHAIN_NS };
    time_t end = seconds() + CHAIN_S;
    ignore_signals();
    say_ready();
    while (seconds() < end) {
        pid_t pid = fork();
        if (pid > 0)
            _exit(0);
        nanosleep(&pause_between, NULL);
    }
    _exit(0);
}

static void (*const kinds[])(void) = {
    ignoring, leading,     daemonised, stopped,
    blocking, multiplying, threaded,   chain,
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static int start(int count)
{
    char byte;
    if (pipe2(ready_pipe, O_CLOEXEC) < 0)
        return -1;
    for (int i = 0; i < count; i++)
        if (fork() == 0)
            kinds[i % KINDS]();
    close(ready_pipe[1]);
    for (int i = 0; i < count; i++)
        if (read(ready_pipe[0], &byte, 1) != 1)
            return no(EIO);
    return 0;
}

static int stubborn(void)
{
    if (start((int)pid_value("COUNT")) < 0)
        return -1;
    if (strcmp(value("STAY"), "yes"))
        return 0;
    puts("ready");
    fflush(stdout);
    stay();
}

/* As many as it may, for ever. */
static int bomb(void)
{
    puts("ready");
    fflush(stdout);
    while (fork() >= -1)
        ;
    return -1;
}

/* One of a kind, as a probe. */

static int start_one(void (*kind)(void))
{
    char byte;
    if (pipe2(ready_pipe, O_CLOEXEC) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        kind();
    close(ready_pipe[1]);
    return pid > 0 && read(ready_pipe[0], &byte, 1) == 1 ? 0 : no(EIO);
}

static int probe_daemon(void)
{
    return start_one(leading);
}

static int probe_stubborn(void)
{
    return start_one(daemonised);
}

static int probe_stopped(void)
{
    return start_one(stopped);
}

static int probe_closed(void)
{
    return start_one(blocking);
}

static int probe_chain(void)
{
    return start_one(chain);
}

const struct probe probes_of_endings[] = {
    { "bomb", bomb },
    { "stubborn", stubborn },
    { "daemon", probe_daemon },
    { "daemon-stubborn", probe_stubborn },
    { "daemon-stopped", probe_stopped },
    { "daemon-closed", probe_closed },
    { "fork-chain", probe_chain },
    { NULL, NULL },
};
