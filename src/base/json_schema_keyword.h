/* SPDX-License-Identifier: MIT */
/*
 * json_schema_keyword - the keywords of JSON Schema, one row for each.
 *
 * For base/json_schema alone. What a keyword checks stands in json_schema_value
 * (any value, numbers, strings), _array, _object and _logic (schemas of the
 * same value).
 */
#ifndef BASE_JSON_SCHEMA_KEYWORD_H
#define BASE_JSON_SCHEMA_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/json_schema_check.h"

/* Sets of types of JSON values, as bits. */
#define SCHEMA_TYPE(type) (1u << JSON_##type)
enum {
    SCHEMA_NUMBER = SCHEMA_TYPE(INTEGER) | SCHEMA_TYPE(REAL),
    SCHEMA_BOOLEAN = SCHEMA_TYPE(TRUE) | SCHEMA_TYPE(FALSE),
    SCHEMA_SCHEMA = SCHEMA_TYPE(OBJECT) | SCHEMA_BOOLEAN,
    SCHEMA_ANY = 0xFF,
};

/* Where a keyword's value has schemas. */
enum schema_holds {
    SCHEMA_HOLDS_NONE,
    SCHEMA_HOLDS_ONE,
    SCHEMA_HOLDS_LIST,
    SCHEMA_HOLDS_MAP,
};

/* `rule` is the keyword's value, of a type that it has. False: violated, or the
 * work is spent. */
typedef bool schema_keyword_fn(struct schema_trial *trial, const json_t *rule);

struct schema_keyword {
    const char *name;
    enum schema_holds holds;
    unsigned rule_types;   /* of the keyword's value; else it is ignored */
    unsigned value_types;  /* of the values that it says something of */
    bool is_late;          /* looks at what the others have seen */
    schema_keyword_fn *fn; /* NULL: says nothing by itself */
};

/* NULL if there is no such keyword. */
const struct schema_keyword *schema_keyword_find(const char *name);

/* json_schema_value */
schema_keyword_fn schema_type, schema_enum, schema_const, schema_minimum,
    schema_maximum, schema_exclusive_minimum, schema_exclusive_maximum,
    schema_multiple_of, schema_min_length, schema_max_length, schema_pattern;
/* Whether a value has what "type" names. */
bool schema_is_type(const json_t *value, const char *type);

/* json_schema_array */
schema_keyword_fn schema_min_items, schema_max_items, schema_unique_items,
    schema_prefix_items, schema_items, schema_contains,
    schema_unevaluated_items;

/* json_schema_object */
schema_keyword_fn schema_min_properties, schema_max_properties, schema_required,
    schema_dependent_required, schema_properties, schema_pattern_properties,
    schema_additional_properties, schema_property_names,
    schema_dependent_schemas, schema_unevaluated_properties;

/* json_schema_logic */
schema_keyword_fn schema_ref, schema_dynamic_ref, schema_all_of, schema_any_of,
    schema_one_of, schema_not, schema_if;

#endif
