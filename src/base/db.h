/* SPDX-License-Identifier: MIT */
/*
 * db - a database file of SQLite, and what it says when it fails.
 *
 * The only door to SQLite. A connection belongs to one thread at a time. Files
 * are made 0600. Always journal_mode=TRUNCATE and synchronous=FULL, never WAL:
 * what db_run() has committed survives a power failure, on local and network
 * file systems alike, and no second file has to stay beside the first.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Why something failed, as far as one can do something about it. */
enum db_fault {
    DB_FINE,
    DB_FULL,      /* the disk, or the quota */
    DB_READ_ONLY, /* the file or its file system */
    DB_BUSY,      /* somebody else has it */
    DB_DAMAGED,   /* it is no database, or a broken one */
    DB_BROKEN,    /* the disk failed, or anything else */
};

/* Of a system call that failed. */
enum db_fault db_fault_of_errno(int number);

enum db_mode {
    DB_WRITE, /* made if it is not there */
    DB_READ,  /* never made, never changed, but for a commit that a crash left
                 half-written, which is taken back */
};

struct db;

/* NULL on failure, *fault says why; may be NULL. */
struct db *db_open(const char *path, enum db_mode mode, enum db_fault *fault,
                   struct error *err) MUST_USE;
void db_close(struct db *db); /* NULL is fine */

/* The version of SQLite. */
const char *db_library(void);

/* What the last call that failed was. */
enum db_fault db_fault(const struct db *db);

/* Statements without parameters and rows, one after another. */
bool db_run(struct db *db, const char *sql, struct error *err) MUST_USE;

/* End the transaction without its changes, if there is one: SQLite may have
 * done so. Changes no fault. */
void db_rollback(struct db *db);
bool db_is_in_transaction(const struct db *db);

/* Copy the whole database to a new file, 0600. */
bool db_copy(struct db *db, const char *path, struct error *err) MUST_USE;

/* A number that a statement gives: "PRAGMA user_version". */
bool db_number(struct db *db, const char *sql, int64_t *number,
               struct error *err) MUST_USE;

/* A statement with parameters ?1, ?2, ...; it may be run again and again. */
struct db_query;
struct db_query *db_prepare(struct db *db, const char *sql,
                            struct error *err) MUST_USE;
void db_query_free(struct db_query *query); /* NULL is fine */

/* Borrowed until the query is reset or run to its end. */
void db_bind_number(struct db_query *query, int index, int64_t number);
void db_bind_real(struct db_query *query, int index, double number);
void db_bind_text(struct db_query *query, int index, struct slice text);
void db_bind_bytes(struct db_query *query, int index, struct slice bytes);

enum db_step { DB_ROW, DB_DONE, DB_FAILED };

/* The next row; after DB_DONE and DB_FAILED the query is reset, its parameters
 * are kept. */
enum db_step db_step(struct db_query *query, struct error *err) MUST_USE;
void db_reset(struct db_query *query);

/* Run a query that gives no rows. */
bool db_do(struct db_query *query, struct error *err) MUST_USE;

/* Columns of the row, from 0; texts live until the next step. */
int64_t db_column_number(struct db_query *query, int column);
double db_column_real(struct db_query *query, int column);
struct slice db_column_bytes(struct db_query *query, int column);

#endif
