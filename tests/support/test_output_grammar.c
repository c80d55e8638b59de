/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "tests/support/output_grammar.h"

Suite *output_grammar_suite(void);

START_TEST(what_we_write_is_in_the_grammar)
{
    static const char *const outputs[] = {
        "",
        "plain text\r\n\b\a",
        "\xC3\xA4\xE4\xB8\xAD\xF0\x9F\x99\x82",
        "\033[H\033[2J\033[K\033[12;80H\033[3d\033[5G",
        "\033[m\033[0;1;38;5;208;48;5;17m\033[39;49m\033[91m",
        "\033[?1049h\033[?25l\033[?2026h\033[?2026l\033[?25h\033[?1049l",
        "\033[1;24r\033[3S\033M\033(B\017\0337\0338",
        "a\033]52;c;QUJDRA==\033\\b",
        "a\033Ptmux;\033\033]52;c;QUJD\033\033\\\033\\b",
        "a\033P\033]52;c;QUJD\a\033\\b",
        "a\033P\033]52;c;QU\033\\\033PJD\a\033\\b",
        "a\033P\033]52;c;QUJD\033\\\033P\a\033\\b",
    };
    for (size_t i = 0; i < COUNTOF(outputs); i++)
        ck_assert_int_eq(output_first_offence(slice_of(outputs[i])), -1);
}
END_TEST

START_TEST(what_comes_from_outside_is_not_in_the_grammar)
{
    static const struct {
        const char *output;
        int offset;
    } rows[] = {
        { "ab\033]0;title\007", 2 },
        { "\033[3J", 0 },
        { "\033P1$r\033\\", 0 },
        { "\033[?47h", 0 },
        { "\033[21t", 0 },
        { "\033[6n", 0 },
        { "\033[38;2;1;2;3m", 0 },
        { "\033[5i", 0 },
        { "\033c", 0 },
        { "x\t", 1 },
        { "x\x7f", 1 },
        { "\xC2\x9B", 0 },
        { "\x9B", 0 },
        { "\xE2\x80\xAE", 0 },
        { "\xED\xA0\x80", 0 },
        { "\xC0\xAF", 0 },
        { "\xF4\x90\x80\x80", 0 },
        { "abc\033[12", 3 },
        /* the clipboard: asked for, another selection, no base64, none */
        { "a\033]52;c;?\033\\", 1 },
        { "a\033]52;p;QUJD\033\\", 1 },
        { "a\033]52;c;QUJD\a", 1 },
        { "a\033]52;c;QUJ\033\\", 1 },
        { "a\033]52;c;QU=D\033\\", 1 },
        { "a\033]52;c;\033\\", 1 },
        { "a\033Ptmux;\033\033]52;c;?\033\033\\\033\\", 1 },
        { "a\033Ptmux;\033\033]0;QUJD\033\033\\\033\\", 1 },
        { "a\033Ptmux;\033\033[2J\033\\", 1 },
        { "a\033P\033]52;c;?\a\033\\", 1 },
        { "a\033P\033]52;c;QUJD\033\\b", 1 },
        { "a\033P\033]52;c;QU\033\\\033P\033[2J\a\033\\", 1 },
        { "a\033PQUJD\a\033\\", 1 },
        { "abc\xE2\x82", 3 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_assert_int_eq(output_first_offence(slice_of(rows[i].output)),
                         rows[i].offset);
}
END_TEST

START_TEST(a_repetition_is_told_with_its_count)
{
    struct slice rest = slice_of("-\033[30b\033[b\033[H");
    struct output_token token;
    ck_assert(output_next_token(&rest, &token));
    ck_assert(token.is_character);
    ck_assert_int_eq(token.repeat, 0);
    ck_assert(output_next_token(&rest, &token));
    ck_assert_int_eq(token.repeat, 30);
    ck_assert(output_next_token(&rest, &token));
    ck_assert_int_eq(token.repeat, 1);
    ck_assert(output_next_token(&rest, &token));
    ck_assert_int_eq(token.repeat, 0);
    ck_assert(!output_next_token(&rest, &token));
}
END_TEST

Suite *output_grammar_suite(void)
{
    Suite *suite = suite_create("output_grammar");
    TCase *tcase = tcase_create("output_grammar");
    tcase_add_test(tcase, what_we_write_is_in_the_grammar);
    tcase_add_test(tcase, what_comes_from_outside_is_not_in_the_grammar);
    tcase_add_test(tcase, a_repetition_is_told_with_its_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
