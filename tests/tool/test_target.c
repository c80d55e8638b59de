/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tool/target.h"

Suite *target_suite(void);

static struct call call;
static struct target target;

static void begin(void)
{
    call_begin(&call);
    target = (struct target){ 0 };
    call_put(&call, "train/loader.py", "x\n");
    call_put(&call, "../outside/secret.txt", "s\n");
}

static void end(void)
{
    target_clear(&target);
    call_end(&call);
}

static bool find(const char *path, enum target_wish wish)
{
    target_clear(&target);
    call.err = (struct error){ 0 };
    return target_find(&target, &call.place, slice_of(path), wish, &call.err);
}

START_TEST(a_path_begins_in_the_directory_and_is_told_as_the_kernel_names_it)
{
    ck_assert(find("train/../train/./loader.py", TARGET_FILE));
    ck_assert_str_eq(target.path, call_path(&call, "train/loader.py"));
    ck_assert(target.is_beneath);
    ck_assert(find("", TARGET_DIRECTORY));
    ck_assert_str_eq(target.path, call.directory);
    ck_assert(target.is_beneath);
    ck_assert(find("..", TARGET_DIRECTORY));
    ck_assert(!target.is_beneath);
    ck_assert_str_eq(target.path, call.root);
}
END_TEST

START_TEST(a_link_that_leads_outside_is_outside)
{
    ck_assert_int_eq(symlink("../outside", call_path(&call, "out")), 0);
    ck_assert(find("out/secret.txt", TARGET_FILE));
    ck_assert(!target.is_beneath);
    char expected[PATH_MAX];
    snprintf(expected, sizeof expected, "%s/secret.txt", call.home);
    ck_assert_str_eq(target.path, expected);
    ck_assert(find("out/new.txt", TARGET_NEW));
    ck_assert(!target.is_beneath && !target.is_there);
    ck_assert_int_eq(symlink("train", call_path(&call, "in")), 0);
    ck_assert(find("in/loader.py", TARGET_FILE));
    ck_assert(target.is_beneath);
}
END_TEST

START_TEST(a_directory_whose_name_only_begins_alike_is_another)
{
    call_put(&call, "../work-2/a", "a\n");
    ck_assert(find("../work-2/a", TARGET_FILE));
    ck_assert(!target.is_beneath);
}
END_TEST

START_TEST(a_tilde_is_home)
{
    ck_assert(find("~/secret.txt", TARGET_FILE));
    ck_assert(!target.is_beneath);
    ck_assert(find("~", TARGET_DIRECTORY));
    ck_assert_str_eq(target.path, call.home);
    call.place.home = "";
    ck_assert(!find("~/secret.txt", TARGET_FILE));
    call_fails(&call, "home directory is not known");
}
END_TEST

START_TEST(what_cannot_be_a_path_is_told_so)
{
    ck_assert(!find("", TARGET_FILE));
    call_fails(&call, "empty");
    ck_assert(!target_find(&target, &call.place, (struct slice){ "a\0b", 3 },
                           TARGET_FILE, &call.err));
    call_fails(&call, "NUL");
    struct buf path = { 0 };
    for (int i = 0; i < PATH_MAX; i++)
        buf_append_char(&path, 'a');
    ck_assert(!find(buf_string(&path), TARGET_FILE));
    call_fails(&call, "longer than");
    buf_truncate(&path, 300);
    ck_assert(!find(buf_string(&path), TARGET_FILE));
    call_fails(&call, "File name too long");
    buf_clear(&path);
    ck_assert(!find("train/loader.py/", TARGET_FILE));
    call_fails(&call, "there is no");
}
END_TEST

START_TEST(the_nearest_name_is_told)
{
    ck_assert(!find("train/laoder.py", TARGET_FILE));
    call_fails(&call, "did you mean \"train/loader.py\"?");
    ck_assert(!find("trian/loader.py", TARGET_FILE));
    call_fails(&call, "did you mean \"train/loader.py\"?");
    ck_assert(!find("/train/loader.py", TARGET_FILE));
    call_fails(&call, "did you mean \"train/loader.py\"?");
    ck_assert(!find("qqqqqqq", TARGET_FILE));
    call_fails(&call, "list_dir");
}
END_TEST

