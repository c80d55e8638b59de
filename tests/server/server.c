/* SPDX-License-Identifier: MIT */
/*
 * server - an HTTP/1.1 server on loopback that follows a script.
 *
 * usage: server [-p PORT] [-l LOG] [-t SECONDS] SCENARIO...
 *
 * The first line on stdout is the port (a free one without -p). SCENARIO is a
 * file, or a directory whose *.scenario files are taken by name. Each request
 * takes the first scenario, in the order given, that fits it and has uses left
 * (one, without `times`); none: 404. Every connection is served by a process of
 * its own. All ends with the parent process, or after -t seconds (600).
 *
 * A scenario is a list of lines. Empty lines and those that begin with # are
 * skipped; white space before the first word does not count.
 *
 * About the scenario as a whole, anywhere in it:
 *   match METHOD PATH   only for such requests. METHOD may be *, PATH may end
 *                       in * (any rest). The query is part of the path.
 *   times N|forever     how many requests may take it
 *   refuse              takes a *connection*, when it is the first with uses
 *                       left: reset before its request is read. (A port on
 *                       which nothing listens needs no server.)
 *
 * The head, sent before the first bytes of the body:
 *   status 200 OK
 *   header Name: value
 *   chunked             each `chunk`, `data`, `line`, `fill` is one HTTP chunk
 *   length N            Content-Length, which may lie
 *   head                send it now. Without `chunked`, `length` or `body` it
 *                       says "Connection: close" and the body ends there.
 *
 * The body:
 *   chunk BYTES         one write. BYTES is "text with \n \r \t \" \\ \x1b", or
 *                       @FILE for the bytes of a file
 *   body BYTES          the same, with a true Content-Length
 *   data TEXT           the rest of the line as an SSE event: "data: TEXT\n\n"
 *   line TEXT           the rest of the line and "\n"
 *   fill N              N bytes abc...zabc...
 *   raw BYTES           as they are: no chunk framing, and no head unless
 *                       `status` came before
 *   pieces N            what follows is written N bytes per write (0: whole)
 *
 * Time and order (file names are relative to the scenario's folder):
 *   delay MS
 *   await FILE          wait until this file exists
 *   touch FILE          create it
 *   repeat N ... end    may be nested
 *
 * The end. Without any of these: like keepalive.
 *   keepalive           end the body, serve the connection's next request (if
 *                       the framing allows and the client did not say close)
 *   close               close now, without the end of the body
 *   reset               the same with a TCP reset
 *   stall               keep open and send nothing until the client goes
 *   drop, drop-reset    end the body, read the next request on this connection,
 *                       then close or reset without a byte of an answer
 *
 * The log (-l) gets, in the order of arrival:
 *   --- request 2 on connection 1, 120+17 bytes, takes NAME
 *   then head and body as they came and a line feed;
 *   --- connection 1 closed by the client
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    SCENARIOS_MAX = 256,
    STEPS_MAX = 4096,
    NESTING_MAX = 8,
    HEAD_MAX = 64 * 1024,
    REQUEST_MAX = 64 * 1024 * 1024,
    LIFE_SECONDS = 600,
    AWAIT_MS = 5,
    FOREVER = -1,
};

struct bytes {
    char *ptr;
    size_t len;
};

struct step {
    const struct word *word;
    struct bytes bytes;
    long number;
    int line;
};

struct scenario {
    char path[1024];
    char method[16];
    char match[1024];
    int times;
    bool refuses;
    struct step *steps;
    size_t count;
};

/* What the processes of all connections share. */
struct shared {
    atomic_uint requests;
    atomic_int used[SCENARIOS_MAX];
};

struct server {
    struct scenario *scenarios;
    size_t count;
    struct shared *shared;
    int log_fd;
};

struct connection {
    const struct server *server;
    int fd;
    unsigned number;
    struct bytes request;
    size_t received;  /* of the request's storage */
    size_t head_size; /* of the request, its empty line included */
    /* The scenario under way. */
    const struct scenario *scenario;
    size_t at;
    struct {
        size_t start;
        long left;
    } loops[NESTING_MAX];
    int depth;
    size_t piece;
    char head[HEAD_MAX];
    size_t head_len;
    bool has_status, head_sent, chunked, framed;
};

