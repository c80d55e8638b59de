/* SPDX-License-Identifier: MIT */
#include "store/librarian.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/path.h"
#include "store/session.h"
#include "store/session_list.h"

/* What was taken of a session by this program. */
struct noted {
    struct session_id id;
    uint64_t seq;
};

struct librarian {
    struct store *store;
    bool is_closed, is_looking;
    ARRAY_OF(struct noted) noted;
    /* Of the thread. */
    struct index *index;          /* NULL: not opened yet, or it could not be */
    struct session_list sessions; /* that are still to be looked at */
    size_t next;
    bool has_list;
};

struct job {
    struct librarian *librarian;
    struct session_id id;
    struct digest digest;
    struct search_query query;
    size_t limit;
    struct search_hits hits;
    librarian_hits_fn *fn;
    void *context;
    enum index_result result;
    struct error err;
};

/* The thread. */

static bool open_index(struct job *job)
{
    struct librarian *librarian = job->librarian;
    struct buf path = { 0 };
    if (!librarian->index) {
        store_path(librarian->store, &path, "index.db");
        if (path_make_way(path.ptr, &job->err))
            librarian->index = index_open(path.ptr, &job->err);
        buf_clear(&path);
    }
    job->result = INDEX_FAILED;
    return librarian->index != NULL;
}

static struct index_stamp stamp_of(const struct store *store, const char *id)
{
    struct index_stamp stamp = { 0 };
    struct buf path = { 0 };
    struct stat info;
    store_session_path(store, &path, id);
    if (stat(path.ptr, &info) == 0)
        stamp = (struct index_stamp){
            .size = info.st_size,
            .changed_at = (int64_t)info.st_mtim.tv_sec * 1000000000 +
                          info.st_mtim.tv_nsec,
        };
    buf_clear(&path);
    return stamp;
}

static void do_note(void *context)
{
    struct job *job = context;
    struct librarian *librarian = job->librarian;
    struct index_stamp stamp = stamp_of(librarian->store, job->id.text);
    if (open_index(job))
        job->result =
            index_put(librarian->index, &job->digest, &stamp, &job->err);
}

static void do_forget(void *context)
{
    struct job *job = context;
    if (open_index(job))
        job->result =
            index_forget(job->librarian->index, job->id.text, &job->err);
}

static void do_search(void *context)
{
    struct job *job = context;
    if (open_index(job))
        job->result = index_search(job->librarian->index, &job->query,
                                   job->limit, &job->hits, &job->err);
}

static bool is_indexed(struct index *index, const struct session_entry *entry)
{
    struct index_mark mark;
    return index_find(index, entry->id.text, &mark) &&
           mark.stamp.size == entry->size &&
           mark.stamp.changed_at == entry->changed_at;
}

/* The stamp is from before it was read: what came meanwhile is found the next
 * time. One that cannot be read is asked again only once it has changed. */
static enum index_result read_one(struct index *index,
                                  const struct store *store,
                                  const struct session_entry *entry,
                                  struct error *err)
{
    struct session session;
    struct digest digest = { 0 };
    const struct session_wish wish = {
        .id = entry->id.text,
        .mode = SESSION_FILE_READ,
        .or_read = true,
    };
    const struct index_stamp stamp = { entry->size, entry->changed_at };
    session_read(store, &wish, &session);
    bool is_read = session.graph != NULL;
    if (!is_read)
        session.graph = graph_new();
    /* Of one that is damaged, what was indexed before stays. */
    digest_make(&digest, entry->id.text, session.graph, is_read ? 0 : 1);
    session_clear(&session);
    enum index_result result = index_put(index, &digest, &stamp, err);
    digest_clear(&digest);
    return result;
}

static bool has_session(const struct session_list *list, const char *id)
{
    for (size_t i = 0; i < list->entries.count; i++) {
        if (!strcmp(list->entries.items[i].id.text, id))
            return true;
    }
    return false;
}

static enum index_result forget_gone(struct index *index,
                                     const struct session_list *list,
                                     struct error *err)
{
    struct index_rows rows = { 0 };
    enum index_result result = index_list(index, slice_of(""), 0, &rows, err);
    for (size_t i = 0; i < rows.items.count && result == INDEX_DONE; i++) {
        const char *id = rows.items.items[i].id.text;
        if (!has_session(list, id))
            result = index_forget(index, id, err);
    }
    index_rows_clear(&rows);
    return result;
}

enum index_result librarian_read_all(struct index *index,
                                     const struct store *store,
                                     struct error *err)
{
    struct session_list list = { 0 };
    enum index_result result = INDEX_FAILED;
    if (session_list_read(&list, store, err))
        result = forget_gone(index, &list, err);
    for (size_t i = 0; i < list.entries.count && result == INDEX_DONE; i++) {
        const struct session_entry *entry = &list.entries.items[i];
        if (!is_indexed(index, entry))
            result = read_one(index, store, entry, err);
    }
    session_list_clear(&list);
    return result;
}

static void end_looking(struct librarian *librarian)
{
    session_list_clear(&librarian->sessions);
    librarian->has_list = false;
    librarian->next = 0;
}

