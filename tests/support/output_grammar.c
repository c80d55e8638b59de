/* SPDX-License-Identifier: MIT */
#include "tests/support/output_grammar.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"

enum { ESC = 0x1B, BEL = 0x07, PARAMETERS_MAX = 16, REPEAT_MAX = 10000 };

/* Tokens. */

static uint8_t byte_at(struct slice text, size_t at)
{
    return (uint8_t)text.ptr[at];
}

/* Bytes of the character that this byte begins; 1 if it begins none. */
static size_t character_len(uint8_t byte)
{
    return byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/* A length of 0 says that more bytes are needed. */
static size_t string_len(struct slice text)
{
    for (size_t at = 2; at < text.len; at++) {
        if (byte_at(text, at) == BEL)
            return at + 1;
        if (byte_at(text, at) == ESC)
            return at + 1 == text.len ? 0 : at + 2;
    }
    return 0;
}

/* A device control string as what runs between us and a terminal takes it: an
 * ESC belongs to it with the byte that follows, unless that is a backslash. */
static size_t control_string_len(struct slice text)
{
    for (size_t at = 2; at + 1 < text.len; at++) {
        if (byte_at(text, at) != ESC)
            continue;
        if (byte_at(text, at + 1) == '\\')
            return at + 2;
        at++;
    }
    return 0;
}

/* One that begins to set the clipboard may go on in the next, until a BEL. */
static size_t control_strings_len(struct slice text)
{
    size_t len = 0;
    bool goes_on = slice_starts(text, "\033P\033]");
    do {
        size_t next = control_string_len(slice_skip(text, len));
        if (next == 0)
            return 0;
        len += next;
        goes_on = goes_on && byte_at(text, len - 3) != BEL;
        if (goes_on && len + 1 >= text.len)
            return 0;
    } while (goes_on && slice_starts(slice_skip(text, len), "\033P"));
    return len;
}

/* Bytes of first..last, then one more that ends the sequence. */
static size_t sequence_len(struct slice text, size_t at, uint8_t first,
                           uint8_t last)
{
    while (at < text.len && byte_at(text, at) >= first &&
           byte_at(text, at) <= last)
        at++;
    return at == text.len ? 0 : at + 1;
}

static size_t escape_len(struct slice text)
{
    if (text.len < 2)
        return 0;
    switch (text.ptr[1]) {
    case '[': return sequence_len(text, 2, ' ', '?');
    case 'P': return control_strings_len(text);
    case ']':
    case 'X':
    case '^':
    case '_': return string_len(text);
    default: return sequence_len(text, 1, ' ', '/');
    }
}

static size_t token_len(struct slice text)
{
    uint8_t byte = byte_at(text, 0);
    if (byte == ESC)
        return escape_len(text);
    size_t len = character_len(byte);
    for (size_t at = 1; at < len; at++) {
        if (at == text.len)
            return 0;
        if ((byte_at(text, at) & 0xC0) != 0x80)
            return at;
    }
    return len;
}

static int repeat_of(struct slice token)
{
    char text[16];
    int count = 1, used = 0;
    if (token.len > 8 || token.ptr[0] != ESC || token.ptr[token.len - 1] != 'b')
        return 0;
    snprintf(text, sizeof text, "%.*s", SLICE_ARG(token));
    bool has_count = sscanf(text, "\033[%db%n", &count, &used) == 1;
    if (has_count ? (size_t)used != token.len : token.len != 3)
        return 0;
    return count < 1 ? 1 : count > REPEAT_MAX ? REPEAT_MAX : count;
}

bool output_next_token(struct slice *rest, struct output_token *token)
{
    size_t len = rest->len ? token_len(*rest) : 0;
    if (!len)
        return false;
    token->text = (struct slice){ rest->ptr, len };
    token->is_character = byte_at(*rest, 0) >= ' ' && byte_at(*rest, 0) != 0x7F;
    token->repeat = repeat_of(token->text);
    *rest = slice_skip(*rest, len);
    return true;
}

/* The list. */

/* CSI, up to `parameters` numbers of at most `largest`, final. */
static const struct motion_row {
    char final;
    int parameters, largest;
} motion_rows[] = {
    { 'A', 1, 9999 }, { 'B', 1, 9999 }, { 'C', 1, 9999 }, { 'D', 1, 9999 },
    { 'G', 1, 9999 }, { 'd', 1, 9999 }, { 'H', 2, 9999 }, { 'b', 1, 9999 },
    { 'J', 1, 2 }, /* 3 would erase what scrolled off */
    { 'K', 1, 2 },    { 'X', 1, 9999 }, { 'P', 1, 9999 }, { '@', 1, 9999 },
    { 'L', 1, 9999 }, { 'M', 1, 9999 }, { 'S', 1, 9999 }, { 'T', 1, 9999 },
    { 'r', 2, 9999 }, { 'Z', 1, 1 },
};

/* Sequences without a number that varies: modes, queries, character sets. */
static const char *const fixed[] = {
    "\033[?1049h",
    "\033[?1049l",
    "\033[?2004h",
    "\033[?2004l",
    "\033[?1004h",
    "\033[?1004l",
    "\033[?1007h",
    "\033[?1007l",
    "\033[?2026h",
    "\033[?2026l",
    "\033[?25h",
    "\033[?25l",
    "\033[?7h",
    "\033[?7l",
    "\033[4h",
    "\033[4l",
    /* what the reset string turns off besides */
    "\033[?1l",
    "\033>",
    "\033[?1000l",
    "\033[?1002l",
    "\033[?1003l",
    "\033[?1006l",
    "\033[?1015l",
    "\033[>4;0m",
    "\033[<u",
    /* queries */
    "\033[?2026$p",
    "\033[?1007$p",
    /* save and restore the cursor */
    "\0337",
    "\0338",
    /* reverse index, ASCII and line drawing, shift in and out */
    "\033M",
    "\033(B",
    "\033(0",
    "\016",
    "\017",
};

static bool parse_numbers(struct slice text, int *numbers, int *count)
{
    *count = 0;
    if (!text.len)
        return true;
    numbers[(*count)++] = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ';') {
            if (*count == PARAMETERS_MAX)
                return false;
            numbers[(*count)++] = 0;
        } else if (c >= '0' && c <= '9' && numbers[*count - 1] < 100000) {
            numbers[*count - 1] = numbers[*count - 1] * 10 + (c - '0');
        } else {
            return false;
        }
    }
    return true;
}

