/* SPDX-License-Identifier: MIT */
/*
 * template - the program and arguments of a tool of the user's, with places for
 * the arguments of a call.
 *
 * "{name}" is the value of the argument `name`; "{{" and "}}" are braces; any
 * other brace is itself. An element of the template becomes one argument of the
 * program whatever the value holds: nothing is split, no shell reads it. An
 * element that names an argument which the call has not is left out.
 *
 * A value that could pass for an option is refused: one that begins with "-"
 * where its element begins with it, unless an element "--" stands before.
 */
#ifndef TOOL_TEMPLATE_H
#define TOOL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

/* Of one argument of a program: Linux takes no longer one (MAX_ARG_STRLEN of
 * linux/binfmts.h, with its NUL). */
enum { TEMPLATE_ELEMENT_MAX = 128 * 1024 - 1 };

struct template
{
    ARRAY_OF(char *) elements; /* owned; the first is the program */
};

void template_clear(struct template *template);
void template_add(struct template *template, const char *element);

/* Each argument that is named anywhere in an element; until `fn` says false,
 * which is the answer then. */
typedef bool template_name_fn(void *context, struct slice name);
bool template_names(const char *element, template_name_fn *fn, void *context);

/* The program and its arguments, NULL behind, owned by the caller; NULL: a value
 * that cannot stand there, in words that name it. */
char **template_fill(const struct template *template, const json_t *arguments,
                     struct error *err);

/* Append one element; false without an error (its kind is ERROR_NONE): it names
 * an argument that is not there. The value is not looked at. */
bool template_append(struct buf *out, const char *element,
                     const json_t *arguments);

#endif
