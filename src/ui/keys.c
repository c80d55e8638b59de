/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/key_sequence.h"
#include "ui/paste.h"

enum {
    ESC = 0x1B,
    BEL = 0x07,
    DEL = 0x7F,
    X10_BYTES = 3, /* button, column, row behind ESC [ M */
};

enum state {
    STATE_GROUND,
    STATE_ESCAPE,     /* ESC */
    STATE_CSI,        /* ESC [ */
    STATE_SS3,        /* ESC O */
    STATE_STRING,     /* ESC ], ESC P, ESC _: text up to BEL or ESC \ */
    STATE_STRING_END, /* ESC inside of a string */
    STATE_X10,        /* the bytes of an old mouse report */
    STATE_PASTE,
    STATE_COUNT
};

struct keys {
    keys_fn *fn;
    void *context;
    enum state state;
    bool has_alt;                     /* another ESC stood before this one */
    char sequence[KEYS_SEQUENCE_MAX]; /* behind ESC */
    size_t sequence_len;
    bool is_too_long; /* the sequence is dropped when it ends */
    int x10_left;
    char held[UTF8_CHARACTER_MAX]; /* a character that is not whole yet */
    size_t held_len;
    uint8_t held_modifiers;
    struct buf paste;
    size_t paste_end_len; /* bytes of the end marker seen so far */
    bool paste_was_cut;
    bool paste_may_go_on; /* the last one ended by time, without its mark */
    uint64_t unknown;
};

static const char paste_end[] = "\x1b[201~";

struct keys *keys_new(keys_fn *fn, void *context)
{
    struct keys *keys = memory_zero(1, sizeof *keys);
    keys->fn = fn;
    keys->context = context;
    return keys;
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    buf_clear(&keys->paste);
    free(keys);
}

uint64_t keys_unknown(const struct keys *keys)
{
    return keys->unknown;
}

static void emit(struct keys *keys, struct key key)
{
    key = key_normalize(key);
    keys->fn(keys->context, &key);
}

static void emit_code(struct keys *keys, enum key_code code, uint8_t modifiers)
{
    emit(keys, (struct key){ .code = code, .modifiers = modifiers });
}

/* A C1 control is no text, and never typed. */
static bool is_c1(struct key key)
{
    return key.code == KEY_CHARACTER && key.character >= 0x80 &&
           key.character < 0xA0;
}

static void emit_character(struct keys *keys, uint32_t character,
                           uint8_t modifiers)
{
    struct key key = { .code = KEY_CHARACTER,
                       .character = character,
                       .modifiers = modifiers };
    if (is_c1(key))
        keys->unknown++;
    else
        emit(keys, key);
}

/* A byte below 0x20, or DEL. */
static void emit_control(struct keys *keys, uint8_t byte, uint8_t modifiers)
{
    switch (byte) {
    case '\r': emit_code(keys, KEY_ENTER, modifiers); break;
    case '\t': emit_code(keys, KEY_TAB, modifiers); break;
    case '\b':
    case DEL: emit_code(keys, KEY_BACKSPACE, modifiers); break;
    case 0: emit_character(keys, ' ', modifiers | KEY_CTRL); break;
    default: {
        uint32_t character = byte | 0x40U;
        if (character >= 'A' && character <= 'Z')
            character += 'a' - 'A';
        emit_character(keys, character, modifiers | KEY_CTRL);
    }
    }
}

/* Emit what is whole or broken in the held bytes; a good beginning stays,
 * unless `all`. */
static void emit_held(struct keys *keys, bool all)
{
    while (keys->held_len) {
        struct slice held = { keys->held, keys->held_len };
        if (!all && utf8_partial_tail(held) == held.len)
            return;
        uint32_t character;
        size_t used = utf8_decode(held, &character);
        keys->held_len -= used;
        memmove(keys->held, keys->held + used, keys->held_len);
        emit_character(keys, character, keys->held_modifiers);
        keys->held_modifiers = 0;
    }
}

