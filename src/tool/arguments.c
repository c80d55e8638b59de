/* SPDX-License-Identifier: MIT */
#include "tool/arguments.h"

#include "base/json.h"
#include "base/json_schema.h"

static const char *type_words(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "true or false";
    case JSON_NULL: break;
    }
    return "null";
}

static json_t *parse(struct slice text, bool *is_mended, struct error *err)
{
    struct error strict;
    *is_mended = false;
    if (text.len > ARGUMENTS_MAX) {
        error_set(err, ERROR_LIMIT,
                  "the arguments are longer than %d bytes; do it in parts",
                  ARGUMENTS_MAX);
        return NULL;
    }
    text = slice_trim(text);
    if (!text.len)
        return json_object();
    json_t *value = json_parse_strict(text, &strict);
    if (!value) {
        value = json_parse(text, err);
        *is_mended = value != NULL;
    }
    if (!value)
        error_context(err, "the arguments are no JSON object");
    return value;
}

static bool fits(const json_t *arguments, const char *schema, struct error *err)
{
    json_t *document = json_parse(slice_of(schema), err);
    struct json_schema *rules =
        document ? json_schema_new(document, err) : NULL;
    bool ok = rules && json_schema_check(rules, arguments, err);
    json_schema_free(rules);
    json_decref(document);
    return ok || error_context(err, "the arguments do not fit");
}

json_t *arguments_read(struct slice text, const char *schema, bool *is_mended,
                       struct error *err)
{
    json_t *value = parse(text, is_mended, err);
    if (json_is_null(value)) {
        json_decref(value);
        value = json_object();
    }
    if (value && !json_is_object(value))
        error_set(err, ERROR_PROTOCOL,
                  "the arguments must be a JSON object, not %s",
                  type_words(value));
    else if (value && fits(value, schema, err))
        return value;
    json_decref(value);
    return NULL;
}
