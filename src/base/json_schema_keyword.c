/* SPDX-License-Identifier: MIT */
#include "base/json_schema_keyword.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* Sorted by name, in bytes. */
/* clang-format off */
#define OBJECT SCHEMA_TYPE(OBJECT)
#define ARRAY  SCHEMA_TYPE(ARRAY)
#define STRING SCHEMA_TYPE(STRING)
#define NUMBER SCHEMA_NUMBER
#define SCHEMA SCHEMA_SCHEMA
#define ANY    SCHEMA_ANY
static const struct schema_keyword keywords[] = {
    { "$defs", SCHEMA_HOLDS_MAP, OBJECT, 0, false, NULL },
    { "$dynamicRef", SCHEMA_HOLDS_NONE, STRING, ANY, false, schema_dynamic_ref },
    { "$ref", SCHEMA_HOLDS_NONE, STRING, ANY, false, schema_ref },
    { "additionalProperties", SCHEMA_HOLDS_ONE, SCHEMA, OBJECT, false,
      schema_additional_properties },
    { "allOf", SCHEMA_HOLDS_LIST, ARRAY, ANY, false, schema_all_of },
    { "anyOf", SCHEMA_HOLDS_LIST, ARRAY, ANY, false, schema_any_of },
    { "const", SCHEMA_HOLDS_NONE, ANY, ANY, false, schema_const },
    { "contains", SCHEMA_HOLDS_ONE, SCHEMA, ARRAY, false, schema_contains },
    { "contentSchema", SCHEMA_HOLDS_ONE, SCHEMA, 0, false, NULL },
    { "definitions", SCHEMA_HOLDS_MAP, OBJECT, 0, false, NULL },
    { "dependentRequired", SCHEMA_HOLDS_NONE, OBJECT, OBJECT, false,
      schema_dependent_required },
    { "dependentSchemas", SCHEMA_HOLDS_MAP, OBJECT, OBJECT, false,
      schema_dependent_schemas },
    { "else", SCHEMA_HOLDS_ONE, SCHEMA, 0, false, NULL },
    { "enum", SCHEMA_HOLDS_NONE, ARRAY, ANY, false, schema_enum },
    { "exclusiveMaximum", SCHEMA_HOLDS_NONE, NUMBER, NUMBER, false,
      schema_exclusive_maximum },
    { "exclusiveMinimum", SCHEMA_HOLDS_NONE, NUMBER, NUMBER, false,
      schema_exclusive_minimum },
    { "if", SCHEMA_HOLDS_ONE, SCHEMA, ANY, false, schema_if },
    { "items", SCHEMA_HOLDS_ONE, SCHEMA, ARRAY, false, schema_items },
    { "maxItems", SCHEMA_HOLDS_NONE, NUMBER, ARRAY, false, schema_max_items },
    { "maxLength", SCHEMA_HOLDS_NONE, NUMBER, STRING, false, schema_max_length },
    { "maxProperties", SCHEMA_HOLDS_NONE, NUMBER, OBJECT, false,
      schema_max_properties },
    { "maximum", SCHEMA_HOLDS_NONE, NUMBER, NUMBER, false, schema_maximum },
    { "minItems", SCHEMA_HOLDS_NONE, NUMBER, ARRAY, false, schema_min_items },
    { "minLength", SCHEMA_HOLDS_NONE, NUMBER, STRING, false, schema_min_length },
    { "minProperties", SCHEMA_HOLDS_NONE, NUMBER, OBJECT, false,
      schema_min_properties },
    { "minimum", SCHEMA_HOLDS_NONE, NUMBER, NUMBER, false, schema_minimum },
    { "multipleOf", SCHEMA_HOLDS_NONE, NUMBER, NUMBER, false,
      schema_multiple_of },
    { "not", SCHEMA_HOLDS_ONE, SCHEMA, ANY, false, schema_not },
    { "oneOf", SCHEMA_HOLDS_LIST, ARRAY, ANY, false, schema_one_of },
    { "pattern", SCHEMA_HOLDS_NONE, STRING, STRING, false, schema_pattern },
    { "patternProperties", SCHEMA_HOLDS_MAP, OBJECT, OBJECT, false,
      schema_pattern_properties },
    { "prefixItems", SCHEMA_HOLDS_LIST, ARRAY, ARRAY, false,
      schema_prefix_items },
    { "properties", SCHEMA_HOLDS_MAP, OBJECT, OBJECT, false,
      schema_properties },
    { "propertyNames", SCHEMA_HOLDS_ONE, SCHEMA, OBJECT, false,
      schema_property_names },
    { "required", SCHEMA_HOLDS_NONE, ARRAY, OBJECT, false, schema_required },
    { "then", SCHEMA_HOLDS_ONE, SCHEMA, 0, false, NULL },
    { "type", SCHEMA_HOLDS_NONE, STRING | ARRAY, ANY, false, schema_type },
    { "unevaluatedItems", SCHEMA_HOLDS_ONE, SCHEMA, ARRAY, true,
      schema_unevaluated_items },
    { "unevaluatedProperties", SCHEMA_HOLDS_ONE, SCHEMA, OBJECT, true,
      schema_unevaluated_properties },
    { "uniqueItems", SCHEMA_HOLDS_NONE, SCHEMA_BOOLEAN, ARRAY, false,
      schema_unique_items },
};
/* clang-format on */

static int compare(const void *name, const void *row)
{
    return strcmp(name, ((const struct schema_keyword *)row)->name);
}

const struct schema_keyword *schema_keyword_find(const char *name)
{
    return bsearch(name, keywords, COUNTOF(keywords), sizeof *keywords,
                   compare);
}
