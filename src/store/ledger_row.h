/* SPDX-License-Identifier: MIT */
/*
 * ledger_row - what was asked of one model on one day: how often, how much, for
 * how much money. Numbers and names only, never a text.
 *
 * Everything in it adds up, so that any rows can be one; pure.
 */
#ifndef STORE_LEDGER_ROW_H
#define STORE_LEDGER_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

enum ledger_figure {
    LEDGER_ANSWERS,     /* attempts that are complete */
    LEDGER_FAILURES,    /* that ended in an error, or cut */
    LEDGER_STOPPED,     /* that the user stopped */
    LEDGER_FALLBACKS,   /* it was asked in the place of one that failed */
    LEDGER_ESCALATIONS, /* it was asked after a doubtful answer */
    LEDGER_INPUT,       /* tokens read, cached ones included */
    LEDGER_OUTPUT,      /* tokens written, reasoning included */
    LEDGER_CACHED,      /* of the input */
    LEDGER_REASONING,   /* of the output */
    LEDGER_ESTIMATED,   /* attempts whose tokens no server counted */
    LEDGER_UNPRICED,    /* attempts that cost nobody knows what */
    LEDGER_COST,        /* billionths of a US dollar: a cached token costs some
                           tens of them */
    LEDGER_FIGURES
};

/* Times to the first token: below 8 ms, 16 ms, 32 ms, ...; the last has all
 * that took longer. */
enum { LEDGER_TIMES = 20, LEDGER_TIME_LEAST_MS = 8 };

#define LEDGER_DOLLAR ((int64_t)1000 * 1000 * 1000)

struct ledger_sum {
    int64_t figures[LEDGER_FIGURES];
    int64_t times[LEDGER_TIMES];
};

struct ledger_row {
    int32_t day;                      /* of the local calendar: 20261128 */
    char *profile, *endpoint, *model; /* profile: "" without one */
    bool is_vendor;
    int32_t rung; /* of the ladder then, from 1; 0: it stood on none */
    struct ledger_sum sum;
};

struct ledger_rows {
    ARRAY_OF(struct ledger_row) list;
};

/* By what rows stay apart. */
enum ledger_by {
    LEDGER_BY_DAY = 1,
    LEDGER_BY_PROFILE = 2,
    LEDGER_BY_ENDPOINT = 4,
    LEDGER_BY_MODEL = 8,
    LEDGER_BY_TRUST = 16,
    LEDGER_BY_RUNG = 32,
    LEDGER_BY_ALL = 63,
};

bool ledger_row_is_same(const struct ledger_row *one,
                        const struct ledger_row *other, unsigned by);

void ledger_rows_clear(struct ledger_rows *rows);

/* Add a row, whose names are copied, to the one that is equal in `by`, a sum of
 * enum ledger_by; if there is none, it becomes one, whose other names are
 * "". */
void ledger_rows_add(struct ledger_rows *rows, const struct ledger_row *row,
                     unsigned by);

/* All of `from`; what they come to in all, those of vendors and those of one's
 * own. */
void ledger_rows_group(const struct ledger_rows *from, unsigned by,
                       struct ledger_rows *rows);
struct ledger_sum ledger_rows_sum(const struct ledger_rows *rows);
struct ledger_sum ledger_rows_sum_of(const struct ledger_rows *rows,
                                     bool is_vendor);

void ledger_sum_add(struct ledger_sum *sum, const struct ledger_sum *other);
void ledger_sum_add_time(struct ledger_sum *sum, int64_t first_token_ms);

/* About how long the first token took at the most in this share of the answers
 * (.5, .9): it is right but for a factor of two. -1: no time is known. */
int64_t ledger_sum_time(const struct ledger_sum *sum, double share);

/* The day of a moment (Unix ms), and the one so many days before another. */
int32_t ledger_day(int64_t at);
int32_t ledger_day_before(int32_t day, int days);

#endif
