/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/call.h"
#include "tool/read_file.h"

Suite *read_file_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool read_it(const char *arguments)
{
    return call_do(&call, &read_file_tool, arguments);
}

/* Numbered lines: "line 1" and so on. */
static void put_lines(const char *name, int count)
{
    struct buf text = { 0 };
    for (int i = 1; i <= count; i++)
        buf_printf(&text, "line %d\n", i);
    call_put_bytes(&call, name, buf_slice(&text));
    buf_clear(&text);
}

START_TEST(a_file_is_given_as_it_is)
{
    call_put(&call, "a.py", "def f():\n\treturn 1\n");
    ck_assert(read_it("{'path':'a.py'}"));
    ck_assert_str_eq(buf_string(&call.out), "def f():\n\treturn 1\n");
    ck_assert_str_eq(buf_string(&call.plan.about), "a.py");
    ck_assert(call.plan.is_beneath);
    ck_assert_str_eq(call.plan.path, call_path(&call, "a.py"));
}
END_TEST

START_TEST(an_empty_file_is_said_to_be_empty)
{
    call_put(&call, "empty", "");
    ck_assert(read_it("{'path':'empty'}"));
    call_says(&call, "empty");
}
END_TEST

START_TEST(lines_are_counted_from_one_and_the_rest_is_named)
{
    put_lines("a", 10);
    ck_assert(read_it("{'path':'a','offset':3,'limit':2}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "line 3\nline 4\n"
                     "[lines 3-4 of 10; read on with offset 5]\n");
    ck_assert_str_eq(buf_string(&call.plan.about), "a:3-4");
    ck_assert(read_it("{'path':'a','offset':9}"));
    ck_assert_str_eq(buf_string(&call.out),
                     "line 9\nline 10\n[lines 9-10 of 10]\n");
    ck_assert(read_it("{'path':'a','offset':0,'limit':1}"));
    call_says(&call, "line 1\n[lines 1-1 of 10; read on with offset 2]");
}
END_TEST

START_TEST(an_offset_behind_the_end_is_answered_with_the_length)
{
    put_lines("a", 10);
    ck_assert(!read_it("{'path':'a','offset':11}"));
    call_fails(&call, "10 lines");
}
END_TEST

START_TEST(a_last_line_needs_no_ending)
{
    call_put(&call, "a", "one\ntwo");
    ck_assert(read_it("{'path':'a','offset':2}"));
    ck_assert_str_eq(buf_string(&call.out), "two\n[lines 2-2 of 2]\n");
}
END_TEST

START_TEST(a_long_file_is_read_in_parts_that_meet)
{
    put_lines("a", 2500);
    ck_assert(read_it("{'path':'a'}"));
    call_says(&call, "line 1000\n[lines 1-1000 of 2500; read on with offset "
                     "1001]");
    ck_assert(read_it("{'path':'a','offset':1001}"));
    ck_assert(!strncmp(buf_string(&call.out), "line 1001\n", 10));
}
END_TEST

START_TEST(an_answer_has_a_size_at_the_most_whatever_the_limit)
{
    put_lines("a", 20000);
    ck_assert(read_it("{'path':'a','limit':20000}"));
    ck_assert_uint_le(call.out.len, READ_FILE_MAX + 200);
    ck_assert_uint_gt(call.out.len, READ_FILE_MAX - 20);
    /* What it says of the last line is true. */
    const char *mark = strstr(buf_string(&call.out), "[lines 1-");
    ck_assert_ptr_nonnull(mark);
    int last = atoi(mark + strlen("[lines 1-"));
    char expected[64];
    snprintf(expected, sizeof expected, "line %d\n[lines 1-%d of 20000;", last,
             last);
    call_says(&call, expected);
}
END_TEST

START_TEST(a_model_with_less_room_gets_less)
{
    put_lines("a", 2000);
    call.room = 3000;
    ck_assert(read_it("{'path':'a'}"));
    ck_assert_uint_le(call.out.len, 3000);
    ck_assert_uint_gt(call.out.len, 2500);
    const char *mark = strstr(buf_string(&call.out), "read on with offset ");
    ck_assert_ptr_nonnull(mark);
    int next = atoi(mark + strlen("read on with offset "));
    char expected[64];
    snprintf(expected, sizeof expected, "line %d\n[lines 1-%d of 2000;",
             next - 1, next - 1);
    call_says(&call, expected);
    call.room = 100;
    ck_assert(read_it("{'path':'a'}"));
    call_says(&call, "line 1\n");
}
END_TEST

START_TEST(a_long_line_is_cut_and_its_rest_counted)
{
    struct buf text = { 0 };
    for (int i = 0; i < 5000; i++)
        buf_append_char(&text, 'x');
    buf_append_string(&text, "\nnext\n");
    call_put_bytes(&call, "a", buf_slice(&text));
    ck_assert(read_it("{'path':'a'}"));
    call_says(&call, "xx [3000 more bytes in this line]\nnext\n");
    call_says(&call, "limit 1");
    ck_assert(read_it("{'path':'a','limit':1}"));
    ck_assert_uint_gt(call.out.len, 5000);
    buf_clear(&text);
}
END_TEST

START_TEST(crlf_is_told_and_not_shown_where_all_lines_have_it)
{
    call_put(&call, "dos", "one\r\ntwo\r\n");
    ck_assert(read_it("{'path':'dos'}"));
    ck_assert(!strncmp(buf_string(&call.out), "one\ntwo\n[", 9));
    call_says(&call, "CRLF");
    call_put(&call, "mixed", "one\r\ntwo\n");
    ck_assert(read_it("{'path':'mixed'}"));
    ck_assert_str_eq(buf_string(&call.out), "one\r\ntwo\n");
    call_put(&call, "open", "one\r\ntwo");
    ck_assert(read_it("{'path':'open'}"));
    ck_assert(!strncmp(buf_string(&call.out), "one\ntwo\n[", 9));
}
END_TEST

START_TEST(what_is_no_text_is_refused_by_kind_and_size)
{
    call_put_bytes(&call, "a.bin", (struct slice){ "\1\2\0\3", 4 });
    ck_assert(!read_it("{'path':'a.bin'}"));
    call_fails(&call, "a binary file of 4 bytes");
    call_put_bytes(&call, "a.pdf", slice_of("%PDF-1.7 ..."));
    ck_assert(!read_it("{'path':'a.pdf'}"));
    call_fails(&call, "a PDF document");
}
END_TEST

START_TEST(what_is_not_utf8_becomes_so_and_is_told)
{
    call_put(&call, "latin", "caf\xE9\n");
    ck_assert(read_it("{'path':'latin'}"));
    ck_assert(!strncmp(buf_string(&call.out), "caf\xEF\xBF\xBD\n[", 8));
    call_says(&call, "not UTF-8");
}
END_TEST

START_TEST(a_directory_is_for_list_dir)
{
    mkdir(call_path(&call, "train"), 0755);
    ck_assert(!read_it("{'path':'train'}"));
    call_fails(&call, "list_dir");
    ck_assert(!read_it("{'path':'train/'}"));
    call_fails(&call, "list_dir");
}
END_TEST

START_TEST(a_fifo_does_not_hang)
{
    ck_assert_int_eq(mkfifo(call_path(&call, "pipe"), 0644), 0);
    ck_assert(!read_it("{'path':'pipe'}"));
    call_fails(&call, "a FIFO");
    ck_assert(!read_it("{'path':'/dev/zero'}"));
    call_fails(&call, "a device");
}
END_TEST

START_TEST(a_file_of_ten_gigabytes_costs_no_more_than_another)
{
    call_put(&call, "hole", "");
    ck_assert_int_eq(truncate(call_path(&call, "hole"), 10LL << 30), 0);
    ck_assert(!read_it("{'path':'hole'}"));
    call_fails(&call, "of 10737418240 bytes");
    /* One that begins as text is read as far as it was asked for. */
    put_lines("text", 10000);
    ck_assert_int_eq(truncate(call_path(&call, "text"), 10LL << 30), 0);
    ck_assert(read_it("{'path':'text','limit':3}"));
    call_says(&call, "line 3\n[lines 1-3 of more than 10001; read on with "
                     "offset 4]");
}
END_TEST

START_TEST(files_of_the_kernel_are_read_and_those_of_processes_are_not)
{
    ck_assert(read_it("{'path':'/proc/version'}"));
    ck_assert(!call.plan.is_beneath);
    call_says(&call, "Linux");
    ck_assert(!read_it("{'path':'/proc/self/environ'}"));
    call_fails(&call, "process");
    ck_assert(!read_it("{'path':'/proc/1/cmdline'}"));
    call_fails(&call, "process");
}
END_TEST

START_TEST(one_that_is_stopped_ends)
{
    put_lines("a", 10);
    call.is_cancelled = 1;
    ck_assert(!read_it("{'path':'a'}"));
    ck_assert_int_eq(call.err.kind, ERROR_CANCELLED);
}
END_TEST

START_TEST(what_was_exchanged_for_a_link_is_not_read)
{
    call_put(&call, "a", "mine\n");
    call_put(&call, "../outside/secret", "secret\n");
    ck_assert(call_plan(&call, &read_file_tool, "{'path':'a'}"));
    ck_assert_int_eq(unlink(call_path(&call, "a")), 0);
    ck_assert_int_eq(symlink("../outside/secret", call_path(&call, "a")), 0);
    ck_assert(!call_work(&call));
    call_fails(&call, "link");
    ck_assert_ptr_null(strstr(buf_string(&call.out), "secret"));
}
END_TEST

START_TEST(a_file_without_permission_is_an_error_in_words)
{
    call_put(&call, "a", "text\n");
    chmod(call_path(&call, "a"), 0);
    call_obey();
    ck_assert(!read_it("{'path':'a'}"));
    call_fails(&call, "Permission denied");
}
END_TEST

static void add_kinds(TCase *tcase)
{
    tcase_add_test(tcase, what_is_no_text_is_refused_by_kind_and_size);
    tcase_add_test(tcase, what_is_not_utf8_becomes_so_and_is_told);
    tcase_add_test(tcase, a_directory_is_for_list_dir);
    tcase_add_test(tcase, a_fifo_does_not_hang);
    tcase_add_test(tcase, a_file_of_ten_gigabytes_costs_no_more_than_another);
    tcase_add_test(tcase,
                   files_of_the_kernel_are_read_and_those_of_processes_are_not);
    tcase_add_test(tcase, one_that_is_stopped_ends);
    tcase_add_test(tcase, what_was_exchanged_for_a_link_is_not_read);
    tcase_add_test(tcase, a_file_without_permission_is_an_error_in_words);
}

Suite *read_file_suite(void)
{
    Suite *suite = suite_create("read_file");
    TCase *tcase = tcase_create("read_file");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_file_is_given_as_it_is);
    tcase_add_test(tcase, an_empty_file_is_said_to_be_empty);
    tcase_add_test(tcase, lines_are_counted_from_one_and_the_rest_is_named);
    tcase_add_test(tcase, an_offset_behind_the_end_is_answered_with_the_length);
    tcase_add_test(tcase, a_last_line_needs_no_ending);
    tcase_add_test(tcase, a_long_file_is_read_in_parts_that_meet);
    tcase_add_test(tcase, an_answer_has_a_size_at_the_most_whatever_the_limit);
    tcase_add_test(tcase, a_model_with_less_room_gets_less);
    tcase_add_test(tcase, a_long_line_is_cut_and_its_rest_counted);
    tcase_add_test(tcase, crlf_is_told_and_not_shown_where_all_lines_have_it);
    add_kinds(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
