/* SPDX-License-Identifier: MIT */
#include "ui/key_sequence.h"

#include <string.h>

#include "base/utf8.h"

enum { PARAMETERS_MAX = 16, PARAMETER_VALUE_MAX = 0x1FFFFF };

/* A control sequence taken apart. A sub-parameter (after a colon) is counted
 * with the parameter that it follows. */
struct sequence {
    char prefix; /* '?', '<', '=', '>' or NUL */
    char intermediate;
    char final;
    int count;
    uint32_t values[PARAMETERS_MAX];    /* 0 where left out */
    uint32_t alternate[PARAMETERS_MAX]; /* the first sub-parameter */
};

struct code_row {
    uint32_t number;
    enum key_code code;
};

/* ESC [ number ~ : VT220, xterm, rxvt and the Linux console agree. */
static const struct code_row tilde_rows[] = {
    { 1, KEY_HOME }, { 2, KEY_INSERT },  { 3, KEY_DELETE },
    { 4, KEY_END },  { 5, KEY_PAGE_UP }, { 6, KEY_PAGE_DOWN },
    { 7, KEY_HOME }, { 8, KEY_END },     { 11, KEY_F1 },
    { 12, KEY_F2 },  { 13, KEY_F3 },     { 14, KEY_F4 },
    { 15, KEY_F5 },  { 17, KEY_F6 },     { 18, KEY_F7 },
    { 19, KEY_F8 },  { 20, KEY_F9 },     { 21, KEY_F10 },
    { 23, KEY_F11 }, { 24, KEY_F12 },
};

/* ESC [ code u : the keys without a character
 * (https://sw.kovidgoyal.net/kitty/keyboard-protocol/). */
static const struct code_row unicode_rows[] = {
    { 8, KEY_BACKSPACE },  { 9, KEY_TAB },         { 13, KEY_ENTER },
    { 27, KEY_ESCAPE },    { 127, KEY_BACKSPACE }, { 57414, KEY_ENTER },
    { 57417, KEY_LEFT },   { 57418, KEY_RIGHT },   { 57419, KEY_UP },
    { 57420, KEY_DOWN },   { 57421, KEY_PAGE_UP }, { 57422, KEY_PAGE_DOWN },
    { 57423, KEY_HOME },   { 57424, KEY_END },     { 57425, KEY_INSERT },
    { 57426, KEY_DELETE },
};

enum { KEYPAD_FIRST = 57399, PRIVATE_FIRST = 57344, PRIVATE_LAST = 63743 };

/* Codes KEYPAD_FIRST and up: the numeric keypad without Num Lock's meaning. */
static const char keypad_characters[] = "0123456789./*-+";

/* ESC [ letter and ESC O letter. */
static const struct letter_row {
    char letter;
    enum key_code code;
    uint8_t modifiers;
} letter_rows[] = {
    { 'A', KEY_UP, 0 },   { 'B', KEY_DOWN, 0 },        { 'C', KEY_RIGHT, 0 },
    { 'D', KEY_LEFT, 0 }, { 'F', KEY_END, 0 },         { 'H', KEY_HOME, 0 },
    { 'P', KEY_F1, 0 },   { 'Q', KEY_F2, 0 },          { 'R', KEY_F3, 0 },
    { 'S', KEY_F4, 0 },   { 'Z', KEY_TAB, KEY_SHIFT },
};

/* ESC O letter: the keypad in application mode (VT100). */
static const char application_keypad[][2] = {
    { ' ', ' ' }, { 'X', '=' }, { 'j', '*' }, { 'k', '+' }, { 'l', ',' },
    { 'm', '-' }, { 'n', '.' }, { 'o', '/' }, { 'p', '0' }, { 'q', '1' },
    { 'r', '2' }, { 's', '3' }, { 't', '4' }, { 'u', '5' }, { 'v', '6' },
    { 'w', '7' }, { 'x', '8' }, { 'y', '9' },
};

static enum key_sequence_kind set_key(struct key *key, enum key_code code,
                                      uint8_t modifiers)
{
    *key = (struct key){ .code = code, .modifiers = modifiers };
    return KEY_SEQUENCE_KEY;
}

static enum key_sequence_kind set_character(struct key *key, uint32_t character,
                                            uint8_t modifiers)
{
    *key = (struct key){ .code = KEY_CHARACTER,
                         .modifiers = modifiers,
                         .character = character };
    return KEY_SEQUENCE_KEY;
}

static const struct code_row *find_code(const struct code_row *rows,
                                        size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].number == number)
            return &rows[i];
    }
    return NULL;
}

/* xterm sends 1 + the bits, and has Meta where kitty has Super; kitty's Meta is
 * another. Either counts as Alt, the locks and Hyper do not count. */
static uint8_t modifiers_of(uint32_t parameter)
{
    enum { META = 8, KITTY_META = 32 };
    uint32_t bits = parameter ? parameter - 1 : 0;
    uint8_t modifiers = bits & (KEY_SHIFT | KEY_ALT | KEY_CTRL);
    return bits & (META | KITTY_META) ? modifiers | KEY_ALT : modifiers;
}

