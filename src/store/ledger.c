/* SPDX-License-Identifier: MIT */
#include "store/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/ledger_file.h"
#include "store/reservations.h"
#include "store/state.h"

enum {
    ROWS_WAITING_MAX = 600,
    LAST_TRIES = 20, /* a quarter of a second each, while others write */
};

/* Somebody who asked, and the answer. */
struct asker {
    int32_t first, last;
    ledger_rows_fn *fn;
    void *context;
    struct ledger_rows rows;
    bool is_answered;
    struct error err;
};

struct askers {
    ARRAY_OF(struct asker) list;
};

struct ledger {
    struct store *store;
    struct state_file *file; /* the thread's */
    char *profile;
    int32_t day;              /* of `today` */
    struct ledger_rows today; /* on disk as it was read last, and what waits */
    bool is_read;             /* that day, from the disk */
    struct ledger_rows waiting;
    struct askers askers;
    struct reservations reservations;
    bool wants_today, is_reading, is_busy, is_closing;
    uint32_t retry_timer;
    struct error err; /* of the last time that it was written */
};

/* What the thread does in one go. */
struct job {
    struct state_file *file;
    struct ledger_rows rows; /* to be added */
    struct askers askers;
    struct reservations_job reservations;
    struct asker today;
    bool closes;
    enum db_fault fault;
    struct error err;
};

static bool add(struct db *db, void *context, struct error *err)
{
    const struct job *job = context;
    bool ok = db_run(db, "BEGIN IMMEDIATE", err) &&
              ledger_file_add(db, &job->rows, err) &&
              reservations_job_drop(&job->reservations, db, err) &&
              db_run(db, "COMMIT", err);
    if (!ok)
        db_rollback(db);
    return ok;
}

static bool read_days(struct db *db, void *context, struct error *err)
{
    struct asker *asker = context;
    ledger_rows_clear(&asker->rows);
    return ledger_file_read(db, asker->first, asker->last, &asker->rows, err);
}

static void answer(const struct job *job, struct asker *asker)
{
    enum db_fault fault;
    asker->is_answered =
        state_file_read(job->file, read_days, asker, &fault, &asker->err);
}

/* Others write at the same time; who ends has no other time. */
static void write_rows(struct job *job)
{
    for (int tries = job->closes ? LAST_TRIES : 1; tries > 0; tries--)
        if (state_file_write(job->file, add, job, &job->fault, &job->err) ||
            job->fault != DB_BUSY)
            return;
}

static bool has_changes(const struct job *job)
{
    return job->rows.list.count || job->reservations.dropped.count;
}

static void do_job(void *context)
{
    struct job *job = context;
    if (has_changes(job))
        write_rows(job);
    reservations_job_do(&job->reservations, job->file);
    if (job->today.first)
        answer(job, &job->today);
    for (size_t i = 0; i < job->askers.list.count; i++)
        answer(job, &job->askers.list.items[i]);
    if (job->closes)
        state_file_free(job->file);
}

static void free_ledger(struct ledger *ledger)
{
    ledger_rows_clear(&ledger->today);
    ledger_rows_clear(&ledger->waiting);
    array_clear(&ledger->askers.list);
    reservations_clear(&ledger->reservations);
    free(ledger->profile);
    free(ledger);
}

/* What is not yet there is part of today all the same. */
static void take_today(struct ledger *ledger, struct asker *today)
{
    if (!today->is_answered || today->first != ledger->day)
        return;
    ledger_rows_clear(&ledger->today);
    ledger->today = today->rows;
    today->rows = (struct ledger_rows){ 0 };
    ledger->is_read = true;
    for (size_t i = 0; i < ledger->waiting.list.count; i++)
        if (ledger->waiting.list.items[i].day == ledger->day)
            ledger_rows_add(&ledger->today, &ledger->waiting.list.items[i],
                            LEDGER_BY_ALL);
}

