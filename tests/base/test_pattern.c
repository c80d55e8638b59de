/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/pattern.h"

Suite *pattern_suite(void);

enum { PLENTY = 1000000 };

/* clang-format off */
static const struct {
    const char *pattern, *matching, *other; /* texts; NULL: none */
} rows[] = {
    { "", "", NULL },
    { "b", "abc", "ac" },
    { "^a", "ab", "ba" },
    { "a$", "ba", "a\n" },
    { "^$", "", "a" },
    { "a|bc|d", "xbcx", "xbx" },
    { "^(a|b|)c$", "c", "abc" },
    { "^ab*c$", "abbbc", "abd" },
    { "^ab+c$", "abc", "ac" },
    { "^ab?c$", "ac", "abbc" },
    { "^a{3}$", "aaa", "aa" },
    { "^a{2,}$", "aaaaa", "a" },
    { "^a{2,4}$", "aaaa", "aaaaa" },
    { "^a{0}b$", "b", "ab" },
    { "^a{0,2}$", "", "aaa" },
    { "^(ab){2}$", "abab", "ab" },
    { "^(?:a|bc){2,3}$", "abca", "bc" },
    { "^(a*)*$", "aaa", "b" },
    { "^(|a)+$", "aa", "b" },
    { "^a*?b+?c??$", "aab", "a" },
    { "^a{x}$", "a{x}", "a" },
    { "^.$", "\xC3\xA9", "\n" },
    { "^.$", "\U0001F600", "ab" },
    { "^\\d+$", "0193", "\xD9\xA3" },
    { "^\\D$", "x", "1" },
    { "^\\w+$", "aZ_9", "\xC3\xA9" },
    { "^\\W$", "-", "a" },
    { "^\\s+$", " \t\n", "x" },
    { "^a(?=b)", "ab", "ac" },
    { "^(a|b)\\1$", "bb", "ab" },
    { "(?i)^project heron", "Project Heron", "a project" },
    { "\\bfoo\\b", "a foo.", "afoo" },
    { "\\Boo\\B", "foox", "oo" },
    { "^[a-c]$", "b", "d" },
    { "^[^a-c]$", "d", "b" },
    { "^[a-]$", "-", "b" },
    { "^[\\]a]$", "]", "b" },
    { "^[^]$", "\n", "" },
    { "^a[]|b$", "b", "a" },
    { "^[\\b]$", "\b", "b" },
    { "^[\\S]$", "x", " " },
    { "^[\\u00e9-\\u00ff]$", "\xC3\xAA", "e" },
    { "^\\ud83d\\ude00$", "\U0001F600", "x" },
    { "^\\u{1F600}$", "\U0001F600", "u" },
    { "^\\x41\\t\\cJ\\0?$", "A\t\n", "A" },
    { "^\\p{L}+$", "a\xC3\xA9\xCE\xA9", "1" },
    { "^\\p{Letter}\\P{Lu}\\p{gc=Nd}$", "Ab\xD9\xA3", "AB1" },
    { "^[\\p{Lu}\\p{Nd}]$", "\xC3\x89", "e" },
    { "^(?<year>\\d{4})-\\d{2}$", "2026-11", "2026" },
    { "^\\.\\*\\/\\-$", ".*/-", "aaaa" },
};

static const struct {
    const char *pattern;
    enum error_kind kind;
} refused[] = {
    { "(a", ERROR_CONFIG },
    { "a)", ERROR_CONFIG },
    { "[a", ERROR_CONFIG },
    { "a\\", ERROR_CONFIG },
    { "*a", ERROR_CONFIG },
    { "a**", ERROR_CONFIG },
    { "a{3,2}", ERROR_CONFIG },
    { "[b-a]", ERROR_CONFIG },
    { "[\\d-x]", ERROR_CONFIG },
    { "\\p{Nonsense}", ERROR_CONFIG },
    { "\\C", ERROR_CONFIG },
    { "((a{99}){99}){99}", ERROR_LIMIT },
};
/* clang-format on */

static bool finds(const char *source, struct slice text, uint64_t *left)
{
    struct error err;
    struct pattern *pattern = pattern_new(slice_of(source), &err);
    ck_assert_msg(pattern, "%s: %s", source, err.text);
    bool is_found = pattern_find(pattern, text, left);
    pattern_free(pattern);
    return is_found;
}

START_TEST(what_matches_is_found_and_nothing_else)
{
    uint64_t left = PLENTY;
    ck_assert(finds(rows[_i].pattern, slice_of(rows[_i].matching), &left));
    if (rows[_i].other)
        ck_assert(!finds(rows[_i].pattern, slice_of(rows[_i].other), &left));
}
END_TEST

