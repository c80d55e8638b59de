/* SPDX-License-Identifier: MIT */
/*
 * A database file as it is meant to be, and what is left of it when any call to
 * the disk fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "base/db.h"
#include "base/memory.h"
#include "base/path.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_shim.h"

Suite *db_suite(void);

enum { LENGTH_MAX = 64 * 1024 * 1024 };

/* A folder, and the path of a file in it that is not there yet. */
struct place {
    char folder[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 20];
    char journal[SCRATCH_PATH_MAX + 30];
};

static struct place place_new(void)
{
    struct place place;
    scratch_directory(place.folder, "db");
    snprintf(place.path, sizeof place.path, "%s/a.db", place.folder);
    snprintf(place.journal, sizeof place.journal, "%s-journal", place.path);
    return place;
}

static struct db *must_open(const struct place *place, enum db_mode mode)
{
    struct error err = { 0 };
    struct db *db = db_open(place->path, mode, NULL, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    return db;
}

static void must_run(struct db *db, const char *sql)
{
    struct error err = { 0 };
    ck_assert_msg(db_run(db, sql, &err), "%s", err.text);
}

static int64_t number(struct db *db, const char *sql)
{
    struct error err = { 0 };
    int64_t number = -1;
    ck_assert_msg(db_number(db, sql, &number, &err), "%s", err.text);
    return number;
}

/* The first column of the first row is this text. */
static void check_text(struct db *db, const char *sql, const char *expected)
{
    struct error err = { 0 };
    struct db_query *query = db_prepare(db, sql, &err);
    ck_assert_msg(query != NULL, "%s", err.text);
    ck_assert_int_eq(db_step(query, &err), DB_ROW);
    struct slice text = db_column_bytes(query, 0);
    ck_assert_msg(slice_is(text, expected), "%s: %.*s", sql, SLICE_ARG(text));
    db_query_free(query);
}

static unsigned mode_of(const char *path)
{
    struct stat info;
    ck_assert_msg(stat(path, &info) == 0, "%s: %s", path, strerror(errno));
    return info.st_mode & 07777;
}

/* ---- What a file is. ---- */

START_TEST(files_are_made_for_their_owner_alone_whatever_the_umask)
{
    struct place place = place_new();
    umask(0);
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); BEGIN; INSERT INTO t VALUES(1)");
    ck_assert_uint_eq(mode_of(place.path), 0600);
    ck_assert_uint_eq(mode_of(place.journal), 0600);
    must_run(db, "COMMIT");
    ck_assert_uint_eq(mode_of(place.journal), 0600);
    db_close(db);
}
END_TEST

START_TEST(a_file_that_others_could_read_is_closed_to_them)
{
    struct place place = place_new();
    db_close(must_open(&place, DB_WRITE));
    ck_assert_int_eq(chmod(place.path, 0664), 0);
    db_close(must_open(&place, DB_WRITE));
    ck_assert_uint_eq(mode_of(place.path), 0600);
}
END_TEST

START_TEST(what_is_committed_has_reached_the_disk_and_no_wal_stands_beside_it)
{
    struct place place = place_new();
    char wal[sizeof place.journal];
    vfs_shim_install();
    struct db *db = must_open(&place, DB_WRITE);
    check_text(db, "PRAGMA journal_mode", "truncate");
    ck_assert_int_eq(number(db, "PRAGMA synchronous"), 2);
    ck_assert_int_eq(number(db, "PRAGMA secure_delete"), 1);
    must_run(db, "CREATE TABLE t(x)");
    vfs_shim_fail((struct vfs_fault){ 0 });
    must_run(db, "INSERT INTO t VALUES(1)");
    /* At least the journal before the file is written, and the file. */
    ck_assert_int_ge(vfs_shim_count(VFS_SYNC), 2);
    snprintf(wal, sizeof wal, "%s-wal", place.path);
    ck_assert_int_ne(access(wal, F_OK), 0);
    struct stat info;
    ck_assert_int_eq(stat(place.journal, &info), 0);
    ck_assert_int_eq(info.st_size, 0);
    db_close(db);
}
END_TEST

