/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"

enum { DATE_MAX = 64, SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

/* "Z", "+02:00"; nothing else may follow. */
static bool parse_offset(const char *text, int64_t *offset_ms)
{
    unsigned hours = 0, minutes = 0;
    int len = 0;
    *offset_ms = 0;
    if (!strcmp(text, "Z") || !strcmp(text, "z"))
        return true;
    if (*text != '+' && *text != '-')
        return false;
    if (sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &len) != 2 ||
        text[1 + len] || hours > 23 || minutes > 59)
        return false;
    *offset_ms = (int64_t)(hours * 60 + minutes) * MINUTE_MS;
    if (*text == '-')
        *offset_ms = -*offset_ms;
    return true;
}

/* ".25" is 250; digits behind the third are of no use. */
static const char *parse_fraction(const char *text, int64_t *ms)
{
    int64_t unit = SECOND_MS / 10;
    *ms = 0;
    if (*text != '.')
        return text;
    for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
        *ms += (*text - '0') * unit;
    return text;
}

/* The locale of times is always C (main sets LC_CTYPE only). */
bool date_parse(struct slice text, int64_t *unix_ms)
{
    char word[DATE_MAX];
    struct tm parts = { 0 };
    int64_t fraction_ms, offset_ms;
    text = slice_trim(text);
    if (text.len >= sizeof word)
        return false;
    snprintf(word, sizeof word, "%.*s", SLICE_ARG(text));
    const char *end = strptime(word, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end && !*end) {
        *unix_ms = (int64_t)timegm(&parts) * SECOND_MS;
        return true;
    }
    parts = (struct tm){ 0 };
    end = strptime(word, "%Y-%m-%dT%H:%M:%S", &parts);
    if (!end || !parse_offset(parse_fraction(end, &fraction_ms), &offset_ms))
        return false;
    *unix_ms = (int64_t)timegm(&parts) * SECOND_MS + fraction_ms - offset_ms;
    return true;
}

void date_append(struct buf *out, int64_t unix_s)
{
    char words[32];
    struct tm tm;
    time_t seconds = (time_t)unix_s;
    if (gmtime_r(&seconds, &tm) &&
        strftime(words, sizeof words, "%Y-%m-%dT%H:%M:%SZ", &tm))
        buf_append_string(out, words);
}
