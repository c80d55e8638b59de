/* SPDX-License-Identifier: MIT */
#include <math.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/tokens.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *tokens_suite(void);

/* Words whose price follows from the fitted formula, in hundredths: a hundred
 * of them with a single blank between, which costs nothing. */
static const struct {
    const char *word;
    uint64_t hundred;
} words[] = {
    { "the", 104 },                  /* 1.038 */
    { "hello", 106 },                /* + 0.014 */
    { "function", 110 },             /* + 4 * 0.014 */
    { "internationalization", 271 }, /* + 12 * 0.134 */
    { "camelCase", 148 },            /* 9 letters, + 0.251 */
    { "HTTP", 142 },                 /* + 3 / 2 * 0.251 */
    { "HTTPServer", 137 },           /* mixed: none counts */
    { "1", 164 },                    /* 1.639 for each three */
    { "12345678", 492 },
    { "!!!!", 119 },                                 /* 0.66 + 3 * 0.174 */
    { "a\tb", 208 },                                 /* a single blank */
    { "a \t b", 263 },                               /* + 0.545 */
    { "a\n\nb", 293 },                               /* + 0.849 */
    { "\u00e9", 104 },                               /* 1.033 */
    { "\u03b1\u03b2\u03b3", 129 },                   /* 0.427 each */
    { "\u043f\u0440\u0438\u0432\u0435\u0442", 189 }, /* 1.57 + 0.052 each */
    { "\u4e2d\u6587", 172 },                         /* 0.859 each */
    { "\u304b\u306a", 162 },                         /* 0.808 each */
    { "\ud55c\uad6d", 166 },                         /* 0.826 each */
    { "\u3002", 108 },                               /* 1.076 */
    { "\U0001F600", 45 },                            /* 0.449 */
    { "\x80", 45 },                                  /* as U+FFFD */
};

START_TEST(each_class_of_run_has_its_price)
{
    struct buf text = { 0 };
    for (int i = 0; i < 100; i++) {
        buf_append_string(&text, i ? " " : "");
        buf_append_string(&text, words[_i].word);
    }
    ck_assert_uint_eq(tokens_estimate(buf_slice(&text)), words[_i].hundred);
    buf_clear(&text);
}
END_TEST

START_TEST(nothing_is_no_token_and_anything_is_one)
{
    ck_assert_uint_eq(tokens_estimate((struct slice){ 0 }), 0);
    ck_assert_uint_eq(tokens_estimate(slice_of("\U0001F600")), 1);
    struct tokens_counter counter = { 0 };
    tokens_feed(&counter, slice_of("\xF0\x9F"));
    ck_assert_uint_eq(tokens_count(&counter), 1);
}
END_TEST

START_TEST(every_split_counts_the_same)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < COUNTOF(words); i++)
        buf_append_string(&text, words[i].word);
    uint64_t whole = tokens_estimate(buf_slice(&text));
    struct tokens_counter bytewise = { 0 };
    for (size_t at = 0; at < text.len; at++) {
        struct tokens_counter counter = { 0 };
        tokens_feed(&counter, (struct slice){ text.ptr, at });
        tokens_count(&counter);
        tokens_feed(&counter, slice_skip(buf_slice(&text), at));
        ck_assert_uint_eq(tokens_count(&counter), whole);
        tokens_feed(&bytewise, (struct slice){ text.ptr + at, 1 });
    }
    ck_assert_uint_eq(tokens_count(&bytewise), whole);
    buf_clear(&text);
}
END_TEST

/* Relative error on one line of the corpus. */
static double error_of(struct slice line)
{
    struct error err = { 0 };
    uint64_t exact = 0;
    json_t *value = json_parse(line, &err);
    ck_assert(json_count(value, "o200k", &exact) && exact > 0);
    uint64_t estimate = tokens_estimate(json_slice(value, "text"));
    json_decref(value);
    return ((double)estimate - (double)exact) / (double)exact;
}

START_TEST(the_mean_error_on_counted_texts_is_below_five_percent)
{
    const char *path = shared_path("tokens/token-counts.jsonl");
    if (!path)
        return;
    struct buf file = { 0 };
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file), line;
    double sum = 0;
    int texts = 0;
    for (; slice_next_line(&rest, &line); texts++)
        sum += fabs(error_of(line));
    ck_assert_int_gt(texts, 1000);
    ck_assert_double_lt(sum / texts, 0.05);
    buf_clear(&file);
}
END_TEST

Suite *tokens_suite(void)
{
    Suite *suite = suite_create("tokens");
    TCase *tcase = tcase_create("tokens");
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, each_class_of_run_has_its_price, 0,
                        COUNTOF(words));
    tcase_add_test(tcase, nothing_is_no_token_and_anything_is_one);
    tcase_add_test(tcase, every_split_counts_the_same);
    tcase_add_test(tcase,
                   the_mean_error_on_counted_texts_is_below_five_percent);
    suite_add_tcase(suite, tcase);
    return suite;
}
