/* SPDX-License-Identifier: MIT */
#include "llm/rate_limit.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/json.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

/* Numbers from here on are points in time: no limit lasts thirty years. */
static const double UNIX_SECONDS = 1e9;
static const double UNIX_MS = 1e12;
static const double LARGEST = 1e15;

enum aspect { LIMIT, REMAINING, RESET };

static const char *const aspects[] = {
    [LIMIT] = "limit",
    [REMAINING] = "remaining",
    [RESET] = "reset",
};

/* What stands without a name is about requests. */
static struct rate_limit *limit_of(struct rate_limits *limits,
                                   struct slice what)
{
    if (!what.len)
        what = slice_of("requests");
    for (size_t i = 0; i < limits->count; i++) {
        const char *known = limits->items[i].what;
        if (strlen(known) == what.len &&
            !strncasecmp(known, what.ptr, what.len))
            return &limits->items[i];
    }
    if (limits->count == RATE_LIMITS_MAX || what.len >= RATE_NAME_SIZE)
        return NULL;
    struct rate_limit *limit = &limits->items[limits->count++];
    *limit =
        (struct rate_limit){ .limit = -1, .remaining = -1, .reset_ms = -1 };
    /* Names of headers have no case. */
    for (size_t i = 0; i < what.len; i++)
        limit->what[i] = (char)tolower((unsigned char)what.ptr[i]);
    return limit;
}

static int64_t count_of(const char *value, double least)
{
    char *end;
    double count = strtod(value, &end);
    if (end == value || !(count >= least) || count > LARGEST)
        return -1;
    return (int64_t)count;
}

/* Go's way: "1h2m3.5s", "12ms". -1: it is none. */
static int64_t duration_ms(const char *value)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {
        { "ms", 1 }, { "h", HOUR_MS }, { "m", MINUTE_MS }, { "s", SECOND_MS }
    };
    double sum = 0;
    while (*value) {
        char *end;
        double number = strtod(value, &end);
        size_t i = 0;
        while (i < COUNTOF(units) &&
               strncmp(end, units[i].unit, strlen(units[i].unit)) != 0)
            i++;
        if (end == value || i == COUNTOF(units) || !(number >= 0))
            return -1;
        sum += number * units[i].ms;
        value = end + strlen(units[i].unit);
    }
    return sum < LARGEST ? (int64_t)ceil(sum) : -1;
}

static int64_t reset_ms(const char *value, int64_t wall_ms)
{
    char *end;
    int64_t at;
    double number = strtod(value, &end);
    if (date_parse(slice_of(value), &at)) {
        number = (double)(at - wall_ms);
    } else if (end == value || *end) {
        return duration_ms(value);
    } else if (number >= UNIX_MS) {
        number -= (double)wall_ms;
    } else if (number >= UNIX_SECONDS) {
        number = number * SECOND_MS - (double)wall_ms;
    } else {
        number *= SECOND_MS;
    }
    return number >= 0 && number < LARGEST ? (int64_t)ceil(number) : -1;
}

static void put(struct rate_limits *limits, struct slice what,
                enum aspect aspect, const char *value, int64_t wall_ms)
{
    struct rate_limit *limit = limit_of(limits, what);
    if (!limit)
        return;
    switch (aspect) {
    case LIMIT: limit->limit = count_of(value, 1); break;
    case REMAINING: limit->remaining = count_of(value, 0); break;
    case RESET: limit->reset_ms = reset_ms(value, wall_ms); break;
    }
}

/* The rest of a name that begins so; NULL: it does not. */
static const char *after(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncasecmp(name, prefix, len) ? NULL : name + len;
}

/* "limit", "limit-tokens". */
static bool take_aspect_first(struct rate_limits *limits, const char *name,
                              const char *value, int64_t wall_ms)
{
    for (size_t i = 0; i < COUNTOF(aspects); i++) {
        const char *rest = after(name, aspects[i]);
        if (!rest || (*rest && *rest != '-'))
            continue;
        put(limits, slice_of(*rest ? rest + 1 : rest), (enum aspect)i, value,
            wall_ms);
        return true;
    }
    return false;
}

