/* SPDX-License-Identifier: MIT */
/* As in spawn.c, only what a signal handler may call. */
#include "net/minder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "base/descendants.h"
#include "net/confine.h"
#include "net/spawn.h"

enum {
    CONTROL,
    WORDS, /* the program's last ones, if it could not be run */
    SIGNALS,
    DESCRIPTORS,    /* all that it has */
    TOLD_MS = 1000, /* the grace after a SIGTERM: the guard has no more time */
    LEFT_MS = 500,  /* the grace of what is left behind */
    LOOK_MS = 20,   /* between kills */
    FREEZES = 3,    /* before a kill: who is stopped cannot fork */
    QUICK_KILLS = 100, /* without a pause: some fork as fast as we kill */
    KILLS_MAX = 600,   /* one that so many SIGKILL do not end is left */
};

struct minder {
    pid_t program;
    int spared; /* generations that are not asked to end */
    bool is_ending, has_program;
    bool is_deaf; /* its socket has ended */
    int64_t kill_at;
    int kills;
    struct minder_report report;
};

/* Starting. */

/* The program: whoever kills the minder ends it, too. */
static _Noreturn void start_program(const struct spawn *spawn, pid_t minder,
                                    int words)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != minder)
        _exit(SPAWN_NOT_RUN);
    setsid();
    enum confine_step step = spawn_become(spawn, &words);
    struct minder_report last = { .step = (int32_t)step,
                                  .error_number = errno };
    if (write(words, &last, sizeof last) < 0)
        _exit(SPAWN_NOT_RUN);
    _exit(SPAWN_NOT_RUN);
}

/* Nothing that it holds open may keep others waiting. */
static void keep_only(int control, int words, int signals)
{
    /* First out of each other's way. */
    control = fcntl(control, F_DUPFD_CLOEXEC, DESCRIPTORS);
    words = fcntl(words, F_DUPFD_CLOEXEC, DESCRIPTORS);
    signals = fcntl(signals, F_DUPFD_CLOEXEC, DESCRIPTORS);
    dup2(control, CONTROL);
    dup2(words, WORDS);
    dup2(signals, SIGNALS);
    spawn_close_from(DESCRIPTORS);
}

/* Ending. */

/* They are asked once, and may be given less time later. */
static void begin_ending(struct minder *minder, int64_t grace_ms)
{
    int64_t kill_at = clock_monotonic_ms() + grace_ms;
    if (!minder->is_ending && grace_ms > 0)
        descendants_signal(SIGTERM, minder->spared);
    if (!minder->is_ending || kill_at < minder->kill_at)
        minder->kill_at = kill_at;
    minder->is_ending = true;
}

/* Kills are counted, not timed: while the machine is stopped they cannot die. */
static void kill_all(struct minder *minder)
{
    for (int i = 0; i < FREEZES; i++)
        descendants_signal(SIGSTOP, 0);
    descendants_signal(SIGKILL, 0);
    minder->kills++;
}

/* False if there is no child any more. */
static bool reap(struct minder *minder)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != minder->program)
            continue;
        minder->report.status = status;
        minder->has_program = false;
    }
    return pid == 0;
}

static int patience(const struct minder *minder)
{
    if (!minder->is_ending)
        return -1;
    if (minder->kills)
        return minder->kills < QUICK_KILLS ? 0 : LOOK_MS;
    int64_t left = minder->kill_at - clock_monotonic_ms();
    return left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

static void listen_to_control(struct minder *minder)
{
    int32_t grace_ms;
    ssize_t len = read(CONTROL, &grace_ms, sizeof grace_ms);
    if (len == sizeof grace_ms) {
        begin_ending(minder, grace_ms);
    } else if (len == 0 || errno != EINTR) {
        minder->is_deaf = true;
        begin_ending(minder, 0);
    }
}

static void listen_to_signals(struct minder *minder)
{
    struct signalfd_siginfo info;
    while (read(SIGNALS, &info, sizeof info) == sizeof info)
        if (info.ssi_signo == SIGTERM)
            begin_ending(minder, TOLD_MS);
}

static void await(struct minder *minder)
{
    struct pollfd ready[] = {
        { .fd = SIGNALS, .events = POLLIN },
        { .fd = minder->is_deaf ? -1 : CONTROL, .events = POLLIN },
    };
    if (poll(ready, COUNTOF(ready), patience(minder)) <= 0)
        return;
    if (ready[0].revents)
        listen_to_signals(minder);
    if (ready[1].revents)
        listen_to_control(minder);
}

static void mind(struct minder *minder)
{
    while (reap(minder)) {
        if (!minder->has_program && !minder->is_ending)
            begin_ending(minder, LEFT_MS);
        await(minder);
        if (!minder->is_ending || clock_monotonic_ms() < minder->kill_at)
            continue;
        if (minder->kills >= KILLS_MAX) {
            minder->report.has_left = true;
            return;
        }
        kill_all(minder);
    }
}

static void report(struct minder *minder)
{
    struct minder_report words;
    if (!minder->has_program &&
        read(WORDS, &words, sizeof words) == sizeof words) {
        minder->report.step = words.step;
        minder->report.error_number = words.error_number;
    }
    send(CONTROL, &minder->report, sizeof minder->report, MSG_NOSIGNAL);
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    /* Where it was ignored children would leave no status. */
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

_Noreturn void minder_run(const struct spawn *spawn)
{
    struct minder minder = { .spared = spawn->confine->is_wrapper };
    int words[2] = { -1, -1 };
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int signals = open_signals();
    bool is_ready = signals >= 0 && pipe2(words, O_CLOEXEC) == 0;
    pid_t self = getpid();
    minder.program = is_ready ? fork() : -1;
    if (minder.program == 0)
        start_program(spawn, self, words[1]);
    if (minder.program < 0) {
        minder.report = (struct minder_report){ .step = CONFINE_FORK,
                                                .error_number = errno };
        send(spawn->control, &minder.report, sizeof minder.report,
             MSG_NOSIGNAL);
        _exit(SPAWN_NOT_RUN);
    }
    minder.has_program = true;
    minder.report.status = SIGKILL; /* unless it ends by itself */
    keep_only(spawn->control, words[0], signals);
    mind(&minder);
    report(&minder);
    _exit(0);
}

/* From outside. */

void minder_stop(int control, int64_t grace_ms)
{
    int32_t ms = grace_ms < INT_MAX ? (int32_t)grace_ms : INT_MAX;
    send(control, &ms, sizeof ms, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool minder_hear(int control, struct minder_report *report)
{
    return recv(control, report, sizeof *report, MSG_DONTWAIT) ==
           sizeof *report;
}
