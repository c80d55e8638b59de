/* SPDX-License-Identifier: MIT */
#include "base/json_schema_keyword.h"

bool schema_ref(struct schema_trial *trial, const json_t *rule)
{
    (void)rule;
    return schema_apply_here(trial, trial->node->target);
}

/* The outermost resource that has such a dynamic anchor decides (Core,
 * 8.2.3.2). */
bool schema_dynamic_ref(struct schema_trial *trial, const json_t *rule)
{
    (void)rule;
    const struct schema_node *node = trial->node;
    const struct schema_index *index = trial->check->index;
    const json_t *target = node->dynamic;
    const struct schema_scope *scope =
        node->dynamic_anchor ? trial->check->scope : NULL;
    size_t cost = index->anchors.count * sizeof *index->anchors.items;
    for (; scope && schema_spend_bytes(trial->check, cost);
         scope = scope->outer) {
        const json_t *found =
            schema_index_dynamic(index, scope->resource, node->dynamic_anchor);
        target = found ? found : target;
    }
    return schema_apply_here(trial, target);
}

bool schema_all_of(struct schema_trial *trial, const json_t *rule)
{
    for (size_t i = 0; i < json_array_size(rule); i++) {
        if (!schema_apply_here(trial, json_array_get(rule, i)))
            return false;
    }
    return true;
}

/* How many of the schemas hold; all are tried, unless `enough` do and nobody
 * asks what they have seen. */
static size_t count_valid(struct schema_trial *trial, const json_t *schemas,
                          size_t enough)
{
    size_t valid = 0;
    trial->check->quiet++;
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        if (valid == enough && !trial->seen.bits)
            break;
        valid += schema_apply_here(trial, json_array_get(schemas, i));
    }
    trial->check->quiet--;
    return valid;
}

/* Whether a schema could be meant, to judge by the type that it asks for. */
static bool is_candidate(const json_t *schema, const json_t *value)
{
    const json_t *type = json_object_get(schema, "type");
    return json_is_object(schema) &&
           (!json_is_string(type) ||
            schema_is_type(value, json_string_value(type)));
}

/* None holds. If only one could be meant, what it lacks says more. */
static bool fail_none(struct schema_trial *trial, const json_t *schemas,
                      const char *keyword)
{
    const json_t *candidate = NULL;
    size_t candidates = 0;
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        const json_t *schema = json_array_get(schemas, i);
        if (is_candidate(schema, trial->place->value)) {
            candidate = schema;
            candidates++;
        }
    }
    if (candidates == 1 && !trial->check->quiet)
        return schema_apply_here(trial, candidate);
    return schema_fail(trial, "is none of the %zu things that \"%s\" lists",
                       json_array_size(schemas), keyword);
}

bool schema_any_of(struct schema_trial *trial, const json_t *rule)
{
    return count_valid(trial, rule, 1) || fail_none(trial, rule, "anyOf");
}

bool schema_one_of(struct schema_trial *trial, const json_t *rule)
{
    size_t valid = count_valid(trial, rule, 2);
    if (valid == 0)
        return fail_none(trial, rule, "oneOf");
    return valid == 1 || schema_fail(trial, "is more than one of the things "
                                            "that \"oneOf\" lists");
}

bool schema_not(struct schema_trial *trial, const json_t *rule)
{
    trial->check->quiet++;
    bool is_valid = schema_apply(trial->check, rule, trial->place, NULL);
    trial->check->quiet--;
    return !is_valid || schema_fail(trial, "must not be as \"not\" says");
}

bool schema_if(struct schema_trial *trial, const json_t *rule)
{
    trial->check->quiet++;
    bool is_valid = schema_apply_here(trial, rule);
    trial->check->quiet--;
    const json_t *next = schema_sibling(trial, is_valid ? "then" : "else");
    return !next || schema_apply_here(trial, next);
}
