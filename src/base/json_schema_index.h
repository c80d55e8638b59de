/* SPDX-License-Identifier: MIT */
/*
 * json_schema_index - the schemas of a document, and where references lead.
 *
 * For base/json_schema alone. Made once, before anything is checked: each
 * schema object becomes a node with its base URI, its references resolved and
 * its regular expressions compiled.
 */
#ifndef BASE_JSON_SCHEMA_INDEX_H
#define BASE_JSON_SCHEMA_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/json.h"
#include "base/pattern.h"

enum {
    SCHEMA_IDENTIFIERS_MAX = 5000,          /* $id and anchors together */
    SCHEMA_PATTERN_BYTES_MAX = 1024 * 1024, /* of all patterns, compiled */
};

/* One schema object. Values are borrowed from the documents. */
struct schema_node {
    const json_t *schema;
    uint32_t resource;          /* that it lies in */
    const json_t *target;       /* of $ref; NULL: there is none */
    const json_t *dynamic;      /* of $dynamicRef, as $ref would have it */
    const char *dynamic_anchor; /* which the dynamic scope may put elsewhere */
    struct pattern *pattern;
    struct pattern **member_patterns; /* of patternProperties, in their order */
    size_t member_pattern_count;
};

/* A schema with an identifier of its own, or the document. */
struct schema_resource {
    char *uri; /* absolute if the document's is, without fragment */
    const json_t *root;
};

struct schema_anchor {
    uint32_t resource;
    const char *name;
    const json_t *schema;
    bool is_dynamic;
};

struct schema_index {
    json_t *document;
    json_t *meta; /* NULL until something refers to it */
    ARRAY_OF(struct schema_node) nodes;
    ARRAY_OF(struct schema_resource) resources;
    ARRAY_OF(struct schema_anchor) anchors;
    size_t pattern_bytes;
    uint32_t *slots; /* a hash table of nodes, by address; 0 is free */
    size_t slot_count;
};

/* Keeps a reference to the document. False: ERROR_CONFIG, and the index must be
 * cleared all the same. */
bool schema_index_init(struct schema_index *index, json_t *document,
                       struct error *err) MUST_USE;
void schema_index_clear(struct schema_index *index);

/* The node of a schema object; NULL if it is no schema of the index. */
const struct schema_node *schema_index_find(const struct schema_index *index,
                                            const json_t *schema);

/* The schema with this dynamic anchor in a resource, or NULL. */
const json_t *schema_index_dynamic(const struct schema_index *index,
                                   uint32_t resource, const char *anchor);

#endif
