/* SPDX-License-Identifier: MIT */
#include "app/stats_report.h"

#include <string.h>

#include "base/json.h"
#include "base/nearest.h"
#include "base/utf8.h"

static const struct stats_way ways[] = {
    { "day", "DAY", LEDGER_BY_DAY },
    { "profile", "PROFILE", LEDGER_BY_PROFILE },
    { "model", "MODEL",
      LEDGER_BY_MODEL | LEDGER_BY_ENDPOINT | LEDGER_BY_TRUST },
    { "endpoint", "ENDPOINT", LEDGER_BY_ENDPOINT | LEDGER_BY_TRUST },
};

const struct stats_way *stats_way(size_t index)
{
    return index < COUNTOF(ways) ? &ways[index] : NULL;
}

const struct stats_way *stats_way_find(const char *name, struct error *err)
{
    const char *names[COUNTOF(ways)];
    for (size_t i = 0; i < COUNTOF(ways); i++) {
        names[i] = ways[i].name;
        if (!strcmp(names[i], name))
            return &ways[i];
    }
    const char *near = nearest_name(name, names, COUNTOF(ways));
    error_set(err, ERROR_USAGE,
              "--by takes day, profile, model or endpoint, not \"%s\"%s%s%s",
              name, near ? "; did you mean " : "", near ? near : "",
              near ? "?" : "");
    return NULL;
}

double stats_dollars(const struct ledger_sum *sum)
{
    return (double)sum->figures[LEDGER_COST] / (double)LEDGER_DOLLAR;
}

void stats_append_day(struct buf *out, int32_t day)
{
    buf_printf(out, "%04d-%02d-%02d", (int)day / 10000, (int)day / 100 % 100,
               (int)day % 100);
}

void stats_each_row(const struct stats_report *report, unsigned by,
                    stats_row_fn *fn, void *context)
{
    struct ledger_rows groups = { 0 };
    ledger_rows_group(report->rows, by, &groups);
    for (size_t i = 0; i < groups.list.count; i++) {
        const struct ledger_row *row = &groups.list.items[i];
        int64_t own = 0;
        for (size_t j = 0; j < report->rows->list.count; j++) {
            const struct ledger_row *part = &report->rows->list.items[j];
            if (!part->is_vendor && ledger_row_is_same(part, row, by))
                own += part->sum.figures[LEDGER_ANSWERS];
        }
        fn(context, row, own);
    }
    ledger_rows_clear(&groups);
}

/* JSON. */

static json_t *text_json(const char *text)
{
    struct buf valid = { 0 };
    utf8_append_valid(&valid, slice_of(text));
    json_t *json = json_string(buf_string(&valid));
    buf_clear(&valid);
    return json;
}

static json_t *day_json(int32_t day)
{
    struct buf words = { 0 };
    stats_append_day(&words, day);
    json_t *json = text_json(buf_string(&words));
    buf_clear(&words);
    return json;
}

static json_t *times_json(const struct ledger_sum *sum)
{
    int64_t half = ledger_sum_time(sum, .5), most = ledger_sum_time(sum, .9);
    if (half < 0)
        return json_null();
    return json_pack("{s:I, s:I}", "p50", (json_int_t)half, "p90",
                     (json_int_t)most);
}

static const struct {
    const char *name;
    enum ledger_figure figure;
} counts[] = {
    { "answers", LEDGER_ANSWERS },         { "failures", LEDGER_FAILURES },
    { "stopped", LEDGER_STOPPED },         { "fallbacks", LEDGER_FALLBACKS },
    { "escalations", LEDGER_ESCALATIONS }, { "input", LEDGER_INPUT },
    { "cached", LEDGER_CACHED },           { "output", LEDGER_OUTPUT },
    { "reasoning", LEDGER_REASONING },     { "estimated", LEDGER_ESTIMATED },
    { "unpriced", LEDGER_UNPRICED },
};

static void add_sum(json_t *object, const struct ledger_sum *sum)
{
    for (size_t i = 0; i < COUNTOF(counts); i++)
        json_object_set_new(
            object, counts[i].name,
            json_integer((json_int_t)sum->figures[counts[i].figure]));
    json_object_set_new(object, "cost", json_real(stats_dollars(sum)));
    json_object_set_new(object, "first_token_ms", times_json(sum));
}

static json_t *sum_json(const struct ledger_sum *sum)
{
    json_t *object = json_object();
    add_sum(object, sum);
    return object;
}

/* Only what rows are told apart by. */
static void add_names(json_t *object, const struct ledger_row *row, unsigned by)
{
    if (by & LEDGER_BY_DAY)
        json_object_set_new(object, "day", day_json(row->day));
    if (by & LEDGER_BY_PROFILE)
        json_object_set_new(object, "profile",
                            *row->profile ? text_json(row->profile)
                                          : json_null());
    if (by & LEDGER_BY_ENDPOINT)
        json_object_set_new(object, "endpoint", text_json(row->endpoint));
    if (by & LEDGER_BY_MODEL)
        json_object_set_new(object, "model", text_json(row->model));
    if (by & LEDGER_BY_TRUST)
        json_object_set_new(object, "trust",
                            json_string(row->is_vendor ? "vendor" : "own"));
    if (by & LEDGER_BY_RUNG)
        json_object_set_new(object, "rung",
                            row->rung ? json_integer(row->rung) : json_null());
}

static json_t *row_json(const struct ledger_row *row, unsigned by)
{
    json_t *object = json_object();
    add_names(object, row, by);
    add_sum(object, &row->sum);
    return object;
}

struct table {
    json_t *array;
    unsigned by;
};

static void add_row(void *context, const struct ledger_row *row, int64_t own)
{
    struct table *table = context;
    json_t *object = row_json(row, table->by);
    json_object_set_new(object, "own_answers", json_integer((json_int_t)own));
    json_array_append_new(table->array, object);
}

static json_t *table_json(const struct stats_report *report, unsigned by)
{
    struct table table = { json_array(), by };
    stats_each_row(report, by, add_row, &table);
    return table.array;
}

json_t *stats_report_json(const struct stats_report *report)
{
    const struct ledger_sum all = ledger_rows_sum(report->rows);
    const struct ledger_sum own = ledger_rows_sum_of(report->rows, false);
    const struct ledger_sum vendors = ledger_rows_sum_of(report->rows, true);
    json_t *object = json_object();
    json_object_set_new(object, "first", day_json(report->first));
    json_object_set_new(object, "last", day_json(report->last));
    json_object_set_new(object, "all", sum_json(&all));
    json_object_set_new(object, "own", sum_json(&own));
    json_object_set_new(object, "vendor", sum_json(&vendors));
    json_object_set_new(object, "saved", saving_json(&report->saving));
    json_object_set_new(object, "models", table_json(report, STATS_BY_RUNG));
    for (size_t i = 0; stats_way(i); i++)
        if (!report->way || report->way == stats_way(i)) {
            struct buf name = { 0 };
            buf_printf(&name, "by_%s", ways[i].name);
            json_object_set_new(object, buf_string(&name),
                                table_json(report, ways[i].by));
            buf_clear(&name);
        }
    return object;
}

void stats_report_lines(const struct stats_report *report, struct buf *out)
{
    for (size_t i = 0; i < report->rows->list.count; i++) {
        json_t *row = row_json(&report->rows->list.items[i], LEDGER_BY_ALL);
        json_append_value(out, row);
        buf_append_char(out, '\n');
        json_decref(row);
    }
}
