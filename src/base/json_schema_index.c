/* SPDX-License-Identifier: MIT */
#include "base/json_schema_index.h"

#include <string.h>

#include "base/json_schema_keyword.h"
#include "base/json_schema_meta.h"
#include "base/memory.h"
#include "base/uri.h"
#include "base/utf8.h"

enum { SLOTS_START = 64, REFERENCE_SHOWN_MAX = 200 };

static bool walk(struct schema_index *index, const json_t *schema,
                 uint32_t resource, struct error *err);

static size_t slot_of(const struct schema_index *index, const json_t *schema)
{
    /* Knuth's multiplicative hash; the low bits of addresses are all 0. */
    uint64_t hash = (uint64_t)(uintptr_t)schema / sizeof(void *);
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 32) & (index->slot_count - 1);
    while (index->slots[slot] &&
           index->nodes.items[index->slots[slot] - 1].schema != schema)
        slot = (slot + 1) & (index->slot_count - 1);
    return slot;
}

const struct schema_node *schema_index_find(const struct schema_index *index,
                                            const json_t *schema)
{
    uint32_t number =
        index->slot_count ? index->slots[slot_of(index, schema)] : 0;
    return number ? &index->nodes.items[number - 1] : NULL;
}

static void grow_slots(struct schema_index *index)
{
    if (2 * index->nodes.count < index->slot_count)
        return;
    free(index->slots);
    index->slot_count = index->slot_count ? 2 * index->slot_count : SLOTS_START;
    index->slots = memory_zero(index->slot_count, sizeof *index->slots);
    for (size_t i = 0; i < index->nodes.count; i++)
        index->slots[slot_of(index, index->nodes.items[i].schema)] =
            (uint32_t)i + 1;
}

static const struct schema_resource *find_resource(
    const struct schema_index *index, struct slice uri)
{
    for (size_t i = 0; i < index->resources.count; i++) {
        if (slice_is(uri, index->resources.items[i].uri))
            return &index->resources.items[i];
    }
    return NULL;
}

static uint32_t add_resource(struct schema_index *index, const json_t *root,
                             struct slice base, struct slice id)
{
    struct buf uri = { 0 };
    uri_resolve(&uri, base, id);
    *array_add(&index->resources) =
        (struct schema_resource){ buf_steal(&uri), root };
    return (uint32_t)(index->resources.count - 1);
}

static void add_anchor(struct schema_index *index,
                       const struct schema_node *node, const char *keyword)
{
    const char *name =
        json_string_value(json_object_get(node->schema, keyword));
    if (name)
        *array_add(&index->anchors) =
            (struct schema_anchor){ node->resource, name, node->schema,
                                    strcmp(keyword, "$anchor") != 0 };
}

static const struct schema_anchor *find_anchor(const struct schema_index *index,
                                               uint32_t resource,
                                               struct slice name,
                                               bool only_dynamic)
{
    for (size_t i = 0; i < index->anchors.count; i++) {
        const struct schema_anchor *anchor = &index->anchors.items[i];
        if (anchor->resource == resource && slice_is(name, anchor->name) &&
            (anchor->is_dynamic || !only_dynamic))
            return anchor;
    }
    return NULL;
}

const json_t *schema_index_dynamic(const struct schema_index *index,
                                   uint32_t resource, const char *anchor)
{
    const struct schema_anchor *found =
        find_anchor(index, resource, slice_of(anchor), true);
    return found ? found->schema : NULL;
}

static struct pattern *compile(struct schema_index *index, struct slice source,
                               struct error *err)
{
    struct pattern *pattern = pattern_new(source, err);
    if (pattern)
        index->pattern_bytes += pattern_size(pattern);
    if (index->pattern_bytes > SCHEMA_PATTERN_BYTES_MAX) {
        pattern_free(pattern);
        error_set(err, ERROR_LIMIT,
                  "the regular expressions of the schema are too large");
        return NULL;
    }
    if (pattern)
        return pattern;
    struct error why = *err;
    error_set(err, why.kind, "the regular expression \"%.*s\" %s",
              SLICE_ARG(source), why.text);
    return NULL;
}