/* Select Graphic Rendition: attributes, 16 colours, 256 colours. */
static bool is_rendition(const int *numbers, int count)
{
    for (int i = 0; i < count; i++) {
        int number = numbers[i];
        bool is_palette = number == 38 || number == 48;
        if (is_palette && i + 2 < count && numbers[i + 1] == 5 &&
            numbers[i + 2] < 256) {
            i += 2;
            continue;
        }
        bool is_attribute = number <= 10 || (number >= 21 && number <= 29);
        bool is_color =
            (number >= 30 && number <= 49) || (number >= 90 && number <= 107);
        if (is_palette || (!is_attribute && !is_color))
            return false;
    }
    return true;
}

static bool is_known_csi(struct slice token)
{
    int numbers[PARAMETERS_MAX], count;
    char final = token.ptr[token.len - 1];
    struct slice text = { token.ptr + 2, token.len - 3 };
    if (!parse_numbers(text, numbers, &count))
        return false;
    if (final == 'm')
        return is_rendition(numbers, count);
    for (size_t i = 0; i < COUNTOF(motion_rows); i++) {
        const struct motion_row *row = &motion_rows[i];
        if (row->final != final)
            continue;
        for (int k = 0; k < count; k++) {
            if (numbers[k] > row->largest)
                return false;
        }
        return count <= row->parameters;
    }
    return false;
}

/* Characters that change the order or hide: UTS 55, CVE-2021-42574. */
static const struct {
    uint32_t first, last;
} hidden_rows[] = {
    { 0x80, 0x9F },           { 0xAD, 0xAD },       { 0x34F, 0x34F },
    { 0x61C, 0x61C },         { 0x115F, 0x1160 },   { 0x17B4, 0x17B5 },
    { 0x180B, 0x180F },       { 0x200B, 0x200B },   { 0x200E, 0x200F },
    { 0x2028, 0x202E },       { 0x2060, 0x206F },   { 0x3164, 0x3164 },
    { 0xD800, 0xDFFF },       { 0xFE00, 0xFE0E },   { 0xFEFF, 0xFEFF },
    { 0xFFA0, 0xFFA0 },       { 0xFFF9, 0xFFFB },   { 0xFFFE, 0xFFFF },
    { 0x1BCA0, 0x1BCA3 },     { 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
    { 0x110000, UINT32_MAX },
};

static bool is_printable(struct slice token)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    static const uint8_t lead_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    uint8_t lead = byte_at(token, 0);
    if (token.len != character_len(lead) || (token.len == 1 && lead >= 0x7F) ||
        lead > 0xF4 || lead < ' ')
        return false;
    uint32_t character = lead & lead_bits[token.len];
    for (size_t i = 1; i < token.len; i++)
        character = character << 6 | (byte_at(token, i) & 0x3F);
    for (size_t i = 0; i < COUNTOF(hidden_rows); i++) {
        if (character >= hidden_rows[i].first &&
            character <= hidden_rows[i].last)
            return false;
    }
    return character >= smallest[token.len];
}

