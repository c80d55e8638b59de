/* SPDX-License-Identifier: MIT */
#include "base/json_schema.h"

#include <stdlib.h>

#include "base/json_schema_check.h"
#include "base/json_schema_index.h"
#include "base/json_schema_meta.h"
#include "base/memory.h"

struct json_schema {
    struct schema_index index;
};

static struct json_schema *build(json_t *document, struct error *err)
{
    struct json_schema *schema = memory_zero(1, sizeof *schema);
    if (schema_index_init(&schema->index, document, err))
        return schema;
    json_schema_free(schema);
    return NULL;
}

/* The document under the schema of schemas. */
static bool is_schema(json_t *document, struct error *err)
{
    json_t *text = json_schema_meta_new();
    struct json_schema *meta = build(text, err);
    bool is_valid = meta && json_schema_check(meta, document, err);
    json_schema_free(meta);
    json_decref(text);
    if (is_valid)
        return true;
    err->kind = ERROR_CONFIG;
    return error_context(err, "not a JSON Schema 2020-12");
}

struct json_schema *json_schema_new(json_t *document, struct error *err)
{
    return is_schema(document, err) ? build(document, err) : NULL;
}

void json_schema_free(struct json_schema *schema)
{
    if (!schema)
        return;
    schema_index_clear(&schema->index);
    free(schema);
}

bool json_schema_check(const struct json_schema *schema, const json_t *value,
                       struct error *err)
{
    struct error violation = { 0 };
    struct schema_check check = {
        .index = &schema->index,
        .left = JSON_SCHEMA_WORK_MAX,
        .err = &violation,
    };
    struct schema_place root = { .value = value };
    bool is_valid = schema_apply(&check, schema->index.document, &root, NULL);
    if (check.is_too_deep)
        return error_set(err, ERROR_LIMIT,
                         "the schema refers to itself without end, or goes "
                         "deeper than %d schemas",
                         JSON_SCHEMA_DEPTH_MAX);
    if (!check.left)
        return error_set(err, ERROR_LIMIT,
                         "the schema asks for too much work on this value");
    if (!is_valid)
        *err = violation;
    return is_valid;
}
