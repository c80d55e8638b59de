/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <string.h>

#include "base/json_repair.h"
#include "base/utf8.h"

enum {
    REAL_TEXT_SIZE = 64,
    REAL_DIGITS_SHORT = 15, /* always survive double and back */
    REAL_DIGITS_EXACT = 17, /* always name one double */
};

static const double largest_exact_integer = 9007199254740992.0; /* 2^53 */

/* The caps, checked before jansson allocates anything. */
static bool is_within_caps(struct slice text, struct error *err)
{
    size_t depth = 0, structure = 0;
    bool in_string = false;
    if (text.len > JSON_TEXT_MAX)
        return error_set(err, ERROR_LIMIT, "JSON is larger than %d bytes",
                         JSON_TEXT_MAX);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"')
            in_string = !in_string;
        else if (in_string && c == '\\')
            i++;
        if (in_string)
            continue;
        structure += c == '{' || c == '[' || c == ',';
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth)
            depth--;
        if (depth > JSON_DEPTH_MAX)
            return error_set(err, ERROR_LIMIT,
                             "JSON is nested deeper than %d levels",
                             JSON_DEPTH_MAX);
        if (structure > JSON_STRUCTURE_MAX)
            return error_set(err, ERROR_LIMIT, "JSON holds more than %d values",
                             JSON_STRUCTURE_MAX);
    }
    return true;
}

static json_t *load(struct slice text, struct error *err)
{
    json_error_t fault;
    /* No JSON holds one, but jansson overlooks it behind a number. */
    if (text.len && memchr(text.ptr, '\0', text.len)) {
        error_set(err, ERROR_PROTOCOL, "not JSON: there is a NUL byte in it");
        return NULL;
    }
    json_t *value = json_loadb(text.ptr ? text.ptr : "", text.len,
                               JSON_ALLOW_NUL | JSON_DECODE_ANY, &fault);
    if (value)
        return value;
    /* It quotes the text, which may be anything. */
    struct buf words = { 0 };
    utf8_append_valid(&words, slice_of(fault.text));
    error_set(err, ERROR_PROTOCOL, "not JSON: line %d, column %d: %s",
              fault.line, fault.column, buf_string(&words));
    buf_clear(&words);
    return NULL;
}

json_t *json_parse_strict(struct slice text, struct error *err)
{
    return is_within_caps(text, err) ? load(text, err) : NULL;
}

json_t *json_parse(struct slice text, struct error *err)
{
    struct json_joiner none = { 0 };
    return json_parse_joined(&none, text, NULL, err);
}

json_t *json_parse_joined(struct json_joiner *joiner, struct slice text,
                          const char *member, struct error *err)
{
    if (!is_within_caps(text, err))
        return NULL;
    struct error first;
    json_t *value = joiner->high ? NULL : load(text, &first);
    if (value)
        return value;
    struct buf repaired = { 0 };
    struct json_joiner joined = *joiner;
    json_repair(&repaired, text, member, &joined);
    value = load(buf_slice(&repaired), err);
    if (value)
        *joiner = joined;
    buf_clear(&repaired);
    return value;
}

struct slice json_string_slice(const json_t *string)
{
    if (!json_is_string(string))
        return (struct slice){ 0 };
    return (struct slice){ json_string_value(string),
                           json_string_length(string) };
}

struct slice json_slice(const json_t *object, const char *name)
{
    return json_string_slice(json_object_get(object, name));
}

json_t *json_member_object(const json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    return json_is_object(member) ? member : NULL;
}

json_t *json_member_array(const json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    return json_is_array(member) ? member : NULL;
}

bool json_number(const json_t *object, const char *name, double *number)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_number(member))
        return false;
    *number = json_number_value(member);
    return true;
}

