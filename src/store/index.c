/* SPDX-License-Identifier: MIT */
#include "store/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/index_state.h"
#include "store/terms.h"

enum {
    APPLICATION_ID = 0x736E6978, /* "snix" */
    TIDY_PAGES = 64,
};

/* Names of terms have no case or diacritics any more, and blanks between them:
 * FTS5 has nothing to decide. */
static const char schema[] =
    "DROP TABLE IF EXISTS found;"
    "DROP TABLE IF EXISTS place;"
    "DROP TABLE IF EXISTS name;"
    "DROP TABLE IF EXISTS session;"
    "DROP TABLE IF EXISTS state;"
    "CREATE TABLE session(key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " title TEXT NOT NULL, opening TEXT NOT NULL, model TEXT NOT NULL,"
    " created_at INTEGER, updated_at INTEGER, turns INTEGER, nodes INTEGER,"
    " input INTEGER, output INTEGER, cost REAL, seq INTEGER, size INTEGER,"
    " changed_at INTEGER);"
    "CREATE INDEX session_updated ON session(updated_at);"
    "CREATE TABLE name(key INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " text TEXT NOT NULL, UNIQUE(kind, text));"
    "CREATE TABLE place(id INTEGER PRIMARY KEY, session INTEGER NOT NULL,"
    " node INTEGER NOT NULL, kind INTEGER, at INTEGER, tags TEXT NOT NULL,"
    " text TEXT NOT NULL, UNIQUE(session, node));"
    "CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;"
    "INSERT INTO state VALUES('drift', 0), ('untidy', 0);"
    "CREATE VIRTUAL TABLE found USING fts5(text, tags, content='',"
    " columnsize=0, tokenize='ascii');";

static const char *const statements[STATEMENT_COUNT] = {
    [FIND_SESSION] = "SELECT key, seq, size, changed_at FROM session"
                     " WHERE id=?1",
    [ADD_SESSION] = "INSERT INTO session(id, title, opening, model)"
                    " VALUES(?1, '', '', '') RETURNING key",
    [SET_SESSION] = "UPDATE session SET title=?2, opening=?3, model=?4,"
                    " created_at=?5, updated_at=?6, turns=?7, nodes=?8,"
                    " input=?9, output=?10, cost=?11, seq=?12, size=?13,"
                    " changed_at=?14 WHERE key=?1",
    [REMOVE_SESSION] = "DELETE FROM session WHERE key=?1",
    [FIND_NAME] = "SELECT key FROM name WHERE kind=?1 AND text=?2",
    [ADD_NAME] = "INSERT INTO name(kind, text) VALUES(?1, ?2) RETURNING key",
    [FIND_PLACE] = "SELECT id, tags, text FROM place"
                   " WHERE session=?1 AND node=?2",
    [EACH_PLACE] = "SELECT node FROM place WHERE session=?1",
    [FREE_ID] = "SELECT iif(EXISTS(SELECT 1 FROM place WHERE id=?1),"
                " (SELECT p.id + 1 FROM place p WHERE p.id >= ?1"
                " AND NOT EXISTS(SELECT 1 FROM place WHERE id = p.id + 1)"
                " ORDER BY p.id LIMIT 1), ?1)",
    [ADD_PLACE] = "INSERT INTO place VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [REMOVE_PLACE] = "DELETE FROM place WHERE id=?1",
    [ADD_TERMS] = "INSERT INTO found(rowid, text, tags) VALUES(?1, ?2, ?3)",
    [REMOVE_TERMS] = "INSERT INTO found(found, rowid, text, tags)"
                     " VALUES('delete', ?1, ?2, ?3)",
    [RAISE_STATE] = "UPDATE state SET value=max(value, ?2) WHERE name=?1",
    [READ_PLACE] = "SELECT p.node, p.kind, p.at, p.tags, p.text, s.id,"
                   " iif(s.title = '', s.opening, s.title)"
                   " FROM place p JOIN session s ON s.key = p.session"
                   " WHERE p.id=?1",
    [NAME_OF] = "SELECT text FROM name WHERE key=?1",
    [SEARCH] = "SELECT rowid FROM found WHERE found MATCH ?1 AND rowid >= ?2"
               " AND rowid <= ?3 ORDER BY rowid DESC",
};

