/* SPDX-License-Identifier: MIT */
#include "ui/prose.h"

#include <assert.h>

void prose_clear(struct prose *prose)
{
    buf_clear(&prose->text);
    array_clear(&prose->runs);
    array_clear(&prose->pieces);
}

void prose_reset(struct prose *prose)
{
    buf_reset(&prose->text);
    prose->runs.count = 0;
    prose->barrier = 0;
}

void prose_break(struct prose *prose)
{
    prose->barrier = prose->runs.count;
}

void prose_add(struct prose *prose, struct slice text, enum style style)
{
    if (!text.len)
        return;
    buf_append_slice(&prose->text, text);
    /* One run for one style: a cluster may come in several texts. */
    if (prose->runs.count > prose->barrier &&
        array_last(&prose->runs)->style == style)
        array_last(&prose->runs)->end = prose->text.len;
    else
        *array_add(&prose->runs) = (struct prose_run){ prose->text.len, style };
}

const struct layout_piece *prose_pieces(struct prose *prose, size_t first,
                                        size_t last)
{
    assert(first <= last && last <= prose->runs.count);
    prose->pieces.count = 0;
    array_reserve(&prose->pieces, last - first + 1);
    size_t start = first ? prose->runs.items[first - 1].end : 0;
    for (size_t i = first; i < last; i++) {
        const struct prose_run *run = &prose->runs.items[i];
        struct slice text = { prose->text.ptr + start, run->end - start };
        *array_add(&prose->pieces) = (struct layout_piece){ text, run->style };
        start = run->end;
    }
    return prose->pieces.items;
}
