/* SPDX-License-Identifier: MIT */
/*
 * Twelve kinds of leaving, at five moments each: whatever happens, the shell
 * finds its terminal as it was, and no process is left.
 *
 * The session's leader is a shell with job control, in which the real program is
 * a job. EXITS_ROUNDS (1) says how
 * often each of the sixty is done; `make exits` does all 300.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *exits_suite(void);

#define OLLAMA                                                     \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n" \
    "line {\"models\":[{\"name\":\"small:1b\",\"size\":1000}]}\n"
#define LOADED                                                   \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\nchunked\n" \
    "line {\"models\":[]}\n"
#define CHAT                                                            \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"     \
    "repeat 200\n"                                                      \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"words \"}" \
    ",\"done\":false}\nend\n"                                           \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"STREAM\"}" \
    ",\"done\":false}\nstall\n"

enum kind {
    QUIT, /* Ctrl-D */
    TERM, /* to the job's leader, as the next three */
    HUP,
    KILL_CLIENT,   /* what the kernel does where memory is short */
    FAULT,         /* SIGSEGV */
    ABORT,         /* SIGABRT */
    OUT_OF_MEMORY, /* an allocation fails */
    HANG_UP,       /* the line drops */
    STOP,          /* Ctrl-Z; goes on and quits */
    STOP_CLIENT,   /* from outside; goes on, and SIGTERM */
    KILL_GUARD,
    INTERRUPT, /* Ctrl-C, and again: last, because this waits */
    KIND_COUNT
};

static const char *const kind_names[] = {
    "quit",
    "TERM",
    "HUP",
    "KILL",
    "SEGV",
    "ABRT",
    "memory",
    "hang up",
    "stop",
    "stop outside",
    "KILL of the guard",
    "Ctrl-C",
};

enum moment {
    AT_ONCE,   /* while it starts, after so many bytes of output */
    IDLE,      /* at the prompt */
    STREAMING, /* in the middle of an answer */
    EDITING,   /* an editor has the terminal */
    RUNAWAY,   /* a descendant has a session of its own and ignores signals */
    MOMENT_COUNT
};

struct leaving {
    enum kind kind;
    enum moment moment;
    size_t after; /* bytes of output */
    struct pty *pty;
    struct termios found;
    int report, release; /* pipes from and to the shell */
    pid_t job;
};

/* The shell. What it sees it reports: the job's process id, then each wait
 * status. A byte makes it go on. */
struct shell {
    int report, release;
    const char *program;
    char editor[128];
};

/* The other terminals of the test among them: their lines could not drop. */
static void close_others(const struct shell *shell)
{
    int first = shell->report, last = shell->release;
    if (first > last) {
        first = shell->release;
        last = shell->report;
    }
    if (first > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)first - 1, 0);
    if (last > first + 1)
        close_range((unsigned)first + 1, (unsigned)last - 1, 0);
    close_range((unsigned)last + 1, ~0U, 0);
}

static void on_hang_up(int signal_number)
{
    (void)signal_number; /* only so that waitpid() returns */
}

static void tell(const struct shell *shell, int number)
{
    if (write(shell->report, &number, sizeof number) != sizeof number)
        _exit(99);
}

static void hear(const struct shell *shell)
{
    char byte;
    while (read(shell->release, &byte, 1) < 0)
        ;
}

static int run_job(const struct shell *shell)
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    close(shell->report);
    close(shell->release);
    setenv("EDITOR", shell->editor, 1);
    execl(shell->program, "sennit", (char *)NULL);
    return 98;
}

/* As shells do, it passes a hang-up on. */
static int wait_for_job(pid_t job)
{
    int status = 0;
    while (waitpid(job, &status, WUNTRACED) < 0) {
        kill(-job, SIGHUP);
        kill(-job, SIGCONT);
    }
    tcsetpgrp(STDIN_FILENO, getpgrp());
    return status;
}

