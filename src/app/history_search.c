/* SPDX-License-Identifier: MIT */
#include "app/history_search.h"

#include <string.h>

#include "base/utf8.h"

void history_search_clear(struct history_search *search)
{
    buf_clear(&search->query);
    buf_clear(&search->last_query);
    *search = (struct history_search){ 0 };
}

static void forget_match(struct history_search *search)
{
    search->has_match = search->has_failed = false;
    search->entry = search->match_at = search->match_len = 0;
}

void history_search_begin(struct history_search *search)
{
    search->is_open = true;
    buf_reset(&search->query);
    forget_match(search);
}

static bool has_capital(struct slice text)
{
    while (text.len) {
        uint32_t character;
        text = slice_skip(text, utf8_decode(text, &character));
        if (utf8_lower(character) != character)
            return true;
    }
    return false;
}

/* Bytes of the text that the query is the beginning of; 0: it is not. */
static size_t match_len(struct slice text, struct slice query, bool any_case)
{
    size_t len = text.len;
    while (query.len) {
        uint32_t wanted, found;
        if (!text.len)
            return 0;
        query = slice_skip(query, utf8_decode(query, &wanted));
        text = slice_skip(text, utf8_decode(text, &found));
        if (found != wanted && !(any_case && utf8_lower(found) == wanted))
            return 0;
    }
    return len - text.len;
}

/* Look at a text from its beginning. The first byte sorts most places out. */
static bool find_in(struct history_search *search, size_t entry,
                    struct slice text)
{
    struct slice query = buf_slice(&search->query);
    bool any_case = !has_capital(query);
    bool is_ascii = (uint8_t)query.ptr[0] < 0x80;
    char lower = query.ptr[0];
    char upper = any_case ? (char)utf8_upper((uint8_t)lower) : lower;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (is_ascii && (uint8_t)c < 0x80 && c != lower && c != upper)
            continue;
        size_t len = match_len(slice_skip(text, at), query, any_case);
        if (!len)
            continue;
        search->entry = entry;
        search->match_at = at;
        search->match_len = len;
        search->has_match = true;
        return true;
    }
    return false;
}

/* Try entries from `entry` on in a direction, but none whose text is `except`. */
static void look(struct history_search *search, const struct history *history,
                 size_t entry, int step, const char *except)
{
    /* One step before the first entry the index is larger than any. */
    for (; entry < history->entries.count; entry += (size_t)step) {
        const char *text = history->entries.items[entry];
        if (except && !strcmp(text, except))
            continue;
        if (find_in(search, entry, slice_of(text))) {
            search->has_failed = false;
            return;
        }
    }
    search->has_failed = true;
}

static void look_from_newest(struct history_search *search,
                             const struct history *history)
{
    forget_match(search);
    if (search->query.len)
        look(search, history, history->entries.count - 1, -1, NULL);
}

void history_search_type(struct history_search *search,
                         const struct history *history, struct slice text)
{
    struct buf clean = { 0 };
    utf8_append_valid(&clean, text);
    for (struct slice rest = buf_slice(&clean); rest.len;) {
        uint32_t character;
        size_t len = utf8_decode(rest, &character);
        bool has_room = search->query.len + len <= HISTORY_QUERY_MAX;
        if (has_room && character >= ' ' && character != 0x7F)
            buf_append(&search->query, rest.ptr, len);
        rest = slice_skip(rest, len);
    }
    buf_clear(&clean);
    if (!search->has_match)
        look_from_newest(search, history);
    else
        look(search, history, search->entry, -1, NULL);
}

void history_search_erase(struct history_search *search,
                          const struct history *history)
{
    struct slice query = buf_slice(&search->query);
    if (query.len)
        buf_truncate(&search->query, query.len - utf8_last_grapheme(query));
    look_from_newest(search, history);
}

static void step(struct history_search *search, const struct history *history,
                 int step)
{
    if (!search->query.len)
        buf_append_slice(&search->query, buf_slice(&search->last_query));
    const char *text = history_search_text(search, history);
    if (text)
        look(search, history, search->entry + (size_t)step, step, text);
    else
        look_from_newest(search, history);
}

void history_search_older(struct history_search *search,
                          const struct history *history)
{
    step(search, history, -1);
}

void history_search_newer(struct history_search *search,
                          const struct history *history)
{
    step(search, history, 1);
}

const char *history_search_text(const struct history_search *search,
                                const struct history *history)
{
    return search->has_match ? history->entries.items[search->entry] : NULL;
}

void history_search_cancel(struct history_search *search)
{
    search->is_open = false;
    if (search->query.len) {
        buf_reset(&search->last_query);
        buf_append_slice(&search->last_query, buf_slice(&search->query));
    }
}

const char *history_search_accept(struct history_search *search,
                                  const struct history *history)
{
    history_search_cancel(search);
    return history_search_text(search, history);
}

void history_search_shift(struct history_search *search, ptrdiff_t moved)
{
    ptrdiff_t entry = (ptrdiff_t)search->entry + moved;
    search->has_match = search->has_match && entry >= 0;
    search->entry = entry >= 0 ? (size_t)entry : 0;
}
