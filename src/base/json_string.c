/* SPDX-License-Identifier: MIT */
#include "base/json_string.h"

#include "base/utf8.h"

enum {
    ESCAPE_LETTER = 1, /* the backslash came */
    ESCAPE_DIGITS = 2, /* and the u: four digits follow */
    ESCAPE_LEN = 6,
};

void json_string_start(struct json_string *string)
{
    struct buf storage = string->text;
    buf_reset(&storage);
    *string = (struct json_string){ .text = storage };
}

void json_string_clear(struct json_string *string)
{
    buf_clear(&string->text);
}

int json_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The high half found no low one. */
static void give_up_high(struct json_string *string)
{
    if (string->high)
        utf8_append(&string->text, UTF8_REPLACEMENT);
    string->high = 0;
}

static void take_unit(struct json_string *string)
{
    uint32_t unit = string->unit;
    string->escape = 0;
    if (unit >= 0xDC00 && unit <= 0xDFFF && string->high) {
        utf8_append(&string->text, 0x10000 + ((string->high - 0xD800) << 10) +
                                       (unit - 0xDC00));
        string->high = 0;
        return;
    }
    give_up_high(string);
    if (unit >= 0xD800 && unit <= 0xDBFF)
        string->high = unit;
    else
        utf8_append(&string->text, unit);
}

/* The letter after a backslash. */
static void take_letter(struct json_string *string, char letter)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (letter == 'u') {
        string->escape = ESCAPE_DIGITS;
        string->unit = 0;
        return;
    }
    give_up_high(string);
    string->escape = 0;
    for (size_t i = 0; letters[i]; i++) {
        if (letters[i] == letter) {
            buf_append_char(&string->text, meanings[i]);
            return;
        }
    }
    string->is_broken = true;
}

static void take_escaped(struct json_string *string, char c)
{
    if (string->escape == ESCAPE_LETTER) {
        take_letter(string, c);
        return;
    }
    int digit = json_hex_digit(c);
    if (digit < 0) {
        string->is_broken = true;
        return;
    }
    string->unit = string->unit * 16 + (uint32_t)digit;
    string->escape++;
    if (string->escape == ESCAPE_LEN)
        take_unit(string);
}

static size_t plain_len(struct slice bytes)
{
    size_t len = 0;
    while (len < bytes.len && bytes.ptr[len] != '"' && bytes.ptr[len] != '\\')
        len++;
    return len;
}

/* One byte, or as many as mean themselves. */
static size_t take(struct json_string *string, struct slice bytes)
{
    char c = bytes.ptr[0];
    if (string->escape) {
        take_escaped(string, c);
        return string->is_broken ? 0 : 1;
    }
    if (c == '\\') {
        string->escape = ESCAPE_LETTER;
        return 1;
    }
    give_up_high(string);
    if (c == '"') {
        string->is_closed = true;
        return 1;
    }
    size_t len = plain_len(bytes);
    buf_append(&string->text, bytes.ptr, len);
    return len;
}

size_t json_string_feed(struct json_string *string, struct slice bytes)
{
    size_t taken = 0;
    while (taken < bytes.len && !string->is_closed && !string->is_broken)
        taken += take(string, slice_skip(bytes, taken));
    return taken;
}

void json_string_append(struct buf *out, const struct json_string *string)
{
    struct slice text = buf_slice(&string->text);
    /* Nothing of a character may come any more where these stand behind it. */
    bool is_certain = string->is_closed || string->is_broken ||
                      string->escape || string->high;
    if (!is_certain)
        text.len -= utf8_partial_tail(text);
    utf8_append_valid(out, text);
}
