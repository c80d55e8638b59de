/* SPDX-License-Identifier: MIT */
/*
 * json_schema - whether a JSON value is what a JSON Schema (2020-12) asks for.
 *
 * https://json-schema.org/draft/2020-12/json-schema-core and -validation. All
 * keywords of the core, applicator, unevaluated and validation vocabularies;
 * `format` and `content...` are annotations and check nothing; lengths count
 * code points; base/pattern says which regular expressions are taken. Not done:
 * vocabularies that a meta-schema of one's own switches off.
 *
 * Nothing is fetched: a reference leads into the document, to a schema with an
 * $id that is embedded in it, or to the 2020-12 meta-schema.
 */
#ifndef BASE_JSON_SCHEMA_H
#define BASE_JSON_SCHEMA_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"

enum {
    /* What checking one value may cost: rules applied and values compared. */
    JSON_SCHEMA_WORK_MAX = 2 * 1000 * 1000,
    /* Schemas that are applied within one another. */
    JSON_SCHEMA_DEPTH_MAX = 2000,
};

struct json_schema;

/* Read a schema: an object or a boolean, checked against the meta-schema. Keeps
 * a reference to the document, which must not change and must come from
 * json_parse(). NULL: ERROR_CONFIG with the place in the document or the
 * reference that leads nowhere. */
struct json_schema *json_schema_new(json_t *document,
                                    struct error *err) MUST_USE;
void json_schema_free(struct json_schema *schema); /* NULL is fine */

/* False: the first violation, "/items/3/price: must be >= 0", its place as a
 * JSON Pointer in the form that JSON strings have (RFC 6901, 5); of the whole
 * value "the value: must be ..." (ERROR_PROTOCOL). Or the schema asks for more
 * than the caps allow (ERROR_LIMIT). */
bool json_schema_check(const struct json_schema *schema, const json_t *value,
                       struct error *err) MUST_USE;

#endif