static void begin_escape(struct keys *keys, bool has_alt)
{
    keys->state = STATE_ESCAPE;
    keys->has_alt = has_alt;
    keys->sequence_len = 0;
    keys->is_too_long = false;
}

static void add_to_sequence(struct keys *keys, uint8_t byte)
{
    if (keys->sequence_len < sizeof keys->sequence)
        keys->sequence[keys->sequence_len++] = (char)byte;
    else
        keys->is_too_long = true;
}

/* The ESC before this sequence was no Alt. */
static void emit_first_escape(struct keys *keys)
{
    if (keys->has_alt)
        emit_code(keys, KEY_ESCAPE, 0);
    keys->has_alt = false;
}

static void drop_sequence(struct keys *keys)
{
    emit_first_escape(keys);
    keys->unknown++;
    keys->state = STATE_GROUND;
}

static struct slice sequence_slice(const struct keys *keys)
{
    return (struct slice){ keys->sequence, keys->sequence_len };
}

/* What was typed when ESC [, ESC O or the like came alone: Alt and the key. */
static void emit_alt_introducer(struct keys *keys)
{
    emit_first_escape(keys);
    keys->state = STATE_GROUND;
    emit_character(keys, (uint8_t)keys->sequence[0], KEY_ALT);
}

static void begin_paste(struct keys *keys)
{
    keys->state = STATE_PASTE;
    keys->paste_end_len = 0;
    keys->paste_was_cut = false;
    keys->paste_may_go_on = false;
    buf_reset(&keys->paste);
}

static void emit_sequence(struct keys *keys, struct key key)
{
    if (is_c1(key)) {
        drop_sequence(keys);
        return;
    }
    if (key.code == KEY_FOCUS_IN || key.code == KEY_FOCUS_OUT)
        emit_first_escape(keys);
    if (keys->has_alt)
        key.modifiers |= KEY_ALT;
    emit(keys, key);
}

static void emit_reply(struct keys *keys)
{
    emit_first_escape(keys);
    emit(keys, (struct key){ .code = KEY_REPLY, .text = sequence_slice(keys) });
}

static void finish_sequence(struct keys *keys)
{
    struct key key = { 0 };
    keys->state = STATE_GROUND;
    if (keys->is_too_long) {
        drop_sequence(keys);
        return;
    }
    if (slice_is(sequence_slice(keys), paste_end + 1))
        keys->paste_may_go_on = false;
    switch (key_sequence_decode(sequence_slice(keys), &key)) {
    case KEY_SEQUENCE_KEY: emit_sequence(keys, key); break;
    case KEY_SEQUENCE_REPLY: emit_reply(keys); break;
    case KEY_SEQUENCE_UNKNOWN: drop_sequence(keys); break;
    case KEY_SEQUENCE_IGNORED: emit_first_escape(keys); break;
    case KEY_SEQUENCE_PASTE:
        emit_first_escape(keys);
        begin_paste(keys);
        break;
    }
}

static void finish_string(struct keys *keys)
{
    keys->state = STATE_GROUND;
    if (keys->is_too_long)
        drop_sequence(keys);
    else
        emit_reply(keys);
}

/*
 * The steps: one for each state. False if the byte does not belong to it; the
 * state has changed then, and the byte is looked at again.
 */

static bool step_ground(struct keys *keys, uint8_t byte)
{
    bool continues = byte >= 0x80 && byte < 0xC0;
    if (keys->held_len && !continues)
        emit_held(keys, true);
    if (byte == ESC) {
        begin_escape(keys, false);
    } else if (byte < ' ' || byte == DEL) {
        emit_control(keys, byte, 0);
    } else if (byte < 0x80) {
        emit_character(keys, byte, 0);
    } else {
        keys->held[keys->held_len++] = (char)byte;
        emit_held(keys, false);
    }
    return true;
}