static int run_shell(void *context)
{
    const struct shell *shell = context;
    struct sigaction hang_up = { .sa_handler = on_hang_up };
    int status;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever becomes of the test */
    close_others(shell);
    signal(SIGTTOU, SIG_IGN);
    sigaction(SIGHUP, &hang_up, NULL);
    pid_t job = fork();
    if (job == 0)
        return run_job(shell);
    setpgid(job, job);
    tcsetpgrp(STDIN_FILENO, job);
    tell(shell, job);
    for (;;) {
        status = wait_for_job(job);
        tell(shell, status);
        hear(shell);
        if (!WIFSTOPPED(status))
            return 0;
        tcsetpgrp(STDIN_FILENO, job);
        kill(-job, SIGCONT);
    }
}

/* Processes of this terminal: those of its session, and all that inherited its
 * home directory. */

static bool read_proc(pid_t pid, const char *name, struct buf *text)
{
    char path[64], bytes[4096];
    ssize_t len;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    buf_reset(text);
    while ((len = read(fd, bytes, sizeof bytes)) > 0)
        buf_append(text, bytes, (size_t)len);
    close(fd);
    return text->len > 0;
}

struct process {
    char state;
    int parent, group, session;
};

static bool read_process(pid_t pid, struct process *process)
{
    struct buf text = { 0 };
    bool ok = read_proc(pid, "stat", &text);
    const char *end = ok ? strrchr(buf_string(&text), ')') : NULL;
    ok = end && sscanf(end, ") %c %d %d %d", &process->state, &process->parent,
                       &process->group, &process->session) == 4;
    buf_clear(&text);
    return ok;
}

static bool has_home(pid_t pid, const char *home)
{
    struct buf text = { 0 };
    char mark[128];
    int len = snprintf(mark, sizeof mark, "HOME=%s", home);
    bool ok = read_proc(pid, "environ", &text) &&
              memmem(text.ptr, text.len, mark, (size_t)len + 1);
    buf_clear(&text);
    return ok;
}

typedef bool process_fn(const struct leaving *leaving, pid_t pid,
                        const struct process *process);

/* The first that fits, or 0. */
static pid_t find_process(const struct leaving *leaving, process_fn *fn)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    pid_t found = 0;
    ck_assert_ptr_nonnull(processes);
    while (!found && (entry = readdir(processes))) {
        struct process process;
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && read_process(pid, &process) && process.state != 'Z' &&
            fn(leaving, pid, &process))
            found = pid;
    }
    closedir(processes);
    return found;
}

static bool is_left(const struct leaving *leaving, pid_t pid,
                    const struct process *process)
{
    int shell = pty_pid(leaving->pty);
    return pid != shell &&
           (process->session == shell || has_home(pid, pty_home(leaving->pty)));
}

static bool is_client(const struct leaving *leaving, pid_t pid,
                      const struct process *process)
{
    (void)pid;
    return process->parent == leaving->job && process->group == leaving->job;
}

/* Where the guard lives it has seen to that before it ended. */
static void expect_nobody_left(const struct leaving *leaving, int deadline_ms)
{
    int64_t end_at = clock_monotonic_ms() + deadline_ms;
    pid_t pid;
    while ((pid = find_process(leaving, is_left))) {
        int64_t left = end_at - clock_monotonic_ms();
        int pidfd = pidfd_open(pid, 0);
        struct pollfd fd = { .fd = pidfd, .events = POLLIN };
        if (pidfd < 0)
            continue;
        bool has_ended = left > 0 && poll(&fd, 1, (int)left) > 0;
        close(pidfd);
        if (has_ended)
            continue;
        struct buf words = { 0 };
        read_proc(pid, "cmdline", &words);
        ck_abort_msg("%s: process %d (%s) is left", kind_names[leaving->kind],
                     (int)pid, buf_string(&words));
    }
}

/* Beginning. */

static const char *program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

/* The program that prints the key leaves a process behind that nothing but
 * SIGKILL ends. */