/* The next one that has changed; INDEX_LATER: there may be more. */
static enum index_result look_further(struct librarian *librarian,
                                      struct error *err)
{
    struct session_list *list = &librarian->sessions;
    enum index_result result = INDEX_DONE;
    if (!librarian->has_list) {
        librarian->has_list = true;
        if (!session_list_read(list, librarian->store, err))
            return INDEX_FAILED;
        result = forget_gone(librarian->index, list, err);
    }
    while (result == INDEX_DONE && librarian->next < list->entries.count) {
        const struct session_entry *entry =
            &list->entries.items[librarian->next++];
        if (is_indexed(librarian->index, entry))
            continue;
        result = read_one(librarian->index, librarian->store, entry, err);
        return result == INDEX_DONE ? INDEX_LATER : INDEX_FAILED;
    }
    return result == INDEX_DONE && index_tidy(librarian->index) ? INDEX_LATER
                                                                : INDEX_DONE;
}

static void do_look(void *context)
{
    struct job *job = context;
    if (open_index(job))
        job->result = look_further(job->librarian, &job->err);
    if (job->result != INDEX_LATER)
        end_looking(job->librarian);
}

static void do_close(void *context)
{
    struct job *job = context;
    index_close(job->librarian->index);
    end_looking(job->librarian);
}

/* The loop. */

static struct job *new_job(struct librarian *librarian, const char *id)
{
    struct job *job = memory_zero(1, sizeof *job);
    job->librarian = librarian;
    snprintf(job->id.text, sizeof job->id.text, "%s", id);
    return job;
}

static void free_job(struct job *job)
{
    digest_clear(&job->digest);
    search_query_clear(&job->query);
    free(job);
}

struct librarian *librarian_new(struct store *store)
{
    struct librarian *librarian = memory_zero(1, sizeof *librarian);
    librarian->store = store;
    return librarian;
}

static void on_closed(void *context, void *done)
{
    struct librarian *librarian = context;
    free_job(done);
    array_clear(&librarian->noted);
    free(librarian);
}

void librarian_close(struct librarian *librarian)
{
    if (!librarian)
        return;
    librarian->is_closed = true;
    store_post(librarian->store, do_close, on_closed, librarian,
               new_job(librarian, ""));
}

static struct noted *find_noted(struct librarian *librarian, const char *id)
{
    for (size_t i = 0; i < librarian->noted.count; i++) {
        if (!strcmp(librarian->noted.items[i].id.text, id))
            return &librarian->noted.items[i];
    }
    struct noted *noted = array_add(&librarian->noted);
    *noted = (struct noted){ 0 };
    snprintf(noted->id.text, sizeof noted->id.text, "%s", id);
    return noted;
}

/* What was not taken is all taken the next time. */
static void on_noted(void *context, void *done)
{
    struct job *job = done;
    if (job->result != INDEX_DONE)
        find_noted(context, job->id.text)->seq = 0;
    free_job(job);
}

void librarian_note(struct librarian *librarian, const char *id,
                    const struct graph *graph)
{
    struct noted *noted = find_noted(librarian, id);
    if (noted->seq == graph_seq(graph))
        return;
    struct job *job = new_job(librarian, id);
    digest_make(&job->digest, id, graph, noted->seq);
    noted->seq = job->digest.seq;
    store_post(librarian->store, do_note, on_noted, librarian, job);
}

/* Its words are still to be tidied away. */
static void on_forgotten(void *context, void *done)
{
    struct librarian *librarian = context;
    free_job(done);
    if (!librarian->is_closed)
        librarian_look(librarian);
}

void librarian_forget(struct librarian *librarian, const char *id)
{
    find_noted(librarian, id)->seq = 0;
    store_post(librarian->store, do_forget, on_forgotten, librarian,
               new_job(librarian, id));
}

static void on_looked(void *context, void *done)
{
    struct librarian *librarian = context;
    struct job *job = done;
    bool goes_on = job->result == INDEX_LATER && !librarian->is_closed;
    librarian->is_looking = false;
    free_job(job);
    if (goes_on)
        librarian_look(librarian);
}

void librarian_look(struct librarian *librarian)
{
    if (librarian->is_looking)
        return;
    librarian->is_looking = true;
    store_post(librarian->store, do_look, on_looked, librarian,
               new_job(librarian, ""));
}

bool librarian_is_looking(const struct librarian *librarian)
{
    return librarian->is_looking;
}

static void on_found(void *context, void *done)
{
    const struct librarian *librarian = context;
    struct job *job = done;
    if (librarian->is_closed)
        search_hits_clear(&job->hits);
    else
        job->fn(job->context, job->result, &job->hits, &job->err);
    free_job(job);
}

void librarian_search(struct librarian *librarian, struct search_query *query,
                      size_t limit, librarian_hits_fn *fn, void *context)
{
    struct job *job = new_job(librarian, "");
    job->query = *query;
    *query = (struct search_query){ .since = INT64_MIN, .until = INT64_MAX };
    job->limit = limit;
    job->fn = fn;
    job->context = context;
    store_post(librarian->store, do_search, on_found, librarian, job);
}

void librarian_forget_once(struct store *store, const char *id)
{
    struct librarian *librarian = librarian_new(store);
    librarian_forget(librarian, id);
    librarian_close(librarian);
}
