/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tool/write_file.h"

Suite *write_file_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool write_it(const char *arguments)
{
    return call_do(&call, &write_file_tool, arguments);
}

START_TEST(a_new_file_is_shown_and_made)
{
    ck_assert(call_plan(&call, &write_file_tool,
                        "{'path':'a.txt','content':'one\\ntwo\\n'}"));
    ck_assert_str_eq(call_get(&call, "a.txt"), "(none)");
    ck_assert_str_eq(buf_string(&call.plan.about), "a.txt +2 -0 (new)");
    ck_assert(call.plan.is_diff);
    ck_assert_str_eq(buf_string(&call.plan.detail),
                     "--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,2 @@\n"
                     "+one\n+two\n");
    ck_assert(call.plan.is_beneath);
    ck_assert(call_work(&call));
    ck_assert_str_eq(call_get(&call, "a.txt"), "one\ntwo\n");
    call_says(&call, "a.txt +2 -0");
}
END_TEST

START_TEST(a_file_that_is_there_is_replaced_as_the_diff_says)
{
    call_put(&call, "a", "one\ntwo\n");
    ck_assert(call_plan(&call, &write_file_tool,
                        "{'path':'a','content':'one\\n2\\n'}"));
    ck_assert_str_eq(buf_string(&call.plan.about), "a +1 -1");
    ck_assert_str_eq(buf_string(&call.plan.detail),
                     "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
    ck_assert_str_eq(call_get(&call, "a"), "one\ntwo\n");
    ck_assert(call_work(&call));
    ck_assert_str_eq(call_get(&call, "a"), "one\n2\n");
}
END_TEST

START_TEST(a_file_may_become_empty)
{
    call_put(&call, "a", "one\n");
    ck_assert(write_it("{'path':'a','content':''}"));
    ck_assert_str_eq(call_get(&call, "a"), "");
    ck_assert(write_it("{'path':'new','content':''}"));
    ck_assert_str_eq(call_get(&call, "new"), "");
}
END_TEST

START_TEST(the_same_content_is_nothing_to_do)
{
    call_put(&call, "a", "one\n");
    ck_assert(!write_it("{'path':'a','content':'one\\n'}"));
    call_fails(&call, "like that already");
}
END_TEST

START_TEST(directories_on_the_way_are_made_as_open_as_theirs)
{
    struct stat status;
    chmod(call.directory, 0755);
    umask(077);
    ck_assert(write_it("{'path':'x/y/a','content':'one\\n'}"));
    ck_assert_str_eq(call_get(&call, "x/y/a"), "one\n");
    ck_assert_int_eq(stat(call_path(&call, "x/y"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0755);
    ck_assert_int_eq(stat(call_path(&call, "x/y/a"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0644);
    /* In one that is for everybody nothing else is. */
    chmod(call.directory, 01777);
    ck_assert(write_it("{'path':'b','content':'one\\n'}"));
    ck_assert_int_eq(stat(call_path(&call, "b"), &status), 0);
    ck_assert_int_eq(status.st_mode & 022, 0);
    chmod(call.directory, 0700);
    ck_assert(write_it("{'path':'c','content':'one\\n'}"));
    ck_assert_int_eq(stat(call_path(&call, "c"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0600);
}
END_TEST

START_TEST(a_file_of_crlf_keeps_it)
{
    call_put(&call, "a", "one\r\ntwo\r\n");
    ck_assert(write_it("{'path':'a','content':'one\\n2\\n'}"));
    ck_assert_str_eq(call_get(&call, "a"), "one\r\n2\r\n");
    ck_assert_str_eq(buf_string(&call.plan.about), "a +1 -1");
    call_put(&call, "mixed", "one\r\ntwo\n");
    ck_assert(write_it("{'path':'mixed','content':'one\\n2\\n'}"));
    ck_assert_str_eq(call_get(&call, "mixed"), "one\n2\n");
}
END_TEST

START_TEST(what_is_no_text_is_not_replaced)
{
    call_put_bytes(&call, "a.bin", (struct slice){ "\1\0\2", 3 });
    ck_assert(!write_it("{'path':'a.bin','content':'text'}"));
    call_fails(&call, "a binary file");
    ck_assert(!write_it("{'path':'b','content':'a\\u0000b'}"));
    call_fails(&call, "NUL");
    ck_assert_str_eq(call_get(&call, "b"), "(none)");
    ck_assert_int_eq(mkfifo(call_path(&call, "pipe"), 0644), 0);
    ck_assert(!write_it("{'path':'pipe','content':'text'}"));
    call_fails(&call, "a FIFO");
}
END_TEST

START_TEST(a_link_stays_and_its_file_is_written)
{
    struct stat status;
    call_put(&call, "a", "one\n");
    ck_assert_int_eq(symlink("a", call_path(&call, "link")), 0);
    ck_assert(write_it("{'path':'link','content':'two\\n'}"));
    ck_assert_str_eq(call_get(&call, "a"), "two\n");
    ck_assert_int_eq(lstat(call_path(&call, "link"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    /* One that leads outside is outside: somebody is asked. */
    call_put(&call, "../outside/b", "one\n");
    ck_assert_int_eq(symlink("../outside/b", call_path(&call, "out")), 0);
    ck_assert(call_plan(&call, &write_file_tool,
                        "{'path':'out','content':'two\\n'}"));
    ck_assert(!call.plan.is_beneath);
    ck_assert_int_eq(buf_string(&call.plan.about)[0], '/');
}
END_TEST

START_TEST(other_names_of_a_file_keep_the_old_text)
{
    call_put(&call, "../outside/b", "one\n");
    char other[SCRATCH_PATH_MAX + 16];
    snprintf(other, sizeof other, "%s/b", call.home);
    ck_assert_int_eq(link(other, call_path(&call, "a")), 0);
    ck_assert(write_it("{'path':'a','content':'two\\n'}"));
    ck_assert_ptr_nonnull(strstr(buf_string(&call.plan.about), "other names"));
    ck_assert_str_eq(call_get(&call, "a"), "two\n");
    ck_assert_str_eq(call_get(&call, "../outside/b"), "one\n");
}
END_TEST

START_TEST(a_change_too_large_to_be_seen_is_refused)
{
    struct buf text = { 0 };
    for (int i = 0; i < 200 * 1000; i++)
        buf_printf(&text, "%d\n", i);
    call_put_bytes(&call, "a", buf_slice(&text));
    ck_assert(!write_it("{'path':'a','content':''}"));
    call_fails(&call, "smaller steps");
    ck_assert_int_eq(truncate(call_path(&call, "a"), 10LL << 30), 0);
    ck_assert(!write_it("{'path':'a','content':''}"));
    call_fails(&call, "at most");
    buf_clear(&text);
}
END_TEST

START_TEST(names_of_any_bytes_are_shown_in_one_line)
{
    ck_assert(write_it("{'path':'a\\n+++ b','content':'one\\n'}"));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&call.plan.detail), "+++ \"b/a\\012+++ b\"\n"));
    ck_assert_str_eq(call_get(&call, "a\n+++ b"), "one\n");
}
END_TEST

Suite *write_file_suite(void)
{
    Suite *suite = suite_create("write_file");
    TCase *tcase = tcase_create("write_file");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_new_file_is_shown_and_made);
    tcase_add_test(tcase, a_file_that_is_there_is_replaced_as_the_diff_says);
    tcase_add_test(tcase, a_file_may_become_empty);
    tcase_add_test(tcase, the_same_content_is_nothing_to_do);
    tcase_add_test(tcase, directories_on_the_way_are_made_as_open_as_theirs);
    tcase_add_test(tcase, a_file_of_crlf_keeps_it);
    tcase_add_test(tcase, what_is_no_text_is_not_replaced);
    tcase_add_test(tcase, a_link_stays_and_its_file_is_written);
    tcase_add_test(tcase, other_names_of_a_file_keep_the_old_text);
    tcase_add_test(tcase, a_change_too_large_to_be_seen_is_refused);
    tcase_add_test(tcase, names_of_any_bytes_are_shown_in_one_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
