/* SPDX-License-Identifier: MIT */
#include "ui/segment.h"

#include <string.h>

#include "base/utf8.h"

enum {
    TAB_STOP = 4,
    CODE_INDENT = 4, /* from here on a line is indented code */
    FENCE_MIN = 3,
    NUMBER_DIGITS_MAX = 9,
};

/* One line of the source: where its content begins. */
struct line {
    struct slice text; /* without LF */
    struct slice content;
    int indent;       /* columns before the content */
    bool is_complete; /* its LF is there */
};

static bool is_blank_char(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static int next_col(int col, char blank)
{
    return blank == '\t' ? col + TAB_STOP - col % TAB_STOP : col + 1;
}

static struct line read_line(struct slice text)
{
    struct line line = { .text = text };
    const char *lf = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    if (lf) {
        line.is_complete = true;
        line.text.len = (size_t)(lf - text.ptr);
    }
    line.content = line.text;
    while (line.content.len && is_blank_char(line.content.ptr[0])) {
        line.indent = next_col(line.indent, line.content.ptr[0]);
        line.content = slice_skip(line.content, 1);
    }
    return line;
}

static size_t run_len(struct slice text, char c)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] == c)
        len++;
    return len;
}

/* The line opens a fenced code block. */
static bool opens_fence(const struct line *line, struct segment_fence *fence)
{
    struct slice content = line->content;
    if (line->indent >= CODE_INDENT || content.len < FENCE_MIN)
        return false;
    char mark = content.ptr[0];
    size_t len = run_len(content, mark);
    if ((mark != '`' && mark != '~') || len < FENCE_MIN)
        return false;
    struct slice info = slice_skip(content, len);
    if (mark == '`' && info.len && memchr(info.ptr, '`', info.len))
        return false;
    *fence = (struct segment_fence){ mark, len, line->indent };
    return true;
}

static bool closes_fence(const struct line *line,
                         const struct segment_fence *fence)
{
    size_t len = run_len(line->content, fence->mark);
    return line->indent < CODE_INDENT && len >= fence->len &&
           slice_trim(slice_skip(line->content, len)).len == 0;
}

