/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "store/terms.h"

Suite *terms_suite(void);

static const struct {
    const char *text, *terms;
} texts[] = {
    { "", "" },
    { " -- ?! ", "" },
    { "Hello, World", "hello world " },
    { "foo_bar foo-bar", "foo bar foo bar " },
    { "qwen3:8b", "qwen3 8b " },
    { "C++ and C#", "c and c " },
    /* Case and diacritics, composed and not. */
    { "\xC3\x84rger \xC3\x89t\xC3\xA9", "arger ete " },
    { "e\xCC\x81t\xC3\xA9", "ete " },
    { "Stra\xC3\x9F"
      "e STRASSE",
      "strasse strasse " },
    { "\xCE\x9F\xCE\x94\xCE\x9F\xCE\xA3 \xCE\xBF\xCE\xB4\xCF\x8C\xCF\x82",
      "\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x83 \xCE\xBF\xCE\xB4\xCE\xBF\xCF\x83 " },
    /* Width and ligatures. */
    { "\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\x93", "ab3 " },
    { "\xEF\xAC\x81nd", "find " },
    /* Han, kana, Hangul, Thai: each character. */
    { "\xE6\x9D\xB1\xE4\xBA\xAC tower", "\xE6\x9D\xB1 \xE4\xBA\xAC tower " },
    { "v2\xE6\x9D\xB1", "v2 \xE6\x9D\xB1 " },
    { "\xE3\x82\xAC\xED\x95\x9C", "\xE3\x82\xAC \xED\x95\x9C " },
    /* The vowels of India are no diacritics. */
    { "\xE0\xA4\x95\xE0\xA4\xBF", "\xE0\xA4\x95\xE0\xA4\xBF " },
    /* Ill-formed UTF-8 parts words. */
    { "a\xFF"
      "b",
      "a b " },
    { "\xCC\x81", "" },
};

START_TEST(a_text_is_taken_apart)
{
    struct buf out = { 0 };
    terms_append(&out, slice_of(texts[_i].text));
    ck_assert_str_eq(buf_string(&out), texts[_i].terms);
    buf_clear(&out);
}
END_TEST

START_TEST(a_term_knows_where_it_stands)
{
    struct terms terms = { .text = slice_of("An \xC3\x84rger!") };
    ck_assert(terms_next(&terms));
    ck_assert_uint_eq(terms.begin, 0);
    ck_assert_uint_eq(terms.end, 2);
    ck_assert(terms_next(&terms));
    ck_assert_uint_eq(terms.begin, 3);
    ck_assert_uint_eq(terms.end, 9);
    ck_assert(!terms_next(&terms));
    terms_clear(&terms);
}
END_TEST

START_TEST(a_long_term_is_cut_and_the_next_is_not)
{
    struct buf text = { 0 }, out = { 0 };
    for (int i = 0; i < 1000; i++)
        buf_append_char(&text, 'x');
    buf_append_string(&text, " y");
    ck_assert_uint_eq(terms_append(&out, buf_slice(&text)), 2);
    ck_assert_uint_eq(out.len, TERM_LEN_MAX + sizeof " y ." - 2);
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

Suite *terms_suite(void)
{
    Suite *suite = suite_create("terms");
    TCase *tcase = tcase_create("terms");
    tcase_add_loop_test(tcase, a_text_is_taken_apart, 0, COUNTOF(texts));
    tcase_add_test(tcase, a_term_knows_where_it_stands);
    tcase_add_test(tcase, a_long_term_is_cut_and_the_next_is_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
