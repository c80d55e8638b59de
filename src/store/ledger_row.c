/* SPDX-License-Identifier: MIT */
#include "store/ledger_row.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"

static void row_clear(struct ledger_row *row)
{
    free(row->profile);
    free(row->endpoint);
    free(row->model);
}

void ledger_rows_clear(struct ledger_rows *rows)
{
    for (size_t i = 0; i < rows->list.count; i++)
        row_clear(&rows->list.items[i]);
    array_clear(&rows->list);
}

bool ledger_row_is_same(const struct ledger_row *one,
                        const struct ledger_row *two, unsigned by)
{
    return (!(by & LEDGER_BY_DAY) || one->day == two->day) &&
           (!(by & LEDGER_BY_PROFILE) || !strcmp(one->profile, two->profile)) &&
           (!(by & LEDGER_BY_ENDPOINT) ||
            !strcmp(one->endpoint, two->endpoint)) &&
           (!(by & LEDGER_BY_MODEL) || !strcmp(one->model, two->model)) &&
           (!(by & LEDGER_BY_TRUST) || one->is_vendor == two->is_vendor) &&
           (!(by & LEDGER_BY_RUNG) || one->rung == two->rung);
}

static char *name_if(bool is_kept, const char *name)
{
    return memory_string(is_kept ? name : "");
}

void ledger_rows_add(struct ledger_rows *rows, const struct ledger_row *row,
                     unsigned by)
{
    for (size_t i = 0; i < rows->list.count; i++)
        if (ledger_row_is_same(&rows->list.items[i], row, by)) {
            ledger_sum_add(&rows->list.items[i].sum, &row->sum);
            return;
        }
    *array_add(&rows->list) = (struct ledger_row){
        .day = by & LEDGER_BY_DAY ? row->day : 0,
        .profile = name_if(by & LEDGER_BY_PROFILE, row->profile),
        .endpoint = name_if(by & LEDGER_BY_ENDPOINT, row->endpoint),
        .model = name_if(by & LEDGER_BY_MODEL, row->model),
        .is_vendor = by & LEDGER_BY_TRUST && row->is_vendor,
        .rung = by & LEDGER_BY_RUNG ? row->rung : 0,
        .sum = row->sum,
    };
}

void ledger_rows_group(const struct ledger_rows *from, unsigned by,
                       struct ledger_rows *rows)
{
    for (size_t i = 0; i < from->list.count; i++)
        ledger_rows_add(rows, &from->list.items[i], by);
}

struct ledger_sum ledger_rows_sum(const struct ledger_rows *rows)
{
    struct ledger_sum sum = { 0 };
    for (size_t i = 0; i < rows->list.count; i++)
        ledger_sum_add(&sum, &rows->list.items[i].sum);
    return sum;
}

struct ledger_sum ledger_rows_sum_of(const struct ledger_rows *rows,
                                     bool is_vendor)
{
    struct ledger_sum sum = { 0 };
    for (size_t i = 0; i < rows->list.count; i++)
        if (rows->list.items[i].is_vendor == is_vendor)
            ledger_sum_add(&sum, &rows->list.items[i].sum);
    return sum;
}

/* A file that somebody has written into must not make us overflow. */
static int64_t add(int64_t one, int64_t other)
{
    int64_t sum;
    return __builtin_add_overflow(one, other, &sum) ? INT64_MAX : sum;
}

void ledger_sum_add(struct ledger_sum *sum, const struct ledger_sum *other)
{
    for (int i = 0; i < LEDGER_FIGURES; i++)
        sum->figures[i] = add(sum->figures[i], other->figures[i]);
    for (int i = 0; i < LEDGER_TIMES; i++)
        sum->times[i] = add(sum->times[i], other->times[i]);
}

/* The end of what a place holds. */
static int64_t end_of(int place)
{
    return (int64_t)LEDGER_TIME_LEAST_MS << place;
}

void ledger_sum_add_time(struct ledger_sum *sum, int64_t first_token_ms)
{
    int place = 0;
    while (place < LEDGER_TIMES - 1 && first_token_ms >= end_of(place))
        place++;
    sum->times[place]++;
}

/* Within its place a time may be anywhere: as if they lay evenly. */
int64_t ledger_sum_time(const struct ledger_sum *sum, double share)
{
    double all = 0, before = 0;
    for (int i = 0; i < LEDGER_TIMES; i++)
        all += (double)sum->times[i];
    for (int i = 0; i < LEDGER_TIMES; i++) {
        double here = (double)sum->times[i], wanted = share * all - before;
        int64_t begin = i ? end_of(i - 1) : 0;
        before += here;
        if (here > 0 && wanted <= here)
            return begin +
                   (int64_t)((double)(end_of(i) - begin) * wanted / here);
    }
    return -1;
}

static int32_t day_of(const struct tm *parts)
{
    return (parts->tm_year + 1900) * 10000 + (parts->tm_mon + 1) * 100 +
           parts->tm_mday;
}

int32_t ledger_day(int64_t at)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts = { 0 };
    return localtime_r(&seconds, &parts) ? day_of(&parts) : 0;
}

/* At noon no clock is put forward or back. */
int32_t ledger_day_before(int32_t day, int days)
{
    struct tm parts = { .tm_year = day / 10000 - 1900,
                        .tm_mon = day / 100 % 100 - 1,
                        .tm_mday = day % 100 - days,
                        .tm_hour = 12,
                        .tm_isdst = -1 };
    mktime(&parts);
    return day_of(&parts);
}
