/* SPDX-License-Identifier: MIT */
/*
 * Whoever comes between a plan and its work: nothing of his is lost, and nothing
 * is written where nobody agreed to.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tests/support/skip.h"
#include "tool/edit_file.h"
#include "tool/edits.h"
#include "tool/revert.h"
#include "tool/write_file.h"

Suite *swap_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool plan_write(const char *arguments)
{
    return call_plan(&call, &write_file_tool, arguments);
}

/* Files in a directory of the place. */
static int count_files(const char *name)
{
    int count = 0;
    DIR *directory = opendir(call_path(&call, name));
    ck_assert_ptr_nonnull(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2;
}

START_TEST(a_file_that_has_changed_is_left_alone)
{
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    call_put(&call, "a", "somebody else's\n");
    ck_assert(!call_work(&call));
    call_fails(&call, "read it again");
    ck_assert_str_eq(call_get(&call, "a"), "somebody else's\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

START_TEST(a_change_that_keeps_size_and_time_is_seen)
{
    struct stat status;
    call_put(&call, "a", "one\n");
    ck_assert_int_eq(stat(call_path(&call, "a"), &status), 0);
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    call_put(&call, "a", "eno\n");
    struct timespec times[] = { status.st_atim, status.st_mtim };
    ck_assert_int_eq(utimensat(AT_FDCWD, call_path(&call, "a"), times, 0), 0);
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "eno\n");
}
END_TEST

START_TEST(a_file_that_was_replaced_is_left_alone)
{
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    char other[SCRATCH_PATH_MAX + 16];
    call_put(&call, "b", "one\n");
    snprintf(other, sizeof other, "%s/b", call.directory);
    ck_assert_int_eq(rename(other, call_path(&call, "a")), 0);
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "one\n");
}
END_TEST

START_TEST(a_file_that_is_gone_is_not_made_again)
{
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    unlink(call_path(&call, "a"));
    ck_assert(!call_work(&call));
    ck_assert_int_eq(count_files("."), 0);
}
END_TEST

START_TEST(a_file_that_was_made_meanwhile_is_left_alone)
{
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    call_put(&call, "a", "somebody else's\n");
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "somebody else's\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

START_TEST(a_link_that_was_put_there_is_not_followed)
{
    call_put(&call, "../outside/key", "secret\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    ck_assert_int_eq(symlink("../outside/key", call_path(&call, "a")), 0);
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "../outside/key"), "secret\n");
    ck_assert(plan_write("{'path':'d/b','content':'two\\n'}"));
    ck_assert_int_eq(symlink("../outside", call_path(&call, "d")), 0);
    ck_assert(!call_work(&call));
    ck_assert_int_eq(count_files("../outside"), 1);
}
END_TEST

START_TEST(of_two_plans_the_second_fails)
{
    struct call other = call;
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    ck_assert(
        call_plan(&other, &write_file_tool, "{'path':'a','content':'3\\n'}"));
    ck_assert(call_work(&call));
    ck_assert(!call_work(&other));
    ck_assert_str_eq(call_get(&call, "a"), "two\n");
    tool_plan_clear(&other.plan);
    buf_clear(&other.out);
}
END_TEST

/* A thread that exchanges a directory for a link. */
struct switcher {
    char directory[SCRATCH_PATH_MAX + 16], link[SCRATCH_PATH_MAX + 16];
    int is_over;
};

static void *keep_switching(void *context)
{
    struct switcher *switcher = context;
    while (!__atomic_load_n(&switcher->is_over, __ATOMIC_RELAXED))
        renameat2(AT_FDCWD, switcher->directory, AT_FDCWD, switcher->link,
                  RENAME_EXCHANGE);
    return NULL;
}

START_TEST(however_fast_a_directory_becomes_a_link_nothing_goes_outside)
{
    enum { WRITES = 2000 };
    struct switcher switcher = { .is_over = 0 };
    pthread_t thread;
    int done = 0;
    snprintf(switcher.directory, sizeof switcher.directory, "%s/d",
             call.directory);
    snprintf(switcher.link, sizeof switcher.link, "%s/l", call.directory);
    call_put(&call, "d/a", "one\n");
    call_put(&call, "../outside/a", "secret\n");
    ck_assert_int_eq(symlink("../outside", switcher.link), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, keep_switching, &switcher),
                     0);
    for (int i = 0; i < WRITES; i++) {
        char arguments[100];
        snprintf(arguments, sizeof arguments,
                 "{'path':'d/%s','content':'%d\\n'}", i % 2 ? "a" : "new", i);
        /* Outside, somebody would be asked, and say no. */
        if (plan_write(arguments) && call.plan.is_beneath)
            done += call_work(&call);
    }
    __atomic_store_n(&switcher.is_over, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    ck_assert_str_eq(call_get(&call, "../outside/a"), "secret\n");
    ck_assert_int_eq(count_files("../outside"), 1);
    ck_assert_int_gt(done, 0);
}
END_TEST

/* Two that count in one file, each in its own line. */
struct counter {
    struct call call;
    char name;
};

enum { COUNTS = 100 };

static void *count(void *context)
{
    struct counter *counter = context;
    for (int i = 0; i < COUNTS;) {
        char arguments[200];
        snprintf(arguments, sizeof arguments,
                 "{'path':'a','old_text':'%c=%d;','new_text':'%c=%d;'}",
                 counter->name, i, counter->name, i + 1);
        i += call_do(&counter->call, &edit_file_tool, arguments);
    }
    return NULL;
}

START_TEST(no_edit_of_two_at_once_is_lost)
{
    struct counter counters[2] = { { call, 'x' }, { call, 'y' } };
    pthread_t threads[2];
    call_put(&call, "a", "x=0;\ny=0;\n");
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, count, &counters[i]),
                         0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        tool_plan_clear(&counters[i].call.plan);
        buf_clear(&counters[i].call.out);
    }
    ck_assert_str_eq(call_get(&call, "a"), "x=100;\ny=100;\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

/* Between the last look and the exchange there are microseconds: what happens in
 * them is done here, once. */
static void (*before_exchange)(void);

/* As on a file system that knows neither exchange nor "not over another". */
static bool knows_no_flags;

int renameat2(int from_fd, const char *from, int to_fd, const char *to,
              unsigned flags)
{
    void (*happen)(void) = before_exchange;
    before_exchange = NULL;
    if (happen)
        happen();
    errno = EINVAL;
    if (knows_no_flags && flags)
        return -1;
    return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

static void save_in_an_editor(void)
{
    char other[SCRATCH_PATH_MAX + 16];
    call_put(&call, "other", "somebody else's\n");
    snprintf(other, sizeof other, "%s/other", call.directory);
    ck_assert_int_eq(rename(other, call_path(&call, "a")), 0);
}

static void write_in_place(void)
{
    call_put(&call, "a", "eno\n");
}

static void put_a_link(void)
{
    unlink(call_path(&call, "a"));
    ck_assert_int_eq(symlink("../outside/key", call_path(&call, "a")), 0);
}

START_TEST(what_comes_in_the_last_moment_is_put_back)
{
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    before_exchange = save_in_an_editor;
    ck_assert(!call_work(&call));
    call_fails(&call, "read it again");
    ck_assert_str_eq(call_get(&call, "a"), "somebody else's\n");
    call_put(&call, "a", "one\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    before_exchange = write_in_place;
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "eno\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

START_TEST(a_link_that_comes_in_the_last_moment_is_put_back)
{
    struct stat status;
    call_put(&call, "a", "one\n");
    call_put(&call, "../outside/key", "secret\n");
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    before_exchange = put_a_link;
    ck_assert(!call_work(&call));
    ck_assert_int_eq(lstat(call_path(&call, "a"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_str_eq(call_get(&call, "../outside/key"), "secret\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

START_TEST(what_changes_before_it_is_removed_stays)
{
    call.place.edits = edits_new();
    ck_assert(plan_write("{'path':'a','content':'one\\n'}"));
    ck_assert(call_work(&call));
    ck_assert(call_plan(&call, &revert_tool, "{}"));
    before_exchange = write_in_place;
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "eno\n");
    ck_assert_int_eq(count_files("."), 1);
    edits_free(call.place.edits);
}
END_TEST

START_TEST(a_file_system_of_few_words_will_do)
{
    call.place.edits = edits_new();
    knows_no_flags = true;
    ck_assert(plan_write("{'path':'a','content':'one\\n'}"));
    ck_assert(call_work(&call));
    ck_assert(plan_write("{'path':'a','content':'two\\n'}"));
    ck_assert(call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "two\n");
    ck_assert(call_do(&call, &revert_tool, "{}"));
    ck_assert(call_plan(&call, &revert_tool, "{}"));
    before_exchange = write_in_place;
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "eno\n");
    ck_assert(plan_write("{'path':'b','content':'one\\n'}"));
    call_put(&call, "b", "somebody else's\n");
    ck_assert(!call_work(&call));
    ck_assert_str_eq(call_get(&call, "b"), "somebody else's\n");
    ck_assert_int_eq(count_files("."), 2);
    edits_free(call.place.edits);
}
END_TEST

/* What stays. */

START_TEST(a_file_that_is_written_no_longer_runs_as_somebody_else)
{
    struct stat status;
    call_put(&call, "run.sh", "one\n");
    chmod(call_path(&call, "run.sh"), 06755);
    ck_assert(
        call_do(&call, &write_file_tool, "{'path':'run.sh','content':'2\\n'}"));
    ck_assert_int_eq(stat(call_path(&call, "run.sh"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0755);
}
END_TEST

START_TEST(mode_and_attributes_stay)
{
    struct stat status;
    char value[8] = { 0 };
    call_put(&call, "run.sh", "one\n");
    chmod(call_path(&call, "run.sh"), 0751);
    bool has_attributes =
        setxattr(call_path(&call, "run.sh"), "user.mark", "yes", 3, 0) == 0;
    ck_assert(
        call_do(&call, &write_file_tool, "{'path':'run.sh','content':'2\\n'}"));
    ck_assert_int_eq(stat(call_path(&call, "run.sh"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0751);
    if (!has_attributes) {
        skip_note("attributes");
        return;
    }
    ck_assert_int_eq(
        getxattr(call_path(&call, "run.sh"), "user.mark", value, 7), 3);
    ck_assert_str_eq(value, "yes");
}
END_TEST

START_TEST(the_owner_stays_or_nothing_is_written)
{
    struct stat status;
    if (geteuid() != 0) {
        skip_note("users");
        return;
    }
    call_put(&call, "a", "one\n");
    ck_assert_int_eq(chown(call_path(&call, "a"), 12345, 12346), 0);
    chmod(call_path(&call, "a"), 0666);
    ck_assert(
        call_do(&call, &write_file_tool, "{'path':'a','content':'2\\n'}"));
    ck_assert_int_eq(stat(call_path(&call, "a"), &status), 0);
    ck_assert_int_eq(status.st_uid, 12345);
    ck_assert_int_eq(status.st_gid, 12346);
    call_obey();
    ck_assert(
        !call_do(&call, &write_file_tool, "{'path':'a','content':'3\\n'}"));
    call_fails(&call, "another user");
    ck_assert_str_eq(call_get(&call, "a"), "2\n");
    ck_assert_int_eq(count_files("."), 1);
}
END_TEST

/* What cannot be written. */

START_TEST(what_may_not_be_written_is_not)
{
    call_put(&call, "locked", "one\n");
    chmod(call_path(&call, "locked"), 0444);
    call_put(&call, "d/a", "one\n");
    chmod(call_path(&call, "d"), 0555);
    call_obey();
    ck_assert(!plan_write("{'path':'locked','content':'2\\n'}"));
    call_fails(&call, "read-only");
    ck_assert(
        !call_do(&call, &write_file_tool, "{'path':'d/a','content':'2\\n'}"));
    call_fails(&call, "Permission denied");
    ck_assert(
        !call_do(&call, &write_file_tool, "{'path':'d/b','content':'2\\n'}"));
    ck_assert_str_eq(call_get(&call, "d/a"), "one\n");
    ck_assert_int_eq(count_files("d"), 1);
    chmod(call_path(&call, "d"), 0755);
}
END_TEST

START_TEST(where_there_is_no_room_the_file_stays_as_it_was)
{
    enum { ROOM = 64 * 1024 };
    struct rlimit before, small;
    struct buf arguments = { 0 };
    call_put(&call, "a", "one\n");
    buf_append_string(&arguments, "{'path':'a','content':'");
    for (int i = 0; i < 2 * ROOM; i++)
        buf_append_char(&arguments, 'x');
    buf_append_string(&arguments, "'}");
    ck_assert(plan_write(buf_string(&arguments)));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = ROOM;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool ok = call_work(&call);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert(!ok);
    call_fails(&call, "it is as it was");
    call_fails(&call, strerror(EFBIG));
    ck_assert_str_eq(call_get(&call, "a"), "one\n");
    ck_assert_int_eq(count_files("."), 1);
    buf_clear(&arguments);
}
END_TEST

static void add_others(TCase *tcase)
{
    tcase_add_test(tcase, mode_and_attributes_stay);
    tcase_add_test(tcase,
                   a_file_that_is_written_no_longer_runs_as_somebody_else);
    tcase_add_test(tcase, the_owner_stays_or_nothing_is_written);
    tcase_add_test(tcase, what_may_not_be_written_is_not);
    tcase_add_test(tcase, where_there_is_no_room_the_file_stays_as_it_was);
}

Suite *swap_suite(void)
{
    Suite *suite = suite_create("swap");
    TCase *tcase = tcase_create("swap");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_file_that_has_changed_is_left_alone);
    tcase_add_test(tcase, a_change_that_keeps_size_and_time_is_seen);
    tcase_add_test(tcase, a_file_that_was_replaced_is_left_alone);
    tcase_add_test(tcase, a_file_that_is_gone_is_not_made_again);
    tcase_add_test(tcase, a_file_that_was_made_meanwhile_is_left_alone);
    tcase_add_test(tcase, a_link_that_was_put_there_is_not_followed);
    tcase_add_test(tcase, of_two_plans_the_second_fails);
    tcase_add_test(
        tcase, however_fast_a_directory_becomes_a_link_nothing_goes_outside);
    tcase_add_test(tcase, no_edit_of_two_at_once_is_lost);
    tcase_add_test(tcase, what_comes_in_the_last_moment_is_put_back);
    tcase_add_test(tcase, a_link_that_comes_in_the_last_moment_is_put_back);
    tcase_add_test(tcase, what_changes_before_it_is_removed_stays);
    tcase_add_test(tcase, a_file_system_of_few_words_will_do);
    add_others(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
