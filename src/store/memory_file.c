/* SPDX-License-Identifier: MIT */
#include "store/memory_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "graph/redaction.h"
#include "store/memory_rank.h"
#include "store/migration.h"
#include "store/terms.h"

enum {
    CANDIDATES = 64, /* by their words, and as many by their vectors */
    BUSY_TRIES = 8,  /* a quarter of a second each, while others write */
};

static const char *const steps[] = {
    "CREATE TABLE entry(id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "text TEXT NOT NULL, tags TEXT NOT NULL, importance REAL NOT NULL, "
    "made_at INTEGER NOT NULL, used_at INTEGER NOT NULL, "
    "uses INTEGER NOT NULL, private INTEGER NOT NULL);"
    "CREATE TABLE vector(id INTEGER PRIMARY KEY, model TEXT NOT NULL, "
    "data BLOB NOT NULL);"
    "CREATE VIRTUAL TABLE found USING fts5(text, tags, content='', "
    "tokenize='ascii');",
};

static const struct migration format = {
    .application_id = 0x736e6d65, /* "snme" */
    .what = "the memory of sennit",
    .steps = steps,
    .step_count = COUNTOF(steps),
};

#define COLUMNS                                                          \
    "e.id, e.text, e.tags, e.importance, e.made_at, e.used_at, e.uses, " \
    "e.private"

void memory_job_clear(struct memory_job *job)
{
    buf_clear(&job->text);
    buf_clear(&job->model);
    memory_entry_clear(&job->entry);
    array_clear(&job->ids);
    memory_list_clear(&job->found);
}

bool memory_job_writes(const struct memory_job *job)
{
    return job->deed != MEMORY_FIND && job->deed != MEMORY_LIST &&
           job->deed != MEMORY_BARE;
}

struct state_file *memory_file_new(struct buf *take_path)
{
    return state_file_of(take_path, &format);
}

/* Rows. */

static char *column_string(struct db_query *query, int column)
{
    struct slice text = db_column_bytes(query, column);
    return memory_copy(text.ptr, text.len);
}

static void take(struct db_query *query, struct memory_entry *entry)
{
    *entry = (struct memory_entry){
        .tier = MEMORY_LONG_TERM,
        .id = (uint64_t)db_column_number(query, 0),
        .text = column_string(query, 1),
        .tags = column_string(query, 2),
        .importance = db_column_real(query, 3),
        .made_at = db_column_number(query, 4),
        .used_at = db_column_number(query, 5),
        .uses = (uint64_t)db_column_number(query, 6),
        .is_private = db_column_number(query, 7) != 0,
    };
}

static bool take_all(struct db_query *query, struct memory_list *list,
                     struct error *err)
{
    enum db_step step;
    while ((step = db_step(query, err)) == DB_ROW)
        take(query, array_add(&list->items));
    return step == DB_DONE;
}

static bool load(struct db *db, const char *sql, struct memory_list *list,
                 struct error *err)
{
    struct db_query *query = db_prepare(db, sql, err);
    bool ok = query && take_all(query, list, err);
    db_query_free(query);
    return ok;
}

/* *is_there: one has this id; then *entry is it. */
static bool load_one(struct db *db, uint64_t id, struct memory_entry *entry,
                     bool *is_there, struct error *err)
{
    struct db_query *query =
        db_prepare(db, "SELECT " COLUMNS " FROM entry e WHERE id=?1", err);
    if (!query)
        return false;
    db_bind_number(query, 1, (int64_t)id);
    enum db_step step = db_step(query, err);
    *is_there = step == DB_ROW;
    if (*is_there)
        take(query, entry);
    db_query_free(query);
    return step != DB_FAILED;
}

/* Changes. */

static bool do_terms(struct db *db, const char *sql,
                     const struct memory_entry *entry, struct error *err)
{
    struct buf text = { 0 }, tags = { 0 };
    struct db_query *query = db_prepare(db, sql, err);
    terms_append(&text, slice_of(entry->text));
    terms_append(&tags, slice_of(entry->tags));
    if (query) {
        db_bind_number(query, 1, (int64_t)entry->id);
        db_bind_text(query, 2, slice_of(buf_string(&text)));
        db_bind_text(query, 3, slice_of(buf_string(&tags)));
    }
    bool ok = query && db_do(query, err);
    db_query_free(query);
    buf_clear(&text);
    buf_clear(&tags);
    return ok;
}

static bool do_id(struct db *db, const char *sql, uint64_t id, int64_t now,
                  struct error *err)
{
    struct db_query *query = db_prepare(db, sql, err);
    if (query)
        db_bind_number(query, 1, (int64_t)id);
    if (query && now)
        db_bind_number(query, 2, now);
    bool ok = query && db_do(query, err);
    db_query_free(query);
    return ok;
}

