/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/call.h"
#include "tool/braces.h"
#include "tool/search_files.h"

Suite *search_files_suite(void);

static struct call call;

static void begin(void)
{
    call_begin(&call);
}

static void end(void)
{
    call_end(&call);
}

static bool search(const char *arguments)
{
    return call_do(&call, &search_files_tool, arguments);
}

static void expect(const char *arguments, const char *expected)
{
    ck_assert_msg(search(arguments), "%s", call.err.text);
    ck_assert_str_eq(buf_string(&call.out), expected);
}

START_TEST(lines_are_found_with_path_and_number)
{
    call_put(&call, "b.py", "import os\n\n  x = cache[1]\n");
    call_put(&call, "a/c.py", "cache = {}\r\nlast cache");
    expect("{'pattern':'cache'}", "a/c.py:1: cache = {}\n"
                                  "a/c.py:2: last cache\n"
                                  "b.py:3:   x = cache[1]\n"
                                  "[found in 2 of 2 files]\n");
    expect("{'pattern':'^cache'}", "a/c.py:1: cache = {}\n"
                                   "[found in 1 of 2 files]\n");
    expect("{'pattern':'\\\\}$'}", "a/c.py:1: cache = {}\n"
                                   "[found in 1 of 2 files]\n");
    expect("{'pattern':'(?i)CACHE\\\\[','path':'b.py'}",
           "b.py:3:   x = cache[1]\n[found in 1 of 1 file]\n");
    ck_assert_str_eq(buf_string(&call.plan.about),
                     "\"(?i)CACHE\\\\[\" in b.py");
    expect("{'pattern':'cache','path':'a'}",
           "a/c.py:1: cache = {}\na/c.py:2: last cache\n"
           "[found in 1 of 1 file]\n");
}
END_TEST

START_TEST(nothing_found_is_an_answer)
{
    call_put(&call, "a", "one\n");
    expect("{'pattern':'two'}", "[no line matches in 1 file]\n");
}
END_TEST

START_TEST(a_glob_chooses_the_files)
{
    call_put(&call, "a.py", "x\n");
    call_put(&call, "src/b.c", "x\n");
    call_put(&call, "src/b.h", "x\n");
    expect("{'pattern':'x','glob':'*.py'}",
           "a.py:1: x\n[found in 1 of 1 file]\n");
    expect("{'pattern':'x','glob':'*.{c,h}'}",
           "src/b.c:1: x\nsrc/b.h:1: x\n[found in 2 of 2 files]\n");
    expect("{'pattern':'x','glob':'./src/**/*.c'}",
           "src/b.c:1: x\n[found in 1 of 1 file]\n");
    ck_assert_str_eq(buf_string(&call.plan.about),
                     "\"x\" in . \"./src/**/*.c\"");
}
END_TEST

START_TEST(without_a_pattern_names_are_found)
{
    call_put(&call, "a.py", "x\n");
    call_put(&call, "src/b.py", "x\n");
    call_put(&call, "src/b.c", "x\n");
    expect("{'glob':'*.py'}", "a.py\nsrc/b.py\n[2 files]\n");
    ck_assert(!search("{}"));
    call_fails(&call, "the pattern is empty");
    char arguments[200], expected[300];
    snprintf(arguments, sizeof arguments, "{'glob':'%s/src/*.c'}",
             call.directory);
    snprintf(expected, sizeof expected, "src/b.c\n[1 file]\n");
    expect(arguments, expected);
}
END_TEST

START_TEST(what_was_not_searched_is_said)
{
    call_put(&call, ".git/config", "x\n");
    call_put(&call, "node_modules/m.js", "x\n");
    call_put(&call, "sub/.git/config", "x\n");
    call_put_bytes(&call, "a.bin", (struct slice){ "x\0\n", 3 });
    call_put(&call, "large", "x\n");
    ck_assert_int_eq(truncate(call_path(&call, "large"), 10LL << 30), 0);
    ck_assert_int_eq(mkfifo(call_path(&call, "pipe"), 0644), 0);
    call_put(&call, "z", "x\n");
    expect("{'pattern':'x'}",
           "z:1: x\n[found in 1 of 1 file; not entered: .git, "
           "node_modules; 1 binary file; 1 file above 16 MiB]\n");
    expect("{'pattern':'x','path':'.git'}",
           ".git/config:1: x\n[found in 1 of 1 file]\n");
}
END_TEST

