/* SPDX-License-Identifier: MIT */
#include "app/guard.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/descendants.h"
#include "base/path.h"
#include "base/secret.h"

enum {
    GRACE_MS = 2000, /* from SIGTERM to SIGKILL for descendants */
    DEATH_MS = 200,  /* the same after a death: nobody waits for them */
    LOOK_MS = 20,    /* between looks at descendants that we kill */
    KILLS_MAX = 200, /* one that so many SIGKILL do not end is left */
    MARK_SIZE = 64,
    ENVIRONMENT_MAX = 1 << 20, /* bytes of it that are searched for a mark */
    RESET_MS = 500,            /* for the reset string on a slow terminal */
    STOP_TRIES = 100,          /* times that `bg` may follow Ctrl-Z */
};

struct guard {
    int tty;
    struct termios found;
    const char *reset;
    pid_t client;
    sigset_t awaited; /* signals that the guard looks at */
};

/* The terminal. */

static int open_terminal(int mode)
{
    return open("/dev/tty", mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool is_equal(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
           !memcmp(a->c_cc, b->c_cc, sizeof a->c_cc);
}

static void write_reset(const struct guard *guard)
{
    const char *rest = guard->reset ? guard->reset : "";
    int64_t end_at = clock_monotonic_ms() + RESET_MS;
    while (*rest) {
        ssize_t len = write(guard->tty, rest, strlen(rest));
        int64_t left = end_at - clock_monotonic_ms();
        struct pollfd fd = { .fd = guard->tty, .events = POLLOUT };
        if (len > 0)
            rest += len;
        else if (len < 0 && errno != EAGAIN && errno != EINTR)
            return;
        else if (left <= 0 || poll(&fd, 1, (int)left) == 0)
            return;
    }
}

static bool has_settings_as_found(const struct guard *guard)
{
    struct termios now;
    return tcgetattr(guard->tty, &now) < 0 || is_equal(&now, &guard->found);
}

static void give_back_terminal(const struct guard *guard)
{
    write_reset(guard);
    tcsetattr(guard->tty, TCSANOW, &guard->found);
    /* Answers and reports that were meant for the client. */
    tcflush(guard->tty, TCIFLUSH);
}

/* One whose settings are as they were found was given back, unless somebody
 * else had it since. */
static void restore_terminal(const struct guard *guard, bool was_lent)
{
    bool is_ours = tcgetpgrp(guard->tty) == getpgrp();
    if (is_ours && (was_lent || !has_settings_as_found(guard)))
        give_back_terminal(guard);
}

/* Whether a process is among those that are meant. */
typedef bool chosen_fn(pid_t pid, const void *context);

/* Returns how many there are. */
static int signal_chosen(chosen_fn *fn, const void *context, int signal_number)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    int count = 0;
    while (processes && (entry = readdir(processes))) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (!fn(pid, context))
            continue;
        count++;
        kill(pid, signal_number);
        /* One that is stopped would not hear the signal. */
        kill(pid, SIGCONT);
    }
    if (processes)
        closedir(processes);
    return count;
}

/* One that had the terminal. */
static bool is_of_our_job(pid_t pid, const void *context)
{
    (void)context;
    return getpgid(pid) == getpgrp() && descendants_has(pid);
}

/* Reap what has ended; false if there is no child any more. */
static bool has_children(void)
{
    pid_t pid;
    do {
        pid = waitpid(-1, NULL, WNOHANG);
    } while (pid > 0);
    return pid == 0;
}

/* Kills are counted, not timed: while we ourselves are stopped, or the machine
 * is, they cannot die. */
static void end_descendants(const struct guard *guard, int64_t grace_ms)
{
    const struct timespec look = { .tv_nsec = LOOK_MS * 1000000L };
    int64_t kill_at = clock_monotonic_ms() + grace_ms;
    int kills = 0;
    descendants_signal(SIGTERM, 0);
    while (has_children() && kills < KILLS_MAX) {
        /* Again and again, because they may have forked meanwhile. */
        if (clock_monotonic_ms() >= kill_at) {
            descendants_signal(SIGKILL, 0);
            kills++;
        }
        /* A TERM for ourselves shortens the grace. */
        if (sigtimedwait(&guard->awaited, NULL, &look) == SIGTERM)
            kill_at = 0;
    }
}

/* The client. */

/* Stop as the client did: the shell waits for us, not for it. Where no shell
 * could continue us (an orphaned process group) the kernel drops the signal. */
static void stop_too(const struct guard *guard)
{
    sigset_t stop;
    restore_terminal(guard, false);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, NULL);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGTSTP, SIG_IGN);
}

/* True with its wait status when the client has ended. Reaps every child. */
static bool has_ended(const struct guard *guard, int *status)
{
    pid_t pid;
    int found;
    while ((pid = waitpid(-1, &found, WNOHANG | WUNTRACED)) > 0) {
        if (pid != guard->client)
            continue;
        if (WIFSTOPPED(found)) {
            stop_too(guard);
            continue;
        }
        *status = found;
        return true;
    }
    return false;
}

static int wait_for_client(const struct guard *guard)
{
    int status;
    /* Asked before the first wait: set_signals() threw an early SIGCHLD away. */
    while (!has_ended(guard, &status)) {
        switch (sigwaitinfo(&guard->awaited, NULL)) {
        case SIGTERM: kill(guard->client, SIGTERM); break;
        case SIGHUP: kill(guard->client, SIGHUP); break;
        case SIGCONT: kill(guard->client, SIGCONT); break;
        }
    }
    return status;
}

/* All signals are blocked. Those that the client gets by itself are ignored, so
 * that they do not pile up; the others wait. When the line drops the kernel
 * tells the leader of the session only: that may be us. */
