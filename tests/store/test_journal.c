/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "store/journal.h"
#include "store/session_file.h"
#include "tests/support/random_log.h"
#include "tests/support/scratch.h"

Suite *journal_suite(void);

/* A conversation that is kept below a directory of its own. */
struct desk {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct log *log;
    struct journal *journal;
    struct session session; /* as it was read */
    int news;
};

static void on_news(void *context)
{
    ((struct desk *)context)->news++;
}

static void desk_open(struct desk *desk)
{
    struct error err = { 0 };
    scratch_directory(desk->home, "journal");
    setenv("XDG_DATA_HOME", desk->home, 1);
    desk->loop = loop_new(&err);
    desk->store = store_new(desk->loop, &err);
    ck_assert_msg(desk->store != NULL, "%s", err.text);
    desk->log = log_new();
    desk->journal = journal_new(desk->store, desk->log, on_news, desk);
}

static void desk_close(struct desk *desk)
{
    session_clear(&desk->session);
    journal_close(desk->journal);
    ck_assert(store_settle(desk->store, 10000));
    store_free(desk->store);
    loop_free(desk->loop);
    log_free(desk->log);
    scratch_remove(desk->home);
}

static void say(struct desk *desk, const char *text)
{
    struct event event = { .type = EVENT_PROMPT_QUEUED };
    event_add_string(&event, FIELD_TEXT, text);
    log_append(desk->log, &event);
    journal_note(desk->journal);
}

/* Turn the loop until all of the log is kept. */
static void await_kept(struct desk *desk)
{
    for (int turns = 0; turns < 10000; turns++) {
        if (journal_durable(desk->journal) == log_last_seq(desk->log))
            return;
        loop_turn(desk->loop, 1000);
    }
    ck_abort_msg("it is not kept");
}

static void on_read(void *context, struct session *session)
{
    struct desk *desk = context;
    session_clear(&desk->session);
    desk->session = *session;
    desk->news = -1;
}

static void read_back(struct desk *desk, enum session_file_mode mode,
                      const char *id)
{
    const struct session_wish wish = { .id = id, .mode = mode };
    desk->news = 0;
    session_open(desk->store, &wish, on_read, desk);
    ck_assert(store_settle(desk->store, 10000));
    ck_assert_int_eq(desk->news, -1);
}

static void ck_same_logs(const struct log *one, const struct log *other)
{
    struct buf a = { 0 }, b = { 0 };
    ck_assert_uint_eq(log_last_seq(one), log_last_seq(other));
    log_pack(one, 1, SIZE_MAX, &a);
    log_pack(other, 1, SIZE_MAX, &b);
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_int_eq(memcmp(a.ptr, b.ptr, a.len), 0);
    buf_clear(&a);
    buf_clear(&b);
}

START_TEST(nothing_is_on_disk_before_the_first_barrier)
{
    struct desk desk = { 0 };
    struct buf path = { 0 };
    desk_open(&desk);
    say(&desk, "hello");
    store_session_path(desk.store, &path, journal_id(desk.journal));
    ck_assert(store_settle(desk.store, 10000));
    ck_assert_int_ne(access(path.ptr, F_OK), 0);
    ck_assert_uint_eq(journal_durable(desk.journal), 0);
    ck_assert_uint_eq(journal_unsaved(desk.journal), 0);
    journal_barrier(desk.journal);
    await_kept(&desk);
    struct stat info;
    ck_assert_int_eq(stat(path.ptr, &info), 0);
    ck_assert_int_eq(info.st_mode & 07777, 0600);
    buf_clear(&path);
    desk_close(&desk);
}
END_TEST

