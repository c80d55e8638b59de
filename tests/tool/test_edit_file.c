/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/call.h"
#include "tool/edit_file.h"

Suite *edit_file_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool edit(const char *arguments)
{
    return call_do(&call, &edit_file_tool, arguments);
}

static const char code[] = "def f(x):\n"
                           "\treturn x\n"
                           "\n"
                           "def g(x):\n"
                           "\treturn x\n";

START_TEST(a_text_that_is_there_once_becomes_the_other)
{
    call_put(&call, "a.py", code);
    ck_assert(call_plan(&call, &edit_file_tool,
                        "{'path':'a.py','old_text':'def g(x):\\n\\treturn x',"
                        "'new_text':'def g(x):\\n\\treturn 2 * x'}"));
    ck_assert_str_eq(buf_string(&call.plan.about), "a.py +1 -1");
    ck_assert_str_eq(buf_string(&call.plan.detail),
                     "--- a/a.py\n+++ b/a.py\n@@ -2,4 +2,4 @@\n"
                     " \treturn x\n \n def g(x):\n-\treturn x\n"
                     "+\treturn 2 * x\n");
    ck_assert_str_eq(call_get(&call, "a.py"), code);
    ck_assert(call_work(&call));
    ck_assert_str_eq(call_get(&call, "a.py"),
                     "def f(x):\n\treturn x\n\ndef g(x):\n\treturn 2 * x\n");
}
END_TEST

START_TEST(a_text_that_is_there_more_than_once_is_refused_with_its_places)
{
    call_put(&call, "a.py", code);
    ck_assert(!edit("{'path':'a.py','old_text':'return x','new_text':'y'}"));
    call_fails(&call, "2 times, from lines 2, 5;");
    call_fails(&call, "all");
    ck_assert_str_eq(call_get(&call, "a.py"), code);
    ck_assert(edit("{'path':'a.py','old_text':'return x','new_text':'y',"
                   "'all':true}"));
    ck_assert_str_eq(call_get(&call, "a.py"),
                     "def f(x):\n\ty\n\ndef g(x):\n\ty\n");
}
END_TEST

START_TEST(a_text_may_be_removed)
{
    call_put(&call, "a", "one\ntwo\n");
    ck_assert(edit("{'path':'a','old_text':'two\\n','new_text':''}"));
    ck_assert_str_eq(call_get(&call, "a"), "one\n");
    ck_assert(edit("{'path':'a','old_text':'one\\n','new_text':''}"));
    ck_assert_str_eq(call_get(&call, "a"), "");
}
END_TEST

/* What a model wrote, and what it must be told. */
static const struct {
    const char *old_text, *told, *also;
} near_misses[] = {
    /* Spaces for a tab, in the second line. */
    { "def g(x):\\n    return x", "white space only: line 5 is \"\\treturn x\"",
      "old_text has \"    return x\"" },
    { "def g(x):\\n\\treturn y",
      "like lines 4-4 so far, but line 5 is "
      "\"\\treturn x\"",
      "old_text has \"\\treturn y\"" },
    { "def h(x):", "line 1 is \"def f(x):\"", "old_text has \"def h(x):\"" },
    { "class Loader:", "no line is like", "read_file" },
    { "4: def g(x):\\n5: \\treturn x", "line numbers", "leave them out" },
    { "4\\tdef g(x):", "line numbers", "leave them out" },
    /* \\n in the JSON text is a backslash and an n in the string. */
    { "def g(x):\\\\n\\\\treturn x", "escaped twice", "" },
};

START_TEST(a_text_that_is_not_there_is_told_where_it_nearly_is)
{
    struct buf arguments = { 0 };
    call_put(&call, "a.py", code);
    buf_printf(&arguments, "{'path':'a.py','old_text':'%s','new_text':'z'}",
               near_misses[_i].old_text);
    ck_assert(!edit(buf_string(&arguments)));
    call_fails(&call, "old_text is not in the file");
    call_fails(&call, near_misses[_i].told);
    call_fails(&call, near_misses[_i].also);
    ck_assert_str_eq(call_get(&call, "a.py"), code);
    buf_clear(&arguments);
}
END_TEST

START_TEST(long_lines_leave_room_for_what_to_do)
{
    struct buf text = { 0 }, arguments = { 0 };
    for (int i = 0; i < 3000; i++)
        buf_append_string(&text, "\xE4\xB8\xAD");
    call_put_bytes(&call, "a", buf_slice(&text));
    buf_printf(&arguments, "{'path':'a','old_text':'%sx','new_text':'z'}",
               buf_string(&text));
    ck_assert(!edit(buf_string(&arguments)));
    call_fails(&call, "read_file");
    buf_clear(&text);
    buf_clear(&arguments);
}
END_TEST

