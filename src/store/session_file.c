/* SPDX-License-Identifier: MIT */
#include "store/session_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/migration.h"
#include "store/session_lock.h"

/* A file may say anything: more than so many events in a row are not lost. */
enum { LOST_MAX = 10 * 1000 * 1000 };

struct session_file {
    struct db *db;
    struct db_query *insert;
    struct session_lock *lock; /* NULL: read only */
    char *path;
    struct stat identity;
    bool has_failed; /* a page could not be read */
    bool is_new;     /* the transaction that makes it is open */
    bool is_void;    /* it was taken back */
};

static const char *const steps[] = {
    "CREATE TABLE batch(first_seq INTEGER PRIMARY KEY, "
    "last_seq INTEGER NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL)",
};

static const struct migration migration = {
    .application_id = 0x736e6e74, /* "snnt" */
    .what = "a session of sennit",
    .steps = steps,
    .step_count = COUNTOF(steps),
};

static int64_t sum_of(struct slice bytes)
{
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < bytes.len; i++)
        sum = (sum ^ (unsigned char)bytes.ptr[i]) * 1099511628211u;
    return (int64_t)sum;
}

/* One table and nothing else: a view would be run when it is read. */
static bool has_table(struct db *db, struct error *err)
{
    int64_t tables, others;
    if (!db_number(db,
                   "SELECT count(*) FROM sqlite_master WHERE type = 'table' "
                   "AND name = 'batch'",
                   &tables, err) ||
        !db_number(db,
                   "SELECT count(*) FROM sqlite_master WHERE type IN "
                   "('view', 'trigger')",
                   &others, err))
        return false;
    return (tables == 1 && others == 0) ||
           error_set(err, ERROR_SYSTEM,
                     "it holds no session, or more than "
                     "one needs");
}

static enum session_file_result open_db(struct session_file *file,
                                        struct session_opening *opening,
                                        struct error *err)
{
    bool writes = opening->mode != SESSION_FILE_READ;
    file->db = db_open(opening->path, writes ? DB_WRITE : DB_READ,
                       &opening->fault, err);
    if (!file->db)
        return SESSION_FILE_FAILED;
    enum migration_result result =
        !writes ? migration_check(file->db, &migration, err)
        : opening->mode == SESSION_FILE_MAKE
            ? migration_begin(file->db, opening->path, &migration, err)
            : migration_run(file->db, opening->path, &migration, err);
    file->is_new = db_is_in_transaction(file->db);
    opening->fault = db_fault(file->db);
    if (result == MIGRATION_FOREIGN)
        opening->fault = DB_DAMAGED;
    if (result == MIGRATION_NEWER && !writes)
        return SESSION_FILE_OPEN;
    if (result != MIGRATION_CURRENT) {
        /* What SQLite says names it already. */
        if (result != MIGRATION_FAILED)
            error_context(err, "%s", opening->path);
        return result == MIGRATION_NEWER   ? SESSION_FILE_NEWER
               : result == MIGRATION_EMPTY ? SESSION_FILE_ABSENT
                                           : SESSION_FILE_FAILED;
    }
    if (has_table(file->db, err))
        return SESSION_FILE_OPEN;
    opening->fault = DB_DAMAGED;
    error_context(err, "%s", opening->path);
    return SESSION_FILE_FAILED;
}

static enum session_file_result prepare(struct session_file *file,
                                        struct session_opening *opening,
                                        struct error *err)
{
    enum session_file_result result = open_db(file, opening, err);
    if (result != SESSION_FILE_OPEN || opening->mode == SESSION_FILE_READ)
        return result;
    file->insert = db_prepare(
        file->db, "INSERT OR REPLACE INTO batch VALUES(?1, ?2, ?3, ?4)", err);
    opening->fault = db_fault(file->db);
    bool ok = file->insert && stat(file->path, &file->identity) == 0;
    return ok ? SESSION_FILE_OPEN : SESSION_FILE_FAILED;
}

static enum session_file_result take_lock(struct session_file *file,
                                          struct session_opening *opening,
                                          struct error *err)
{
    switch (session_lock_take(opening->path, LOCK_AS_FITS, &file->lock,
                              &opening->was_left, err)) {
    case LOCK_TAKEN: return SESSION_FILE_OPEN;
    case LOCK_HELD: return SESSION_FILE_HELD;
    case LOCK_FAILED: break;
    }
    opening->fault = db_fault_of_errno(errno);
    return SESSION_FILE_FAILED;
}

enum session_file_result session_file_open(struct session_opening *opening,
                                           struct session_file **file,
                                           struct error *err)
{
    enum session_file_result result = SESSION_FILE_OPEN;
    *file = NULL;
    if (opening->mode != SESSION_FILE_MAKE && access(opening->path, F_OK) < 0 &&
        errno == ENOENT) {
        error_set(err, ERROR_USAGE, "there is no session %s", opening->path);
        return SESSION_FILE_ABSENT;
    }
    struct session_file *opened = memory_zero(1, sizeof *opened);
    opened->path = memory_string(opening->path);
    if (opening->mode != SESSION_FILE_READ)
        result = take_lock(opened, opening, err);
    if (result == SESSION_FILE_OPEN)
        result = prepare(opened, opening, err);
    if (result == SESSION_FILE_OPEN)
        *file = opened;
    else
        session_file_close(opened);
    return result;
}

void session_file_close(struct session_file *file)
{
    if (!file)
        return;
    db_query_free(file->insert);
    db_close(file->db);
    session_lock_free(file->lock);
    free(file->path);
    free(file);
}

struct reading {
    session_batch_fn *fn;
    void *context;
    uint64_t next, lost;
};

