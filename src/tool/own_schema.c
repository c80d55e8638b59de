/* SPDX-License-Identifier: MIT */
#include "tool/own_schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/json_schema.h"
#include "config/settings.h"

/* The words of tools.own.NAME.parameters.NAME.type, and JSON Schema's. */
static const struct {
    const char *word, *type;
} types[] = {
    { "text", "string" },
    { "integer", "integer" },
    { "number", "number" },
    { "flag", "boolean" },
};

static const char *type_of(const struct setting *parameter)
{
    const struct setting *type = setting_child(parameter, "type");
    for (size_t i = 0; type && i < COUNTOF(types); i++) {
        if (!strcmp(type->text, types[i].word))
            return types[i].type;
    }
    return "string";
}

static json_t *read_parameter(const struct setting *parameter)
{
    const struct setting *about = setting_child(parameter, "about");
    const struct setting *choices = setting_child(parameter, "choices");
    json_t *rules = json_pack("{s:s}", "type", type_of(parameter));
    if (about)
        json_object_set_new(rules, "description", json_string(about->text));
    if (choices && choices->child_count) {
        json_t *words = json_array();
        for (size_t i = 0; i < choices->child_count; i++)
            json_array_append_new(words,
                                  json_string(choices->children[i]->text));
        json_object_set_new(rules, "enum", words);
    }
    return rules;
}

static json_t *read_parameters(const struct setting *parameters)
{
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; parameters && i < parameters->child_count; i++) {
        const struct setting *parameter = parameters->children[i];
        const struct setting *is_required =
            setting_child(parameter, "required");
        json_object_set_new(properties, parameter->key,
                            read_parameter(parameter));
        if (!is_required || is_required->flag)
            json_array_append_new(required, json_string(parameter->key));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
                     properties, "required", required, "additionalProperties",
                     0);
}

/* Servers take nothing but objects as arguments. */
static bool is_good(json_t *document, struct error *err)
{
    const char *type = json_string_value(json_object_get(document, "type"));
    if (!type || strcmp(type, "object"))
        return error_set(err, ERROR_CONFIG,
                         "schema: its \"type\" must be \"object\"");
    struct json_schema *schema = json_schema_new(document, err);
    json_schema_free(schema);
    return schema || error_context(err, "schema");
}

char *own_schema_read(const struct setting *tool, struct error *err)
{
    const struct setting *parameters = setting_child(tool, "parameters");
    const struct setting *schema = setting_child(tool, "schema");
    struct buf text = { 0 };
    if (parameters && schema) {
        error_set(err, ERROR_CONFIG, "has parameters and schema: write one");
        return NULL;
    }
    json_t *document = schema ? json_parse_strict(slice_of(schema->text), err)
                              : read_parameters(parameters);
    bool ok = document && is_good(document, err);
    if (!document)
        error_context(err, "schema");
    if (ok)
        json_append_value(&text, document);
    json_decref(document);
    return ok ? buf_steal(&text) : NULL;
}

struct search {
    const json_t *schema;
    struct error *err;
};

/* A schema that allows members without naming them may allow this one. */
static bool is_allowed(void *context, struct slice name)
{
    struct search *search = context;
    json_t *properties = json_member_object(search->schema, "properties");
    json_t *others = json_object_get(search->schema, "additionalProperties");
    struct buf key = { 0 };
    buf_append_slice(&key, name);
    bool is_there = json_object_get(properties, buf_string(&key)) != NULL;
    buf_clear(&key);
    if (is_there || (properties == NULL && !json_is_false(others)))
        return true;
    return error_set(search->err, ERROR_CONFIG,
                     "argv: {%.*s} is no parameter; write {{ for a brace",
                     SLICE_ARG(name));
}

bool own_schema_has(const char *schema, const char *element, struct error *err)
{
    json_t *document = json_parse(slice_of(schema), err);
    if (!document)
        return false;
    struct search search = { document, err };
    bool ok = template_names(element, is_allowed, &search);
    json_decref(document);
    return ok;
}