static void free_queries(struct index *index)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        db_query_free(index->queries[i]);
        index->queries[i] = NULL;
    }
}

struct db_query *index_query(struct index *index, enum index_statement which,
                             struct error *err)
{
    if (!index->queries[which])
        index->queries[which] = db_prepare(index->db, statements[which], err);
    return index->queries[which];
}

static bool is_current(struct db *db)
{
    struct error err;
    int64_t id = 0, version = 0;
    return db_number(db, "PRAGMA application_id", &id, &err) &&
           db_number(db, "PRAGMA user_version", &version, &err) &&
           id == APPLICATION_ID && version == INDEX_VERSION;
}

/* Only one of many makes it anew; the others see that it has been done. */
static bool make_anew(struct db *db, struct error *err)
{
    struct buf sql = { 0 };
    buf_printf(&sql,
               "%sPRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
               schema, APPLICATION_ID, INDEX_VERSION);
    bool ok = db_run(db, "BEGIN IMMEDIATE", err) &&
              (is_current(db) ? db_run(db, "COMMIT", err)
                              : db_run(db, buf_string(&sql), err));
    if (!ok)
        db_rollback(db);
    buf_clear(&sql);
    return ok;
}

/* What is lost in a crash is found missing, so that nobody need wait for the
 * disk at each commit as a journal does. */
static bool tune(struct db *db, struct error *err)
{
    struct buf sql = { 0 };
    buf_printf(&sql,
               "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;"
               "PRAGMA busy_timeout=%d",
               INDEX_BUSY_MS);
    bool ok = db_run(db, buf_string(&sql), err);
    buf_clear(&sql);
    return ok;
}

/* Else no statement could be prepared. */
static bool has_tables(struct index *index, struct error *err)
{
    bool ok = true;
    for (int i = 0; ok && i < STATEMENT_COUNT; i++)
        ok = index_query(index, (enum index_statement)i, err) != NULL;
    if (!ok)
        free_queries(index);
    return ok;
}

static bool open_db(struct index *index, struct error *err)
{
    index->fault = DB_FINE;
    index->db = db_open(index->path, DB_WRITE, &index->fault, err);
    bool ok = index->db && tune(index->db, err) &&
              (is_current(index->db) || make_anew(index->db, err)) &&
              has_tables(index, err);
    if (!ok && index->db) {
        index->fault = db_fault(index->db);
        db_close(index->db);
        index->db = NULL;
    }
    return ok;
}

static void remove_files(const struct index *index)
{
    struct buf journal = { 0 };
    buf_printf(&journal, "%s-journal", index->path);
    unlink(index->path);
    unlink(journal.ptr);
    buf_clear(&journal);
}

/* A file that SQLite does not read is put away: all of it can be had again. */
static bool open_somehow(struct index *index, struct error *err)
{
    if (open_db(index, err))
        return true;
    if (index->fault != DB_DAMAGED && index->fault != DB_BROKEN)
        return false;
    remove_files(index);
    return open_db(index, err);
}

struct index *index_open(const char *path, struct error *err)
{
    struct index *index = memory_zero(1, sizeof *index);
    index->path = memory_string(path);
    if (open_somehow(index, err))
        return index;
    index_close(index);
    return NULL;
}

void index_close(struct index *index)
{
    if (!index)
        return;
    free_queries(index);
    if (index->db)
        db_rollback(index->db);
    db_close(index->db);
    free(index->path);
    free(index);
}

struct db *index_db(const struct index *index)
{
    return index->db;
}

/* Without a transaction of the caller's, the failed call was one. */
enum index_result index_outcome(struct index *index, struct error *err)
{
    enum db_fault fault = db_fault(index->db);
    struct error again = { 0 };
    db_rollback(index->db);
    index->is_in_batch = false;
    if (fault == DB_BUSY)
        return INDEX_LATER;
    if (fault != DB_DAMAGED)
        return INDEX_FAILED;
    free_queries(index);
    db_close(index->db);
    index->db = NULL;
    remove_files(index);
    if (open_db(index, &again))
        return INDEX_LATER;
    *err = again;
    return INDEX_FAILED;
}

static enum index_result run(struct index *index, const char *sql,
                             struct error *err)
{
    return db_run(index->db, sql, err) ? INDEX_DONE : index_outcome(index, err);
}

