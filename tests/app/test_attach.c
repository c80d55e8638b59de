/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "app/attach.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "tests/support/scratch.h"

Suite *attach_suite(void);

#define PNG_3_BY_2                                                      \
    "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0" \
    "\x12\x16\xF1\x4D"

static char directory[SCRATCH_PATH_MAX];
static struct attachments files;
static struct error err;

static void setup(void)
{
    scratch_directory(directory, "attach");
    ck_assert_int_eq(chdir(directory), 0);
}

static void teardown(void)
{
    attachments_clear(&files);
    ck_assert_int_eq(chdir("/"), 0);
    scratch_remove(directory);
}

/* A file of the bytes, then as many x as make it `len` long. */
static void make(const char *name, const char *bytes, size_t known, size_t len)
{
    int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    char *all = memory_zero(len ? len : 1, 1);
    memset(all, 'x', len);
    memcpy(all, bytes, known);
    ck_assert_int_eq(write(fd, all, len), (ssize_t)len);
    free(all);
    close(fd);
}

static void make_text(const char *text)
{
    make("a.txt", text, strlen(text), strlen(text));
}

static bool add(const char *place)
{
    err = (struct error){ 0 };
    return attach_add(&files, slice_of(place), slice_of(""), &err);
}

static void ck_added(const char *place, const char *name, const char *text)
{
    ck_assert_msg(add(place), "%s: %s", place, err.text);
    const struct attachment *file = array_last(&files.list);
    ck_assert_str_eq(file->name, name);
    ck_assert_str_eq(file->media_type, "text/plain");
    ck_assert_str_eq(buf_string(&file->data), text);
    ck_assert(!file->is_image);
}

static void ck_refused(const char *place, enum error_kind kind,
                       const char *words)
{
    size_t count = files.list.count;
    ck_assert_msg(!add(place), "%s", place);
    ck_assert_msg(err.kind == kind, "%s: %d", place, (int)err.kind);
    ck_assert_msg(strstr(err.text, words), "%s", err.text);
    ck_assert_uint_eq(files.list.count, count);
}

START_TEST(a_text_keeps_its_name_and_bytes)
{
    make_text("caf\xC3\xA9\n");
    ck_assert_int_eq(mkdir("src", 0700), 0);
    make("src/c.c", "int c;\n", 7, 7);
    ck_added("a.txt", "a.txt", "caf\xC3\xA9\n");
    ck_added("./a.txt", "a.txt", "caf\xC3\xA9\n");
    ck_added("src/c.c", "src/c.c", "int c;\n");
    /* Where it lies is nobody's business. */
    struct buf path = { 0 };
    buf_printf(&path, "%s/src/c.c", directory);
    ck_added(buf_string(&path), "c.c", "int c;\n");
    ck_added("src/../a.txt", "a.txt", "caf\xC3\xA9\n");
    buf_clear(&path);
}
END_TEST

START_TEST(a_picture_is_told_by_its_bytes_and_keeps_its_words)
{
    struct buf words = { 0 };
    make("a.txt", PNG_3_BY_2, 33, 40);
    ck_assert(attach_add(&files, slice_of("a.txt"), slice_of("a boat"), &err));
    ck_assert(files.list.items[0].is_image);
    ck_assert_str_eq(files.list.items[0].media_type, "image/png");
    ck_assert_str_eq(files.list.items[0].alt, "a boat");
    ck_assert_uint_eq(files.list.items[0].data.len, 40);
    attach_format(&words, &files.list.items[0]);
    ck_assert_str_eq(buf_string(&words), "a.txt, image 3x2, 40 B");
    buf_clear(&words);
    make("b.png", "text\n", 5, 5);
    ck_added("b.png", "b.png", "text\n");
    ck_assert(!attach_add(&files, slice_of("b.png"), slice_of("x"), &err));
}
END_TEST

START_TEST(an_address_is_handed_on_and_nothing_fetched)
{
    ck_assert(attach_add(&files, slice_of("https://h.invalid/x.png"),
                         slice_of("a boat"), &err));
    const struct attachment *file = &files.list.items[0];
    ck_assert(file->is_image);
    ck_assert_str_eq(file->url, "https://h.invalid/x.png");
    ck_assert_str_eq(file->alt, "a boat");
    ck_assert_uint_eq(file->data.len, 0);
    ck_refused("https://h/a b", ERROR_USAGE, "no blanks");
    ck_refused("ftp://h/a", ERROR_USAGE, "No such file");
}
END_TEST

START_TEST(what_is_no_file_is_refused_without_waiting)
{
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_refused("fifo", ERROR_USAGE, "a FIFO");
    ck_refused("/dev/zero", ERROR_USAGE, "a device");
    ck_refused("/tmp", ERROR_USAGE, "is a directory; name the files in it");
    ck_refused("none.txt", ERROR_USAGE, "none.txt: No such file");
    ck_refused("", ERROR_USAGE, "no file is named");
    make_text("");
    ck_refused("a.txt", ERROR_USAGE, "a.txt is empty");
}
END_TEST

START_TEST(what_nobody_takes_is_refused_by_its_name)
{
    make_text("%PDF-1.7\n");
    ck_refused("a.txt", ERROR_USAGE, "a.txt is a PDF document");
    ck_refused("a.txt", ERROR_USAGE, "pdftotext makes text of it");
    make("a.txt", "a\0b", 3, 3);
    ck_refused("a.txt", ERROR_USAGE, "a binary file");
    make("a.txt", "\xFF\xFEh\0", 4, 4);
    ck_refused("a.txt", ERROR_USAGE, "iconv -f UTF-16");
    make_text("caf\xE9");
    ck_refused("a.txt", ERROR_USAGE, "not UTF-8");
    make_text("\x89PNG\r\n\x1A\n");
    ck_refused("a.txt", ERROR_USAGE, "begins as a PNG image");
}
END_TEST

