/* SPDX-License-Identifier: MIT */
#include "ui/paste.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/key_sequence.h"
#include "ui/keys.h"

enum { ESC = 0x1B, CONTROL_BITS = 0x1F };

struct decoder {
    struct buf *out;
    struct buf run; /* sequences in a row that may each be one byte of UTF-8 */
};

/* As UTF-8 if that is what the codes are together, else a character each. */
static void flush_run(struct decoder *decoder)
{
    struct slice run = buf_slice(&decoder->run);
    if (utf8_is_valid(run)) {
        buf_append_slice(decoder->out, run);
    } else {
        for (size_t i = 0; i < run.len; i++)
            utf8_append(decoder->out, (uint8_t)run.ptr[i]);
    }
    buf_reset(&decoder->run);
}

static void add_character(struct decoder *decoder, uint32_t character)
{
    if (character >= 0x80 && character <= 0xFF) {
        buf_append_char(&decoder->run, (char)character);
        return;
    }
    flush_run(decoder);
    utf8_append(decoder->out, character);
}

/* False for a key that is no text. */
static bool add_key(struct decoder *decoder, struct key key)
{
    key = key_normalize(key);
    if (key.modifiers & KEY_ALT)
        return false;
    switch (key.code) {
    case KEY_ENTER: add_character(decoder, '\r'); return true;
    case KEY_TAB: add_character(decoder, '\t'); return true;
    case KEY_ESCAPE: add_character(decoder, ESC); return true;
    case KEY_BACKSPACE: add_character(decoder, '\b'); return true;
    case KEY_CHARACTER: break;
    default: return false;
    }
    if (!(key.modifiers & KEY_CTRL))
        add_character(decoder, key.character);
    else if (key.character == ' ' ||
             (key.character > '@' && key.character < 0x7F))
        add_character(decoder, key.character & CONTROL_BITS);
    else
        return false;
    return true;
}

/* Bytes of the control sequence that a slice, which begins with ESC, begins
 * with; 0: none. */
static size_t sequence_len(struct slice bytes)
{
    size_t len = 2;
    if (bytes.len <= len || bytes.ptr[1] != '[')
        return 0;
    while (len < bytes.len && len < KEYS_SEQUENCE_MAX &&
           bytes.ptr[len] >= ' ' && bytes.ptr[len] < '@')
        len++;
    bool has_end =
        len < bytes.len && bytes.ptr[len] >= '@' && bytes.ptr[len] < 0x7F;
    return has_end ? len + 1 : 0;
}

/* `sequence`: what stands behind ESC. False: it was pasted as it is. */
static bool add_sequence(struct decoder *decoder, struct slice sequence)
{
    struct key key;
    switch (key_sequence_decode(sequence, &key)) {
    case KEY_SEQUENCE_IGNORED: return true;
    case KEY_SEQUENCE_KEY: break;
    default: return false;
    }
    if (key.code == KEY_FOCUS_IN || key.code == KEY_FOCUS_OUT)
        return true;
    bool is_extended =
        sequence.ptr[sequence.len - 1] == 'u' || slice_starts(sequence, "[27;");
    return is_extended && add_key(decoder, key);
}

void paste_decode(struct buf *out, struct slice bytes)
{
    struct decoder decoder = { .out = out };
    while (bytes.len) {
        const char *escape = memchr(bytes.ptr, ESC, bytes.len);
        size_t len = escape ? (size_t)(escape - bytes.ptr) : bytes.len;
        if (len == 0) {
            len = sequence_len(bytes);
            if (len && add_sequence(&decoder,
                                    (struct slice){ bytes.ptr + 1, len - 1 })) {
                bytes = slice_skip(bytes, len);
                continue;
            }
            len = 1;
        }
        flush_run(&decoder);
        buf_append(out, bytes.ptr, len);
        bytes = slice_skip(bytes, len);
    }
    flush_run(&decoder);
    buf_clear(&decoder.run);
}
