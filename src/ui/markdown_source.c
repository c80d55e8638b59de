/* SPDX-License-Identifier: MIT */
#include "ui/markdown_source.h"

#include <string.h>

enum {
    /* Put before a bracket; one of the source itself is doubled. */
    GUARD = '\x01',
};

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Bytes of the blank, quote mark or list mark that a line begins with; 0: it
 * begins with text. */
static size_t mark_len(struct slice line)
{
    if (line.len && (is_blank(line.ptr[0]) || line.ptr[0] == '>'))
        return 1;
    size_t digits = 0;
    while (digits < line.len && line.ptr[digits] >= '0' &&
           line.ptr[digits] <= '9')
        digits++;
    const char *marks = digits ? ".)" : "-+*";
    if (digits + 1 >= line.len || !is_blank(line.ptr[digits + 1]) ||
        !memchr(marks, line.ptr[digits], strlen(marks)))
        return 0;
    return digits + 1;
}

static struct slice skip_marks(struct slice line)
{
    size_t len;
    while ((len = mark_len(line)) > 0)
        line = slice_skip(line, len);
    return line;
}

/* A line that could begin a link reference definition, and no task's box. */
static bool may_define(struct slice line)
{
    if (!line.len || line.ptr[0] != '[')
        return false;
    bool is_box = line.len > 3 && memchr(" xX", line.ptr[1], 3) &&
                  line.ptr[2] == ']' && line.ptr[3] != ':';
    return !is_box;
}

static void append_doubled(struct buf *out, struct slice text)
{
    while (text.len) {
        const char *guard = memchr(text.ptr, GUARD, text.len);
        size_t len = guard ? (size_t)(guard - text.ptr) : text.len;
        buf_append(out, text.ptr, len);
        if (guard)
            buf_append(out, "\x01\x01", 2);
        text = slice_skip(text, len + 1);
    }
}

/* Cut the next line off, line end included. */
static struct slice take_line(struct slice *text)
{
    size_t len = 0;
    while (len < text->len && !is_line_end(text->ptr[len]))
        len++;
    struct slice line = { text->ptr, len + (len < text->len) };
    *text = slice_skip(*text, line.len);
    return line;
}

static void append_guarded(struct buf *out, struct slice line)
{
    struct slice content = skip_marks(line);
    buf_append(out, line.ptr, line.len - content.len);
    if (may_define(content))
        buf_append_char(out, GUARD);
    append_doubled(out, content);
}

static bool is_indented_code(struct slice line)
{
    size_t blanks = 0;
    while (blanks < line.len && line.ptr[blanks] == ' ')
        blanks++;
    return blanks >= 4 || (blanks < line.len && line.ptr[blanks] == '\t');
}

/* The line between the header of a table and its rows, at the top level. */
static bool is_delimiter_row(struct slice line)
{
    bool has_dash = false, has_bar = false;
    if (is_indented_code(line))
        return false;
    for (size_t i = 0; i < line.len; i++) {
        if (!memchr("|-: \t\r\n", line.ptr[i], 7))
            return false;
        has_dash |= line.ptr[i] == '-';
        has_bar |= line.ptr[i] == '|';
    }
    return has_dash && has_bar;
}

/* One dash makes a column (GFM 0.29, 4.10), but md4c wants three characters. */
static void append_dashes(struct buf *out, struct slice row)
{
    for (size_t i = 0; i < row.len; i++) {
        buf_append_char(out, row.ptr[i]);
        if (row.ptr[i] == '-' && (i == 0 || row.ptr[i - 1] != '-'))
            buf_append_string(out, "--");
    }
}

void markdown_source_append(struct buf *out, struct slice text, bool is_item)
{
    bool after_bar = false;
    while (text.len) {
        struct slice line = take_line(&text);
        if (after_bar && !is_item && is_delimiter_row(line))
            append_dashes(out, line);
        else
            append_guarded(out, line);
        after_bar = memchr(line.ptr, '|', line.len);
    }
    if (out->len && out->ptr[out->len - 1] != '\n')
        buf_append_char(out, '\n');
}

struct slice markdown_source_take(struct slice *text)
{
    const char *guard = memchr(text->ptr, GUARD, text->len);
    size_t len = guard ? (size_t)(guard - text->ptr) : text->len;
    bool is_source = guard && len + 1 < text->len && guard[1] == GUARD;
    struct slice piece = { text->ptr, len + is_source };
    *text = slice_skip(*text, piece.len + (guard ? 1 : 0));
    return piece;
}
