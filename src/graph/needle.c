/* SPDX-License-Identifier: MIT */
#include "graph/needle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/utf8.h"

/* How writers of JSON differ. */
enum habit {
    HABIT_OURS,  /* json_append_quoted() */
    HABIT_PLAIN, /* only what must be escaped */
    HABIT_SLASH, /* the slash too */
    HABIT_PHP,   /* the slash, and all but ASCII */
    HABIT_ASCII, /* all but ASCII: Python */
    HABIT_UPPER, /* the same with large digits */
    HABIT_COUNT
};

static void put_unit(struct buf *out, uint32_t unit, enum habit habit)
{
    buf_printf(out, habit == HABIT_UPPER ? "\\u%04X" : "\\u%04x",
               (unsigned)unit);
}

static void put_character(struct buf *out, struct slice bytes,
                          uint32_t character, enum habit habit)
{
    static const char letters[] = "\b\f\n\r\t", names[] = "bfnrt";
    const char *letter =
        character && character < 0x80 ? strchr(letters, (int)character) : NULL;
    if (letter) {
        buf_append_char(out, '\\');
        buf_append_char(out, names[letter - letters]);
    } else if (character == '"' || character == '\\' ||
               (character == '/' &&
                (habit == HABIT_SLASH || habit == HABIT_PHP))) {
        buf_append_char(out, '\\');
        buf_append_char(out, (char)character);
    } else if (character < 0x20 || (character == 0x7f && habit > HABIT_SLASH)) {
        put_unit(out, character, habit);
    } else if (character < 0x80 || habit < HABIT_PHP) {
        buf_append_slice(out, bytes);
    } else if (character < 0x10000) {
        put_unit(out, character, habit);
    } else {
        put_unit(out, 0xd800 + ((character - 0x10000) >> 10), habit);
        put_unit(out, 0xdc00 + ((character - 0x10000) & 0x3ff), habit);
    }
}

static void escape(struct buf *out, struct slice text, enum habit habit)
{
    if (habit == HABIT_OURS) {
        struct buf quoted = { 0 };
        json_append_quoted(&quoted, text);
        buf_append(out, quoted.ptr + 1, quoted.len - 2);
        buf_clear(&quoted);
        return;
    }
    while (text.len) {
        uint32_t character;
        size_t len = utf8_decode(text, &character);
        put_character(out, (struct slice){ text.ptr, len }, character, habit);
        text = slice_skip(text, len);
    }
}

/* Takes the form. */
static void add_form(struct needle *needle, struct buf *form)
{
    for (size_t i = 0; i < needle->forms.count; i++) {
        if (slice_equal(buf_slice(&needle->forms.items[i]), buf_slice(form))) {
            buf_clear(form);
            return;
        }
    }
    *array_add(&needle->forms) = *form;
}

static void add_escaped(struct needle *needle, struct slice text)
{
    for (enum habit habit = HABIT_OURS; habit < HABIT_COUNT; habit++) {
        struct buf form = { 0 }, twice = { 0 };
        escape(&form, text, habit);
        escape(&twice, buf_slice(&form), habit);
        add_form(needle, &form);
        add_form(needle, &twice);
    }
}

static int by_length(const void *a, const void *b)
{
    size_t x = ((const struct buf *)a)->len, y = ((const struct buf *)b)->len;
    return x < y ? 1 : x > y ? -1 : 0;
}

void needle_init(struct needle *needle, struct slice text)
{
    struct buf form = { 0 };
    *needle = (struct needle){ 0 };
    buf_append_slice(&form, text);
    add_form(needle, &form);
    add_escaped(needle, text);
    qsort(needle->forms.items, needle->forms.count, sizeof *needle->forms.items,
          by_length);
}

void needle_clear(struct needle *needle)
{
    for (size_t i = 0; i < needle->forms.count; i++)
        buf_clear(&needle->forms.items[i]);
    array_clear(&needle->forms);
}

/* SIZE_MAX: nowhere. */
static size_t find_form(const struct buf *form, struct slice bytes, size_t from)
{
    const char *at =
        from < bytes.len
            ? memmem(bytes.ptr + from, bytes.len - from, form->ptr, form->len)
            : NULL;
    return at ? (size_t)(at - bytes.ptr) : SIZE_MAX;
}

void needle_find(const struct needle *needle, struct slice bytes,
                 struct needle_matches *matches)
{
    /* Where each form stands next, so that no byte is looked at again. */
    ARRAY_OF(size_t) next = { 0 };
    for (size_t i = 0; i < needle->forms.count; i++)
        *array_add(&next) = find_form(&needle->forms.items[i], bytes, 0);
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < next.count; i++)
            if (next.items[i] < next.items[first])
                first = i;
        if (next.items[first] == SIZE_MAX)
            break;
        struct needle_match match = { next.items[first],
                                      needle->forms.items[first].len };
        *array_add(&matches->list) = match;
        for (size_t i = 0; i < next.count; i++)
            if (next.items[i] < match.start + match.len)
                next.items[i] = find_form(&needle->forms.items[i], bytes,
                                          match.start + match.len);
    }
    array_clear(&next);
}

bool needle_is_in(const struct needle *needle, struct slice bytes)
{
    for (size_t i = 0; i < needle->forms.count; i++)
        if (find_form(&needle->forms.items[i], bytes, 0) != SIZE_MAX)
            return true;
    return false;
}
