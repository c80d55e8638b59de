/* SPDX-License-Identifier: MIT */
#include "tool/similar.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "base/utf8.h"

enum { SHOWN_CELLS = 100 /* of a line that is quoted */ };

struct lines {
    ARRAY_OF(struct slice) list; /* without LF */
};

static void cut(struct lines *lines, struct slice text)
{
    while (text.len) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        *array_add(&lines->list) = (struct slice){ text.ptr, len };
        text = slice_skip(text, len + (end != NULL));
    }
}

static void append_quoted(struct buf *out, struct slice line)
{
    struct slice head = utf8_prefix(line, SHOWN_CELLS);
    json_append_quoted(out, head);
    if (head.len < line.len)
        buf_append_string(out, " and so on");
}

/* The whole of what went wrong in one character. */

/* "12: text", "12| text", "12\ttext": what search_files and others put there. */
static bool has_number(struct slice line)
{
    struct slice text = slice_trim(line);
    size_t digits = 0;
    while (digits < text.len && isdigit((unsigned char)text.ptr[digits]))
        digits++;
    return digits && digits < text.len &&
           memchr(":|\t", text.ptr[digits], 3) != NULL;
}

static bool have_numbers(const struct lines *text)
{
    for (size_t i = 0; i < text->list.count; i++) {
        if (!has_number(text->list.items[i]))
            return false;
    }
    return true;
}

/* A text in which line breaks, tabs and quotes were escaped once too often. */
static bool is_escaped_twice(struct slice file, struct slice text)
{
    struct buf plain = { 0 };
    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.ptr[i + 1] : '\0';
        const char *at = next ? strchr("n\nt\t\"\"\\\\r\r", next) : NULL;
        if (text.ptr[i] == '\\' && at) {
            buf_append_char(&plain, at[1]);
            i++;
        } else {
            buf_append_char(&plain, text.ptr[i]);
        }
    }
    bool is_there = plain.len < text.len && file.len &&
                    memmem(file.ptr, file.len, plain.ptr, plain.len);
    buf_clear(&plain);
    return is_there;
}

/* The place that is most like it. */

struct place {
    size_t line;  /* of the file, from 0 */
    size_t count; /* lines that are the same there but for white space */
};

static bool is_alike(struct slice a, struct slice b)
{
    return slice_equal(slice_trim(a), slice_trim(b));
}

static size_t count_alike(const struct lines *file, size_t line,
                          const struct lines *text, size_t *work)
{
    size_t count = 0;
    while (count < text->list.count && line + count < file->list.count &&
           *work &&
           is_alike(file->list.items[line + count], text->list.items[count])) {
        count++;
        --*work;
    }
    return count;
}

static struct place find_alike(const struct lines *file,
                               const struct lines *text)
{
    struct place best = { 0 };
    size_t work = SIMILAR_WORK_MAX;
    for (size_t i = 0; i < file->list.count && work; i++, work--) {
        size_t count = count_alike(file, i, text, &work);
        if (count > best.count)
            best = (struct place){ i, count };
    }
    return best;
}

/* How much of two lines is the same, from both ends. */
static size_t shared(struct slice a, struct slice b)
{
    size_t least = a.len < b.len ? a.len : b.len, start = 0, end = 0;
    while (start < least && a.ptr[start] == b.ptr[start])
        start++;
    while (end < least - start &&
           a.ptr[a.len - end - 1] == b.ptr[b.len - end - 1])
        end++;
    return start + end;
}

/* The line of the file that is most like one; false: none is half like it. */
static bool find_nearest(const struct lines *file, struct slice wanted,
                         size_t *line)
{
    size_t best = 0;
    wanted = slice_trim(wanted);
    for (size_t i = 0; i < file->list.count; i++) {
        struct slice text = slice_trim(file->list.items[i]);
        size_t same = shared(text, wanted);
        if (same > best && 2 * same >= text.len && 2 * same >= wanted.len) {
            best = same;
            *line = i;
        }
    }
    return best > 0;
}

static void append_difference(struct buf *out, const struct lines *file,
                              size_t line, const struct lines *text,
                              size_t index)
{
    buf_printf(out, "line %zu is ", line + 1);
    append_quoted(out, file->list.items[line]);
    buf_append_string(out, ", and old_text has ");
    append_quoted(out, text->list.items[index]);
}

/* All lines are there, but for white space. */
static void append_white_space(struct buf *out, const struct lines *file,
                               struct place place, const struct lines *text)
{
    size_t index = 0;
    while (index + 1 < place.count &&
           slice_equal(file->list.items[place.line + index],
                       text->list.items[index]))
        index++;
    buf_append_string(out, "; it differs in white space only: ");
    append_difference(out, file, place.line + index, text, index);
}

static void append_place(struct buf *out, const struct lines *file,
                         const struct lines *text)
{
    struct place place = find_alike(file, text);
    size_t line, next = place.line + place.count;
    struct slice first = text->list.items[0];
    if (place.count == text->list.count) {
        append_white_space(out, file, place, text);
    } else if (place.count && slice_trim(first).len &&
               next < file->list.count) {
        buf_printf(out, "; it is like lines %zu-%zu so far, but ",
                   place.line + 1, next);
        append_difference(out, file, next, text, place.count);
    } else if (find_nearest(file, first, &line)) {
        buf_append_string(out, "; ");
        append_difference(out, file, line, text, 0);
    } else {
        buf_append_string(out, "; no line is like its first");
    }
    buf_append_string(out, ". Copy the text exactly, read_file shows it");
}

void similar_append(struct buf *out, struct slice file, struct slice text)
{
    struct lines in_file = { 0 }, in_text = { 0 };
    cut(&in_file, file);
    cut(&in_text, text);
    if (file.len == 0)
        buf_append_string(out, ": it is empty; write_file fills it");
    else if (have_numbers(&in_text))
        buf_append_string(out, "; its lines begin with line numbers, which are "
                               "not in the file: leave them out");
    else if (is_escaped_twice(file, text))
        buf_append_string(out, "; its line breaks or quotes are escaped twice: "
                               "write \\n, not \\\\n, in the JSON string");
    else
        append_place(out, &in_file, &in_text);
    array_clear(&in_file.list);
    array_clear(&in_text.list);
}
