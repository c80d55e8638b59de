/* SPDX-License-Identifier: MIT */
#include "base/json_schema_meta.h"

#include <assert.h>

#define ONE   "{\"$dynamicRef\":\"#meta\"}"
#define MAP   "{\"$ref\":\"#/$defs/map\"}"
#define LIST  "{\"$ref\":\"#/$defs/list\"}"
#define COUNT "{\"$ref\":\"#/$defs/count\"}"
#define NAMES "{\"$ref\":\"#/$defs/names\"}"
#define TEXT  "{\"type\":\"string\"}"
#define FLAG  "{\"type\":\"boolean\"}"
#define REAL  "{\"type\":\"number\"}"

#define META_URI "https://json-schema.org/draft/2020-12/schema"

/* clang-format off */
static const char meta[] =
    "{\"$schema\":\"" META_URI "\","
    "\"$id\":\"" META_URI "\","
    "\"$dynamicAnchor\":\"meta\","
    "\"type\":[\"object\",\"boolean\"],"
    "\"$defs\":{"
    "\"map\":{\"type\":\"object\",\"additionalProperties\":" ONE "},"
    "\"list\":{\"type\":\"array\",\"minItems\":1,\"items\":" ONE "},"
    "\"count\":{\"type\":\"integer\",\"minimum\":0},"
    "\"names\":{\"type\":\"array\",\"items\":" TEXT ",\"uniqueItems\":true},"
    "\"anchor\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z_][-A-Za-z0-9._]*$\"},"
    "\"type\":{\"enum\":[\"array\",\"boolean\",\"integer\",\"null\",\"number\","
    "\"object\",\"string\"]}},"
    "\"properties\":{"
    "\"$id\":{\"type\":\"string\",\"pattern\":\"^[^#]*#?$\"},"
    "\"$schema\":" TEXT ",\"$ref\":" TEXT ",\"$dynamicRef\":" TEXT ","
    "\"$anchor\":{\"$ref\":\"#/$defs/anchor\"},"
    "\"$dynamicAnchor\":{\"$ref\":\"#/$defs/anchor\"},"
    "\"$vocabulary\":{\"type\":\"object\",\"additionalProperties\":" FLAG "},"
    "\"$comment\":" TEXT ",\"$defs\":" MAP ",\"definitions\":" MAP ","
    "\"allOf\":" LIST ",\"anyOf\":" LIST ",\"oneOf\":" LIST ","
    "\"not\":" ONE ",\"if\":" ONE ",\"then\":" ONE ",\"else\":" ONE ","
    "\"prefixItems\":" LIST ",\"items\":" ONE ",\"contains\":" ONE ","
    "\"unevaluatedItems\":" ONE ",\"unevaluatedProperties\":" ONE ","
    "\"properties\":" MAP ",\"patternProperties\":" MAP ","
    "\"additionalProperties\":" ONE ",\"propertyNames\":" ONE ","
    "\"dependentSchemas\":" MAP ","
    "\"dependentRequired\":{\"type\":\"object\",\"additionalProperties\":" NAMES "},"
    "\"type\":{\"anyOf\":[{\"$ref\":\"#/$defs/type\"},{\"type\":\"array\","
    "\"items\":{\"$ref\":\"#/$defs/type\"},\"minItems\":1,\"uniqueItems\":true}]},"
    "\"const\":true,\"enum\":{\"type\":\"array\"},"
    "\"multipleOf\":{\"type\":\"number\",\"exclusiveMinimum\":0},"
    "\"maximum\":" REAL ",\"exclusiveMaximum\":" REAL ","
    "\"minimum\":" REAL ",\"exclusiveMinimum\":" REAL ","
    "\"maxLength\":" COUNT ",\"minLength\":" COUNT ",\"pattern\":" TEXT ","
    "\"maxItems\":" COUNT ",\"minItems\":" COUNT ",\"uniqueItems\":" FLAG ","
    "\"maxContains\":" COUNT ",\"minContains\":" COUNT ","
    "\"maxProperties\":" COUNT ",\"minProperties\":" COUNT ","
    "\"required\":" NAMES ","
    "\"title\":" TEXT ",\"description\":" TEXT ",\"deprecated\":" FLAG ","
    "\"readOnly\":" FLAG ",\"writeOnly\":" FLAG ",\"examples\":{\"type\":\"array\"},"
    "\"format\":" TEXT ",\"contentEncoding\":" TEXT ","
    "\"contentMediaType\":" TEXT ",\"contentSchema\":" ONE "}}";
/* clang-format on */

struct slice json_schema_meta_uri(void)
{
    return slice_of(META_URI);
}

json_t *json_schema_meta_new(void)
{
    struct error err;
    json_t *document =
        json_parse_strict((struct slice){ meta, sizeof meta - 1 }, &err);
    assert(document);
    return document;
}
