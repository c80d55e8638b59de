/* SPDX-License-Identifier: MIT */
/*
 * A journal whose disk fails at the nth call, of each kind, once and for ever:
 * what it called durable is there, in order and whole, and once the disk is back
 * all of it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <sqlite3.h>

#include "base/compiler.h"
#include "store/journal.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_shim.h"

Suite *commit_suite(void);

enum { ROUNDS = 4, EVENTS = 3, PATIENCE_MS = 30000 };

struct desk {
    char home[SCRATCH_PATH_MAX];
    char id[SESSION_ID_LEN + 1];
    struct loop *loop;
    struct store *store;
    struct log *log;
    struct session session; /* as it was read */
    bool was_read;
};

static void desk_open(struct desk *desk)
{
    struct error err = { 0 };
    *desk = (struct desk){ .log = log_new() };
    scratch_directory(desk->home, "commit");
    setenv("XDG_DATA_HOME", desk->home, 1);
    desk->loop = loop_new(&err);
    desk->store = store_new(desk->loop, &err);
    ck_assert_msg(desk->store != NULL, "%s", err.text);
}

static void desk_close(struct desk *desk)
{
    session_clear(&desk->session);
    store_free(desk->store);
    loop_free(desk->loop);
    log_free(desk->log);
    scratch_remove(desk->home);
}

static void say(struct log *log, const char *text, size_t len)
{
    struct event event = { .type = EVENT_PROMPT_QUEUED, .at = 1000 };
    event_add_text(&event, FIELD_TEXT, (struct slice){ text, len });
    log_append(log, &event);
}

/* Until it is kept or refused; what is kept then. */
static uint64_t settle(struct desk *desk, const struct journal *journal)
{
    while (journal_unsaved(journal) &&
           journal_state(journal) != JOURNAL_REFUSED)
        loop_turn(desk->loop, PATIENCE_MS);
    return journal_durable(journal);
}

/* A few commits, short ones and one of many pages. */
static uint64_t converse(struct desk *desk, struct journal *journal)
{
    static const char text[50000] = "said";
    uint64_t durable = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < EVENTS; i++) {
            say(desk->log, text, round == 2 ? sizeof text / 2 : 10);
            journal_note(journal);
        }
        journal_barrier(journal);
        durable = settle(desk, journal);
    }
    return durable;
}

static void on_read(void *context, struct session *session)
{
    struct desk *desk = context;
    desk->session = *session;
    desk->was_read = true;
}

/* What a program finds that starts now. */
static void read_back(struct desk *desk)
{
    const struct session_wish wish = { .id = desk->id,
                                       .mode = SESSION_FILE_WRITE };
    desk->was_read = false;
    session_open(desk->store, &wish, on_read, desk);
    ck_assert(store_settle(desk->store, PATIENCE_MS));
    ck_assert(desk->was_read);
}

static bool is_prefix(const struct log *part, const struct log *whole)
{
    struct buf a = { 0 }, b = { 0 };
    uint64_t last = log_last_seq(part);
    if (last > log_last_seq(whole))
        return false;
    if (last) {
        log_pack(part, 1, SIZE_MAX, &a);
        log_pack(whole, 1, SIZE_MAX, &b);
    }
    bool same = a.len <= b.len && (!last || !memcmp(a.ptr, b.ptr, a.len));
    buf_clear(&a);
    buf_clear(&b);
    return same;
}

static const struct row {
    const char *what;
    struct vfs_fault fault;
} rows[] = {
    { "full", { VFS_WRITE, 0, false, SQLITE_FULL, ENOSPC, true } },
    { "full for ever", { VFS_WRITE, 0, true, SQLITE_FULL, ENOSPC, true } },
    { "write", { VFS_WRITE, 0, false, SQLITE_IOERR | 3 << 8, EIO, true } },
    { "sync", { VFS_SYNC, 0, false, SQLITE_IOERR | 4 << 8, EIO, false } },
    { "sync for ever",
      { VFS_SYNC, 0, true, SQLITE_IOERR | 4 << 8, EIO, false } },
    { "lock", { VFS_LOCK, 0, false, SQLITE_IOERR | 15 << 8, ENOLCK, false } },
    { "busy for ever", { VFS_LOCK, 0, true, SQLITE_BUSY, EAGAIN, false } },
    { "open for ever", { VFS_OPEN, 0, true, SQLITE_CANTOPEN, EACCES, false } },
    { "read for ever",
      { VFS_READ, 0, true, SQLITE_IOERR | 1 << 8, EIO, false } },
    { "anything", { VFS_ANY, 0, false, SQLITE_IOERR, EIO, true } },
    { "anything for ever", { VFS_ANY, 0, true, SQLITE_IOERR, EIO, true } },
};