/* Copying: text put on the clipboard, as it is or wrapped for what runs between
 * us and the terminal. */

enum { LETTERS_MAX = 100000, SCREEN_STRING_MAX = 768 };

static bool is_base64(struct slice text)
{
    size_t padding = 0;
    if (!text.len || text.len % 4 || text.len > LETTERS_MAX)
        return false;
    while (padding < 2 && text.ptr[text.len - 1] == '=') {
        text.len--;
        padding++;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (c >= '0' && c <= '9') || c == '+' || c == '/'))
            return false;
    }
    return true;
}

/* Base64 between these two. */
static bool is_base64_in(struct slice text, const char *before,
                         const char *after)
{
    size_t first = strlen(before), last = strlen(after);
    if (text.len < first + last || !slice_starts(text, before) ||
        memcmp(text.ptr + text.len - last, after, last) != 0)
        return false;
    return is_base64(
        (struct slice){ text.ptr + first, text.len - first - last });
}

/* Cut for GNU screen: "\033P" piece "\033\\", again and again. */
static bool is_cut_copy(struct slice token)
{
    struct buf whole = { 0 };
    bool ok = true;
    while (ok && token.len) {
        size_t len = control_string_len(token);
        ok = slice_starts(token, "\033P") && len > 4 &&
             len - 4 <= SCREEN_STRING_MAX;
        if (ok)
            buf_append(&whole, token.ptr + 2, len - 4);
        token = slice_skip(token, len);
    }
    ok = ok && is_base64_in(buf_slice(&whole), "\033]52;c;", "\a");
    buf_clear(&whole);
    return ok;
}

static bool is_copy(struct slice token)
{
    return is_base64_in(token, "\033]52;c;", "\033\\") ||
           is_base64_in(token, "\033Ptmux;\033\033]52;c;",
                        "\033\033\\\033\\") ||
           is_cut_copy(token);
}

static bool is_known(const struct output_token *token)
{
    if (token->is_character)
        return is_printable(token->text);
    if (token->text.len == 1 && strchr("\r\n\b\a", token->text.ptr[0]))
        return token->text.ptr[0] != '\0';
    for (size_t i = 0; i < COUNTOF(fixed); i++) {
        if (slice_is(token->text, fixed[i]))
            return true;
    }
    if (is_copy(token->text))
        return true;
    return slice_starts(token->text, "\033[") && token->text.len >= 3 &&
           is_known_csi(token->text);
}

static ptrdiff_t first_offence(struct slice output, bool with_tabs)
{
    struct slice rest = output;
    struct output_token token;
    while (output_next_token(&rest, &token)) {
        if (!is_known(&token) && !(with_tabs && slice_is(token.text, "\t")))
            return token.text.ptr - output.ptr;
    }
    return rest.len ? rest.ptr - output.ptr : -1;
}

ptrdiff_t output_first_offence(struct slice output)
{
    return first_offence(output, false);
}

static void fail_at(struct slice output, ptrdiff_t offset)
{
    struct buf shown = { 0 };
    if (offset < 0)
        return;
    struct slice rest = slice_skip(output, (size_t)offset);
    for (size_t i = 0; i < rest.len && i < 32; i++)
        buf_printf(&shown,
                   byte_at(rest, i) > ' ' && byte_at(rest, i) < 0x7F
                       ? "%c"
                       : "\\x%02x",
                   byte_at(rest, i));
    ck_abort_msg("output not in the grammar at byte %td: %s", offset,
                 buf_string(&shown));
}

void output_check(struct slice output)
{
    fail_at(output, output_first_offence(output));
}

void output_check_printed(struct slice output)
{
    fail_at(output, first_offence(output, true));
}
