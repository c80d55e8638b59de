/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tool/edit_file.h"
#include "tool/edits.h"
#include "tool/revert.h"
#include "tool/write_file.h"

Suite *revert_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
    call.place.edits = edits_new();
}

static void end(void)
{
    edits_free(call.place.edits);
    call_end(&call);
}

/* Returns the number of the edit. */
static unsigned write_it(const char *name, const char *content)
{
    char arguments[200];
    snprintf(arguments, sizeof arguments, "{'path':'%s','content':'%s'}", name,
             content);
    ck_assert_msg(call_do(&call, &write_file_tool, arguments), "%s",
                  call.err.text);
    ck_assert_uint_gt(call.plan.edit, 0);
    return (unsigned)call.plan.edit;
}

static bool revert(unsigned edit)
{
    char arguments[50] = "{}";
    if (edit)
        snprintf(arguments, sizeof arguments, "{'edit':%u}", edit);
    return call_do(&call, &revert_tool, arguments);
}

START_TEST(the_last_edit_is_taken_back_and_then_the_one_before)
{
    call_put(&call, "a", "1\n");
    write_it("a", "2\\n");
    write_it("a", "3\\n");
    ck_assert(revert(0));
    ck_assert_str_eq(call_get(&call, "a"), "2\n");
    ck_assert_str_eq(buf_string(&call.plan.about), "a +1 -1");
    ck_assert_str_eq(buf_string(&call.plan.detail),
                     "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-3\n+2\n");
    ck_assert(revert(0));
    ck_assert_str_eq(call_get(&call, "a"), "1\n");
    ck_assert(!revert(0));
    call_fails(&call, "no edit of a file is left");
}
END_TEST

