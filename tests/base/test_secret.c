/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/secret.h"
#include "tests/support/scratch.h"

Suite *secret_suite(void);

START_TEST(the_process_is_closed_to_cores_and_to_other_processes)
{
    struct rlimit limit;
    setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
    secret_close_process();
    ck_assert_int_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    ck_assert_uint_eq(limit.rlim_cur, 0);
    ck_assert_uint_eq(limit.rlim_max, 0);
    ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 0);
    ck_assert_ptr_null(getenv("SSLKEYLOGFILE"));
}
END_TEST

START_TEST(a_forgotten_variable_is_overwritten_where_it_stood)
{
    setenv("TEST_SECRET", "value", 1);
    setenv("TEST_SECRETARY", "ann", 1);
    const char *place = getenv("TEST_SECRET");
    secret_forget_variable("TEST_SECRET");
    secret_forget_variable("TEST_SECRET");
    ck_assert_ptr_null(getenv("TEST_SECRET"));
    for (size_t i = 0; i < strlen("value"); i++)
        ck_assert_int_eq(place[i], 0);
    ck_assert_str_eq(getenv("TEST_SECRETARY"), "ann");
}
END_TEST

START_TEST(a_forgotten_environment_is_empty)
{
    setenv("TEST_SECRET", "value", 1);
    const char *place = getenv("TEST_SECRET");
    secret_forget_environment();
    ck_assert_ptr_null(getenv("TEST_SECRET"));
    ck_assert_ptr_null(getenv("PATH"));
    ck_assert_int_eq(*place, 0);
}
END_TEST

START_TEST(a_file_is_read_if_it_is_ours_alone)
{
    char path[SCRATCH_PATH_MAX];
    struct buf text = { 0 };
    struct error err = { 0 };
    int fd = scratch_file(path, "secret");
    ck_assert_int_eq(write(fd, "sk-1\n", 5), 5);
    close(fd);
    ck_assert(secret_read_file(&text, path, 64, &err));
    ck_assert_str_eq(buf_string(&text), "sk-1\n");
    buf_clear(&text);
    chmod(path, 0640);
    ck_assert(!secret_read_file(&text, path, 64, &err));
    ck_assert_int_eq(err.kind, ERROR_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "chmod 600"));
    ck_assert_uint_eq(text.len, 0);
    unlink(path);
}
END_TEST

/* Only root can make such a file; for others there are those of root. */
START_TEST(a_file_of_another_user_is_refused)
{
    char path[SCRATCH_PATH_MAX];
    const char *others = "/etc/passwd";
    struct buf text = { 0 };
    struct error err = { 0 };
    int fd = scratch_file(path, "secret");
    close(fd);
    if (geteuid() == 0) {
        ck_assert_int_eq(chown(path, 65534, 65534), 0);
        others = path;
    }
    ck_assert(!secret_read_file(&text, others, 1 << 20, &err));
    ck_assert_msg(strstr(err.text, "belongs to another user") != NULL, "%s",
                  err.text);
    unlink(path);
}
END_TEST

Suite *secret_suite(void)
{
    Suite *suite = suite_create("secret");
    TCase *tcase = tcase_create("secret");
    tcase_add_test(tcase,
                   the_process_is_closed_to_cores_and_to_other_processes);
    tcase_add_test(tcase, a_forgotten_variable_is_overwritten_where_it_stood);
    tcase_add_test(tcase, a_forgotten_environment_is_empty);
    tcase_add_test(tcase, a_file_is_read_if_it_is_ours_alone);
    tcase_add_test(tcase, a_file_of_another_user_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
