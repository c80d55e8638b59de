/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "store/word_set.h"

Suite *word_set_suite(void);

static double share(const char *one, const char *other)
{
    struct word_set a = { 0 }, b = { 0 };
    word_set_add(&a, slice_of(one));
    word_set_add(&b, slice_of(other));
    double found = word_set_share(&a, &b);
    ck_assert_double_eq(word_set_share(&b, &a), found);
    word_set_clear(&a);
    word_set_clear(&b);
    return found;
}

START_TEST(texts_share_what_they_are_about)
{
    static const struct {
        const char *one, *other;
        double share;
    } rows[] = {
        { "Which editor is mine?", "My editor is neovim.", 1 },
        { "Fix the segfault in train.py", "train.py lives on gpu3", 0.5 },
        { "Explain monads", "My cat is called Haskell", 0 },
        { "the and of", "what is it", 0 },    /* nothing but common words */
        { "to be", "to be or not to be", 1 }, /* nothing else */
        { "Editors!", "EDITOR", 1 },          /* an ending */
        { "python2", "python3", 0 },          /* no ending */
        { "port", "portrait", 0 },            /* too much of one */
        { "gr\xc3\xbc\xc3\x9f"
          "e",
          "Gruesse", 0 },
        { "Stra\xc3\x9f"
          "e",
          "STRASSE", 1 },
        { "Wo steht mein Auto?", "Das Auto steht im Hof", 1 },
        /* "What editor do I use?", "I like the editor neovim" */
        { "\xe7\xbc\x96\xe8\xbe\x91\xe5\x99\xa8",
          "\xe6\x88\x91\xe7\x94\xa8\xe7\xbc\x96\xe8\xbe\x91\xe5\x99\xa8", 1 },
        { "", "word", 0 },
        { "", "", 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_assert_msg(share(rows[i].one, rows[i].other) == rows[i].share,
                      "%s | %s: %g", rows[i].one, rows[i].other,
                      share(rows[i].one, rows[i].other));
}
END_TEST

/* Ten words; of the eight shingles of three a change at the end leaves seven:
 * 7/9 is less than .8, of eleven words 8/10 is not. */
START_TEST(texts_say_the_same_if_four_fifths_of_their_shingles_do)
{
    static const struct {
        const char *one, *other;
        bool is_same;
    } rows[] = {
        { "I use neovim.", "i use NEOVIM", true },
        { "I use neovim", "I use vim", false },
        { "a b c d e f g h i j", "a b c d e f g h i x", false },
        { "a b c d e f g h i j k", "a b c d e f g h i j x", true },
        { "a b c d e f g h i j k", "x b c d e f g h i j k", true },
        { "a b", "b a", false },
        { "!!", "!!", true },
        { "!!", "??", false },
        { "", "", true },
        { "", "a", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_assert_msg(word_set_says_same(slice_of(rows[i].one),
                                         slice_of(rows[i].other)) ==
                          rows[i].is_same,
                      "%s | %s", rows[i].one, rows[i].other);
}
END_TEST

START_TEST(what_fts5_is_asked_for_is_quoted)
{
    static const struct {
        const char *text, *match;
    } rows[] = {
        { "editor AND \"gpu3\" OR nix*",
          "\"edit\" * OR \"gpu3\" * OR \"nix\"" },
        { "\xe7\xbc\x96\xe8\xbe\x91", "\"\xe7\xbc\x96 \xe8\xbe\x91 \"" },
        { "", "" },
        { "?! --", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct word_set set = { 0 };
        struct buf out = { 0 };
        word_set_add(&set, slice_of(rows[i].text));
        word_set_append_match(&set, false, &out);
        ck_assert_str_eq(buf_string(&out), rows[i].match);
        buf_clear(&out);
        word_set_clear(&set);
    }
}
END_TEST

START_TEST(fts5_is_asked_for_all_words_where_all_are_needed)
{
    struct word_set set = { 0 };
    struct buf out = { 0 };
    word_set_add_all(&set, slice_of("the editor"));
    word_set_append_match(&set, true, &out);
    ck_assert_str_eq(buf_string(&out), "\"the\" AND \"edit\" *");
    buf_clear(&out);
    word_set_clear(&set);
}
END_TEST

START_TEST(a_set_holds_another_with_each_word_of_it)
{
    static const struct {
        const char *text, *part;
        bool holds;
    } rows[] = {
        { "always here", "always", true },
        { "always here", "here always", true },
        { "always here", "always nothing", false },
        { "the editors", "the Editor", true },
        { "editors", "the editor", false }, /* common ones count, too */
        { "anything", "", false },
        { "anything", "?!", false },
        { "", "word", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct word_set set = { 0 }, part = { 0 };
        word_set_add_all(&set, slice_of(rows[i].text));
        word_set_add_all(&part, slice_of(rows[i].part));
        ck_assert_msg(word_set_holds(&set, &part) == rows[i].holds, "%s | %s",
                      rows[i].text, rows[i].part);
        word_set_clear(&set);
        word_set_clear(&part);
    }
}
END_TEST

START_TEST(a_long_text_has_no_more_words_than_the_most)
{
    struct word_set set = { 0 };
    struct buf text = { 0 };
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "word%d ", i);
    word_set_add(&set, buf_slice(&text));
    ck_assert_uint_eq(set.words.count, WORD_SET_MAX);
    word_set_clear(&set);
    buf_clear(&text);
}
END_TEST

Suite *word_set_suite(void)
{
    Suite *suite = suite_create("word_set");
    TCase *tcase = tcase_create("word_set");
    tcase_add_test(tcase, texts_share_what_they_are_about);
    tcase_add_test(tcase,
                   texts_say_the_same_if_four_fifths_of_their_shingles_do);
    tcase_add_test(tcase, what_fts5_is_asked_for_is_quoted);
    tcase_add_test(tcase, fts5_is_asked_for_all_words_where_all_are_needed);
    tcase_add_test(tcase, a_set_holds_another_with_each_word_of_it);
    tcase_add_test(tcase, a_long_text_has_no_more_words_than_the_most);
    suite_add_tcase(suite, tcase);
    return suite;
}