START_TEST(links_are_not_followed)
{
    call_put(&call, "../outside/secret", "x\n");
    ck_assert_int_eq(symlink("../outside", call_path(&call, "out")), 0);
    ck_assert_int_eq(symlink("../outside/secret", call_path(&call, "f")), 0);
    ck_assert_int_eq(symlink(".", call_path(&call, "loop")), 0);
    call_put(&call, "a", "x\n");
    expect("{'pattern':'x'}", "a:1: x\n[found in 1 of 1 file]\n");
}
END_TEST

START_TEST(hits_are_bounded_and_so_is_what_one_file_takes)
{
    struct buf text = { 0 };
    char name[20];
    for (int i = 0; i < SEARCH_FILE_HITS + 5; i++)
        buf_append_string(&text, "hit\n");
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "f%d", i);
        call_put_bytes(&call, name, buf_slice(&text));
    }
    ck_assert(search("{'pattern':'hit'}"));
    call_says(&call, "f0:20: hit\n[f0: 5 more lines match]\nf1:1: hit\n");
    call_says(&call, "there may be more");
    ck_assert_ptr_null(strstr(buf_string(&call.out), "f6:"));
    buf_clear(&text);
}
END_TEST

START_TEST(long_lines_are_shown_in_part)
{
    struct buf text = { 0 };
    for (int i = 0; i < 1000; i++)
        buf_append_char(&text, 'x');
    buf_append_string(&text, "end\n");
    call_put_bytes(&call, "a", buf_slice(&text));
    ck_assert(search("{'pattern':'end'}"));
    call_says(&call, "xxx ...\n[found in 1 of 1");
    ck_assert_uint_lt(call.out.len, 300);
    buf_clear(&text);
}
END_TEST

START_TEST(what_is_not_utf8_is_searched_too)
{
    call_put(&call, "latin", "caf\xE9 one\n");
    expect("{'pattern':'one'}",
           "latin:1: caf\xEF\xBF\xBD one\n[found in 1 of 1 file]\n");
}
END_TEST

START_TEST(a_pattern_that_is_none_is_told_so)
{
    ck_assert(!search("{'pattern':'foo('}"));
    call_fails(&call, "character");
    call_fails(&call, "write \\ before them");
}
END_TEST

START_TEST(a_pattern_that_explodes_is_told_so)
{
    struct buf text = { 0 };
    for (int i = 0; i < 5000; i++)
        buf_append_char(&text, 'a');
    buf_append_string(&text, "!\nab\n");
    call_put_bytes(&call, "a", buf_slice(&text));
    ck_assert(search("{'pattern':'^(a+)+b'}"));
    call_says(&call, "a:2: ab\n");
    call_says(&call, "1 line too slow to decide");
    buf_clear(&text);
}
END_TEST

START_TEST(files_of_the_kernel_are_not_searched)
{
    ck_assert(!search("{'pattern':'PATH=','path':'/proc'}"));
    call_fails(&call, "not searched");
    ck_assert(!search("{'pattern':'PATH=','path':'/proc/self'}"));
}
END_TEST

START_TEST(one_that_is_stopped_ends)
{
    call_put(&call, "a", "x\n");
    call.is_cancelled = 1;
    ck_assert(!search("{'pattern':'x'}"));
    ck_assert_int_eq(call.err.kind, ERROR_CANCELLED);
}
END_TEST

START_TEST(many_files_are_searched_to_the_end)
{
    enum { DIRECTORIES = 100, FILES = 100 };
    char name[SCRATCH_PATH_MAX + 16];
    for (int i = 0; i < DIRECTORIES; i++) {
        snprintf(name, sizeof name, "%s/d%d", call.directory, i);
        ck_assert_int_eq(mkdir(name, 0755), 0);
        for (int j = 0; j < FILES; j++) {
            snprintf(name, sizeof name, "d%d/f%d", i, j);
            FILE *file = fopen(call_path(&call, name), "we");
            fputs(i == DIRECTORIES - 1 && j == FILES - 1 ? "needle\n" : "hay\n",
                  file);
            fclose(file);
        }
    }
    expect("{'pattern':'needle'}",
           "d99/f99:1: needle\n[found in 1 of 10000 files]\n");
}
END_TEST

