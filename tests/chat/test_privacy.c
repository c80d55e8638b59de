/* SPDX-License-Identifier: MIT */
/*
 * The rules of privacy.private: which texts and files they match.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/privacy.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"

Suite *privacy_suite(void);

enum { MINUTE_MS = 60 * 1000 };

static struct settings *settings;
static struct privacy privacy;
static struct buf rule;

static void load(const char *yaml)
{
    struct error err = { 0 };
    settings = settings_new();
    settings_must_add(settings, "test.yaml", yaml);
    ck_assert_msg(privacy_load(&privacy, settings, &err), "%s", err.text);
}

static void teardown(void)
{
    privacy_clear(&privacy);
    settings_free(settings);
    buf_clear(&rule);
}

static bool is_private(const char *text)
{
    buf_reset(&rule);
    return privacy_text(&privacy, slice_of(text), MINUTE_MS, &rule);
}

START_TEST(nothing_is_private_where_nothing_is_said)
{
    load("privacy: {first_send_to_vendor: ask}\n");
    ck_assert(!is_private("-----BEGIN PRIVATE KEY-----"));
    ck_assert(!privacy.is_all && !privacy_has_texts(&privacy));
    ck_assert(!privacy_file(&privacy, "/x/a.pem", "/x/a.pem", &rule));
}
END_TEST

START_TEST(a_rule_that_matches_is_named)
{
    load("privacy: {private: {text: [builtin:keys, '(?i)project heron']}}\n");
    ck_assert(is_private("ghp_"
                         "b7Kq2ZxPw9RtY4mNs8VdH3jLf6GcQ1aXu5Te"));
    ck_assert_str_eq(buf_string(&rule), "builtin:keys (GitHub token)");
    ck_assert(privacy_knows(&privacy, buf_string(&rule)));
    ck_assert(is_private("the PROJECT HERON flies"));
    ck_assert_str_eq(buf_string(&rule),
                     "privacy.private.text: (?i)project heron");
    ck_assert(privacy_knows(&privacy, buf_string(&rule)));
    ck_assert(!is_private("the project flies"));
    ck_assert(!privacy_knows(&privacy, "privacy.private.text: other"));
    ck_assert(!privacy_knows(&privacy, "privacy.private.files: *.pem"));
}
END_TEST

/* One word, written as programs write it; what is between the letters has no
 * width. */
static const struct {
    const char *pattern, *text;
    bool is_private;
} spellings[] = {
    { "na\u00efve", "so na\u00efve", true },
    { "na\u00efve", "so nai\u0308ve", true },
    { "nai\u0308ve", "so na\u00efve", true },
    { "nai\u0308ve", "so nai\u0308ve", true },
    { "na\u00efve", "so naive", false },
    { "heron", "the h\u200beron", true },
    { "heron", "the h\u200c\u200de\u2060ron", true },
    { "heron", "\ufeffhe\u00adron", true },
    { "na\u00efve", "nai\u200b\u0308ve", true },
    { "heron", "the \uff48\uff45\uff52\uff4f\uff4e", true },
    { "profile", "pro\ufb01le", true },
    { "\ufb01le", "pro\ufb01le", true },
    { "\ud55c", "\u1112\u1161\u11ab", true },
    { "x-y", "x\u200by", false },
    { "heron", "the h\u00e9ron", false },
};

START_TEST(a_word_is_the_same_in_whatever_unicode_form)
{
    struct buf yaml = { 0 }, text = { 0 };
    buf_printf(&yaml, "privacy: {private: {text: ['%s']}}\n",
               spellings[_i].pattern);
    load(buf_string(&yaml));
    buf_clear(&yaml);
    ck_assert_int_eq(is_private(spellings[_i].text), spellings[_i].is_private);
    /* Wherever in a long text it stands. */
    for (int i = 0; i < 700; i++)
        buf_append_string(&text, "\u5b57");
    for (int i = 0; i < 300; i++) {
        size_t len = text.len;
        buf_append_string(&text, spellings[_i].text);
        ck_assert_int_eq(is_private(buf_string(&text)),
                         spellings[_i].is_private);
        buf_truncate(&text, len);
        buf_append_char(&text, '.');
    }
    buf_clear(&text);
}
END_TEST

START_TEST(without_the_builtin_keys_a_key_is_a_word)
{
    load("privacy: {private: {text: ['heron']}}\n");
    ck_assert(!is_private("ghp_"
                          "b7Kq2ZxPw9RtY4mNs8VdH3jLf6GcQ1aXu5Te"));
    ck_assert(!privacy_knows(&privacy, "builtin:keys (GitHub token)"));
}
END_TEST

/* Bytes that are no UTF-8 hide nothing. */
START_TEST(what_stands_among_other_bytes_is_found)
{
    load("privacy: {private: {text: [heron]}}\n");
    ck_assert(is_private("\xFF\xFE heron \x80"));
    ck_assert(!is_private("\xFF\xFE crane \x80"));
}
END_TEST