static void write_runaway(const struct pty *pty, int port)
{
    char text[1024];
    pty_write_file(pty, "key.sh",
                   "setsid setsid sh -c 'trap \"\" TERM HUP INT QUIT\n"
                   ": >$HOME/runs; while :; do sleep 1000; done' "
                   ">/dev/null 2>&1 </dev/null &\n"
                   "until [ -e $HOME/runs ]; do :; done; echo key\n");
    snprintf(text, sizeof text,
             "endpoints:\n  box:\n    dialect: ollama\n"
             "    url: http://127.0.0.1:%d\n    trust: own\n"
             "    key: {command: [sh, %s]}\n",
             port, pty_path(pty, "key.sh"));
    pty_write_file(pty, ".config/sennit/config.yaml", text);
}

/* The editor has a screen and modes of its own, ends after a line of input, and
 * does not tidy up when it is killed. */
static void write_editor(const struct pty *pty)
{
    pty_write_file(pty, "editing.sh",
                   "#!/bin/sh\n"
                   "modes=$(stty -g)\n"
                   "stty -icanon -echo\n"
                   "printf '\\033[?1049h\\033[?1000h\\033[?25l'\n"
                   "printf '\\033[?2004hin the editor'\n"
                   "read line\n"
                   "printf '\\033[?2004l\\033[?25h\\033[?1000l'\n"
                   "printf '\\033[?1049l'\n"
                   "stty $modes\n");
    ck_assert_int_eq(chmod(pty_path(pty, "editing.sh"), 0700), 0);
}

static void start(struct leaving *leaving, struct server *server)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    const char *variables[] = { host, NULL };
    struct pty_options options = { .variables = variables };
    int report[2], release[2];
    ck_assert_int_eq(pipe2(report, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(release, O_CLOEXEC), 0);
    leaving->pty = pty_new(&options);
    struct shell shell = { report[1], release[0], program(), "" };
    snprintf(shell.editor, sizeof shell.editor, "%s/editing.sh",
             pty_home(leaving->pty));
    write_editor(leaving->pty);
    if (leaving->moment == RUNAWAY)
        write_runaway(leaving->pty, server_port(server));
    pty_termios(leaving->pty, &leaving->found);
    pty_call(leaving->pty, run_shell, &shell);
    close(report[1]);
    close(release[0]);
    leaving->report = report[0];
    leaving->release = release[1];
    ck_assert_int_eq(read(leaving->report, &leaving->job, sizeof leaving->job),
                     sizeof leaving->job);
}

/* What the shell has to say, or the end of the deadline. */
static bool has_report(struct pty *pty, void *context)
{
    const struct leaving *leaving = context;
    struct pollfd fd = { .fd = leaving->report, .events = POLLIN };
    (void)pty;
    return poll(&fd, 1, 0) > 0;
}

static bool has_output(struct pty *pty, void *context)
{
    const struct leaving *leaving = context;
    return pty_output_len(pty) >= leaving->after || has_report(pty, context);
}

/* Until it is in the middle of what it shall be torn from. */
static void bring_about(struct leaving *leaving)
{
    struct pty *pty = leaving->pty;
    switch (leaving->moment) {
    case AT_ONCE:
        ck_assert(pty_wait_until(pty, has_output, leaving, PTY_DEADLINE_MS));
        break;
    case IDLE: pty_expect(pty, "small:1b@"); break;
    case STREAMING:
    case RUNAWAY:
        pty_expect(pty, "small:1b@");
        pty_send(pty, "go\r");
        pty_expect(pty, leaving->after % 2 ? "STREAM" : "words");
        break;
    default:
        pty_expect(pty, "small:1b@");
        pty_send(pty, "\x07"); /* Ctrl-G */
        pty_expect(pty, "in the editor");
        break;
    }
}

/* Leaving. */

enum { SLICE_MS = 5, AGAIN_MS = 300, PASTE = 1000 * 1000 };

/* A report does not wake who waits for output. */
static bool await_report(struct leaving *leaving, int deadline_ms)
{
    int64_t end_at = clock_monotonic_ms() + deadline_ms;
    while (!has_report(leaving->pty, leaving)) {
        if (clock_monotonic_ms() > end_at)
            return false;
        pty_wait_until(leaving->pty, has_report, leaving, SLICE_MS);
    }
    return true;
}

