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
    history->at = history->bytes = 0;
}

static void forget_oldest(struct history *history)
{
    char **entries = history->entries.items;
    history->bytes -= strlen(entries[0]);
    free(entries[0]);
    history->entries.count--;
    memmove(entries, entries + 1, history->entries.count * sizeof *entries);
}

static bool is_too_much(const struct history *history)
{
    return history->entries.count > HISTORY_MAX ||
           (history->entries.count > 1 && history->bytes > HISTORY_BYTES_MAX);
}

void history_add(struct history *history, struct slice text)
{
    size_t count = history->entries.count;
    bool is_repeat = count && slice_is(text, history->entries.items[count - 1]);
    if (text.len && !is_repeat) {
        *array_add(&history->entries) = memory_copy(text.ptr, text.len);
        history->bytes += strlen(*array_last(&history->entries));
        while (is_too_much(history))
            forget_oldest(history);
    }
    history->at = history->entries.count;
    buf_reset(&history->draft);
}

ptrdiff_t history_put_before(struct history *history, struct history *earlier)
{
    size_t at = history->at, before = history->entries.count;
    for (size_t i = 0; i < before; i++) {
        *array_add(&earlier->entries) = history->entries.items[i];
        earlier->bytes += strlen(history->entries.items[i]);
    }
    array_clear(&history->entries);
    history->entries.items = earlier->entries.items;
    history->entries.count = earlier->entries.count;
    history->entries.capacity = earlier->entries.capacity;
    history->bytes = earlier->bytes;
    while (is_too_much(history))
        forget_oldest(history);
    ptrdiff_t moved = (ptrdiff_t)history->entries.count - (ptrdiff_t)before;
    history->at = moved < -(ptrdiff_t)at ? 0 : (size_t)((ptrdiff_t)at + moved);
    buf_clear(&earlier->draft);
    *earlier = (struct history){ 0 };
    return moved;
}

void history_forget(struct history *history, struct slice text)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->entries.count; i++) {
        char *entry = history->entries.items[i];
        size_t len = strlen(entry);
        if (text.len && memmem(entry, len, text.ptr, text.len)) {
            history->bytes -= len;
            free(entry);
        } else {
            history->entries.items[kept++] = entry;
        }
    }
    history->entries.count = history->at = kept;
    buf_clear(&history->draft);
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
