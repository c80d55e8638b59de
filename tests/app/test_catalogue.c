/* SPDX-License-Identifier: MIT */
/*
 * What is known of the sessions on disk, without a screen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "app/catalogue.h"
#include "store/session_lock.h"
#include "tests/support/kept.h"
#include "tests/support/scratch.h"

Suite *catalogue_suite(void);

enum { MANY = 100 /* more than are read at once */ };

static char directory[SCRATCH_PATH_MAX];
static struct loop *loop;
static struct store *store;
static struct catalogue *catalogue;

static void begin(void)
{
    struct error err = { 0 };
    scratch_directory(directory, "catalogue");
    setenv("XDG_DATA_HOME", directory, 1);
    loop = loop_new(&err);
    store = store_new(loop, &err);
    ck_assert_ptr_nonnull(store);
    catalogue = catalogue_new(store, NULL, NULL);
}

static void end(void)
{
    catalogue_free(catalogue);
    store_free(store);
    loop_free(loop);
    unsetenv("XDG_DATA_HOME");
    scratch_remove(directory);
}

static void look(void)
{
    catalogue_refresh(catalogue);
    ck_assert(store_settle(store, -1));
    ck_assert(catalogue_is_complete(catalogue));
}

static void ck_titles(const char *expected)
{
    struct buf titles = { 0 };
    for (size_t i = 0; i < catalogue_count(catalogue); i++)
        buf_printf(&titles, "%s;",
                   buf_string(&catalogue_at(catalogue, i)->row.title));
    ck_assert_str_eq(buf_string(&titles), expected);
    buf_clear(&titles);
}

START_TEST(where_nothing_is_kept_there_is_none)
{
    begin();
    look();
    ck_assert_uint_eq(catalogue_count(catalogue), 0);
    ck_assert_int_eq(catalogue_error(catalogue)->kind, ERROR_NONE);
    end();
}
END_TEST

START_TEST(the_last_changed_is_first_and_the_last_turn_is_quoted)
{
    begin();
    kept_exchange(directory, "aaaaaaaa", "one", "first\nanswer", 1000);
    kept_exchange(directory, "bbbbbbbb", "two\nlines", "second", 2000);
    look();
    ck_titles("two;one;");
    const struct catalogue_entry *entry = catalogue_find(catalogue, "aaaaaaaa");
    ck_assert_str_eq(buf_string(&entry->prompt), "one");
    ck_assert_str_eq(buf_string(&entry->answer), "first answer");
    ck_assert_int_eq(entry->row.turns, 1);
    ck_assert_int_eq(entry->row.changed_time, 1000);
    end();
}
END_TEST

START_TEST(only_what_has_changed_is_read_again)
{
    begin();
    kept_exchange(directory, "aaaaaaaa", "one", "first", 1000);
    kept_exchange(directory, "bbbbbbbb", "two", "second", 2000);
    look();
    /* One says so by its time, the other does not. */
    char path[256];
    snprintf(path, sizeof path, "%s/sennit/sessions/aaaaaaaa.db", directory);
    ck_assert_int_eq(remove(path), 0);
    snprintf(path, sizeof path, "%s/sennit/sessions/bbbbbbbb.db", directory);
    ck_assert_int_eq(remove(path), 0);
    kept_exchange(directory, "aaaaaaaa", "other", "first", 3000);
    kept_exchange(directory, "bbbbbbbb", "other", "second", 2000);
    look();
    ck_titles("other;two;");
    end();
}
END_TEST

START_TEST(what_is_gone_is_listed_no_more)
{
    char path[256];
    begin();
    kept_exchange(directory, "aaaaaaaa", "one", "first", 1000);
    look();
    snprintf(path, sizeof path, "%s/sennit/sessions/aaaaaaaa.db", directory);
    ck_assert_int_eq(remove(path), 0);
    look();
    ck_titles("");
    end();
}
END_TEST

static void do_nothing(void *job)
{
    (void)job;
}

struct progress {
    bool is_posted;
    size_t read; /* when the other job was done */
};