static int hear_status(struct leaving *leaving)
{
    int status;
    ck_assert_msg(await_report(leaving, PTY_DEADLINE_MS), "%s: it goes on:\n%s",
                  kind_names[leaving->kind], pty_screen(leaving->pty));
    ck_assert_int_eq(read(leaving->report, &status, sizeof status),
                     sizeof status);
    return status;
}

static pid_t client_of(const struct leaving *leaving)
{
    pid_t client = find_process(leaving, is_client);
    ck_assert_int_gt(client, 0);
    return client;
}

static void end_editor(struct leaving *leaving)
{
    if (leaving->moment != EDITING)
        return;
    pty_send(leaving->pty, "\n");
    pty_expect(leaving->pty, "small:1b@");
}

/* While an answer comes Ctrl-D only says so. */
static void quit(struct leaving *leaving)
{
    if (leaving->moment == STREAMING || leaving->moment == RUNAWAY) {
        pty_send(leaving->pty, "\x1b");
        pty_expect(leaving->pty, "stopped by you");
    }
    pty_send(leaving->pty, "\x04");
}

/* The first one may stop an answer or an editor, and two that are too far apart
 * do not belong together. */
static void interrupt(struct leaving *leaving)
{
    int64_t end_at = clock_monotonic_ms() + PTY_DEADLINE_MS;
    do {
        pty_send(leaving->pty, "\x03");
    } while (!await_report(leaving, AGAIN_MS) && clock_monotonic_ms() < end_at);
}

static void take_memory(struct leaving *leaving)
{
    struct rlimit none = { 1, 1 };
    struct buf paste = { 0 };
    end_editor(leaving);
    ck_assert_int_eq(prlimit(client_of(leaving), RLIMIT_AS, &none, NULL), 0);
    buf_append_string(&paste, "\033[200~");
    memset(buf_reserve(&paste, PASTE), 'x', PASTE);
    paste.len += PASTE;
    pty_send_bytes(leaving->pty, buf_slice(&paste));
    buf_clear(&paste);
}

static void expect_as_found(struct leaving *leaving)
{
    static const int modes[] = {
        1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026
    };
    struct termios now;
    /* What was written last may not have been read yet. */
    pty_wait_until(leaving->pty, has_report, leaving, SLICE_MS);
    pty_termios(leaving->pty, &now);
    ck_assert_msg(pty_termios_equal(&now, &leaving->found),
                  "%s: settings differ", kind_names[leaving->kind]);
    ck_assert(!pty_is_alternate(leaving->pty));
    ck_assert(pty_cursor_is_visible(leaving->pty));
    for (size_t i = 0; i < COUNTOF(modes); i++)
        ck_assert_msg(!pty_mode(leaving->pty, modes[i]), "%s: mode %d is left",
                      kind_names[leaving->kind], modes[i]);
}

/* The shell has stopped it, and continues it. */
static void go_on(struct leaving *leaving)
{
    int status = hear_status(leaving);
    ck_assert(WIFSTOPPED(status));
    expect_as_found(leaving);
    ck_assert_int_eq(write(leaving->release, "f", 1), 1);
}

static bool is_back(struct pty *pty, void *context)
{
    (void)context;
    return pty_is_alternate(pty);
}

static void stop_and_quit(struct leaving *leaving)
{
    pty_send(leaving->pty, "\x1a");
    go_on(leaving);
    end_editor(leaving);
    ck_assert(pty_wait_until(leaving->pty, is_back, NULL, PTY_DEADLINE_MS));
    quit(leaving);
}