static bool is_plain(uint8_t modifiers)
{
    return !(modifiers & (KEY_CTRL | KEY_ALT));
}

static uint8_t sequence_modifiers(const struct sequence *sequence)
{
    return sequence->count > 1 ? modifiers_of(sequence->values[1]) : 0;
}

/* Read "12:34" into the next parameter; returns the bytes used. */
static size_t parse_parameter(struct slice text, struct sequence *sequence)
{
    uint32_t numbers[2] = { 0, 0 };
    size_t used = 0, colons = 0;
    for (; used < text.len; used++) {
        char c = text.ptr[used];
        if (c == ':')
            colons++;
        else if (c < '0' || c > '9')
            break;
        else if (colons < 2 && numbers[colons] <= PARAMETER_VALUE_MAX)
            numbers[colons] = numbers[colons] * 10 + (uint32_t)(c - '0');
    }
    if (sequence->count < PARAMETERS_MAX) {
        sequence->values[sequence->count] = numbers[0];
        sequence->alternate[sequence->count] = numbers[1];
        sequence->count++;
    }
    return used;
}

/* `text`: what stands after ESC [ or ESC O, at least one byte. */
static bool parse_sequence(struct slice text, struct sequence *sequence)
{
    *sequence = (struct sequence){ .final = text.ptr[text.len - 1] };
    text.len--;
    if (text.len && text.ptr[0] >= '<' && text.ptr[0] <= '?') {
        sequence->prefix = text.ptr[0];
        text = slice_skip(text, 1);
    }
    while (text.len) {
        char c = text.ptr[0];
        if (c < '0' || c > ';')
            break;
        text = slice_skip(text, parse_parameter(text, sequence));
        if (text.len && text.ptr[0] == ';')
            text = slice_skip(text, 1);
    }
    if (text.len == 1 && text.ptr[0] >= ' ' && text.ptr[0] <= '/')
        sequence->intermediate = text.ptr[0];
    return text.len == 0 || sequence->intermediate;
}

/* CSI 27 ; modifiers ; code ~ and CSI code : shifted ; modifiers : event u. */
static enum key_sequence_kind decode_unicode(uint32_t code, uint32_t shifted,
                                             uint8_t modifiers, struct key *key)
{
    const struct code_row *row =
        find_code(unicode_rows, COUNTOF(unicode_rows), code);
    if (row)
        return set_key(key, row->code, modifiers);
    if (code >= KEYPAD_FIRST &&
        code - KEYPAD_FIRST < sizeof keypad_characters - 1)
        return set_character(key, keypad_characters[code - KEYPAD_FIRST],
                             modifiers);
    bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    bool is_control = code < 0x20 || code == 0x7F;
    bool is_private = code >= PRIVATE_FIRST && code <= PRIVATE_LAST;
    if (is_surrogate || is_control || is_private || code > 0x10FFFF)
        return KEY_SEQUENCE_UNKNOWN;
    bool has_shifted = (modifiers & KEY_SHIFT) && utf8_is_printable(shifted) &&
                       (shifted < 0x80 || is_plain(modifiers));
    return set_character(key, has_shifted ? shifted : code, modifiers);
}

/* With Caps Lock the kitty protocol still names the small letter. */
static uint8_t with_caps_lock(const struct sequence *sequence,
                              uint8_t modifiers)
{
    enum { CAPS_LOCK = 64 };
    uint32_t code = sequence->values[0];
    bool is_locked = sequence->count > 1 && sequence->values[1] &&
                     ((sequence->values[1] - 1) & CAPS_LOCK);
    if (is_locked && is_plain(modifiers) && utf8_upper(code) != code)
        modifiers ^= KEY_SHIFT;
    return modifiers;
}

/* The third parameter is the text that the key types, where that is told. */
static uint32_t text_of(const struct sequence *sequence)
{
    bool is_one = sequence->count > 2 && sequence->alternate[2] == 0;
    return is_one && utf8_is_printable(sequence->values[2])
               ? sequence->values[2]
               : 0;
}

static enum key_sequence_kind decode_csi_u(const struct sequence *sequence,
                                           struct key *key)
{
    enum { RELEASE = 3 };
    if (sequence->count == 0)
        return KEY_SEQUENCE_UNKNOWN;
    if (sequence->count > 1 && sequence->alternate[1] == RELEASE)
        return KEY_SEQUENCE_IGNORED;
    uint8_t modifiers = with_caps_lock(sequence, sequence_modifiers(sequence));
    uint32_t text = text_of(sequence);
    if (text && is_plain(modifiers))
        return set_character(key, text, 0);
    return decode_unicode(sequence->values[0], sequence->alternate[0],
                          modifiers, key);
}