START_TEST(a_reader_makes_nothing_and_changes_nothing)
{
    struct place place = place_new();
    struct error err = { 0 };
    enum db_fault fault = DB_FINE;
    ck_assert_ptr_null(db_open(place.path, DB_READ, &fault, &err));
    ck_assert_int_eq(fault, DB_BROKEN);
    ck_assert_msg(strstr(err.text, place.path) != NULL, "%s", err.text);
    ck_assert_int_ne(access(place.path, F_OK), 0);

    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); INSERT INTO t VALUES(7)");
    db_close(db);
    db = must_open(&place, DB_READ);
    ck_assert_int_eq(number(db, "SELECT x FROM t"), 7);
    ck_assert(!db_run(db, "DELETE FROM t", &err));
    ck_assert_int_eq(db_fault(db), DB_READ_ONLY);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM t"), 1);
    db_close(db);
}
END_TEST

static void copy_file(const char *from, const char *to)
{
    struct buf bytes = { 0 };
    struct error err = { 0 };
    ck_assert(path_read_file(&bytes, from, LENGTH_MAX, &err));
    ck_assert(path_write_file(to, buf_slice(&bytes), &err));
    buf_clear(&bytes);
}

/* A commit that was half-written when its writer died. */
START_TEST(a_reader_sees_what_was_there_before_a_commit_that_was_cut)
{
    struct place place = place_new(), left = place_new();
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); INSERT INTO t VALUES('whole');"
                 "PRAGMA cache_size=1; PRAGMA cache_spill=1;"
                 "BEGIN; UPDATE t SET x='torn';"
                 "INSERT INTO t VALUES(zeroblob(100000)),(zeroblob(100000))");
    copy_file(place.path, left.path);
    copy_file(place.journal, left.journal);
    struct stat info;
    ck_assert_int_eq(stat(left.journal, &info), 0);
    ck_assert_int_gt(info.st_size, 0);
    db_close(db);
    db = must_open(&left, DB_READ);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM t"), 1);
    check_text(db, "SELECT x FROM t", "whole");
    check_text(db, "PRAGMA integrity_check", "ok");
    db_close(db);
}
END_TEST

/* Whether a file holds these bytes. */
static bool holds(const char *path, const char *bytes)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    ck_assert_msg(path_read_file(&text, path, LENGTH_MAX, &err), "%s",
                  err.text);
    bool found = memmem(text.ptr, text.len, bytes, strlen(bytes)) != NULL;
    buf_clear(&text);
    return found;
}

START_TEST(what_is_deleted_or_replaced_is_overwritten)
{
    struct place place = place_new();
    struct db *db = must_open(&place, DB_WRITE);
    /* Within a page; on pages of its own; beside others. */
    must_run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
                 "INSERT INTO t VALUES(1, 'sk-SHORT-KEY');"
                 "INSERT INTO t VALUES(2, zeroblob(9000) || 'sk-LONG-KEY' ||"
                 " zeroblob(9000));"
                 "INSERT INTO t VALUES(3, 'stays'), (4, 'sk-THIRD-KEY')");
    ck_assert(holds(place.path, "sk-SHORT-KEY"));
    ck_assert(holds(place.path, "sk-THIRD-KEY"));
    must_run(db, "DELETE FROM t WHERE id < 3;"
                 "UPDATE t SET x = '' WHERE id = 4");
    db_close(db);
    ck_assert(!holds(place.path, "sk-SHORT-KEY"));
    ck_assert(!holds(place.path, "sk-LONG-KEY"));
    ck_assert(!holds(place.path, "sk-THIRD-KEY"));
    ck_assert(holds(place.path, "stays"));
}
END_TEST

START_TEST(a_copy_is_whole_and_for_its_owner_alone)
{
    struct place place = place_new(), other = place_new();
    struct error err = { 0 };
    umask(0);
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); INSERT INTO t VALUES(7)");
    ck_assert(db_copy(db, other.path, &err));
    must_run(db, "DELETE FROM t");
    /* What is there is not written over. */
    ck_assert(!db_copy(db, other.path, &err));
    db_close(db);
    ck_assert_uint_eq(mode_of(other.path), 0600);
    db = must_open(&other, DB_READ);
    ck_assert_int_eq(number(db, "SELECT x FROM t"), 7);
    db_close(db);
}
END_TEST

