/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json_schema_keyword.h"

/* The members of the value, to go through. */
static json_t *members(const struct schema_trial *trial)
{
    return (json_t *)(uintptr_t)trial->place->value;
}

static bool has_member(const struct schema_trial *trial, const char *name)
{
    return name && json_object_get(trial->place->value, name);
}

bool schema_min_properties(struct schema_trial *trial, const json_t *rule)
{
    size_t count = json_object_size(trial->place->value);
    return (double)count >= json_number_value(rule) ||
           schema_fail(trial, "must have at least %.0f members, has %zu",
                       json_number_value(rule), count);
}

bool schema_max_properties(struct schema_trial *trial, const json_t *rule)
{
    size_t count = json_object_size(trial->place->value);
    return (double)count <= json_number_value(rule) ||
           schema_fail(trial, "must have at most %.0f members, has %zu",
                       json_number_value(rule), count);
}

bool schema_required(struct schema_trial *trial, const json_t *rule)
{
    for (size_t i = 0; i < json_array_size(rule); i++) {
        const char *name = json_string_value(json_array_get(rule, i));
        if (!schema_spend(trial->check))
            return false;
        if (name && !has_member(trial, name))
            return schema_fail(trial, "must have a member \"%s\"", name);
    }
    return true;
}

static bool has_all(struct schema_trial *trial, const json_t *names,
                    const char *since)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (!schema_spend(trial->check))
            return false;
        if (name && !has_member(trial, name))
            return schema_fail(trial,
                               "must have a member \"%s\", since it has \"%s\"",
                               name, since);
    }
    return true;
}

bool schema_dependent_required(struct schema_trial *trial, const json_t *rule)
{
    const char *name;
    json_t *names;
    json_object_foreach((json_t *)(uintptr_t)rule, name, names)
    {
        if (!schema_spend(trial->check) ||
            (has_member(trial, name) && !has_all(trial, names, name)))
            return false;
    }
    return true;
}

bool schema_dependent_schemas(struct schema_trial *trial, const json_t *rule)
{
    const char *name;
    json_t *schema;
    json_object_foreach((json_t *)(uintptr_t)rule, name, schema)
    {
        if (!schema_spend(trial->check) ||
            (has_member(trial, name) && !schema_apply_here(trial, schema)))
            return false;
    }
    return true;
}

bool schema_properties(struct schema_trial *trial, const json_t *rule)
{
    const char *name;
    json_t *value;
    size_t i = 0;
    json_object_foreach(members(trial), name, value)
    {
        const json_t *schema = json_object_get(rule, name);
        if (!schema_spend(trial->check) ||
            (schema && !schema_apply_member(trial, schema, name, value)))
            return false;
        if (schema)
            schema_seen_add(&trial->seen, i);
        i++;
    }
    return true;
}

/* Apply what patternProperties says of a name; *is_matched tells whether it
 * says anything. */
static bool apply_patterns(struct schema_trial *trial, const json_t *rule,
                           const char *name, const json_t *value)
{
    const char *source;
    json_t *schema;
    size_t i = 0;
    json_object_foreach((json_t *)(uintptr_t)rule, source, schema)
    {
        const struct pattern *pattern = trial->node->member_patterns[i++];
        if (pattern_find(pattern, slice_of(name), &trial->check->left) &&
            !schema_apply_member(trial, schema, name, value))
            return false;
    }
    return true;
}

static bool is_matched(struct schema_trial *trial, const char *name)
{
    bool is_found = false;
    for (size_t i = 0; !is_found && i < trial->node->member_pattern_count; i++)
        is_found = pattern_find(trial->node->member_patterns[i], slice_of(name),
                                &trial->check->left);
    return is_found;
}

bool schema_pattern_properties(struct schema_trial *trial, const json_t *rule)
{
    const char *name;
    json_t *value;
    size_t i = 0;
    json_object_foreach(members(trial), name, value)
    {
        if (!schema_spend(trial->check) ||
            !apply_patterns(trial, rule, name, value))
            return false;
        if (trial->seen.bits && is_matched(trial, name))
            schema_seen_add(&trial->seen, i);
        i++;
    }
    return true;
}

bool schema_additional_properties(struct schema_trial *trial,
                                  const json_t *rule)
{
    const json_t *named = schema_sibling(trial, "properties");
    const char *name;
    json_t *value;
    size_t i = 0;
    json_object_foreach(members(trial), name, value)
    {
        if (!schema_spend(trial->check))
            return false;
        bool is_additional =
            !json_object_get(named, name) && !is_matched(trial, name);
        if (is_additional && !schema_apply_member(trial, rule, name, value))
            return false;
        if (is_additional)
            schema_seen_add(&trial->seen, i);
        i++;
    }
    return true;
}

bool schema_property_names(struct schema_trial *trial, const json_t *rule)
{
    const char *name;
    json_t *value;
    json_object_foreach(members(trial), name, value)
    {
        json_t *string = json_string(name);
        struct schema_place place = { string, trial->place, name, 0 };
        trial->check->quiet++;
        bool is_fine = schema_spend(trial->check) &&
                       schema_apply(trial->check, rule, &place, NULL);
        trial->check->quiet--;
        json_decref(string);
        if (!is_fine)
            return schema_fail(trial,
                               "must not have a member \"%s\": its "
                               "name is not as \"propertyNames\" says",
                               name);
    }
    return true;
}

bool schema_unevaluated_properties(struct schema_trial *trial,
                                   const json_t *rule)
{
    const char *name;
    json_t *value;
    size_t i = 0;
    json_object_foreach(members(trial), name, value)
    {
        bool is_seen = schema_seen_has(&trial->seen, i++);
        if (!schema_spend(trial->check) ||
            (!is_seen && !schema_apply_member(trial, rule, name, value)))
            return false;
    }
    schema_seen_add_from(&trial->seen, 0);
    return true;
}
