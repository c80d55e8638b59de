/* SPDX-License-Identifier: MIT */
/*
 * What it costs to keep a conversation, and to have it back: the journal on this
 * disk, and the real program that goes on with a session.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "base/memory.h"
#include "base/path.h"
#include "store/journal.h"
#include "tests/bench/history.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/bench/seat.h"
#include "tests/support/scratch.h"

enum {
    EVENTS = 100000,
    COMMITS = 200,
    STARTS = 5,
    BATCH_EVENTS = 25, /* in 250 ms of an answer of 100 tokens a second */
    DEADLINE_MS = 60000,
};

#define LAST "that was the last word"

/* A journal in a directory of its own. */
struct desk {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct history history;
    struct journal *journal;
};

static void desk_open(struct desk *desk, const struct answer_text *answer)
{
    struct error err = { 0 };
    scratch_directory(desk->home, "journal");
    setenv("XDG_DATA_HOME", desk->home, 1);
    desk->loop = loop_new(&err);
    desk->store = store_new(desk->loop, &err);
    ck_assert_msg(desk->store != NULL, "%s", err.text);
    unsetenv("XDG_DATA_HOME");
    history_open(&desk->history, answer);
    desk->journal = journal_new(desk->store, desk->history.log, NULL, NULL);
}

static void desk_close(struct desk *desk)
{
    journal_close(desk->journal);
    ck_assert(store_settle(desk->store, DEADLINE_MS));
    store_free(desk->store);
    loop_free(desk->loop);
    history_close(&desk->history);
    scratch_remove(desk->home);
}

static void await_kept(struct desk *desk)
{
    journal_barrier(desk->journal);
    while (journal_unsaved(desk->journal))
        loop_turn(desk->loop, DEADLINE_MS);
}

/* What the loop pays for an event: the thread does the rest. */
static void measure_append(struct table *table, struct desk *desk)
{
    uint64_t first = log_last_seq(desk->history.log);
    double before = sample_cpu_ms();
    while (log_last_seq(desk->history.log) < first + EVENTS)
        history_say(&desk->history, 1);
    double without = sample_cpu_ms() - before;
    await_kept(desk);
    int64_t start = sample_now_ns();
    double noted = 0;
    first = log_last_seq(desk->history.log);
    while (log_last_seq(desk->history.log) < first + EVENTS) {
        history_say(&desk->history, 1);
        int64_t at = sample_now_ns();
        journal_note(desk->journal);
        noted += sample_ms_since(at);
        loop_turn(desk->loop, 0);
    }
    await_kept(desk);
    char detail[96];
    snprintf(detail, sizeof detail,
             "the event itself %.2f us; %d of them kept in %.0f ms",
             without * 1e3 / EVENTS, EVENTS, sample_ms_since(start));
    table_add(table, &(struct row){ .what = "an event noted by its journal",
                                    .value = noted * 1e3 / EVENTS,
                                    .unit = "us",
                                    .detail = detail });
}

/* As many bytes in a file of their own, flushed; the median. */
static double raw_ms(size_t len)
{
    char path[SCRATCH_PATH_MAX];
    struct sample ms = { 0 };
    char *bytes = memory_zero(1, len);
    int fd = scratch_file(path, "raw");
    for (int i = 0; i < COMMITS; i++) {
        int64_t start = sample_now_ns();
        ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
        ck_assert_int_eq(fdatasync(fd), 0);
        sample_add(&ms, sample_ms_since(start));
    }
    double median = sample_quantile(&ms, 0.5);
    close(fd);
    unlink(path);
    free(bytes);
    sample_clear(&ms);
    return median;
}

/* From the barrier until it is known to be on disk. */
static void measure_commit(struct table *table, struct desk *desk,
                           const char *what, size_t bytes)
{
    struct sample ms = { 0 };
    char detail[64], against[64];
    for (int i = 0; i < COMMITS; i++) {
        do
            history_say(&desk->history, 1);
        while (journal_unsaved(desk->journal) < bytes);
        int64_t start = sample_now_ns();
        await_kept(desk);
        sample_add(&ms, sample_ms_since(start));
    }
    snprintf(detail, sizeof detail, "median of %d, p99 %.1f ms", COMMITS,
             sample_quantile(&ms, 0.99));
    snprintf(against, sizeof against, "write and fdatasync %.2f ms",
             raw_ms(bytes));
    table_add(table, &(struct row){ .what = what,
                                    .value = sample_quantile(&ms, 0.5),
                                    .unit = "ms",
                                    .detail = detail,
                                    .against = against });
    sample_clear(&ms);
}

