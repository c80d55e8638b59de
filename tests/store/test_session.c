/* SPDX-License-Identifier: MIT */
/*
 * Files that were damaged, and what is still had of them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/db.h"
#include "store/journal.h"
#include "tests/support/scratch.h"

Suite *session_suite(void);

enum { BATCHES = 40, BATCH_EVENTS = 25 };

struct shelf {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    char id[SESSION_ID_LEN + 1];
    struct buf path;
    struct session session;
};

static void write_event(struct log *log, int number)
{
    struct event event = { .type = EVENT_USER_MESSAGE };
    struct buf text = { 0 };
    buf_printf(&text, "message %d ", number);
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "word%d ", number + i);
    event_add_text(&event, FIELD_TEXT, buf_slice(&text));
    log_append(log, &event);
    buf_clear(&text);
}

/* A session of so many batches, each a commit. */
static void shelf_open(struct shelf *shelf)
{
    struct error err = { 0 };
    *shelf = (struct shelf){ 0 };
    scratch_directory(shelf->home, "session");
    setenv("XDG_DATA_HOME", shelf->home, 1);
    shelf->loop = loop_new(&err);
    shelf->store = store_new(shelf->loop, &err);
    struct log *log = log_new();
    struct journal *journal = journal_new(shelf->store, log, NULL, NULL);
    for (int i = 0; i < BATCHES * BATCH_EVENTS; i++) {
        write_event(log, i + 1);
        if (i % BATCH_EVENTS != BATCH_EVENTS - 1)
            continue;
        journal_barrier(journal);
        while (journal_durable(journal) < log_last_seq(log))
            loop_turn(shelf->loop, 1000);
    }
    strcpy(shelf->id, journal_id(journal));
    journal_close(journal);
    ck_assert(store_settle(shelf->store, 10000));
    log_free(log);
    store_session_path(shelf->store, &shelf->path, shelf->id);
}

static void shelf_close(struct shelf *shelf)
{
    session_clear(&shelf->session);
    store_settle(shelf->store, 10000);
    store_free(shelf->store);
    loop_free(shelf->loop);
    buf_clear(&shelf->path);
    scratch_remove(shelf->home);
}

static void on_read(void *context, struct session *session)
{
    struct shelf *shelf = context;
    session_clear(&shelf->session);
    shelf->session = *session;
}

static void read_session(struct shelf *shelf, const struct session_wish *wish)
{
    session_open(shelf->store, wish, on_read, shelf);
    ck_assert(store_settle(shelf->store, 10000));
}

static void open_it(struct shelf *shelf, enum session_file_mode mode)
{
    const struct session_wish wish = { .id = shelf->id, .mode = mode };
    read_session(shelf, &wish);
}

/* As somebody who goes on with it and leaves. */
static void leave(struct shelf *shelf)
{
    struct journal *journal = journal_resume(shelf->store, shelf->session.log,
                                             &shelf->session, NULL, NULL);
    journal_close(journal);
    ck_assert(store_settle(shelf->store, 10000));
}

static void run_sql(const struct shelf *shelf, const char *sql)
{
    struct error err = { 0 };
    struct db *db = db_open(shelf->path.ptr, DB_WRITE, NULL, &err);
    ck_assert_msg(db && db_run(db, sql, &err), "%s", err.text);
    db_close(db);
}

static bool has_text(const struct shelf *shelf, uint64_t seq, const char *text)
{
    struct event event;
    return log_read(shelf->session.log, seq, &event) &&
           slice_starts(event_text(&event, FIELD_TEXT), text);
}

static int count_files(const struct shelf *shelf, const char *word)
{
    struct buf path = { 0 };
    store_path(shelf->store, &path, "sessions");
    DIR *directory = opendir(path.ptr);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += strstr(entry->d_name, word) != NULL;
    closedir(directory);
    buf_clear(&path);
    return count;
}