/* Braces. */

static const struct {
    const char *glob, *path;
    bool is_match;
} braces_rows[] = {
    { "", "a", true },
    { "*.c", "a.c", true },
    { "*.{c,h}", "a.h", true },
    { "*.{c,h}", "a.py", false },
    { "{a,b}.{c,d}", "b.d", true },
    { "{a,{b,c}}.x", "c.x", true },
    { "a{,b}", "a", true },
    { "a{,b}", "ab", true },
    { "a{,b}", "ac", false },
    { "{src,lib}/**", "lib/x/y", true },
    { "a{b}", "a{b}", true },
    { "a{b", "a{b", true },
};

START_TEST(braces_are_alternatives)
{
    struct braces braces = { 0 };
    braces_make(&braces, slice_of(braces_rows[_i].glob));
    ck_assert_int_eq(braces_match(&braces, braces_rows[_i].path),
                     braces_rows[_i].is_match);
    braces_clear(&braces);
}
END_TEST

START_TEST(braces_without_end_stay_bounded)
{
    struct braces braces = { 0 };
    struct buf glob = { 0 };
    for (int i = 0; i < 1000; i++)
        buf_append_string(&glob, "{a,b}{c,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,}");
    braces_make(&braces, buf_slice(&glob));
    ck_assert_uint_le(braces.globs.count, BRACES_MAX + 1);
    braces_clear(&braces);
    buf_clear(&glob);
}
END_TEST

static void add_bounds(TCase *tcase)
{
    tcase_add_test(tcase, hits_are_bounded_and_so_is_what_one_file_takes);
    tcase_add_test(tcase, long_lines_are_shown_in_part);
    tcase_add_test(tcase, what_is_not_utf8_is_searched_too);
    tcase_add_test(tcase, a_pattern_that_is_none_is_told_so);
    tcase_add_test(tcase, a_pattern_that_explodes_is_told_so);
    tcase_add_test(tcase, files_of_the_kernel_are_not_searched);
    tcase_add_test(tcase, one_that_is_stopped_ends);
    tcase_add_test(tcase, many_files_are_searched_to_the_end);
    tcase_add_loop_test(tcase, braces_are_alternatives, 0,
                        COUNTOF(braces_rows));
    tcase_add_test(tcase, braces_without_end_stay_bounded);
}

START_TEST(private_files_are_searched_only_where_they_are_named)
{
    static const char *const mine[] = { "*diary*", NULL };
    call_put(&call, "a.c", "token\n");
    call_put(&call, ".env", "token=1\n");
    call_put(&call, "tls/site.pem", "token\n");
    call_put(&call, "my-diary", "token\n");
    call.place.private_files = mine;
    expect("{'pattern':'token'}",
           "a.c:1: token\n[found in 1 of 1 file; 3 private files, which only a "
           "call that names them reads]\n");
    expect("{'pattern':'token','path':'.env'}",
           ".env:1: token=1\n[found in 1 of 1 file]\n");
    expect("{'glob':'.env'}", ".env\n[1 file]\n");
}
END_TEST

Suite *search_files_suite(void)
{
    Suite *suite = suite_create("search_files");
    TCase *tcase = tcase_create("search_files");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, lines_are_found_with_path_and_number);
    tcase_add_test(tcase, nothing_found_is_an_answer);
    tcase_add_test(tcase, a_glob_chooses_the_files);
    tcase_add_test(tcase, without_a_pattern_names_are_found);
    tcase_add_test(tcase, what_was_not_searched_is_said);
    tcase_add_test(tcase, links_are_not_followed);
    add_bounds(tcase);
    tcase_add_test(tcase, private_files_are_searched_only_where_they_are_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
