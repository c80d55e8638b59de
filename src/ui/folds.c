/* SPDX-License-Identifier: MIT */
#include "ui/folds.h"

#include <assert.h>
#include <string.h>

#include "ui/receipt.h"

void folds_clear(struct folds *folds)
{
    array_clear(&folds->list);
}

/* How many folds start at or before offset. */
static size_t count_up_to(const struct folds *folds, size_t offset)
{
    size_t low = 0, high = folds->list.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (folds->list.items[middle].start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t fold_end(const struct fold *fold)
{
    return fold->start + fold->len;
}

const struct fold *folds_at(const struct folds *folds, size_t offset)
{
    size_t count = count_up_to(folds, offset);
    const struct fold *last = count ? &folds->list.items[count - 1] : NULL;
    return last && offset < fold_end(last) ? last : NULL;
}

const struct fold *folds_before(const struct folds *folds, size_t offset)
{
    size_t count = count_up_to(folds, offset);
    while (count && fold_end(&folds->list.items[count - 1]) > offset)
        count--;
    return count ? &folds->list.items[count - 1] : NULL;
}

const struct fold *folds_after(const struct folds *folds, size_t offset)
{
    size_t first = offset ? count_up_to(folds, offset - 1) : 0;
    return first < folds->list.count ? &folds->list.items[first] : NULL;
}

struct slice folded_text_after(struct folded_text text, size_t offset)
{
    struct slice rest = slice_skip(text.text, offset);
    const struct fold *next = folds_after(text.folds, offset);
    if (next)
        rest.len = next->start - offset;
    return rest;
}

struct slice folded_text_before(struct folded_text text, size_t offset)
{
    const struct fold *last = folds_before(text.folds, offset);
    size_t start = last ? fold_end(last) : 0;
    return (struct slice){ offset ? text.text.ptr + start : NULL,
                           offset - start };
}

void folds_add(struct folds *folds, const struct folds *piece, size_t offset)
{
    size_t count = piece->list.count;
    if (!count)
        return;
    size_t first = offset ? count_up_to(folds, offset - 1) : 0;
    array_reserve(&folds->list, count);
    struct fold *items = folds->list.items + first;
    memmove(items + count, items, (folds->list.count - first) * sizeof *items);
    memcpy(items, piece->list.items, count * sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i].start += offset;
    folds->list.count += count;
}

void folds_edit(struct folds *folds, size_t offset, size_t removed,
                size_t inserted)
{
    size_t kept = 0;
    for (size_t i = 0; i < folds->list.count; i++) {
        struct fold fold = folds->list.items[i];
        if (fold.start >= offset + removed)
            fold.start = fold.start - removed + inserted;
        else if (fold.start >= offset)
            continue;
        else
            assert(fold_end(&fold) <= offset);
        folds->list.items[kept++] = fold;
    }
    folds->list.count = kept;
}

struct fold fold_of(struct slice text)
{
    assert(text.len > 0);
    struct fold fold = { .len = text.len };
    struct slice line;
    while (slice_next_line(&text, &line))
        fold.lines++;
    return fold;
}

void fold_format(struct buf *out, const struct fold *fold, int width)
{
    const char *plural = fold->lines == 1 ? "" : "s";
    size_t start = out->len;
    buf_printf(out, "[pasted %zu line%s, ", fold->lines, plural);
    receipt_size(out, fold->len);
    buf_append_char(out, ']');
    /* It is all ASCII: a byte is a cell. */
    if (out->len - start <= (size_t)width)
        return;
    buf_truncate(out, start);
    buf_printf(out, "[%zu line%s]", fold->lines, plural);
    if (out->len - start > (size_t)width)
        buf_truncate(out, start + (size_t)width);
}