/* Without as much indentation as the opening line had. */
static struct slice fenced_text(const struct line *line, int indent)
{
    struct slice text = line->text;
    for (int i = 0; i < indent && text.len && text.ptr[0] == ' '; i++)
        text = slice_skip(text, 1);
    if (text.len && text.ptr[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* The mark of a list item. */
struct marker {
    size_t len;         /* of the mark, 0: none (or not yet certain) */
    int content_indent; /* what belongs to the item is indented as far */
    bool is_ordered;
    bool starts_at_one;
    bool has_content; /* seen on the same line */
};

static size_t marker_len(struct slice content, struct marker *marker)
{
    if (content.len && memchr("-+*", content.ptr[0], 3))
        return 1;
    size_t digits = 0;
    while (digits < content.len && content.ptr[digits] >= '0' &&
           content.ptr[digits] <= '9')
        digits++;
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || digits == content.len ||
        (content.ptr[digits] != '.' && content.ptr[digits] != ')'))
        return 0;
    marker->is_ordered = true;
    marker->starts_at_one = digits == 1 && content.ptr[0] == '1';
    return digits + 1;
}

static bool is_thematic_break(struct slice content)
{
    size_t marks = 0;
    for (size_t i = 0; i < content.len; i++) {
        if (content.ptr[i] == content.ptr[0])
            marks++;
        else if (!is_blank_char(content.ptr[i]))
            return false;
    }
    return marks >= 3;
}

static struct marker read_marker(const struct line *line)
{
    struct marker marker = { 0 };
    if (line->indent >= CODE_INDENT)
        return marker;
    size_t len = marker_len(line->content, &marker);
    struct slice after = slice_skip(line->content, len);
    bool ends_here = after.len == 0 && line->is_complete;
    if (len == 0 || !(ends_here || (after.len && is_blank_char(after.ptr[0]))))
        return (struct marker){ 0 };
    marker.len = len;
    int start = line->indent + (int)len, col = start;
    while (after.len && is_blank_char(after.ptr[0])) {
        col = next_col(col, after.ptr[0]);
        after = slice_skip(after, 1);
    }
    marker.has_content = after.len > 0;
    bool is_far = col - start > CODE_INDENT || !marker.has_content;
    marker.content_indent = is_far ? start + 1 : col;
    return marker;
}

/* What the scan knows of the block that it is in. */
struct scan {
    bool has_content;
    bool was_blank;     /* the line before was */
    int content_indent; /* of the list item that the block is; 0: it is none */
};

static void begin_block(struct scan *scan, const struct line *line)
{
    struct marker marker = read_marker(line);
    scan->has_content = true;
    if (marker.len && !is_thematic_break(line->content))
        scan->content_indent = marker.content_indent;
}

/* Does this line, which is not blank, begin something new? Only what is
 * certain counts: the line may not be complete. */
static bool begins_segment(const struct scan *scan, const struct line *line)
{
    bool is_item = scan->content_indent > 0;
    if (scan->was_blank)
        return line->indent < (is_item ? scan->content_indent : CODE_INDENT);
    if (is_item && line->indent >= scan->content_indent)
        return false;
    struct segment_fence fence;
    if (line->is_complete && opens_fence(line, &fence))
        return true;
    struct marker marker = read_marker(line);
    if (!marker.len || is_item)
        return marker.len > 0;
    return marker.has_content && (!marker.is_ordered || marker.starts_at_one);
}

/* A block that is too long is cut after a line, or else after a character. */
static size_t forced_len(struct slice view)
{
    const char *lf = memrchr(view.ptr, '\n', view.len);
    if (lf)
        return (size_t)(lf - view.ptr) + 1;
    size_t tail = utf8_partial_tail(view);
    return view.len > tail ? view.len - tail : view.len;
}

static bool next_fenced(struct segment_fence *fence, struct slice view,
                        bool is_cut, struct segment *segment)
{
    struct line line = read_line(view);
    if (!line.is_complete && !is_cut)
        return false;
    segment->len = line.text.len + 1;
    segment->kind = SEGMENT_FENCE_LINE;
    if (!line.is_complete) {
        segment->len = line.text.len = forced_len(view);
    } else if (closes_fence(&line, fence)) {
        segment->kind = SEGMENT_FENCE_CLOSE;
        *fence = (struct segment_fence){ 0 };
        return true;
    }
    segment->line = fenced_text(&line, fence->indent);
    return true;
}

static void open_fence(struct segment *segment, const struct line *line,
                       const struct segment_fence *fence)
{
    segment->kind = SEGMENT_FENCE_OPEN;
    segment->line = slice_trim(slice_skip(line->content, fence->len));
}

static bool next_block(struct segment_fence *fence, struct slice view,
                       bool is_cut, struct segment *segment)
{
    struct scan scan = { 0 };
    size_t at = 0;
    segment->kind = SEGMENT_BLOCK;
    while (at < view.len) {
        struct line line = read_line(slice_skip(view, at));
        bool is_blank = line.content.len == 0;
        if (scan.has_content && !is_blank && begins_segment(&scan, &line)) {
            segment->len = at;
            segment->ends_blank = scan.was_blank;
            return true;
        }
        if (!line.is_complete)
            break;
        if (!scan.has_content && !is_blank) {
            if (opens_fence(&line, fence)) {
                open_fence(segment, &line, fence);
                segment->len = at + line.text.len + 1;
                return true;
            }
            begin_block(&scan, &line);
            segment->is_item = scan.content_indent > 0;
        }
        segment->begins_blank |= is_blank && !scan.has_content;
        scan.was_blank = is_blank;
        at += line.text.len + 1;
    }
    if (!is_cut)
        return false;
    segment->len = forced_len(view);
    return true;
}

bool segment_next(struct segment_fence *fence, struct slice text,
                  struct segment *segment)
{
    /* Nothing beyond the cut may be looked at: it may not be there yet. */
    bool is_cut = text.len > SEGMENT_MAX;
    struct slice view = { text.ptr, is_cut ? SEGMENT_MAX : text.len };
    *segment = (struct segment){ 0 };
    if (view.len == 0)
        return false;
    return fence->mark ? next_fenced(fence, view, is_cut, segment)
                       : next_block(fence, view, is_cut, segment);
}

struct segment segment_rest(const struct segment_fence *fence,
                            struct slice text)
{
    struct segment segment = { .kind = SEGMENT_BLOCK, .len = text.len };
    struct line line = read_line(text);
    if (fence->mark) {
        segment.kind = closes_fence(&line, fence) ? SEGMENT_FENCE_CLOSE
                                                  : SEGMENT_FENCE_LINE;
        segment.line = fenced_text(&line, fence->indent);
        return segment;
    }
    segment.begins_blank = line.is_complete && line.content.len == 0;
    struct slice content = slice_trim(text);
    if (content.len) {
        struct line first = read_line(content);
        segment.is_item = read_marker(&first).len > 0;
    }
    return segment;
}