static bool step_escape(struct keys *keys, uint8_t byte)
{
    switch (byte) {
    case '[': keys->state = STATE_CSI; break;
    case 'O': keys->state = STATE_SS3; break;
    case ']':
    case 'P':
    case '_': keys->state = STATE_STRING; break;
    case ESC:
        emit_first_escape(keys);
        begin_escape(keys, true);
        return true;
    default:
        emit_first_escape(keys);
        keys->state = STATE_GROUND;
        if (byte >= 0x80) {
            keys->held_modifiers = KEY_ALT;
            return false;
        }
        if (byte < ' ' || byte == DEL)
            emit_control(keys, byte, KEY_ALT);
        else
            emit_character(keys, byte, KEY_ALT);
        return true;
    }
    add_to_sequence(keys, byte);
    return true;
}

/* rxvt ends ESC [ 23 $ with an intermediate byte; the terminal's replies have
 * more than one number before theirs. */
static bool ends_with_dollar(const struct keys *keys)
{
    struct slice digits = slice_skip(sequence_slice(keys), 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
    }
    return digits.len > 0;
}

static bool step_csi(struct keys *keys, uint8_t byte)
{
    if (byte < ' ' || byte >= DEL) {
        drop_sequence(keys);
        return false;
    }
    bool is_first = keys->sequence_len == 1;
    bool is_end = byte >= '@' && !(is_first && byte == '[');
    if (byte == '$')
        is_end = ends_with_dollar(keys);
    add_to_sequence(keys, byte);
    if (is_first && byte == 'M') {
        keys->state = STATE_X10;
        keys->x10_left = X10_BYTES;
    } else if (is_end) {
        finish_sequence(keys);
    }
    return true;
}

static bool step_ss3(struct keys *keys, uint8_t byte)
{
    bool is_parameter = (byte >= '0' && byte <= '9') || byte == ';';
    bool is_first = keys->sequence_len == 1;
    if (byte < ' ' || byte >= DEL) {
        if (is_first)
            emit_alt_introducer(keys);
        else
            drop_sequence(keys);
        return false;
    }
    add_to_sequence(keys, byte);
    if (!is_parameter)
        finish_sequence(keys);
    return true;
}

static bool step_string(struct keys *keys, uint8_t byte)
{
    if (byte == BEL) {
        finish_string(keys);
    } else if (byte == ESC) {
        keys->state = STATE_STRING_END;
    } else if (byte < ' ') {
        drop_sequence(keys);
        return false;
    } else {
        add_to_sequence(keys, byte);
    }
    return true;
}

static bool step_string_end(struct keys *keys, uint8_t byte)
{
    if (byte == '\\') {
        finish_string(keys);
        return true;
    }
    drop_sequence(keys);
    begin_escape(keys, false);
    return false;
}

static bool step_x10(struct keys *keys, uint8_t byte)
{
    (void)byte;
    if (--keys->x10_left == 0)
        keys->state = STATE_GROUND;
    return true;
}

static void add_to_paste(struct keys *keys, const char *bytes, size_t len)
{
    size_t room = KEYS_PASTE_MAX - keys->paste.len;
    if (len > room) {
        keys->paste_was_cut = true;
        len = room;
    }
    buf_append(&keys->paste, bytes, len);
}

static void finish_paste(struct keys *keys)
{
    struct buf decoded = { 0 };
    struct slice text = buf_slice(&keys->paste);
    keys->state = STATE_GROUND;
    if (text.len && memchr(text.ptr, ESC, text.len)) {
        paste_decode(&decoded, text);
        text = buf_slice(&decoded);
    }
    emit(keys, (struct key){ .code = KEY_PASTE,
                             .text = text,
                             .was_cut = keys->paste_was_cut });
    buf_clear(&decoded);
    buf_clear(&keys->paste);
}

