/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char ellipsis[] = "...";

/* A text that was cut in the middle of a character loses the rest of it. */
static void trim_partial_character(char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < needed)
        text[start - 1] = '\0';
}

/* One line: a server's words may hold line breaks, an error may not. */
static void tidy(struct error *err, int written)
{
    if (written >= ERROR_TEXT_SIZE) {
        size_t len = ERROR_TEXT_SIZE - sizeof ellipsis;
        err->text[len] = '\0';
        trim_partial_character(err->text, len);
        memcpy(err->text + strlen(err->text), ellipsis, sizeof ellipsis);
    }
    for (char *c = err->text; *c; c++) {
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    }
}

PRINTF_LIKE(3, 0)
static void set(struct error *err, enum error_kind kind, const char *format,
                va_list arguments)
{
    err->kind = kind;
    tidy(err, vsnprintf(err->text, sizeof err->text, format, arguments));
}

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(err, kind, format, arguments);
    va_end(arguments);
    return false;
}

bool error_system(struct error *err, const char *format, ...)
{
    int number = errno;
    va_list arguments;
    va_start(arguments, format);
    set(err, ERROR_SYSTEM, format, arguments);
    va_end(arguments);
    size_t len = strlen(err->text);
    tidy(err, (int)len + snprintf(err->text + len, sizeof err->text - len,
                                  ": %s", strerror(number)));
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    struct error inner = *err;
    va_list arguments;
    va_start(arguments, format);
    set(err, inner.kind, format, arguments);
    va_end(arguments);
    size_t len = strlen(err->text);
    tidy(err, (int)len + snprintf(err->text + len, sizeof err->text - len,
                                  ": %s", inner.text));
    return false;
}

int error_exit_status(enum error_kind kind)
{
    switch (kind) {
    case ERROR_NONE: return 0;
    case ERROR_SYSTEM:
    case ERROR_SERVER:
    case ERROR_PROTOCOL:
    case ERROR_LIMIT: return 1;
    case ERROR_USAGE: return 2;
    case ERROR_CUT: return 3;
    case ERROR_CONFIG:
    case ERROR_AUTH: return 4;
    case ERROR_NETWORK: return 5;
    case ERROR_TOOL: return 6;
    case ERROR_CANCELLED: return 130;
    }
    return 1;
}
