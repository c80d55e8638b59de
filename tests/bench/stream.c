/* SPDX-License-Identifier: MIT */
#include "tests/bench/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "tests/bench/sample.h"

static const char tags[] =
    "{\"models\":[{\"name\":\"bench:1b\",\"size\":1000000}]}";
static const char loaded[] =
    "{\"models\":[{\"name\":\"bench:1b\",\"context_length\":4000000}]}";

/* One connection. */
struct peer {
    const struct answer_text *answer;
    struct stream_shared *shared;
    int fd;
    struct buf request; /* what came of the next one */
    int64_t request_at;
    struct buf line, chunk;
};

__attribute__((noreturn)) static void give_up(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void send_all(const struct peer *peer, struct slice bytes)
{
    while (bytes.len) {
        ssize_t sent = send(peer->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            _exit(0);
        if (sent > 0)
            bytes = slice_skip(bytes, (size_t)sent);
    }
}

/* The bytes of the first request, head and body; 0: not whole yet. */
static size_t whole_request(const struct buf *request)
{
    static const char field[] = "\r\nContent-Length:";
    const char *text = buf_string(request);
    const char *end = strstr(text, "\r\n\r\n");
    if (!end)
        return 0;
    const char *length = strcasestr(text, field);
    size_t len = (size_t)(end + 4 - text);
    if (length && length < end)
        len += strtoul(length + sizeof field - 1, NULL, 10);
    return request->len >= len ? len : 0;
}

static size_t receive(struct peer *peer)
{
    enum { ROOM = 1 << 20 };
    size_t len;
    while (!(len = whole_request(&peer->request))) {
        char *room = buf_reserve(&peer->request, ROOM);
        ssize_t count = recv(peer->fd, room, ROOM, 0);
        if (count <= 0)
            _exit(0);
        if (!peer->request.len)
            peer->request_at = sample_now_ns();
        peer->request.len += (size_t)count;
        peer->request.ptr[peer->request.len] = '\0';
    }
    return len;
}

static void reply(struct peer *peer, const char *status, const char *body)
{
    buf_reset(&peer->chunk);
    buf_printf(&peer->chunk,
               "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
               "Content-Length: %zu\r\n\r\n%s",
               status, strlen(body), body);
    send_all(peer, buf_slice(&peer->chunk));
}

static void send_line(struct peer *peer)
{
    buf_append_char(&peer->line, '\n');
    buf_reset(&peer->chunk);
    buf_printf(&peer->chunk, "%zx\r\n%s\r\n", peer->line.len,
               buf_string(&peer->line));
    send_all(peer, buf_slice(&peer->chunk));
}

static void send_token(struct peer *peer, size_t index)
{
    const struct token *token = &peer->answer->tokens.items[index];
    buf_reset(&peer->line);
    buf_append_string(&peer->line,
                      "{\"model\":\"bench:1b\",\"created_at\":"
                      "\"2026-01-01T00:00:00.000000000Z\",\"message\":"
                      "{\"role\":\"assistant\",\"content\":");
    json_append_quoted(&peer->line, answer_token(peer->answer, index));
    buf_append_string(&peer->line, "},\"done\":false}");
    if (token->mark >= 0 && token->mark < STREAM_MARKS_MAX)
        atomic_store(&peer->shared->sent_at[token->mark], sample_now_ns());
    send_line(peer);
}

static void wait_until(int64_t ns)
{
    struct timespec at = { .tv_sec = ns / 1000000000,
                           .tv_nsec = ns % 1000000000 };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

static void stream_answer(struct peer *peer)
{
    int tokens = atomic_load(&peer->shared->tokens);
    int per_second = atomic_load(&peer->shared->per_second);
    int64_t start = sample_now_ns();
    send_all(peer, slice_of("HTTP/1.1 200 OK\r\n"
                            "Content-Type: application/x-ndjson\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < tokens; i++) {
        if (per_second)
            wait_until(start + (int64_t)i * 1000000000 / per_second);
        /* Whatever its length, an answer has the same end. */
        bool is_last = i + 1 == tokens;
        send_token(peer, is_last ? peer->answer->tokens.count - 1 : (size_t)i);
    }
    buf_reset(&peer->line);
    buf_printf(&peer->line,
               "{\"model\":\"bench:1b\",\"message\":{\"role\":\"assistant\","
               "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
               "\"prompt_eval_count\":20,\"eval_count\":%d,"
               "\"eval_duration\":1000000000}",
               tokens);
    send_line(peer);
    send_all(peer, slice_of("0\r\n\r\n"));
    atomic_fetch_add(&peer->shared->answered, 1);
}

static void answer_request(struct peer *peer)
{
    struct slice request = buf_slice(&peer->request);
    if (slice_starts(request, "GET /api/tags ")) {
        reply(peer, "200 OK", tags);
    } else if (slice_starts(request, "GET /api/ps ")) {
        reply(peer, "200 OK", loaded);
    } else if (slice_starts(request, "POST /api/chat ")) {
        atomic_store(&peer->shared->request_at, peer->request_at);
        atomic_fetch_add(&peer->shared->requests, 1);
        stream_answer(peer);
    } else {
        reply(peer, "404 Not Found", "{\"error\":\"not found\"}");
    }
}

__attribute__((noreturn)) static void serve(struct peer *peer)
{
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    for (;;) {
        size_t len = receive(peer);
        answer_request(peer);
        buf_consume(&peer->request, len);
        peer->request_at = sample_now_ns();
    }
}

__attribute__((noreturn)) static void run(const struct stream *stream,
                                          int listener)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        struct peer peer = { .answer = stream->answer,
                             .shared = stream->shared };
        peer.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (peer.fd < 0)
            _exit(2);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            serve(&peer);
        }
        close(peer.fd);
    }
}

static int listen_on(int *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        give_up("cannot listen on loopback");
    *port = ntohs(address.sin_port);
    return fd;
}

void stream_start(struct stream *stream, const struct answer_text *answer)
{
    int listener = listen_on(&stream->port);
    stream->answer = answer;
    pid_t parent = getpid();
    stream->shared = mmap(NULL, sizeof *stream->shared, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (stream->shared == MAP_FAILED)
        give_up("mmap");
    fflush(NULL);
    stream->pid = fork();
    if (stream->pid < 0)
        give_up("fork");
    if (stream->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            run(stream, listener);
        _exit(0);
    }
    close(listener);
}

void stream_stop(struct stream *stream)
{
    kill(stream->pid, SIGKILL);
    waitpid(stream->pid, NULL, 0);
    munmap(stream->shared, sizeof *stream->shared);
    *stream = (struct stream){ 0 };
}

void stream_plan(struct stream *stream, int tokens, int per_second)
{
    atomic_store(&stream->shared->tokens, tokens);
    atomic_store(&stream->shared->per_second, per_second);
    for (int i = 0; i < STREAM_MARKS_MAX; i++)
        atomic_store(&stream->shared->sent_at[i], 0);
}