/* False: no call failed any more. */
static bool keep(const struct row *row, long nth)
{
    struct desk desk;
    struct vfs_fault fault = row->fault;
    desk_open(&desk);
    fault.nth = nth;
    vfs_shim_fail(fault);
    struct journal *journal = journal_new(desk.store, desk.log, NULL, NULL);
    memcpy(desk.id, journal_id(journal), sizeof desk.id);
    uint64_t durable = converse(&desk, journal);
    ck_assert_msg(durable == log_last_seq(desk.log) ||
                      journal_state(journal) == JOURNAL_REFUSED,
                  "%s %ld: it is neither kept nor refused", row->what, nth);
    journal_close(journal);
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    bool has_failed = vfs_shim_failed() > 0;
    vfs_shim_heal();
    read_back(&desk);
    uint64_t found = desk.session.log ? log_last_seq(desk.session.log) : 0;
    ck_assert_msg(!desk.session.lost, "%s %ld: there is a gap", row->what, nth);
    ck_assert_msg(!found || is_prefix(desk.session.log, desk.log),
                  "%s %ld: it is not what was said", row->what, nth);
    ck_assert_msg(found >= durable, "%s %ld: %lu of %lu are there (%s)",
                  row->what, nth, found, durable, desk.session.err.text);
    ck_assert_msg(fault.for_ever || found == log_last_seq(desk.log),
                  "%s %ld: %lu are there", row->what, nth, found);
    session_file_close(desk.session.file);
    desk_close(&desk);
    return has_failed;
}

START_TEST(whichever_call_fails_what_is_durable_is_there)
{
    vfs_shim_install();
    for (long nth = 1; keep(&rows[_i], nth); nth++)
        ;
}
END_TEST

/* Redacting: the log is replaced. */
static bool rewrite(const struct row *row, long nth)
{
    struct desk desk;
    struct vfs_fault fault = row->fault;
    desk_open(&desk);
    vfs_shim_heal();
    struct log *other = log_new();
    struct journal *journal = journal_new(desk.store, desk.log, NULL, NULL);
    memcpy(desk.id, journal_id(journal), sizeof desk.id);
    converse(&desk, journal);
    for (uint64_t seq = 1; seq <= log_last_seq(desk.log); seq++)
        say(other, "[redacted]", 10);
    fault.nth = nth;
    vfs_shim_fail(fault);
    journal_rewrite(journal, other);
    settle(&desk, journal);
    bool is_kept = journal_unsaved(journal) == 0;
    journal_close(journal);
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    bool has_failed = vfs_shim_failed() > 0;
    vfs_shim_heal();
    read_back(&desk);
    ck_assert_msg(desk.session.log != NULL, "%s %ld: %s", row->what, nth,
                  desk.session.err.text);
    ck_assert_uint_eq(desk.session.lost, 0);
    ck_assert_uint_eq(log_last_seq(desk.session.log), log_last_seq(other));
    bool is_new = is_prefix(desk.session.log, other);
    ck_assert_msg(is_new || is_prefix(desk.session.log, desk.log),
                  "%s %ld: it is half of each", row->what, nth);
    ck_assert_msg(is_new || (!is_kept && fault.for_ever),
                  "%s %ld: the old one is there", row->what, nth);
    session_file_close(desk.session.file);
    log_free(other);
    desk_close(&desk);
    return has_failed;
}

START_TEST(whichever_call_fails_a_log_that_is_replaced_is_one_of_both)
{
    vfs_shim_install();
    for (long nth = 1; rewrite(&rows[_i], nth); nth++)
        ;
}
END_TEST

Suite *commit_suite(void)
{
    Suite *suite = suite_create("commit");
    TCase *tcase = tcase_create("nth");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, whichever_call_fails_what_is_durable_is_there, 0,
                        COUNTOF(rows));
    tcase_add_loop_test(
        tcase, whichever_call_fails_a_log_that_is_replaced_is_one_of_both, 0,
        COUNTOF(rows));
    suite_add_tcase(suite, tcase);
    return suite;
}