static void leave(struct leaving *leaving)
{
    switch (leaving->kind) {
    case QUIT:
        end_editor(leaving);
        quit(leaving);
        break;
    case TERM: kill(leaving->job, SIGTERM); break;
    case HUP: kill(leaving->job, SIGHUP); break;
    case KILL_CLIENT: kill(client_of(leaving), SIGKILL); break;
    case FAULT: kill(client_of(leaving), SIGSEGV); break;
    case ABORT: kill(client_of(leaving), SIGABRT); break;
    case OUT_OF_MEMORY: take_memory(leaving); break;
    case HANG_UP: pty_hang_up(leaving->pty); break;
    case STOP: stop_and_quit(leaving); break;
    case STOP_CLIENT:
        kill(client_of(leaving), SIGSTOP);
        go_on(leaving);
        kill(leaving->job, SIGTERM);
        break;
    case KILL_GUARD: kill(leaving->job, SIGKILL); break;
    default: interrupt(leaving); break;
    }
}

/* A sanitizer has its own way of dying. */
#ifdef __SANITIZE_ADDRESS__
#define IN_RELEASE(status) -1
#else
#define IN_RELEASE(status) (status)
#endif

/* Of the job, as a shell shows it; -1: a failure, whichever. */
static const int exit_statuses[] = {
    [QUIT] = 0,
    [INTERRUPT] = 0,
    [TERM] = 128 + SIGTERM,
    [HUP] = 128 + SIGHUP,
    [KILL_CLIENT] = 128 + SIGKILL,
    [FAULT] = IN_RELEASE(128 + SIGSEGV),
    [ABORT] = IN_RELEASE(128 + SIGABRT),
    [OUT_OF_MEMORY] = IN_RELEASE(128 + SIGABRT),
    [HANG_UP] = 128 + SIGHUP,
    [STOP] = 0,
    [STOP_CLIENT] = 128 + SIGTERM,
    [KILL_GUARD] = 128 + SIGKILL,
};

static void expect_left(struct leaving *leaving)
{
    int status = hear_status(leaving);
    ck_assert(!WIFSTOPPED(status));
    status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    int expected = exit_statuses[leaving->kind];
    if (expected < 0)
        ck_assert_int_ne(status, 0);
    else
        ck_assert_int_eq(status, expected);
    expect_nobody_left(leaving,
                       leaving->kind == KILL_GUARD ? PTY_DEADLINE_MS : 0);
    if (leaving->kind != HANG_UP)
        expect_as_found(leaving);
    ck_assert_int_eq(write(leaving->release, "q", 1), 1);
    ck_assert_int_eq(pty_wait_exit(leaving->pty, PTY_DEADLINE_MS), 0);
}

/* Pseudo-random, and the same each time. */
static size_t moment_of(unsigned seed, size_t first)
{
    seed = seed * 1103515245U + 12345U;
    seed = (seed ^ seed >> 15) * 2246822519U;
    return first + (seed >> 8) % 400;
}

static void begin(struct leaving *leaving, int index, int kind,
                  struct server *server)
{
    /* These are told without the client's help. */
    bool is_early =
        kind == TERM || kind == HUP || kind == HANG_UP || kind == KILL_GUARD;
    *leaving = (struct leaving){
        .kind = (enum kind)kind,
        .moment = (enum moment)(index % MOMENT_COUNT),
        .after = moment_of((unsigned)(index * KIND_COUNT + kind), !is_early),
    };
    start(leaving, server);
}

/* All kinds at one moment, at the same time: some of them wait. */
START_TEST(the_terminal_is_as_it_was_and_nobody_is_left)
{
    struct leaving leavings[KIND_COUNT];
    struct server *server = server_start(OLLAMA, LOADED, CHAT, NULL);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        begin(&leavings[kind], _i, kind, server);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        bring_about(&leavings[kind]);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        leave(&leavings[kind]);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        mark_point();
        expect_left(&leavings[kind]);
        close(leavings[kind].report);
        close(leavings[kind].release);
        pty_free(leavings[kind].pty);
    }
    server_stop(server);
}
END_TEST

static int rounds(void)
{
    const char *text = getenv("EXITS_ROUNDS");
    int count = text ? (int)strtol(text, NULL, 10) : 1;
    return count < 1 ? 1 : count;
}

Suite *exits_suite(void)
{
    Suite *suite = suite_create("exits");
    TCase *tcase = tcase_create("exits");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, the_terminal_is_as_it_was_and_nobody_is_left, 0,
                        rounds() * MOMENT_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
