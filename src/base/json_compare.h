/* SPDX-License-Identifier: MIT */
/*
 * json_compare - JSON values as values, not as they were written.
 *
 * 1 and 1.0 are the same number, members have no order (JSON Schema Core,
 * 4.2.2). Integers beyond 2^53 are compared exactly, with reals as well.
 *
 * What may take long counts *left down, by one for each value that it looks at
 * and for some bytes of a long one, and gives up with false when that is 0.
 */
#ifndef BASE_JSON_COMPARE_H
#define BASE_JSON_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

/* Count down for a value of so many bytes. */
void json_compare_spend(uint64_t *left, size_t len);

bool json_is_same(const json_t *a, const json_t *b, uint64_t *left);

/* Two items of an array that are the same; false if there are none. Takes time
 * linear in the array but for the sorting of hashes. */
bool json_has_twins(const json_t *array, size_t twins[2], uint64_t *left);

/* Less than, equal to or greater than 0. Both are numbers. */
int json_number_compare(const json_t *a, const json_t *b);

/* A number without a fraction: 3, 3.0, 1e300. */
bool json_is_whole(const json_t *value);

/* Whether value / divisor is whole, in decimals: 0.3 is a multiple of 0.1. The
 * divisor is above 0. */
bool json_is_multiple(const json_t *value, const json_t *divisor);

#endif
