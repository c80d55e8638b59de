/* SPDX-License-Identifier: MIT */
/*
 * Differences of texts: the example of Myers' paper, small texts by hand, and
 * against the longest common subsequence by its definition.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/word_diff.h"

Suite *word_diff_suite(void);

/* As wdiff writes it: [-removed-]{+added+}. */
static void format(const struct word_diff *diff, struct buf *out)
{
    static const char *const marks[][2] = {
        [WORD_DIFF_SAME] = { "", "" },
        [WORD_DIFF_REMOVED] = { "[-", "-]" },
        [WORD_DIFF_ADDED] = { "{+", "+}" },
    };
    for (size_t i = 0; i < diff->spans.count; i++) {
        const struct word_diff_span *span = &diff->spans.items[i];
        buf_append_string(out, marks[span->kind][0]);
        buf_append_slice(out, span->kind == WORD_DIFF_ADDED ? span->after
                                                            : span->before);
        buf_append_string(out, marks[span->kind][1]);
    }
}

/* Each text is there, whole and in order. */
static void check_whole(const struct word_diff *diff, struct slice before,
                        struct slice after)
{
    struct buf left = { 0 }, right = { 0 };
    for (size_t i = 0; i < diff->spans.count; i++) {
        const struct word_diff_span *span = &diff->spans.items[i];
        buf_append_slice(&left, span->before);
        buf_append_slice(&right, span->after);
        ck_assert_int_eq(span->kind == WORD_DIFF_ADDED, !span->before.len);
        ck_assert_int_eq(span->kind == WORD_DIFF_REMOVED, !span->after.len);
        const struct word_diff_span *last = i ? span - 1 : NULL;
        ck_assert(!last || last->kind != span->kind);
        ck_assert(!last || last->kind != WORD_DIFF_ADDED ||
                  span->kind != WORD_DIFF_REMOVED);
    }
    ck_assert(slice_equal(buf_slice(&left), before));
    ck_assert(slice_equal(buf_slice(&right), after));
    buf_clear(&left);
    buf_clear(&right);
}

static const struct {
    const char *before, *after, *expected;
} cases[] = {
    { "", "", "" },
    { "a b", "a b", "a b" },
    { "", "new words", "{+new words+}" },
    { "old words", "", "[-old words-]" },
    { "the old knot", "the new knot", "the [-old -]{+new +}knot" },
    { "a knot", "a square knot", "a {+square +}knot" },
    { "one two three", "one three", "one [-two -]three" },
    /* White space makes no difference. */
    { "a  b\nc", "a b c", "a  b\nc" },
    /* A mark is a word by itself. */
    { "yes, it is.", "yes; it is!", "yes[-, -]{+; +}it is[-.-]{+!+}" },
    { "na\xc3\xafve knots", "naive knots", "[-na\xc3\xafve -]{+naive +}knots" },
    /* Wide characters are words by themselves. */
    { "\xe7\xbb\x93\xe7\xbb\xb3", "\xe7\xbb\x93\xe7\xb4\xa2",
      "\xe7\xbb\x93[-\xe7\xbb\xb3-]{+\xe7\xb4\xa2+}" },
    { "x", "y", "[-x-]{+y+}" },
    { "same start, then this", "same start, then that",
      "same start, then [-this-]{+that+}" },
};

START_TEST(texts_differ_where_a_reader_says_so)
{
    struct word_diff diff = { 0 };
    struct buf out = { 0 };
    word_diff_make(&diff, slice_of(cases[_i].before),
                   slice_of(cases[_i].after));
    format(&diff, &out);
    ck_assert_str_eq(buf_string(&out), cases[_i].expected);
    ck_assert_int_eq(diff.unit, WORD_DIFF_BY_WORDS);
    check_whole(&diff, slice_of(cases[_i].before), slice_of(cases[_i].after));
    word_diff_clear(&diff);
    buf_clear(&out);
}
END_TEST

static size_t words_of(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] != ' ' && (i == 0 || text.ptr[i - 1] == ' ');
    return count;
}

static size_t edits_of(const struct word_diff *diff)
{
    size_t count = 0;
    for (size_t i = 0; i < diff->spans.count; i++) {
        if (diff->spans.items[i].kind != WORD_DIFF_SAME)
            count += words_of(diff->spans.items[i].before) +
                     words_of(diff->spans.items[i].after);
    }
    return count;
}

/* Figure 1 of the paper: ABCABBA and CBABAC have a shortest script of 5. */
START_TEST(the_example_of_the_paper_takes_five_edits)
{
    struct word_diff diff = { 0 };
    struct slice before = slice_of("A B C A B B A");
    struct slice after = slice_of("C B A B A C");
    word_diff_make(&diff, before, after);
    ck_assert_uint_eq(edits_of(&diff), 5);
    check_whole(&diff, before, after);
    word_diff_clear(&diff);
}
END_TEST

enum { LETTERS_MAX = 24 };