static bool compile_patterns(struct schema_index *index,
                             struct schema_node *node, struct error *err)
{
    const json_t *pattern = json_object_get(node->schema, "pattern");
    if (json_is_string(pattern)) {
        node->pattern = compile(index, json_string_slice(pattern), err);
        if (!node->pattern)
            return false;
    }
    json_t *rules = json_member_object(node->schema, "patternProperties");
    node->member_patterns =
        memory_zero(json_object_size(rules) + 1, sizeof(struct pattern *));
    const char *source;
    json_t *rule;
    json_object_foreach(rules, source, rule)
    {
        struct pattern *compiled = compile(index, slice_of(source), err);
        if (!compiled)
            return false;
        node->member_patterns[node->member_pattern_count++] = compiled;
    }
    return true;
}

static bool walk_all(struct schema_index *index, json_t *schemas,
                     uint32_t resource, struct error *err)
{
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        if (!walk(index, json_array_get(schemas, i), resource, err))
            return false;
    }
    const char *name;
    json_t *schema;
    json_object_foreach(schemas, name, schema)
    {
        if (!walk(index, schema, resource, err))
            return false;
    }
    return true;
}

static bool walk_keywords(struct schema_index *index, const json_t *schema,
                          uint32_t resource, struct error *err)
{
    const char *name;
    json_t *rule;
    json_object_foreach((json_t *)(uintptr_t)schema, name, rule)
    {
        const struct schema_keyword *keyword = schema_keyword_find(name);
        bool is_valid = true;
        if (keyword && keyword->holds == SCHEMA_HOLDS_ONE)
            is_valid = walk(index, rule, resource, err);
        else if (keyword && keyword->holds != SCHEMA_HOLDS_NONE)
            is_valid = walk_all(index, rule, resource, err);
        if (!is_valid)
            return false;
    }
    return true;
}

/* Make a node of a schema and of all in it. */
static bool walk(struct schema_index *index, const json_t *schema,
                 uint32_t resource, struct error *err)
{
    if (!json_is_object(schema) || schema_index_find(index, schema))
        return true;
    if (index->resources.count + index->anchors.count > SCHEMA_IDENTIFIERS_MAX)
        return error_set(err, ERROR_LIMIT,
                         "the schema has more than %d identifiers",
                         SCHEMA_IDENTIFIERS_MAX);
    struct slice id = json_slice(schema, "$id");
    if (id.len && index->resources.items[resource].root != schema) {
        struct slice base = slice_of(index->resources.items[resource].uri);
        resource = add_resource(index, schema, base, id);
    }
    struct schema_node *node = array_add(&index->nodes);
    *node = (struct schema_node){ .schema = schema, .resource = resource };
    add_anchor(index, node, "$anchor");
    add_anchor(index, node, "$dynamicAnchor");
    bool is_valid = compile_patterns(index, node, err);
    index->slots[slot_of(index, schema)] = (uint32_t)index->nodes.count;
    grow_slots(index);
    return is_valid && walk_keywords(index, schema, resource, err);
}

static bool walk_document(struct schema_index *index, const json_t *document,
                          struct error *err)
{
    uint32_t resource = add_resource(index, document, (struct slice){ 0 },
                                     json_slice(document, "$id"));
    return walk(index, document, resource, err);
}

/* The next token of a JSON Pointer without its escapes, in `out`. */
static void next_token(struct slice *pointer, struct buf *out)
{
    buf_reset(out);
    *pointer = slice_skip(*pointer, 1);
    while (pointer->len && pointer->ptr[0] != '/') {
        bool is_escape =
            slice_starts(*pointer, "~0") || slice_starts(*pointer, "~1");
        char c = pointer->ptr[is_escape];
        if (is_escape)
            c = c == '0' ? '~' : '/';
        buf_append_char(out, c);
        *pointer = slice_skip(*pointer, 1 + is_escape);
    }
}

static const json_t *step_into(const json_t *value, const struct buf *token)
{
    if (json_is_object(value))
        return json_object_get(value, buf_string(token));
    size_t index = 0;
    for (size_t i = 0; i < token->len; i++) {
        char c = token->ptr[i];
        if (c < '0' || c > '9' || index > JSON_STRUCTURE_MAX)
            return NULL;
        index = index * 10 + (size_t)(c - '0');
    }
    return token->len ? json_array_get(value, index) : NULL;
}

/* What a JSON Pointer leads to; *resource is that of the last schema on the
 * way. */
static const json_t *follow_pointer(const struct schema_index *index,
                                    struct slice pointer, uint32_t *resource)
{
    const json_t *value = index->resources.items[*resource].root;
    struct buf token = { 0 };
    while (value && pointer.len) {
        next_token(&pointer, &token);
        value = step_into(value, &token);
        const struct schema_node *node =
            value ? schema_index_find(index, value) : NULL;
        *resource = node ? node->resource : *resource;
    }
    buf_clear(&token);
    return value;
}

