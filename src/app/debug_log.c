/* SPDX-License-Identifier: MIT */
#include "app/debug_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/redact.h"

struct debug_log {
    const struct endpoints *endpoints;
    int fd; /* -1: closed */
    char *path;
    ARRAY_OF(const char *) secrets; /* of the line that is being written */
};

struct debug_log *debug_log_new(const struct endpoints *endpoints)
{
    struct debug_log *log = memory_zero(1, sizeof *log);
    log->endpoints = endpoints;
    log->fd = -1;
    return log;
}

void debug_log_close(struct debug_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    free(log->path);
    log->fd = -1;
    log->path = NULL;
}

void debug_log_free(struct debug_log *log)
{
    if (!log)
        return;
    debug_log_close(log);
    array_clear(&log->secrets);
    free(log);
}

const char *debug_log_path(const struct debug_log *log)
{
    return log->path;
}

/* A disk that is full must not end the program: the log ends. */
static void write_line(struct debug_log *log, const struct buf *line)
{
    struct slice rest = buf_slice(line);
    while (rest.len) {
        ssize_t len = write(log->fd, rest.ptr, rest.len);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0) {
            debug_log_close(log);
            return;
        }
        rest = slice_skip(rest, (size_t)len);
    }
}

static void say(struct debug_log *log, const char *format, ...)
    PRINTF_LIKE(2, 3);

static void say(struct debug_log *log, const char *format, ...)
{
    struct buf line = { 0 };
    va_list arguments;
    buf_printf(&line, "%10" PRId64 " ", clock_monotonic_ms());
    va_start(arguments, format);
    buf_vprintf(&line, format, arguments);
    va_end(arguments);
    buf_append_char(&line, '\n');
    write_line(log, &line);
    buf_clear(&line);
}

static int open_own(const char *path, struct error *err)
{
    struct stat status;
    int fd = open(
        path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
        S_IRUSR | S_IWUSR);
    if (fd < 0 || fstat(fd, &status) < 0) {
        error_system(err, "writing %s", path);
    } else if (!S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
        error_set(err, ERROR_SYSTEM, "%s is no file of yours", path);
    } else if (fchmod(fd, S_IRUSR | S_IWUSR) < 0) {
        error_system(err, "making %s private", path);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

bool debug_log_open(struct debug_log *log, const char *path, struct error *err)
{
    struct buf expanded = { 0 };
    char date[sizeof "2026-12-31T23:59:59Z"];
    time_t now = time(NULL);
    struct tm parts;
    path_expand(&expanded, path);
    int fd = open_own(buf_string(&expanded), err);
    if (fd >= 0) {
        debug_log_close(log);
        log->fd = fd;
        log->path = buf_steal(&expanded);
        gmtime_r(&now, &parts);
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts);
        say(log, "log sennit %s, process %d, %s", VERSION, (int)getpid(), date);
    }
    buf_clear(&expanded);
    return fd >= 0;
}

/* A key that a program prints is known only once it has run. */
static void redact(struct debug_log *log, struct buf *out, struct slice text)
{
    log->secrets.count = 0;
    for (size_t i = 0; i < log->endpoints->list.count; i++) {
        const char *key = endpoint_key(&log->endpoints->list.items[i]);
        if (key)
            *array_add(&log->secrets) = key;
    }
    redact_append(out, text, log->secrets.items, log->secrets.count);
}

/* Events. */

/* Text that comes in pieces. */
static bool is_piece(enum event_type type)
{
    return type == EVENT_TEXT_DELTA || type == EVENT_THINKING_DELTA ||
           type == EVENT_TOOL_CALL_DELTA;
}

static bool is_text(enum event_field field)
{
    return event_field_kind(field) == FIELD_KIND_TEXT ||
           event_field_kind(field) == FIELD_KIND_JSON ||
           event_field_kind(field) == FIELD_KIND_BYTES;
}

void debug_log_event(struct debug_log *log, const struct event *event)
{
    struct event copy = *event;
    struct buf texts[EVENT_FIELDS_MAX] = { 0 }, line = { 0 };
    if (log->fd < 0)
        return;
    for (uint32_t i = 0; i < event->field_count; i++) {
        const struct event_value *value = &event->fields[i];
        if (!is_text(value->field))
            continue;
        if (is_piece(event->type) ||
            event_field_kind(value->field) == FIELD_KIND_BYTES)
            buf_printf(&texts[i], "<%zu bytes>", value->text.len);
        else
            redact(log, &texts[i], value->text);
        copy.fields[i].text = buf_slice(&texts[i]);
    }
    event_to_json(&line, &copy);
    say(log, "event %s", buf_string(&line));
    for (uint32_t i = 0; i < event->field_count; i++)
        buf_clear(&texts[i]);
    buf_clear(&line);
}

/* Transfers. */

static void on_start(void *context, uint32_t id, const char *url,
                     const struct http_request *request)
{
    struct debug_log *log = context;
    struct buf shown = { 0 };
    if (log->fd < 0)
        return;
    redact(log, &shown, slice_of(url));
    say(log, "http %u: %s %s, %zu bytes", id,
        request->body.ptr ? "POST" : "GET", buf_string(&shown),
        request->body.len);
    buf_clear(&shown);
}

static void append_time(struct buf *out, const char *what, int64_t ms)
{
    if (ms >= 0)
        buf_printf(out, ", %s %" PRId64 " ms", what, ms);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct debug_log *log = context;
    struct buf words = { 0 };
    if (log->fd < 0)
        return;
    if (!result) {
        say(log, "http %u: cancelled", id);
        return;
    }
    buf_printf(&words, "status %d, %" PRIu64 " bytes", result->head.status,
               result->body_bytes);
    append_time(&words, "connected after", result->connect_ms);
    append_time(&words, "first byte after", result->first_byte_ms);
    append_time(&words, "ended after", result->total_ms);
    if (!result->transferred) {
        buf_append_string(&words, ", failed: ");
        redact(log, &words, slice_of(result->err.text));
    }
    say(log, "http %u: %s", id, buf_string(&words));
    buf_clear(&words);
}

void debug_log_observe(struct debug_log *log, struct http *http)
{
    static const struct http_observer observer = { on_start, on_done };
    http_observe(http, &observer, log);
}