START_TEST(names_outside_are_not_told)
{
    ck_assert(!find("~/secret.txr", TARGET_FILE));
    ck_assert_ptr_null(strstr(call.err.text, "secret.txt"));
    ck_assert_int_eq(symlink("../outside", call_path(&call, "out")), 0);
    ck_assert(!find("out/secret.txr", TARGET_FILE));
    ck_assert_ptr_null(strstr(call.err.text, "secret.txt"));
    ck_assert(!find("/../outside/secret.txt", TARGET_FILE));
    ck_assert_ptr_null(strstr(call.err.text, "did you mean"));
}
END_TEST

START_TEST(a_new_file_may_lie_in_directories_that_are_to_be_made)
{
    ck_assert(find("a/b/c.txt", TARGET_NEW));
    ck_assert_str_eq(target.path, call_path(&call, "a/b/c.txt"));
    ck_assert(target.is_beneath && !target.is_there);
    ck_assert(find("train//d/e.txt", TARGET_NEW));
    ck_assert_str_eq(target.path, call_path(&call, "train/d/e.txt"));
    ck_assert(!find("a/../../outside/x", TARGET_NEW));
    call_fails(&call, "leads through a directory that is not there");
    ck_assert(!find("a/b/", TARGET_NEW));
    call_fails(&call, "names a directory");
    ck_assert(!find("train", TARGET_NEW));
    call_fails(&call, "is a directory");
    ck_assert(!find("train/loader.py/x", TARGET_NEW));
}
END_TEST

START_TEST(a_link_to_nothing_is_in_the_way)
{
    ck_assert_int_eq(symlink("../outside/new", call_path(&call, "gone")), 0);
    ck_assert(!find("gone", TARGET_NEW));
    call_fails(&call, "link to nothing");
    ck_assert(!find("gone/x", TARGET_NEW));
    call_fails(&call, "link to nothing");
}
END_TEST

START_TEST(names_of_any_bytes_are_names)
{
    call_put(&call, "a\nb\x1b[31m", "x\n");
    ck_assert(find("a\nb\x1b[31m", TARGET_FILE));
    ck_assert(!find("a\nc\x1b[31m", TARGET_FILE));
    ck_assert_ptr_null(strchr(call.err.text, '\x1b'));
    call_fails(&call, "\"a\\nb");
    ck_assert(find("new\nname", TARGET_NEW));
}
END_TEST

START_TEST(a_long_name_leaves_room_for_what_to_do)
{
    struct buf path = { 0 };
    for (int i = 0; i < 400; i++)
        buf_append_string(&path, "\xC3\xA4/");
    ck_assert(!find(buf_string(&path), TARGET_FILE));
    call_fails(&call, "list_dir shows what is there");
    buf_clear(&path);
}
END_TEST

START_TEST(the_name_of_what_is_beneath_begins_in_the_directory)
{
    struct buf name = { 0 };
    target_append_name(&name, &call.place, call_path(&call, "train/loader.py"));
    ck_assert_str_eq(buf_string(&name), "train/loader.py");
    buf_reset(&name);
    target_append_name(&name, &call.place, call.directory);
    ck_assert_str_eq(buf_string(&name), ".");
    buf_reset(&name);
    target_append_name(&name, &call.place, "/etc/fstab");
    ck_assert_str_eq(buf_string(&name), "/etc/fstab");
    buf_reset(&name);
    call.place.directory = "/";
    target_append_name(&name, &call.place, "/etc/fstab");
    ck_assert_str_eq(buf_string(&name), "etc/fstab");
    buf_clear(&name);
}
END_TEST

Suite *target_suite(void)
{
    Suite *suite = suite_create("target");
    TCase *tcase = tcase_create("target");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(
        tcase,
        a_path_begins_in_the_directory_and_is_told_as_the_kernel_names_it);
    tcase_add_test(tcase, a_link_that_leads_outside_is_outside);
    tcase_add_test(tcase, a_directory_whose_name_only_begins_alike_is_another);
    tcase_add_test(tcase, a_tilde_is_home);
    tcase_add_test(tcase, what_cannot_be_a_path_is_told_so);
    tcase_add_test(tcase, the_nearest_name_is_told);
    tcase_add_test(tcase, names_outside_are_not_told);
    tcase_add_test(tcase,
                   a_new_file_may_lie_in_directories_that_are_to_be_made);
    tcase_add_test(tcase, a_link_to_nothing_is_in_the_way);
    tcase_add_test(tcase, names_of_any_bytes_are_names);
    tcase_add_test(tcase, a_long_name_leaves_room_for_what_to_do);
    tcase_add_test(tcase, the_name_of_what_is_beneath_begins_in_the_directory);
    suite_add_tcase(suite, tcase);
    return suite;
}