START_TEST(a_path_is_taken_as_it_is)
{
    static const char *const names[] = { "a b",   "50%25.db", "what?mode=ro",
                                         "tag#1", "file:x",   "Ã©" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct place place = place_new();
        snprintf(place.path, sizeof place.path, "%s%s/%s", i ? "" : "/",
                 place.folder, names[i]);
        struct db *db = must_open(&place, DB_WRITE);
        must_run(db, "CREATE TABLE t(x)");
        db_close(db);
        ck_assert_msg(access(place.path, F_OK) == 0, "%s", place.path);
        ck_assert(holds(place.path, "CREATE TABLE t"));
    }
}
END_TEST

START_TEST(what_was_rolled_back_is_not_there)
{
    struct place place = place_new();
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); BEGIN; INSERT INTO t VALUES(1)");
    db_rollback(db);
    db_rollback(db);
    ck_assert_int_eq(db_fault(db), DB_FINE);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM t"), 0);
    must_run(db, "BEGIN; INSERT INTO t VALUES(2); COMMIT");
    ck_assert_int_eq(number(db, "SELECT x FROM t"), 2);
    db_close(db);
}
END_TEST

/* ---- Values. ---- */

START_TEST(values_come_back_as_they_were_bound)
{
    struct place place = place_new();
    struct error err = { 0 };
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(a, b, c, d NOT NULL, e NOT NULL)");
    struct db_query *query =
        db_prepare(db, "INSERT INTO t VALUES(?1, ?2, ?3, ?4, ?5)", &err);
    db_bind_number(query, 1, INT64_MIN);
    db_bind_real(query, 2, 0.1);
    db_bind_bytes(query, 3, (struct slice){ "\0\xff\n", 3 });
    db_bind_bytes(query, 4, (struct slice){ 0 });
    db_bind_text(query, 5, (struct slice){ 0 });
    ck_assert_int_eq(db_step(query, &err), DB_DONE);
    /* Parameters are kept: one changes, the others stay. */
    db_bind_number(query, 1, INT64_MAX);
    ck_assert(db_do(query, &err));
    db_query_free(query);

    query = db_prepare(db, "SELECT * FROM t ORDER BY a", &err);
    for (int row = 0; row < 2; row++) {
        ck_assert_int_eq(db_step(query, &err), DB_ROW);
        ck_assert(db_column_number(query, 0) == (row ? INT64_MAX : INT64_MIN));
        ck_assert_double_eq(db_column_real(query, 1), 0.1);
        ck_assert_mem_eq(db_column_bytes(query, 2).ptr, "\0\xff\n", 3);
        ck_assert_uint_eq(db_column_bytes(query, 2).len, 3);
        ck_assert_uint_eq(db_column_bytes(query, 3).len, 0);
        ck_assert_uint_eq(db_column_bytes(query, 4).len, 0);
    }
    ck_assert_int_eq(db_step(query, &err), DB_DONE);
    db_query_free(query);
    db_close(db);
}
END_TEST

START_TEST(a_value_that_is_too_long_is_an_error_and_never_stored_as_none)
{
    struct place place = place_new();
    struct error err = { 0 };
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x)");
    struct db_query *query = db_prepare(db, "INSERT INTO t VALUES(?1)", &err);
    char *bytes = memory_zero(1, LENGTH_MAX + 1);
    db_bind_bytes(query, 1, (struct slice){ bytes, LENGTH_MAX + 1 });
    ck_assert(!db_do(query, &err));
    ck_assert_str_ne(err.text, "");
    ck_assert_int_eq(number(db, "SELECT count(*) FROM t"), 0);
    /* The query is as good as before. */
    db_bind_bytes(query, 1, (struct slice){ bytes, 10 });
    ck_assert(db_do(query, &err));
    ck_assert_int_eq(number(db, "SELECT length(x) FROM t"), 10);
    free(bytes);
    db_query_free(query);
    db_close(db);
}
END_TEST

