/* SPDX-License-Identifier: MIT */
#include "base/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/memory.h"

enum {
    BUSY_MS = 2000,
    LENGTH_MAX = 64 * 1024 * 1024, /* of one value */
};

struct db {
    sqlite3 *handle;
    char *path;
    enum db_fault fault;
};

struct db_query {
    struct db *db;
    sqlite3_stmt *statement;
    uint64_t refused; /* parameters whose value SQLite did not take, as bits */
};

const char *db_library(void)
{
    return sqlite3_libversion();
}

enum db_fault db_fault_of_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT: return DB_FULL;
    case EROFS:
    case EACCES:
    case EPERM: return DB_READ_ONLY;
    default: return DB_BROKEN;
    }
}

static enum db_fault fault_of(int code, int number)
{
    switch (code & 0xff) {
    case SQLITE_OK: return DB_FINE;
    case SQLITE_FULL: return DB_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM: return DB_READ_ONLY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DB_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return DB_DAMAGED;
    /* A quota is an error like others to SQLite, and so is a full disk that is
     * noticed as late as at a flush, as on network homes. It forgets the number
     * when a commit fails, and makes few calls after the one that did. */
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: return db_fault_of_errno(number);
    default: return DB_BROKEN;
    }
}

/* errno was 0 before the call. */
static bool fail(struct db *db, int code, struct error *err)
{
    db->fault = fault_of(code, errno);
    return error_set(err, ERROR_SYSTEM, "%s: %s", db->path,
                     db->handle && code != SQLITE_TOOBIG
                         ? sqlite3_errmsg(db->handle)
                         : sqlite3_errstr(code));
}

/* SQLite would make it as the umask says, which belongs to all threads; what it
 * makes beside the file has the file's mode. */