START_TEST(a_sound_session_is_read_whole)
{
    struct shelf shelf;
    shelf_open(&shelf);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_OPEN);
    ck_assert_uint_eq(log_last_seq(shelf.session.log), BATCHES * BATCH_EVENTS);
    ck_assert(has_text(&shelf, 1, "message 1 "));
    ck_assert(has_text(&shelf, 1000, "message 1000 "));
    ck_assert_ptr_null(shelf.session.file);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_prefix_is_folded_where_that_is_wished)
{
    struct shelf shelf;
    shelf_open(&shelf);
    const struct session_wish wish = { .id = shelf.id,
                                       .mode = SESSION_FILE_READ,
                                       .until = 77 };
    read_session(&shelf, &wish);
    ck_assert_uint_eq(graph_seq(shelf.session.graph), 77);
    ck_assert_uint_eq(graph_node_count(shelf.session.graph), 77);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_session_that_is_not_there_is_not_made)
{
    struct shelf shelf;
    static const enum session_file_mode modes[] = { SESSION_FILE_READ,
                                                    SESSION_FILE_WRITE };
    shelf_open(&shelf);
    const struct session_wish wish = { .id = "zzzzzzzz", .mode = modes[_i] };
    read_session(&shelf, &wish);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_ABSENT);
    ck_assert_int_ne(shelf.session.err.kind, ERROR_NONE);
    ck_assert_int_eq(count_files(&shelf, "zzzzzzzz"), 0);
    shelf_close(&shelf);
}
END_TEST

/* The 10th batch holds the events 226 to 250. */
START_TEST(a_batch_whose_bytes_have_changed_is_a_gap)
{
    struct shelf shelf;
    shelf_open(&shelf);
    run_sql(&shelf, "UPDATE batch SET bytes = "
                    "CAST(replace(hex(bytes), '77', '78') AS BLOB) "
                    "WHERE first_seq = 226");
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_uint_eq(shelf.session.lost, BATCH_EVENTS);
    ck_assert_uint_eq(log_last_seq(shelf.session.log), BATCHES * BATCH_EVENTS);
    ck_assert(has_text(&shelf, 225, "message 225 "));
    ck_assert(!has_text(&shelf, 226, "message"));
    ck_assert(has_text(&shelf, 251, "message 251 "));
    ck_assert_uint_eq(graph_node_count(shelf.session.graph), 975);
    ck_assert_int_eq(count_files(&shelf, "damaged"), 0);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_batch_that_is_gone_is_a_gap_also_at_the_ends)
{
    static const struct {
        const char *sql;
        uint64_t lost, last;
    } cases[] = {
        { "DELETE FROM batch WHERE first_seq = 1", 25, 1000 },
        { "DELETE FROM batch WHERE first_seq IN (51, 76, 501)", 75, 1000 },
        { "DELETE FROM batch WHERE first_seq = 976", 0, 975 },
        { "UPDATE batch SET sum = sum + 1 WHERE first_seq = 976", 25, 1000 },
    };
    struct shelf shelf;
    shelf_open(&shelf);
    run_sql(&shelf, cases[_i].sql);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_uint_eq(shelf.session.lost, cases[_i].lost);
    ck_assert_uint_eq(log_last_seq(shelf.session.log), cases[_i].last);
    shelf_close(&shelf);
}
END_TEST

/* What stands behind a page that is broken is had, too. */
START_TEST(a_broken_page_costs_what_was_on_it)
{
    struct shelf shelf;
    struct stat info;
    char noise[4096];
    memset(noise, 0xA5, sizeof noise);
    shelf_open(&shelf);
    ck_assert_int_eq(stat(shelf.path.ptr, &info), 0);
    int fd = open(shelf.path.ptr, O_WRONLY);
    ck_assert_int_eq(
        (int)pwrite(fd, noise, sizeof noise, info.st_size / 4096 / 2 * 4096),
        (int)sizeof noise);
    close(fd);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_ptr_nonnull(shelf.session.log);
    ck_assert_uint_gt(shelf.session.lost, 0);
    ck_assert_uint_lt(shelf.session.lost, 500);
    ck_assert(has_text(&shelf, 1, "message 1 "));
    ck_assert(has_text(&shelf, 1000, "message 1000 "));
    shelf_close(&shelf);
}
END_TEST

