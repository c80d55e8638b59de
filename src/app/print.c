/* SPDX-License-Identifier: MIT */
#include "app/print.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

void print_init(struct print *print, int fd)
{
    *print = (struct print){
        .fd = fd,
        .is_terminal = isatty(fd),
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

bool print_text(struct print *print, struct slice text)
{
    if (!print->is_terminal)
        return write_source(print, text);
    struct buf harmless = { 0 };
    filter_feed(&print->filter, &harmless, text);
    bool ok = write_source(print, buf_slice(&harmless));
    buf_clear(&harmless);
    return ok;
}

bool print_end(struct print *print)
{
    struct buf harmless = { 0 };
    filter_flush(&print->filter, &harmless);
    bool ok = write_source(print, buf_slice(&harmless));
    buf_clear(&harmless);
    return ok;
}

void print_fresh_line(struct print *print)
{
    if (!print->at_line_start)
        write_source(print, slice_of("\n"));
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
    struct buf line = { 0 }, shown = { 0 };
    print_init(&print, STDERR_FILENO);
    buf_append_string(&line, "sennit: ");
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&line, format, arguments);
    va_end(arguments);
    if (print.is_terminal)
        filter_line(&shown, buf_slice(&line));
    else
        buf_append_slice(&shown, buf_slice(&line));
    buf_append_char(&shown, '\n');
    write_all(&print, buf_slice(&shown));
    buf_clear(&shown);
    buf_clear(&line);
    print_clear(&print);
}
