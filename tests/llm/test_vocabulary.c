/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "llm/synonyms.h"
#include "llm/vocabulary.h"

Suite *vocabulary_suite(void);

static const char *const sections[] = {
    "The timeout of a login: set num_ctx, or press Ctrl-C.",
    "Environment and temperature, temperature again; the install prompt.",
    "A prompt for the openai file, the line and the break.",
};

static void add_text(struct vocabulary *vocabulary, size_t section,
                     struct slice text)
{
    struct words words = { .rest = text };
    struct word word;
    while (words_next(&words, &word))
        vocabulary_add(vocabulary, section, &word);
}

static void fill(struct vocabulary *vocabulary)
{
    vocabulary_init(vocabulary);
    for (size_t i = 0; i < COUNTOF(sections); i++)
        add_text(vocabulary, i, slice_of(sections[i]));
}

static size_t count_of(const struct vocabulary *vocabulary, const char *text)
{
    struct word word;
    ck_assert(word_read(&word, text));
    return vocabulary_count(vocabulary, &word);
}

START_TEST(a_word_is_counted_once_in_each_section)
{
    struct vocabulary vocabulary;
    fill(&vocabulary);
    ck_assert_uint_eq(count_of(&vocabulary, "prompts"), 2);
    ck_assert_uint_eq(count_of(&vocabulary, "temperature"), 1);
    ck_assert_uint_eq(count_of(&vocabulary, "the"), 3);
    ck_assert_uint_eq(count_of(&vocabulary, "purple"), 0);
    vocabulary_clear(&vocabulary);
}
END_TEST

/* The first two words of a text, joined; "" if they make up no known word. */
static void assert_joined(const char *text, const char *expected)
{
    struct vocabulary vocabulary;
    fill(&vocabulary);
    struct words words = { .rest = slice_of(text) };
    struct word first, second, joined, wanted;
    ck_assert(words_next(&words, &first) && words_next(&words, &second));
    bool is_joined = vocabulary_join(&vocabulary, &first, &second, &joined);
    ck_assert_msg(is_joined == (*expected != '\0'), "%s", text);
    if (is_joined) {
        ck_assert(word_read(&wanted, expected));
        ck_assert_msg(word_equal(&joined, &wanted), "%s is %s", text,
                      joined.text);
    }
    vocabulary_clear(&vocabulary);
}

START_TEST(two_words_that_are_one_elsewhere_are_joined)
{
    assert_joined("time out", "timeout");
    assert_joined("timed out", "timeout");
    assert_joined("timing out", "timeout");
    assert_joined("log in", "login");
    assert_joined("logged in", "login");
    assert_joined("num ctx", "num_ctx");
    assert_joined("ctrl c", "ctrl-c");
    assert_joined("Open AI", "openai");
    assert_joined("log out", "");
    assert_joined("a file", "");
}
END_TEST

static void assert_repaired(const char *text, const char *expected)
{
    struct vocabulary vocabulary;
    fill(&vocabulary);
    struct word unknown, repaired[2];
    struct buf got = { 0 };
    ck_assert(word_read(&unknown, text));
    size_t count = vocabulary_repair(&vocabulary, &unknown, repaired);
    for (size_t i = 0; i < count; i++)
        buf_printf(&got, "%s%s", i ? " " : "", repaired[i].text);
    ck_assert_msg(!strcmp(buf_string(&got), expected), "%s is \"%s\"", text,
                  buf_string(&got));
    buf_clear(&got);
    vocabulary_clear(&vocabulary);
}

START_TEST(an_unknown_word_is_read_as_the_known_one_it_resembles)
{
    assert_repaired("promt", "prompt");
    assert_repaired("porompt", "prompt");
    assert_repaired("temprature", "temperatur");
    assert_repaired("envrionment", "environment");
    assert_repaired("temp", "temperatur");
    assert_repaired("installer", "instal");
    assert_repaired("unset", "set");
    assert_repaired("reinstall", "instal");
    assert_repaired("linebreak", "lin break");
}
END_TEST

START_TEST(a_word_that_resembles_none_is_left_alone)
{
    static const char *const words[] = { "purple", "zebra", "fine",  "pin",
                                         "brompt", "gpt9",  "--ste", "x" };
    for (size_t i = 0; i < COUNTOF(words); i++)
        assert_repaired(words[i], "");
}
END_TEST

START_TEST(words_beyond_the_cap_are_unknown)
{
    struct buf text = { 0 };
    for (int i = 0; i < VOCABULARY_MAX + 100; i++)
        buf_printf(&text, "word%d ", i);
    struct vocabulary vocabulary;
    vocabulary_init(&vocabulary);
    add_text(&vocabulary, 0, buf_slice(&text));
    ck_assert_uint_eq(vocabulary.count, VOCABULARY_MAX);
    ck_assert_uint_eq(count_of(&vocabulary, "word7"), 1);
    ck_assert_uint_eq(count_of(&vocabulary, "word16390"), 0);
    vocabulary_clear(&vocabulary);
    buf_clear(&text);
}
END_TEST

START_TEST(no_synonym_stands_alone)
{
    for (size_t i = 0; i < synonyms_count(); i++) {
        const struct synonyms *row = synonyms_at(i);
        struct words words = { .rest = slice_of(row->asked) };
        struct word word;
        size_t count = row->meant != NULL;
        while (words_next(&words, &word))
            count++;
        ck_assert_msg(count >= 2, "%s", row->asked);
        ck_assert(!row->meant || word_read(&word, row->meant));
    }
}
END_TEST

Suite *vocabulary_suite(void)
{
    Suite *suite = suite_create("vocabulary");
    TCase *tcase = tcase_create("vocabulary");
    tcase_add_test(tcase, a_word_is_counted_once_in_each_section);
    tcase_add_test(tcase, two_words_that_are_one_elsewhere_are_joined);
    tcase_add_test(tcase,
                   an_unknown_word_is_read_as_the_known_one_it_resembles);
    tcase_add_test(tcase, a_word_that_resembles_none_is_left_alone);
    tcase_add_test(tcase, words_beyond_the_cap_are_unknown);
    tcase_add_test(tcase, no_synonym_stands_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