/* By the definition: edits = lengths less twice the longest common one. */
static size_t fewest_edits(const char *a, size_t a_len, const char *b,
                           size_t b_len)
{
    size_t table[LETTERS_MAX + 1][LETTERS_MAX + 1] = { 0 };
    for (size_t i = 1; i <= a_len; i++) {
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = table[i - 1][j] > table[i][j - 1] ? table[i - 1][j]
                                                            : table[i][j - 1];
            if (a[i - 1] == b[j - 1] && table[i - 1][j - 1] + 1 > best)
                best = table[i - 1][j - 1] + 1;
            table[i][j] = best;
        }
    }
    return a_len + b_len - 2 * table[a_len][b_len];
}

static size_t make_text(struct buf *out, char *letters, uint64_t *seed)
{
    size_t len = 0;
    for (size_t i = 0; i < LETTERS_MAX; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        if (*seed >> 61 == 0)
            break;
        letters[len++] = (char)('a' + (*seed >> 33) % 4);
        buf_printf(out, "%c ", letters[len - 1]);
    }
    return len;
}

START_TEST(no_script_is_longer_than_the_shortest)
{
    uint64_t seed = 7;
    for (int round = 0; round < 5000; round++) {
        char a[LETTERS_MAX], b[LETTERS_MAX];
        struct buf before = { 0 }, after = { 0 };
        struct word_diff diff = { 0 };
        size_t a_len = make_text(&before, a, &seed);
        size_t b_len = make_text(&after, b, &seed);
        word_diff_make(&diff, buf_slice(&before), buf_slice(&after));
        check_whole(&diff, buf_slice(&before), buf_slice(&after));
        ck_assert_uint_eq(edits_of(&diff), fewest_edits(a, a_len, b, b_len));
        word_diff_clear(&diff);
        buf_clear(&before);
        buf_clear(&after);
    }
}
END_TEST

/* `count` lines of four words, all others from `first` on. */
static void make_lines(struct buf *out, int count, int first)
{
    for (int i = 0; i < count; i++)
        buf_printf(out, "line%d of%d the%d text%d%s", i + first, i + first,
                   i + first, i + first, i + 1 < count ? "\n" : "");
}

static enum word_diff_unit unit_of(const struct buf *before,
                                   const struct buf *after)
{
    struct word_diff diff = { 0 };
    word_diff_make(&diff, buf_slice(before), buf_slice(after));
    check_whole(&diff, buf_slice(before), buf_slice(after));
    enum word_diff_unit unit = diff.unit;
    word_diff_clear(&diff);
    return unit;
}

START_TEST(what_is_too_much_for_words_is_compared_by_larger_units)
{
    struct buf before = { 0 }, after = { 0 };
    /* 2,000 words differ: at the bound; then one more. */
    make_lines(&before, 250, 0);
    make_lines(&after, 250, 1000);
    ck_assert_int_eq(unit_of(&before, &after), WORD_DIFF_BY_WORDS);
    buf_append_string(&after, " more");
    ck_assert_int_eq(unit_of(&before, &after), WORD_DIFF_BY_LINES);
    /* 2,004 lines, in paragraphs of two; then 2,002 paragraphs. */
    buf_reset(&before);
    buf_reset(&after);
    for (int i = 0; i < 501; i++) {
        buf_printf(&before, "a%d b%d c%d\nd%d e%d f%d\n\n", i, i, i, i, i, i);
        buf_printf(&after, "A%d B%d C%d\nD%d E%d F%d\n\n", i, i, i, i, i, i);
    }
    ck_assert_int_eq(unit_of(&before, &after), WORD_DIFF_BY_PARAGRAPHS);
    buf_reset(&before);
    buf_reset(&after);
    for (int i = 0; i < 1001; i++) {
        buf_printf(&before, "a%d b%d\n\n", i, i);
        buf_printf(&after, "A%d B%d\n\n", i, i);
    }
    ck_assert_int_eq(unit_of(&before, &after), WORD_DIFF_WHOLE);
    buf_clear(&before);
    buf_clear(&after);
}
END_TEST

START_TEST(within_lines_that_differ_words_are_compared_too)
{
    struct buf before = { 0 }, after = { 0 }, out = { 0 };
    struct word_diff diff = { 0 };
    make_lines(&before, 6000, 0);
    buf_append_string(&before, "\nthe old knot holds");
    make_lines(&after, 6000, 0);
    buf_append_string(&after, "\nthe new knot holds");
    word_diff_make(&diff, buf_slice(&before), buf_slice(&after));
    ck_assert_int_eq(diff.unit, WORD_DIFF_BY_LINES);
    format(&diff, &out);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&out), "\nthe [-old -]{+new +}knot holds"));
    check_whole(&diff, buf_slice(&before), buf_slice(&after));
    word_diff_clear(&diff);
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&out);
}
END_TEST

Suite *word_diff_suite(void)
{
    Suite *suite = suite_create("word_diff");
    TCase *tcase = tcase_create("word_diff");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, texts_differ_where_a_reader_says_so, 0,
                        COUNTOF(cases));
    tcase_add_test(tcase, the_example_of_the_paper_takes_five_edits);
    tcase_add_test(tcase, no_script_is_longer_than_the_shortest);
    tcase_add_test(tcase,
                   what_is_too_much_for_words_is_compared_by_larger_units);
    tcase_add_test(tcase, within_lines_that_differ_words_are_compared_too);
    suite_add_tcase(suite, tcase);
    return suite;
}
