/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "app/mention.h"
#include "base/compiler.h"
#include "tests/support/scratch.h"

Suite *mention_suite(void);

static char directory[SCRATCH_PATH_MAX];

static void make(const char *name)
{
    int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "x\n", 2), 2);
    close(fd);
}

static void setup(void)
{
    scratch_directory(directory, "mention");
    ck_assert_int_eq(chdir(directory), 0);
    ck_assert_int_eq(mkdir("src", 0700), 0);
    make("a.txt");
    make("a b.txt");
    make("odd!");
    make("src/main.c");
}

static void teardown(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_remove(directory);
}

/* All places that the text names, each in brackets. */
static void ck_finds(const char *text, const char *expected)
{
    struct buf found = { 0 };
    struct mention mention;
    size_t offset = 0;
    for (;;) {
        struct buf place = { 0 };
        bool is_found = mention_find(slice_of(text), &offset, &mention, &place);
        if (is_found)
            buf_printf(&found, "[%s]", buf_string(&place));
        buf_clear(&place);
        if (!is_found)
            break;
    }
    ck_assert_msg(!strcmp(buf_string(&found), expected), "%s: %s", text,
                  buf_string(&found));
    buf_clear(&found);
}

START_TEST(an_at_sign_and_a_file_are_a_mention)
{
    ck_finds("@a.txt", "[a.txt]");
    ck_finds("compare @a.txt and @src/main.c", "[a.txt][src/main.c]");
    ck_finds("(@a.txt) \"@a.txt\" [@a.txt]", "[a.txt][a.txt][a.txt]");
    ck_finds("what is in @a.txt?", "[a.txt]");
    ck_finds("see @a.txt, please.\n@src/main.c:", "[a.txt][src/main.c]");
    ck_finds("@odd! is a name", "[odd!]");
    ck_finds("@odd!!", "[odd!]");
    ck_finds("@a.txt:1-1 is a line", "[a.txt:1-1]");
}
END_TEST

START_TEST(blanks_are_quoted)
{
    ck_finds("@\"a b.txt\" is it", "[a b.txt]");
    ck_finds("@'a b.txt'.", "[a b.txt]");
    ck_finds("@a\\ b.txt", "[a b.txt]");
    ck_finds("@a b.txt", "");
}
END_TEST

START_TEST(what_is_no_file_stays_text)
{
    ck_finds("@alice, write to bob@a.txt", "");
    ck_finds("@src is a directory", "");
    ck_finds("@src/", "");
    ck_finds("@", "");
    ck_finds("@ a.txt", "");
    ck_finds("@\"a b.txt and more", "");
    ck_finds("@@a.txt", "");
    ck_finds("x@a.txt", "");
    ck_finds("", "");
}
END_TEST

START_TEST(the_mention_under_the_caret_is_found)
{
    static const struct {
        const char *text;
        size_t caret;
        const char *word; /* NULL: none */
    } rows[] = {
        { "@", 1, "" },         { "@", 0, NULL },
        { "see @sr", 7, "sr" }, { "see @sr", 5, "sr" },
        { "see @sr", 4, NULL }, { "see @sr now", 8, NULL },
        { "@a @b", 5, "b" },    { "@\"a b", 5, "\"a b" },
        { "x@y", 3, NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct mention mention;
        struct slice text = slice_of(rows[i].text);
        bool is_found = mention_at(text, rows[i].caret, &mention);
        ck_assert_msg(is_found == (rows[i].word != NULL), "row %zu", i);
        if (is_found)
            ck_assert(slice_is(
                (struct slice){ text.ptr + mention.start, mention.len },
                rows[i].word));
    }
}
END_TEST

START_TEST(a_quoted_name_is_one_word_again)
{
    static const char *const names[] = { "a b",  "it's",      "say \"x\"",
                                         "a\\b", "tab\there", "plain" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct buf word = { 0 }, name = { 0 };
        mention_quote(&word, slice_of(names[i]));
        buf_append_string(&word, " rest");
        struct slice words = buf_slice(&word);
        mention_unquote(&name, mention_cut_word(&words));
        ck_assert_str_eq(buf_string(&name), names[i]);
        ck_assert(slice_is(words, "rest"));
        buf_clear(&word);
        buf_clear(&name);
    }
}
END_TEST

Suite *mention_suite(void)
{
    Suite *suite = suite_create("mention");
    TCase *test = tcase_create("mention");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_at_sign_and_a_file_are_a_mention);
    tcase_add_test(test, blanks_are_quoted);
    tcase_add_test(test, what_is_no_file_stays_text);
    tcase_add_test(test, the_mention_under_the_caret_is_found);
    tcase_add_test(test, a_quoted_name_is_one_word_again);
    suite_add_tcase(suite, test);
    return suite;
}