/* As it is on disk: what FTS5 has of it has to be told once more. */
static bool drop(struct db *db, const struct memory_entry *entry,
                 struct error *err)
{
    return do_terms(db,
                    "INSERT INTO found(found, rowid, text, tags) "
                    "VALUES('delete', ?1, ?2, ?3)",
                    entry, err) &&
           do_id(db, "DELETE FROM entry WHERE id=?1", entry->id, 0, err) &&
           do_id(db, "DELETE FROM vector WHERE id=?1", entry->id, 0, err);
}

/* An entry with the id 0 gets its own. */
static bool put(struct db *db, struct memory_entry *entry, struct error *err)
{
    struct db_query *query =
        db_prepare(db,
                   "INSERT INTO entry VALUES(nullif(?1, 0), ?2, ?3, ?4, ?5, "
                   "?6, ?7, ?8) RETURNING id",
                   err);
    if (!query)
        return false;
    db_bind_number(query, 1, (int64_t)entry->id);
    db_bind_text(query, 2, slice_of(entry->text));
    db_bind_text(query, 3, slice_of(entry->tags));
    db_bind_real(query, 4, entry->importance);
    db_bind_number(query, 5, entry->made_at);
    db_bind_number(query, 6, entry->used_at);
    db_bind_number(query, 7, (int64_t)entry->uses);
    db_bind_number(query, 8, entry->is_private);
    bool ok = db_step(query, err) == DB_ROW;
    if (ok)
        entry->id = (uint64_t)db_column_number(query, 0);
    ok = ok && db_step(query, err) == DB_DONE;
    db_query_free(query);
    return ok && do_terms(db,
                          "INSERT INTO found(rowid, text, tags) "
                          "VALUES(?1, ?2, ?3)",
                          entry, err);
}

/* FTS5 keeps what was deleted until its parts are merged. */
static bool tidy(struct db *db, struct error *err)
{
    return db_run(db, "INSERT INTO found(found) VALUES('optimize')", err);
}

/* The tags of both, each once. */
static void merge_tags(struct memory_entry *entry,
                       const struct memory_entry *newer)
{
    struct buf tags = { 0 };
    buf_append_string(&tags, entry->tags);
    for (const char *at = newer->tags; *at;) {
        size_t len = strcspn(at, " ");
        struct slice tag = { at, len };
        if (!memory_entry_has_tag(entry, tag) &&
            tags.len + len < MEMORY_TAGS_MAX)
            buf_printf(&tags, "%s%.*s", tags.len ? " " : "", SLICE_ARG(tag));
        at += len;
        at += strspn(at, " ");
    }
    free(entry->tags);
    entry->tags = buf_steal(&tags);
}

static void update(struct memory_entry *entry, const struct memory_entry *newer)
{
    merge_tags(entry, newer);
    free(entry->text);
    entry->text = memory_string(newer->text);
    entry->importance = newer->importance;
    entry->used_at = newer->used_at;
    entry->is_private |= newer->is_private;
}

static bool forget_least(struct db *db, struct memory_job *job,
                         struct memory_list *all, struct error *err)
{
    while (all->items.count > job->most) {
        size_t least = memory_list_least(all, MEMORY_LONG_TERM, job->now,
                                         job->half_life_ms);
        if (!drop(db, &all->items.items[least], err))
            return false;
        memory_entry_copy(array_add(&job->found.items),
                          &all->items.items[least]);
        memory_list_remove(all, least);
    }
    return tidy(db, err);
}

static bool add(struct db *db, struct memory_job *job, struct error *err)
{
    struct memory_list all = { 0 };
    size_t at = 0;
    bool ok =
        load(db, "SELECT " COLUMNS " FROM entry e ORDER BY id", &all, err);
    while (at < all.items.count &&
           !word_set_says_same(slice_of(all.items.items[at].text),
                               slice_of(job->entry.text)))
        at++;
    job->was_there = at < all.items.count;
    if (job->was_there) {
        ok = ok && drop(db, &all.items.items[at], err);
        update(&all.items.items[at], &job->entry);
    } else {
        memory_entry_copy(array_add(&all.items), &job->entry);
        all.items.items[at].tier = MEMORY_LONG_TERM;
        all.items.items[at].id = 0;
    }
    ok = ok && put(db, &all.items.items[at], err);
    memory_entry_copy(array_add(&job->found.items), &all.items.items[at]);
    ok = ok && forget_least(db, job, &all, err);
    memory_list_clear(&all);
    return ok;
}