/* Numbers that would take for ever, and things that no session has. */
START_TEST(a_file_that_was_made_to_harm_is_told_and_costs_little)
{
    static const char *const attacks[] = {
        "UPDATE batch SET last_seq = 9223372036854775807 WHERE first_seq = 976",
        "UPDATE batch SET first_seq = 9000000000000000000, "
        "last_seq = 9000000000000000001 WHERE first_seq = 976",
        "UPDATE batch SET last_seq = -1",
        "DROP TABLE batch",
        "DROP TABLE batch; CREATE VIEW batch(first_seq, last_seq, sum, bytes) "
        "AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i, i, 0, x'00' FROM n",
        "CREATE TRIGGER t AFTER INSERT ON batch BEGIN DELETE FROM batch; END",
    };
    struct shelf shelf;
    shelf_open(&shelf);
    run_sql(&shelf, attacks[_i]);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert(shelf.session.lost > 0 || shelf.session.err.kind != ERROR_NONE);
    if (shelf.session.log)
        ck_assert_uint_le(log_last_seq(shelf.session.log), 1000);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_file_that_ends_too_early_is_told)
{
    struct shelf shelf;
    shelf_open(&shelf);
    /* To the end of the first page, or into the second. */
    ck_assert_int_eq(truncate(shelf.path.ptr, _i ? 4096 : 5000), 0);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_int_eq(shelf.session.err.kind, ERROR_SYSTEM);
    open_it(&shelf, SESSION_FILE_WRITE);
    ck_assert_int_eq(count_files(&shelf, "damaged"), 1);
    if (shelf.session.file)
        leave(&shelf);
    shelf_close(&shelf);
}
END_TEST

START_TEST(who_goes_on_with_a_damaged_session_begins_a_new_file)
{
    struct shelf shelf;
    shelf_open(&shelf);
    run_sql(&shelf, "DELETE FROM batch WHERE first_seq = 226");
    open_it(&shelf, SESSION_FILE_WRITE);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_OPEN);
    ck_assert_uint_eq(shelf.session.lost, BATCH_EVENTS);
    ck_assert_ptr_nonnull(strstr(shelf.session.err.text, "25 events are lost"));
    ck_assert_int_eq(count_files(&shelf, "damaged"), 1);
    leave(&shelf);
    /* Once: not at each start. */
    open_it(&shelf, SESSION_FILE_WRITE);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_OPEN);
    ck_assert_uint_eq(shelf.session.lost, 0);
    ck_assert(has_text(&shelf, 1000, "message 1000 "));
    ck_assert_uint_eq(graph_node_count(shelf.session.graph), 975);
    ck_assert_int_eq(count_files(&shelf, "damaged"), 1);
    leave(&shelf);
    shelf_close(&shelf);
}
END_TEST

START_TEST(what_is_no_database_is_put_aside)
{
    struct shelf shelf;
    shelf_open(&shelf);
    FILE *file = fopen(shelf.path.ptr, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
    open_it(&shelf, SESSION_FILE_READ);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_FAILED);
    ck_assert_int_eq(count_files(&shelf, "damaged"), 0);
    open_it(&shelf, SESSION_FILE_WRITE);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_FAILED);
    ck_assert_ptr_nonnull(strstr(shelf.session.err.text, "damaged-"));
    ck_assert_int_eq(count_files(&shelf, "damaged"), 1);
    ck_assert_int_ne(access(shelf.path.ptr, F_OK), 0);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_newer_file_is_read_and_not_written)
{
    struct shelf shelf;
    struct stat before, after;
    shelf_open(&shelf);
    run_sql(&shelf, "PRAGMA user_version = 99");
    ck_assert_int_eq(stat(shelf.path.ptr, &before), 0);
    open_it(&shelf, SESSION_FILE_WRITE);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_NEWER);
    ck_assert_ptr_null(shelf.session.log);
    ck_assert_ptr_nonnull(strstr(shelf.session.err.text, "newer"));
    const struct session_wish wish = { .id = shelf.id,
                                       .mode = SESSION_FILE_WRITE,
                                       .or_read = true };
    read_session(&shelf, &wish);
    ck_assert_int_eq(shelf.session.result, SESSION_FILE_NEWER);
    ck_assert_uint_eq(log_last_seq(shelf.session.log), 1000);
    ck_assert_ptr_null(shelf.session.file);
    ck_assert_int_eq(stat(shelf.path.ptr, &after), 0);
    ck_assert_int_eq(before.st_mtime, after.st_mtime);
    shelf_close(&shelf);
}
END_TEST

