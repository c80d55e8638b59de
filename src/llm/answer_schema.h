/* SPDX-License-Identifier: MIT */
/*
 * answer_schema - the schema that an answer must follow, as servers take it.
 *
 * What every dialect needs to write request->schema.
 */
#ifndef LLM_ANSWER_SCHEMA_H
#define LLM_ANSWER_SCHEMA_H

#include <stdbool.h>

#include "base/buf.h"
#include "llm/provider.h"

/* The dialect's weaker form: the server gives JSON and knows no schema, for it
 * has refused one by name. */
bool answer_schema_is_weak(const struct chat_request *request);

/* The system prompt; where a server is not told the schema in its protocol
 * (`is_told` false), or it does not help, with the schema in words behind it, in
 * `storage`. Those of
 * OpenAI's kind take {"type":"json_object"} only if the prompt has the word
 * JSON (platform.openai.com/docs/guides/structured-outputs, JSON mode). */
struct slice answer_schema_system(const struct chat_request *request,
                                  bool is_told, struct buf *storage);

/* Whether "strict" may be asked for: all objects closed and all of their
 * members required, the root an object, and none of the keywords that are
 * refused (the same page, Supported schemas). */
bool answer_schema_is_strict(struct slice schema);

#endif
