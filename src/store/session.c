/* SPDX-License-Identifier: MIT */
#include "store/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "graph/private_mark.h"

void session_clear(struct session *session)
{
    log_free(session->log);
    graph_free(session->graph);
    session->log = NULL;
    session->graph = NULL;
}

struct reading {
    struct session *session;
    uint64_t until; /* 0: all */
};

static void fold(void *context, const struct event *event)
{
    const struct reading *reading = context;
    if (!reading->until || event->seq <= reading->until)
        graph_apply(reading->session->graph, event);
}

/* In place of what is lost stand events of no type. */
static void skip(struct reading *reading, uint64_t last)
{
    struct session *session = reading->session;
    while (log_last_seq(session->log) < last) {
        struct event nothing = { .type = EVENT_NONE, .at = 1 };
        log_append(session->log, &nothing);
        fold(reading, &nothing);
        session->lost++;
    }
}

static void take_batch(void *context, uint64_t first, uint64_t last,
                       struct slice bytes)
{
    struct reading *reading = context;
    struct log *log = reading->session->log;
    skip(reading, first - 1);
    if (log_last_seq(log) != first - 1)
        return; /* the batch before held more than it said */
    log_unpack(log, bytes, fold, reading);
    skip(reading, last);
}

static void read_file(struct session *session, struct session_file *file,
                      uint64_t until)
{
    struct reading reading = { session, until };
    session_clear(session);
    session->log = log_new();
    session->graph = graph_new();
    session->lost = 0;
    session_file_read(file, take_batch, &reading);
}

/* Begin a new file with what could be read of a damaged one. */
static enum session_file_result rewrite(struct session *session,
                                        struct session_opening *opening,
                                        struct session_file **file)
{
    struct buf bytes = { 0 };
    opening->mode = SESSION_FILE_MAKE;
    enum session_file_result result =
        session_file_open(opening, file, &session->err);
    bool ok = result == SESSION_FILE_OPEN &&
              session_file_begin_anew(*file, &opening->fault, &session->err);
    uint64_t seq = 0;
    while (ok && seq < log_last_seq(session->log)) {
        buf_reset(&bytes);
        uint64_t last =
            log_pack(session->log, seq + 1, SESSION_BATCH_MAX, &bytes);
        ok = session_file_append(*file, seq + 1, last, buf_slice(&bytes),
                                 &opening->fault, &session->err);
        seq = last;
    }
    ok = ok && session_file_commit(*file, &opening->fault, &session->err);
    buf_clear(&bytes);
    if (ok || result != SESSION_FILE_OPEN)
        return result;
    session_file_close(*file);
    *file = NULL;
    return SESSION_FILE_FAILED;
}

static void renew(struct session *session, struct session_opening *opening,
                  struct session_file **file)
{
    struct buf aside = { 0 };
    session_file_close(*file);
    *file = NULL;
    session->result = SESSION_FILE_FAILED;
    if (session_file_put_aside(opening->path, &aside, &session->err))
        session->result = rewrite(session, opening, file);
    if (session->result == SESSION_FILE_OPEN)
        error_set(&session->err, ERROR_SYSTEM,
                  "the file of this session was damaged: %" PRIu64
                  " events are lost; as it was it is kept in %s",
                  session->lost, buf_string(&aside));
    buf_clear(&aside);
}

/* A file that SQLite does not even open. */
static void salvage(struct session *session, struct session_opening *opening)
{
    struct buf aside = { 0 };
    if (opening->mode == SESSION_FILE_READ ||
        !session_file_put_aside(opening->path, &aside, &session->err)) {
        buf_clear(&aside);
        return;
    }
    error_set(&session->err, ERROR_SYSTEM,
              "the file of this session is damaged, nothing in it could be "
              "read; it is kept in %s",
              buf_string(&aside));
    buf_clear(&aside);
}

static bool may_be_read(const struct session_opening *opening,
                        enum session_file_result result)
{
    return result == SESSION_FILE_HELD || result == SESSION_FILE_NEWER ||
           (result == SESSION_FILE_FAILED && opening->fault == DB_READ_ONLY);
}

static void read_only(struct session *session, struct session_opening *opening,
                      uint64_t until)
{
    struct session_file *file;
    struct error err;
    opening->mode = SESSION_FILE_READ;
    if (session_file_open(opening, &file, &err) != SESSION_FILE_OPEN)
        return;
    read_file(session, file, until);
    session_file_close(file);
}

static void open_file(struct session *session, struct session_opening *opening)
{
    session->result = session_file_open(opening, &session->file, &session->err);
    session->was_left = opening->was_left;
}

