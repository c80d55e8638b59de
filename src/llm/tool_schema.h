/* SPDX-License-Identifier: MIT */
/*
 * tool_schema - a tool's JSON Schema in the few words that every server reads.
 *
 * Ollama reads tool schemas into a fixed structure: type, description, enum,
 * items, properties, required and anyOf are kept, the rest is lost, and a
 * boolean where a schema is expected spoils the whole request. So references
 * into the schema itself are put in place, allOf is merged, oneOf becomes anyOf,
 * const an enum of one. References that leave the schema are never followed:
 * they become "anything", and so does what lies too deep or refers to itself.
 */
#ifndef LLM_TOOL_SCHEMA_H
#define LLM_TOOL_SCHEMA_H

#include <jansson.h>

#include "base/slice.h"

enum {
    TOOL_SCHEMA_DEPTH_MAX = 24,
    TOOL_SCHEMA_STEPS_MAX = 20000, /* schemas written: references multiply */
};

/* A new object, which always has type "object" and properties; the caller
 * json_decref()s it. A text that is no JSON object is an empty schema. */
json_t *tool_schema_simplify(struct slice schema);

#endif
