/* SPDX-License-Identifier: MIT */
#include "store/journal.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "store/commit.h"
#include "store/session_lock.h"

struct journal {
    struct store *store;
    const struct log *log; /* NULL: closed */
    journal_fn *fn;
    void *context;
    struct session_id id;
    struct keeper *keeper; /* the thread's, while a commit is under way */
    enum journal_state state;
    struct error err; /* of JOURNAL_REFUSED */
    enum db_fault fault;
    uint64_t durable;
    uint64_t room;    /* free bytes on the disk; UINT64_MAX: unknown */
    uint64_t wanted;  /* a barrier: to be durable at once */
    bool is_begun;    /* there was a barrier, or a file */
    bool is_anew;     /* all is to be written anew */
    uint32_t edition; /* of the log, from journal_rewrite() */
    bool is_busy;     /* a commit is under way */
    bool is_hurrying; /* the next one is due in the next turn */
    uint32_t commit_timer, stall_timer, retry_timer, lease_timer;
};

static void tell(const struct journal *journal)
{
    if (journal->fn && journal->log)
        journal->fn(journal->context);
}

static void start_timer(struct journal *journal, uint32_t *timer, int64_t ms,
                        loop_timer_fn *fn)
{
    if (!*timer)
        *timer = loop_timer_start(store_loop(journal->store), ms, fn, journal);
}

static void stop_timer(struct journal *journal, uint32_t *timer)
{
    loop_timer_cancel(store_loop(journal->store), *timer);
    *timer = 0;
}

static void stop_timers(struct journal *journal)
{
    stop_timer(journal, &journal->commit_timer);
    stop_timer(journal, &journal->stall_timer);
    stop_timer(journal, &journal->retry_timer);
    stop_timer(journal, &journal->lease_timer);
}

static void on_stall(void *context, uint32_t timer_id)
{
    struct journal *journal = context;
    (void)timer_id;
    journal->stall_timer = 0;
    if (journal->state == JOURNAL_FINE)
        journal->state = JOURNAL_STALLED;
    tell(journal);
}

static void add_batches(const struct journal *journal, struct commit *commit,
                        bool all)
{
    uint64_t seq = journal->is_anew ? 0 : journal->durable;
    while (seq < log_last_seq(journal->log)) {
        struct batch *batch = array_add(&commit->batches);
        *batch = (struct batch){ .first = seq + 1 };
        seq = batch->last =
            log_pack(journal->log, seq + 1, SESSION_BATCH_MAX, &batch->bytes);
        if (!all)
            break;
    }
}

static void on_commit(void *context, void *job);

static void post(struct journal *journal, struct commit *commit)
{
    commit->keeper = journal->keeper;
    commit->is_anew = journal->is_anew;
    commit->edition = journal->edition;
    store_post(journal->store, commit_work, on_commit, journal, commit);
}

static void commit_now(struct journal *journal)
{
    if (journal->is_busy || !journal->log ||
        journal->durable >= log_last_seq(journal->log))
        return;
    struct commit *commit = memory_zero(1, sizeof *commit);
    stop_timer(journal, &journal->commit_timer);
    stop_timer(journal, &journal->retry_timer);
    journal->is_hurrying = false;
    add_batches(journal, commit, journal->is_anew);
    journal->is_busy = true;
    start_timer(journal, &journal->stall_timer, JOURNAL_STALL_MS, on_stall);
    post(journal, commit);
}

static void on_due(void *context, uint32_t timer_id)
{
    struct journal *journal = context;
    (void)timer_id;
    journal->commit_timer = 0;
    commit_now(journal);
}

static void on_retry(void *context, uint32_t timer_id)
{
    struct journal *journal = context;
    (void)timer_id;
    journal->retry_timer = 0;
    commit_now(journal);
}

static void on_lease(void *context, uint32_t timer_id)
{
    struct journal *journal = context;
    (void)timer_id;
    journal->lease_timer = 0;
    if (!journal->is_busy) {
        journal->is_busy = true;
        post(journal, memory_zero(1, sizeof(struct commit)));
    }
}

/* What is next, after a commit or an event. */
static void go_on(struct journal *journal)
{
    if (!journal->log || !journal->is_begun || journal->is_busy ||
        journal->durable >= log_last_seq(journal->log))
        return;
    bool is_due =
        journal->is_anew || journal->wanted > journal->durable ||
        log_size_after(journal->log, journal->durable) >= JOURNAL_COMMIT_BYTES;
    if (journal->state == JOURNAL_REFUSED)
        start_timer(journal, &journal->retry_timer, JOURNAL_RETRY_MS, on_retry);
    else if (is_due && !journal->is_hurrying) {
        /* In the next turn of the loop: what follows in this one goes along. */
        stop_timer(journal, &journal->commit_timer);
        journal->is_hurrying = true;
        start_timer(journal, &journal->commit_timer, 0, on_due);
    } else if (!is_due) {
        start_timer(journal, &journal->commit_timer, JOURNAL_COMMIT_MS, on_due);
    }
}

