/* SPDX-License-Identifier: MIT */
#include "net/spawn.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_NOT_RUN = 127 };

/* Between fork() and exec() only what a signal handler may call: another
 * thread of ours may have held any lock. */
static _Noreturn void become(const struct spawn *spawn, pid_t parent)
{
    sigset_t none;
    if (spawn->is_detached) {
        setsid();
        /* Nobody may be left to end it. */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(STATUS_NOT_RUN);
    }
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(spawn->in, STDIN_FILENO) < 0 ||
        dup2(spawn->out, STDOUT_FILENO) < 0 ||
        dup2(spawn->err, STDERR_FILENO) < 0)
        _exit(STATUS_NOT_RUN);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execvpe(spawn->argv[0], spawn->argv,
            spawn->environment ? spawn->environment : environ);
    _exit(STATUS_NOT_RUN);
}

pid_t spawn_start(const struct spawn *spawn, struct error *err)
{
    sigset_t all, before;
    /* A handler of ours, or a signal to the group, must not find the child with
     * our dispositions. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(spawn, parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0)
        error_system(err, "running %s", spawn->argv[0]);
    return pid;
}

bool spawn_check(int status, struct error *err)
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

/* Before setsid() it has no group of its own. */
void spawn_kill(pid_t pid)
{
    if (kill(-pid, SIGKILL) < 0)
        kill(pid, SIGKILL);
}
