/* SPDX-License-Identifier: MIT */
/*
 * Unified diffs: by hand, applied again by a small reader of our own that checks
 * every line and number, and by patch(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "net/child.h"
#include "tests/support/noise.h"
#include "tests/support/scratch.h"
#include "tests/support/skip.h"
#include "tool/diff.h"

Suite *diff_suite(void);

enum { MOST = 64 * 1024 * 1024 };

static struct diff_count make(struct buf *out, struct slice before,
                              struct slice after)
{
    struct diff_count count;
    struct error err = { 0 };
    struct diff diff = { .name = "f", .before = before, .after = after };
    buf_reset(out);
    ck_assert_msg(diff_append(out, &diff, MOST, &count, &err), "%s", err.text);
    return count;
}

#define HEAD "--- a/f\n+++ b/f\n"
#define OPEN "\\ No newline at end of file\n"

static const struct {
    const char *before, *after, *expected;
    size_t added, removed;
} cases[] = {
    { "a\nb\n", "a\nb\n", "", 0, 0 },
    { "a\nb\nc\n", "a\nx\nc\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n", 1,
      1 },
    /* One line is not counted; none is told by the line before it. */
    { "a\n", "b\n", HEAD "@@ -1 +1 @@\n-a\n+b\n", 1, 1 },
    { "", "a\n", HEAD "@@ -0,0 +1 @@\n+a\n", 1, 0 },
    { "a\nb\n", "", HEAD "@@ -1,2 +0,0 @@\n-a\n-b\n", 0, 2 },
    { "a\n", "a\nb\n", HEAD "@@ -1 +1,2 @@\n a\n+b\n", 1, 0 },
    /* Ends without a newline. */
    { "a", "b", HEAD "@@ -1 +1 @@\n-a\n" OPEN "+b\n" OPEN, 1, 1 },
    { "a", "a\n", HEAD "@@ -1 +1 @@\n-a\n" OPEN "+a\n", 1, 1 },
    { "a\nb", "x\nb", HEAD "@@ -1,2 +1,2 @@\n-a\n+x\n b\n" OPEN, 1, 1 },
    { "a\r\nb\r\n", "a\r\nb\n", HEAD "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+b\n", 1,
      1 },
    /* Three lines of context; six between changes join them, seven do not. */
    { "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
      HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n", 1, 1 },
    { "a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
      HEAD "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n", 2, 2 },
    { "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
      HEAD "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n"
           "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n",
      2, 2 },
};

START_TEST(texts_differ_as_diff_u_says)
{
    struct buf out = { 0 };
    struct diff_count count =
        make(&out, slice_of(cases[_i].before), slice_of(cases[_i].after));
    ck_assert_str_eq(buf_string(&out), cases[_i].expected);
    ck_assert_uint_eq(count.added, cases[_i].added);
    ck_assert_uint_eq(count.removed, cases[_i].removed);
    buf_clear(&out);
}
END_TEST

/* A reader of our own. */

struct reader {
    struct slice diff, before;
    size_t line; /* of `before` that comes next, from 1 */
    struct buf *after;
    size_t after_line;
};

/* The next line of a text, with its LF. */
static struct slice take_line(struct slice *text)
{
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end ? (size_t)(end - text->ptr) + 1 : text->len;
    struct slice line = { text->ptr, len };
    *text = slice_skip(*text, len);
    return line;
}

static void copy_before(struct reader *reader, size_t until)
{
    for (; reader->line < until; reader->line++, reader->after_line++) {
        ck_assert_uint_gt(reader->before.len, 0);
        buf_append_slice(reader->after, take_line(&reader->before));
    }
}

static void take_range(char **at, size_t *start, size_t *count)
{
    *start = strtoul(*at + 1, at, 10);
    *count = 1;
    if (**at == ',')
        *count = strtoul(*at + 1, at, 10);
}

/* One line of a hunk, with the mark that its newline is missing. */
static void take_change(struct reader *reader, size_t *a, size_t *b)
{
    struct slice line = take_line(&reader->diff);
    char mark = line.ptr[0];
    struct slice text = slice_skip(line, 1);
    if (reader->diff.len && reader->diff.ptr[0] == '\\') {
        ck_assert(slice_is(take_line(&reader->diff), OPEN));
        text.len--;
    }
    if (mark != '+') {
        ck_assert(slice_equal(take_line(&reader->before), text));
        reader->line++;
        --*a;
    }
    if (mark != '-') {
        buf_append_slice(reader->after, text);
        reader->after_line++;
        --*b;
    }
}