enum outcome { NEXT, KEEP, CLOSE };
enum argument { NOTHING, NUMBER, BYTES, REST };

struct word {
    const char *name;
    enum argument argument;
    enum outcome (*run)(struct connection *connection, const struct step *step);
};

__attribute__((format(printf, 1, 2), noreturn)) static void fail(
    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("server: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static void *checked(void *ptr)
{
    if (!ptr)
        fail("out of memory");
    return ptr;
}

/* ---- The log and the wire. ---- */

static void log_bytes(const struct server *server, const char *line,
                      struct bytes bytes)
{
    struct iovec parts[] = {
        { (char *)(uintptr_t)line, strlen(line) },
        { bytes.ptr, bytes.len },
        { (char *)(uintptr_t) "\n", bytes.ptr ? 1 : 0 },
    };
    /* One write to a file opened with O_APPEND: records do not mix. */
    if (server->log_fd >= 0 && writev(server->log_fd, parts, 3) < 0)
        fail("log: %s", strerror(errno));
}

__attribute__((noreturn)) static void gone(const struct connection *connection)
{
    char line[80];
    snprintf(line, sizeof line, "--- connection %u closed by the client\n",
             connection->number);
    log_bytes(connection->server, line, (struct bytes){ 0 });
    _exit(0);
}

static void write_all(const struct connection *connection, const char *ptr,
                      size_t len)
{
    while (len) {
        size_t size = connection->piece && connection->piece < len
                          ? connection->piece
                          : len;
        ssize_t sent = send(connection->fd, ptr, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            gone(connection);
        if (sent > 0) {
            ptr += sent;
            len -= (size_t)sent;
        }
    }
}

/* Wait, and notice when the client goes. */
static void wait_ms(const struct connection *connection, long ms)
{
    struct pollfd pollfd = { .fd = connection->fd, .events = POLLRDHUP };
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long end = now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
    long left = ms;
    while (left >= 0) {
        if (poll(&pollfd, 1, (int)left) > 0)
            gone(connection);
        clock_gettime(CLOCK_MONOTONIC, &now);
        left = end - (now.tv_sec * 1000 + now.tv_nsec / 1000000) - 1;
    }
}

__attribute__((noreturn)) static void reset(const struct connection *connection)
{
    struct linger linger = { .l_onoff = 1 };
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    _exit(0);
}

/* ---- Requests. ---- */

static size_t body_len(const struct connection *connection)
{
    const char *field =
        strcasestr(connection->request.ptr, "\r\nContent-Length:");
    if (!field || field >= connection->request.ptr + connection->head_size)
        return 0;
    size_t len = strtoul(field + 17, NULL, 10);
    if (len > REQUEST_MAX)
        fail("a request of %zu bytes", len);
    return len;
}

static void receive(struct connection *connection)
{
    enum { ROOM = 64 * 1024 };
    struct bytes *request = &connection->request;
    request->ptr =
        checked(realloc(request->ptr, connection->received + ROOM + 1));
    ssize_t count =
        recv(connection->fd, request->ptr + connection->received, ROOM, 0);
    if (count <= 0)
        gone(connection);
    connection->received += (size_t)count;
    request->ptr[connection->received] = '\0';
}

/* Head and body whole in connection->request; or the client is gone. */
static void read_request(struct connection *connection)
{
    struct bytes *request = &connection->request;
    connection->received -= request->len;
    memmove(request->ptr, request->ptr + request->len, connection->received);
    request->ptr[connection->received] = '\0';
    const char *end;
    while (!(end = strstr(request->ptr, "\r\n\r\n"))) {
        if (connection->received > HEAD_MAX)
            fail("a request head of over %d bytes", HEAD_MAX);
        receive(connection);
    }
    connection->head_size = (size_t)(end + 4 - request->ptr);
    request->len = connection->head_size + body_len(connection);
    if (connection->received < request->len &&
        strcasestr(request->ptr, "\r\nExpect: 100-continue\r\n"))
        write_all(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    while (connection->received < request->len)
        receive(connection);
}

static void log_request(const struct connection *connection, const char *taker)
{
    char line[1200];
    snprintf(line, sizeof line,
             "--- request %u on connection %u, %zu+%zu bytes, takes %s\n",
             atomic_fetch_add(&connection->server->shared->requests, 1) + 1,
             connection->number, connection->head_size,
             connection->request.len - connection->head_size, taker);
    log_bytes(connection->server, line, connection->request);
}

/* ---- The words of a scenario. ---- */

__attribute__((format(printf, 2, 3))) static void head_add(
    struct connection *connection, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof connection->head - connection->head_len;
    int len = vsnprintf(connection->head + connection->head_len, room, format,
                        arguments);
    va_end(arguments);
    if (len < 0 || (size_t)len >= room)
        fail("%s: head too long", connection->scenario->path);
    connection->head_len += (size_t)len;
}

static enum outcome run_status(struct connection *connection,
                               const struct step *step)
{
    /* The status line comes first, wherever `status` stands among headers. */
    char line[256];
    size_t len =
        (size_t)snprintf(line, sizeof line, "HTTP/1.1 %s\r\n", step->bytes.ptr);
    if (len >= sizeof line || len + connection->head_len >= HEAD_MAX)
        fail("%s: status too long", connection->scenario->path);
    memmove(connection->head + len, connection->head, connection->head_len);
    memcpy(connection->head, line, len);
    connection->head_len += len;
    connection->has_status = true;
    return NEXT;
}

static enum outcome run_header(struct connection *connection,
                               const struct step *step)
{
    head_add(connection, "%s\r\n", step->bytes.ptr);
    if (!strncasecmp(step->bytes.ptr, "Content-Length:", 15))
        connection->framed = true;
    return NEXT;
}

static enum outcome run_chunked(struct connection *connection,
                                const struct step *step)
{
    (void)step;
    connection->chunked = connection->framed = true;
    head_add(connection, "Transfer-Encoding: chunked\r\n");
    return NEXT;
}

static enum outcome run_length(struct connection *connection,
                               const struct step *step)
{
    connection->framed = true;
    head_add(connection, "Content-Length: %ld\r\n", step->number);
    return NEXT;
}

static enum outcome run_head(struct connection *connection,
                             const struct step *step)
{
    char ok[] = "200 OK";
    (void)step;
    if (connection->head_sent)
        return NEXT;
    if (!connection->has_status)
        run_status(connection, &(struct step){ .bytes.ptr = ok });
    if (!connection->framed)
        head_add(connection, "Connection: close\r\n");
    head_add(connection, "\r\n");
    write_all(connection, connection->head, connection->head_len);
    connection->head_sent = true;
    return NEXT;
}

static enum outcome run_chunk(struct connection *connection,
                              const struct step *step)
{
    run_head(connection, step);
    if (!connection->chunked) {
        write_all(connection, step->bytes.ptr, step->bytes.len);
        return NEXT;
    }
    if (step->bytes.len == 0)
        return NEXT; /* it would end the body */
    char *frame = checked(malloc(step->bytes.len + 32));
    size_t len = (size_t)snprintf(frame, 32, "%zx\r\n", step->bytes.len);
    memcpy(frame + len, step->bytes.ptr, step->bytes.len);
    memcpy(frame + len + step->bytes.len, "\r\n", 2);
    write_all(connection, frame, len + step->bytes.len + 2);
    free(frame);
    return NEXT;
}

static enum outcome run_body(struct connection *connection,
                             const struct step *step)
{
    if (!connection->framed)
        head_add(connection, "Content-Length: %zu\r\n", step->bytes.len);
    connection->framed = true;
    return run_chunk(connection, step);
}

static enum outcome run_fill(struct connection *connection,
                             const struct step *step)
{
    struct step filled = { 0 };
    filled.bytes.len = (size_t)step->number;
    filled.bytes.ptr = checked(malloc(filled.bytes.len + 1));
    for (size_t i = 0; i < filled.bytes.len; i++)
        filled.bytes.ptr[i] = (char)('a' + i % 26);
    run_chunk(connection, &filled);
    free(filled.bytes.ptr);
    return NEXT;
}

static enum outcome run_raw(struct connection *connection,
                            const struct step *step)
{
    if (connection->has_status)
        run_head(connection, step);
    write_all(connection, step->bytes.ptr, step->bytes.len);
    connection->head_sent = true;
    return NEXT;
}

static enum outcome run_pieces(struct connection *connection,
                               const struct step *step)
{
    connection->piece = (size_t)step->number;
    return NEXT;
}

static enum outcome run_delay(struct connection *connection,
                              const struct step *step)
{
    wait_ms(connection, step->number);
    return NEXT;
}

/* A file beside the scenario. */
static const char *beside(const struct scenario *scenario, const char *name,
                          char path[static 2048])
{
    const char *slash = strrchr(scenario->path, '/');
    int folder =
        slash && name[0] != '/' ? (int)(slash + 1 - scenario->path) : 0;
    if (snprintf(path, 2048, "%.*s%s", folder, scenario->path, name) >= 2048)
        fail("%s: name too long: %s", scenario->path, name);
    return path;
}

static enum outcome run_await(struct connection *connection,
                              const struct step *step)
{
    char path[2048];
    beside(connection->scenario, step->bytes.ptr, path);
    while (access(path, F_OK) != 0)
        wait_ms(connection, AWAIT_MS);
    return NEXT;
}

static enum outcome run_touch(struct connection *connection,
                              const struct step *step)
{
    char path[2048];
    beside(connection->scenario, step->bytes.ptr, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        fail("%s: %s", path, strerror(errno));
    close(fd);
    return NEXT;
}

static enum outcome run_repeat(struct connection *connection,
                               const struct step *step)
{
    connection->loops[connection->depth].start = connection->at;
    connection->loops[connection->depth].left = step->number;
    connection->depth++;
    return NEXT;
}

static enum outcome run_end(struct connection *connection,
                            const struct step *step)
{
    (void)step;
    int inner = connection->depth - 1;
    if (--connection->loops[inner].left > 0)
        connection->at = connection->loops[inner].start;
    else
        connection->depth = inner;
    return NEXT;
}

static enum outcome run_keepalive(struct connection *connection,
                                  const struct step *step)
{
    if (connection->has_status)
        run_head(connection, step);
    if (connection->chunked)
        write_all(connection, "0\r\n\r\n", 5);
    return connection->framed ? KEEP : CLOSE;
}

static enum outcome run_close(struct connection *connection,
                              const struct step *step)
{
    (void)connection, (void)step;
    return CLOSE;
}

static enum outcome run_reset(struct connection *connection,
                              const struct step *step)
{
    (void)step;
    reset(connection);
}

static enum outcome run_stall(struct connection *connection,
                              const struct step *step)
{
    (void)step;
    for (;;)
        wait_ms(connection, 1000);
    return CLOSE;
}

static enum outcome run_drop(struct connection *connection,
                             const struct step *step)
{
    if (run_keepalive(connection, step) == KEEP) {
        read_request(connection);
        log_request(connection, "nothing");
    }
    return CLOSE;
}

static enum outcome run_drop_reset(struct connection *connection,
                                   const struct step *step)
{
    run_drop(connection, step);
    reset(connection);
}

static const struct word words[] = {
    { "match", REST, NULL },
    { "times", REST, NULL },
    { "refuse", NOTHING, NULL },
    { "status", REST, run_status },
    { "header", REST, run_header },
    { "chunked", NOTHING, run_chunked },
    { "length", NUMBER, run_length },
    { "head", NOTHING, run_head },
    { "chunk", BYTES, run_chunk },
    { "body", BYTES, run_body },
    { "data", REST, run_chunk },
    { "line", REST, run_chunk },
    { "fill", NUMBER, run_fill },
    { "raw", BYTES, run_raw },
    { "pieces", NUMBER, run_pieces },
    { "delay", NUMBER, run_delay },
    { "await", REST, run_await },
    { "touch", REST, run_touch },
    { "repeat", NUMBER, run_repeat },
    { "end", NOTHING, run_end },
    { "keepalive", NOTHING, run_keepalive },
    { "close", NOTHING, run_close },
    { "reset", NOTHING, run_reset },
    { "stall", NOTHING, run_stall },
    { "drop", NOTHING, run_drop },
    { "drop-reset", NOTHING, run_drop_reset },
};

/* ---- Reading scenarios. ---- */

static struct bytes read_whole(const char *path)
{
    struct bytes bytes = { 0 };
    FILE *file = fopen(path, "re");
    if (!file)
        fail("%s: %s", path, strerror(errno));
    size_t size = 0, count;
    do {
        size += 64 * 1024;
        bytes.ptr = checked(realloc(bytes.ptr, size + 1));
        count = fread(bytes.ptr + bytes.len, 1, size - bytes.len, file);
        bytes.len += count;
    } while (count);
    fclose(file);
    bytes.ptr[bytes.len] = '\0';
    return bytes;
}

static int hex_value(const char *digits, int *value)
{
    char text[3] = { digits[0], digits[0] ? digits[1] : '\0', '\0' };
    char *end;
    *value = (int)strtol(text, &end, 16);
    return end == text + 2;
}

/* "text" with escapes. False if it is malformed. */
static bool unquote(const char *text, struct bytes *bytes)
{
    static const char names[] = "nrt\"\\0", meant[] = "\n\r\t\"\\";
    bytes->ptr = checked(malloc(strlen(text) + 1));
    char *out = bytes->ptr;
    const char *in = text + 1, *name;
    int value;
    while (*in && *in != '"') {
        if (*in != '\\') {
            *out++ = *in++;
        } else if (in[1] == 'x' && hex_value(in + 2, &value)) {
            *out++ = (char)value;
            in += 4;
        } else if (in[1] && (name = strchr(names, in[1]))) {
            *out++ = meant[name - names];
            in += 2;
        } else {
            return false;
        }
    }
    *out = '\0';
    bytes->len = (size_t)(out - bytes->ptr);
    return in[0] == '"' && in[1] == '\0';
}

static void read_bytes(const struct scenario *scenario, struct step *step,
                       const char *argument)
{
    char path[2048];
    if (argument[0] == '@')
        step->bytes = read_whole(beside(scenario, argument + 1, path));
    else if (argument[0] != '"' || !unquote(argument, &step->bytes))
        fail("%s:%d: not a \"string\" or @FILE", scenario->path, step->line);
}

/* `data` and `line` are chunks that are easier to write. */
static void read_rest(struct step *step, const char *argument)
{
    bool is_data = !strcmp(step->word->name, "data");
    bool is_line = !strcmp(step->word->name, "line");
    char *text;
    int len = asprintf(&text, "%s%s%s", is_data ? "data: " : "", argument,
                       is_data   ? "\n\n"
                       : is_line ? "\n"
                                 : "");
    if (len < 0)
        fail("out of memory");
    step->bytes = (struct bytes){ text, (size_t)len };
}

/* True if the line is about the scenario as a whole. */
static bool read_property(struct scenario *scenario, const char *word,
                          const char *argument)
{
    if (!strcmp(word, "refuse")) {
        scenario->refuses = true;
        return true;
    }
    if (!strcmp(word, "times")) {
        scenario->times = !strcmp(argument, "forever")
                              ? FOREVER
                              : (int)strtol(argument, NULL, 10);
        return true;
    }
    if (strcmp(word, "match") != 0)
        return false;
    if (sscanf(argument, "%15s %1023s", scenario->method, scenario->match) != 2)
        fail("%s: match METHOD PATH", scenario->path);
    return true;
}

static const struct word *find_word(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].name, name))
            return &words[i];
    return NULL;
}

static void read_line(struct scenario *scenario, char *line, int number)
{
    line += strspn(line, " \t");
    if (*line == '\0' || *line == '#')
        return;
    size_t len = strcspn(line, " \t");
    char *argument = line + len + strspn(line + len, " \t");
    line[len] = '\0';
    struct step step = { .word = find_word(line), .line = number };
    if (!step.word)
        fail("%s:%d: unknown word %s", scenario->path, number, line);
    if ((step.word->argument == NOTHING) != (*argument == '\0') &&
        step.word->argument != REST)
        fail("%s:%d: %s", scenario->path, number,
             *argument ? "too many words" : "an argument is missing");
    if (read_property(scenario, line, argument))
        return;
    if (step.word->argument == NUMBER)
        step.number = strtol(argument, NULL, 10);
    else if (step.word->argument == BYTES)
        read_bytes(scenario, &step, argument);
    else if (step.word->argument == REST)
        read_rest(&step, argument);
    if (scenario->count == STEPS_MAX)
        fail("%s: too many lines", scenario->path);
    scenario->steps[scenario->count++] = step;
}

static void check_nesting(const struct scenario *scenario)
{
    int depth = 0;
    for (size_t i = 0; i < scenario->count; i++) {
        const struct step *step = &scenario->steps[i];
        depth += (step->word->run == run_repeat) - (step->word->run == run_end);
        if (depth < 0 || depth > NESTING_MAX)
            fail("%s:%d: repeat and end", scenario->path, step->line);
    }
    if (depth)
        fail("%s: a repeat without end", scenario->path);
}

static void read_scenario(struct server *server, const char *path)
{
    if (server->count == SCENARIOS_MAX)
        fail("too many scenarios");
    struct scenario *scenario = &server->scenarios[server->count++];
    *scenario = (struct scenario){ .times = 1 };
    if (strlen(path) >= sizeof scenario->path)
        fail("name too long: %s", path);
    memcpy(scenario->path, path, strlen(path) + 1);
    scenario->steps = checked(calloc(STEPS_MAX, sizeof *scenario->steps));
    struct bytes bytes = read_whole(path);
    int number = 0;
    char *rest = bytes.ptr, *line;
    while ((line = strsep(&rest, "\n")))
        read_line(scenario, line, ++number);
    free(bytes.ptr);
    check_nesting(scenario);
}

static int is_scenario(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && !strcmp(dot, ".scenario");
}

static void read_argument(struct server *server, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        fail("%s: %s", path, strerror(errno));
    if (!S_ISDIR(status.st_mode)) {
        read_scenario(server, path);
        return;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, is_scenario, alphasort);
    for (int i = 0; i < count; i++) {
        char name[2048];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        read_scenario(server, name);
        free(entries[i]);
    }
    free(entries);
}

/* ---- Serving. ---- */

static bool fits(const struct scenario *scenario, const char *method,
                 const char *path)
{
    size_t len = strlen(scenario->match);
    if (scenario->refuses)
        return false;
    if (len == 0)
        return true;
    if (strcmp(scenario->method, "*") != 0 &&
        strcmp(scenario->method, method) != 0)
        return false;
    if (scenario->match[len - 1] == '*')
        return !strncmp(scenario->match, path, len - 1);
    return !strcmp(scenario->match, path);
}

/* Other connections choose at the same time: a use is taken or not. */
static bool take(const struct server *server, size_t i)
{
    int times = server->scenarios[i].times;
    atomic_int *used = &server->shared->used[i];
    int before = atomic_load(used);
    while (times == FOREVER || before < times)
        if (atomic_compare_exchange_weak(used, &before, before + 1))
            return true;
    return false;
}

static const struct scenario *choose(const struct connection *connection)
{
    const struct server *server = connection->server;
    char method[16] = "", path[4096] = "";
    sscanf(connection->request.ptr, "%15s %4095s", method, path);
    for (size_t i = 0; i < server->count; i++)
        if (fits(&server->scenarios[i], method, path) && take(server, i))
            return &server->scenarios[i];
    return NULL;
}

/* True if the first scenario that has uses left refuses connections. */
static bool is_refused(const struct server *server)
{
    for (size_t i = 0; i < server->count; i++) {
        const struct scenario *scenario = &server->scenarios[i];
        if (scenario->refuses && take(server, i))
            return true;
        if (scenario->times == FOREVER ||
            atomic_load(&server->shared->used[i]) < scenario->times)
            return false;
    }
    return false;
}

static enum outcome answer_nothing(struct connection *connection)
{
    static const char answer[] = "HTTP/1.1 404 Not Found\r\n"
                                 "Content-Type: application/json\r\n"
                                 "Content-Length: 33\r\n\r\n"
                                 "{\"error\":\"no scenario for this\"}\n";
    log_request(connection, "no scenario");
    connection->piece = 0;
    write_all(connection, answer, sizeof answer - 1);
    return KEEP;
}

static enum outcome answer(struct connection *connection)
{
    connection->scenario = choose(connection);
    if (!connection->scenario)
        return answer_nothing(connection);
    const char *slash = strrchr(connection->scenario->path, '/');
    log_request(connection, slash ? slash + 1 : connection->scenario->path);
    connection->at = connection->piece = connection->head_len = 0;
    connection->depth = 0;
    connection->has_status = connection->head_sent = false;
    connection->chunked = connection->framed = false;
    while (connection->at < connection->scenario->count) {
        const struct step *step =
            &connection->scenario->steps[connection->at++];
        enum outcome outcome = step->word->run(connection, step);
        if (outcome != NEXT)
            return outcome;
    }
    return run_keepalive(connection, NULL);
}

static bool wants_close(const struct connection *connection)
{
    const char *field =
        strcasestr(connection->request.ptr, "\r\nConnection: close\r\n");
    return field && field < connection->request.ptr + connection->head_size;
}

__attribute__((noreturn)) static void serve(const struct server *server, int fd,
                                            unsigned number)
{
    struct connection *connection = checked(calloc(1, sizeof *connection));
    connection->server = server;
    connection->fd = fd;
    connection->number = number;
    connection->request.ptr = checked(calloc(1, 1));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    if (is_refused(server))
        reset(connection);
    do {
        read_request(connection);
    } while (answer(connection) == KEEP && !wants_close(connection));
    shutdown(fd, SHUT_WR);
    _exit(0);
}

static int listen_on(unsigned long port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("port %lu: %s", port, strerror(errno));
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

__attribute__((noreturn)) static void run(const struct server *server,
                                          int listener)
{
    pid_t parent = getpid();
    for (unsigned number = 1;; number++) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            fail("accept: %s", strerror(errno));
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            if (getppid() != parent)
                _exit(0);
            serve(server, fd, number);
        }
        close(fd);
    }
}

static int open_log(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        fail("%s: %s", path, strerror(errno));
    return fd;
}

int main(int argc, char **argv)
{
    struct server server = { .log_fd = -1 };
    unsigned long port = 0;
    unsigned life = LIFE_SECONDS;
    int option;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    while ((option = getopt(argc, argv, "p:l:t:")) != -1) {
        switch (option) {
        case 'p': port = strtoul(optarg, NULL, 10); break;
        case 'l': server.log_fd = open_log(optarg); break;
        case 't': life = (unsigned)strtoul(optarg, NULL, 10); break;
        default: fail("[-p PORT] [-l LOG] [-t SECONDS] SCENARIO...");
        }
    }
    alarm(life);
    server.scenarios = checked(calloc(SCENARIOS_MAX, sizeof *server.scenarios));
    server.shared = mmap(NULL, sizeof *server.shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (server.shared == MAP_FAILED)
        fail("mmap: %s", strerror(errno));
    for (int i = optind; i < argc; i++)
        read_argument(&server, argv[i]);
    run(&server, listen_on(port));
}
