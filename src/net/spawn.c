/* SPDX-License-Identifier: MIT */
#include "net/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/minder.h"

enum {
    FIRST_KEPT = STDERR_FILENO + 1,
    KEPT_MAX = 16,
    DESCRIPTORS_MAX = 65536, /* where they have to be tried one by one */
};

/* Between fork() and exec() only what a signal handler may call: another
 * thread of ours may have held any lock. */

static void reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The call is of Linux 5.9. */
void spawn_close_from(int first)
{
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
    for (int fd = first; fd < DESCRIPTORS_MAX; fd++)
        close(fd);
}

/* Any of them may be where another one goes: all are moved out of the way. */
static bool move_descriptors(const struct spawn *spawn, int *words)
{
    int moved[FIRST_KEPT + KEPT_MAX] = { spawn->in, spawn->out, spawn->err };
    size_t count = FIRST_KEPT + spawn->keep_count;
    if (spawn->keep_count > KEPT_MAX)
        return false;
    int first_free = (int)count + 1;
    for (size_t i = 0; i < spawn->keep_count; i++)
        moved[FIRST_KEPT + i] = spawn->keep[i];
    for (size_t i = 0; i < count; i++)
        if ((moved[i] = fcntl(moved[i], F_DUPFD_CLOEXEC, first_free)) < 0)
            return false;
    if (words && (*words = fcntl(*words, F_DUPFD_CLOEXEC, first_free)) < 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (dup2(moved[i], (int)i) < 0)
            return false;
    if (words && dup3(*words, (int)count, O_CLOEXEC) < 0)
        return false;
    if (words)
        *words = (int)count;
    return true;
}

enum confine_step spawn_become(const struct spawn *spawn, int *words)
{
    reset_signals();
    /* Below its ruleset it could not enter a directory that it cannot read. */
    if (spawn->directory && chdir(spawn->directory) < 0)
        return CONFINE_DIRECTORY;
    struct confine confine = { .ruleset = -1 };
    if (spawn->confine)
        confine = *spawn->confine;
    int ruleset = confine.ruleset;
    int first_closed = FIRST_KEPT + (int)spawn->keep_count + (words != NULL);
    /* Out of the way, too. */
    if (ruleset >= 0)
        confine.ruleset = fcntl(ruleset, F_DUPFD_CLOEXEC, KEPT_MAX * 2);
    if (!move_descriptors(spawn, words))
        return CONFINE_DESCRIPTORS;
    if (spawn->confine) {
        enum confine_step step = confine_apply(&confine);
        if (step != CONFINE_DONE)
            return step;
    }
    spawn_close_from(first_closed);
    execvpe(spawn->argv[0], spawn->argv,
            spawn->environment ? spawn->environment : environ);
    return CONFINE_EXEC;
}

static _Noreturn void become(const struct spawn *spawn, pid_t parent)
{
    if (spawn->confine)
        minder_run(spawn);
    if (spawn->is_detached) {
        setsid();
        /* Nobody may be left to end it. */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(SPAWN_NOT_RUN);
    }
    spawn_become(spawn, NULL);
    _exit(SPAWN_NOT_RUN);
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
    if (WEXITSTATUS(status) == SPAWN_NOT_RUN)
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
