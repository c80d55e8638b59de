/* SPDX-License-Identifier: MIT */
/*
 * Will it fit? Figures by hand: 128 KiB a token is a llama of 8B (32 layers, 8
 * heads, 256 numbers of 2 bytes).
 */
#include <check.h>

#include "base/compiler.h"
#include "chat/fit.h"

Suite *fit_suite(void);

#define GB 1000000000ULL

enum { TOKEN_8B = 128 * 1024 };

START_TEST(a_model_needs_its_file_its_cache_and_a_tenth)
{
    static const struct {
        uint64_t size, cache, trained, loaded, window, free;
        uint64_t need;
        enum fit_verdict verdict;
    } cases[] = {
        /* 5 + 0.5 + 4096 * 128 KiB */
        { 5 * GB, TOKEN_8B, 131072, 0, 4096, 8 * GB, 6036870912, FIT_WELL },
        /* Sixteen times the window: 8.59 GB more. */
        { 5 * GB, TOKEN_8B, 131072, 0, 65536, 8 * GB, 14089934592,
          FIT_TOO_LARGE },
        /* More than it was made for is clamped by the server. */
        { 5 * GB, TOKEN_8B, 4096, 0, 65536, 8 * GB, 6036870912, FIT_WELL },
        /* Nobody said: what is loaded, else what Ollama takes. */
        { 5 * GB, TOKEN_8B, 0, 65536, 0, 8 * GB, 14089934592, FIT_TOO_LARGE },
        { 5 * GB, TOKEN_8B, 0, 0, 0, 8 * GB, 6036870912, FIT_WELL },
        /* To the byte. */
        { 5 * GB, TOKEN_8B, 0, 0, 4096, 6036870912, 6036870912, FIT_WELL },
        { 5 * GB, TOKEN_8B, 0, 0, 4096, 6036870911, 6036870912, FIT_TOO_LARGE },
        /* The cache is not known: a fifth. */
        { 5 * GB, 0, 0, 0, 65536, 8 * GB, 6 * GB, FIT_WELL },
        /* Nothing is known of the model, or of the machine. */
        { 0, TOKEN_8B, 0, 0, 4096, 8 * GB, 0, FIT_UNKNOWN },
        { 5 * GB, TOKEN_8B, 0, 0, 4096, 0, 6036870912, FIT_UNKNOWN },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct model_row row = { .size = cases[i].size,
                                 .cache_size = cases[i].cache,
                                 .trained_length = cases[i].trained,
                                 .context_length = cases[i].loaded };
        struct fit fit = fit_of(&row, cases[i].window, cases[i].free);
        ck_assert_msg(fit.need == cases[i].need, "case %zu needs %llu", i,
                      (unsigned long long)fit.need);
        ck_assert_msg(fit.verdict == cases[i].verdict, "case %zu", i);
    }
}
END_TEST

START_TEST(a_smaller_window_is_found_by_halving)
{
    static const struct {
        uint64_t window, free, fits;
    } cases[] = {
        { 65536, 8 * GB, 16384 }, /* 7.65 GB */
        { 65536, 15 * GB, 65536 },
        { 4096, 8 * GB, 4096 },
        { 65536, 5800000000, 2048 }, /* 5.77 GB */
        { 65536, 5500000000, 0 },    /* the file alone */
        { 65536, 0, 0 },
    };
    struct model_row row = { .size = 5 * GB, .cache_size = TOKEN_8B };
    for (size_t i = 0; i < COUNTOF(cases); i++)
        ck_assert_uint_eq(fit_window(&row, cases[i].window, cases[i].free),
                          cases[i].fits);
    row.cache_size = 0;
    ck_assert_uint_eq(fit_window(&row, 65536, 8 * GB), 0);
}
END_TEST

static void expect_words(const struct fit *fit, const char *expected)
{
    struct buf words = { 0 };
    fit_words(fit, &words);
    ck_assert_str_eq(buf_string(&words), expected);
    buf_clear(&words);
}

START_TEST(words_name_need_and_free_as_far_as_they_are_known)
{
    struct model_row row = { .size = 5 * GB, .cache_size = TOKEN_8B };
    struct fit fit = fit_of(&row, 16384, 6100 * 1000000ULL);
    expect_words(&fit, "needs about 7.6 GB with a window of 16384 tokens, "
                       "6.1 GB is free");
    fit = fit_of(&row, 16384, 0);
    expect_words(&fit, "needs about 7.6 GB with a window of 16384 tokens");
    row.cache_size = 0;
    fit = fit_of(&row, 16384, 0);
    expect_words(&fit, "needs about 6.0 GB");
    row.size = 0;
    fit = fit_of(&row, 16384, 6 * GB);
    expect_words(&fit, "");
}
END_TEST

Suite *fit_suite(void)
{
    Suite *suite = suite_create("fit");
    TCase *tcase = tcase_create("fit");
    tcase_add_test(tcase, a_model_needs_its_file_its_cache_and_a_tenth);
    tcase_add_test(tcase, a_smaller_window_is_found_by_halving);
    tcase_add_test(tcase, words_name_need_and_free_as_far_as_they_are_known);
    suite_add_tcase(suite, tcase);
    return suite;
}