static void apply(struct slice diff, struct slice before, struct buf *after)
{
    struct reader reader = { diff, before, 1, after, 1 };
    buf_reset(after);
    if (diff.len) {
        ck_assert(slice_starts(take_line(&reader.diff), "--- "));
        ck_assert(slice_starts(take_line(&reader.diff), "+++ "));
    }
    while (reader.diff.len) {
        size_t a_start, a_count, b_start, b_count;
        struct buf head = { 0 };
        buf_append_slice(&head, take_line(&reader.diff));
        ck_assert(!strncmp(buf_string(&head), "@@ -", 4));
        char *at = head.ptr + 3;
        take_range(&at, &a_start, &a_count);
        at++;
        take_range(&at, &b_start, &b_count);
        ck_assert_str_eq(at, " @@\n");
        copy_before(&reader, a_start + (a_count == 0));
        ck_assert_uint_eq(reader.after_line, b_start + (b_count == 0));
        while (a_count || b_count)
            take_change(&reader, &a_count, &b_count);
        buf_clear(&head);
    }
    buf_append_slice(after, reader.before);
}

/* Lines of few words, so that many are alike. */
static void random_lines(struct noise *noise, struct buf *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        buf_printf(out, "%c%s", 'a' + (int)noise_below(noise, 6),
                   noise_below(noise, 8) ? "\n" : "\r\n");
    if (noise_below(noise, 3) == 0)
        buf_append_string(out, "end");
}

/* Most of a text as it is, with a few changes. */
static void change(struct noise *noise, struct slice before, struct buf *out)
{
    while (before.len) {
        struct slice line = take_line(&before);
        uint32_t kind = noise_below(noise, 12);
        if (kind == 0)
            random_lines(noise, out, noise_below(noise, 3));
        if (kind != 1)
            buf_append_slice(out, line);
    }
}

START_TEST(what_was_made_of_two_texts_makes_one_of_the_other)
{
    struct noise noise = { 42 };
    struct buf before = { 0 }, after = { 0 }, diff = { 0 }, got = { 0 };
    for (int round = 0; round < 2000; round++) {
        buf_reset(&before);
        buf_reset(&after);
        random_lines(&noise, &before, noise_below(&noise, 40));
        if (round % 4 == 0)
            random_lines(&noise, &after, noise_below(&noise, 40));
        else
            change(&noise, buf_slice(&before), &after);
        make(&diff, buf_slice(&before), buf_slice(&after));
        apply(buf_slice(&diff), buf_slice(&before), &got);
        ck_assert_msg(slice_equal(buf_slice(&got), buf_slice(&after)),
                      "round %d:\n%s", round, buf_string(&diff));
    }
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&diff);
    buf_clear(&got);
}
END_TEST

START_TEST(any_bytes_are_lines)
{
    struct noise noise = { 7 };
    struct buf before = { 0 }, after = { 0 }, diff = { 0 }, got = { 0 };
    for (int round = 0; round < 200; round++) {
        buf_reset(&before);
        buf_reset(&after);
        noise_bytes(&noise, &before, noise_below(&noise, 400));
        change(&noise, buf_slice(&before), &after);
        noise_bytes(&noise, &after, noise_below(&noise, 40));
        make(&diff, buf_slice(&before), buf_slice(&after));
        apply(buf_slice(&diff), buf_slice(&before), &got);
        ck_assert(slice_equal(buf_slice(&got), buf_slice(&after)));
    }
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&diff);
    buf_clear(&got);
}
END_TEST

START_TEST(texts_that_have_nothing_in_common_take_bounded_work)
{
    struct buf before = { 0 }, after = { 0 }, diff = { 0 }, got = { 0 };
    buf_append_string(&before, "first\n");
    buf_append_string(&after, "first\n");
    for (int i = 0; i < 200 * 1000; i++) {
        buf_printf(&before, "%d\n", i);
        buf_printf(&after, "-%d\n", i);
    }
    struct diff_count count =
        make(&diff, buf_slice(&before), buf_slice(&after));
    ck_assert_uint_eq(count.added, 200 * 1000);
    apply(buf_slice(&diff), buf_slice(&before), &got);
    ck_assert(slice_equal(buf_slice(&got), buf_slice(&after)));
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&diff);
    buf_clear(&got);
}
END_TEST

START_TEST(a_diff_that_is_too_long_is_refused)
{
    struct buf out = { 0 };
    struct diff_count count;
    struct error err = { 0 };
    struct diff diff = { "f", slice_of(""), slice_of("a\n"), false, false };
    size_t len = strlen(HEAD "@@ -0,0 +1 @@\n+a\n");
    buf_append_string(&out, "before");
    ck_assert(!diff_append(&out, &diff, len - 1, &count, &err));
    ck_assert_str_eq(buf_string(&out), "before");
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_ptr_nonnull(strstr(err.text, "smaller steps"));
    ck_assert(diff_append(&out, &diff, len, &count, &err));
    buf_clear(&out);
    /* So are too many lines. */
    struct buf lines = { 0 };
    for (int i = 0; i <= DIFF_LINES_MAX; i++)
        buf_append_char(&lines, '\n');
    diff.after = buf_slice(&lines);
    ck_assert(!diff_append(&out, &diff, MOST, &count, &err));
    diff.after.len--;
    ck_assert(diff_append(&out, &diff, MOST, &count, &err));
    buf_clear(&lines);
    buf_clear(&out);
}
END_TEST

