/* SPDX-License-Identifier: MIT */
#include "ui/rows.h"

#include <assert.h>
#include <string.h>

#include "base/filter.h"
#include "base/utf8.h"

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

/* Cells of a row that text may take. */
static int room_of(const struct rows *rows)
{
    return rows->width - 1 < TEXT_WIDTH_MIN ? TEXT_WIDTH_MIN : rows->width - 1;
}

static struct shown shown_fold(const struct fold *fold, int room,
                               struct buf *scratch)
{
    buf_reset(scratch);
    fold_format(scratch, fold, room);
    return (struct shown){ .len = fold->len,
                           .width = canvas_width(buf_slice(scratch)),
                           .visual = buf_slice(scratch),
                           .is_fold = true };
}

struct shown rows_cluster(const struct rows *rows, struct folded_text text,
                          size_t offset, int col, struct buf *scratch)
{
    const struct fold *fold = folds_at(text.folds, offset);
    if (fold)
        return shown_fold(fold, room_of(rows), scratch);
    struct slice rest = folded_text_after(text, offset);
    assert(rest.len > 0);
    if (rest.ptr[0] == '\t')
        return (struct shown){ .len = 1, .width = TAB_STOP - col % TAB_STOP };
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

static bool is_break(struct folded_text text, size_t at)
{
    return text.text.ptr[at] == '\n' && !folds_at(text.folds, at);
}

/* Where the row after the one that starts here starts; no_row: nowhere. */
static size_t next_start(const struct rows *rows, struct folded_text text,
                         size_t start, struct buf *scratch)
{
    int room = room_of(rows);
    int col = 0;
    size_t chance = start; /* the last place where a row may end */
    for (size_t at = start; at < text.text.len;) {
        if (is_break(text, at))
            return at + 1;
        struct shown shown = rows_cluster(rows, text, at, col, scratch);
        bool is_blank = text.text.ptr[at] == ' ' && !shown.is_fold;
        bool is_apart = !is_blank && (shown.width == 2 || shown.is_fold);
        if (is_apart && at > start)
            chance = at;
        if (col + shown.width > room + is_blank && at > start)
            return chance > start ? chance : at;
        col += shown.width;
        at += shown.len;
        if (is_blank || is_apart)
            chance = at;
    }
    return no_row;
}

static size_t wrap_row(struct rows *rows, struct folded_text text, size_t start,
                       struct buf *scratch)
{
    size_t next = next_start(rows, text, start, scratch);
    rows->wrapped += (next == no_row ? text.text.len : next) - start;
    return next;
}

void rows_wrap(struct rows *rows, struct folded_text text, int width)
{
    struct buf scratch = { 0 };
    rows->width = width;
    rows->starts.count = 0;
    for (size_t at = 0; at != no_row; at = wrap_row(rows, text, at, &scratch))
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

void rows_edit(struct rows *rows, struct folded_text text, size_t offset,
               size_t removed, size_t inserted)
{
    if (rows->starts.count == 0)
        return;
    size_t row = rows_find(rows, offset);
    size_t first = row > ROWS_BEFORE_EDIT ? row - ROWS_BEFORE_EDIT : 0;
    size_t old = first + 1; /* the next old start that may still hold */
    size_t last = offset + inserted + ROWS_REWRAP_MAX;
    size_t *starts = rows->starts.items;
    struct buf scratch = { 0 };
    ARRAY_OF(size_t) fresh = { 0 };
    size_t at = starts[first];
    for (;;) {
        at = wrap_row(rows, text, at, &scratch);
        while (old < rows->starts.count &&
               (starts[old] <= offset + removed ||
                starts[old] - removed + inserted < at))
            old++;
        bool is_known =
            old < rows->starts.count && starts[old] - removed + inserted == at;
        if (at == no_row || is_known)
            break;
        *array_add(&fresh) = at;
        /* What is left of an old row fits into a row of its own. */
        if (at > last && old < rows->starts.count)
            break;
    }
    if (at == no_row)
        old = rows->starts.count;
    for (size_t i = old; i < rows->starts.count; i++)
        starts[i] = starts[i] - removed + inserted;
    replace_starts(rows, first + 1, old, fresh.items, fresh.count);
    array_clear(&fresh);
    buf_clear(&scratch);
}

size_t rows_end(const struct rows *rows, struct folded_text text, size_t row)
{
    assert(row < rows->starts.count);
    if (row + 1 == rows->starts.count)
        return text.text.len;
    size_t end = rows->starts.items[row + 1];
    return is_break(text, end - 1) ? end - 1 : end;
}

int rows_col(const struct rows *rows, struct folded_text text, size_t row,
             size_t offset)
{
    struct buf scratch = { 0 };
    size_t end = rows_end(rows, text, row);
    int col = 0;
    for (size_t at = rows->starts.items[row]; at < offset && at < end;) {
        struct shown shown = rows_cluster(rows, text, at, col, &scratch);
        col += shown.width;
        at += shown.len;
    }
    buf_clear(&scratch);
    return col;
}

size_t rows_offset(const struct rows *rows, struct folded_text text, size_t row,
                   int col)
{
    struct buf scratch = { 0 };
    size_t end = rows_end(rows, text, row);
    bool is_soft =
        row + 1 < rows->starts.count && end == rows->starts.items[row + 1];
    size_t at = rows->starts.items[row];
    int used = 0;
    while (at < end) {
        struct shown shown = rows_cluster(rows, text, at, used, &scratch);
        used += shown.width;
        /* The end of a soft row is drawn as the start of the next one. */
        if (used > col || (is_soft && at + shown.len >= end))
            break;
        at += shown.len;
    }
    buf_clear(&scratch);
    return at;
}

void rows_draw(const struct rows *rows, struct folded_text text, size_t row,
               struct canvas *canvas, struct rect rect)
{
    struct buf scratch = { 0 };
    size_t end = rows_end(rows, text, row);
    size_t at = rows->starts.items[row];
    int col = 0;
    while (at < end && col < rect.width) {
        struct shown shown = rows_cluster(rows, text, at, col, &scratch);
        bool is_marked =
            at >= text.marked_at && at - text.marked_at < text.marked_len;
        enum style style = is_marked       ? STYLE_SELECTED
                           : shown.is_fold ? STYLE_DIM
                                           : STYLE_NORMAL;
        canvas_put(canvas, rect.row, rect.col + col, rect.width - col, style,
                   shown.visual);
        col += shown.width;
        at += shown.len;
    }
    buf_clear(&scratch);
}