static bool step_paste(struct keys *keys, uint8_t byte)
{
    if (byte == (uint8_t)paste_end[keys->paste_end_len]) {
        if (++keys->paste_end_len == sizeof paste_end - 1)
            finish_paste(keys);
        return true;
    }
    /* Only its first byte is an ESC: no other beginning of the marker can hide
     * in what was seen of it. */
    add_to_paste(keys, paste_end, keys->paste_end_len);
    keys->paste_end_len = byte == ESC;
    char c = (char)byte;
    if (!keys->paste_end_len)
        add_to_paste(keys, &c, 1);
    return true;
}

/* Pasted bytes up to the next ESC at once; returns how many. */
static size_t skip_pasted(struct keys *keys, struct slice bytes)
{
    if (keys->state != STATE_PASTE || keys->paste_end_len || !bytes.len)
        return 0;
    const char *end = memchr(bytes.ptr, ESC, bytes.len);
    size_t len = end ? (size_t)(end - bytes.ptr) : bytes.len;
    add_to_paste(keys, bytes.ptr, len);
    return len;
}

typedef bool step_fn(struct keys *keys, uint8_t byte);

static step_fn *const steps[] = {
    [STATE_GROUND] = step_ground,
    [STATE_ESCAPE] = step_escape,
    [STATE_CSI] = step_csi,
    [STATE_SS3] = step_ss3,
    [STATE_STRING] = step_string,
    [STATE_X10] = step_x10,
    [STATE_STRING_END] = step_string_end,
    [STATE_PASTE] = step_paste,
};
static_assert(COUNTOF(steps) == STATE_COUNT, "a step for each state");

/* After a paste that ended by time: a line break that came together with other
 * bytes is the rest of it, and must not send anything; one that came alone was
 * typed. */
static void resume_paste(struct keys *keys, struct slice bytes)
{
    if (!keys->paste_may_go_on || keys->state != STATE_GROUND || !bytes.len ||
        bytes.ptr[0] == ESC)
        return;
    bool has_break = memchr(bytes.ptr, '\r', bytes.len) ||
                     memchr(bytes.ptr, '\n', bytes.len);
    if (has_break && bytes.len > 1)
        begin_paste(keys);
    else if (has_break)
        keys->paste_may_go_on = false;
}

void keys_feed(struct keys *keys, struct slice bytes)
{
    resume_paste(keys, bytes);
    while (bytes.len) {
        bytes = slice_skip(bytes, skip_pasted(keys, bytes));
        if (!bytes.len)
            return;
        while (!steps[keys->state](keys, (uint8_t)bytes.ptr[0]))
            ;
        bytes = slice_skip(bytes, 1);
    }
}

/* ESC [ and its like may yet be Alt and a key: nothing follows then. */
static bool is_bare(const struct keys *keys)
{
    return keys->sequence_len == 1 &&
           (keys->state == STATE_CSI || keys->state == STATE_SS3 ||
            keys->state == STATE_STRING);
}

int64_t keys_pending_ms(const struct keys *keys)
{
    switch (keys->state) {
    case STATE_GROUND: return keys->held_len ? KEYS_SEQUENCE_MS : -1;
    case STATE_ESCAPE: return KEYS_ESCAPE_MS;
    case STATE_PASTE: return KEYS_PASTE_END_MS;
    default: return KEYS_SEQUENCE_MS;
    }
}

void keys_timeout(struct keys *keys)
{
    if (keys->state == STATE_PASTE) {
        add_to_paste(keys, paste_end, keys->paste_end_len);
        keys->paste_was_cut = true;
        keys->paste_may_go_on = true;
        finish_paste(keys);
    } else if (keys->state == STATE_ESCAPE) {
        keys->state = STATE_GROUND;
        emit_first_escape(keys);
        emit_code(keys, KEY_ESCAPE, 0);
    } else if (is_bare(keys)) {
        emit_alt_introducer(keys);
    } else if (keys->state != STATE_GROUND) {
        drop_sequence(keys);
    }
    emit_held(keys, true);
}