static void answer_askers(const struct ledger *ledger, struct job *job)
{
    for (size_t i = 0; i < job->askers.list.count; i++) {
        struct asker *asker = &job->askers.list.items[i];
        if (!ledger->is_closing)
            asker->fn(asker->context, asker->is_answered ? &asker->rows : NULL,
                      &asker->err);
        ledger_rows_clear(&asker->rows);
    }
    array_clear(&job->askers.list);
}

/* What the disk did not take waits. */
static void judge(struct ledger *ledger, struct job *job)
{
    if (!has_changes(job))
        return;
    ledger->err = job->fault == DB_FINE ? (struct error){ 0 } : job->err;
    if (job->fault != DB_FINE)
        ledger_rows_group(&job->rows, LEDGER_BY_ALL, &ledger->waiting);
    ledger_rows_clear(&job->rows);
}

static void post(struct ledger *ledger);
static void flush(struct ledger *ledger);

static void on_retry(void *context, uint32_t timer_id)
{
    struct ledger *ledger = context;
    (void)timer_id;
    ledger->retry_timer = 0;
    flush(ledger);
}

/* Somebody waits for an answer. */
static bool is_awaited(const struct ledger *ledger)
{
    return ledger->askers.list.count || ledger->wants_today ||
           ledger->reservations.has_new;
}

/* What may not be written is tried when there is more. */
static void go_on(struct ledger *ledger, enum db_fault fault)
{
    if (fault == DB_FINE || ledger->is_closing)
        flush(ledger);
    else if ((fault == DB_READ_ONLY || fault == DB_DAMAGED) &&
             is_awaited(ledger))
        post(ledger);
    else if (fault != DB_READ_ONLY && fault != DB_DAMAGED)
        ledger->retry_timer = loop_timer_start(
            store_loop(ledger->store), LEDGER_RETRY_MS, on_retry, ledger);
}

static void on_done(void *context, void *done)
{
    struct ledger *ledger = context;
    struct job *job = done;
    enum db_fault fault = job->fault;
    bool has_closed = job->closes;
    ledger->is_busy = ledger->is_reading = false;
    judge(ledger, job);
    reservations_judge(&ledger->reservations, &job->reservations,
                       fault == DB_FINE);
    take_today(ledger, &job->today);
    ledger_rows_clear(&job->today.rows);
    answer_askers(ledger, job);
    free(job);
    if (has_closed)
        free_ledger(ledger);
    else
        go_on(ledger, fault);
}

static void post(struct ledger *ledger)
{
    struct job *job = memory_zero(1, sizeof *job);
    *job = (struct job){ .file = ledger->file,
                         .rows = ledger->waiting,
                         .askers = ledger->askers,
                         .closes = ledger->is_closing };
    if (ledger->wants_today && !ledger->is_closing)
        job->today.first = job->today.last = ledger->day;
    job->reservations.day = ledger->day;
    job->reservations.reads_others = job->today.first != 0;
    reservations_post(&ledger->reservations, &job->reservations);
    ledger->waiting = (struct ledger_rows){ 0 };
    ledger->askers = (struct askers){ 0 };
    ledger->is_reading = job->today.first != 0;
    ledger->wants_today = false;
    ledger->is_busy = true;
    store_post(ledger->store, do_job, on_done, ledger, job);
}

/* One job at a time: what comes meanwhile goes with the next one. */
static void flush(struct ledger *ledger)
{
    if (ledger->is_busy || ledger->retry_timer)
        return;
    if (ledger->waiting.list.count || is_awaited(ledger) ||
        ledger->reservations.dropped.count || ledger->is_closing)
        post(ledger);
}

struct ledger *ledger_new(struct store *store, const char *profile,
                          struct error *err)
{
    struct buf path = { 0 };
    if (!state_path(&path, err))
        return NULL;
    struct ledger *ledger = memory_zero(1, sizeof *ledger);
    ledger->store = store;
    ledger->file = state_file_new(&path);
    ledger->profile = memory_string(profile ? profile : "");
    ledger->day = ledger_day(clock_wall_ms());
    reservations_begin(&ledger->reservations);
    return ledger;
}

void ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return;
    loop_timer_cancel(store_loop(ledger->store), ledger->retry_timer);
    ledger->retry_timer = 0;
    ledger->is_closing = true;
    flush(ledger);
}

/* At midnight today is another day. */
static void turn_day(struct ledger *ledger)
{
    int32_t day = ledger_day(clock_wall_ms());
    if (day == ledger->day)
        return;
    ledger_rows_clear(&ledger->today);
    ledger->day = day;
    ledger->wants_today = ledger->is_read;
    ledger->is_read = false;
    flush(ledger);
}

void ledger_add(struct ledger *ledger, const struct ledger_entry *entry)
{
    if (!ledger)
        return;
    struct ledger_row row = { .day = ledger_day(entry->at),
                              .profile = ledger->profile,
                              .endpoint = memory_string(entry->endpoint),
                              .model = memory_string(entry->model),
                              .is_vendor = entry->is_vendor,
                              .rung = entry->rung,
                              .sum = entry->sum };
    turn_day(ledger);
    if (row.day == ledger->day)
        ledger_rows_add(&ledger->today, &row, LEDGER_BY_ALL);
    /* Names that nobody can write down must not fill the memory; the numbers
     * count. */
    ledger_rows_add(&ledger->waiting, &row,
                    ledger->waiting.list.count < ROWS_WAITING_MAX
                        ? LEDGER_BY_ALL
                        : LEDGER_BY_DAY | LEDGER_BY_TRUST);
    free(row.endpoint);
    free(row.model);
    reservations_drop(&ledger->reservations, entry->reservation);
    ledger->wants_today = true;
    flush(ledger);
}

uint32_t ledger_reserve(struct ledger *ledger, int64_t worst, int64_t limit)
{
    if (!ledger)
        return 0;
    turn_day(ledger);
    uint32_t id = reservations_add(&ledger->reservations, worst, limit);
    ledger->wants_today = true;
    flush(ledger);
    return id;
}

enum ledger_held ledger_held(const struct ledger *ledger, uint32_t id,
                             struct error *err)
{
    if (ledger)
        return reservations_held(&ledger->reservations, id, err);
    error_set(err, ERROR_SYSTEM, "there is no home to keep it in");
    return LEDGER_UNKNOWN;
}

void ledger_release(struct ledger *ledger, uint32_t id)
{
    if (!ledger || !id)
        return;
    reservations_drop(&ledger->reservations, id);
    flush(ledger);
}

int64_t ledger_reserved(const struct ledger *ledger, uint32_t but_id)
{
    return ledger ? reservations_sum(&ledger->reservations, but_id) : 0;
}

void ledger_refresh(struct ledger *ledger)
{
    if (!ledger)
        return;
    turn_day(ledger);
    ledger->wants_today = true;
    flush(ledger);
}

bool ledger_is_read(const struct ledger *ledger)
{
    return ledger && ledger->is_read;
}

bool ledger_is_fresh(const struct ledger *ledger)
{
    return !ledger || (!ledger->wants_today && !ledger->is_reading);
}

const struct ledger_rows *ledger_today(struct ledger *ledger)
{
    if (!ledger)
        return NULL;
    turn_day(ledger);
    return &ledger->today;
}

void ledger_ask(struct ledger *ledger, int32_t first, int32_t last,
                ledger_rows_fn *fn, void *context)
{
    if (!ledger)
        return;
    *array_add(&ledger->askers.list) = (struct asker){
        .first = first, .last = last, .fn = fn, .context = context
    };
    flush(ledger);
}

void ledger_describe(const struct ledger *ledger, struct buf *out)
{
    if (ledger && ledger->err.kind != ERROR_NONE)
        buf_printf(out, "what answers cost is not added up: %s",
                   ledger->err.text);
}