/* "tokens-limit". */
static void take_aspect_last(struct rate_limits *limits, const char *name,
                             const char *value, int64_t wall_ms)
{
    const char *last = strrchr(name, '-');
    for (size_t i = 0; last && i < COUNTOF(aspects); i++) {
        if (!strcasecmp(last + 1, aspects[i]))
            put(limits, (struct slice){ name, (size_t)(last - name) },
                (enum aspect)i, value, wall_ms);
    }
}

/* "api";r=999;t=295 (draft-ietf-httpapi-ratelimit-headers). */
static void take_structured(struct rate_limits *limits, const char *value,
                            int64_t wall_ms)
{
    const char *close = *value == '"' ? strchr(value + 1, '"') : NULL;
    struct slice what = { 0 };
    if (close)
        what = (struct slice){ value + 1, (size_t)(close - value - 1) };
    for (const char *at = strchr(value, ';'); at; at = strchr(at + 1, ';')) {
        char number[24] = "";
        char name = 0;
        if (sscanf(at, "; %c=%23[0-9.]", &name, number) != 2)
            continue;
        if (name == 'r')
            put(limits, what, REMAINING, number, wall_ms);
        else if (name == 't')
            put(limits, what, RESET, number, wall_ms);
    }
}

void rate_limits_take(struct rate_limits *limits, const char *name,
                      const char *value, int64_t wall_ms)
{
    const char *rest;
    if ((rest = after(name, "anthropic-ratelimit-")))
        take_aspect_last(limits, rest, value, wall_ms);
    else if ((rest = after(name, "x-ratelimit-")) ||
             (rest = after(name, "ratelimit-")))
        take_aspect_first(limits, rest, value, wall_ms);
    else if (!strcasecmp(name, "ratelimit"))
        take_structured(limits, value, wall_ms);
}

static void append_number(struct buf *out, const char *name, int64_t number)
{
    if (number >= 0)
        buf_printf(out, ",\"%s\":%" PRId64, name, number);
}

void rate_limits_to_json(const struct rate_limits *limits, struct buf *out)
{
    buf_append_char(out, '[');
    for (size_t i = 0; i < limits->count; i++) {
        const struct rate_limit *limit = &limits->items[i];
        buf_append_string(out, i ? ",{\"what\":" : "{\"what\":");
        json_append_quoted(out, slice_of(limit->what));
        append_number(out, "limit", limit->limit);
        append_number(out, "remaining", limit->remaining);
        append_number(out, "reset_ms", limit->reset_ms);
        buf_append_char(out, '}');
    }
    buf_append_char(out, ']');
}

static int64_t member(const json_t *object, const char *name)
{
    uint64_t number;
    return json_count(object, name, &number) ? (int64_t)number : -1;
}

void rate_limits_read(struct rate_limits *limits, struct slice json)
{
    struct error ignored = { 0 };
    json_t *array = json_parse(json, &ignored);
    size_t i;
    const json_t *object;
    *limits = (struct rate_limits){ 0 };
    json_array_foreach(array, i, object)
    {
        struct rate_limit *limit = limit_of(limits, json_slice(object, "what"));
        if (!limit)
            break;
        limit->limit = member(object, "limit");
        limit->remaining = member(object, "remaining");
        limit->reset_ms = member(object, "reset_ms");
    }
    json_decref(array);
}

int64_t rate_limits_rest_ms(const struct rate_limits *limits)
{
    int64_t rest_ms = 0;
    for (size_t i = 0; i < limits->count; i++) {
        const struct rate_limit *limit = &limits->items[i];
        if (limit->remaining == 0 && limit->reset_ms > rest_ms)
            rest_ms = limit->reset_ms;
    }
    return rest_ms;
}

void rate_limit_words(const struct rate_limit *limit, struct buf *out)
{
    if (limit->remaining < 0)
        return;
    buf_printf(out, "%" PRId64, limit->remaining);
    if (limit->limit >= 0)
        buf_printf(out, " of %" PRId64, limit->limit);
    buf_printf(out, " %s left", limit->what);
    if (limit->reset_ms > 0)
        buf_printf(out, ", all again in %" PRId64 " s",
                   (limit->reset_ms + SECOND_MS - 1) / SECOND_MS);
}
