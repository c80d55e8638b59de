/* SPDX-License-Identifier: MIT */
#include "store/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "store/migration.h"
#include "store/session_file.h"

struct state_file {
    const struct migration *format;
    struct buf path, aside;
    struct db *db; /* NULL: it is not open */
    bool may_write;
    struct stat identity; /* of the file that was opened */
    enum db_fault fault;
};

static const char *const steps[] = {
    "CREATE TABLE prompt(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, "
    "bytes INTEGER NOT NULL, text TEXT NOT NULL);"
    "CREATE TABLE draft(session TEXT PRIMARY KEY, at INTEGER NOT NULL, "
    "owner TEXT NOT NULL, files BLOB NOT NULL, text TEXT NOT NULL);"
    "CREATE TABLE note(area TEXT NOT NULL, key TEXT NOT NULL, "
    "at INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, "
    "PRIMARY KEY(area, key))",
};

static const struct migration migration = {
    .application_id = 0x736e7473, /* "snts" */
    .what = "the state of sennit",
    .steps = steps,
    .step_count = COUNTOF(steps),
};

/* Others commit, too; what waits here keeps the journals waiting. */
static const char short_patience[] = "PRAGMA busy_timeout=250";

void state_note_clear(struct state_note *note)
{
    free(note->area);
    free(note->key);
    free(note->text);
}

void state_rows_clear(struct state_rows *rows)
{
    for (size_t i = 0; i < rows->prompts.count; i++)
        free(rows->prompts.items[i]);
    for (size_t i = 0; i < rows->notes.count; i++)
        state_note_clear(&rows->notes.items[i]);
    array_clear(&rows->prompts);
    array_clear(&rows->notes);
}

struct state_file *state_file_of(struct buf *take_path,
                                 const struct migration *format)
{
    struct state_file *file = memory_zero(1, sizeof *file);
    file->format = format;
    file->path = *take_path;
    *take_path = (struct buf){ 0 };
    return file;
}

struct state_file *state_file_new(struct buf *take_path)
{
    return state_file_of(take_path, &migration);
}

static void close_db(struct state_file *file)
{
    db_close(file->db);
    file->db = NULL;
}

void state_file_free(struct state_file *file)
{
    if (!file)
        return;
    close_db(file);
    buf_clear(&file->path);
    buf_clear(&file->aside);
    free(file);
}

const char *state_file_path(const struct state_file *file)
{
    return buf_string(&file->path);
}

const char *state_file_aside(const struct state_file *file)
{
    return file->aside.len ? file->aside.ptr : NULL;
}

/* Whether the file of that name is the one that was opened. */
static bool is_there(const struct state_file *file)
{
    struct stat now;
    return stat(file->path.ptr, &now) == 0 &&
           now.st_ino == file->identity.st_ino &&
           now.st_dev == file->identity.st_dev;
}

static bool fail(struct state_file *file, enum db_fault fault)
{
    file->fault = fault;
    close_db(file);
    return false;
}

static bool check(struct state_file *file, enum db_mode mode, struct error *err)
{
    enum migration_result result =
        mode == DB_WRITE
            ? migration_run(file->db, file->path.ptr, file->format, err)
            : migration_check(file->db, file->format, err);
    if (result == MIGRATION_CURRENT)
        return true;
    /* What SQLite refuses names the file by itself. */
    if (result != MIGRATION_FAILED)
        error_context(err, "%s", file->path.ptr);
    return fail(file, result == MIGRATION_FOREIGN  ? DB_DAMAGED
                      : result == MIGRATION_FAILED ? db_fault(file->db)
                                                   : DB_READ_ONLY);
}

static bool open_as(struct state_file *file, enum db_mode mode,
                    struct error *err)
{
    enum db_fault fault = DB_BROKEN;
    file->identity = (struct stat){ 0 };
    if (mode == DB_WRITE && !path_make_way(file->path.ptr, err))
        return fail(file, DB_READ_ONLY);
    stat(file->path.ptr, &file->identity);
    file->db = db_open(file->path.ptr, mode, &fault, err);
    if (!file->db)
        return fail(file, fault);
    if (!check(file, mode, err))
        return false;
    if (stat(file->path.ptr, &file->identity) < 0) {
        error_system(err, "%s", file->path.ptr);
        return fail(file, DB_BROKEN);
    }
    if (!db_run(file->db, short_patience, err))
        return fail(file, db_fault(file->db));
    file->may_write = mode == DB_WRITE;
    return true;
}

