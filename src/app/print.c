/* SPDX-License-Identifier: MIT */
#include "app/print.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/utf8.h"
#include "ui/ascii.h"

void print_init(struct print *print, int fd)
{
    *print = (struct print){
        .fd = fd,
        .is_terminal = isatty(fd),
        .at_line_start = true,
    };
}

void print_init_sink(struct print *print, struct buf *sink, bool is_ascii)
{
    *print = (struct print){
        .fd = -1,
        .sink = sink,
        .is_terminal = true,
        .is_ascii = is_ascii,
        .at_line_start = true,
    };
}

void print_clear(struct print *print)
{
    filter_clear(&print->filter);
}

/* A descriptor that another program made non-blocking is waited for. */
static bool write_all(struct print *print, struct slice bytes)
{
    if (print->sink) {
        buf_append_slice(print->sink, bytes);
        return true;
    }
    while (bytes.len && !print->has_failed) {
        ssize_t written = write(print->fd, bytes.ptr, bytes.len);
        if (written >= 0) {
            bytes = slice_skip(bytes, (size_t)written);
        } else if (errno == EAGAIN) {
            struct pollfd ready = { .fd = print->fd, .events = POLLOUT };
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            print->has_failed = true;
            print->error_number = errno;
        }
    }
    return !print->has_failed;
}

static bool write_source(struct print *print, struct slice bytes)
{
    if (bytes.len)
        print->at_line_start = bytes.ptr[bytes.len - 1] == '\n';
    return write_all(print, bytes);
}

/* Of a cluster only its base is shown, as on the screen. */
static void append_ascii(struct buf *out, struct slice text)
{
    while (text.len) {
        uint32_t character;
        text = slice_skip(text, utf8_decode(text, &character));
        if (!utf8_is_extender(character))
            buf_append_char(out, ascii_likeness(character));
    }
}

/* What the filter gives: whole characters. */
static bool write_harmless(struct print *print, const struct buf *harmless)
{
    if (!print->is_ascii)
        return write_source(print, buf_slice(harmless));
    struct buf ascii = { 0 };
    append_ascii(&ascii, buf_slice(harmless));
    bool ok = write_source(print, buf_slice(&ascii));
    buf_clear(&ascii);
    return ok;
}

bool print_text(struct print *print, struct slice text)
{
    if (!print->is_terminal)
        return write_source(print, text);
    struct buf harmless = { 0 };
    filter_feed(&print->filter, &harmless, text);
    bool ok = write_harmless(print, &harmless);
    buf_clear(&harmless);
    return ok;
}

bool print_end(struct print *print)
{
    struct buf harmless = { 0 };
    filter_flush(&print->filter, &harmless);
    bool ok = write_harmless(print, &harmless);
    buf_clear(&harmless);
    return ok;
}

bool print_strong(struct print *print, struct slice text)
{
    const char *kind = getenv("TERM");
    bool is_bold = print->is_terminal && kind && *kind && strcmp(kind, "dumb");
    print_end(print);
    if (is_bold)
        write_all(print, slice_of("\x1b[1m"));
    print_text(print, text);
    print_end(print);
    return !is_bold || write_all(print, slice_of("\x1b[22m"));
}

void print_fresh_line(struct print *print)
{
    if (!print->at_line_start)
        write_source(print, slice_of("\n"));
}

void print_line(struct print *print, struct slice line)
{
    struct buf shown = { 0 };
    print_fresh_line(print);
    if (print->is_terminal)
        filter_line(&shown, line);
    else
        buf_append_slice(&shown, line);
    buf_append_char(&shown, '\n');
    write_harmless(print, &shown);
    buf_clear(&shown);
}

int print_status(const struct print *print)
{
    if (!print->has_failed)
        return 0;
    if (print->error_number == EPIPE)
        return 128 + SIGPIPE;
    print_notice("standard output: %s", strerror(print->error_number));
    return error_exit_status(ERROR_SYSTEM);
}

void print_notice(const char *format, ...)
{
    struct print print;
    struct buf line = { 0 };
    print_init(&print, STDERR_FILENO);
    /* Our own words, with those of others in them: a log is looked at, too. */
    print.is_terminal = true;
    buf_append_string(&line, "sennit: ");
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&line, format, arguments);
    va_end(arguments);
    print_line(&print, buf_slice(&line));
    buf_clear(&line);
    print_clear(&print);
}
