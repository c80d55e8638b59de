/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/compiler.h"
#include "base/json_compare.h"
#include "base/json_schema_keyword.h"
#include "base/utf8.h"

enum { SHOWN_MAX = 120 }; /* bytes of a value in a sentence */

static const struct {
    const char *type, *phrase;
} phrases[] = {
    { "object", "an object" },       { "array", "an array" },
    { "string", "a string" },        { "number", "a number" },
    { "boolean", "a boolean" },      { "null", "null" },
    { "integer", "a whole number" },
};

bool schema_is_type(const json_t *value, const char *type)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return strcmp(type, "object") == 0;
    case JSON_ARRAY: return strcmp(type, "array") == 0;
    case JSON_STRING: return strcmp(type, "string") == 0;
    case JSON_TRUE:
    case JSON_FALSE: return strcmp(type, "boolean") == 0;
    case JSON_NULL: return strcmp(type, "null") == 0;
    case JSON_INTEGER:
    case JSON_REAL: break;
    }
    return strcmp(type, "number") == 0 ||
           (strcmp(type, "integer") == 0 && json_is_whole(value));
}

static const char *phrase_of(const char *type)
{
    for (size_t i = 0; i < COUNTOF(phrases); i++) {
        if (strcmp(phrases[i].type, type) == 0)
            return phrases[i].phrase;
    }
    return type;
}

static const char *phrase_of_value(const json_t *value)
{
    size_t i = 0;
    while (!schema_is_type(value, phrases[i].type))
        i++;
    return phrases[i].phrase;
}

static bool fail_type(const struct schema_trial *trial, const json_t *rule)
{
    struct buf wanted = { 0 };
    size_t count = json_is_array(rule) ? json_array_size(rule) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *type = json_string_value(json_array_get(rule, i));
        buf_printf(&wanted, "%s%s", i ? " or " : "",
                   type ? phrase_of(type) : "");
    }
    if (!count)
        buf_append_string(&wanted, phrase_of(json_string_value(rule)));
    schema_fail(trial, "must be %s, not %s", buf_string(&wanted),
                phrase_of_value(trial->place->value));
    buf_clear(&wanted);
    return false;
}

bool schema_type(struct schema_trial *trial, const json_t *rule)
{
    const json_t *value = trial->place->value;
    bool is_fine =
        json_is_string(rule) && schema_is_type(value, json_string_value(rule));
    for (size_t i = 0; !is_fine && i < json_array_size(rule); i++) {
        const char *type = json_string_value(json_array_get(rule, i));
        is_fine = type && schema_is_type(value, type);
    }
    return is_fine || (!trial->check->quiet && fail_type(trial, rule));
}

/* "must be " and a value, or a list of them, cut where it gets long. */
static bool fail_value(const struct schema_trial *trial, const char *words,
                       const json_t *rule)
{
    if (trial->check->quiet)
        return false;
    struct buf text = { 0 };
    json_append_value(&text, rule);
    struct slice shown = buf_slice(&text);
    bool is_cut = shown.len > SHOWN_MAX;
    if (is_cut) {
        shown.len = SHOWN_MAX;
        shown.len -= utf8_partial_tail(shown);
    }
    schema_fail(trial, "must be %s%.*s%s", words, SLICE_ARG(shown),
                is_cut ? "..." : "");
    buf_clear(&text);
    return false;
}

bool schema_enum(struct schema_trial *trial, const json_t *rule)
{
    uint64_t *left = &trial->check->left;
    for (size_t i = 0; i < json_array_size(rule); i++) {
        if (json_is_same(trial->place->value, json_array_get(rule, i), left))
            return true;
    }
    return fail_value(trial, "one of ", rule);
}

bool schema_const(struct schema_trial *trial, const json_t *rule)
{
    return json_is_same(trial->place->value, rule, &trial->check->left) ||
           fail_value(trial, "", rule);
}

static int compare(const struct schema_trial *trial, const json_t *rule)
{
    return json_number_compare(trial->place->value, rule);
}

bool schema_minimum(struct schema_trial *trial, const json_t *rule)
{
    return compare(trial, rule) >= 0 || fail_value(trial, ">= ", rule);
}

bool schema_maximum(struct schema_trial *trial, const json_t *rule)
{
    return compare(trial, rule) <= 0 || fail_value(trial, "<= ", rule);
}

bool schema_exclusive_minimum(struct schema_trial *trial, const json_t *rule)
{
    return compare(trial, rule) > 0 || fail_value(trial, "> ", rule);
}

bool schema_exclusive_maximum(struct schema_trial *trial, const json_t *rule)
{
    return compare(trial, rule) < 0 || fail_value(trial, "< ", rule);
}

bool schema_multiple_of(struct schema_trial *trial, const json_t *rule)
{
    return json_number_value(rule) <= 0 ||
           json_is_multiple(trial->place->value, rule) ||
           fail_value(trial, "a multiple of ", rule);
}

static size_t code_points(const struct schema_trial *trial)
{
    struct slice text = json_string_slice(trial->place->value);
    size_t count = 0;
    schema_spend_bytes(trial->check, text.len);
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

bool schema_min_length(struct schema_trial *trial, const json_t *rule)
{
    size_t count = code_points(trial);
    return (double)count >= json_number_value(rule) ||
           schema_fail(trial, "must have at least %.0f characters, has %zu",
                       json_number_value(rule), count);
}

bool schema_max_length(struct schema_trial *trial, const json_t *rule)
{
    size_t count = code_points(trial);
    return (double)count <= json_number_value(rule) ||
           schema_fail(trial, "must have at most %.0f characters, has %zu",
                       json_number_value(rule), count);
}

bool schema_pattern(struct schema_trial *trial, const json_t *rule)
{
    return pattern_find(trial->node->pattern,
                        json_string_slice(trial->place->value),
                        &trial->check->left) ||
           schema_fail(trial, "must match %s", json_string_value(rule));
}
