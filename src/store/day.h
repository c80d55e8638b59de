/* SPDX-License-Identifier: MIT */
/*
 * day - a time as people write it in a search: a day, or so long ago.
 *
 * "2026-11-01", "2026-11", "2026", "today", "yesterday" are days (months,
 * years) of the local calendar; "3d", "2w", "12h", "6m" (months), "1y" are so
 * long before now.
 */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Unix ms; of what is so long ago both are the same moment. */
struct day {
    int64_t begin, end; /* `end` is the last millisecond */
};

/* False (ERROR_USAGE): it is none; the sentence says what would be, with the
 * nearest word. */
bool day_parse(struct slice text, int64_t now_ms, struct day *day,
               struct error *err);

#endif
