/* SPDX-License-Identifier: MIT */
#include "ui/rows.h"

#include <assert.h>
#include <string.h>

#include "base/filter.h"
#include "base/utf8.h"
#include "ui/canvas.h"

enum {
    TAB_STOP = 8,
    TEXT_WIDTH_MIN = 2,
    /* Rows before an edit that are wrapped again: a word may move up into the
     * row before, and a mark may join the cluster that ended it. */
    ROWS_BEFORE_EDIT = 2,
};

static const size_t no_row = (size_t)-1;

void rows_clear(struct rows *rows)
{
    array_clear(&rows->starts);
    rows->width = 0;
}

/* Joiners are shown by base/filter unless letters stand on both sides, and the
 * letter after is another cluster: look at both, draw what is before. */
static bool is_harmless_in_context(struct slice text, size_t len,
                                   size_t *visual_len)
{
    struct slice cluster = { text.ptr, len };
    *visual_len = len;
    if (!filter_would_change(cluster))
        return true;
    struct slice rest = slice_skip(text, len);
    int width;
    if (rest.len)
        len += canvas_cluster(rest, &width);
    if (len == cluster.len ||
        filter_would_change((struct slice){ text.ptr, len }))
        return false;
    ptrdiff_t joiner = slice_find(cluster, "\u200C");
    if (joiner < 0)
        joiner = slice_find(cluster, "\u200D");
    if (joiner > 0)
        *visual_len = (size_t)joiner;
    return true;
}

struct shown rows_cluster(struct slice text, size_t offset, int col,
                          struct buf *scratch)
{
    struct slice rest = slice_skip(text, offset);
    assert(rest.len > 0);
    if (rest.ptr[0] == '\t')
        return (struct shown){ 1, TAB_STOP - col % TAB_STOP, { 0 } };
    struct shown shown = { .visual = rest };
    shown.len = canvas_cluster(rest, &shown.width);
    if (shown.len == 1 && rest.ptr[0] >= 0x20 && rest.ptr[0] < 0x7F) {
        shown.visual.len = 1;
        return shown;
    }
    if (is_harmless_in_context(rest, shown.len, &shown.visual.len))
        return shown;
    buf_reset(scratch);
    filter_line(scratch, (struct slice){ rest.ptr, shown.len });
    shown.visual = buf_slice(scratch);
    shown.width = canvas_width(shown.visual);
    return shown;
}

/* Where the row after the one that starts here starts; no_row: nowhere. */
static size_t next_start(struct slice text, size_t start, int width,
                         struct buf *scratch)
{
    int room = width - 1 < TEXT_WIDTH_MIN ? TEXT_WIDTH_MIN : width - 1;
    int col = 0;
    size_t chance = start; /* the last place where a row may end */
    for (size_t at = start; at < text.len;) {
        if (text.ptr[at] == '\n')
            return at + 1;
        struct shown shown = rows_cluster(text, at, col, scratch);
        bool is_blank = text.ptr[at] == ' ';
        if (shown.width == 2 && !is_blank && at > start)
            chance = at;
        if (col + shown.width > room + is_blank && at > start)
            return chance > start ? chance : at;
        col += shown.width;
        at += shown.len;
        if (is_blank || shown.width == 2)
            chance = at;
    }
    return no_row;
}

void rows_wrap(struct rows *rows, struct slice text, int width)
{
    struct buf scratch = { 0 };
    rows->width = width;
    rows->starts.count = 0;
    for (size_t at = 0; at != no_row;
         at = next_start(text, at, width, &scratch))
        *array_add(&rows->starts) = at;
    buf_clear(&scratch);
}

size_t rows_find(const struct rows *rows, size_t offset)
{
    size_t low = 0, high = rows->starts.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (rows->starts.items[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Put fresh starts in the place of [first, last), and move those after. */
static void replace_starts(struct rows *rows, size_t first, size_t last,
                           const size_t *fresh, size_t count)
{
    size_t after = rows->starts.count - last;
    if (count > last - first)
        array_reserve(&rows->starts, count - (last - first));
    size_t *items = rows->starts.items;
    memmove(items + first + count, items + last, after * sizeof *items);
    if (count)
        memcpy(items + first, fresh, count * sizeof *items);
    rows->starts.count = first + count + after;
}

void rows_edit(struct rows *rows, struct slice text, size_t offset,
               size_t removed, size_t inserted)
{
    if (rows->starts.count == 0)
        return;
    size_t row = rows_find(rows, offset);
    size_t first = row > ROWS_BEFORE_EDIT ? row - ROWS_BEFORE_EDIT : 0;
    size_t old = first + 1; /* the next old start that may still hold */
    size_t *starts = rows->starts.items;
    struct buf scratch = { 0 };
    ARRAY_OF(size_t) fresh = { 0 };
    size_t at = starts[first];
    for (;;) {
        at = next_start(text, at, rows->width, &scratch);
        while (old < rows->starts.count &&
               (starts[old] <= offset + removed ||
                starts[old] - removed + inserted < at))
            old++;
        bool is_known =
            old < rows->starts.count && starts[old] - removed + inserted == at;
        if (at == no_row || is_known)
            break;
        *array_add(&fresh) = at;
    }
    if (at == no_row)
        old = rows->starts.count;
    for (size_t i = old; i < rows->starts.count; i++)
        starts[i] = starts[i] - removed + inserted;
    replace_starts(rows, first + 1, old, fresh.items, fresh.count);
    array_clear(&fresh);
    buf_clear(&scratch);
}

size_t rows_end(const struct rows *rows, struct slice text, size_t row)
{
    assert(row < rows->starts.count);
    if (row + 1 == rows->starts.count)
        return text.len;
    size_t end = rows->starts.items[row + 1];
    return text.ptr[end - 1] == '\n' ? end - 1 : end;
}

int rows_col(const struct rows *rows, struct slice text, size_t row,
             size_t offset)
{
    struct buf scratch = { 0 };
    size_t end = rows_end(rows, text, row);
    int col = 0;
    for (size_t at = rows->starts.items[row]; at < offset && at < end;) {
        struct shown shown = rows_cluster(text, at, col, &scratch);
        col += shown.width;
        at += shown.len;
    }
    buf_clear(&scratch);
    return col;
}

size_t rows_offset(const struct rows *rows, struct slice text, size_t row,
                   int col)
{
    struct buf scratch = { 0 };
    size_t end = rows_end(rows, text, row);
    bool is_soft =
        row + 1 < rows->starts.count && end == rows->starts.items[row + 1];
    size_t at = rows->starts.items[row];
    int used = 0;
    while (at < end) {
        struct shown shown = rows_cluster(text, at, used, &scratch);
        used += shown.width;
        /* The end of a soft row is drawn as the start of the next one. */
        if (used > col || (is_soft && at + shown.len >= end))
            break;
        at += shown.len;
    }
    buf_clear(&scratch);
    return at;
}