START_TEST(a_number_that_a_statement_does_not_give_is_an_error)
{
    struct place place = place_new();
    struct error err = { 0 };
    int64_t number = 5;
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x)");
    ck_assert(!db_number(db, "SELECT x FROM t", &number, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "SELECT x FROM t"));
    ck_assert(!db_number(db, "SELECT nothing FROM nowhere", &number, &err));
    ck_assert_int_eq(number, 5);
    db_close(db);
}
END_TEST

/* ---- What fails, and what that is called. ---- */

static const struct code_row {
    int code, number;
    enum db_fault fault;
} code_rows[] = {
    { SQLITE_FULL, ENOSPC, DB_FULL },
    /* So the quota reaches us, and on network homes a full disk. */
    { SQLITE_IOERR | (3 << 8), EDQUOT, DB_FULL },
    { SQLITE_IOERR | (4 << 8), ENOSPC, DB_FULL },
    { SQLITE_READONLY, EROFS, DB_READ_ONLY },
    { SQLITE_IOERR | (3 << 8), EIO, DB_BROKEN },
    { SQLITE_IOERR | (4 << 8), EIO, DB_BROKEN },
    { SQLITE_CORRUPT, 0, DB_DAMAGED },
};

START_TEST(a_commit_that_fails_says_why)
{
    const struct code_row *row = &code_rows[_i];
    struct place place = place_new();
    struct error err = { 0 };
    vfs_shim_install();
    struct db *db = must_open(&place, DB_WRITE);
    must_run(db, "CREATE TABLE t(x); BEGIN; INSERT INTO t VALUES(1)");
    vfs_shim_fail((struct vfs_fault){ .calls = VFS_WRITE | VFS_SYNC,
                                      .nth = 1,
                                      .code = row->code,
                                      .number = row->number });
    ck_assert(!db_run(db, "COMMIT", &err));
    ck_assert_msg(db_fault(db) == row->fault, "%d: %s", db_fault(db), err.text);
    ck_assert_msg(strstr(err.text, place.path) != NULL, "%s", err.text);
    vfs_shim_heal();
    db_close(db);
}
END_TEST

START_TEST(a_file_that_somebody_else_writes_is_busy)
{
    struct place place = place_new();
    struct error err = { 0 };
    vfs_shim_install();
    struct db *first = must_open(&place, DB_WRITE);
    must_run(first, "CREATE TABLE t(x)");
    struct db *second = must_open(&place, DB_WRITE);
    must_run(first, "BEGIN EXCLUSIVE");
    ck_assert(!db_run(second, "INSERT INTO t VALUES(1)", &err));
    ck_assert_msg(db_fault(second) == DB_BUSY, "%s", err.text);
    must_run(first, "COMMIT");
    must_run(second, "INSERT INTO t VALUES(1)");
    db_close(first);
    db_close(second);
}
END_TEST

static void write_place(const struct place *place, const char *text)
{
    struct error err = { 0 };
    ck_assert(path_write_file(place->path, slice_of(text), &err));
}

/* What opening it, or else reading it, says. */
static enum db_fault fault_of_file(const char *path, enum db_mode mode,
                                   struct error *err)
{
    enum db_fault fault = DB_FINE;
    int64_t number;
    struct db *db = db_open(path, mode, &fault, err);
    if (db &&
        !db_number(db, "SELECT count(*) FROM sqlite_master", &number, err))
        fault = db_fault(db);
    db_close(db);
    return fault;
}

START_TEST(a_file_that_is_no_database_is_damaged_and_stays_as_it_is)
{
    struct place place = place_new();
    struct error err = { 0 };
    write_place(&place,
                "Dear diary, this is no database at all, it is text.\n");
    ck_assert_int_eq(fault_of_file(place.path, DB_WRITE, &err), DB_DAMAGED);
    ck_assert_int_eq(fault_of_file(place.path, DB_READ, &err), DB_DAMAGED);
    ck_assert(holds(place.path, "Dear diary"));
    ck_assert(strstr(err.text, place.path) != NULL);
}
END_TEST

START_TEST(an_empty_file_is_an_empty_database)
{
    struct place place = place_new();
    struct error err = { 0 };
    write_place(&place, "");
    ck_assert_int_eq(fault_of_file(place.path, DB_READ, &err), DB_FINE);
    ck_assert_int_eq(fault_of_file(place.path, DB_WRITE, &err), DB_FINE);
}
END_TEST

