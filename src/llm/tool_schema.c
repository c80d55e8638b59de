/* SPDX-License-Identifier: MIT */
#include "llm/tool_schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

struct simplifier {
    const json_t *root;
    unsigned depth;
    unsigned steps;
};

static void merge(struct simplifier *simplifier, json_t *out,
                  const json_t *schema);

static json_t *simplify(struct simplifier *simplifier, const json_t *schema)
{
    json_t *out = json_object();
    merge(simplifier, out, schema);
    return out;
}

/* One token of a JSON Pointer (RFC 6901), "~1" and "~0" undone. */
static const json_t *step(const json_t *value, struct slice token)
{
    struct buf name = { 0 };
    for (size_t i = 0; i < token.len; i++) {
        char c = token.ptr[i];
        if (c == '~' && i + 1 < token.len)
            c = token.ptr[++i] == '1' ? '/' : '~';
        buf_append_char(&name, c);
    }
    const json_t *next =
        json_is_array(value)
            ? json_array_get(value, strtoul(buf_string(&name), NULL, 10))
            : json_object_get(value, buf_string(&name));
    buf_clear(&name);
    return next;
}

/* NULL: it leaves the schema, or names nothing. */
static const json_t *resolve(const struct simplifier *simplifier,
                             struct slice reference)
{
    const json_t *value = simplifier->root;
    if (!slice_starts(reference, "#") ||
        (reference.len > 1 && reference.ptr[1] != '/'))
        return NULL;
    reference = slice_skip(reference, 1);
    while (value && reference.len) {
        reference = slice_skip(reference, 1);
        const char *slash =
            reference.len ? memchr(reference.ptr, '/', reference.len) : NULL;
        size_t len = slash ? (size_t)(slash - reference.ptr) : reference.len;
        value = step(value, (struct slice){ reference.ptr, len });
        reference = slice_skip(reference, len);
    }
    return value;
}

static bool is_list_of_strings(const json_t *list)
{
    size_t index;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)list, index, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return json_is_array(list);
}

static void copy(json_t *out, const json_t *schema, const char *name)
{
    json_t *value = json_object_get(schema, name);
    if (value && !json_object_get(out, name))
        json_object_set(out, name, value);
}

static void merge_words(json_t *out, const json_t *schema)
{
    const json_t *type = json_object_get(schema, "type");
    json_t *constant = json_object_get(schema, "const");
    if (json_is_string(type) || is_list_of_strings(type))
        copy(out, schema, "type");
    if (json_is_string(json_object_get(schema, "description")))
        copy(out, schema, "description");
    if (json_is_array(json_object_get(schema, "enum")))
        copy(out, schema, "enum");
    else if (constant && !json_object_get(out, "enum"))
        json_object_set_new(out, "enum", json_pack("[O]", constant));
}

static json_t *member(json_t *out, const char *name, json_t *otherwise)
{
    json_t *value = json_object_get(out, name);
    if (!value)
        json_object_set(out, name, otherwise);
    json_decref(otherwise);
    return value ? value : json_object_get(out, name);
}

static void merge_properties(struct simplifier *simplifier, json_t *out,
                             const json_t *schema)
{
    const char *name;
    json_t *value;
    json_t *properties = json_member_object(schema, "properties");
    json_t *required = json_member_array(schema, "required");
    if (properties) {
        json_t *all = member(out, "properties", json_object());
        json_object_foreach(properties, name, value)
            json_object_set_new(all, name, simplify(simplifier, value));
    }
    if (is_list_of_strings(required) && json_array_size(required))
        json_array_extend(member(out, "required", json_array()), required);
}

static void merge_choices(struct simplifier *simplifier, json_t *out,
                          const json_t *schema, const char *name)
{
    size_t index;
    json_t *item;
    json_array_foreach(json_member_array(schema, name), index, item)
        json_array_append_new(member(out, "anyOf", json_array()),
                              simplify(simplifier, item));
}

static void merge_items(struct simplifier *simplifier, json_t *out,
                        const json_t *schema)
{
    const json_t *items = json_object_get(schema, "items");
    if (json_is_array(items))
        items = json_array_get(items, 0);
    if (items && !json_object_get(out, "items"))
        json_object_set_new(out, "items", simplify(simplifier, items));
}

static void merge_members(struct simplifier *simplifier, json_t *out,
                          const json_t *schema)
{
    size_t index;
    json_t *item;
    struct slice reference = json_slice(schema, "$ref");
    merge_words(out, schema);
    if (reference.len)
        merge(simplifier, out, resolve(simplifier, reference));
    json_array_foreach(json_member_array(schema, "allOf"), index, item)
        merge(simplifier, out, item);
    merge_items(simplifier, out, schema);
    merge_properties(simplifier, out, schema);
    merge_choices(simplifier, out, schema, "anyOf");
    merge_choices(simplifier, out, schema, "oneOf");
}

static void merge(struct simplifier *simplifier, json_t *out,
                  const json_t *schema)
{
    if (!json_is_object(schema) || simplifier->depth >= TOOL_SCHEMA_DEPTH_MAX ||
        simplifier->steps >= TOOL_SCHEMA_STEPS_MAX)
        return;
    simplifier->depth++;
    simplifier->steps++;
    merge_members(simplifier, out, schema);
    simplifier->depth--;
}

json_t *tool_schema_simplify(struct slice schema)
{
    struct error ignored = { 0 };
    json_t *root = json_parse(schema, &ignored);
    struct simplifier simplifier = { .root = root };
    json_t *out = simplify(&simplifier, root);
    json_object_set_new(out, "type", json_string("object"));
    member(out, "properties", json_object());
    json_decref(root);
    return out;
}