static bool open_it(struct state_file *file, enum db_mode mode,
                    struct error *err)
{
    struct error why;
    if (file->db && is_there(file) && (file->may_write || mode == DB_READ))
        return true;
    close_db(file);
    if (open_as(file, DB_WRITE, err))
        return true;
    /* What may not be written may be read; why not is the first answer. */
    enum db_fault fault = file->fault;
    bool ok = mode == DB_READ && fault == DB_READ_ONLY &&
              open_as(file, DB_READ, &why);
    file->fault = fault;
    return ok;
}

/* Another sennit may see the same damage at the same time: what has the name by
 * now may be its new file. Whoever moves it has the directory locked. */
static bool put_aside(struct state_file *file, struct error *err)
{
    struct buf directory = { 0 };
    buf_append(&directory, file->path.ptr,
               (size_t)(strrchr(file->path.ptr, '/') - file->path.ptr) + 1);
    int fd = open(directory.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        flock(fd, LOCK_EX);
    buf_reset(&file->aside);
    bool ok = !is_there(file) ||
              session_file_put_aside(file->path.ptr, &file->aside, err);
    if (fd >= 0)
        close(fd);
    buf_clear(&directory);
    return ok;
}

static bool work(struct state_file *file, enum db_mode mode, state_work_fn *fn,
                 void *context, struct error *err)
{
    if (!open_it(file, mode, err))
        return false;
    if (fn(file->db, context, err))
        return true;
    enum db_fault fault = db_fault(file->db);
    /* It is opened again for the next one: so much may have happened. */
    return fail(file, fault);
}

static bool run(struct state_file *file, enum db_mode mode, state_work_fn *fn,
                void *context, struct error *err)
{
    if (work(file, mode, fn, context, err))
        return true;
    return file->fault == DB_DAMAGED && put_aside(file, err) &&
           work(file, mode, fn, context, err);
}

bool state_file_write(struct state_file *file, state_work_fn *fn, void *context,
                      enum db_fault *fault, struct error *err)
{
    bool ok = run(file, DB_WRITE, fn, context, err);
    *fault = ok ? DB_FINE : file->fault;
    return ok;
}

bool state_file_read(struct state_file *file, state_work_fn *fn, void *context,
                     enum db_fault *fault, struct error *err)
{
    /* To read nothing no file is made. */
    *fault = DB_FINE;
    if (access(file->path.ptr, F_OK) < 0 && errno == ENOENT)
        return true;
    bool ok = run(file, DB_READ, fn, context, err);
    *fault = !ok ? file->fault : file->may_write ? DB_FINE : DB_READ_ONLY;
    return ok;
}

static char *column_string(struct db_query *query, int column)
{
    struct slice text = db_column_bytes(query, column);
    return memory_copy(text.ptr, text.len);
}

static bool load_prompts(struct db *db, struct state_rows *rows,
                         struct error *err)
{
    enum db_step step = DB_FAILED;
    struct db_query *query =
        db_prepare(db, "SELECT text FROM prompt ORDER BY id", err);
    while (query && (step = db_step(query, err)) == DB_ROW)
        *array_add(&rows->prompts) = column_string(query, 0);
    db_query_free(query);
    return step == DB_DONE;
}

static bool load_notes(struct db *db, struct state_rows *rows,
                       struct error *err)
{
    enum db_step step = DB_FAILED;
    struct db_query *query =
        db_prepare(db, "SELECT area, key, text, number, at FROM note", err);
    while (query && (step = db_step(query, err)) == DB_ROW)
        *array_add(&rows->notes) = (struct state_note){
            .area = column_string(query, 0),
            .key = column_string(query, 1),
            .text = column_string(query, 2),
            .number = db_column_number(query, 3),
            .at = db_column_number(query, 4),
        };
    db_query_free(query);
    return step == DB_DONE;
}

bool state_file_load(struct db *db, void *context, struct error *err)
{
    struct state_rows *rows = context;
    state_rows_clear(rows);
    return load_prompts(db, rows, err) && load_notes(db, rows, err);
}
