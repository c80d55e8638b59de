/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BUF_FIRST_SIZE = 64 };

void buf_clear(struct buf *buf)
{
    free(buf->ptr);
    *buf = (struct buf){ 0 };
}

void buf_reset(struct buf *buf)
{
    buf_truncate(buf, 0);
}

char *buf_reserve(struct buf *buf, size_t extra)
{
    size_t needed = buf->len + extra + 1;
    if (needed > buf->size) {
        size_t size = buf->size ? buf->size : BUF_FIRST_SIZE;
        while (size < needed)
            size += size / 2;
        buf->ptr = memory_resize(buf->ptr, size, 1);
        buf->size = size;
        buf->ptr[buf->len] = '\0';
    }
    return buf->ptr + buf->len;
}

void buf_append(struct buf *buf, const void *ptr, size_t len)
{
    if (len == 0)
        return;
    memcpy(buf_reserve(buf, len), ptr, len);
    buf->len += len;
    buf->ptr[buf->len] = '\0';
}

void buf_append_slice(struct buf *buf, struct slice slice)
{
    buf_append(buf, slice.ptr, slice.len);
}

void buf_append_string(struct buf *buf, const char *string)
{
    buf_append(buf, string, strlen(string));
}

void buf_append_char(struct buf *buf, char c)
{
    buf_append(buf, &c, 1);
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    assert(len >= 0);
    vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, again);
    buf->len += (size_t)len;
    va_end(again);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(buf, format, arguments);
    va_end(arguments);
}

bool buf_append_capped(struct buf *buf, struct slice slice, size_t max,
                       const char *what, struct error *err)
{
    if (slice.len > max || buf->len > max - slice.len)
        return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", what,
                         max);
    buf_append_slice(buf, slice);
    return true;
}

void buf_splice(struct buf *buf, size_t offset, size_t len,
                struct slice replacement)
{
    assert(offset <= buf->len && len <= buf->len - offset);
    if (replacement.len > len)
        buf_reserve(buf, replacement.len - len);
    if (!buf->ptr)
        return;
    memmove(buf->ptr + offset + replacement.len, buf->ptr + offset + len,
            buf->len - offset - len + 1);
    if (replacement.len)
        memcpy(buf->ptr + offset, replacement.ptr, replacement.len);
    buf->len = buf->len - len + replacement.len;
}

void buf_consume(struct buf *buf, size_t len)
{
    buf_splice(buf, 0, len, (struct slice){ 0 });
}

void buf_truncate(struct buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len = len;
    if (buf->ptr)
        buf->ptr[len] = '\0';
}

struct slice buf_slice(const struct buf *buf)
{
    return (struct slice){ buf->ptr, buf->len };
}

const char *buf_string(const struct buf *buf)
{
    return buf->ptr ? buf->ptr : "";
}

char *buf_steal(struct buf *buf)
{
    char *string = buf->ptr ? buf->ptr : memory_copy("", 0);
    *buf = (struct buf){ 0 };
    return string;
}

void buf_append_count(struct buf *buf, uint64_t count)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_append_char(buf, ',');
        buf_append_char(buf, digits[i]);
    }
}