START_TEST(what_takes_too_long_is_private)
{
    struct buf text = { 0 };
    load("privacy: {private: {text: ['(a+)+[bc]']}}\n");
    for (int i = 0; i < 50000; i++)
        buf_append_char(&text, 'a');
    ck_assert(privacy_text(&privacy, buf_slice(&text), 20, &rule));
    ck_assert_str_eq(buf_string(&rule), "privacy.private.text: (a+)+[bc] (it "
                                        "took too long)");
    ck_assert(privacy_knows(&privacy, buf_string(&rule)));
    buf_clear(&text);
}
END_TEST

static const struct {
    const char *yaml, *words;
} bad[] = {
    { "privacy:\n  private:\n    text:\n      - ok\n      - '('\n",
      "test.yaml:5: privacy.private.text: \"(\" is not understood" },
    { "privacy: {private: {text: [builtin:key]}}\n",
      "test.yaml:1: privacy.private.text: \"builtin:key\" is not there; there "
      "is builtin:keys" },
};

/* And until it is mended nothing goes anywhere. */
START_TEST(a_rule_that_is_none_is_a_mistake_and_makes_all_private)
{
    struct error err = { 0 };
    settings = settings_new();
    settings_must_add(settings, "test.yaml", bad[_i].yaml);
    ck_assert(!privacy_check(settings, &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_msg(strstr(err.text, bad[_i].words), "%s", err.text);
    ck_assert(!privacy_load(&privacy, settings, &err));
    ck_assert(privacy.is_unknown);
}
END_TEST

static const char *const wholes[] = {
    "privacy: {private: true}\n",
    "privacy: {private: {all: true}}\n",
};

START_TEST(one_word_makes_all_private)
{
    load(wholes[_i]);
    ck_assert(privacy.is_all);
}
END_TEST

/* The short form of a profile takes away no lists of the file below it. */
START_TEST(the_short_form_leaves_the_lists)
{
    struct error err = { 0 };
    settings = settings_new();
    settings_must_add(settings, "a", "privacy: {private: {files: ['*.pem']}}");
    settings_must_add(settings, "b", "privacy: {private: false}");
    ck_assert(privacy_load(&privacy, settings, &err));
    ck_assert(!privacy.is_all);
    ck_assert_uint_eq(privacy.files.count, 1);
}
END_TEST

START_TEST(what_else_it_may_not_be_is_told)
{
    settings_refuses_text("privacy: {private: maybe}\n",
                          "a.yaml:1: privacy.private.all: expected true or "
                          "false, found \"maybe\"");
    settings_refuses_text("privacy: {private: [a]}\n",
                          "a.yaml:1: privacy.private: expected a map, found a "
                          "list");
}
END_TEST

/* Links, on the way to the file and on the way of the pattern. */
START_TEST(a_file_is_known_behind_links)
{
    char home[SCRATCH_PATH_MAX], real[PATH_MAX], path[PATH_MAX + 64];
    scratch_directory(home, "private");
    ck_assert_ptr_nonnull(realpath(home, real));
    snprintf(path, sizeof path, "%s/data", real);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/data/secret", real);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/work", real);
    ck_assert_int_eq(symlink("data", path), 0);
    setenv("HOME", real, 1);
    load("privacy: {private: {files: ['~/work/secret/**']}}\n");
    snprintf(path, sizeof path, "%s/data/secret/x", real);
    ck_assert(privacy_file(&privacy, NULL, path, &rule));
    ck_assert_str_eq(buf_string(&rule),
                     "privacy.private.files: ~/work/secret/**");
    snprintf(path, sizeof path, "%s/work/./open/../secret/x", real);
    ck_assert(privacy_file(&privacy, path, NULL, &rule));
    snprintf(path, sizeof path, "%s/data/open/x", real);
    ck_assert(!privacy_file(&privacy, path, path, &rule));
    scratch_remove(home);
}
END_TEST

Suite *privacy_suite(void)
{
    Suite *suite = suite_create("privacy");
    TCase *tcase = tcase_create("privacy");
    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, nothing_is_private_where_nothing_is_said);
    tcase_add_test(tcase, a_rule_that_matches_is_named);
    tcase_add_loop_test(tcase, a_word_is_the_same_in_whatever_unicode_form, 0,
                        COUNTOF(spellings));
    tcase_add_test(tcase, without_the_builtin_keys_a_key_is_a_word);
    tcase_add_test(tcase, what_stands_among_other_bytes_is_found);
    tcase_add_test(tcase, what_takes_too_long_is_private);
    tcase_add_loop_test(tcase,
                        a_rule_that_is_none_is_a_mistake_and_makes_all_private,
                        0, COUNTOF(bad));
    tcase_add_loop_test(tcase, one_word_makes_all_private, 0, COUNTOF(wholes));
    tcase_add_test(tcase, the_short_form_leaves_the_lists);
    tcase_add_test(tcase, what_else_it_may_not_be_is_told);
    tcase_add_test(tcase, a_file_is_known_behind_links);
    suite_add_tcase(suite, tcase);
    return suite;
}