START_TEST(a_directory_or_a_way_that_is_none_is_an_error_with_its_name)
{
    struct place place = place_new();
    struct error err = { 0 };
    for (int mode = DB_WRITE; mode <= DB_READ; mode++) {
        ck_assert_int_eq(fault_of_file(place.folder, mode, &err), DB_BROKEN);
        ck_assert(strstr(err.text, place.folder) != NULL);
        ck_assert_int_eq(fault_of_file("/dev/null/a.db", mode, &err),
                         DB_BROKEN);
        ck_assert(strstr(err.text, "/dev/null/a.db") != NULL);
    }
}
END_TEST

/* ---- The nth call fails. ---- */

/* What a journal does: a transaction for each batch, short ones and long ones,
 * one more try for each that fails, on a connection of its own. */
enum { BATCHES = 6 };

struct tries {
    const struct place *place;
    struct db *db;
    bool is_committed[BATCHES], was_tried[BATCHES];
};

static bool put(struct tries *tries, int batch)
{
    struct error err = { 0 };
    char sql[200];
    if (!tries->db)
        tries->db = db_open(tries->place->path, DB_WRITE, NULL, &err);
    /* A commit may be there although it failed: the last flush is of the emptied
     * journal. */
    snprintf(sql, sizeof sql,
             "BEGIN IMMEDIATE;"
             "CREATE TABLE IF NOT EXISTS t(x INTEGER PRIMARY KEY, y);"
             "INSERT OR REPLACE INTO t VALUES(%d, zeroblob(%d));"
             "INSERT OR REPLACE INTO t VALUES(%d, 'pair');"
             "COMMIT",
             batch * 2, batch % 2 ? 40000 : 40, batch * 2 + 1);
    tries->was_tried[batch] |= tries->db != NULL;
    return tries->db && db_run(tries->db, sql, &err);
}

static void play(struct tries *tries)
{
    for (int batch = 0; batch < BATCHES; batch++) {
        tries->is_committed[batch] = put(tries, batch);
        if (tries->is_committed[batch])
            continue;
        ck_assert(!tries->db || db_fault(tries->db) != DB_FINE);
        db_close(tries->db);
        tries->db = NULL;
        tries->is_committed[batch] = put(tries, batch);
    }
    db_close(tries->db);
}

/* Whole or not at all, and there if it was said to be. */
static void check_file(const struct tries *tries, const char *what, long nth)
{
    struct db *db = must_open(tries->place, DB_WRITE);
    check_text(db, "PRAGMA integrity_check", "ok");
    bool has_table =
        number(db, "SELECT count(*) FROM sqlite_master WHERE name='t'");
    for (int batch = 0; batch < BATCHES; batch++) {
        char sql[100];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM t WHERE x BETWEEN %d AND %d", batch * 2,
                 batch * 2 + 1);
        int64_t rows = has_table ? number(db, sql) : 0;
        ck_assert_msg(rows == 2 || rows == 0, "%s %ld: batch %d is torn", what,
                      nth, batch);
        ck_assert_msg(rows == 2 || !tries->is_committed[batch],
                      "%s %ld: batch %d is lost", what, nth, batch);
        ck_assert_msg(rows == 0 || tries->was_tried[batch],
                      "%s %ld: batch %d comes from nowhere", what, nth, batch);
    }
    db_close(db);
}