START_TEST(lines_of_a_text_are_a_part_of_it)
{
    make_text("one\ntwo\nthree\nfour");
    ck_added("a.txt:2-3", "a.txt:2-3", "two\nthree\n");
    ck_added("a.txt:3-", "a.txt:3-", "three\nfour");
    ck_added("a.txt:4", "a.txt:4", "four");
    ck_added("a.txt:2-99", "a.txt:2-99", "two\nthree\nfour");
    ck_refused("a.txt:5", ERROR_USAGE, "fewer lines");
    ck_refused("a.txt:3-2", ERROR_USAGE, "a.txt:3-2: there are no such lines");
    ck_refused("a.txt:0-2", ERROR_USAGE, "no such lines");
    ck_refused("a.txt:0", ERROR_USAGE, "no such lines");
    ck_refused("b.txt:0", ERROR_USAGE, "No such file");
    ck_refused("a.txt:x", ERROR_USAGE, "No such file");
    /* A file that has the whole name goes first. */
    make("a.txt:2", "odd\n", 4, 4);
    ck_added("a.txt:2", "a.txt:2", "odd\n");
}
END_TEST

START_TEST(a_picture_has_no_lines)
{
    make("a.png", PNG_3_BY_2, sizeof PNG_3_BY_2 - 1, sizeof PNG_3_BY_2 - 1);
    ck_refused("a.png:1-3", ERROR_USAGE, "only a text has lines");
}
END_TEST

START_TEST(a_byte_order_mark_does_not_go_along)
{
    make_text("\xEF\xBB\xBFone\ntwo\n");
    ck_added("a.txt", "a.txt", "one\ntwo\n");
    ck_added("a.txt:1", "a.txt:1", "one\n");
    make_text("\xEF\xBB\xBF");
    ck_refused("a.txt", ERROR_USAGE, "empty");
}
END_TEST

START_TEST(a_text_at_its_limit_goes_and_a_longer_one_by_parts)
{
    for (size_t over = 0; over < 3; over++) {
        size_t len = ATTACH_TEXT_MAX - 1 + over;
        make("a.txt", "one\ntwo\n", 8, len);
        if (over < 2) {
            ck_assert_msg(add("a.txt"), "%s", err.text);
            ck_assert_uint_eq(array_last(&files.list)->data.len, len);
        } else {
            ck_refused("a.txt", ERROR_LIMIT,
                       "larger than 4 MiB; attach it in parts, the first is "
                       "a.txt:1-2");
        }
    }
    /* The part that was offered. */
    ck_added("a.txt:1-2", "a.txt:1-2", "one\ntwo\n");
    make("a.txt", "", 0, ATTACH_TEXT_MAX + 1);
    ck_refused("a.txt", ERROR_LIMIT, "split -b");
    ck_refused("a.txt:1", ERROR_LIMIT, "first line alone is larger");
}
END_TEST

START_TEST(a_picture_at_its_limit_goes_and_a_larger_one_not)
{
    for (size_t over = 0; over < 3; over++) {
        make("b.png", PNG_3_BY_2, 33, ATTACH_IMAGE_MAX - 1 + over);
        if (over < 2)
            ck_assert_msg(add("b.png"), "%s", err.text);
        else
            ck_refused("b.png", ERROR_LIMIT,
                       "b.png is a PNG image of 3x2 pixels, larger than 20 "
                       "MiB");
    }
    /* Two of 20 MiB are there: 48 MiB go with one prompt. */
    make("b.png", PNG_3_BY_2, 33, 9 * 1024 * 1024);
    ck_refused("b.png", ERROR_LIMIT, "48 MiB together");
    make("b.png", PNG_3_BY_2, 33, 7 * 1024 * 1024);
    ck_assert(add("b.png"));
}
END_TEST

START_TEST(so_many_files_go_with_a_prompt)
{
    make_text("x\n");
    for (size_t i = 0; i < ATTACH_COUNT_MAX; i++)
        ck_assert(add("a.txt"));
    ck_refused("a.txt", ERROR_LIMIT, "100 files are attached already");
    ck_refused("http://h/x", ERROR_LIMIT, "100 files");
}
END_TEST

Suite *attach_suite(void)
{
    Suite *suite = suite_create("attach");
    TCase *test = tcase_create("attach");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_text_keeps_its_name_and_bytes);
    tcase_add_test(test, a_picture_is_told_by_its_bytes_and_keeps_its_words);
    tcase_add_test(test, an_address_is_handed_on_and_nothing_fetched);
    tcase_add_test(test, what_is_no_file_is_refused_without_waiting);
    tcase_add_test(test, what_nobody_takes_is_refused_by_its_name);
    tcase_add_test(test, lines_of_a_text_are_a_part_of_it);
    tcase_add_test(test, a_picture_has_no_lines);
    tcase_add_test(test, a_byte_order_mark_does_not_go_along);
    tcase_add_test(test, a_text_at_its_limit_goes_and_a_longer_one_by_parts);
    tcase_add_test(test, a_picture_at_its_limit_goes_and_a_larger_one_not);
    tcase_add_test(test, so_many_files_go_with_a_prompt);
    suite_add_tcase(suite, test);
    return suite;
}
