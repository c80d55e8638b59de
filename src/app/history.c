/* SPDX-License-Identifier: MIT */
#include "app/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void history_clear(struct history *history)
{
    for (size_t i = 0; i < history->entries.count; i++)
        free(history->entries.items[i]);
    array_clear(&history->entries);
    buf_clear(&history->draft);
    history->at = 0;
}

void history_add(struct history *history, struct slice text)
{
    size_t count = history->entries.count;
    bool is_repeat = count && slice_is(text, history->entries.items[count - 1]);
    if (text.len && !is_repeat) {
        if (count == HISTORY_MAX) {
            free(history->entries.items[0]);
            memmove(history->entries.items, history->entries.items + 1,
                    (count - 1) * sizeof *history->entries.items);
            history->entries.count--;
        }
        *array_add(&history->entries) = memory_copy(text.ptr, text.len);
    }
    history->at = history->entries.count;
    buf_reset(&history->draft);
}

const char *history_earlier(struct history *history, struct slice current)
{
    if (history->at == 0)
        return NULL;
    if (history->at == history->entries.count) {
        buf_reset(&history->draft);
        buf_append_slice(&history->draft, current);
    }
    return history->entries.items[--history->at];
}

const char *history_later(struct history *history)
{
    if (history->at >= history->entries.count)
        return NULL;
    history->at++;
    return history->at < history->entries.count
               ? history->entries.items[history->at]
               : buf_string(&history->draft);
}