static void read_open(struct session *session, struct session_opening *opening,
                      uint64_t until)
{
    bool is_sound = !opening->was_left || session_file_is_sound(session->file);
    read_file(session, session->file, until);
    bool has_failed = session_file_has_failed(session->file);
    if (has_failed && !session->lost)
        error_set(&session->err, ERROR_SYSTEM,
                  "the file of this session is damaged: what stands behind "
                  "event %" PRIu64 " could not be read",
                  log_last_seq(session->log));
    if (opening->mode == SESSION_FILE_WRITE &&
        (!is_sound || session->lost || has_failed))
        renew(session, opening, &session->file);
}

void session_read(const struct store *store, const struct session_wish *wish,
                  struct session *session)
{
    struct buf path = { 0 };
    if (wish->path)
        buf_append_string(&path, wish->path);
    else
        store_session_path(store, &path, wish->id);
    struct session_opening opening = { .path = path.ptr, .mode = wish->mode };
    *session = (struct session){ 0 };
    snprintf(session->id.text, sizeof session->id.text, "%s", wish->id);
    open_file(session, &opening);
    if (session->result == SESSION_FILE_OPEN)
        read_open(session, &opening, wish->until);
    else if (session->result == SESSION_FILE_FAILED &&
             opening.fault == DB_DAMAGED)
        salvage(session, &opening);
    else if (wish->or_read && may_be_read(&opening, session->result))
        read_only(session, &opening, wish->until);
    if (wish->mode == SESSION_FILE_READ) {
        session_file_close(session->file);
        session->file = NULL;
    }
    buf_clear(&path);
}

bool session_add(const struct store *store, const char *id, struct event *event,
                 struct error *note, struct error *err)
{
    const struct session_wish wish = { .id = id, .mode = SESSION_FILE_WRITE };
    struct session session;
    struct buf bytes = { 0 };
    enum db_fault fault;
    session_read(store, &wish, &session);
    bool ok = session.result == SESSION_FILE_OPEN;
    *(ok ? note : err) = session.err;
    if (ok) {
        uint64_t seq = log_append(session.log, event);
        log_pack(session.log, seq, SESSION_BATCH_MAX, &bytes);
        ok = session_file_append(session.file, seq, seq, buf_slice(&bytes),
                                 &fault, err);
        session_file_close(session.file);
    }
    buf_clear(&bytes);
    session_clear(&session);
    return ok;
}

/* On the thread, and back. */

struct job {
    const struct store *store;
    struct session_wish wish;
    char *id;
    struct session session;
    session_fn *fn;
    void *context;
};

static void do_read(void *context)
{
    struct job *job = context;
    session_read(job->store, &job->wish, &job->session);
}

static void on_read(void *context, void *done)
{
    struct job *job = done;
    (void)context;
    job->fn(job->context, &job->session);
    free(job->id);
    free(job);
}

void session_open(struct store *store, const struct session_wish *wish,
                  session_fn *fn, void *context)
{
    struct job *job = memory_zero(1, sizeof *job);
    *job = (struct job){
        .store = store,
        .wish = *wish,
        .id = memory_string(wish->id),
        .fn = fn,
        .context = context,
    };
    job->wish.id = job->id;
    store_post(store, do_read, on_read, NULL, job);
}

/* What was called private since is so in the copy, too. */
static void copy_marks(const struct session *session, uint64_t last,
                       struct session *fork)
{
    struct event event;
    for (size_t i = 0; i < graph_mark_count(session->graph); i++) {
        const struct private_mark *mark = graph_mark_at(session->graph, i);
        bool is_there =
            !mark->node_id || graph_node(fork->graph, mark->node_id);
        if (!mark->is_on || mark->seq <= last || !is_there ||
            mark->kind == MARK_SYSTEM)
            continue;
        log_read(session->log, mark->seq, &event);
        log_append(fork->log, &event);
        graph_apply(fork->graph, &event);
    }
}

void session_fork(const struct session *session, uint64_t at,
                  struct session *fork)
{
    struct event event;
    struct event opened = { .type = EVENT_SESSION_OPENED };
    uint64_t last = log_last_seq(session->log);
    if (at && at < last)
        last = at;
    *fork = (struct session){ .id = session_id_new(),
                              .log = log_new(),
                              .graph = graph_new() };
    event_add_string(&opened, FIELD_FROM, session->id.text);
    event_add_number(&opened, FIELD_AT_SEQ, last);
    log_append(fork->log, &opened);
    graph_apply(fork->graph, &opened);
    /* The first is the old one's own. */
    for (uint64_t seq = 2; seq <= last; seq++) {
        log_read(session->log, seq, &event);
        log_append(fork->log, &event);
        graph_apply(fork->graph, &event);
    }
    copy_marks(session, last, fork);
}
