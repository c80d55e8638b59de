/* SPDX-License-Identifier: MIT */
#include "llm/answer_schema.h"

#include "base/compiler.h"
#include "base/json.h"

static const char *const refused[] = {
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "prefixItems",
    "contains",
    "propertyNames",
    "patternProperties",
    "$dynamicRef",
    "dependentRequired",
    "$anchor",
    "dependentSchemas",
    "$id",
    "unevaluatedProperties",
    "unevaluatedItems",
};

bool answer_schema_is_weak(const struct chat_request *request)
{
    return request->omit & PART_SCHEMA;
}

struct slice answer_schema_system(const struct chat_request *request,
                                  bool is_told, struct buf *storage)
{
    bool is_enough = is_told && !request->schema_in_words;
    if (is_enough || request->schema.len == 0)
        return slice_of(request->system);
    if (request->system && *request->system)
        buf_printf(storage, "%s\n\n", request->system);
    buf_printf(storage,
               "Answer with one JSON value and nothing else. It must follow "
               "this JSON Schema: %.*s",
               SLICE_ARG(request->schema));
    return buf_slice(storage);
}

static bool is_strict(const json_t *schema);

static bool are_strict(json_t *schemas)
{
    size_t i;
    const char *name;
    json_t *schema;
    json_array_foreach(schemas, i, schema)
    {
        if (!is_strict(schema))
            return false;
    }
    json_object_foreach(schemas, name, schema)
    {
        if (!is_strict(schema))
            return false;
    }
    return true;
}

static bool is_required(const json_t *schema, const char *name)
{
    size_t i;
    json_t *required;
    json_array_foreach(json_object_get(schema, "required"), i, required)
    {
        if (slice_is(json_string_slice(required), name))
            return true;
    }
    return false;
}

static bool is_closed(const json_t *schema)
{
    const char *name;
    json_t *member;
    json_object_foreach(json_object_get(schema, "properties"), name, member)
    {
        if (!is_required(schema, name))
            return false;
    }
    return json_is_false(json_object_get(schema, "additionalProperties"));
}

static bool is_object(const json_t *schema)
{
    return slice_is(json_slice(schema, "type"), "object") ||
           json_object_get(schema, "properties");
}

static bool is_strict(const json_t *schema)
{
    if (!json_is_object(schema) || (is_object(schema) && !is_closed(schema)))
        return false;
    for (size_t i = 0; i < COUNTOF(refused); i++) {
        if (json_object_get(schema, refused[i]))
            return false;
    }
    const json_t *items = json_object_get(schema, "items");
    return (!items || is_strict(items)) &&
           are_strict(json_object_get(schema, "properties")) &&
           are_strict(json_object_get(schema, "$defs")) &&
           are_strict(json_object_get(schema, "anyOf"));
}

bool answer_schema_is_strict(struct slice schema)
{
    struct error ignored;
    json_t *document = json_parse(schema, &ignored);
    bool is_taken = document && is_object(document) &&
                    !json_object_get(document, "anyOf") && is_strict(document);
    json_decref(document);
    return is_taken;
}