/* What others have forgotten meanwhile stays so: nothing is found then. */
static bool change(struct db *db, struct memory_job *job, struct error *err)
{
    struct memory_entry entry = { 0 };
    bool is_there = false;
    bool ok = load_one(db, job->entry.id, &entry, &is_there, err);
    if (!ok || !is_there)
        return ok;
    ok = drop(db, &entry, err);
    free(entry.text);
    entry.text = memory_string(job->entry.text);
    entry.used_at = job->now;
    entry.is_private |= job->entry.is_private;
    ok = ok && put(db, &entry, err) && tidy(db, err);
    *array_add(&job->found.items) = entry;
    return ok;
}

static bool forget(struct db *db, struct memory_job *job, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < job->ids.count; i++) {
        struct memory_entry entry = { 0 };
        bool is_there = false;
        ok = load_one(db, job->ids.items[i], &entry, &is_there, err) &&
             (!is_there || drop(db, &entry, err));
        if (is_there)
            *array_add(&job->found.items) = entry;
    }
    return ok && tidy(db, err);
}

static bool touch(struct db *db, const struct memory_job *job,
                  struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < job->ids.count; i++)
        ok = do_id(db,
                   "UPDATE entry SET uses=uses+1, used_at=max(used_at, ?2) "
                   "WHERE id=?1",
                   job->ids.items[i], job->now, err);
    return ok;
}

/* Of an entry that was changed since it is another text's: the next look finds
 * that it has none. */
static bool embed(struct db *db, const struct memory_job *job,
                  struct error *err)
{
    struct db_query *query =
        db_prepare(db,
                   "INSERT OR REPLACE INTO vector SELECT ?1, ?2, ?3 "
                   "FROM entry WHERE id=?1 AND text=?4",
                   err);
    bool ok = query != NULL;
    for (size_t i = 0; ok && i < job->found.items.count; i++) {
        const struct memory_entry *entry = &job->found.items.items[i];
        db_bind_number(query, 1, (int64_t)entry->id);
        db_bind_text(query, 2, slice_of(buf_string(&job->model)));
        db_bind_bytes(
            query, 3,
            (struct slice){ (const char *)entry->vector,
                            entry->dimension * sizeof *entry->vector });
        db_bind_text(query, 4, slice_of(entry->text));
        ok = db_do(query, err);
    }
    db_query_free(query);
    return ok;
}

static bool redact_one(struct db *db, struct memory_job *job,
                       struct memory_entry *entry, struct error *err)
{
    struct buf text = { 0 }, tags = { 0 };
    uint64_t places =
        redaction_append(&text, slice_of(entry->text), buf_slice(&job->text)) +
        redaction_append(&tags, slice_of(entry->tags), buf_slice(&job->text));
    bool ok = !places || drop(db, entry, err);
    if (places) {
        free(entry->text);
        free(entry->tags);
        entry->text = buf_steal(&text);
        entry->tags = buf_steal(&tags);
        ok = ok && put(db, entry, err);
    }
    job->places += places;
    buf_clear(&text);
    buf_clear(&tags);
    return ok;
}

static bool redact(struct db *db, struct memory_job *job, struct error *err)
{
    struct memory_list all = { 0 };
    bool ok = load(db, "SELECT " COLUMNS " FROM entry e", &all, err);
    for (size_t i = 0; ok && i < all.items.count; i++)
        ok = redact_one(db, job, &all.items.items[i], err);
    memory_list_clear(&all);
    return ok && (!job->places || tidy(db, err));
}

/* Looks. */

static bool is_in(const struct memory_list *list, uint64_t id)
{
    for (size_t i = 0; i < list->items.count; i++)
        if (list->items.items[i].tier == MEMORY_LONG_TERM &&
            list->items.items[i].id == id)
            return true;
    return false;
}

/* Those that share a word, or have all, the best of them by bm25; those of importance 1. */
static bool find_words(struct db *db, struct memory_job *job,
                       const struct word_set *words, struct error *err)
{
    struct buf match = { 0 };
    bool ok = true;
    word_set_append_match(words, job->needs_all, &match);
    if (match.len) {
        struct db_query *query = db_prepare(
            db,
            "SELECT " COLUMNS " FROM found JOIN entry e ON e.id=found.rowid "
            "WHERE found MATCH ?1 AND e.private<=?2 AND e.importance<?4 "
            "ORDER BY found.rank, e.id LIMIT ?3",
            err);
        if (query) {
            db_bind_text(query, 1, buf_slice(&match));
            db_bind_number(query, 2, job->takes_private);
            db_bind_number(query, 3, CANDIDATES);
            db_bind_number(query, 4, job->needs_all ? 2 : 1);
        }
        ok = query && take_all(query, &job->found, err);
        db_query_free(query);
    }
    buf_clear(&match);
    if (job->needs_all)
        return ok;
    return ok &&
           load(db,
                job->takes_private ? "SELECT " COLUMNS " FROM entry e "
                                     "WHERE importance>=1 ORDER BY id LIMIT 100"
                                   : "SELECT " COLUMNS " FROM entry e "
                                     "WHERE importance>=1 AND private=0 "
                                     "ORDER BY id LIMIT 100",
                &job->found, err);
}

