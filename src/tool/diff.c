/* SPDX-License-Identifier: MIT */
#include "tool/diff.h"

#include <string.h>

#include "base/array.h"
#include "base/myers.h"

/* With its LF. */
struct line {
    struct slice text;
    bool differs;
};

struct lines {
    ARRAY_OF(struct line) list;
};

struct sides {
    struct lines a, b;
};

/* From these lines up to, and without, those. */
struct span {
    size_t a, b, a_end, b_end;
};

static bool cut(struct lines *lines, struct slice text)
{
    while (text.len && lines->list.count < DIFF_LINES_MAX) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) + 1 : text.len;
        *array_add(&lines->list) = (struct line){ { text.ptr, len }, false };
        text = slice_skip(text, len);
    }
    return text.len == 0;
}

static bool is_same(void *context, size_t a, size_t b)
{
    const struct sides *sides = context;
    return slice_equal(sides->a.list.items[a].text,
                       sides->b.list.items[b].text);
}

static void mark(void *context, bool is_b, size_t index)
{
    struct sides *sides = context;
    (is_b ? &sides->b : &sides->a)->list.items[index].differs = true;
}

/* All but what is the same at both ends. */
static void mark_between(struct sides *sides)
{
    size_t start = 0, a = sides->a.list.count, b = sides->b.list.count;
    while (start < a && start < b && is_same(sides, start, start))
        start++;
    while (a > start && b > start && is_same(sides, a - 1, b - 1))
        a--, b--;
    for (size_t i = start; i < a; i++)
        mark(sides, false, i);
    for (size_t i = start; i < b; i++)
        mark(sides, true, i);
}

static void compare(struct sides *sides)
{
    struct myers myers = {
        .a_count = sides->a.list.count,
        .b_count = sides->b.list.count,
        .is_same = is_same,
        .mark = mark,
        .context = sides,
    };
    if (myers_compare(&myers, DIFF_EDITS_MAX) < 0)
        mark_between(sides);
}

/* Names. */

static void append_name(struct buf *out, const char *mark, const char *side,
                        const char *name)
{
    bool is_odd = false;
    buf_append_string(out, mark);
    for (const char *c = name; *c; c++)
        is_odd |= (unsigned char)*c < 0x20 || strchr("\"\\\x7F", *c);
    if (is_odd)
        buf_append_char(out, '"');
    buf_append_string(out, side);
    for (const char *c = name; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            buf_printf(out, "\\%03o", (unsigned)(unsigned char)*c);
        else if (*c == '"' || *c == '\\')
            buf_printf(out, "\\%c", *c);
        else
            buf_append_char(out, *c);
    }
    /* Behind a name with blanks patch(1) wants a tab, to know its end. */
    buf_append_string(out, is_odd ? "\"\n" : strchr(name, ' ') ? "\t\n" : "\n");
}

static void append_head(struct buf *out, const struct diff *diff)
{
    if (diff->is_new)
        buf_append_string(out, "--- /dev/null\n");
    else
        append_name(out, "--- ", "a/", diff->name);
    if (diff->is_gone)
        buf_append_string(out, "+++ /dev/null\n");
    else
        append_name(out, "+++ ", "b/", diff->name);
}

/* Hunks. */

static bool differs(const struct lines *lines, size_t index)
{
    return index < lines->list.count && lines->list.items[index].differs;
}

static bool is_at_end(const struct sides *sides, size_t a, size_t b)
{
    return a >= sides->a.list.count && b >= sides->b.list.count;
}

/* Past what differs here. */
static void skip_change(const struct sides *sides, size_t *a, size_t *b)
{
    while (differs(&sides->a, *a))
        ++*a;
    while (differs(&sides->b, *b))
        ++*b;
}

/* The next hunk from there on: changes with no more than twice the context
 * between them. False: there is none. */
static bool find_hunk(const struct sides *sides, struct span *hunk)
{
    size_t a = hunk->a_end, b = hunk->b_end, same = 0;
    while (!is_at_end(sides, a, b) && !differs(&sides->a, a) &&
           !differs(&sides->b, b))
        a++, b++;
    if (is_at_end(sides, a, b))
        return false;
    size_t before = a - hunk->a_end;
    if (before > DIFF_CONTEXT)
        before = DIFF_CONTEXT;
    hunk->a = a - before;
    hunk->b = b - before;
    while (!is_at_end(sides, a, b) && same <= 2 * DIFF_CONTEXT) {
        bool is_change = differs(&sides->a, a) || differs(&sides->b, b);
        same = is_change ? 0 : same + 1;
        if (is_change)
            skip_change(sides, &a, &b);
        else
            a++, b++;
    }
    size_t over = same > DIFF_CONTEXT ? same - DIFF_CONTEXT : 0;
    hunk->a_end = a - over;
    hunk->b_end = b - over;
    return true;
}

/* A hunk that has no lines of a side says behind which line it stands. */
static void append_range(struct buf *out, char mark, size_t start, size_t end)
{
    size_t count = end - start;
    buf_printf(out, "%c%zu", mark, count ? start + 1 : start);
    if (count != 1)
        buf_printf(out, ",%zu", count);
}

static void append_line(struct buf *out, char mark, const struct line *line)
{
    buf_append_char(out, mark);
    buf_append_slice(out, line->text);
    if (line->text.ptr[line->text.len - 1] != '\n')
        buf_append_string(out, "\n\\ No newline at end of file\n");
}

static void append_hunk(struct buf *out, const struct sides *sides,
                        const struct span *hunk, struct diff_count *count)
{
    size_t a = hunk->a, b = hunk->b;
    buf_append_string(out, "@@ ");
    append_range(out, '-', a, hunk->a_end);
    buf_append_char(out, ' ');
    append_range(out, '+', b, hunk->b_end);
    buf_append_string(out, " @@\n");
    while (a < hunk->a_end || b < hunk->b_end) {
        for (; differs(&sides->a, a); a++, count->removed++)
            append_line(out, '-', &sides->a.list.items[a]);
        for (; differs(&sides->b, b); b++, count->added++)
            append_line(out, '+', &sides->b.list.items[b]);
        for (; a < hunk->a_end && b < hunk->b_end && !differs(&sides->a, a) &&
               !differs(&sides->b, b);
             a++, b++)
            append_line(out, ' ', &sides->a.list.items[a]);
    }
}

static bool refuse(struct error *err)
{
    return error_set(err, ERROR_LIMIT,
                     "the change is too large to be shown, and nobody can "
                     "agree to what is not shown; make it in smaller steps");
}

bool diff_append(struct buf *out, const struct diff *diff, size_t max,
                 struct diff_count *count, struct error *err)
{
    struct sides sides = { 0 };
    struct span hunk = { 0 };
    size_t start = out->len;
    *count = (struct diff_count){ 0 };
    bool ok = cut(&sides.a, diff->before) && cut(&sides.b, diff->after);
    if (ok && (diff->is_new || diff->is_gone ||
               !slice_equal(diff->before, diff->after)))
        append_head(out, diff);
    if (ok)
        compare(&sides);
    while (ok && find_hunk(&sides, &hunk)) {
        append_hunk(out, &sides, &hunk, count);
        ok = out->len - start <= max;
    }
    if (!ok)
        buf_truncate(out, start);
    array_clear(&sides.a.list);
    array_clear(&sides.b.list);
    return ok || refuse(err);
}