START_TEST(a_file_that_is_made_or_removed_has_no_other_name)
{
    struct buf out = { 0 };
    struct diff_count count;
    struct error err = { 0 };
    struct diff diff = { "f", slice_of(""), slice_of("a\n"), true, false };
    ck_assert(diff_append(&out, &diff, MOST, &count, &err));
    ck_assert_str_eq(buf_string(&out),
                     "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
    buf_reset(&out);
    diff = (struct diff){ "f", slice_of("a\n"), slice_of(""), false, true };
    ck_assert(diff_append(&out, &diff, MOST, &count, &err));
    ck_assert_str_eq(buf_string(&out),
                     "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
    buf_clear(&out);
}
END_TEST

START_TEST(odd_names_are_quoted)
{
    struct buf out = { 0 };
    struct diff_count count;
    struct error err = { 0 };
    struct diff diff = { "a\n+++ \"b\\\x1b", slice_of(""), slice_of("a\n"),
                         false, false };
    ck_assert(diff_append(&out, &diff, MOST, &count, &err));
    ck_assert(
        slice_starts(buf_slice(&out), "--- \"a/a\\012+++ \\\"b\\\\\\033\"\n"));
    buf_reset(&out);
    diff.name = "my file";
    ck_assert(diff_append(&out, &diff, MOST, &count, &err));
    ck_assert(slice_starts(buf_slice(&out), "--- a/my file\t\n"));
    buf_clear(&out);
}
END_TEST

/* By patch(1). */

static void put(const char *directory, const char *name, const struct buf *text)
{
    char path[SCRATCH_PATH_MAX + 16];
    struct error err = { 0 };
    snprintf(path, sizeof path, "%s/%s", directory, name);
    ck_assert_msg(path_write_file(path, buf_slice(text), &err), "%s", err.text);
}

static void check_patch(char *directory, const struct buf *before,
                        const struct buf *after, const struct buf *diff)
{
    char path[SCRATCH_PATH_MAX + 16], result[SCRATCH_PATH_MAX + 16];
    struct buf said = { 0 }, got = { 0 };
    struct error err = { 0 };
    put(directory, "f", before);
    put(directory, "diff", diff);
    snprintf(path, sizeof path, "%s/diff", directory);
    snprintf(result, sizeof result, "%s/f", directory);
    char *argv[] = { (char[]){ "patch" },
                     (char[]){ "--binary" },
                     (char[]){ "-s" },
                     (char[]){ "-p1" },
                     (char[]){ "-d" },
                     directory,
                     (char[]){ "-i" },
                     path,
                     NULL };
    ck_assert_msg(child_read(&said, argv, 65536, 30000, &err), "%s: %s\n%s",
                  err.text, buf_string(&said), buf_string(diff));
    /* An empty result is removed. */
    bool is_there = access(result, F_OK) == 0;
    ck_assert(is_there || after->len == 0);
    ck_assert(!is_there || path_read_file(&got, result, MOST, &err));
    ck_assert(slice_equal(buf_slice(&got), buf_slice(after)));
    buf_clear(&said);
    buf_clear(&got);
}

START_TEST(patch_makes_one_of_the_other)
{
    char directory[SCRATCH_PATH_MAX];
    struct noise noise = { 11 };
    struct buf before = { 0 }, after = { 0 }, diff = { 0 };
    char *version[] = { (char[]){ "patch" }, (char[]){ "--version" }, NULL };
    struct error err;
    if (!child_read(&before, version, 65536, 30000, &err)) {
        skip_note("patch");
        return;
    }
    scratch_directory(directory, "diff");
    for (int round = 0; round < 30; round++) {
        buf_reset(&before);
        buf_reset(&after);
        random_lines(&noise, &before, 1 + noise_below(&noise, 60));
        change(&noise, buf_slice(&before), &after);
        make(&diff, buf_slice(&before), buf_slice(&after));
        if (diff.len)
            check_patch(directory, &before, &after, &diff);
    }
    scratch_remove(directory);
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&diff);
}
END_TEST

Suite *diff_suite(void)
{
    Suite *suite = suite_create("diff");
    TCase *tcase = tcase_create("diff");
    tcase_add_loop_test(tcase, texts_differ_as_diff_u_says, 0, COUNTOF(cases));
    tcase_add_test(tcase, what_was_made_of_two_texts_makes_one_of_the_other);
    tcase_add_test(tcase, any_bytes_are_lines);
    tcase_add_test(tcase, texts_that_have_nothing_in_common_take_bounded_work);
    tcase_add_test(tcase, a_diff_that_is_too_long_is_refused);
    tcase_add_test(tcase, a_file_that_is_made_or_removed_has_no_other_name);
    tcase_add_test(tcase, odd_names_are_quoted);
    tcase_add_test(tcase, patch_makes_one_of_the_other);
    suite_add_tcase(suite, tcase);
    return suite;
}