struct near {
    uint64_t id;
    double cosine;
};

struct nearest {
    struct near items[CANDIDATES];
    size_t count;
    struct memory_spread spread;
};

static void note_near(struct nearest *nearest, struct near found)
{
    size_t at = nearest->count;
    if (at == CANDIDATES && found.cosine <= nearest->items[at - 1].cosine)
        return;
    if (at == CANDIDATES)
        at--;
    else
        nearest->count++;
    for (; at > 0 && nearest->items[at - 1].cosine < found.cosine; at--)
        nearest->items[at] = nearest->items[at - 1];
    nearest->items[at] = found;
}

/* The bytes of a row lie anywhere. */
static bool take_vector(struct slice data, size_t dimension, float *vector)
{
    if (data.len != dimension * sizeof *vector || !data.len)
        return false;
    memcpy(vector, data.ptr, data.len);
    return true;
}

static bool look_near(struct db *db, const struct memory_job *job,
                      struct nearest *nearest, struct error *err)
{
    struct db_query *query = db_prepare(
        db,
        "SELECT v.id, v.data FROM vector v JOIN entry e ON e.id=v.id "
        "WHERE v.model=?1 AND e.private<=?2",
        err);
    size_t dimension = job->entry.dimension;
    float *vector = memory_alloc(dimension * sizeof *vector);
    enum db_step step = DB_FAILED;
    if (query) {
        db_bind_text(query, 1, buf_slice(&job->model));
        db_bind_number(query, 2, job->takes_private);
    }
    while (query && (step = db_step(query, err)) == DB_ROW) {
        if (!take_vector(db_column_bytes(query, 1), dimension, vector))
            continue;
        double cosine = memory_cosine(job->entry.vector, vector, dimension);
        memory_spread_add(&nearest->spread, cosine);
        note_near(nearest, (struct near){ (uint64_t)db_column_number(query, 0),
                                          cosine });
    }
    db_query_free(query);
    free(vector);
    return step == DB_DONE;
}

/* Of what was found, also by its words. */
static bool load_vectors(struct db *db, struct memory_job *job,
                         struct error *err)
{
    struct db_query *query =
        db_prepare(db, "SELECT data FROM vector WHERE id=?1 AND model=?2", err);
    bool ok = query != NULL;
    for (size_t i = 0; ok && i < job->found.items.count; i++) {
        struct memory_entry *entry = &job->found.items.items[i];
        if (entry->tier != MEMORY_LONG_TERM || entry->dimension)
            continue;
        db_bind_number(query, 1, (int64_t)entry->id);
        db_bind_text(query, 2, buf_slice(&job->model));
        enum db_step step = db_step(query, err);
        ok = step != DB_FAILED;
        float *vector =
            memory_alloc(job->entry.dimension * sizeof *entry->vector);
        if (step == DB_ROW && take_vector(db_column_bytes(query, 0),
                                          job->entry.dimension, vector)) {
            entry->vector = vector;
            entry->dimension = job->entry.dimension;
        } else {
            free(vector);
        }
        db_reset(query);
    }
    db_query_free(query);
    return ok;
}

static bool find_near(struct db *db, struct memory_job *job,
                      struct memory_spread *spread, struct error *err)
{
    struct nearest nearest = { .count = 0 };
    bool ok = look_near(db, job, &nearest, err);
    for (size_t i = 0; ok && i < nearest.count; i++) {
        struct memory_entry entry = { 0 };
        bool is_there = false;
        if (is_in(&job->found, nearest.items[i].id))
            continue;
        ok = load_one(db, nearest.items[i].id, &entry, &is_there, err);
        if (is_there)
            *array_add(&job->found.items) = entry;
    }
    *spread = nearest.spread;
    return ok && load_vectors(db, job, err);
}

static bool list_named(struct db *db, struct memory_job *job, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < job->ids.count; i++) {
        struct memory_entry entry = { 0 };
        bool is_there = false;
        ok = load_one(db, job->ids.items[i], &entry, &is_there, err);
        if (is_there)
            *array_add(&job->found.items) = entry;
    }
    return ok;
}

