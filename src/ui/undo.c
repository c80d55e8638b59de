/* SPDX-License-Identifier: MIT */
#include "ui/undo.h"

#include <string.h>

static void clear_change(struct undo *undo, struct change *change)
{
    undo->bytes -= change->removed.len + change->inserted.len;
    buf_clear(&change->removed);
    buf_clear(&change->inserted);
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
    if (last->removed.len || change->removed.len || !last->inserted.len ||
        change->offset != last->offset + last->inserted.len ||
        is_word_start(&last->inserted, &change->inserted))
        return false;
    buf_append_slice(&last->inserted, buf_slice(&change->inserted));
    return true;
}

static bool join_erased(struct change *last, const struct change *change)
{
    if (last->inserted.len || change->inserted.len || !last->removed.len)
        return false;
    if (change->offset + change->removed.len == last->offset) {
        buf_splice(&last->removed, 0, 0, buf_slice(&change->removed));
        last->offset = change->offset;
        return true;
    }
    if (change->offset != last->offset)
        return false;
    buf_append_slice(&last->removed, buf_slice(&change->removed));
    return true;
}

static bool join(struct undo *undo, const struct change *change)
{
    struct change *last = array_last(&undo->changes);
    size_t len = change->removed.len + change->inserted.len;
    if (last->removed.len + last->inserted.len + len > UNDO_GROUP_MAX)
        return false;
    if (!join_typed(last, change) && !join_erased(last, change))
        return false;
    undo->bytes += len;
    return true;
}

void undo_record(struct undo *undo, const struct change *change, bool may_join)
{
    while (undo->changes.count > undo->done)
        clear_change(undo, &undo->changes.items[--undo->changes.count]);
    bool joined = may_join && undo->is_open && undo->done && join(undo, change);
    undo->is_open = may_join;
    if (joined)
        return;
    struct change *fresh = array_add(&undo->changes);
    *fresh =
        (struct change){ .offset = change->offset, .caret = change->caret };
    buf_append_slice(&fresh->removed, buf_slice(&change->removed));
    buf_append_slice(&fresh->inserted, buf_slice(&change->inserted));
    undo->bytes += change->removed.len + change->inserted.len;
    undo->done = undo->changes.count;
    while (undo->changes.count > UNDO_CHANGES_MAX ||
           (undo->bytes > UNDO_BYTES_MAX && undo->changes.count > 1))
        forget_oldest(undo);
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
