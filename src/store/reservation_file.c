/* SPDX-License-Identifier: MIT */
#include "store/reservation_file.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/memory.h"
#include "store/ledger_file.h"
#include "store/owner.h"

/* No answer takes longer: as limits.deadline at the most. */
#define LONGEST_MS ((int64_t)24 * 60 * 60 * 1000)

struct names {
    ARRAY_OF(char *) list;
};

static bool make_table(struct db *db, struct error *err)
{
    return db_run(db,
                  "CREATE TABLE IF NOT EXISTS reserved("
                  "owner TEXT, id INTEGER, at INTEGER NOT NULL, "
                  "worst INTEGER NOT NULL, PRIMARY KEY(owner, id)) "
                  "WITHOUT ROWID",
                  err);
}

static bool find_gone(struct db *db, struct names *gone, struct error *err)
{
    enum db_step step = DB_FAILED;
    struct db_query *query =
        db_prepare(db, "SELECT DISTINCT owner FROM reserved", err);
    while (query && (step = db_step(query, err)) == DB_ROW) {
        struct slice owner = db_column_bytes(query, 0);
        char *note = memory_copy(owner.ptr, owner.len);
        if (owner_is_gone(note))
            *array_add(&gone->list) = note;
        else
            free(note);
    }
    db_query_free(query);
    return step == DB_DONE;
}

/* Of one owner, or of all what is too old. */
static bool drop_where(struct db *db, const char *sql, const char *owner,
                       int64_t number, struct error *err)
{
    struct db_query *query = db_prepare(db, sql, err);
    if (!query)
        return false;
    db_bind_number(query, 1, number);
    if (owner)
        db_bind_text(query, 2, slice_of(owner));
    bool ok = db_do(query, err);
    db_query_free(query);
    return ok;
}

static bool drop_gone(struct db *db, int64_t now, struct error *err)
{
    struct names gone = { 0 };
    bool ok = drop_where(db, "DELETE FROM reserved WHERE at < ?1", NULL,
                         now - LONGEST_MS, err) &&
              find_gone(db, &gone, err);
    for (size_t i = 0; i < gone.list.count; i++) {
        ok = ok && drop_where(db,
                              "DELETE FROM reserved WHERE at > ?1 AND "
                              "owner = ?2",
                              gone.list.items[i], INT64_MIN, err);
        free(gone.list.items[i]);
    }
    array_clear(&gone.list);
    return ok;
}

static bool insert(struct db *db, const struct reservation_claim *claim,
                   bool *fits, struct error *err)
{
    int64_t count = 0;
    struct db_query *query = db_prepare(
        db,
        "INSERT OR REPLACE INTO reserved SELECT ?1, ?2, ?3, ?4 WHERE ?5 < 0 OR "
        "(SELECT coalesce(sum(cost), 0) FROM usage WHERE day = ?6) + "
        "(SELECT coalesce(sum(worst), 0) FROM reserved) + ?4 <= ?5",
        err);
    if (!query)
        return false;
    db_bind_text(query, 1, slice_of(claim->owner));
    db_bind_number(query, 2, claim->id);
    db_bind_number(query, 3, claim->now);
    db_bind_number(query, 4, claim->worst);
    db_bind_number(query, 5, claim->limit);
    db_bind_number(query, 6, claim->day);
    bool ok =
        db_do(query, err) && db_number(db, "SELECT changes()", &count, err);
    db_query_free(query);
    *fits = count > 0;
    return ok;
}

bool reservation_file_take(struct db *db, const struct reservation_claim *claim,
                           bool *fits, struct error *err)
{
    bool ok = db_run(db, "BEGIN IMMEDIATE", err) && ledger_file_make(db, err) &&
              make_table(db, err) && drop_gone(db, claim->now, err) &&
              insert(db, claim, fits, err) && db_run(db, "COMMIT", err);
    if (!ok)
        db_rollback(db);
    return ok;
}

bool reservation_file_drop(struct db *db, const char *owner, uint32_t id,
                           struct error *err)
{
    return make_table(db, err) &&
           drop_where(db, "DELETE FROM reserved WHERE id = ?1 AND owner = ?2",
                      owner, id, err);
}

static bool add_up(struct db_query *query, int64_t *sum, struct error *err)
{
    enum db_step step;
    while ((step = db_step(query, err)) == DB_ROW) {
        struct slice owner = db_column_bytes(query, 0);
        char *note = memory_copy(owner.ptr, owner.len);
        if (!owner_is_gone(note))
            *sum += db_column_number(query, 1);
        free(note);
    }
    return step == DB_DONE;
}

bool reservation_file_others(struct db *db, const char *owner, int64_t now,
                             int64_t *sum, struct error *err)
{
    int64_t has = 0;
    *sum = 0;
    if (!db_number(db,
                   "SELECT count(*) FROM sqlite_master "
                   "WHERE type='table' AND name='reserved'",
                   &has, err))
        return false;
    if (!has)
        return true;
    struct db_query *query =
        db_prepare(db,
                   "SELECT owner, sum(worst) FROM reserved "
                   "WHERE owner <> ?1 AND at >= ?2 GROUP BY owner",
                   err);
    if (!query)
        return false;
    db_bind_text(query, 1, slice_of(owner));
    db_bind_number(query, 2, now - LONGEST_MS);
    bool ok = add_up(query, sum, err);
    db_query_free(query);
    return ok;
}
