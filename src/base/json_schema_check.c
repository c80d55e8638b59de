/* SPDX-License-Identifier: MIT */
#include "base/json_schema_check.h"

#include "base/json_compare.h"
#include "base/json_schema.h"
#include "base/json_schema_keyword.h"
#include "base/memory.h"

enum { BITS = 64 };

void schema_seen_add(struct schema_seen *seen, size_t index)
{
    if (seen->bits)
        seen->bits[index / BITS] |= UINT64_C(1) << index % BITS;
}

void schema_seen_add_from(struct schema_seen *seen, size_t first)
{
    for (size_t i = first; seen->bits && i < seen->count; i++)
        schema_seen_add(seen, i);
}

bool schema_seen_has(const struct schema_seen *seen, size_t index)
{
    return seen->bits && seen->bits[index / BITS] >> index % BITS & 1;
}

static size_t words(const struct schema_seen *seen)
{
    return (seen->count + BITS - 1) / BITS;
}

const json_t *schema_sibling(const struct schema_trial *trial,
                             const char *keyword)
{
    return json_object_get(trial->node->schema, keyword);
}

bool schema_spend(struct schema_check *check)
{
    return schema_spend_bytes(check, 0);
}

bool schema_spend_bytes(struct schema_check *check, size_t len)
{
    json_compare_spend(&check->left, len);
    return check->left;
}

static void append_path(struct buf *out, const struct schema_place *place)
{
    if (!place->parent)
        return;
    append_path(out, place->parent);
    buf_append_char(out, '/');
    if (!place->name) {
        buf_printf(out, "%zu", place->index);
        return;
    }
    struct buf name = { 0 }, quoted = { 0 };
    for (const char *c = place->name; *c; c++) {
        if (*c == '~' || *c == '/')
            buf_append_string(&name, *c == '~' ? "~0" : "~1");
        else
            buf_append_char(&name, *c);
    }
    json_append_quoted(&quoted, buf_slice(&name));
    buf_append(out, quoted.ptr + 1, quoted.len - 2);
    buf_clear(&name);
    buf_clear(&quoted);
}

static void note(const struct schema_check *check,
                 const struct schema_place *place, const char *sentence)
{
    if (check->quiet || check->err->kind != ERROR_NONE)
        return;
    struct buf path = { 0 };
    append_path(&path, place);
    error_set(check->err, ERROR_PROTOCOL, "%s: %s",
              path.len ? buf_string(&path) : "the value", sentence);
    buf_clear(&path);
}

bool schema_fail(const struct schema_trial *trial, const char *format, ...)
{
    if (trial->check->quiet)
        return false;
    struct buf sentence = { 0 };
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&sentence, format, arguments);
    va_end(arguments);
    note(trial->check, trial->place, buf_string(&sentence));
    buf_clear(&sentence);
    return false;
}

static bool run_keywords(struct schema_trial *trial, bool late)
{
    const char *name;
    json_t *rule;
    unsigned type = 1u << json_typeof(trial->place->value);
    json_object_foreach((json_t *)(uintptr_t)trial->node->schema, name, rule)
    {
        const struct schema_keyword *keyword = schema_keyword_find(name);
        bool is_due = keyword && keyword->fn && keyword->is_late == late &&
                      keyword->value_types & type &&
                      keyword->rule_types & 1u << json_typeof(rule);
        if (!schema_spend(trial->check) ||
            (is_due && !keyword->fn(trial, rule)))
            return false;
    }
    return true;
}

/* Somebody asks what was seen: this schema, or the one that it is a part of. */
static bool is_asked(const struct schema_trial *trial,
                     const struct schema_seen *seen)
{
    return (seen && seen->bits) || schema_sibling(trial, "unevaluatedItems") ||
           schema_sibling(trial, "unevaluatedProperties");
}

static void start_seen(struct schema_trial *trial)
{
    const json_t *value = trial->place->value;
    struct schema_seen *seen = &trial->seen;
    seen->count =
        json_is_array(value) ? json_array_size(value) : json_object_size(value);
    seen->bits = memory_zero(words(seen) + 1, sizeof *seen->bits);
    schema_spend_bytes(trial->check, words(seen) * sizeof *seen->bits);
}

static bool try_schema(struct schema_trial *trial, struct schema_seen *seen)
{
    const json_t *value = trial->place->value;
    bool has_parts = json_is_array(value) || json_is_object(value);
    if (has_parts && is_asked(trial, seen))
        start_seen(trial);
    bool is_valid = run_keywords(trial, false) && run_keywords(trial, true);
    bool is_kept = is_valid && seen && seen->bits && trial->seen.bits;
    for (size_t i = 0; is_kept && i < words(seen); i++)
        seen->bits[i] |= trial->seen.bits[i];
    free(trial->seen.bits);
    return is_valid;
}

static bool enter(struct schema_check *check, const json_t *schema,
                  const struct schema_place *place, struct schema_seen *seen)
{
    struct schema_trial trial = {
        .check = check,
        .node = schema_index_find(check->index, schema),
        .place = place,
    };
    /* What is no schema says nothing: the meta-schema has let it pass. */
    if (!trial.node)
        return true;
    const struct schema_scope *outer = check->scope;
    struct schema_scope scope = { outer, trial.node->resource };
    if (!outer || outer->resource != scope.resource)
        check->scope = &scope;
    bool is_valid = try_schema(&trial, seen);
    check->scope = outer;
    return is_valid;
}

bool schema_apply(struct schema_check *check, const json_t *schema,
                  const struct schema_place *place, struct schema_seen *seen)
{
    if (json_is_false(schema))
        note(check, place, "is not allowed");
    if (!json_is_object(schema))
        return !json_is_false(schema);
    if (check->depth == JSON_SCHEMA_DEPTH_MAX) {
        check->is_too_deep = true;
        check->left = 0;
    }
    if (!check->left)
        return false;
    check->depth++;
    bool is_valid = enter(check, schema, place, seen);
    check->depth--;
    return is_valid;
}

bool schema_apply_here(struct schema_trial *trial, const json_t *schema)
{
    return schema_apply(trial->check, schema, trial->place, &trial->seen);
}

bool schema_apply_member(struct schema_trial *trial, const json_t *schema,
                         const char *name, const json_t *value)
{
    struct schema_place place = { value, trial->place, name, 0 };
    return schema_apply(trial->check, schema, &place, NULL);
}

bool schema_apply_item(struct schema_trial *trial, const json_t *schema,
                       size_t index)
{
    struct schema_place place = { json_array_get(trial->place->value, index),
                                  trial->place, NULL, index };
    return schema_apply(trial->check, schema, &place, NULL);
}
