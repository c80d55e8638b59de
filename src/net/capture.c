/* SPDX-License-Identifier: MIT */
#include "net/capture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void capture_clear(struct capture *capture)
{
    buf_clear(&capture->content_type);
    buf_clear(&capture->body);
    *capture = (struct capture){ 0 };
}

/* "HTTP/1.1 200 OK", "HTTP/2 200". Returns 0 if it is no status line. */
static int parse_status(struct slice line)
{
    const char *space = line.len ? memchr(line.ptr, ' ', line.len) : NULL;
    if (!slice_starts(line, "HTTP/") || !space)
        return 0;
    struct slice rest =
        slice_trim(slice_skip(line, (size_t)(space - line.ptr)));
    int status = 0;
    for (size_t i = 0; i < 3; i++) {
        if (i >= rest.len || !isdigit((unsigned char)rest.ptr[i]))
            return 0;
        status = status * 10 + (rest.ptr[i] - '0');
    }
    return status;
}

/* The value of "Name: value", if the line is that header. */
static bool is_header(struct slice line, const char *name, struct slice *value)
{
    size_t len = strlen(name);
    if (line.len <= len || line.ptr[len] != ':' ||
        strncasecmp(line.ptr, name, len) != 0)
        return false;
    *value = slice_trim(slice_skip(line, len + 1));
    return true;
}

/* Read one head off the front; false if there is none. */
static bool parse_head(struct capture *capture, struct slice *rest)
{
    struct slice after = *rest;
    struct slice line;
    struct slice value;
    if (!slice_next_line(&after, &line) || !parse_status(line))
        return false;
    capture->has_head = true;
    capture->status = parse_status(line);
    capture->was_chunked = false;
    buf_reset(&capture->content_type);
    while (slice_next_line(&after, &line) && line.len) {
        if (is_header(line, "Content-Type", &value)) {
            buf_reset(&capture->content_type);
            buf_append_slice(&capture->content_type, value);
        } else if (is_header(line, "Transfer-Encoding", &value)) {
            capture->was_chunked =
                value.len >= 7 &&
                !strncasecmp(value.ptr + value.len - 7, "chunked", 7);
        }
    }
    *rest = after;
    return true;
}

/* The size line of a chunk, with an extension or without. -1: it is none. */
static long long take_size(struct slice *rest)
{
    struct slice line = *rest;
    const char *end = line.len ? memchr(line.ptr, '\n', line.len) : NULL;
    long long size = 0;
    size_t digits = 0;
    if (!end || end == line.ptr || end[-1] != '\r')
        return -1;
    line.len = (size_t)(end - line.ptr) - 1;
    while (digits < line.len && digits < 15 &&
           isxdigit((unsigned char)line.ptr[digits])) {
        char c = (char)tolower((unsigned char)line.ptr[digits++]);
        size = size * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    struct slice tail = slice_trim(slice_skip(line, digits));
    if (digits == 0 || (tail.len && tail.ptr[0] != ';'))
        return -1;
    *rest = slice_skip(*rest, (size_t)(end - rest->ptr) + 1);
    return size;
}

/* A body that was put together already does not begin with a size. */
static bool looks_chunked(struct slice body)
{
    long long size = take_size(&body);
    if (size < 0)
        return false;
    if (size == 0 || (size_t)size >= body.len)
        return true;
    return body.ptr[size] == '\r';
}

static void append_chunks(struct capture *capture, struct slice rest)
{
    for (;;) {
        long long size = take_size(&rest);
        if (size == 0)
            return;
        size_t len = size < 0 ? 0 : (size_t)size;
        if (len > rest.len)
            len = rest.len;
        buf_append(&capture->body, rest.ptr, len);
        rest = slice_skip(rest, len);
        if (size < 0 || !slice_starts(rest, "\r\n"))
            break;
        rest = slice_skip(rest, 2);
    }
    capture->is_cut = true;
}

void capture_parse(struct capture *capture, struct slice bytes)
{
    capture_clear(capture);
    while (parse_head(capture, &bytes)) {
        if (capture->status >= 200)
            break;
    }
    capture->was_chunked = capture->was_chunked && looks_chunked(bytes);
    if (capture->was_chunked)
        append_chunks(capture, bytes);
    else
        buf_append_slice(&capture->body, bytes);
}