static void take_result(struct journal *journal, const struct commit *commit)
{
    journal->room = commit->room;
    if (commit->edition != journal->edition)
        return; /* what it kept is to be overwritten */
    if (commit->needs_all) {
        journal->durable = 0;
        journal->is_anew = true;
        journal->state = JOURNAL_FINE;
    } else if (commit->is_kept) {
        if (commit->batches.count)
            journal->durable = array_last(&commit->batches)->last;
        if (commit->is_anew)
            journal->is_anew = false;
        journal->state = JOURNAL_FINE;
    } else {
        journal->state = JOURNAL_REFUSED;
        journal->fault = commit->fault;
        journal->err = commit->err;
    }
}

static void on_commit(void *context, void *job)
{
    struct journal *journal = context;
    struct commit *commit = job;
    bool is_last = commit->is_last;
    stop_timer(journal, &journal->stall_timer);
    journal->is_busy = false;
    if (journal->log)
        take_result(journal, commit);
    if (commit->has_lease && journal->log)
        start_timer(journal, &journal->lease_timer, LEASE_RENEW_MS, on_lease);
    commit_free(commit);
    if (is_last) {
        keeper_free(journal->keeper);
        free(journal);
        return;
    }
    go_on(journal);
    tell(journal);
}

struct journal *journal_new(struct store *store, const struct log *log,
                            journal_fn *fn, void *context)
{
    struct session none = { .id = session_id_new() };
    struct journal *journal = journal_resume(store, log, &none, fn, context);
    journal->durable = 0;
    journal->is_begun = false;
    return journal;
}

struct journal *journal_resume(struct store *store, const struct log *log,
                               struct session *session, journal_fn *fn,
                               void *context)
{
    struct journal *journal = memory_zero(1, sizeof *journal);
    struct buf path = { 0 }, directory = { 0 };
    *journal = (struct journal){
        .store = store,
        .log = log,
        .fn = fn,
        .context = context,
        .id = session->id,
        .durable = session->file ? log_last_seq(log) : 0,
        .room = UINT64_MAX,
        .is_begun = true,
        .keeper = memory_zero(1, sizeof *journal->keeper),
    };
    store_session_path(store, &path, session->id.text);
    store_path(store, &directory, "");
    journal->keeper->path = buf_steal(&path);
    journal->keeper->directory = buf_steal(&directory);
    journal->keeper->file = session->file;
    session->file = NULL;
    if (journal->keeper->file && session_file_has_lease(journal->keeper->file))
        start_timer(journal, &journal->lease_timer, LEASE_RENEW_MS, on_lease);
    return journal;
}

void journal_note(struct journal *journal)
{
    go_on(journal);
}

void journal_barrier(struct journal *journal)
{
    journal->is_begun = true;
    journal->wanted = log_last_seq(journal->log);
    go_on(journal);
}

void journal_rewrite(struct journal *journal, const struct log *log)
{
    journal->log = log;
    journal->durable = 0;
    journal->is_anew = journal->is_begun;
    journal->edition++;
    go_on(journal);
}

uint64_t journal_durable(const struct journal *journal)
{
    return journal->durable;
}

size_t journal_unsaved(const struct journal *journal)
{
    return journal->is_begun && journal->log
               ? log_size_after(journal->log, journal->durable)
               : 0;
}

enum journal_state journal_state(const struct journal *journal)
{
    return journal->state;
}

const char *journal_id(const struct journal *journal)
{
    return journal->id.text;
}

static void describe_refusal(const struct journal *journal, bool goes_on,
                             struct buf *out)
{
    static const char *const causes[] = {
        [DB_FINE] = "the session cannot be kept",
        [DB_FULL] = "the disk is full",
        [DB_READ_ONLY] = "nothing may be written there",
        [DB_BUSY] = "somebody else has the session",
        [DB_DAMAGED] = "the session's file is damaged",
        [DB_BROKEN] = "the disk failed",
    };
    static const char *const cures[] = {
        [DB_FINE] = "",
        [DB_FULL] = "; make room, it is tried again every 5 s",
        [DB_READ_ONLY] = "; /export saves it elsewhere",
        [DB_BUSY] = "; /export saves it elsewhere",
        [DB_DAMAGED] = "; /export saves it elsewhere",
        [DB_BROKEN] = "; it is tried again every 5 s, /export saves it "
                      "elsewhere",
    };
    size_t unsaved = journal_unsaved(journal);
    buf_printf(out, "%s: %zu %s not saved (%s)%s", causes[journal->fault],
               unsaved < 1024 ? unsaved : unsaved / 1024,
               unsaved < 1024 ? "bytes are" : "KiB are", journal->err.text,
               goes_on ? cures[journal->fault] : "");
}

void journal_describe(const struct journal *journal, bool goes_on,
                      struct buf *out)
{
    if (journal->state == JOURNAL_REFUSED)
        describe_refusal(journal, goes_on, out);
    else if (journal->state == JOURNAL_STALLED)
        buf_printf(out,
                   "the disk has not answered for %d s: what is said here is "
                   "not saved until it does",
                   JOURNAL_STALL_MS / 1000);
    else if (journal->room < JOURNAL_ROOM_MIN)
        buf_printf(out,
                   "only %" PRIu64 " MiB are free on the disk that keeps this",
                   journal->room / 1024 / 1024);
}

/* A commit that is under way may fail: its events go along once more. */
void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    struct commit *commit = memory_zero(1, sizeof *commit);
    commit->is_last = true;
    if (journal->is_begun)
        add_batches(journal, commit, true);
    stop_timers(journal);
    journal->log = NULL;
    post(journal, commit);
}
