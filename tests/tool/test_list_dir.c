/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tool/list_dir.h"
#include "tool/walk.h"

Suite *list_dir_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool list(const char *arguments)
{
    return call_do(&call, &list_dir_tool, arguments);
}

static void put_many(const char *directory, int count)
{
    char name[60];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s/%05d", directory, i);
        call_put(&call, name, "");
    }
}

START_TEST(a_directory_is_listed_in_order_with_kinds_and_sizes)
{
    call_put(&call, "b.txt", "12345");
    call_put(&call, "a/x", "");
    call_put(&call, ".hidden", "");
    ck_assert_int_eq(mkfifo(call_path(&call, "pipe"), 0644), 0);
    ck_assert_int_eq(symlink("b.txt", call_path(&call, "link")), 0);
    call_put(&call, "c", "");
    ck_assert_int_eq(truncate(call_path(&call, "c"), 4123), 0);
    call_put(&call, "d", "");
    ck_assert_int_eq(truncate(call_path(&call, "d"), 12345678), 0);
    ck_assert(list("{}"));
    ck_assert_str_eq(buf_string(&call.out), ".hidden  0 B\n"
                                            "a/\n"
                                            "b.txt  5 B\n"
                                            "c  4.1 kB\n"
                                            "d  12 MB\n"
                                            "link -> b.txt\n"
                                            "pipe  (FIFO)\n");
    ck_assert_str_eq(buf_string(&call.plan.about), ".");
    ck_assert(call.plan.is_beneath);
}
END_TEST

START_TEST(paths_are_those_that_other_tools_take)
{
    call_put(&call, "train/data/x", "");
    call_put(&call, "train/loader.py", "");
    ck_assert(list("{'path':'train'}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "train/data/\ntrain/loader.py  0 B\n");
    ck_assert(list("{'path':'train/','depth':2}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "train/data/\ntrain/data/x  0 B\ntrain/loader.py  0 B\n");
    char expected[SCRATCH_PATH_MAX + 32];
    call_put(&call, "../outside/y", "");
    ck_assert(list("{'path':'~'}"));
    snprintf(expected, sizeof expected, "%s/y  0 B\n", call.home);
    ck_assert_str_eq(buf_string(&call.out), expected);
    ck_assert(!call.plan.is_beneath);
}
END_TEST

START_TEST(a_git_directory_is_named_and_entered_only_when_asked_for)
{
    call_put(&call, ".git/HEAD", "");
    call_put(&call, "a", "");
    ck_assert(list("{'depth':3}"));
    ck_assert_str_eq(buf_string(&call.out), ".git/  (not entered)\na  0 B\n");
    ck_assert(list("{'path':'.git'}"));
    ck_assert_str_eq(buf_string(&call.out), ".git/HEAD  0 B\n");
}
END_TEST

START_TEST(links_are_not_followed)
{
    call_put(&call, "../outside/secret", "");
    ck_assert_int_eq(symlink("../outside", call_path(&call, "out")), 0);
    ck_assert_int_eq(symlink(".", call_path(&call, "loop")), 0);
    ck_assert(list("{'depth':8}"));
    ck_assert_str_eq(buf_string(&call.out), "loop -> .\nout -> ../outside\n");
}
END_TEST

START_TEST(what_is_left_out_is_counted)
{
    put_many("big", LIST_DIR_MANY + 7);
    ck_assert(list("{'path':'big'}"));
    call_says(&call, "big/00499  0 B\n[7 more; ");
    call_put(&call, "z", "");
    ck_assert(list("{'depth':2}"));
    call_says(&call, "big/00099  0 B\n[407 more beside the 100 above; ");
    call_says(&call, "]\nz  0 B\n");
}
END_TEST

START_TEST(an_answer_has_a_size_at_the_most)
{
    char name[300];
    memset(name, 'x', 200);
    for (int i = 0; i < 400; i++) {
        snprintf(name + 200, sizeof name - 200, "%d", i);
        call_put(&call, name, "");
    }
    ck_assert(list("{}"));
    ck_assert_uint_le(call.out.len, LIST_DIR_MAX + 400);
    call_says(&call, "there is more");
}
END_TEST

START_TEST(an_empty_directory_is_said_to_be_empty)
{
    ck_assert(list("{}"));
    call_says(&call, "empty");
}
END_TEST

START_TEST(odd_names_stay_in_their_line)
{
    call_put(&call, "a\nb\x1b[31m", "");
    call_put(&call, "z\xff", "");
    ck_assert(list("{}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "\"a\\nb\\u001b[31m\"  0 B\n"
                     "\"z\xEF\xBF\xBD\" (not UTF-8: tools cannot name it)  "
                     "0 B\n");
}
END_TEST

START_TEST(what_cannot_be_entered_is_said)
{
    call_put(&call, "closed/a", "");
    call_put(&call, "z", "");
    chmod(call_path(&call, "closed"), 0);
    call_obey();
    ck_assert(list("{'depth':2}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "closed/\n[closed is not entered: Permission denied]\n"
                     "z  0 B\n");
    ck_assert(!list("{'path':'closed'}"));
    call_fails(&call, "Permission denied");
    chmod(call_path(&call, "closed"), 0755);
}
END_TEST

START_TEST(a_tree_of_any_depth_ends)
{
    char path[SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%s", call.directory);
    int depth = WALK_DEPTH_MAX + 10;
    ck_assert_int_eq(chdir(path), 0);
    for (int i = 0; i < depth; i++) {
        ck_assert_int_eq(mkdir("d", 0755), 0);
        ck_assert_int_eq(chdir("d"), 0);
    }
    ck_assert(list("{'depth':100}"));
    ck_assert_uint_eq(call.out.len,
                      8 * 2 + 2 * (1 + 2 + 3 + 4 + 5 + 6 + 7) + 8);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(a_file_is_for_read_file)
{
    call_put(&call, "a", "");
    ck_assert(!list("{'path':'a'}"));
    call_fails(&call, "read_file");
    ck_assert(!list("{'path':'b'}"));
    call_fails(&call, "there is no \"b\"");
}
END_TEST

START_TEST(one_that_is_stopped_ends)
{
    call_put(&call, "a", "");
    call.is_cancelled = 1;
    ck_assert(!list("{}"));
    ck_assert_int_eq(call.err.kind, ERROR_CANCELLED);
}
END_TEST

Suite *list_dir_suite(void)
{
    Suite *suite = suite_create("list_dir");
    TCase *tcase = tcase_create("list_dir");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_directory_is_listed_in_order_with_kinds_and_sizes);
    tcase_add_test(tcase, paths_are_those_that_other_tools_take);
    tcase_add_test(tcase,
                   a_git_directory_is_named_and_entered_only_when_asked_for);
    tcase_add_test(tcase, links_are_not_followed);
    tcase_add_test(tcase, what_is_left_out_is_counted);
    tcase_add_test(tcase, an_answer_has_a_size_at_the_most);
    tcase_add_test(tcase, an_empty_directory_is_said_to_be_empty);
    tcase_add_test(tcase, odd_names_stay_in_their_line);
    tcase_add_test(tcase, what_cannot_be_entered_is_said);
    tcase_add_test(tcase, a_tree_of_any_depth_ends);
    tcase_add_test(tcase, a_file_is_for_read_file);
    tcase_add_test(tcase, one_that_is_stopped_ends);
    suite_add_tcase(suite, tcase);
    return suite;
}