START_TEST(what_was_kept_is_read_back_to_the_byte)
{
    struct desk desk = { 0 };
    struct graph *graph = graph_new();
    struct random_log random = { .state = 4711, .wild_share = 10 };
    desk_open(&desk);
    journal_barrier(desk.journal);
    for (int i = 0; i < 2000; i++) {
        struct event event;
        random_event(&random, graph, &event);
        log_append(desk.log, &event);
        graph_apply(graph, &event);
        journal_note(desk.journal);
        if (i % 100 == 0)
            journal_barrier(desk.journal);
        loop_turn(desk.loop, 0);
    }
    await_kept(&desk);
    read_back(&desk, SESSION_FILE_READ, journal_id(desk.journal));
    ck_assert_int_eq(desk.session.result, SESSION_FILE_OPEN);
    ck_assert_uint_eq(desk.session.lost, 0);
    ck_same_logs(desk.log, desk.session.log);
    ck_assert_uint_eq(graph_seq(desk.session.graph), log_last_seq(desk.log));
    graph_free(graph);
    desk_close(&desk);
}
END_TEST

START_TEST(an_event_is_kept_without_a_barrier_after_a_while)
{
    struct desk desk = { 0 };
    desk_open(&desk);
    journal_barrier(desk.journal);
    say(&desk, "one");
    await_kept(&desk);
    say(&desk, "two");
    await_kept(&desk);
    ck_assert_int_ge(desk.news, 1);
    desk_close(&desk);
}
END_TEST

static void press_enter(void *context, int fd, int events)
{
    struct desk *desk = context;
    (void)events;
    loop_unwatch(desk->loop, fd);
    say(desk, "a prompt");
    journal_barrier(desk->journal);
}

static void count_batch(void *context, uint64_t first, uint64_t last,
                        struct slice bytes)
{
    (void)first, (void)last, (void)bytes;
    ++*(int *)context;
}

/* What a key does and what the rules make of it is one commit, and of a new
 * session the file is made with it. */
START_TEST(what_is_said_in_one_turn_is_one_commit)
{
    struct desk desk = { 0 };
    int batches = 0, ends[2];
    desk_open(&desk);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "", 1), 1);
    loop_watch(desk.loop, ends[0], LOOP_READ, press_enter, &desk);
    loop_turn(desk.loop, 1000);
    say(&desk, "a run begins");
    journal_barrier(desk.journal);
    await_kept(&desk);
    struct buf path = { 0 };
    struct error err = { 0 };
    store_session_path(desk.store, &path, journal_id(desk.journal));
    struct session_file *file;
    struct session_opening opening = { .path = path.ptr };
    ck_assert_int_eq(session_file_open(&opening, &file, &err),
                     SESSION_FILE_OPEN);
    ck_assert_uint_eq(session_file_read(file, count_batch, &batches), 0);
    ck_assert_int_eq(batches, 1);
    session_file_close(file);
    buf_clear(&path);
    close(ends[0]);
    close(ends[1]);
    desk_close(&desk);
}
END_TEST

START_TEST(a_session_goes_on_where_it_was_left)
{
    struct desk desk = { 0 };
    char id[SESSION_ID_LEN + 1];
    desk_open(&desk);
    say(&desk, "one");
    journal_barrier(desk.journal);
    strcpy(id, journal_id(desk.journal));
    journal_close(desk.journal);
    ck_assert(store_settle(desk.store, 10000));
    read_back(&desk, SESSION_FILE_WRITE, id);
    ck_assert_int_eq(desk.session.result, SESSION_FILE_OPEN);
    ck_assert(!desk.session.was_left);
    log_free(desk.log);
    desk.log = desk.session.log;
    desk.session.log = NULL;
    desk.journal =
        journal_resume(desk.store, desk.log, &desk.session, on_news, &desk);
    ck_assert_uint_eq(journal_durable(desk.journal), 1);
    say(&desk, "two");
    await_kept(&desk);
    read_back(&desk, SESSION_FILE_READ, id);
    ck_same_logs(desk.log, desk.session.log);
    desk_close(&desk);
}
END_TEST

START_TEST(a_session_has_one_writer)
{
    struct desk desk = { 0 };
    desk_open(&desk);
    say(&desk, "one");
    journal_barrier(desk.journal);
    await_kept(&desk);
    read_back(&desk, SESSION_FILE_WRITE, journal_id(desk.journal));
    ck_assert_int_eq(desk.session.result, SESSION_FILE_HELD);
    ck_assert_ptr_nonnull(strstr(desk.session.err.text, "another sennit"));
    ck_assert_ptr_null(desk.session.log);
    desk_close(&desk);
}
END_TEST

