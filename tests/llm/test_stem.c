/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "llm/stem.h"
#include "llm/words.h"

Suite *stem_suite(void);

static void read_stem(const char *text, struct word *word)
{
    ck_assert(word_read(word, text));
}

static void assert_same(const char *a, const char *b)
{
    struct word one, other;
    read_stem(a, &one);
    read_stem(b, &other);
    ck_assert_msg(word_equal(&one, &other), "%s is %s, %s is %s", a, one.text,
                  b, other.text);
}

static void assert_differ(const char *a, const char *b)
{
    struct word one, other;
    read_stem(a, &one);
    read_stem(b, &other);
    ck_assert_msg(!word_equal(&one, &other), "%s and %s are both %s", a, b,
                  one.text);
}

START_TEST(the_forms_of_a_word_are_one_term)
{
    static const char *const families[][5] = {
        { "connect", "connects", "connected", "connecting", "connection" },
        { "stop", "stops", "stopped", "stopping", "Stop" },
        { "save", "saves", "saved", "saving", "SAVING" },
        { "retry", "retries", "retried", "retrying", "Retry" },
        { "configure", "configured", "configuring", "configuration",
          "configurable" },
        { "address", "addresses", "addressed", "addressing", "ADDRESS" },
        { "cancel", "cancelled", "canceled", "cancelling", "cancels" },
        { "slow", "slowly", "slowness", "slowed", "slowing" },
    };
    for (size_t i = 0; i < COUNTOF(families); i++) {
        for (size_t k = 1; k < 5; k++)
            assert_same(families[i][0], families[i][k]);
    }
}
END_TEST

START_TEST(british_and_american_spellings_are_one_term)
{
    static const char *const pairs[][2] = {
        { "colour", "color" },        { "colours", "colors" },
        { "coloured", "colored" },    { "behaviour", "behavior" },
        { "licence", "license" },     { "licences", "licensed" },
        { "summarise", "summarize" }, { "summarising", "summarizes" },
        { "analyse", "analyzing" },   { "dialogue", "dialog" },
        { "dialogues", "dialogs" },
    };
    for (size_t i = 0; i < COUNTOF(pairs); i++)
        assert_same(pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(words_that_look_alike_stay_apart)
{
    static const char *const pairs[][2] = {
        { "folder", "fold" }, { "number", "numb" }, { "variable", "vary" },
        { "hour", "hor" },    { "string", "str" },  { "need", "ne" },
    };
    for (size_t i = 0; i < COUNTOF(pairs); i++)
        assert_differ(pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(what_is_no_plain_word_is_kept)
{
    static const char *const kept[] = { "qwen3s", "num_ctxs", "401s", "",
                                        "a",      "is",       "ed" };
    for (size_t i = 0; i < COUNTOF(kept); i++) {
        char text[16];
        size_t len = strlen(kept[i]);
        memcpy(text, kept[i], len + 1);
        ck_assert_uint_eq(stem(text, len), len);
        ck_assert_str_eq(text, kept[i]);
    }
}
END_TEST

Suite *stem_suite(void)
{
    Suite *suite = suite_create("stem");
    TCase *tcase = tcase_create("stem");
    tcase_add_test(tcase, the_forms_of_a_word_are_one_term);
    tcase_add_test(tcase, british_and_american_spellings_are_one_term);
    tcase_add_test(tcase, words_that_look_alike_stay_apart);
    tcase_add_test(tcase, what_is_no_plain_word_is_kept);
    suite_add_tcase(suite, tcase);
    return suite;
}
