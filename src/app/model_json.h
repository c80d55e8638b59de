/* SPDX-License-Identifier: MIT */
/*
 * model_json - what is known of a model, as JSON for scripts: what is not known
 * is null.
 */
#ifndef APP_MODEL_JSON_H
#define APP_MODEL_JSON_H

#include <jansson.h>

#include "chat/endpoint.h"
#include "llm/model_list.h"

/* The caller json_decref()s it. */
json_t *model_json(const struct endpoint *endpoint,
                   const struct model_row *row);

/* Append the value and a line feed. */
void model_json_append(const json_t *value, struct buf *out);

#endif