START_TEST(a_fork_is_a_copy_that_says_where_it_came_from)
{
    struct shelf shelf;
    struct session fork;
    struct event event;
    shelf_open(&shelf);
    open_it(&shelf, SESSION_FILE_READ);
    session_fork(&shelf.session, 500, &fork);
    ck_assert_str_ne(fork.id.text, shelf.id);
    ck_assert_uint_eq(log_last_seq(fork.log), 500);
    ck_assert_uint_eq(graph_seq(fork.graph), 500);
    ck_assert(log_read(fork.log, 1, &event));
    ck_assert_int_eq(event.type, EVENT_SESSION_OPENED);
    ck_assert(slice_is(event_text(&event, FIELD_FROM), shelf.id));
    ck_assert_uint_eq(event_number(&event, FIELD_AT_SEQ), 500);
    ck_assert(log_read(fork.log, 500, &event));
    ck_assert(slice_starts(event_text(&event, FIELD_TEXT), "message 500 "));
    session_clear(&fork);
    shelf_close(&shelf);
}
END_TEST

START_TEST(ids_are_words_of_eight_signs_and_all_different)
{
    struct session_id ids[100];
    for (int i = 0; i < 100; i++) {
        ids[i] = session_id_new();
        ck_assert(session_id_is_valid(slice_of(ids[i].text)));
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(ids[i].text, ids[k].text);
    }
    ck_assert(session_id_is_prefix(slice_of("7k3")));
    ck_assert(!session_id_is_prefix(slice_of("")));
    ck_assert(!session_id_is_valid(slice_of("7k3")));
    ck_assert(!session_id_is_valid(slice_of("7k3q9v2il")));
    ck_assert(!session_id_is_valid(slice_of("../../et")));
    ck_assert(!session_id_is_valid((struct slice){ "a\0cdefgh", 8 }));
}
END_TEST

Suite *session_suite(void)
{
    Suite *suite = suite_create("session");
    TCase *tcase = tcase_create("session");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_sound_session_is_read_whole);
    tcase_add_test(tcase, a_prefix_is_folded_where_that_is_wished);
    tcase_add_loop_test(tcase, a_session_that_is_not_there_is_not_made, 0, 2);
    tcase_add_test(tcase, a_batch_whose_bytes_have_changed_is_a_gap);
    tcase_add_loop_test(tcase, a_batch_that_is_gone_is_a_gap_also_at_the_ends,
                        0, 4);
    tcase_add_test(tcase, a_broken_page_costs_what_was_on_it);
    tcase_add_loop_test(tcase, a_file_that_ends_too_early_is_told, 0, 2);
    tcase_add_loop_test(
        tcase, a_file_that_was_made_to_harm_is_told_and_costs_little, 0, 6);
    tcase_add_test(tcase, who_goes_on_with_a_damaged_session_begins_a_new_file);
    tcase_add_test(tcase, what_is_no_database_is_put_aside);
    tcase_add_test(tcase, a_newer_file_is_read_and_not_written);
    tcase_add_test(tcase, a_fork_is_a_copy_that_says_where_it_came_from);
    tcase_add_test(tcase, ids_are_words_of_eight_signs_and_all_different);
    suite_add_tcase(suite, tcase);
    return suite;
}