static bool list_bare(struct db *db, struct memory_job *job, struct error *err)
{
    struct db_query *query = db_prepare(
        db,
        "SELECT " COLUMNS " FROM entry e WHERE NOT EXISTS(SELECT 1 "
        "FROM vector v WHERE v.id=e.id AND v.model=?1) ORDER BY id LIMIT ?2",
        err);
    if (query) {
        db_bind_text(query, 1, buf_slice(&job->model));
        db_bind_number(query, 2, MEMORY_BARE_MAX);
    }
    bool ok = query && take_all(query, &job->found, err);
    db_query_free(query);
    return ok;
}

/* A job, and what only a look needs. */
struct deed {
    struct memory_job *job;
    struct word_set words;
    struct memory_spread spread;
    size_t given; /* entries that stood in its list before */
};

static void drop_found(struct deed *deed)
{
    struct memory_list *found = &deed->job->found;
    while (found->items.count > deed->given)
        memory_list_remove(found, found->items.count - 1);
}

static bool look(struct db *db, void *context, struct error *err)
{
    struct deed *deed = context;
    struct memory_job *job = deed->job;
    drop_found(deed);
    switch (job->deed) {
    case MEMORY_LIST:
        return job->ids.count
                   ? list_named(db, job, err)
                   : load(db,
                          "SELECT " COLUMNS " FROM entry e ORDER BY id DESC",
                          &job->found, err);
    case MEMORY_BARE: return list_bare(db, job, err);
    default:
        return find_words(db, job, &deed->words, err) &&
               (!job->entry.dimension ||
                find_near(db, job, &deed->spread, err));
    }
}

static bool alter(struct db *db, struct memory_job *job, struct error *err)
{
    switch (job->deed) {
    case MEMORY_ADD: return add(db, job, err);
    case MEMORY_CHANGE: return change(db, job, err);
    case MEMORY_FORGET: return forget(db, job, err);
    case MEMORY_TOUCH: return touch(db, job, err);
    case MEMORY_EMBED: return embed(db, job, err);
    default: return redact(db, job, err);
    }
}

/* What is tried again begins with what it began with. */
static void begin_again(struct memory_job *job)
{
    if (job->deed != MEMORY_EMBED)
        memory_list_clear(&job->found);
    job->places = 0;
}

static bool work(struct db *db, void *context, struct error *err)
{
    struct memory_job *job = context;
    begin_again(job);
    bool ok = db_run(db, "PRAGMA secure_delete=ON", err) &&
              db_run(db, "BEGIN IMMEDIATE", err) && alter(db, job, err) &&
              db_run(db, "COMMIT", err);
    if (!ok)
        db_rollback(db);
    return ok;
}

/* Whether there is a file; what else is wrong with it is found by opening it. */
static bool is_there(const struct state_file *file)
{
    return access(state_file_path(file), F_OK) == 0 || errno != ENOENT;
}

static void do_work(struct state_file *file, struct memory_job *job)
{
    if (job->deed != MEMORY_ADD && !is_there(file))
        return;
    for (int tries = 0; tries < BUSY_TRIES; tries++) {
        struct error err = { 0 };
        bool ok = state_file_write(file, work, job, &job->fault, &err);
        job->err = ok ? (struct error){ 0 } : err;
        if (ok || job->fault != DB_BUSY)
            break;
    }
}

static void do_look(struct state_file *file, struct memory_job *job)
{
    struct deed deed = { .job = job, .given = job->found.items.count };
    struct error err = { 0 };
    if (job->deed == MEMORY_FIND && job->needs_all)
        word_set_add_all(&deed.words, buf_slice(&job->text));
    else if (job->deed == MEMORY_FIND)
        word_set_add(&deed.words, buf_slice(&job->text));
    if (!state_file_read(file, look, &deed, &job->fault, &err)) {
        job->err = err;
        drop_found(&deed);
    }
    const struct memory_ask ask = {
        .words = &deed.words,
        .vector = job->entry.dimension ? job->entry.vector : NULL,
        .dimension = job->entry.dimension,
        .spread = deed.spread,
        .most = job->most,
        .needs_all = job->needs_all,
        .now = job->now,
        .half_life_ms = job->half_life_ms,
    };
    if (job->deed == MEMORY_FIND)
        memory_rank(&job->found, &ask);
    word_set_clear(&deed.words);
}

void memory_file_do(struct state_file *file, struct memory_job *job)
{
    if (memory_job_writes(job))
        do_work(file, job);
    else
        do_look(file, job);
}