static enum key_sequence_kind decode_tilde(const struct sequence *sequence,
                                           struct key *key)
{
    enum { PASTE_START = 200, OTHER_KEY = 27 };
    uint32_t number = sequence->count ? sequence->values[0] : 0;
    /* rxvt ends with another character instead of sending modifiers. */
    uint8_t modifiers = sequence->final == '^'   ? KEY_CTRL
                        : sequence->final == '$' ? KEY_SHIFT
                        : sequence->final == '@' ? KEY_CTRL | KEY_SHIFT
                                                 : sequence_modifiers(sequence);
    if (number == PASTE_START && sequence->final == '~')
        return KEY_SEQUENCE_PASTE;
    if (number == OTHER_KEY && sequence->count == 3)
        return decode_unicode(sequence->values[2], 0, modifiers, key);
    const struct code_row *row =
        find_code(tilde_rows, COUNTOF(tilde_rows), number);
    return row ? set_key(key, row->code, modifiers) : KEY_SEQUENCE_UNKNOWN;
}

/* `lower`: what rxvt means by a small letter, Shift after ESC [ and Ctrl after
 * ESC O. */
static enum key_sequence_kind decode_letter(const struct sequence *sequence,
                                            uint8_t modifiers, uint8_t lower,
                                            struct key *key)
{
    bool is_lower = sequence->final >= 'a' && sequence->final <= 'd';
    char letter = is_lower ? sequence->final - 'a' + 'A' : sequence->final;
    for (size_t i = 0; i < COUNTOF(letter_rows); i++) {
        const struct letter_row *row = &letter_rows[i];
        if (row->letter == letter)
            return set_key(key, row->code,
                           modifiers | row->modifiers | (is_lower ? lower : 0));
    }
    return KEY_SEQUENCE_UNKNOWN;
}

/* A cursor report and F3 with modifiers look alike: CSI 1 ; 2 R. We ask for no
 * cursor report, so the doubtful ones are keys. */
static bool is_cursor_report(const struct sequence *sequence)
{
    return sequence->final == 'R' && sequence->count == 2 &&
           !(sequence->values[0] == 1 && sequence->values[1] <= 16);
}

static bool is_reply(const struct sequence *sequence)
{
    if (sequence->prefix)
        return sequence->prefix != '<';
    if (sequence->intermediate)
        return sequence->intermediate == '$' && sequence->final == 'y';
    return strchr("ntx", sequence->final) || is_cursor_report(sequence);
}

static bool is_mouse(const struct sequence *sequence)
{
    return (sequence->final == 'M' || sequence->final == 'm') &&
           (sequence->prefix == '<' || sequence->count == 3);
}

static enum key_sequence_kind decode_csi(const struct sequence *sequence,
                                         struct key *key)
{
    if (is_mouse(sequence))
        return KEY_SEQUENCE_IGNORED;
    if (is_reply(sequence))
        return KEY_SEQUENCE_REPLY;
    if (sequence->prefix || sequence->intermediate)
        return KEY_SEQUENCE_UNKNOWN;
    switch (sequence->final) {
    case 'I': return set_key(key, KEY_FOCUS_IN, 0);
    case 'O': return set_key(key, KEY_FOCUS_OUT, 0);
    case 'u': return decode_csi_u(sequence, key);
    case '~':
    case '^':
    case '$':
    case '@': return decode_tilde(sequence, key);
    default:
        return decode_letter(sequence, sequence_modifiers(sequence), KEY_SHIFT,
                             key);
    }
}

static enum key_sequence_kind decode_ss3(const struct sequence *sequence,
                                         struct key *key)
{
    /* konsole of old sent ESC O 5 A: the modifiers alone. */
    uint8_t modifiers = sequence->count == 1 ? modifiers_of(sequence->values[0])
                                             : sequence_modifiers(sequence);
    if (sequence->final == 'M')
        return set_key(key, KEY_ENTER, modifiers);
    if (sequence->final == 'I')
        return set_key(key, KEY_TAB, modifiers);
    for (size_t i = 0; i < COUNTOF(application_keypad); i++) {
        if (application_keypad[i][0] == sequence->final)
            return set_character(key, application_keypad[i][1], modifiers);
    }
    return decode_letter(sequence, modifiers, KEY_CTRL, key);
}

enum key_sequence_kind key_sequence_decode(struct slice sequence,
                                           struct key *key)
{
    struct sequence parsed;
    if (sequence.len < 2)
        return KEY_SEQUENCE_UNKNOWN;
    struct slice rest = slice_skip(sequence, 1);
    /* The Linux console: ESC [ [ A to E are F1 to F5. */
    if (rest.len == 2 && rest.ptr[0] == '[' && rest.ptr[1] >= 'A' &&
        rest.ptr[1] <= 'E')
        return set_key(key, KEY_F1 + (enum key_code)(rest.ptr[1] - 'A'), 0);
    if (!parse_sequence(rest, &parsed))
        return KEY_SEQUENCE_UNKNOWN;
    return sequence.ptr[0] == 'O' ? decode_ss3(&parsed, key)
                                  : decode_csi(&parsed, key);
}
