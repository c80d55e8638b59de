/* SPDX-License-Identifier: MIT */
/*
 * date - points in time as servers write them. Pure.
 *
 * RFC 3339 ("2026-11-28T14:02:00.5Z", with or without an offset) and the one
 * form of HTTP that may still be sent ("Sat, 28 Nov 2026 14:02:00 GMT", RFC
 * 9110, 5.6.7).
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct buf;

/* Append a time in Unix seconds as RFC 3339 has it: "2026-11-28T14:02:00Z";
 * nothing if no calendar has it. */
void date_append(struct buf *out, int64_t unix_s);

/* In Unix milliseconds. False if the text is neither form. */
bool date_parse(struct slice text, int64_t *unix_ms);

#endif
