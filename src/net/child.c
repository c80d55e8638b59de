/* SPDX-License-Identifier: MIT */
#include "net/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { READ_SIZE = 4096, STATUS_NOT_RUN = 127, LOOK_MS = 5 };

/* Between fork() and exec() only what a signal handler may call: another
 * thread of ours may have held any lock. */
static _Noreturn void become(char *const *argv, int null, int out)
{
    sigset_t none;
    setsid();
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(null, STDERR_FILENO) < 0)
        _exit(STATUS_NOT_RUN);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execvp(argv[0], argv);
    _exit(STATUS_NOT_RUN);
}

static pid_t start(char *const *argv, int *out, struct error *err)
{
    int pipes[2];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || pipe2(pipes, O_CLOEXEC) < 0) {
        error_system(err, "running %s", argv[0]);
        if (null >= 0)
            close(null);
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(argv, null, pipes[1]);
    if (pid < 0)
        error_system(err, "running %s", argv[0]);
    close(null);
    close(pipes[1]);
    *out = pipes[0];
    if (pid < 0)
        close(pipes[0]);
    return pid;
}

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

static bool check_status(int status, struct error *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        return error_set(err, ERROR_SYSTEM, "it was ended by signal %d",
                         WTERMSIG(status));
    if (WEXITSTATUS(status) == STATUS_NOT_RUN)
        return error_set(err, ERROR_SYSTEM, "it cannot be run");
    return error_set(err, ERROR_SYSTEM, "it failed with exit status %d",
                     WEXITSTATUS(status));
}

/* Its end, brought about if it does not come by itself: it may have closed its
 * output and gone on. Before setsid() it has no group of its own. */
static void await_end(pid_t pid, int *status, int64_t until)
{
    while (waitpid(pid, status, WNOHANG) == 0) {
        if (clock_monotonic_ms() >= until && kill(-pid, SIGKILL) < 0)
            kill(pid, SIGKILL);
        poll(NULL, 0, LOOK_MS);
    }
}

bool child_read(struct buf *out, char *const *argv, size_t max, int64_t wait_ms,
                struct error *err)
{
    int fd, status = 0;
    struct buf text = { 0 };
    pid_t pid = start(argv, &fd, err);
    if (pid < 0)
        return false;
    int64_t until = clock_monotonic_ms() + wait_ms;
    bool ok = read_all(&text, fd, max, until, err);
    close(fd);
    await_end(pid, &status, ok ? until : 0);
    ok = ok && check_status(status, err);
    if (ok)
        buf_append_slice(out, buf_slice(&text));
    if (text.ptr)
        explicit_bzero(text.ptr, text.len);
    buf_clear(&text);
    return ok;
}
