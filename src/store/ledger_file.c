/* SPDX-License-Identifier: MIT */
#include "store/ledger_file.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/memory.h"

static const char *const figures[LEDGER_FIGURES] = {
    [LEDGER_ANSWERS] = "answers",         [LEDGER_FAILURES] = "failures",
    [LEDGER_STOPPED] = "stopped",         [LEDGER_FALLBACKS] = "fallbacks",
    [LEDGER_ESCALATIONS] = "escalations", [LEDGER_INPUT] = "input",
    [LEDGER_OUTPUT] = "output",           [LEDGER_CACHED] = "cached",
    [LEDGER_REASONING] = "reasoning",     [LEDGER_ESTIMATED] = "estimated",
    [LEDGER_UNPRICED] = "unpriced",       [LEDGER_COST] = "cost",
};

static const char keys[] = "day, profile, endpoint, model, vendor, rung";

enum { KEYS = 6, SUMS = LEDGER_FIGURES + LEDGER_TIMES, NAME_SIZE = 16 };

static const char *sum_name(int i, char name[NAME_SIZE])
{
    if (i < LEDGER_FIGURES)
        return figures[i];
    snprintf(name, NAME_SIZE, "time%d", i - LEDGER_FIGURES);
    return name;
}

bool ledger_file_make(struct db *db, struct error *err)
{
    struct buf sql = { 0 };
    char name[NAME_SIZE];
    buf_append_string(&sql, "CREATE TABLE IF NOT EXISTS usage("
                            "day INTEGER, profile TEXT, endpoint TEXT, "
                            "model TEXT, vendor INTEGER, rung INTEGER, ");
    for (int i = 0; i < SUMS; i++)
        buf_printf(&sql, "%s INTEGER NOT NULL, ", sum_name(i, name));
    buf_printf(&sql, "PRIMARY KEY(%s)) WITHOUT ROWID", keys);
    bool ok = db_run(db, buf_string(&sql), err);
    buf_clear(&sql);
    return ok;
}

static struct db_query *prepare_add(struct db *db, struct error *err)
{
    struct buf sql = { 0 };
    char name[NAME_SIZE];
    buf_printf(&sql, "INSERT INTO usage VALUES(?1");
    for (int i = 1; i < KEYS + SUMS; i++)
        buf_printf(&sql, ", ?%d", i + 1);
    buf_printf(&sql, ") ON CONFLICT(%s) DO UPDATE SET ", keys);
    for (int i = 0; i < SUMS; i++) {
        buf_printf(&sql, "%s%s = %s + excluded.%s", i ? ", " : "",
                   sum_name(i, name), sum_name(i, name), sum_name(i, name));
    }
    struct db_query *query = db_prepare(db, buf_string(&sql), err);
    buf_clear(&sql);
    return query;
}

static int64_t *sum_at(struct ledger_sum *sum, int i)
{
    return i < LEDGER_FIGURES ? &sum->figures[i]
                              : &sum->times[i - LEDGER_FIGURES];
}

static bool add(struct db_query *query, struct ledger_row *row,
                struct error *err)
{
    db_bind_number(query, 1, row->day);
    db_bind_text(query, 2, slice_of(row->profile));
    db_bind_text(query, 3, slice_of(row->endpoint));
    db_bind_text(query, 4, slice_of(row->model));
    db_bind_number(query, 5, row->is_vendor);
    db_bind_number(query, 6, row->rung);
    for (int i = 0; i < SUMS; i++)
        db_bind_number(query, KEYS + 1 + i, *sum_at(&row->sum, i));
    return db_do(query, err);
}

static bool drop_oldest(struct db *db, struct error *err)
{
    struct db_query *query = db_prepare(
        db,
        "DELETE FROM usage WHERE day <= "
        "(SELECT day FROM usage ORDER BY day DESC LIMIT 1 OFFSET ?1)",
        err);
    if (!query)
        return false;
    db_bind_number(query, 1, LEDGER_ROWS_MAX);
    bool ok = db_do(query, err);
    db_query_free(query);
    return ok;
}

/* To count all rows is long: once a day is enough. */
static bool begins_day(struct db *db, int32_t day, bool *begins,
                       struct error *err)
{
    char sql[80];
    int64_t has_rows = 0;
    snprintf(sql, sizeof sql, "SELECT EXISTS(SELECT 1 FROM usage WHERE day=%d)",
             (int)day);
    bool ok = db_number(db, sql, &has_rows, err);
    *begins = !has_rows;
    return ok;
}

static bool add_all(struct db *db, const struct ledger_rows *rows,
                    struct error *err)
{
    bool ok = true, begins = false;
    struct db_query *query = prepare_add(db, err);
    for (size_t i = 0; query && ok && i < rows->list.count; i++) {
        struct ledger_row *row = &rows->list.items[i];
        ok = begins_day(db, row->day, &begins, err) && add(query, row, err) &&
             (!begins || drop_oldest(db, err));
    }
    db_query_free(query);
    return query && ok;
}

bool ledger_file_add(struct db *db, const struct ledger_rows *rows,
                     struct error *err)
{
    return ledger_file_make(db, err) && add_all(db, rows, err);
}

static void take(struct db_query *query, struct ledger_rows *rows)
{
    struct slice profile = db_column_bytes(query, 1);
    struct slice endpoint = db_column_bytes(query, 2);
    struct slice model = db_column_bytes(query, 3);
    struct ledger_row row = {
        .day = (int32_t)db_column_number(query, 0),
        .profile = memory_copy(profile.ptr, profile.len),
        .endpoint = memory_copy(endpoint.ptr, endpoint.len),
        .model = memory_copy(model.ptr, model.len),
        .is_vendor = db_column_number(query, 4) != 0,
        .rung = (int32_t)db_column_number(query, 5),
    };
    for (int i = 0; i < SUMS; i++)
        *sum_at(&row.sum, i) = db_column_number(query, KEYS + i);
    *array_add(&rows->list) = row;
}

static bool has_table(struct db *db, bool *has, struct error *err)
{
    int64_t count = 0;
    bool ok = db_number(db,
                        "SELECT count(*) FROM sqlite_master "
                        "WHERE type='table' AND name='usage'",
                        &count, err);
    *has = count > 0;
    return ok;
}

bool ledger_file_read(struct db *db, int32_t first, int32_t last,
                      struct ledger_rows *rows, struct error *err)
{
    bool has = false;
    enum db_step step = DB_FAILED;
    if (!has_table(db, &has, err))
        return false;
    if (!has)
        return true;
    struct db_query *query =
        db_prepare(db,
                   "SELECT * FROM usage WHERE day BETWEEN ?1 AND ?2 "
                   "ORDER BY day, profile, endpoint, model, vendor, rung",
                   err);
    if (query) {
        db_bind_number(query, 1, first);
        db_bind_number(query, 2, last);
    }
    while (query && (step = db_step(query, err)) == DB_ROW)
        take(query, rows);
    db_query_free(query);
    return step == DB_DONE;
}