static bool make_file(struct db *db, const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    struct stat info;
    bool ok = fd >= 0 && fstat(fd, &info) == 0 &&
              (!(info.st_mode & 077) || fchmod(fd, 0600) == 0);
    if (!ok) {
        db->fault = db_fault_of_errno(errno);
        error_system(err, "%s", path);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Where nobody can write nobody can lock, or clear up what a crash left:
 * SQLite is told that it need not try. */
static void append_uri(struct buf *uri, const char *path)
{
    /* Behind two slashes stands a host, even if it has no name. */
    buf_append_string(uri, *path == '/' ? "file://" : "file:");
    for (const char *at = path; *at; at++) {
        if (*at == '%' || *at == '?' || *at == '#')
            buf_printf(uri, "%%%02X", (unsigned)(unsigned char)*at);
        else
            buf_append_char(uri, *at);
    }
    struct statvfs info;
    if (statvfs(path, &info) == 0 && (info.f_flag & ST_RDONLY))
        buf_append_string(uri, "?immutable=1");
}

/* Who only reads, too, must take back what a crash left half-written, if he may
 * (else SQLite opens it read-only by itself); query_only keeps him from more. */
static bool open_handle(struct db *db, enum db_mode mode, struct error *err)
{
    int flags =
        SQLITE_OPEN_READWRITE | (mode == DB_WRITE ? SQLITE_OPEN_CREATE : 0);
    struct buf uri = { 0 };
    append_uri(&uri, db->path);
    errno = 0;
    int code = sqlite3_open_v2(buf_string(&uri), &db->handle,
                               flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_EXRESCODE,
                               NULL);
    bool ok = code == SQLITE_OK || fail(db, code, err);
    buf_clear(&uri);
    if (!ok)
        return false;
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (mode == DB_READ)
        return db_run(db, "PRAGMA query_only=ON", err);
    return db_run(db,
                  "PRAGMA journal_mode=TRUNCATE;"
                  "PRAGMA synchronous=FULL;"
                  "PRAGMA cell_size_check=ON;"
                  "PRAGMA secure_delete=ON;"
                  "PRAGMA mmap_size=0",
                  err);
}

struct db *db_open(const char *path, enum db_mode mode, enum db_fault *fault,
                   struct error *err)
{
    struct db *db = memory_zero(1, sizeof *db);
    db->path = memory_string(path);
    if ((mode == DB_READ || make_file(db, path, err)) &&
        open_handle(db, mode, err))
        return db;
    if (fault)
        *fault = db->fault;
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    /* The journal that TRUNCATE leaves, empty, is taken away. */
    if (db->handle && !sqlite3_db_readonly(db->handle, "main"))
        sqlite3_exec(db->handle, "PRAGMA journal_mode=DELETE", NULL, NULL,
                     NULL);
    /* All queries were freed before (asserted). */
    int code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK);
    (void)code;
    free(db->path);
    free(db);
}

enum db_fault db_fault(const struct db *db)
{
    return db->fault;
}

bool db_run(struct db *db, const char *sql, struct error *err)
{
    errno = 0;
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || fail(db, code, err);
}

bool db_is_in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

void db_rollback(struct db *db)
{
    if (db_is_in_transaction(db))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool db_copy(struct db *db, const char *path, struct error *err)
{
    if (!make_file(db, path, err))
        return false;
    struct db_query *query = db_prepare(db, "VACUUM INTO ?1", err);
    if (query)
        db_bind_text(query, 1, slice_of(path));
    bool ok = query && db_do(query, err);
    db_query_free(query);
    return ok;
}

bool db_number(struct db *db, const char *sql, int64_t *number,
               struct error *err)
{
    struct db_query *query = db_prepare(db, sql, err);
    enum db_step step = query ? db_step(query, err) : DB_FAILED;
    if (step == DB_ROW)
        *number = db_column_number(query, 0);
    else if (step == DB_DONE)
        error_set(err, ERROR_SYSTEM, "%s: no answer to \"%s\"", db->path, sql);
    db_query_free(query);
    return step == DB_ROW;
}

struct db_query *db_prepare(struct db *db, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    errno = 0;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        fail(db, code, err);
        return NULL;
    }
    struct db_query *query = memory_zero(1, sizeof *query);
    *query = (struct db_query){ db, statement, 0 };
    return query;
}

void db_query_free(struct db_query *query)
{
    if (!query)
        return;
    sqlite3_finalize(query->statement);
    free(query);
}

/* A parameter without its value would be NULL: none is run with it. */
static void note(struct db_query *query, int index, int code)
{
    assert(index < 64 && code != SQLITE_RANGE && code != SQLITE_MISUSE);
    uint64_t bit = (uint64_t)1 << index;
    query->refused =
        code == SQLITE_OK ? query->refused & ~bit : query->refused | bit;
}

void db_bind_number(struct db_query *query, int index, int64_t number)
{
    note(query, index, sqlite3_bind_int64(query->statement, index, number));
}

void db_bind_real(struct db_query *query, int index, double number)
{
    note(query, index, sqlite3_bind_double(query->statement, index, number));
}

/* An empty slice has no pointer, which would be NULL. */
static const char *pointer(struct slice text)
{
    return text.ptr ? text.ptr : "";
}

void db_bind_text(struct db_query *query, int index, struct slice text)
{
    note(query, index,
         sqlite3_bind_text64(query->statement, index, pointer(text), text.len,
                             SQLITE_STATIC, SQLITE_UTF8));
}

void db_bind_bytes(struct db_query *query, int index, struct slice bytes)
{
    note(query, index,
         sqlite3_bind_blob64(query->statement, index, pointer(bytes), bytes.len,
                             SQLITE_STATIC));
}

enum db_step db_step(struct db_query *query, struct error *err)
{
    errno = 0;
    int code = query->refused ? SQLITE_TOOBIG : sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code != SQLITE_DONE)
        fail(query->db, code, err);
    sqlite3_reset(query->statement);
    return code == SQLITE_DONE ? DB_DONE : DB_FAILED;
}

void db_reset(struct db_query *query)
{
    sqlite3_reset(query->statement);
}

bool db_do(struct db_query *query, struct error *err)
{
    enum db_step step = db_step(query, err);
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

int64_t db_column_number(struct db_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

double db_column_real(struct db_query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

struct slice db_column_bytes(struct db_query *query, int column)
{
    const char *bytes = sqlite3_column_blob(query->statement, column);
    int len = sqlite3_column_bytes(query->statement, column);
    return (struct slice){ bytes, (size_t)len };
}
