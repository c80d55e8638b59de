/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "chat/lexicon.h"
#include "tests/support/bytes.h"

Suite *lexicon_suite(void);

static size_t characters(struct slice text)
{
    size_t count = 0;
    for (uint32_t c; text.len; count++)
        text = slice_skip(text, utf8_decode(text, &c));
    return count;
}

static void ck_is_word(int language, struct slice word)
{
    bool is_stem = word.ptr[word.len - 1] == '-';
    size_t count = characters(word) - is_stem;
    uint32_t first;
    utf8_decode(word, &first);
    ck_assert_msg(utf8_lower(first) == first, "%.*s", SLICE_ARG(word));
    ck_assert_msg(!memchr(word.ptr, '-', word.len - 1), "%.*s",
                  SLICE_ARG(word));
    if (is_stem)
        ck_assert_msg(count == (language == LEXICON_KOREAN ? LEXICON_STEM_HANGUL
                                                           : LEXICON_STEM),
                      "%.*s", SLICE_ARG(word));
    if (language == LEXICON_CHINESE || language == LEXICON_JAPANESE)
        ck_assert_msg(count == 2, "%.*s", SLICE_ARG(word));
}

/* Whether a beginning finds this word too. */
static bool finds(int language, struct slice stem, struct slice word)
{
    size_t len = stem.len - 1;
    return stem.ptr[len] == '-' && len <= word.len &&
           !memcmp(stem.ptr, word.ptr, len) &&
           (len < word.len || language == LEXICON_KOREAN);
}

START_TEST(each_word_is_one_that_can_be_found_and_stands_there_once)
{
    for (int list = 0; list < LEXICON_LIST_COUNT; list++) {
        const char *words =
            lexicon_words((enum lexicon_language)_i, (enum lexicon_list)list);
        struct slice rest = slice_of(words);
        while (rest.len) {
            struct slice word = bytes_next_field(&rest, ' ');
            struct slice others = slice_of(words);
            ck_assert_uint_gt(word.len, 0);
            ck_is_word(_i, word);
            while (others.len) {
                struct slice other = bytes_next_field(&others, ' ');
                bool is_itself = other.ptr == word.ptr;
                ck_assert_msg(is_itself || (!slice_equal(other, word) &&
                                            !finds(_i, other, word)),
                              "twice: %.*s", SLICE_ARG(word));
            }
        }
    }
}
END_TEST

START_TEST(only_what_its_script_tells_has_no_common_words)
{
    for (int list = 0; list < LEXICON_LIST_COUNT; list++) {
        bool has_none = list == LEXICON_COMMON && _i >= LEXICON_CHINESE;
        ck_assert_int_eq(lexicon_words((enum lexicon_language)_i,
                                       (enum lexicon_list)list) == NULL,
                         has_none);
    }
}
END_TEST

Suite *lexicon_suite(void)
{
    Suite *suite = suite_create("lexicon");
    TCase *tcase = tcase_create("lexicon");
    tcase_add_loop_test(
        tcase, each_word_is_one_that_can_be_found_and_stands_there_once, 0,
        LEXICON_LANGUAGE_COUNT);
    tcase_add_loop_test(tcase, only_what_its_script_tells_has_no_common_words,
                        0, LEXICON_LANGUAGE_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
