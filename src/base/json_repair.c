/* SPDX-License-Identifier: MIT */
#include "base/json_repair.h"

#include <string.h>

#include "base/compiler.h"
#include "base/json_string.h"
#include "base/utf8.h"

enum {
    /* Shorter numbers without an exponent fit a signed 64-bit integer. */
    INTEGER_DIGITS_SAFE = 18,
    ESCAPE_LEN = 6, /* \uXXXX */
};

static const char largest_double[] = "1.7976931348623157e308";

struct repair {
    struct slice text;
    size_t offset;
    struct buf *out;
    const char *member;
    size_t member_at; /* where the value of such a member starts, or 0 */
    struct json_joiner *joiner;
};

/* -1 at the end. */
static int peek(const struct repair *repair)
{
    if (repair->offset == repair->text.len)
        return -1;
    return (unsigned char)repair->text.ptr[repair->offset];
}

static void copy(struct repair *repair, size_t len)
{
    buf_append(repair->out, repair->text.ptr + repair->offset, len);
    repair->offset += len;
}

/* The code unit of an escape \uXXXX at the start of the slice, or -1. */
static int escape_unit(struct slice text)
{
    if (text.len < ESCAPE_LEN || text.ptr[0] != '\\' || text.ptr[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < ESCAPE_LEN; i++) {
        int digit = json_hex_digit(text.ptr[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static int next_unit(const struct repair *repair, size_t ahead)
{
    return escape_unit(slice_skip(repair->text, repair->offset + ahead));
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static void append_unit(struct repair *repair, unsigned unit)
{
    buf_printf(repair->out, "\\u%04x", unit);
}

/* The half that waits goes before this string, which is not empty. */
static void join(struct repair *repair)
{
    bool fits = is_low(next_unit(repair, 0));
    append_unit(repair, fits ? repair->joiner->high : UTF8_REPLACEMENT);
    if (fits)
        copy(repair, ESCAPE_LEN);
    repair->joiner->high = 0;
}

static void repair_unit(struct repair *repair, int unit, bool is_member)
{
    if (is_high(unit) && is_low(next_unit(repair, ESCAPE_LEN))) {
        copy(repair, 2 * ESCAPE_LEN);
        return;
    }
    if (!is_high(unit) && !is_low(unit)) {
        copy(repair, ESCAPE_LEN);
        return;
    }
    repair->offset += ESCAPE_LEN;
    if (is_high(unit) && is_member && peek(repair) == '"')
        repair->joiner->high = (uint32_t)unit;
    else
        append_unit(repair, UTF8_REPLACEMENT);
}

static void repair_escape(struct repair *repair, bool is_member)
{
    int unit = next_unit(repair, 0);
    if (unit >= 0) {
        repair_unit(repair, unit, is_member);
        return;
    }
    /* A control character after a backslash stays wrong: a raw one that is
     * escaped would make the backslash a text of its own. */
    copy(repair, 1);
    int next = peek(repair);
    if (next >= 0 && next < 0x80)
        copy(repair, 1);
}

static void repair_character(struct repair *repair)
{
    uint32_t character;
    struct slice rest = slice_skip(repair->text, repair->offset);
    repair->offset += utf8_decode(rest, &character);
    if (character < 0x20)
        append_unit(repair, character);
    else
        utf8_append(repair->out, character);
}

/* Bytes from here on that need no second look. */
static size_t plain_len(const struct repair *repair)
{
    size_t end = repair->offset;
    while (end < repair->text.len) {
        unsigned char c = (unsigned char)repair->text.ptr[end];
        if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
            break;
        end++;
    }
    return end - repair->offset;
}

/* Copy a string, quotes included. */
static void repair_string(struct repair *repair)
{
    bool is_member = repair->offset == repair->member_at && repair->offset;
    copy(repair, 1);
    if (is_member && repair->joiner->high && peek(repair) != '"')
        join(repair);
    for (;;) {
        copy(repair, plain_len(repair));
        int c = peek(repair);
        if (c < 0)
            return;
        if (c == '"')
            break;
        if (c == '\\')
            repair_escape(repair, is_member);
        else
            repair_character(repair);
    }
    copy(repair, 1);
}

/* jansson takes a NUL in a string, but not in the name of a member. */
static void repair_name(struct buf *out, size_t start)
{
    for (size_t i = start; i < out->len; i++) {
        if (out->ptr[i] != '\\')
            continue;
        struct slice rest = { out->ptr + i, out->len - i };
        if (escape_unit(rest) == 0)
            memcpy(out->ptr + i + 2, "fffd", 4);
        i++;
    }
}

static void copy_white_space(struct repair *repair)
{
    int c = peek(repair);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        copy(repair, 1);
        c = peek(repair);
    }
}

static void repair_string_or_member(struct repair *repair)
{
    size_t start = repair->out->len;
    size_t name_at = repair->offset + 1;
    repair_string(repair);
    size_t end = repair->offset - 1;
    copy_white_space(repair);
    if (peek(repair) != ':')
        return;
    repair_name(repair->out, start);
    copy(repair, 1);
    copy_white_space(repair);
    struct slice name = { repair->text.ptr + name_at, end - name_at };
    if (repair->member && slice_is(name, repair->member))
        repair->member_at = repair->offset;
}

static struct slice skip_digits(struct slice text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] >= '0' && text.ptr[len] <= '9')
        len++;
    return slice_skip(text, len);
}

/* jansson complains about the range before it has seen the whole word. */
static bool ends_as_number(struct slice word)
{
    struct slice rest = skip_digits(word);
    if (slice_starts(rest, ".")) {
        struct slice fraction = slice_skip(rest, 1);
        rest = skip_digits(fraction);
        if (rest.len == fraction.len)
            return false;
    }
    if (slice_starts(rest, "e") || slice_starts(rest, "E")) {
        struct slice exponent = slice_skip(rest, 1);
        if (slice_starts(exponent, "+") || slice_starts(exponent, "-"))
            exponent = slice_skip(exponent, 1);
        rest = skip_digits(exponent);
        if (rest.len == exponent.len)
            return false;
    }
    return rest.len == 0;
}

/* True if jansson knows the number but cannot hold it. */
static bool is_out_of_range(struct slice number)
{
    json_error_t fault;
    if (!ends_as_number(slice_skip(number, slice_starts(number, "-"))))
        return false;
    json_t *value = json_loadb(number.ptr, number.len, JSON_DECODE_ANY, &fault);
    if (!value)
        return json_error_code(&fault) == json_error_numeric_overflow;
    json_decref(value);
    return false;
}

static void append_nearest(struct buf *out, struct slice number)
{
    struct buf real = { 0 };
    buf_append_slice(&real, number);
    if (slice_find(number, ".") < 0 && slice_find(number, "e") < 0 &&
        slice_find(number, "E") < 0)
        buf_append_string(&real, ".0");
    if (!is_out_of_range(buf_slice(&real)))
        buf_append_slice(out, buf_slice(&real));
    else
        buf_printf(out, "%s%s", slice_starts(number, "-") ? "-" : "",
                   largest_double);
    buf_clear(&real);
}

static bool is_word_byte(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

/* A number, a literal, or what should have been one. */
static void repair_word(struct repair *repair)
{
    static const char *const not_numbers[] = { "NaN", "Infinity", "-Infinity" };
    struct slice word = slice_skip(repair->text, repair->offset);
    size_t len = 0;
    while (len < word.len && is_word_byte(word.ptr[len]))
        len++;
    word.len = len;
    repair->offset += len;
    for (size_t i = 0; i < COUNTOF(not_numbers); i++) {
        if (slice_is(word, not_numbers[i])) {
            buf_append_string(repair->out, "null");
            return;
        }
    }
    bool has_exponent =
        slice_find(word, "e") >= 0 || slice_find(word, "E") >= 0;
    if ((len > INTEGER_DIGITS_SAFE || has_exponent) && is_out_of_range(word))
        append_nearest(repair->out, word);
    else
        buf_append_slice(repair->out, word);
}

void json_repair(struct buf *out, struct slice text, const char *member,
                 struct json_joiner *joiner)
{
    struct repair repair = {
        .text = text, .out = out, .member = member, .joiner = joiner
    };
    if (slice_starts(text, "\xEF\xBB\xBF"))
        repair.offset = 3;
    for (;;) {
        int c = peek(&repair);
        if (c < 0)
            return;
        if (c == '"')
            repair_string_or_member(&repair);
        else if (is_word_byte(c))
            repair_word(&repair);
        else
            copy(&repair, 1);
    }
}