enum index_result index_begin(struct index *index, struct error *err)
{
    enum index_result result = run(index, "BEGIN IMMEDIATE", err);
    index->is_in_batch = result == INDEX_DONE;
    return result;
}

enum index_result index_commit(struct index *index, struct error *err)
{
    index->is_in_batch = false;
    return run(index, "COMMIT", err);
}

bool index_find(struct index *index, const char *id, struct index_mark *mark)
{
    struct error err;
    struct db_query *query = index_query(index, FIND_SESSION, &err);
    if (!query)
        return false;
    db_bind_text(query, 1, slice_of(id));
    if (db_step(query, &err) != DB_ROW)
        return false;
    mark->seq = (uint64_t)db_column_number(query, 1);
    mark->stamp.size = db_column_number(query, 2);
    mark->stamp.changed_at = db_column_number(query, 3);
    db_reset(query);
    return true;
}

/* FTS5 merges its parts; when it has nothing to merge it changes no row. */
bool index_tidy(struct index *index)
{
    struct error err;
    struct buf sql = { 0 };
    int64_t untidy = 0, before = 0, after = 0;
    struct db *db = index->db;
    buf_printf(&sql, "INSERT INTO found(found, rank) VALUES('merge', -%d)",
               TIDY_PAGES);
    bool ok = db_number(db, "SELECT value FROM state WHERE name='untidy'",
                        &untidy, &err) &&
              untidy && db_run(db, "BEGIN IMMEDIATE", &err) &&
              db_number(db, "SELECT total_changes()", &before, &err) &&
              db_run(db, sql.ptr, &err) &&
              db_number(db, "SELECT total_changes()", &after, &err);
    bool is_done = ok && after - before < 2;
    ok = ok && (!is_done || db_run(db,
                                   "UPDATE state SET value=0"
                                   " WHERE name='untidy'",
                                   &err));
    ok = ok && db_run(db, "COMMIT", &err);
    if (!ok)
        db_rollback(db);
    buf_clear(&sql);
    return ok && !is_done;
}

/* Titles. */

static bool has_words(struct slice words, struct slice title)
{
    struct terms wanted = { .text = words };
    bool has_all = true;
    while (has_all && terms_next(&wanted)) {
        struct terms terms = { .text = title };
        has_all = false;
        while (!has_all && terms_next(&terms))
            has_all =
                slice_starts(buf_slice(&terms.term), buf_string(&wanted.term));
        terms_clear(&terms);
    }
    terms_clear(&wanted);
    return has_all;
}

static char *column_string(struct db_query *query, int column)
{
    struct slice text = db_column_bytes(query, column);
    return memory_copy(text.ptr, text.len);
}

static void add_row(struct index_rows *rows, struct db_query *query)
{
    struct index_row *row = array_add(&rows->items);
    *row = (struct index_row){
        .title = column_string(query, 1),
        .is_named = db_column_number(query, 2),
        .model = column_string(query, 3),
        .created_at = db_column_number(query, 4),
        .updated_at = db_column_number(query, 5),
        .turns = db_column_number(query, 6),
        .nodes = db_column_number(query, 7),
        .input = db_column_number(query, 8),
        .output = db_column_number(query, 9),
        .cost = db_column_real(query, 10),
    };
    snprintf(row->id.text, sizeof row->id.text, "%.*s",
             SLICE_ARG(db_column_bytes(query, 0)));
}

enum index_result index_list(struct index *index, struct slice words,
                             size_t limit, struct index_rows *rows,
                             struct error *err)
{
    enum db_step step = DB_FAILED;
    struct db_query *query = db_prepare(
        index->db,
        "SELECT id, iif(title = '', opening, title), title <> '', model,"
        " created_at, updated_at, turns, nodes, input, output, cost"
        " FROM session ORDER BY updated_at DESC, id",
        err);
    while (query && (!limit || rows->items.count < limit) &&
           (step = db_step(query, err)) == DB_ROW) {
        if (has_words(words, db_column_bytes(query, 1)))
            add_row(rows, query);
    }
    db_query_free(query);
    return query && step != DB_FAILED ? INDEX_DONE : index_outcome(index, err);
}

void index_rows_clear(struct index_rows *rows)
{
    for (size_t i = 0; i < rows->items.count; i++) {
        free(rows->items.items[i].title);
        free(rows->items.items[i].model);
    }
    array_clear(&rows->items);
}
