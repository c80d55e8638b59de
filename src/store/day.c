/* SPDX-License-Identifier: MIT */
#include "store/day.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "base/nearest.h"

enum {
    DIGITS_MAX = 5, /* of a count */
    YEAR_MIN = 1970,
    YEAR_MAX = 9999,
};

static const char *const words[] = { "today", "yesterday" };

static struct tm local(int64_t unix_ms)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm calendar = { 0 };
    localtime_r(&seconds, &calendar);
    calendar.tm_isdst = -1;
    return calendar;
}

/* mktime() carries what is too large over. */
static int64_t unix_ms(struct tm calendar)
{
    calendar.tm_isdst = -1;
    return (int64_t)mktime(&calendar) * 1000;
}

/* From one midnight to another. */
static void span(struct day *day, struct tm first, struct tm behind)
{
    day->begin = unix_ms(first);
    day->end = unix_ms(behind) - 1;
}

static struct tm midnight(int64_t now_ms, int days)
{
    struct tm calendar = local(now_ms);
    calendar.tm_hour = calendar.tm_min = calendar.tm_sec = 0;
    calendar.tm_mday += days;
    return calendar;
}

/* Digits at the start, at most `max` of them; -1: none, or more. */
static int take_number(struct slice *text, size_t max)
{
    int number = 0;
    size_t len = 0;
    while (len < text->len && isdigit((unsigned char)text->ptr[len]) &&
           len <= max)
        number = number * 10 + (text->ptr[len++] - '0');
    *text = slice_skip(*text, len);
    return len && len <= max ? number : -1;
}

static bool take_dash(struct slice *text)
{
    bool is_there = text->len && *text->ptr == '-';
    *text = slice_skip(*text, is_there);
    return is_there;
}

static int days_of(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static bool parse_date(struct slice text, struct day *day)
{
    bool has_month, has_date;
    int year = take_number(&text, 4), month = 1, date = 1;
    if ((has_month = take_dash(&text)))
        month = take_number(&text, 2);
    if ((has_date = has_month && take_dash(&text)))
        date = take_number(&text, 2);
    if (text.len || year < YEAR_MIN || year > YEAR_MAX || month < 1 ||
        month > 12 || date < 1 || date > days_of(year, month))
        return false;
    struct tm first = { .tm_year = year - 1900,
                        .tm_mon = month - 1,
                        .tm_mday = date };
    struct tm behind = first;
    behind.tm_year += !has_month;
    behind.tm_mon += has_month && !has_date;
    behind.tm_mday += has_date;
    span(day, first, behind);
    return true;
}

static bool parse_age(struct slice text, int64_t now_ms, struct day *day)
{
    struct tm calendar = local(now_ms);
    int count = take_number(&text, DIGITS_MAX);
    if (count < 0 || text.len != 1)
        return false;
    switch (*text.ptr) {
    case 'h':
        day->begin = day->end = now_ms - (int64_t)count * 3600 * 1000;
        return true;
    case 'd': calendar.tm_mday -= count; break;
    case 'w': calendar.tm_mday -= count * 7; break;
    case 'm': calendar.tm_mon -= count; break;
    case 'y': calendar.tm_year -= count; break;
    default: return false;
    }
    day->begin = day->end = unix_ms(calendar);
    return true;
}

static bool parse_word(const char *word, int64_t now_ms, struct day *day)
{
    for (int i = 0; i < (int)COUNTOF(words); i++) {
        if (strcmp(word, words[i]) != 0)
            continue;
        span(day, midnight(now_ms, -i), midnight(now_ms, 1 - i));
        return true;
    }
    return false;
}

static bool refuse(const char *word, struct error *err)
{
    const char *near = nearest_name(word, words, COUNTOF(words));
    if (near)
        return error_set(err, ERROR_USAGE, "\"%s\" is no day; did you mean %s?",
                         word, near);
    return error_set(err, ERROR_USAGE,
                     "\"%s\" is no day; write 2026-11-01, 2026-11, today, "
                     "yesterday, or so long ago: 12h, 3d, 2w, 6m, 1y",
                     word);
}

bool day_parse(struct slice text, int64_t now_ms, struct day *day,
               struct error *err)
{
    char word[32] = "";
    for (size_t i = 0; i < text.len && i < sizeof word - 1; i++)
        word[i] = (char)tolower((unsigned char)text.ptr[i]);
    struct slice lower = slice_of(word);
    return (text.len < sizeof word &&
            (parse_word(word, now_ms, day) || parse_date(lower, day) ||
             parse_age(lower, now_ms, day))) ||
           refuse(word, err);
}
