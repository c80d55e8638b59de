/* SPDX-License-Identifier: MIT */
#include "base/json_compare.h"
#include "base/json_schema_keyword.h"

static size_t item_count(const struct schema_trial *trial)
{
    return json_array_size(trial->place->value);
}

bool schema_min_items(struct schema_trial *trial, const json_t *rule)
{
    return (double)item_count(trial) >= json_number_value(rule) ||
           schema_fail(trial, "must have at least %.0f items, has %zu",
                       json_number_value(rule), item_count(trial));
}

bool schema_max_items(struct schema_trial *trial, const json_t *rule)
{
    return (double)item_count(trial) <= json_number_value(rule) ||
           schema_fail(trial, "must have at most %.0f items, has %zu",
                       json_number_value(rule), item_count(trial));
}

bool schema_unique_items(struct schema_trial *trial, const json_t *rule)
{
    size_t twins[2];
    if (json_is_false(rule) ||
        !json_has_twins(trial->place->value, twins, &trial->check->left))
        return true;
    return schema_fail(trial, "items %zu and %zu are the same", twins[0],
                       twins[1]);
}

bool schema_prefix_items(struct schema_trial *trial, const json_t *rule)
{
    size_t count = json_array_size(rule);
    for (size_t i = 0; i < count && i < item_count(trial); i++) {
        if (!schema_apply_item(trial, json_array_get(rule, i), i))
            return false;
        schema_seen_add(&trial->seen, i);
    }
    return true;
}

bool schema_items(struct schema_trial *trial, const json_t *rule)
{
    size_t first = json_array_size(schema_sibling(trial, "prefixItems"));
    for (size_t i = first; i < item_count(trial); i++) {
        if (!schema_spend(trial->check) || !schema_apply_item(trial, rule, i))
            return false;
    }
    schema_seen_add_from(&trial->seen, first);
    return true;
}

static double limit(const struct schema_trial *trial, const char *keyword,
                    double otherwise)
{
    const json_t *rule = schema_sibling(trial, keyword);
    return json_is_number(rule) ? json_number_value(rule) : otherwise;
}

bool schema_contains(struct schema_trial *trial, const json_t *rule)
{
    size_t found = 0;
    trial->check->quiet++;
    for (size_t i = 0; i < item_count(trial); i++) {
        if (!schema_spend(trial->check) || !schema_apply_item(trial, rule, i))
            continue;
        schema_seen_add(&trial->seen, i);
        found++;
    }
    trial->check->quiet--;
    double least = limit(trial, "minContains", 1);
    double most = limit(trial, "maxContains", (double)SIZE_MAX);
    if ((double)found < least)
        return schema_fail(trial,
                           "must have at least %.0f items that are as "
                           "\"contains\" says, has %zu",
                           least, found);
    return (double)found <= most ||
           schema_fail(trial,
                       "must have at most %.0f items that are as "
                       "\"contains\" says, has %zu",
                       most, found);
}

bool schema_unevaluated_items(struct schema_trial *trial, const json_t *rule)
{
    for (size_t i = 0; i < item_count(trial); i++) {
        if (schema_seen_has(&trial->seen, i))
            continue;
        if (!schema_spend(trial->check) || !schema_apply_item(trial, rule, i))
            return false;
    }
    schema_seen_add_from(&trial->seen, 0);
    return true;
}