START_TEST(what_is_rewritten_is_not_in_the_file_any_more)
{
    struct desk desk = { 0 };
    struct buf path = { 0 }, grep = { 0 };
    struct log *old;
    desk_open(&desk);
    say(&desk, "the key is xyzzy-plugh-42");
    journal_barrier(desk.journal);
    await_kept(&desk);
    store_session_path(desk.store, &path, journal_id(desk.journal));
    buf_printf(&grep, "grep -qa xyzzy-plugh %s", path.ptr);
    ck_assert_int_eq(system(grep.ptr), 0);
    old = desk.log;
    desk.log = log_new();
    struct event event = { .type = EVENT_PROMPT_QUEUED };
    event_add_string(&event, FIELD_TEXT, "the key is [redacted]");
    log_append(desk.log, &event);
    journal_rewrite(desk.journal, desk.log);
    log_free(old);
    await_kept(&desk);
    ck_assert_int_ne(system(grep.ptr), 0);
    read_back(&desk, SESSION_FILE_READ, journal_id(desk.journal));
    ck_same_logs(desk.log, desk.session.log);
    buf_clear(&path);
    buf_clear(&grep);
    desk_close(&desk);
}
END_TEST

START_TEST(a_file_that_was_removed_is_written_anew)
{
    struct desk desk = { 0 };
    struct buf path = { 0 };
    desk_open(&desk);
    say(&desk, "one");
    journal_barrier(desk.journal);
    await_kept(&desk);
    store_session_path(desk.store, &path, journal_id(desk.journal));
    ck_assert_int_eq(unlink(path.ptr), 0);
    say(&desk, "two");
    journal_barrier(desk.journal);
    await_kept(&desk);
    read_back(&desk, SESSION_FILE_READ, journal_id(desk.journal));
    ck_same_logs(desk.log, desk.session.log);
    buf_clear(&path);
    desk_close(&desk);
}
END_TEST

START_TEST(a_directory_that_may_not_be_made_is_told_and_tried_again)
{
    struct desk desk = { 0 };
    struct buf words = { 0 }, blocker = { 0 };
    desk_open(&desk);
    store_path(desk.store, &blocker, "");
    ck_assert_int_eq(symlink("/nowhere/at/all", blocker.ptr), 0);
    say(&desk, "one");
    journal_barrier(desk.journal);
    for (int turns = 0;
         turns < 1000 && journal_state(desk.journal) != JOURNAL_REFUSED;
         turns++)
        loop_turn(desk.loop, 1000);
    ck_assert_int_eq(journal_state(desk.journal), JOURNAL_REFUSED);
    ck_assert_uint_gt(journal_unsaved(desk.journal), 0);
    journal_describe(desk.journal, false, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "not saved"));
    ck_assert_ptr_null(strstr(buf_string(&words), "tried again"));
    journal_describe(desk.journal, true, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "tried again"));
    ck_assert_int_eq(unlink(blocker.ptr), 0);
    await_kept(&desk);
    ck_assert_int_eq(journal_state(desk.journal), JOURNAL_FINE);
    buf_clear(&words);
    buf_clear(&blocker);
    desk_close(&desk);
}
END_TEST

Suite *journal_suite(void)
{
    Suite *suite = suite_create("journal");
    TCase *tcase = tcase_create("journal");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, nothing_is_on_disk_before_the_first_barrier);
    tcase_add_test(tcase, what_was_kept_is_read_back_to_the_byte);
    tcase_add_test(tcase, an_event_is_kept_without_a_barrier_after_a_while);
    tcase_add_test(tcase, what_is_said_in_one_turn_is_one_commit);
    tcase_add_test(tcase, a_session_goes_on_where_it_was_left);
    tcase_add_test(tcase, a_session_has_one_writer);
    tcase_add_test(tcase, what_is_rewritten_is_not_in_the_file_any_more);
    tcase_add_test(tcase, a_file_that_was_removed_is_written_anew);
    tcase_add_test(tcase,
                   a_directory_that_may_not_be_made_is_told_and_tried_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