static const struct loop_row {
    const char *what;
    struct vfs_fault fault;
} loop_rows[] = {
    { "open", { VFS_OPEN, 0, false, SQLITE_CANTOPEN, EMFILE, false } },
    { "open for ever", { VFS_OPEN, 0, true, SQLITE_CANTOPEN, EACCES, false } },
    { "read", { VFS_READ, 0, false, SQLITE_IOERR | 1 << 8, EIO, false } },
    { "read for ever",
      { VFS_READ, 0, true, SQLITE_IOERR | 1 << 8, EIO, false } },
    { "write", { VFS_WRITE, 0, false, SQLITE_IOERR | 3 << 8, EIO, true } },
    { "full", { VFS_WRITE, 0, false, SQLITE_FULL, ENOSPC, true } },
    { "full for ever", { VFS_WRITE, 0, true, SQLITE_FULL, ENOSPC, true } },
    { "sync", { VFS_SYNC, 0, false, SQLITE_IOERR | 4 << 8, EIO, false } },
    { "sync for ever",
      { VFS_SYNC, 0, true, SQLITE_IOERR | 4 << 8, EIO, false } },
    { "truncate",
      { VFS_TRUNCATE, 0, false, SQLITE_IOERR | 6 << 8, EIO, false } },
    { "truncate for ever",
      { VFS_TRUNCATE, 0, true, SQLITE_IOERR | 6 << 8, EIO, false } },
    { "size", { VFS_SIZE, 0, false, SQLITE_IOERR | 7 << 8, EIO, false } },
    { "lock", { VFS_LOCK, 0, false, SQLITE_IOERR | 15 << 8, ENOLCK, false } },
    { "busy for ever", { VFS_LOCK, 0, true, SQLITE_BUSY, EAGAIN, false } },
    { "delete", { VFS_DELETE, 0, true, SQLITE_IOERR | 10 << 8, EROFS, false } },
    { "access",
      { VFS_ACCESS, 0, true, SQLITE_IOERR | 13 << 8, EACCES, false } },
    { "anything", { VFS_ANY, 0, false, SQLITE_IOERR, EIO, true } },
    { "anything for ever", { VFS_ANY, 0, true, SQLITE_IOERR, EIO, true } },
};

START_TEST(whichever_call_fails_the_file_holds_what_was_committed)
{
    const struct loop_row *row = &loop_rows[_i];
    struct vfs_fault fault = row->fault;
    long failed = 1;
    vfs_shim_install();
    for (long nth = 1; failed; nth++) {
        struct place place = place_new();
        struct tries tries = { .place = &place };
        fault.nth = nth;
        vfs_shim_fail(fault);
        play(&tries);
        failed = vfs_shim_failed();
        vfs_shim_heal();
        check_file(&tries, row->what, nth);
        for (int batch = 0; batch < BATCHES; batch++)
            ck_assert_msg(tries.is_committed[batch] || fault.for_ever,
                          "%s %ld: batch %d fails a second time", row->what,
                          nth, batch);
        scratch_remove(place.folder);
    }
}
END_TEST

Suite *db_suite(void)
{
    Suite *suite = suite_create("db");
    TCase *tcase = tcase_create("db");
    tcase_add_test(tcase,
                   files_are_made_for_their_owner_alone_whatever_the_umask);
    tcase_add_test(tcase, a_file_that_others_could_read_is_closed_to_them);
    tcase_add_test(
        tcase,
        what_is_committed_has_reached_the_disk_and_no_wal_stands_beside_it);
    tcase_add_test(tcase, a_reader_makes_nothing_and_changes_nothing);
    tcase_add_test(tcase,
                   a_reader_sees_what_was_there_before_a_commit_that_was_cut);
    tcase_add_test(tcase, what_is_deleted_or_replaced_is_overwritten);
    tcase_add_test(tcase, a_copy_is_whole_and_for_its_owner_alone);
    tcase_add_test(tcase, a_path_is_taken_as_it_is);
    tcase_add_test(tcase, what_was_rolled_back_is_not_there);
    tcase_add_test(tcase, values_come_back_as_they_were_bound);
    tcase_add_test(
        tcase, a_value_that_is_too_long_is_an_error_and_never_stored_as_none);
    tcase_add_test(tcase, a_number_that_a_statement_does_not_give_is_an_error);
    tcase_add_loop_test(tcase, a_commit_that_fails_says_why, 0,
                        COUNTOF(code_rows));
    tcase_add_test(tcase, a_file_that_somebody_else_writes_is_busy);
    tcase_add_test(tcase,
                   a_file_that_is_no_database_is_damaged_and_stays_as_it_is);
    tcase_add_test(tcase, an_empty_file_is_an_empty_database);
    tcase_add_test(tcase,
                   a_directory_or_a_way_that_is_none_is_an_error_with_its_name);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("nth");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase,
                        whichever_call_fails_the_file_holds_what_was_committed,
                        0, COUNTOF(loop_rows));
    suite_add_tcase(suite, tcase);
    return suite;
}
