/* SPDX-License-Identifier: MIT */
#include "net/child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/confine.h"
#include "net/loop.h"
#include "net/minder.h"
#include "net/spawn.h"

enum {
    READ_SIZE = 4096,
    READS_MAX = 32, /* at once: more than a pipe holds, and the loop goes on */
    LOOK_MS = 5,
    KILLED_MS = 100,   /* for the end of one that was killed */
    MINDED_MS = 500,   /* for the end of all that it has started */
    STOPPED_MS = 3000, /* for a confined one that takes too long to tidy up */
    TERM_MS = 200,     /* for an editor to save what it can */
    STOP_MS = 50,      /* a child that is stopped for so long stays so */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Starting a detached one. */

/* A file, so that it may be read as slowly as the child likes. */
static int open_input(struct slice input)
{
    if (!input.len)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("input", MFD_CLOEXEC);
    while (fd >= 0 && input.len) {
        ssize_t len = write(fd, input.ptr, input.len);
        if (len > 0)
            input = slice_skip(input, (size_t)len);
        else if (errno != EINTR)
            close_fd(&fd);
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Where a child writes; *read_fd gets where to read it, NULL: dropped. */
static int open_output(int *read_fd)
{
    int pipes[2] = { -1, -1 };
    if (!read_fd)
        return open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pipe2(pipes, O_CLOEXEC) == 0)
        *read_fd = pipes[0];
    return pipes[1];
}

/* Where we read from a detached child, and talk to its minder. */
struct ends {
    int out, messages; /* -1: dropped */
    int control;       /* -1: it has no minder */
};

static bool open_control(const struct child_setup *setup, int *ours, int *its)
{
    int pair[2];
    if (!setup->confine)
        return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return false;
    *ours = pair[0];
    *its = pair[1];
    return true;
}

static pid_t start_detached(const struct child_setup *setup, bool has_out,
                            struct ends *ends, struct error *err)
{
    bool has_messages = setup->messages_max || setup->on_messages;
    int control = -1;
    int in = open_input(setup->input);
    int out = open_output(has_out ? &ends->out : NULL);
    int messages = open_output(has_messages ? &ends->messages : NULL);
    pid_t pid = -1;
    if (in < 0 || out < 0 || messages < 0 ||
        !open_control(setup, &ends->control, &control))
        error_system(err, "running %s", setup->argv[0]);
    else
        pid = spawn_start(&(struct spawn){ .argv = setup->argv,
                                           .environment = setup->environment,
                                           .directory = setup->directory,
                                           .in = in,
                                           .out = out,
                                           .err = messages,
                                           .keep = setup->keep,
                                           .keep_count = setup->keep_count,
                                           .is_detached = true,
                                           .confine = setup->confine,
                                           .control = control },
                          err);
    close_fd(&in);
    close_fd(&out);
    close_fd(&messages);
    close_fd(&control);
    return pid;
}

/* Read at once. */

/* Until it closes its output. */
static bool read_all(struct buf *out, int fd, size_t max, int64_t until,
                     struct error *err)
{
    char bytes[READ_SIZE];
    for (;;) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_monotonic_ms();
        int count = left > 0 ? poll(&ready, 1, (int)left) : 0;
        if (count == 0)
            return error_set(err, ERROR_SYSTEM, "it takes too long");
        ssize_t got = count < 0 ? -1 : read(fd, bytes, sizeof bytes);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return error_system(err, "reading what it prints");
        if (got > 0 &&
            !buf_append_capped(out, (struct slice){ bytes, (size_t)got }, max,
                               "what it prints", err))
            return false;
    }
}

/* Its end, brought about if it does not come by itself: it may have closed its
 * output and gone on. */
static void await_end(pid_t pid, int *status, int64_t until)
{
    while (waitpid(pid, status, WNOHANG) == 0) {
        if (clock_monotonic_ms() >= until)
            spawn_kill(pid);
        poll(NULL, 0, LOOK_MS);
    }
}

bool child_read(struct buf *out, char *const *argv, size_t max, int64_t wait_ms,
                struct error *err)
{
    int status = 0;
    struct buf text = { 0 };
    struct ends ends = { -1, -1, -1 };
    pid_t pid =
        start_detached(&(struct child_setup){ .argv = argv }, true, &ends, err);
    if (pid < 0) {
        close_fd(&ends.out);
        return false;
    }
    int64_t until = clock_monotonic_ms() + wait_ms;
    bool ok = read_all(&text, ends.out, max, until, err);
    close(ends.out);
    await_end(pid, &status, ok ? until : 0);
    ok = ok && spawn_check(status, err);
    if (ok)
        buf_append_slice(out, buf_slice(&text));
    if (text.ptr)
        explicit_bzero(text.ptr, text.len);
    buf_clear(&text);
    return ok;
}

/* Watched by the loop. */

struct child {
    enum child_mode mode;
    struct loop *loop;
    pid_t pid;
    int pidfd;
    struct error err; /* why it was ended by us */
    child_done_fn *on_done;
    child_stop_fn *on_stop;
    void *context;
    /* Detached. */
    int out_fd; /* -1: it has closed its output, or nobody asked */
    int messages_fd;
    int control; /* -1: it is not confined */
    char *program;
    size_t output_max, messages_max;
    struct buf output, messages;
    child_output_fn *on_output, *on_messages;
    uint32_t wait_timer;
    /* Foreground. */
    int tty, signal_fd;
    bool has_settings;
    struct termios found;
    char *reset;
    struct sigaction quit_before;
    uint32_t stop_timer;
};

static void unwatch(struct child *child, int *fd)
{
    if (*fd >= 0)
        loop_unwatch(child->loop, *fd);
    close_fd(fd);
}

static void forget(struct child *child)
{
    unwatch(child, &child->pidfd);
    unwatch(child, &child->out_fd);
    unwatch(child, &child->messages_fd);
    unwatch(child, &child->signal_fd);
    close_fd(&child->tty);
    close_fd(&child->control);
    loop_timer_cancel(child->loop, child->wait_timer);
    loop_timer_cancel(child->loop, child->stop_timer);
    child->wait_timer = child->stop_timer = 0;
    if (child->pid > 0 && child->mode == CHILD_FOREGROUND)
        sigaction(SIGQUIT, &child->quit_before, NULL);
    child->pid = -1;
}

/* The terminal as it was lent, unless it belongs to another job by now. (One
 * that is not our controlling terminal knows no jobs.) */
static void take_back_terminal(struct child *child, bool was_killed)
{
    pid_t group = tcgetpgrp(child->tty);
    if ((group > 0 && group != getpgrp()) || !child->has_settings)
        return;
    if (was_killed && child->reset &&
        write(child->tty, child->reset, strlen(child->reset)) < 0)
        return;
    tcsetattr(child->tty, TCSANOW, &child->found);
}

static void end_with(struct child *child, const struct error *err)
{
    if (child->err.kind != ERROR_NONE)
        return;
    child->err = *err;
    if (child->control >= 0)
        minder_stop(child->control, STOPPED_MS);
    else
        spawn_kill(child->pid);
}

/* What is there; false at the end of its output. */
static bool read_output(struct child *child)
{
    char bytes[READ_SIZE];
    struct error err = { 0 };
    for (int reads = 0; reads < READS_MAX; reads++) {
        ssize_t got = read(child->out_fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        struct slice piece = { bytes, (size_t)got };
        if (child->on_output) {
            child->on_output(child->context, piece);
            continue;
        }
        if (!buf_append_capped(&child->output, piece, child->output_max,
                               "what it prints", &err)) {
            end_with(child, &err);
            return false;
        }
    }
    return true;
}

static void on_output(void *context, int fd, int events)
{
    struct child *child = context;
    (void)fd, (void)events;
    if (!read_output(child))
        unwatch(child, &child->out_fd);
}

static bool read_messages(struct child *child)
{
    char bytes[READ_SIZE];
    ssize_t got;
    for (int reads = 0; reads < READS_MAX; reads++) {
        got = read(child->messages_fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        if (child->on_messages) {
            child->on_messages(child->context,
                               (struct slice){ bytes, (size_t)got });
            continue;
        }
        buf_append(&child->messages, bytes, (size_t)got);
        if (child->messages.len > child->messages_max)
            buf_consume(&child->messages,
                        child->messages.len - child->messages_max);
    }
    return true;
}

static void on_messages(void *context, int fd, int events)
{
    struct child *child = context;
    (void)fd, (void)events;
    if (!read_messages(child))
        unwatch(child, &child->messages_fd);
}

static void on_late(void *context, uint32_t timer_id)
{
    struct child *child = context;
    struct error err = { 0 };
    (void)timer_id;
    child->wait_timer = 0;
    error_set(&err, ERROR_SYSTEM, "it takes too long");
    end_with(child, &err);
}

/* What its minder, or nobody, has to say of a child whose process has ended. */
static void hear(struct child *child, int *status, struct child_end *end)
{
    struct minder_report report;
    if (child->control < 0)
        return;
    if (!minder_hear(child->control, &report)) {
        error_set(&child->err, ERROR_SYSTEM, "its minder was killed");
        return;
    }
    *status = report.status;
    end->has_left = report.has_left;
    if (report.step != CONFINE_DONE) {
        *status = SPAWN_NOT_RUN << 8;
        confine_tell((enum confine_step)report.step, report.error_number,
                     child->program, &child->err);
        end->was_refused = true;
    }
}

/* Others may hold its output open: what it wrote itself is there. */
static void on_end(void *context, int fd, int events)
{
    struct child *child = context;
    struct child_end end = { .exit_status = -1 };
    int status = 0;
    (void)fd, (void)events;
    if (waitpid(child->pid, &status, WNOHANG) == 0)
        return;
    if (child->out_fd >= 0)
        read_output(child);
    if (child->messages_fd >= 0)
        read_messages(child);
    hear(child, &status, &end);
    if (child->mode == CHILD_FOREGROUND)
        take_back_terminal(child, WIFSIGNALED(status));
    forget(child);
    bool ok = child->err.kind == ERROR_NONE && spawn_check(status, &child->err);
    end.err = ok ? NULL : &child->err;
    end.was_killed = WIFSIGNALED(status);
    end.signal_number = end.was_killed ? WTERMSIG(status) : 0;
    if (WIFEXITED(status) && !end.was_refused)
        end.exit_status = WEXITSTATUS(status);
    end.output = buf_slice(&child->output);
    end.messages = buf_slice(&child->messages);
    child->on_done(child->context, &end);
}

/* A stop that is meant for a job reaches the group one by one: who is still
 * stopped after a while, and we are not, has stopped alone. */
static void on_stopped(void *context, uint32_t timer_id)
{
    struct child *child = context;
    siginfo_t info = { 0 };
    (void)timer_id;
    child->stop_timer = 0;
    if (waitid(P_PID, (id_t)child->pid, &info, WSTOPPED | WNOHANG) < 0 ||
        info.si_pid != child->pid)
        return;
    if (child->on_stop)
        child->on_stop(child->context);
    kill(child->pid, SIGCONT);
}

static void on_child_signal(void *context, int fd, int events)
{
    struct child *child = context;
    struct signalfd_siginfo info;
    (void)events;
    while (read(fd, &info, sizeof info) == sizeof info)
        ;
    if (!child->stop_timer)
        child->stop_timer =
            loop_timer_start(child->loop, STOP_MS, on_stopped, child);
}

/* Once this thread blocks it SIGCHLD is no longer thrown away, and waits. */
static int open_child_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Two openings of the terminal: ours must not block, and whether it does
 * belongs to what the child shares. */
static pid_t start_foreground(struct child *child,
                              const struct child_setup *setup,
                              struct error *err)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    int fd = open(setup->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
    child->tty = open(setup->tty, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    child->signal_fd = open_child_signals();
    if (fd < 0 || child->tty < 0 || child->signal_fd < 0) {
        error_system(err, "handing the terminal %s to %s", setup->tty,
                     setup->argv[0]);
        close_fd(&fd);
        return -1;
    }
    child->has_settings = tcgetattr(child->tty, &child->found) == 0;
    sigaction(SIGQUIT, &ignore, &child->quit_before);
    pid_t pid = spawn_start(
        &(struct spawn){ .argv = setup->argv, .in = fd, .out = fd, .err = fd },
        err);
    if (pid < 0)
        sigaction(SIGQUIT, &child->quit_before, NULL);
    close(fd);
    return pid;
}

static void watch_output(struct child *child, int fd, loop_fd_fn *fn)
{
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    loop_watch(child->loop, fd, LOOP_READ, fn, child);
}

static bool watch(struct child *child, const struct child_setup *setup,
                  struct error *err)
{
    /* The function of this name is of glibc 2.36, the call of Linux 5.3. */
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    if (child->pidfd < 0)
        return error_system(err, "watching %s", setup->argv[0]);
    loop_watch(child->loop, child->pidfd, LOOP_READ, on_end, child);
    watch_output(child, child->out_fd, on_output);
    watch_output(child, child->messages_fd, on_messages);
    if (child->signal_fd >= 0)
        loop_watch(child->loop, child->signal_fd, LOOP_READ, on_child_signal,
                   child);
    if (setup->wait_ms > 0)
        child->wait_timer =
            loop_timer_start(child->loop, setup->wait_ms, on_late, child);
    return true;
}

static bool start(struct child *child, const struct child_setup *setup,
                  struct error *err)
{
    if (setup->mode == CHILD_FOREGROUND) {
        child->pid = start_foreground(child, setup, err);
        return child->pid > 0;
    }
    struct ends ends = { -1, -1, -1 };
    child->pid = start_detached(setup, setup->output_max || setup->on_output,
                                &ends, err);
    child->out_fd = ends.out;
    child->messages_fd = ends.messages;
    child->control = ends.control;
    return child->pid > 0;
}

struct child *child_start(const struct child_setup *setup, struct error *err)
{
    assert(setup->on_done);
    assert(!setup->confine || setup->mode == CHILD_DETACHED);
    struct child *child = memory_zero(1, sizeof *child);
    *child = (struct child){
        .mode = setup->mode,
        .loop = setup->loop,
        .pidfd = -1,
        .out_fd = -1,
        .messages_fd = -1,
        .control = -1,
        .tty = -1,
        .signal_fd = -1,
        .on_done = setup->on_done,
        .on_stop = setup->on_stop,
        .context = setup->context,
        .output_max = setup->output_max,
        .messages_max = setup->messages_max,
        .on_output = setup->on_output,
        .on_messages = setup->on_messages,
        .program = memory_string(setup->argv[0]),
        .reset = memory_string(setup->reset),
    };
    if (start(child, setup, err) && watch(child, setup, err))
        return child;
    child_free(child);
    return NULL;
}

void child_stop(struct child *child, int64_t grace_ms)
{
    if (child->control >= 0)
        minder_stop(child->control, grace_ms);
}

static bool has_ended(const struct child *child, int wait_ms)
{
    struct pollfd ready = { .fd = child->pidfd, .events = POLLIN };
    return poll(&ready, 1, wait_ms) > 0;
}

/* The minder goes on if it takes longer. */
static void end_minded(struct child *child)
{
    minder_stop(child->control, 0);
    has_ended(child, MINDED_MS);
    waitpid(child->pid, NULL, WNOHANG);
}

/* What is killed ends at once, unless the kernel has hung it up. */
static void end(struct child *child)
{
    if (child->control >= 0) {
        end_minded(child);
        return;
    }
    bool has_terminal = child->mode == CHILD_FOREGROUND;
    if (has_terminal) {
        kill(child->pid, SIGTERM);
        /* One that is stopped would not hear the signal. */
        kill(child->pid, SIGCONT);
    }
    if (!has_terminal || !has_ended(child, TERM_MS)) {
        spawn_kill(child->pid);
        has_ended(child, KILLED_MS);
    }
    waitpid(child->pid, NULL, WNOHANG);
    if (has_terminal)
        take_back_terminal(child, true);
}

void child_free(struct child *child)
{
    if (!child)
        return;
    if (child->pid > 0)
        end(child);
    forget(child);
    buf_clear(&child->output);
    buf_clear(&child->messages);
    free(child->program);
    free(child->reset);
    free(child);
}
