/* SPDX-License-Identifier: MIT */
#include "ui/undo.h"

#include <string.h>

static size_t bytes_of(const struct change *change)
{
    return change->removed.text.len + change->inserted.text.len;
}

static void clear_parts(struct change *change)
{
    fragment_clear(&change->removed);
    fragment_clear(&change->inserted);
}

static void clear_change(struct undo *undo, struct change *change)
{
    undo->bytes -= bytes_of(change);
    clear_parts(change);
}

void undo_clear(struct undo *undo)
{
    for (size_t i = 0; i < undo->changes.count; i++)
        clear_change(undo, &undo->changes.items[i]);
    array_clear(&undo->changes);
    *undo = (struct undo){ 0 };
}

static void forget_oldest(struct undo *undo)
{
    /* A tenth at once, so that the move is paid for by many changes. */
    size_t drop = undo->changes.count / 10 + 1;
    size_t kept = undo->changes.count - drop;
    for (size_t i = 0; i < drop; i++)
        clear_change(undo, &undo->changes.items[i]);
    memmove(undo->changes.items, undo->changes.items + drop,
            kept * sizeof *undo->changes.items);
    undo->changes.count = undo->done = kept;
}

static bool is_word_start(const struct buf *before, const struct buf *typed)
{
    char last = before->len ? before->ptr[before->len - 1] : ' ';
    bool was_blank = last == ' ' || last == '\n';
    return was_blank && typed->ptr[0] != ' ';
}

static bool join_typed(struct change *last, const struct change *change)
{
    struct buf *typed = &last->inserted.text;
    if (last->removed.text.len || change->removed.text.len || !typed->len ||
        change->offset != last->offset + typed->len ||
        is_word_start(typed, &change->inserted.text))
        return false;
    fragment_append(&last->inserted, &change->inserted);
    return true;
}

static bool join_erased(struct change *last, const struct change *change)
{
    if (last->inserted.text.len || change->inserted.text.len ||
        !last->removed.text.len)
        return false;
    if (change->offset + change->removed.text.len == last->offset) {
        fragment_prepend(&last->removed, &change->removed);
        last->offset = change->offset;
        return true;
    }
    if (change->offset != last->offset)
        return false;
    fragment_append(&last->removed, &change->removed);
    return true;
}

static bool join(struct undo *undo, const struct change *change)
{
    struct change *last = array_last(&undo->changes);
    if (bytes_of(last) + bytes_of(change) > UNDO_GROUP_MAX)
        return false;
    return join_typed(last, change) || join_erased(last, change);
}

void undo_record(struct undo *undo, struct change *change, bool may_join)
{
    while (undo->changes.count > undo->done)
        clear_change(undo, &undo->changes.items[--undo->changes.count]);
    bool joined = may_join && undo->is_open && undo->done && join(undo, change);
    undo->is_open = may_join;
    undo->bytes += bytes_of(change);
    if (joined)
        clear_parts(change);
    else
        *array_add(&undo->changes) = *change;
    *change = (struct change){ 0 };
    undo->done = undo->changes.count;
    while (undo->changes.count > UNDO_CHANGES_MAX ||
           (undo->bytes > UNDO_BYTES_MAX && undo->changes.count > 1))
        forget_oldest(undo);
}

const struct fragment *undo_find(const struct undo *undo, struct slice text)
{
    for (size_t i = undo->changes.count; i > 0; i--) {
        const struct change *change = &undo->changes.items[i - 1];
        if (slice_equal(buf_slice(&change->removed.text), text))
            return &change->removed;
    }
    return NULL;
}

void undo_close(struct undo *undo)
{
    undo->is_open = false;
}

const struct change *undo_back(struct undo *undo)
{
    undo->is_open = false;
    return undo->done ? &undo->changes.items[--undo->done] : NULL;
}

const struct change *undo_forth(struct undo *undo)
{
    undo->is_open = false;
    if (undo->done == undo->changes.count)
        return NULL;
    return &undo->changes.items[undo->done++];
}