/* What a fragment means within a resource. */
static const json_t *follow_fragment(const struct schema_index *index,
                                     struct slice fragment, uint32_t *resource,
                                     const char **dynamic_anchor)
{
    if (!fragment.len)
        return index->resources.items[*resource].root;
    struct buf text = { 0 };
    uri_unescape(&text, fragment);
    const json_t *found = NULL;
    if (text.ptr[0] == '/') {
        found = follow_pointer(index, buf_slice(&text), resource);
    } else {
        const struct schema_anchor *anchor =
            find_anchor(index, *resource, buf_slice(&text), false);
        found = anchor ? anchor->schema : NULL;
        anchor = find_anchor(index, *resource, buf_slice(&text), true);
        *dynamic_anchor = anchor ? anchor->name : NULL;
    }
    buf_clear(&text);
    return found;
}

/* The resource of that URI; the meta-schema is there when it is asked for. */
static bool enter_resource(struct schema_index *index, struct slice uri,
                           uint32_t *resource, struct error *err)
{
    bool is_meta = slice_equal(uri, json_schema_meta_uri());
    if (is_meta && !index->meta && !find_resource(index, uri)) {
        index->meta = json_schema_meta_new();
        if (!walk_document(index, index->meta, err))
            return false;
    }
    const struct schema_resource *found = find_resource(index, uri);
    if (!found)
        return false;
    *resource = (uint32_t)(found - index->resources.items);
    return true;
}

/* A reference that stands in a node; NULL: it leads nowhere. */
static const json_t *resolve(struct schema_index *index,
                             const struct schema_node *node,
                             const char *keyword, const char **dynamic_anchor,
                             struct error *err)
{
    struct slice reference = json_slice(node->schema, keyword);
    uint32_t resource = node->resource;
    struct buf uri = { 0 };
    uri_resolve(&uri, slice_of(index->resources.items[resource].uri),
                reference);
    const json_t *found = NULL;
    if (enter_resource(index, buf_slice(&uri), &resource, err))
        found = follow_fragment(index, uri_fragment(reference), &resource,
                                dynamic_anchor);
    buf_clear(&uri);
    if (found)
        return walk(index, found, resource, err) ? found : NULL;
    struct slice shown = reference;
    if (shown.len > REFERENCE_SHOWN_MAX) {
        shown.len = REFERENCE_SHOWN_MAX;
        shown.len -= utf8_partial_tail(shown);
    }
    error_set(err, ERROR_CONFIG,
              "%s \"%.*s\" leads to nothing in this schema, and nothing is "
              "fetched",
              keyword, SLICE_ARG(shown));
    return NULL;
}

/* Nodes may move while a reference brings new ones. */
static bool resolve_node(struct schema_index *index, size_t number,
                         struct error *err)
{
    struct schema_node node = index->nodes.items[number];
    const char *ignored = NULL;
    if (json_is_string(json_object_get(node.schema, "$ref"))) {
        node.target = resolve(index, &node, "$ref", &ignored, err);
        if (!node.target)
            return false;
    }
    if (json_is_string(json_object_get(node.schema, "$dynamicRef"))) {
        node.dynamic =
            resolve(index, &node, "$dynamicRef", &node.dynamic_anchor, err);
        if (!node.dynamic)
            return false;
    }
    index->nodes.items[number] = node;
    return true;
}

bool schema_index_init(struct schema_index *index, json_t *document,
                       struct error *err)
{
    *index = (struct schema_index){ .document = json_incref(document) };
    grow_slots(index);
    if (!walk_document(index, document, err))
        return false;
    for (size_t i = 0; i < index->nodes.count; i++) {
        if (!resolve_node(index, i, err))
            return false;
    }
    return true;
}

void schema_index_clear(struct schema_index *index)
{
    for (size_t i = 0; i < index->nodes.count; i++) {
        struct schema_node *node = &index->nodes.items[i];
        pattern_free(node->pattern);
        for (size_t j = 0; j < node->member_pattern_count; j++)
            pattern_free(node->member_patterns[j]);
        free(node->member_patterns);
    }
    for (size_t i = 0; i < index->resources.count; i++)
        free(index->resources.items[i].uri);
    array_clear(&index->nodes);
    array_clear(&index->resources);
    array_clear(&index->anchors);
    free(index->slots);
    json_decref(index->document);
    json_decref(index->meta);
}
