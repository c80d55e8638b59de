/* SPDX-License-Identifier: MIT */
#include "tests/support/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/memory.h"
#include "tests/support/scratch.h"

enum { PATHS_MAX = 64, AWAIT_MS = 10 * 1000 };

struct server {
    pid_t pid;
    int port;
    char folder[SCRATCH_PATH_MAX];
    char log[SCRATCH_PATH_MAX + 8];
    char url[512];
    char *received;
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static struct server *new_server(void)
{
    struct server *server = memory_zero(1, sizeof *server);
    scratch_directory(server->folder, "server");
    snprintf(server->log, sizeof server->log, "%s/log", server->folder);
    write_file(server->log, "");
    return server;
}

NORETURN static void become_server(const struct server *server,
                                   const char *const *paths)
{
    const char *program = getenv("SERVER");
    char port[16];
    snprintf(port, sizeof port, "%d", server->port);
    char *arguments[PATHS_MAX + 6] = { (char[]){ "server" }, (char[]){ "-l" },
                                       memory_string(server->log),
                                       (char[]){ "-p" }, port };
    for (int i = 0; i < PATHS_MAX && paths[i]; i++)
        arguments[5 + i] = memory_string(paths[i]);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    execv(program ? program : "build/release/server", arguments);
    perror(program ? program : "build/release/server");
    _exit(127);
}

/* The server prints its port when it listens, or ends with words on stderr. */
static void start(struct server *server, const char *const *paths)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    server->pid = fork();
    ck_assert_int_ge(server->pid, 0);
    if (server->pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        become_server(server, paths);
    }
    close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    ck_assert_ptr_nonnull(output);
    ck_assert_msg(fscanf(output, "%d", &server->port) == 1,
                  "the server did not start");
    fclose(output);
}

struct server *server_start_files(const char *const *paths)
{
    struct server *server = new_server();
    start(server, paths);
    return server;
}

/* The folder's files 01.scenario and so on hold the texts. */
static void start_texts(struct server *server, const char *const *texts)
{
    char names[PATHS_MAX][SCRATCH_PATH_MAX + 24];
    const char *paths[PATHS_MAX + 1] = { 0 };
    for (int i = 0; texts[i]; i++) {
        snprintf(names[i], sizeof names[i], "%s/%02d.scenario", server->folder,
                 i + 1);
        write_file(names[i], texts[i]);
        paths[i] = names[i];
    }
    start(server, paths);
}

static void start_list(struct server *server, const char *text, va_list rest)
{
    const char *texts[PATHS_MAX + 1] = { 0 };
    for (int count = 0; text; text = va_arg(rest, const char *)) {
        ck_assert_int_lt(count, PATHS_MAX);
        texts[count++] = text;
    }
    start_texts(server, texts);
}

struct server *server_start(const char *scenario, ...)
{
    struct server *server = new_server();
    va_list rest;
    va_start(rest, scenario);
    start_list(server, scenario, rest);
    va_end(rest);
    return server;
}

struct server *server_start_on(int port, const char *scenario, ...)
{
    struct server *server = new_server();
    va_list rest;
    server->port = port;
    va_start(rest, scenario);
    start_list(server, scenario, rest);
    va_end(rest);
    return server;
}

struct server *server_start_texts(const char *const *scenarios)
{
    struct server *server = new_server();
    start_texts(server, scenarios);
    return server;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    scratch_remove(server->folder);
    free(server->received);
    free(server);
}

const char *server_url(struct server *server, const char *path)
{
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d%s",
             server->port, path);
    return server->url;
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_release(struct server *server, const char *name)
{
    char path[2 * SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", server->folder, name);
    write_file(path, "");
}

const char *server_received(struct server *server)
{
    FILE *file = fopen(server->log, "re");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    free(server->received);
    server->received = memory_zero(size + 1, 1);
    ck_assert_uint_eq(fread(server->received, 1, size, file), size);
    fclose(file);
    return server->received;
}

bool server_await(struct server *server, const char *text)
{
    int64_t end = clock_monotonic_ms() + AWAIT_MS;
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    /* Watched before the first look, so that nothing is missed. */
    ck_assert_int_ge(inotify_add_watch(fd, server->log, IN_MODIFY), 0);
    bool found;
    while (!(found = strstr(server_received(server), text) != NULL)) {
        struct pollfd pollfd = { .fd = fd, .events = POLLIN };
        char events[4096];
        int64_t left = end - clock_monotonic_ms();
        if (left <= 0 || poll(&pollfd, 1, (int)left) <= 0)
            break;
        while (read(fd, events, sizeof events) > 0)
            ;
    }
    close(fd);
    return found;
}

struct slice server_body(struct server *server, int number)
{
    char mark[64];
    int head_len, body_len,
        len = snprintf(mark, sizeof mark, "--- request %d on ", number);
    const char *at = strstr(server_received(server), mark);
    if (!at ||
        sscanf(at + len, "connection %*d, %d+%d", &head_len, &body_len) != 2)
        return (struct slice){ 0 };
    at = strchr(at, '\n') + 1 + head_len;
    return (struct slice){ at, (size_t)body_len };
}

int server_count(struct server *server, const char *text)
{
    int count = 0;
    for (const char *at = server_received(server); (at = strstr(at, text));
         at += strlen(text))
        count++;
    return count;
}

/* The socket stays open, so that nobody else is given the port; as it does not
 * listen, a server that says so may have it. */
int server_free_port(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}
