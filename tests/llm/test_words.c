/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "llm/words.h"

Suite *words_suite(void);

/* The terms of a text, with a blank between; names in brackets, and without
 * the words that say nothing if those are left out. */
static void assert_terms(const char *text, bool leaves_out_stops,
                         const char *expected)
{
    struct words words = { .rest = slice_of(text) };
    struct word word;
    struct buf got = { 0 };
    while (words_next(&words, &word)) {
        if (leaves_out_stops && word.is_stop)
            continue;
        buf_printf(&got, word.is_name ? "%s[%.*s]" : "%s%.*s",
                   got.len ? " " : "", word.len, word.text);
    }
    ck_assert_str_eq(buf_string(&got), expected);
    buf_clear(&got);
}

START_TEST(short_words_and_words_without_endings_are_kept)
{
    assert_terms("need speed string thing red bus status this", false,
                 "need speed string thing red bus status this");
    assert_terms("qwen3s 401s", false, "qwen3s 401s");
}
END_TEST

START_TEST(what_names_a_thing_is_a_term_besides_its_parts)
{
    assert_terms("press Ctrl+C", false, "pres [ctrl-c] ctrl c");
    assert_terms("use --dry-run, -p.", false, "use [--dry-run] dry run [-p] p");
    assert_terms("type /retry", false, "typ [/retry] retry");
    assert_terms("the `config.yaml` file", false,
                 "the [config.yaml] config yaml fil");
    assert_terms("a - b and/or c/", false, "a b [and/or] and or c");
}
END_TEST

START_TEST(a_control_key_is_one_name_however_it_is_written)
{
    assert_terms("^C", false, "[ctrl-c] c");
    assert_terms("Control-C Ctl-c", false, "[ctrl-c] control c [ctrl-c] ctl c");
    assert_terms("control-click 2^10", false,
                 "[control-click] control click 2 10");
}
END_TEST

START_TEST(an_option_of_one_letter_keeps_its_case)
{
    assert_terms("-p -P --Prompt", false, "[-p] p [-P] p [--prompt] prompt");
}
END_TEST

START_TEST(a_possessive_or_a_short_form_ends_the_word)
{
    assert_terms("Ollama's don't what\xE2\x80\x99s", false, "ollama don what");
    assert_terms("'quoted' dogs' x", false, "quot dog x");
}
END_TEST

START_TEST(words_that_say_nothing_are_marked)
{
    assert_terms("How do I use the proxy, please? Yours, a", true, "proxy");
    assert_terms("hello, what are you", true, "");
}
END_TEST

START_TEST(other_scripts_and_broken_bytes_are_words_too)
{
    assert_terms("\xC3\xBC"
                 "ber caf\xC3\xA9",
                 false,
                 "\xC3\xBC"
                 "ber caf\xC3\xA9");
    assert_terms("one\xE2\x80\x94two\xC2\xA0three", false, "one two thre");
    struct words words = { .rest = { "\xFF\x00-\xE2", 4 } };
    struct word word;
    int count = 0;
    while (words_next(&words, &word))
        count++;
    ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(a_word_longer_than_the_cap_is_cut)
{
    char text[200];
    memset(text, 'x', sizeof text);
    struct words words = { .rest = { text, sizeof text } };
    struct word word;
    ck_assert(words_next(&words, &word));
    ck_assert_uint_le(word.len, WORD_MAX);
    ck_assert(!words_next(&words, &word));
}
END_TEST

Suite *words_suite(void)
{
    Suite *suite = suite_create("words");
    TCase *tcase = tcase_create("words");
    tcase_add_test(tcase, short_words_and_words_without_endings_are_kept);
    tcase_add_test(tcase, what_names_a_thing_is_a_term_besides_its_parts);
    tcase_add_test(tcase, a_possessive_or_a_short_form_ends_the_word);
    tcase_add_test(tcase, words_that_say_nothing_are_marked);
    tcase_add_test(tcase, other_scripts_and_broken_bytes_are_words_too);
    tcase_add_test(tcase, a_word_longer_than_the_cap_is_cut);
    tcase_add_test(tcase, an_option_of_one_letter_keeps_its_case);
    tcase_add_test(tcase, a_control_key_is_one_name_however_it_is_written);
    suite_add_tcase(suite, tcase);
    return suite;
}
