/* SPDX-License-Identifier: MIT */
/*
 * Sessions that are old, where the user wants them to go. A file is as old as
 * the test's clock makes it: `now` lies in its future.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "store/retention.h"
#include "store/session_list.h"
#include "store/session_lock.h"
#include "store/trash.h"
#include "tests/support/scratch.h"

Suite *retention_suite(void);

enum { DAY = RETENTION_DAY_S, KEEP = 30 * DAY };

struct closet {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct error err;
    int64_t now;
    struct retention_note note;
};

static void path_of(const struct closet *closet, struct buf *path,
                    const char *id)
{
    buf_reset(path);
    store_session_path(closet->store, path, id);
}

static void make(const struct closet *closet, const char *id)
{
    struct buf path = { 0 };
    path_of(closet, &path, id);
    FILE *file = fopen(buf_string(&path), "w");
    fputs("events", file);
    fclose(file);
    buf_clear(&path);
}

static void closet_open(struct closet *closet)
{
    struct buf path = { 0 };
    *closet = (struct closet){ .now = (int64_t)time(NULL) };
    scratch_directory(closet->home, "keep");
    setenv("XDG_DATA_HOME", closet->home, 1);
    closet->loop = loop_new(&closet->err);
    closet->store = store_new(closet->loop, &closet->err);
    store_path(closet->store, &path, "");
    mkdir(buf_string(&path), 0700);
    buf_append_string(&path, "/sessions");
    ck_assert_int_eq(mkdir(buf_string(&path), 0700), 0);
    buf_clear(&path);
    make(closet, "aaaaaaaa");
}

static void closet_close(struct closet *closet)
{
    store_free(closet->store);
    loop_free(closet->loop);
    scratch_remove(closet->home);
}

static bool run_after(struct closet *closet, int64_t days)
{
    return retention_run(closet->store, KEEP, closet->now + days * DAY,
                         &closet->note);
}

static void ck_kept(struct closet *closet, size_t sessions, size_t trashed)
{
    struct session_list list = { 0 };
    struct trash_list trash = { 0 };
    ck_assert(session_list_read(&list, closet->store, &closet->err));
    ck_assert(trash_list_read(&trash, closet->store, &closet->err));
    ck_assert_uint_eq(list.entries.count, sessions);
    ck_assert_uint_eq(trash.entries.count, trashed);
    session_list_clear(&list);
    trash_list_clear(&trash);
}

START_TEST(what_is_old_goes_to_the_trash_and_after_as_long_again_for_good)
{
    struct closet closet;
    closet_open(&closet);
    ck_assert(run_after(&closet, 29));
    ck_kept(&closet, 1, 0);
    ck_assert(run_after(&closet, 31));
    ck_kept(&closet, 0, 1);
    ck_assert_uint_eq(closet.note.moved, 1);
    ck_assert(run_after(&closet, 60));
    ck_kept(&closet, 0, 1);
    ck_assert(run_after(&closet, 62));
    ck_kept(&closet, 0, 0);
    ck_assert_uint_eq(closet.note.moved, 0);
    ck_assert_uint_eq(closet.note.removed, 1);
    retention_read(closet.store, &closet.note);
    ck_assert_int_eq(closet.note.time, closet.now + 62 * DAY);
    ck_assert_uint_eq(closet.note.removed, 1);
    closet_close(&closet);
}
END_TEST

START_TEST(it_is_done_once_a_day)
{
    struct closet closet;
    closet_open(&closet);
    ck_assert(run_after(&closet, 29));
    ck_assert(!run_after(&closet, 29));
    closet.now += DAY - 1;
    ck_assert(!run_after(&closet, 29));
    closet.now += 1;
    ck_assert(run_after(&closet, 29));
    closet_close(&closet);
}
END_TEST

/* A clock that was wrong for a while keeps nobody from it for ever. */
START_TEST(a_note_from_the_future_counts_for_nothing)
{
    struct closet closet;
    closet_open(&closet);
    ck_assert(run_after(&closet, 29));
    ck_assert(run_after(&closet, 1));
    closet_close(&closet);
}
END_TEST

START_TEST(a_session_that_is_open_stays)
{
    struct closet closet;
    struct buf path = { 0 };
    struct session_lock *lock = NULL;
    bool was_left;
    closet_open(&closet);
    make(&closet, "bbbbbbbb");
    path_of(&closet, &path, "aaaaaaaa");
    ck_assert_int_eq(session_lock_take(buf_string(&path), LOCK_AS_FITS, &lock,
                                       &was_left, &closet.err),
                     LOCK_TAKEN);
    ck_assert(run_after(&closet, 31));
    ck_kept(&closet, 1, 1);
    session_lock_free(lock);
    ck_assert(run_after(&closet, 32));
    ck_kept(&closet, 0, 2);
    buf_clear(&path);
    closet_close(&closet);
}
END_TEST

/* Its words are as old as before. */
START_TEST(what_was_restored_is_not_old)
{
    struct closet closet;
    struct buf path = { 0 };
    const struct timespec old[] = { { 1000, 0 }, { 1000, 0 } };
    closet_open(&closet);
    path_of(&closet, &path, "aaaaaaaa");
    ck_assert_int_eq(utimensat(AT_FDCWD, buf_string(&path), old, 0), 0);
    ck_assert(run_after(&closet, 0));
    ck_kept(&closet, 1, 0);
    buf_clear(&path);
    closet_close(&closet);
}
END_TEST

START_TEST(a_time_too_short_to_be_meant_does_nothing)
{
    struct closet closet;
    closet_open(&closet);
    ck_assert(!retention_run(closet.store, DAY - 1, closet.now + 99 * DAY,
                             &closet.note));
    ck_kept(&closet, 1, 0);
    closet_close(&closet);
}
END_TEST

Suite *retention_suite(void)
{
    Suite *suite = suite_create("retention");
    TCase *tcase = tcase_create("retention");
    tcase_add_test(
        tcase, what_is_old_goes_to_the_trash_and_after_as_long_again_for_good);
    tcase_add_test(tcase, it_is_done_once_a_day);
    tcase_add_test(tcase, a_note_from_the_future_counts_for_nothing);
    tcase_add_test(tcase, a_session_that_is_open_stays);
    tcase_add_test(tcase, what_was_restored_is_not_old);
    tcase_add_test(tcase, a_time_too_short_to_be_meant_does_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