static void lose_until(struct reading *reading, uint64_t first)
{
    if (first <= reading->next)
        return;
    reading->lost += first - reading->next;
    reading->fn(reading->context, reading->next, first - 1,
                (struct slice){ 0 });
    reading->next = first;
}

/* An event has more bytes than one. */
static void take_row(struct reading *reading, struct db_query *query)
{
    uint64_t first = (uint64_t)db_column_number(query, 0);
    uint64_t last = (uint64_t)db_column_number(query, 1);
    struct slice bytes = db_column_bytes(query, 3);
    if (first < reading->next || last < first ||
        first - reading->next > LOST_MAX || last - first >= bytes.len ||
        db_column_number(query, 2) != sum_of(bytes))
        return; /* what follows shows what is lost */
    lose_until(reading, first);
    reading->fn(reading->context, first, last, bytes);
    reading->next = last + 1;
}

/* The rows that can be read, from one on; false: a page is broken. */
static bool read_rows(struct db_query *query, uint64_t from,
                      struct reading *reading)
{
    struct error err;
    enum db_step step;
    db_bind_number(query, 1, (int64_t)from);
    while ((step = db_step(query, &err)) == DB_ROW)
        take_row(reading, query);
    return step == DB_DONE;
}

/* Behind a broken page: which row is the first that can be had again. */
static uint64_t find_readable(struct db *db, uint64_t after)
{
    struct error err;
    uint64_t first = 0;
    struct db_query *query = db_prepare(
        db,
        "SELECT first_seq, length(bytes) FROM batch ORDER BY first_seq DESC",
        &err);
    while (query && db_step(query, &err) == DB_ROW) {
        uint64_t seq = (uint64_t)db_column_number(query, 0);
        if (seq <= after)
            break;
        first = seq;
    }
    db_query_free(query);
    return first;
}

uint64_t session_file_read(struct session_file *file, session_batch_fn *fn,
                           void *context)
{
    struct error err;
    struct reading reading = { fn, context, 1, 0 };
    struct db_query *query =
        db_prepare(file->db,
                   "SELECT first_seq, last_seq, sum, bytes FROM batch "
                   "WHERE first_seq >= ?1 ORDER BY first_seq",
                   &err);
    file->has_failed = !query;
    if (!query)
        return 0;
    if (!read_rows(query, 0, &reading)) {
        file->has_failed = true;
        uint64_t further = find_readable(file->db, reading.next);
        if (further)
            read_rows(query, further, &reading);
    }
    db_query_free(query);
    /* A last batch that is broken is lost too. */
    int64_t last;
    bool is_known =
        db_number(file->db, "SELECT ifnull(max(last_seq), 0) FROM batch", &last,
                  &err) &&
        last >= 0 && (uint64_t)last < reading.next + LOST_MAX;
    if (is_known && last > 0)
        lose_until(&reading, (uint64_t)last + 1);
    file->has_failed |= !is_known;
    return reading.lost;
}

bool session_file_has_failed(const struct session_file *file)
{
    return file->has_failed;
}

bool session_file_is_sound(struct session_file *file)
{
    struct error err;
    struct db_query *query =
        db_prepare(file->db, "PRAGMA quick_check(1)", &err);
    bool is_sound = query && db_step(query, &err) == DB_ROW &&
                    slice_is(db_column_bytes(query, 0), "ok");
    db_query_free(query);
    return is_sound;
}

static bool finish(struct session_file *file, bool ok, enum db_fault *fault)
{
    if (!ok) {
        *fault = db_fault(file->db);
        db_rollback(file->db);
        file->is_void = file->is_new;
    }
    return ok;
}

bool session_file_append(struct session_file *file, uint64_t first,
                         uint64_t last, struct slice bytes,
                         enum db_fault *fault, struct error *err)
{
    db_bind_number(file->insert, 1, (int64_t)first);
    db_bind_number(file->insert, 2, (int64_t)last);
    db_bind_number(file->insert, 3, sum_of(bytes));
    db_bind_bytes(file->insert, 4, bytes);
    return finish(file, db_do(file->insert, err), fault);
}

bool session_file_begin_anew(struct session_file *file, enum db_fault *fault,
                             struct error *err)
{
    bool ok = file->is_new || db_run(file->db, "BEGIN IMMEDIATE", err);
    return finish(file, ok && db_run(file->db, "DELETE FROM batch", err),
                  fault);
}

bool session_file_commit(struct session_file *file, enum db_fault *fault,
                         struct error *err)
{
    bool ok =
        !db_is_in_transaction(file->db) || db_run(file->db, "COMMIT", err);
    ok = finish(file, ok, fault);
    file->is_new &= !ok;
    return ok;
}

bool session_file_is_void(const struct session_file *file)
{
    return file->is_void;
}

bool session_file_is_there(const struct session_file *file)
{
    struct stat now;
    return stat(file->path, &now) == 0 && now.st_ino == file->identity.st_ino &&
           now.st_dev == file->identity.st_dev;
}

bool session_file_renew(struct session_file *file)
{
    return !file->lock || session_lock_renew(file->lock);
}

bool session_file_has_lease(const struct session_file *file)
{
    return file->lock && session_lock_is_lease(file->lock);
}

/* What SQLite leaves beside a file belongs to it. */
bool session_file_put_aside(const char *path, struct buf *aside,
                            struct error *err)
{
    struct buf from = { 0 }, to = { 0 };
    buf_printf(aside, "%s.damaged-%" PRId64, path, clock_wall_ms() / 1000);
    buf_printf(&from, "%s-journal", path);
    buf_printf(&to, "%s-journal", buf_string(aside));
    bool ok =
        rename(path, buf_string(aside)) == 0 || error_system(err, "%s", path);
    if (ok)
        rename(buf_string(&from), buf_string(&to));
    buf_clear(&from);
    buf_clear(&to);
    return ok;
}
