/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "store/migration.h"
#include "tests/support/scratch.h"

Suite *migration_suite(void);

/* Three versions of a file. */
static const char *const steps[] = {
    "CREATE TABLE word(text TEXT)",
    "ALTER TABLE word ADD COLUMN count INTEGER DEFAULT 1",
    "CREATE INDEX word_count ON word(count)",
};
static const char *const broken_steps[] = {
    "CREATE TABLE word(text TEXT)",
    "ALTER TABLE word ADD COLUMN count INTEGER DEFAULT 1; DROP TABLE nothing",
};

static struct migration version(const char *const *list, size_t count)
{
    return (struct migration){ 4711, "a list of words", list, count };
}

struct place {
    char directory[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 40];
};

static void place_open(struct place *place)
{
    scratch_directory(place->directory, "migration");
    snprintf(place->path, sizeof place->path, "%s/words.db", place->directory);
}

static struct db *open_db(const struct place *place, enum db_mode mode)
{
    struct error err = { 0 };
    struct db *db = db_open(place->path, mode, NULL, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    return db;
}

static enum migration_result migrate(const struct place *place,
                                     struct migration migration,
                                     const char *sql)
{
    struct error err = { 0 };
    struct db *db = open_db(place, DB_WRITE);
    enum migration_result result =
        migration_run(db, place->path, &migration, &err);
    ck_assert_int_eq(result == MIGRATION_CURRENT, err.kind == ERROR_NONE);
    if (sql)
        ck_assert(db_run(db, sql, &err));
    db_close(db);
    return result;
}

static int64_t number(const struct place *place, const char *sql)
{
    struct error err = { 0 };
    int64_t value = -1;
    struct db *db = open_db(place, DB_READ);
    if (!db_number(db, sql, &value, &err))
        value = -1;
    db_close(db);
    return value;
}

START_TEST(a_new_file_gets_all_steps_and_no_backup)
{
    struct place place;
    char backup[SCRATCH_PATH_MAX + 80];
    place_open(&place);
    ck_assert_int_eq(migrate(&place, version(steps, 3), NULL),
                     MIGRATION_CURRENT);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 3);
    ck_assert_int_eq(number(&place, "PRAGMA application_id"), 4711);
    ck_assert_int_eq(number(&place, "SELECT count(*) FROM word"), 0);
    snprintf(backup, sizeof backup, "%s.backup-v0", place.path);
    ck_assert_int_ne(access(backup, F_OK), 0);
    scratch_remove(place.directory);
}
END_TEST

START_TEST(an_older_file_is_brought_up_and_its_content_and_a_copy_are_kept)
{
    struct place place, backup;
    struct stat info;
    place_open(&place);
    migrate(&place, version(steps, 1), "INSERT INTO word VALUES('braid')");
    ck_assert_int_eq(migrate(&place, version(steps, 3), NULL),
                     MIGRATION_CURRENT);
    ck_assert_int_eq(number(&place, "SELECT count FROM word"), 1);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 3);
    snprintf(backup.path, sizeof backup.path, "%s/words.db.backup-v1",
             place.directory);
    ck_assert_int_eq(stat(backup.path, &info), 0);
    ck_assert_int_eq(info.st_mode & 07777, 0600);
    ck_assert_int_eq(number(&backup, "PRAGMA user_version"), 1);
    ck_assert_int_eq(number(&backup, "SELECT count(*) FROM word"), 1);
    scratch_remove(place.directory);
}
END_TEST

START_TEST(a_step_that_fails_changes_nothing)
{
    struct place place;
    place_open(&place);
    migrate(&place, version(steps, 1), "INSERT INTO word VALUES('braid')");
    ck_assert_int_eq(migrate(&place, version(broken_steps, 2), NULL),
                     MIGRATION_FAILED);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 1);
    ck_assert_int_eq(number(&place, "SELECT count(*) FROM word"), 1);
    ck_assert_int_eq(number(&place, "SELECT count FROM word"), -1);
    /* And the next program can still do it. */
    ck_assert_int_eq(migrate(&place, version(steps, 3), NULL),
                     MIGRATION_CURRENT);
    scratch_remove(place.directory);
}
END_TEST

START_TEST(a_newer_file_is_left_alone)
{
    struct place place;
    place_open(&place);
    migrate(&place, version(steps, 3), "INSERT INTO word VALUES('braid', 2)");
    ck_assert_int_eq(migrate(&place, version(steps, 2), NULL), MIGRATION_NEWER);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 3);
    ck_assert_int_eq(number(&place, "SELECT count FROM word"), 2);
    scratch_remove(place.directory);
}
END_TEST

START_TEST(a_file_of_somebody_else_is_left_alone)
{
    struct place place;
    struct error err = { 0 };
    place_open(&place);
    struct db *db = open_db(&place, DB_WRITE);
    ck_assert(db_run(db, "CREATE TABLE word(text TEXT)", &err));
    db_close(db);
    ck_assert_int_eq(migrate(&place, version(steps, 3), NULL),
                     MIGRATION_FOREIGN);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 0);
    scratch_remove(place.directory);
}
END_TEST

START_TEST(a_file_that_is_only_read_is_judged_and_not_changed)
{
    struct place place;
    struct error err = { 0 };
    place_open(&place);
    migrate(&place, version(steps, 1), NULL);
    struct migration now = version(steps, 3);
    struct db *db = open_db(&place, DB_READ);
    ck_assert_int_eq(migration_check(db, &now, &err), MIGRATION_CURRENT);
    db_close(db);
    ck_assert_int_eq(number(&place, "PRAGMA user_version"), 1);
    scratch_remove(place.directory);
}
END_TEST

Suite *migration_suite(void)
{
    Suite *suite = suite_create("migration");
    TCase *tcase = tcase_create("migration");
    tcase_add_test(tcase, a_new_file_gets_all_steps_and_no_backup);
    tcase_add_test(
        tcase, an_older_file_is_brought_up_and_its_content_and_a_copy_are_kept);
    tcase_add_test(tcase, a_step_that_fails_changes_nothing);
    tcase_add_test(tcase, a_newer_file_is_left_alone);
    tcase_add_test(tcase, a_file_of_somebody_else_is_left_alone);
    tcase_add_test(tcase, a_file_that_is_only_read_is_judged_and_not_changed);
    suite_add_tcase(suite, tcase);
    return suite;
}
