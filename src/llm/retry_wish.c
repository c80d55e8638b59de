/* SPDX-License-Identifier: MIT */
#include "llm/retry_wish.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/date.h"

enum { SECOND_MS = 1000 };

/* A wait of more is not one that a number need hold. */
static const double LONGEST_MS = 1e12;

/* A plain positive number, scaled to milliseconds; 0: it is none. */
static int64_t positive_ms(const char *value, double unit_ms)
{
    char *end;
    double ms = strtod(value, &end) * unit_ms;
    if (end == value || *end || !isfinite(ms) || ms <= 0)
        return 0;
    return ms < LONGEST_MS ? (int64_t)ceil(ms) : (int64_t)LONGEST_MS;
}

/* A date that has passed says nothing. */
static int64_t after_ms(const char *value, int64_t wall_ms)
{
    int64_t at;
    if (!date_parse(slice_of(value), &at))
        return positive_ms(value, SECOND_MS);
    return at > wall_ms ? at - wall_ms : 0;
}

void retry_wish_take(struct retry_wish *wish, const char *name,
                     const char *value, int64_t wall_ms)
{
    if (!strcasecmp(name, "x-should-retry")) {
        wish->wants = !strcasecmp(value, "true");
        wish->refuses = !strcasecmp(value, "false");
    } else if (!strcasecmp(name, "retry-after-ms")) {
        int64_t ms = positive_ms(value, 1);
        wish->is_exact = ms > 0;
        if (ms)
            wish->after_ms = ms;
    } else if (!strcasecmp(name, "retry-after") && !wish->is_exact) {
        wish->after_ms = after_ms(value, wall_ms);
    }
}
