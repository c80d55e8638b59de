/* SPDX-License-Identifier: MIT */
/*
 * json_schema_meta - the schema of JSON Schemas, draft 2020-12.
 *
 * For base/json_schema alone: accepts what
 * https://json-schema.org/draft/2020-12/schema with its vocabularies accepts,
 * in one document of our own words.
 */
#ifndef BASE_JSON_SCHEMA_META_H
#define BASE_JSON_SCHEMA_META_H

#include "base/json.h"
#include "base/slice.h"

/* Its identifier. */
struct slice json_schema_meta_uri(void);

/* The document; the caller json_decref()s it. */
json_t *json_schema_meta_new(void) RETURNS_NONNULL;

#endif
