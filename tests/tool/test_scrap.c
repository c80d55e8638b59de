/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/scratch.h"
#include "tool/scrap.h"

Suite *scrap_suite(void);

enum { NAME_LEN = 200 };

static void make_file(const char *directory, const char *name)
{
    char path[NAME_LEN];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

START_TEST(it_is_new_and_of_nobody_else)
{
    struct error err = { 0 };
    struct stat status;
    char *first = scrap_make(&err), *second = scrap_make(&err);
    ck_assert_msg(first && second, "%s", err.text);
    ck_assert_str_ne(first, second);
    ck_assert_int_eq(stat(first, &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0700);
    ck_assert_uint_eq(status.st_uid, getuid());
    scrap_remove(first);
    scrap_remove(second);
    ck_assert_int_lt(stat(first, &status), 0);
    free(first);
    free(second);
    scrap_remove(NULL);
}
END_TEST

/* A program may have left anything: a tree that it closed behind itself, and a
 * link to what is not its own. */
START_TEST(all_that_is_in_it_goes_and_nothing_else)
{
    struct error err = { 0 };
    struct stat status;
    char outside[SCRATCH_PATH_MAX], path[NAME_LEN];
    char *scrap = scrap_make(&err);
    scratch_directory(outside, "outside");
    make_file(outside, "kept");
    make_file(scrap, "-rf");
    snprintf(path, sizeof path, "%s/link", scrap);
    ck_assert_int_eq(symlink(outside, path), 0);
    snprintf(path, sizeof path, "%s/a", scrap);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    make_file(path, ".b");
    ck_assert_int_eq(chmod(path, 0), 0);
    scrap_remove(scrap);
    ck_assert_int_lt(stat(scrap, &status), 0);
    snprintf(path, sizeof path, "%s/kept", outside);
    ck_assert_int_eq(stat(path, &status), 0);
    free(scrap);
    scratch_remove(outside);
}
END_TEST

START_TEST(where_none_can_be_made_is_told)
{
    struct error err = { 0 };
    setenv("TMPDIR", "/nonexistent", 1);
    ck_assert_ptr_null(scrap_make(&err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
}
END_TEST

Suite *scrap_suite(void)
{
    Suite *suite = suite_create("scrap");
    TCase *tcase = tcase_create("scrap");
    tcase_add_test(tcase, it_is_new_and_of_nobody_else);
    tcase_add_test(tcase, all_that_is_in_it_goes_and_nothing_else);
    tcase_add_test(tcase, where_none_can_be_made_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