bool json_count(const json_t *object, const char *name, uint64_t *count)
{
    const json_t *member = json_object_get(object, name);
    if (json_is_integer(member) && json_integer_value(member) >= 0) {
        *count = (uint64_t)json_integer_value(member);
        return true;
    }
    double number = json_is_real(member) ? json_real_value(member) : -1;
    if (number < 0 || number > largest_exact_integer)
        return false;
    uint64_t whole = (uint64_t)number;
    if ((double)whole < number)
        return false;
    *count = whole;
    return true;
}

bool json_is_truthy(const json_t *object, const char *name)
{
    double number = 0;
    return json_is_true(json_object_get(object, name)) ||
           (json_number(object, name, &number) && (number < 0 || number > 0));
}

/* The letter of a short escape, or 0. */
static char short_escape(uint32_t character)
{
    switch (character) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return '\0';
    }
}

static void append_quoted_character(struct buf *buf, uint32_t character)
{
    char letter = short_escape(character);
    if (letter)
        buf_printf(buf, "\\%c", letter);
    else if (character < 0x20 || (character >= 0x7F && character < 0xA0) ||
             character == 0x2028 || character == 0x2029)
        buf_printf(buf, "\\u%04x", (unsigned)character);
    else
        utf8_append(buf, character);
}

static size_t plain_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] >= 0x20 && text.ptr[len] < 0x7F &&
           text.ptr[len] != '"' && text.ptr[len] != '\\')
        len++;
    return len;
}

void json_append_quoted(struct buf *buf, struct slice text)
{
    buf_append_char(buf, '"');
    while (text.len) {
        size_t len = plain_len(text);
        buf_append(buf, text.ptr, len);
        text = slice_skip(text, len);
        if (text.len) {
            uint32_t character;
            text = slice_skip(text, utf8_decode(text, &character));
            append_quoted_character(buf, character);
        }
    }
    buf_append_char(buf, '"');
}

static bool reads_back(struct slice text, double number)
{
    struct error ignored;
    json_t *value = load(text, &ignored);
    double read = json_real_value(value);
    json_decref(value);
    return !(read < number) && !(read > number);
}

/* jansson and not printf, because it knows about decimal commas. */
static void append_real(struct buf *buf, const json_t *real)
{
    char text[REAL_TEXT_SIZE];
    struct slice shortest = { text, 0 };
    for (size_t digits = REAL_DIGITS_SHORT; digits <= REAL_DIGITS_EXACT;
         digits++) {
        shortest.len =
            json_dumpb(real, text, sizeof text,
                       JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
        if (reads_back(shortest, json_real_value(real)))
            break;
    }
    buf_append_slice(buf, shortest);
}

static void append_array(struct buf *buf, const json_t *array)
{
    buf_append_char(buf, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i)
            buf_append_char(buf, ',');
        json_append_value(buf, json_array_get(array, i));
    }
    buf_append_char(buf, ']');
}

static void append_object(struct buf *buf, const json_t *object)
{
    /* jansson's iterators change nothing, but are not const. */
    json_t *members = (json_t *)(uintptr_t)object;
    const char *separator = "";
    buf_append_char(buf, '{');
    for (void *member = json_object_iter(members); member;
         member = json_object_iter_next(members, member)) {
        buf_append_string(buf, separator);
        json_append_quoted(buf, slice_of(json_object_iter_key(member)));
        buf_append_char(buf, ':');
        json_append_value(buf, json_object_iter_value(member));
        separator = ",";
    }
    buf_append_char(buf, '}');
}

void json_append_value(struct buf *buf, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: append_object(buf, value); break;
    case JSON_ARRAY: append_array(buf, value); break;
    case JSON_STRING: json_append_quoted(buf, json_string_slice(value)); break;
    case JSON_INTEGER:
        buf_printf(buf, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL: append_real(buf, value); break;
    case JSON_TRUE: buf_append_string(buf, "true"); break;
    case JSON_FALSE: buf_append_string(buf, "false"); break;
    case JSON_NULL: buf_append_string(buf, "null"); break;
    }
}