/* The whole log as a program would have kept it while it talked, at once. */
static void keep(const struct log *log, const char *path)
{
    struct error err = { 0 };
    enum db_fault fault;
    struct session_file *file;
    struct session_opening opening = { .path = path,
                                       .mode = SESSION_FILE_MAKE };
    ck_assert(path_make_way(path, &err));
    ck_assert_msg(session_file_open(&opening, &file, &err) == SESSION_FILE_OPEN,
                  "%s", err.text);
    ck_assert(session_file_begin_anew(file, &fault, &err));
    /* Events have much the same size. */
    size_t size =
        log_size(log) / (size_t)log_last_seq(log) * (size_t)BATCH_EVENTS;
    for (uint64_t seq = 0, last; seq < log_last_seq(log); seq = last) {
        struct buf bytes = { 0 };
        last = log_pack(log, seq + 1, size, &bytes);
        ck_assert(session_file_append(file, seq + 1, last, buf_slice(&bytes),
                                      &fault, &err));
        buf_clear(&bytes);
    }
    ck_assert(session_file_commit(file, &fault, &err));
    session_file_close(file);
}

/* A conversation of so many events, whose last line is known. */
static void make_session(const struct answer_text *answer, uint64_t events,
                         const char *path)
{
    struct history history;
    history_open(&history, answer);
    history_say_until(&history, events);
    while (history.tokens)
        history_say(&history, 1);
    struct event last = { .type = EVENT_USER_MESSAGE };
    event_add_number(&last, FIELD_PARENT, graph_head(history.graph));
    event_add_string(&last, FIELD_TEXT, LAST);
    log_append(history.log, &last);
    keep(history.log, path);
    history_close(&history);
}

/* From before fork() until the last of what was said is on screen, which is new:
 * the session moves from home to home. */
static void reopen(struct stream *stream, const char *kept, struct sample *ms,
                   struct sample *pss)
{
    const char *const words[] = { seat_program(), "-c", NULL };
    struct seat seat;
    struct error err = { 0 };
    seat_prepare(&seat, stream, 24, 80);
    const char *path =
        pty_path(seat.pty, ".local/share/sennit/sessions/bench000.db");
    ck_assert(path_make_way(path, &err));
    ck_assert_int_eq(rename(kept, path), 0);
    int64_t start = sample_now_ns();
    pty_start(seat.pty, words);
    seat_await(&seat, LAST);
    sample_add(ms, sample_ms_since(start));
    sample_add(pss, process_pss_mib(process_pair(pty_pid(seat.pty))));
    ck_assert_int_eq(pty_quit(seat.pty), 0);
    path = pty_path(seat.pty, ".local/share/sennit/sessions/bench000.db");
    ck_assert_int_eq(rename(path, kept), 0);
    pty_free(seat.pty);
}

static void measure_reopening(struct table *table, struct stream *stream,
                              uint64_t events, double target)
{
    struct sample ms = { 0 }, pss = { 0 };
    char folder[SCRATCH_PATH_MAX], kept[SCRATCH_PATH_MAX + 16];
    char what[96], detail[96];
    scratch_directory(folder, "session");
    snprintf(kept, sizeof kept, "%s/bench000.db", folder);
    make_session(stream->answer, events, kept);
    for (int i = 0; i < STARTS; i++)
        reopen(stream, kept, &ms, &pss);
    snprintf(what, sizeof what, "reopening %" PRIu64 " events: exec to screen",
             events);
    snprintf(detail, sizeof detail, "median of %d, %.0f MiB PSS", STARTS,
             sample_quantile(&pss, 0.5));
    table_add(table, &(struct row){ .what = what,
                                    .value = sample_quantile(&ms, 0.5),
                                    .unit = "ms",
                                    .target = target,
                                    .has_target = true,
                                    .detail = detail });
    scratch_remove(folder);
    sample_clear(&ms);
    sample_clear(&pss);
}

void measure_journal(struct table *table, struct stream *stream)
{
    struct desk desk;
    desk_open(&desk, stream->answer);
    measure_append(table, &desk);
    measure_commit(table, &desk, "commit: a token is on disk", 1);
    measure_commit(table, &desk, "commit: 32 KiB are on disk",
                   JOURNAL_COMMIT_BYTES);
    desk_close(&desk);
    measure_reopening(table, stream, 10000, 50);
    measure_reopening(table, stream, 1000000, 300);
}