START_TEST(what_is_not_taken_is_named)
{
    struct error err = { 0 };
    ck_assert_ptr_null(pattern_new(slice_of(refused[_i].pattern), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is not understood at character "));
    ck_assert_int_eq(err.kind, refused[_i].kind);
}
END_TEST

START_TEST(groups_within_groups_have_a_bound)
{
    struct buf source = { 0 };
    for (int i = 0; i < 5000; i++)
        buf_append_char(&source, '(');
    struct error err = { 0 };
    ck_assert_ptr_null(pattern_new(buf_slice(&source), &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    buf_clear(&source);
}
END_TEST

static uint64_t work_of(const char *source, size_t len)
{
    struct buf text = { 0 };
    memset(buf_reserve(&text, len), 'a', len);
    text.len += len;
    uint64_t left = 100 * PLENTY;
    ck_assert(!finds(source, buf_slice(&text), &left));
    ck_assert_uint_gt(left, 0);
    buf_clear(&text);
    return 100 * PLENTY - left;
}

START_TEST(work_grows_with_the_text_for_patterns_that_explode_elsewhere)
{
    static const char *const sources[] = { "^(a+)+$b", "(a|a|aa)*c",
                                           "^(a?){50}a{50}b" };
    for (size_t i = 0; i < COUNTOF(sources); i++) {
        uint64_t once = work_of(sources[i], 2000);
        ck_assert_uint_le(work_of(sources[i], 4000), 3 * once);
    }
}
END_TEST

START_TEST(work_ends_when_what_may_be_spent_is_spent)
{
    uint64_t left = 3;
    ck_assert(!finds("^a*b$", slice_of("aaaaaaaab"), &left));
    ck_assert_uint_eq(left, 0);
}
END_TEST

static enum pattern_verdict look(const char *source, struct slice text,
                                 int64_t most_ms)
{
    struct error err;
    struct pattern *pattern = pattern_new(slice_of(source), &err);
    ck_assert_ptr_nonnull(pattern);
    enum pattern_verdict verdict = pattern_look(pattern, text, most_ms);
    pattern_free(pattern);
    return verdict;
}

START_TEST(a_look_sees_what_a_search_finds)
{
    enum { MINUTE_MS = 60 * 1000 };
    ck_assert_int_eq(
        look(rows[_i].pattern, slice_of(rows[_i].matching), MINUTE_MS),
        PATTERN_IS_IN);
    if (rows[_i].other)
        ck_assert_int_eq(
            look(rows[_i].pattern, slice_of(rows[_i].other), MINUTE_MS),
            PATTERN_IS_NOT_IN);
}
END_TEST

/* The text is looked at in parts; a match lies anywhere, in characters of more
 * than one byte, and sees what stands before it. */
START_TEST(a_look_finds_a_match_at_every_place_of_a_long_text)
{
    enum { MINUTE_MS = 60 * 1000 };
    struct buf text = { 0 };
    for (size_t i = 0; i < 600; i++) {
        buf_reset(&text);
        for (size_t j = 0; j < i; j++)
            buf_append_string(&text, "\xC3\xA4");
        buf_append_string(&text, "-heron\nfalcon");
        ck_assert_int_eq(
            look("(?<=-)heron\\s+falcon$", buf_slice(&text), MINUTE_MS),
            PATTERN_IS_IN);
        ck_assert_int_eq(
            look("(?<=x)heron\\s+falcon$", buf_slice(&text), MINUTE_MS),
            PATTERN_IS_NOT_IN);
    }
    buf_clear(&text);
}
END_TEST

START_TEST(a_look_that_takes_too_long_says_so)
{
    struct buf text = { 0 };
    for (int i = 0; i < 100000; i++)
        buf_append_char(&text, 'a');
    ck_assert_int_eq(look("(a+)+[bc]", buf_slice(&text), 20), PATTERN_GAVE_UP);
    buf_clear(&text);
}
END_TEST

/* Long is not too long. */
START_TEST(a_look_goes_a_long_way)
{
    enum { MINUTE_MS = 60 * 1000 };
    struct buf text = { 0 };
    for (int i = 0; i < 100000; i++)
        buf_append_string(&text, "ab ");
    ck_assert_int_eq(look("^[^]*heron", buf_slice(&text), MINUTE_MS),
                     PATTERN_IS_NOT_IN);
    buf_append_string(&text, "heron");
    ck_assert_int_eq(look("^[^]*heron", buf_slice(&text), MINUTE_MS),
                     PATTERN_IS_IN);
    buf_clear(&text);
}
END_TEST

START_TEST(what_is_no_text_is_not_taken_for_looked_at)
{
    ck_assert_int_eq(look("heron", slice_of("\xFFheron"), 1000),
                     PATTERN_GAVE_UP);
}
END_TEST

Suite *pattern_suite(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tcase = tcase_create("pattern");
    tcase_add_loop_test(tcase, what_matches_is_found_and_nothing_else, 0,
                        COUNTOF(rows));
    tcase_add_loop_test(tcase, what_is_not_taken_is_named, 0, COUNTOF(refused));
    tcase_add_test(tcase, groups_within_groups_have_a_bound);
    tcase_add_test(
        tcase, work_grows_with_the_text_for_patterns_that_explode_elsewhere);
    tcase_add_test(tcase, work_ends_when_what_may_be_spent_is_spent);
    tcase_add_loop_test(tcase, a_look_sees_what_a_search_finds, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase, a_look_finds_a_match_at_every_place_of_a_long_text);
    tcase_add_test(tcase, a_look_that_takes_too_long_says_so);
    tcase_add_test(tcase, a_look_goes_a_long_way);
    tcase_add_test(tcase, what_is_no_text_is_not_taken_for_looked_at);
    suite_add_tcase(suite, tcase);
    return suite;
}
