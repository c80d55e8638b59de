/* SPDX-License-Identifier: MIT */
/*
 * stats_report - what the ledger says of some days, in rows, and as JSON.
 *
 * Pure. Names come from a file: whoever prints filters them.
 */
#ifndef APP_STATS_REPORT_H
#define APP_STATS_REPORT_H

#include <jansson.h>

#include "app/saving.h"
#include "base/buf.h"
#include "store/ledger_row.h"

/* What rows are told apart by; static. NULL past the last. */
struct stats_way {
    const char *name; /* "day": of --by, and the field in JSON */
    const char *head;
    unsigned by; /* enum ledger_by */
};
const struct stats_way *stats_way(size_t index);

/* NULL (ERROR_USAGE): there is none of that name. */
const struct stats_way *stats_way_find(const char *name, struct error *err);

struct stats_report {
    const struct ledger_rows *rows;
    int32_t first, last;         /* days: 20261128 */
    const struct stats_way *way; /* NULL: by day, and by profile if there are */
    struct saving saving;
};

/* By what times to the first token are told apart. */
enum {
    STATS_BY_RUNG =
        LEDGER_BY_RUNG | LEDGER_BY_ENDPOINT | LEDGER_BY_MODEL | LEDGER_BY_TRUST
};

/* Call fn for each group of rows, with the answers of one's own servers in it. */
typedef void stats_row_fn(void *context, const struct ledger_row *row,
                          int64_t own_answers);
void stats_each_row(const struct stats_report *report, unsigned by,
                    stats_row_fn *fn, void *context);

double stats_dollars(const struct ledger_sum *sum);
void stats_append_day(struct buf *out, int32_t day); /* "2026-11-28" */

/* One object. */
json_t *stats_report_json(const struct stats_report *report);

/* Append each row of the ledger as an object on a line. */
void stats_report_lines(const struct stats_report *report, struct buf *out);

#endif
