/* SPDX-License-Identifier: MIT */
/*
 * json_repair - the pass over a JSON text that jansson refused.
 *
 * For base/json alone. Text to text, linear; what it mends is listed at
 * json_parse(), everything else stays as wrong as it was.
 */
#ifndef BASE_JSON_REPAIR_H
#define BASE_JSON_REPAIR_H

#include "base/buf.h"
#include "base/json.h"
#include "base/slice.h"

/* Append the repaired text. Members named `member` (NULL: none) give to and
 * take from the joiner. */
void json_repair(struct buf *out, struct slice text, const char *member,
                 struct json_joiner *joiner);

#endif
