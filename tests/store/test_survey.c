/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "store/survey.h"
#include "tests/support/scratch.h"

Suite *survey_suite(void);

struct ground {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct survey survey;
};

static void make_directory(const struct ground *ground, const char *name)
{
    struct buf path = { 0 };
    store_path(ground->store, &path, name);
    ck_assert_int_eq(mkdir(buf_string(&path), 0700), 0);
    buf_clear(&path);
}

static void write_file(const struct ground *ground, const char *name,
                       const char *text)
{
    struct buf path = { 0 };
    store_path(ground->store, &path, name);
    FILE *file = fopen(buf_string(&path), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    buf_clear(&path);
}

static void ground_open(struct ground *ground)
{
    struct error err = { 0 };
    *ground = (struct ground){ 0 };
    scratch_directory(ground->home, "survey");
    setenv("XDG_DATA_HOME", ground->home, 1);
    ground->loop = loop_new(&err);
    ground->store = store_new(ground->loop, &err);
}

static void ground_close(struct ground *ground)
{
    store_free(ground->store);
    loop_free(ground->loop);
    scratch_remove(ground->home);
}

static void on_survey(void *context, const struct survey *survey)
{
    *(struct survey *)context = *survey;
}

static void look(struct ground *ground)
{
    survey_ask(ground->store, on_survey, &ground->survey);
    ck_assert(store_settle(ground->store, 10000));
    ck_assert(ground->survey.is_made);
}

START_TEST(where_nothing_is_nothing_is_found_or_made)
{
    struct ground ground;
    struct buf path = { 0 };
    ground_open(&ground);
    look(&ground);
    ck_assert(!ground.survey.has_store);
    ck_assert_uint_eq(ground.survey.sessions.count, 0);
    store_path(ground.store, &path, "");
    ck_assert_int_ne(access(buf_string(&path), F_OK), 0);
    buf_clear(&path);
    ground_close(&ground);
}
END_TEST

START_TEST(each_kind_of_file_is_counted_apart)
{
    struct ground ground;
    ground_open(&ground);
    make_directory(&ground, "");
    make_directory(&ground, "sessions");
    make_directory(&ground, "trash");
    write_file(&ground, "sessions/aaaaaaaa.db", "1");
    write_file(&ground, "sessions/bbbbbbbb.db", "12");
    write_file(&ground, "sessions/bbbbbbbb.db.lock", "12345678901234567");
    write_file(&ground, "sessions/aaaaaaaa.db.backup-v1", "1234");
    write_file(&ground, "sessions/aaaaaaaa.db.damaged-1", "12345678");
    write_file(&ground, "sessions/bbbbbbbb.db.damaged-1", "12345678");
    write_file(&ground, "trash/cccccccc-1700000000.db", "123456789012345");
    write_file(&ground, "ballast", "");
    write_file(&ground, "retention", "1700000000 3 1\n");
    look(&ground);
    const struct survey *survey = &ground.survey;
    ck_assert(survey->has_store && survey->is_writable);
    ck_assert_uint_eq(survey->sessions.count, 2);
    ck_assert_int_eq(survey->sessions.size, 3);
    ck_assert_uint_eq(survey->trash.count, 1);
    ck_assert_int_eq(survey->trash.size, 15);
    ck_assert_int_eq(survey->trash.last_time, 1700000000);
    ck_assert_uint_eq(survey->backups.count, 1);
    ck_assert_uint_eq(survey->aside.count, 2);
    ck_assert_int_eq(survey->aside.size, 16);
    ck_assert(survey->has_ballast);
    ck_assert_uint_gt(survey->room, 0);
    ck_assert_uint_eq(survey->retention.moved, 3);
    ck_assert_uint_eq(survey->retention.removed, 1);
    ground_close(&ground);
}
END_TEST

Suite *survey_suite(void)
{
    Suite *suite = suite_create("survey");
    TCase *tcase = tcase_create("survey");
    tcase_add_test(tcase, where_nothing_is_nothing_is_found_or_made);
    tcase_add_test(tcase, each_kind_of_file_is_counted_apart);
    suite_add_tcase(suite, tcase);
    return suite;
}
