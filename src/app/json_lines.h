/* SPDX-License-Identifier: MIT */
/*
 * json_lines - JSON objects, a line each: read from standard input by a command
 * that answers each of them, and printed.
 */
#ifndef APP_JSON_LINES_H
#define APP_JSON_LINES_H

#include <jansson.h>

#include "app/print.h"
#include "base/error.h"

/* Whether a text is such lines, by its first one: an object with an "id" and
 * this member. */
bool json_lines_begin(struct slice text, const char *member);

/* Each line's object, with its "id" and the member, a string. */
struct json_line {
    json_t *object, *id;
    struct slice text; /* of the member */
};
typedef void json_lines_fn(void *context, const struct json_line *line);

/* Empty lines are passed over. One that is none keeps the others from nothing:
 * false, the last of them in `err`, those before told on standard error. */
bool json_lines_each(struct slice text, const char *member, json_lines_fn *fn,
                     void *context, struct error *err);

/* The value in a line; takes the reference. */
void json_lines_print(struct print *out, json_t *take_value);

#endif
