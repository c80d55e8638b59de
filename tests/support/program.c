/* SPDX-License-Identifier: MIT */
#include "tests/support/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/memory.h"

enum { DEADLINE_SECONDS = 60, ENVIRONMENT_MAX = 48 };

static void make_home(struct program *program)
{
    if (program->home[0])
        return;
    scratch_directory(program->home, "home");
}

void program_file(struct program *program, const char *relative,
                  const char *text)
{
    char path[512];
    make_home(program);
    snprintf(path, sizeof path, "%s/%s", program->home, relative);
    for (char *c = path + strlen(program->home) + 1; *c; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
        *c = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void exec_program(struct program *program)
{
    static char texts[ENVIRONMENT_MAX][4096];
    char *environment[ENVIRONMENT_MAX + 1] = { 0 };
    const char *passed[] = { "PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                             "LSAN_OPTIONS" };
    size_t count = 0;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        if (getenv(passed[i]))
            snprintf(texts[count++], sizeof texts[0], "%s=%s", passed[i],
                     getenv(passed[i]));
    }
    snprintf(texts[count++], sizeof texts[0], "HOME=%s", program->home);
    snprintf(texts[count++], sizeof texts[0], "LC_ALL=C.UTF-8");
    for (size_t i = 0; program->variables[i]; i++)
        snprintf(texts[count++], sizeof texts[0], "%s", program->variables[i]);
    for (size_t i = 0; i < count; i++)
        environment[i] = texts[i];
    const char *path = getenv("PROGRAM");
    char *whole = realpath(path ? path : "build/release/sennit", NULL);
    char *words[PROGRAM_WORDS_MAX + 2] = { memory_string("sennit") };
    for (size_t i = 0; program->arguments[i]; i++)
        words[i + 1] = memory_string(program->arguments[i]);
    if (!whole || (program->works_at_home && chdir(program->home) < 0))
        _exit(127);
    execve(whole, words, environment);
    _exit(127);
}

static pid_t start(struct program *program, int *in, int *out, int *err)
{
    int pipes[3][2];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pipe2(pipes[i], O_CLOEXEC), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);
        dup2(program->input ? pipes[0][0] : null, STDIN_FILENO);
        dup2(program->output ? open(program->output, O_WRONLY) : pipes[1][1],
             STDOUT_FILENO);
        dup2(pipes[2][1], STDERR_FILENO);
        signal(SIGPIPE, SIG_DFL);
        alarm(DEADLINE_SECONDS);
        exec_program(program);
    }
    close(pipes[0][0]);
    close(pipes[1][1]);
    close(pipes[2][1]);
    *in = pipes[0][1];
    *out = pipes[1][0];
    *err = pipes[2][0];
    return pid;
}

/* False at the end of it. */
static bool drain(int fd, struct buf *into)
{
    ssize_t count = read(fd, buf_reserve(into, 65536), 65536);
    if (count <= 0)
        return false;
    into->len += (size_t)count;
    into->ptr[into->len] = '\0';
    return true;
}

static void feed(struct program *program, int *in, size_t *sent)
{
    size_t len = program->input ? strlen(program->input) : 0;
    ssize_t count =
        *sent < len ? write(*in, program->input + *sent, len - *sent) : -1;
    if (count > 0)
        *sent += (size_t)count;
    if (count <= 0 || *sent == len) {
        close(*in);
        *in = -1;
    }
}

void program_run(struct program *program)
{
    int in, out, err, status;
    size_t sent = 0;
    make_home(program);
    buf_reset(&program->out);
    buf_reset(&program->err);
    signal(SIGPIPE, SIG_IGN);
    pid_t pid = start(program, &in, &out, &err);
    while (out >= 0 || err >= 0) {
        struct pollfd fds[] = { { .fd = in, .events = POLLOUT },
                                { .fd = out, .events = POLLIN },
                                { .fd = err, .events = POLLIN } };
        ck_assert_int_ge(poll(fds, 3, -1), 0);
        if (fds[0].revents)
            feed(program, &in, &sent);
        if (fds[1].revents && !drain(out, &program->out)) {
            close(out);
            out = -1;
        }
        if (program->on_output)
            program->on_output(program);
        if (fds[2].revents && !drain(err, &program->err)) {
            close(err);
            err = -1;
        }
    }
    if (in >= 0)
        close(in);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    program->status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ck_assert_int_ne(program->status, 128 + SIGALRM);
}

void program_clear(struct program *program)
{
    buf_clear(&program->out);
    buf_clear(&program->err);
    if (program->home[0])
        scratch_remove(program->home);
    program->home[0] = '\0';
}
