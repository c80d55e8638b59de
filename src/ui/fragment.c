/* SPDX-License-Identifier: MIT */
#include "ui/fragment.h"

void fragment_clear(struct fragment *fragment)
{
    buf_clear(&fragment->text);
    folds_clear(&fragment->folds);
}

void fragment_append(struct fragment *fragment, const struct fragment *other)
{
    folds_add(&fragment->folds, &other->folds, fragment->text.len);
    buf_append_slice(&fragment->text, buf_slice(&other->text));
}

void fragment_prepend(struct fragment *fragment, const struct fragment *other)
{
    folds_edit(&fragment->folds, 0, 0, other->text.len);
    folds_add(&fragment->folds, &other->folds, 0);
    buf_splice(&fragment->text, 0, 0, buf_slice(&other->text));
}

void fragment_append_range(struct fragment *fragment, struct folded_text text,
                           size_t start, size_t end)
{
    if (start == end)
        return;
    const struct fold *fold = folds_after(text.folds, start);
    const struct fold *last = text.folds->list.items + text.folds->list.count;
    for (; fold && fold < last && fold->start < end; fold++) {
        struct fold copy = *fold;
        copy.start = copy.start - start + fragment->text.len;
        *array_add(&fragment->folds.list) = copy;
    }
    buf_append(&fragment->text, text.text.ptr + start, end - start);
}