static void set_signals(struct guard *guard)
{
    static const int ignored[] = { SIGINT,  SIGQUIT, SIGWINCH, SIGTSTP,
                                   SIGTTIN, SIGTTOU, SIGPIPE };
    static const int awaited[] = { SIGCHLD, SIGTERM, SIGHUP, SIGCONT };
    for (size_t i = 0; i < COUNTOF(ignored); i++)
        signal(ignored[i], SIG_IGN);
    sigemptyset(&guard->awaited);
    for (size_t i = 0; i < COUNTOF(awaited); i++) {
        signal(awaited[i], SIG_DFL);
        sigaddset(&guard->awaited, awaited[i]);
    }
}

/* At once as far as the client left it; again when those are gone that had it,
 * or may have drawn on it, in the meantime. */
static int run(struct guard *guard)
{
    set_signals(guard);
    int status = wait_for_client(guard);
    restore_terminal(guard, false);
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal_number)
        dprintf(STDERR_FILENO, "sennit: ended by signal %d (%s)\n",
                signal_number, strsignal(signal_number));
    if (has_children()) {
        bool was_lent = signal_chosen(is_of_our_job, NULL, 0) > 0;
        end_descendants(guard, signal_number ? DEATH_MS : GRACE_MS);
        restore_terminal(guard, was_lent);
    }
    return signal_number ? 128 + signal_number : WEXITSTATUS(status);
}

/* The guard may have been killed before the kernel knew our wish. */
static void bind_to(pid_t guard_pid)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != guard_pid)
        raise(SIGTERM);
}

/* Without the guard nobody inherits those whose parent ends: they are found by
 * what all of them inherit from the client. */
static const char mark_name[] = "INSIDE_SENNIT";

static void set_mark(pid_t guard_pid)
{
    char mark[MARK_SIZE];
    snprintf(mark, sizeof mark, "%d.%lld", (int)guard_pid,
             (long long)clock_wall_ms());
    setenv(mark_name, mark, 1);
}

static bool is_marked(pid_t pid, const void *context)
{
    const struct slice *mark = context;
    char path[32];
    struct buf text = { 0 };
    struct error err;
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    int fd = pid == getpid() ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_found = path_read_fd(&text, fd, ENVIRONMENT_MAX, path, &err) &&
                    memmem(text.ptr, text.len, mark->ptr, mark->len);
    close(fd);
    buf_clear(&text);
    return is_found;
}

static void end_marked(const char *value)
{
    char text[MARK_SIZE * 2];
    snprintf(text, sizeof text, "%s=%s", mark_name, value);
    /* The NUL at its end, too. */
    struct slice mark = { text, strlen(text) + 1 };
    int64_t kill_at = clock_monotonic_ms() + DEATH_MS;
    int signal_number = SIGTERM, kills = 0;
    while (signal_chosen(is_marked, &mark, signal_number) > 0 &&
           kills < KILLS_MAX) {
        has_children();
        poll(NULL, 0, LOOK_MS);
        signal_number = clock_monotonic_ms() >= kill_at ? SIGKILL : 0;
        kills += signal_number == SIGKILL;
    }
}

void guard_finish(const struct guard_tie *tie)
{
    struct guard guard = { .found = tie->found, .reset = tie->reset };
    const char *mark = getenv(mark_name);
    if (!tie->guard_pid || getppid() == tie->guard_pid)
        return;
    if (mark)
        end_marked(mark);
    guard.tty = open_terminal(O_RDWR);
    if (guard.tty >= 0 && !has_settings_as_found(&guard))
        give_back_terminal(&guard);
    if (guard.tty >= 0)
        close(guard.tty);
}

struct guard_tie guard_start(const char *reset)
{
    /* End the guard by whoever sends them; then the client leaves, too. */
    static const int faults[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
                                  SIGSEGV, SIGSYS, SIGTRAP };
    sigset_t all, before;
    struct guard guard = { .reset = reset };
    pid_t self = getpid();
    guard.tty = open_terminal(O_RDWR);
    if (guard.tty < 0)
        return (struct guard_tie){ 0 };
    sigfillset(&all);
    for (size_t i = 0; i < COUNTOF(faults); i++)
        sigdelset(&all, faults[i]);
    sigprocmask(SIG_SETMASK, &all, &before);
    bool has_settings = tcgetattr(guard.tty, &guard.found) == 0;
    /* Before there is a client that could have descendants: it is not
     * inherited, and an orphan goes to who is there at that moment. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    guard.client = has_settings ? fork() : -1;
    if (guard.client > 0) {
        /* It needs none, and there may be keys in it. */
        secret_forget_environment();
        _exit(run(&guard));
    }
    if (guard.client < 0)
        prctl(PR_SET_CHILD_SUBREAPER, 0);
    if (guard.client == 0) {
        bind_to(self);
        set_mark(self);
    }
    close(guard.tty);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return guard.client == 0 ? (struct guard_tie){ self, guard.found, reset }
                             : (struct guard_tie){ 0 };
}

static bool is_in_background(int tty)
{
    pid_t group = tty < 0 ? -1 : tcgetpgrp(tty);
    return group > 0 && group != getpgrp();
}

void guard_stop(void)
{
    struct sigaction before, stops = { .sa_handler = SIG_DFL };
    sigset_t stop, mask;
    int tty = open_terminal(O_RDONLY);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &stops, &before);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    /* After `bg` we would only trouble the shell's terminal: stop again. */
    int tries = 0;
    do {
        kill(0, SIGTSTP);
    } while (is_in_background(tty) && ++tries < STOP_TRIES);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
    if (tty >= 0)
        close(tty);
}

bool guard_is_in_background(void)
{
    int tty = open_terminal(O_RDONLY);
    bool result = is_in_background(tty);
    if (tty >= 0)
        close(tty);
    return result;
}
