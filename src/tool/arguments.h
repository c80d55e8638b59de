/* SPDX-License-Identifier: MIT */
/*
 * arguments - what a model wrote as the arguments of a call, read and checked by
 * the tool's schema.
 */
#ifndef TOOL_ARGUMENTS_H
#define TOOL_ARGUMENTS_H

#include <stdbool.h>

#include <jansson.h>

#include "base/error.h"
#include "base/slice.h"

enum { ARGUMENTS_MAX = 1024 * 1024 /* bytes */ };

/* An object that the schema allows, the caller json_decref()s it; nothing at
 * all, and null, are one without members. NULL, with words for the model: what
 * is wrong, where, and what is expected there.
 *
 * What is no JSON, but is once it is mended (see json_parse()), is taken;
 * *is_mended says so. Text with something before or behind the object is not:
 * whoever writes two calls into one must not have the first of them run. */
json_t *arguments_read(struct slice text, const char *schema, bool *is_mended,
                       struct error *err);

#endif
