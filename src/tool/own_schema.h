/* SPDX-License-Identifier: MIT */
/*
 * own_schema - the JSON Schema of the arguments of a tool of the user's: as he
 * wrote it (tools.own.NAME.schema), or made of tools.own.NAME.parameters.
 */
#ifndef TOOL_OWN_SCHEMA_H
#define TOOL_OWN_SCHEMA_H

#include <stdbool.h>

#include "base/error.h"
#include "tool/template.h"

struct setting;

/* The text, which the caller frees; NULL with what is wrong with it. */
char *own_schema_read(const struct setting *tool, struct error *err);

/* Whether every argument that an element names may be in a call. */
bool own_schema_has(const char *schema, const char *element, struct error *err);

#endif
