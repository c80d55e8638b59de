/* SPDX-License-Identifier: MIT */
/*
 * key_name - the part of keys.h that deals with one key as a value: its
 * written form, and the form that keys which terminals cannot tell apart share.
 */
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "ui/keys.h"

static const struct name_row {
    enum key_code code;
    const char *name;
} name_rows[] = {
    { KEY_ENTER, "Enter" },
    { KEY_TAB, "Tab" },
    { KEY_BACKSPACE, "Backspace" },
    { KEY_ESCAPE, "Escape" },
    { KEY_ESCAPE, "Esc" },
    { KEY_UP, "Up" },
    { KEY_DOWN, "Down" },
    { KEY_LEFT, "Left" },
    { KEY_RIGHT, "Right" },
    { KEY_HOME, "Home" },
    { KEY_END, "End" },
    { KEY_PAGE_UP, "PageUp" },
    { KEY_PAGE_DOWN, "PageDown" },
    { KEY_INSERT, "Insert" },
    { KEY_DELETE, "Delete" },
    { KEY_F1, "F1" },
    { KEY_F2, "F2" },
    { KEY_F3, "F3" },
    { KEY_F4, "F4" },
    { KEY_F5, "F5" },
    { KEY_F6, "F6" },
    { KEY_F7, "F7" },
    { KEY_F8, "F8" },
    { KEY_F9, "F9" },
    { KEY_F10, "F10" },
    { KEY_F11, "F11" },
    { KEY_F12, "F12" },
};

/* What is no key of a keyboard, for traces only. */
static const struct name_row event_rows[] = {
    { KEY_PASTE, "<paste>" },
    { KEY_FOCUS_IN, "<focus in>" },
    { KEY_FOCUS_OUT, "<focus out>" },
    { KEY_REPLY, "<reply>" },
};

static const struct modifier_row {
    uint8_t modifier;
    const char *prefix;
} modifier_rows[] = {
    { KEY_CTRL, "Ctrl-" },
    { KEY_ALT, "Alt-" },
    { KEY_SHIFT, "Shift-" },
};

/* Ctrl and these is the byte of another key: no terminal tells them apart. */
static const struct {
    char character;
    enum key_code code;
} control_rows[] = {
    { 'h', KEY_BACKSPACE },
    { 'i', KEY_TAB },
    { 'm', KEY_ENTER },
    { '[', KEY_ESCAPE },
};

static bool is_upper(uint32_t character)
{
    return character >= 'A' && character <= 'Z';
}

static bool is_lower(uint32_t character)
{
    return character >= 'a' && character <= 'z';
}

/* Shift and a character is another character; only with Ctrl or Alt, where the
 * letter is written small, does it stay a modifier. */
static void normalize_shift(struct key *key)
{
    bool is_plain = !(key->modifiers & (KEY_CTRL | KEY_ALT));
    if (is_plain && (key->modifiers & KEY_SHIFT)) {
        key->character = utf8_upper(key->character);
        key->modifiers = 0;
    } else if (!is_plain && is_upper(key->character)) {
        key->character += 'a' - 'A';
        key->modifiers |= KEY_SHIFT;
    }
}

struct key key_normalize(struct key key)
{
    if (key.code != KEY_CHARACTER)
        return key;
    normalize_shift(&key);
    if (!(key.modifiers & KEY_CTRL))
        return key;
    if (key.character == '@')
        key.character = ' ';
    for (size_t i = 0; i < COUNTOF(control_rows); i++) {
        if (key.character != (uint32_t)control_rows[i].character)
            continue;
        key.code = control_rows[i].code;
        key.character = 0;
        key.modifiers &= (uint8_t)~KEY_CTRL;
        break;
    }
    return key;
}

static const char *find_name(const struct name_row *rows, size_t count,
                             enum key_code code)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].code == code)
            return rows[i].name;
    }
    return NULL;
}

static void format_character(struct buf *out, const struct key *key)
{
    if (key->character == ' ')
        buf_append_string(out, "Space");
    else if (key->modifiers && is_lower(key->character))
        buf_append_char(out, (char)(key->character - ('a' - 'A')));
    else
        utf8_append(out, key->character);
}

void key_format(struct buf *out, const struct key *key)
{
    for (size_t i = 0; i < COUNTOF(modifier_rows); i++) {
        if (key->modifiers & modifier_rows[i].modifier)
            buf_append_string(out, modifier_rows[i].prefix);
    }
    const char *name = find_name(name_rows, COUNTOF(name_rows), key->code);
    if (!name)
        name = find_name(event_rows, COUNTOF(event_rows), key->code);
    if (name)
        buf_append_string(out, name);
    else
        format_character(out, key);
}

static bool is_name(struct slice text, const char *name)
{
    return text.len == strlen(name) && !strncasecmp(text.ptr, name, text.len);
}

/* Cut one "Ctrl-" off. What stands behind it must not be empty. */
static bool take_modifier(struct slice *name, struct key *key)
{
    for (size_t i = 0; i < COUNTOF(modifier_rows); i++) {
        const struct modifier_row *row = &modifier_rows[i];
        size_t len = strlen(row->prefix);
        if (name->len <= len || strncasecmp(name->ptr, row->prefix, len) != 0)
            continue;
        key->modifiers |= row->modifier;
        *name = slice_skip(*name, len);
        return true;
    }
    return false;
}

static bool parse_character(struct key *key, struct slice name)
{
    uint32_t character;
    if (is_name(name, "Space")) {
        character = ' ';
    } else if (!name.len || !utf8_is_valid(name) ||
               utf8_decode(name, &character) != name.len) {
        return false;
    }
    if (character < ' ' || (character >= 0x7F && character < 0xA0))
        return false;
    /* "Ctrl-X" is written with a capital letter and means the key x. */
    if (key->modifiers && is_upper(character))
        character += 'a' - 'A';
    key->code = KEY_CHARACTER;
    key->character = character;
    return true;
}

bool key_parse(struct key *key, struct slice name)
{
    struct key parsed = { 0 };
    while (take_modifier(&name, &parsed))
        ;
    bool is_known = false;
    for (size_t i = 0; !is_known && i < COUNTOF(name_rows); i++) {
        if (is_name(name, name_rows[i].name)) {
            parsed.code = name_rows[i].code;
            is_known = true;
        }
    }
    if (!is_known && !parse_character(&parsed, name))
        return false;
    *key = key_normalize(parsed);
    return true;
}

bool key_equal(const struct key *a, const struct key *b)
{
    return a->code == b->code && a->modifiers == b->modifiers &&
           a->character == b->character;
}