static void note_progress(void *context, void *job)
{
    struct progress *progress = context;
    (void)job;
    for (size_t i = 0; i < catalogue_count(catalogue); i++)
        progress->read += catalogue_at(catalogue, i)->is_read;
}

/* They are listed, and the first of them are being read. */
static void post_another(void *context)
{
    struct progress *progress = context;
    if (!progress->is_posted)
        store_post(store, do_nothing, note_progress, progress, NULL);
    progress->is_posted = true;
}

/* A commit, say: it waits for a part of the reading, not for all of it. */
START_TEST(reading_many_lets_other_jobs_through)
{
    struct progress progress = { 0 };
    begin();
    for (int i = 0; i < MANY; i++) {
        char id[20];
        snprintf(id, sizeof id, "aaaaaa%02d", i);
        kept_exchange(directory, id, "one", "first", 1000 + i);
    }
    catalogue_free(catalogue);
    catalogue = catalogue_new(store, post_another, &progress);
    look();
    ck_assert(progress.is_posted);
    ck_assert_uint_gt(progress.read, 0);
    ck_assert_uint_lt(progress.read, MANY);
    ck_assert_uint_eq(catalogue_count(catalogue), MANY);
    for (size_t i = 0; i < MANY; i++)
        ck_assert(catalogue_at(catalogue, i)->is_read);
    end();
}
END_TEST

START_TEST(one_that_somebody_has_is_marked)
{
    static const enum lock_kind kinds[] = { LOCK_BY_KERNEL, LOCK_BY_LEASE };
    struct session_lock *lock;
    struct error err = { 0 };
    char path[256];
    bool was_left;
    begin();
    kept_exchange(directory, "aaaaaaaa", "one", "first", 1000);
    snprintf(path, sizeof path, "%s/sennit/sessions/aaaaaaaa.db", directory);
    ck_assert_int_eq(session_lock_take(path, kinds[_i], &lock, &was_left, &err),
                     LOCK_TAKEN);
    look();
    ck_assert(catalogue_at(catalogue, 0)->is_held);
    session_lock_free(lock);
    look();
    ck_assert(!catalogue_at(catalogue, 0)->is_held);
    end();
}
END_TEST

START_TEST(words_are_found_in_titles_and_models)
{
    begin();
    kept_exchange(directory, "aaaaaaaa", "How do tides work?", "x", 1000);
    kept_exchange(directory, "bbbbbbbb", "How is bread made?", "y", 2000);
    look();
    ck_assert_uint_eq(catalogue_match(catalogue, slice_of("TIDES how"), 0), 1);
    ck_assert_uint_eq(catalogue_match(catalogue, slice_of("how"), 0), 0);
    ck_assert_uint_eq(catalogue_match(catalogue, slice_of("how"), 1), 1);
    ck_assert_uint_eq(catalogue_match(catalogue, slice_of("tides bread"), 0),
                      2);
    end();
}
END_TEST

/* What comes for it then comes too late, and hurts nobody. */
START_TEST(it_may_go_while_it_is_read)
{
    begin();
    kept_exchange(directory, "aaaaaaaa", "one", "first", 1000);
    catalogue_refresh(catalogue);
    catalogue_free(catalogue);
    catalogue = NULL;
    ck_assert(store_settle(store, -1));
    end();
}
END_TEST

Suite *catalogue_suite(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *cases = tcase_create("catalogue");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, where_nothing_is_kept_there_is_none);
    tcase_add_test(cases,
                   the_last_changed_is_first_and_the_last_turn_is_quoted);
    tcase_add_test(cases, only_what_has_changed_is_read_again);
    tcase_add_test(cases, what_is_gone_is_listed_no_more);
    tcase_add_test(cases, reading_many_lets_other_jobs_through);
    tcase_add_loop_test(cases, one_that_somebody_has_is_marked, 0, 2);
    tcase_add_test(cases, words_are_found_in_titles_and_models);
    tcase_add_test(cases, it_may_go_while_it_is_read);
    suite_add_tcase(suite, cases);
    return suite;
}