START_TEST(a_file_that_was_made_is_removed_and_comes_again)
{
    struct stat status;
    unsigned made = write_it("a", "1\\n");
    chmod(call_path(&call, "a"), 0750);
    ck_assert(revert(made));
    ck_assert_str_eq(buf_string(&call.plan.about), "a +0 -1 (removed)");
    ck_assert_str_eq(call_get(&call, "a"), "(none)");
    /* Taking that back makes it, as it was. */
    ck_assert(revert((unsigned)call.plan.edit));
    ck_assert_str_eq(call_get(&call, "a"), "1\n");
    ck_assert_int_eq(stat(call_path(&call, "a"), &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0750);
    /* Then the first is the last again. */
    ck_assert(revert(0));
    ck_assert_str_eq(call_get(&call, "a"), "(none)");
}
END_TEST

START_TEST(an_edit_of_one_file_is_taken_back_beside_later_ones_of_others)
{
    call_put(&call, "a", "1\n");
    call_put(&call, "b", "1\n");
    unsigned first = write_it("a", "2\\n");
    write_it("b", "2\\n");
    ck_assert(revert(first));
    ck_assert_str_eq(call_get(&call, "a"), "1\n");
    ck_assert_str_eq(call_get(&call, "b"), "2\n");
    ck_assert(!revert(first));
    call_fails(&call, "already");
}
END_TEST

START_TEST(a_file_that_has_changed_since_is_left_and_the_change_shown)
{
    call_put(&call, "a", "1\n");
    write_it("a", "2\\n");
    call_put(&call, "a", "2\nmine\n");
    ck_assert(!revert(0));
    call_fails(&call, "has changed since this edit (+1 -0 lines)");
    ck_assert(call.plan.is_diff);
    ck_assert_str_eq(buf_string(&call.plan.detail),
                     "--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n 2\n+mine\n");
    ck_assert_str_eq(call_get(&call, "a"), "2\nmine\n");
    /* Once that is gone the edit can be taken back. */
    call_put(&call, "a", "2\n");
    ck_assert(revert(0));
    ck_assert_str_eq(call_get(&call, "a"), "1\n");
}
END_TEST

START_TEST(a_file_that_came_or_went_since_is_left)
{
    call_put(&call, "a", "1\n");
    write_it("a", "2\\n");
    unlink(call_path(&call, "a"));
    ck_assert(!revert(0));
    call_fails(&call, "has been removed since");
    unsigned made = write_it("b", "1\\n");
    ck_assert(revert(made));
    unsigned gone = (unsigned)call.plan.edit;
    call_put(&call, "b", "mine\n");
    ck_assert(!revert(gone));
    call_fails(&call, "has been made since");
    ck_assert_str_eq(call_get(&call, "b"), "mine\n");
}
END_TEST

START_TEST(an_edit_that_was_only_planned_is_none)
{
    call_put(&call, "a", "1\n");
    ck_assert(call_plan(&call, &write_file_tool, "{'path':'a','content':'2'}"));
    unsigned planned = (unsigned)call.plan.edit;
    ck_assert(!revert(0));
    ck_assert(!revert(planned));
    ck_assert(!revert(planned + 7));
    call_fails(&call, "no such edit");
}
END_TEST

START_TEST(a_link_that_is_put_there_is_not_followed)
{
    call_put(&call, "a", "1\n");
    call_put(&call, "../outside/key", "2\n");
    write_it("a", "2\\n");
    unlink(call_path(&call, "a"));
    ck_assert_int_eq(symlink("../outside/key", call_path(&call, "a")), 0);
    ck_assert(!revert(0));
    ck_assert_str_eq(call_get(&call, "../outside/key"), "2\n");
}
END_TEST

START_TEST(the_edit_of_a_call_is_known_by_it)
{
    call_put(&call, "a", "1\n");
    call_put(&call, "b", "1\n");
    edits_set_call(call.place.edits, write_it("a", "2\\n"), 7);
    edits_set_call(call.place.edits, write_it("b", "2\\n"), 8);
    edits_set_call(call.place.edits, 0, 9);
    ck_assert(call_do(&call, &revert_tool, "{'call':7}"));
    ck_assert_str_eq(call_get(&call, "a"), "1\n");
    ck_assert_str_eq(call_get(&call, "b"), "2\n");
    ck_assert(!call_do(&call, &revert_tool, "{'call':7}"));
    call_fails(&call, "already");
    ck_assert(!call_do(&call, &revert_tool, "{'call':9}"));
    call_fails(&call, "no edit is known");
}
END_TEST

START_TEST(the_oldest_are_forgotten)
{
    struct buf text = { 0 };
    struct error err;
    struct tool_plan plan = { 0 };
    size_t len = EDITS_SIZE_MAX / 4;
    char path[] = "/a";
    for (size_t i = 0; i < len; i++)
        buf_append_char(&text, 'x');
    uint64_t first = 0;
    for (int i = 0; i < 5; i++) {
        struct tool_plan done = { .path = path, .after = text };
        done.edit = edits_next(call.place.edits);
        first = first ? first : done.edit;
        edits_add(call.place.edits, &done);
    }
    ck_assert(!edits_take_back(call.place.edits, first, &plan, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no longer known"));
    ck_assert(edits_take_back(call.place.edits, first + 1, &plan, &err));
    ck_assert_uint_eq(plan.was.len, len);
    ck_assert(plan.removes);
    tool_plan_clear(&plan);
    buf_clear(&text);
}
END_TEST

START_TEST(without_a_store_nothing_is_taken_back)
{
    edits_free(call.place.edits);
    call.place.edits = NULL;
    ck_assert(call_do(&call, &write_file_tool, "{'path':'a','content':'2'}"));
    ck_assert_uint_eq(call.plan.edit, 0);
    ck_assert(!revert(0));
}
END_TEST

Suite *revert_suite(void)
{
    Suite *suite = suite_create("revert");
    TCase *tcase = tcase_create("revert");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, the_last_edit_is_taken_back_and_then_the_one_before);
    tcase_add_test(tcase, a_file_that_was_made_is_removed_and_comes_again);
    tcase_add_test(
        tcase, an_edit_of_one_file_is_taken_back_beside_later_ones_of_others);
    tcase_add_test(tcase,
                   a_file_that_has_changed_since_is_left_and_the_change_shown);
    tcase_add_test(tcase, a_file_that_came_or_went_since_is_left);
    tcase_add_test(tcase, an_edit_that_was_only_planned_is_none);
    tcase_add_test(tcase, a_link_that_is_put_there_is_not_followed);
    tcase_add_test(tcase, the_edit_of_a_call_is_known_by_it);
    tcase_add_test(tcase, the_oldest_are_forgotten);
    tcase_add_test(tcase, without_a_store_nothing_is_taken_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