START_TEST(nothing_of_a_file_outside_is_told_before_somebody_agrees)
{
    char first[ERROR_TEXT_SIZE];
    call_put(&call, "../outside/key", "secret one\nsecret two\n");
    ck_assert(!edit("{'path':'~/key','old_text':'secret 1','new_text':'z'}"));
    ck_assert_ptr_null(strstr(call.err.text, "secret one"));
    memcpy(first, call.err.text, sizeof first);
    /* Not even whether it is there. */
    ck_assert(!edit("{'path':'~/key','old_text':'secret','new_text':'z'}"));
    ck_assert_str_eq(call.err.text, first);
    ck_assert(
        call_plan(&call, &edit_file_tool,
                  "{'path':'~/key','old_text':'secret two','new_text':'z'}"));
    ck_assert(!call.plan.is_beneath);
}
END_TEST

START_TEST(crlf_is_met_by_lf_and_kept)
{
    call_put(&call, "a", "one\r\ntwo\r\nthree\r\n");
    ck_assert(edit("{'path':'a','old_text':'one\\ntwo','new_text':'1\\n2'}"));
    ck_assert_str_eq(call_get(&call, "a"), "1\r\n2\r\nthree\r\n");
    ck_assert(edit("{'path':'a','old_text':'2\\r\\nthree','new_text':'x'}"));
    ck_assert_str_eq(call_get(&call, "a"), "1\r\nx\r\n");
    call_put(&call, "mixed", "one\r\ntwo\n");
    ck_assert(!edit("{'path':'mixed','old_text':'one\\ntwo','new_text':'1'}"));
    call_fails(&call, "white space only: line 1 is \"one\\r\"");
}
END_TEST

START_TEST(bytes_that_are_no_text_stay)
{
    call_put(&call, "a", "caf\xE9\ntwo\n");
    ck_assert(edit("{'path':'a','old_text':'two','new_text':'2'}"));
    ck_assert_str_eq(call_get(&call, "a"), "caf\xE9\n2\n");
}
END_TEST

START_TEST(what_makes_no_sense_is_told_so)
{
    call_put(&call, "a", "one\n");
    ck_assert(!edit("{'path':'a','old_text':'','new_text':'x'}"));
    call_fails(&call, "old_text is empty");
    ck_assert(!edit("{'path':'a','old_text':'one','new_text':'one'}"));
    call_fails(&call, "the same");
    ck_assert(!edit("{'path':'b','old_text':'one','new_text':'x'}"));
    call_fails(&call, "there is no \"b\"");
    ck_assert(!edit("{'path':'.','old_text':'one','new_text':'x'}"));
    call_fails(&call, "is a directory");
    call_put(&call, "empty", "");
    ck_assert(!edit("{'path':'empty','old_text':'one','new_text':'x'}"));
    call_fails(&call, "write_file");
}
END_TEST

START_TEST(of_many_places_only_some_are_named)
{
    struct buf text = { 0 };
    for (int i = 0; i < 100; i++)
        buf_append_string(&text, "x\n");
    call_put_bytes(&call, "a", buf_slice(&text));
    ck_assert(!edit("{'path':'a','old_text':'x','new_text':'y'}"));
    call_fails(&call, "100 times, from lines 1, 2, 3, 4, 5, ...;");
    buf_clear(&text);
}
END_TEST

Suite *edit_file_suite(void)
{
    Suite *suite = suite_create("edit_file");
    TCase *tcase = tcase_create("edit_file");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_text_that_is_there_once_becomes_the_other);
    tcase_add_test(
        tcase, a_text_that_is_there_more_than_once_is_refused_with_its_places);
    tcase_add_test(tcase, a_text_may_be_removed);
    tcase_add_loop_test(tcase,
                        a_text_that_is_not_there_is_told_where_it_nearly_is, 0,
                        COUNTOF(near_misses));
    tcase_add_test(tcase, long_lines_leave_room_for_what_to_do);
    tcase_add_test(tcase,
                   nothing_of_a_file_outside_is_told_before_somebody_agrees);
    tcase_add_test(tcase, crlf_is_met_by_lf_and_kept);
    tcase_add_test(tcase, bytes_that_are_no_text_stay);
    tcase_add_test(tcase, what_makes_no_sense_is_told_so);
    tcase_add_test(tcase, of_many_places_only_some_are_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
