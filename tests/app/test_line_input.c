/* SPDX-License-Identifier: MIT */
/*
 * Lines to inputs, as they come in any pieces.
 */
#include <check.h>

#include "app/line_input.h"
#include "base/compiler.h"

Suite *line_input_suite(void);

/* A line of so many bytes, with its end. */
static void append_long_line(struct buf *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_append_char(out, 'x');
    buf_append_char(out, '\n');
}

START_TEST(an_input_is_whole_when_its_lines_are)
{
    static const struct {
        const char *bytes;
        enum line_input_kind kinds[4];
        const char *text; /* of the last */
    } rows[] = {
        { "one", { LINE_INPUT_NONE }, NULL },
        { "one\n", { LINE_INPUT_WHOLE }, "one" },
        { "one\\\ntwo\n",
          { LINE_INPUT_GOES_ON, LINE_INPUT_WHOLE },
          "one\ntwo" },
        { "\\\n\n", { LINE_INPUT_GOES_ON, LINE_INPUT_WHOLE }, "\n" },
        { "\"\"\"\none\n\"\"\"\n",
          { LINE_INPUT_GOES_ON, LINE_INPUT_GOES_ON, LINE_INPUT_WHOLE },
          "\"\"\"\none\n\"\"\"" },
        { "one\ntwo\n", { LINE_INPUT_WHOLE, LINE_INPUT_WHOLE }, "two" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct line_input input = { 0 };
        struct slice text = { 0 };
        int taken = 0;
        for (const char *at = rows[i].bytes; *at; at++) {
            line_input_feed(&input, (struct slice){ at, 1 });
            enum line_input_kind kind = line_input_next(&input, &text);
            if (kind)
                ck_assert_int_eq(kind, rows[i].kinds[taken++]);
        }
        ck_assert_int_eq(rows[i].kinds[taken], LINE_INPUT_NONE);
        ck_assert(!rows[i].text || slice_is(text, rows[i].text));
        ck_assert_int_eq(line_input_is_begun(&input), !rows[i].text);
        line_input_clear(&input);
    }
}
END_TEST

/* A line that was cut inside of a block takes the whole block with it: what
 * follows in it is no prompt. */
START_TEST(a_block_with_a_line_that_was_cut_is_lost_as_a_whole)
{
    struct line_input input = { 0 };
    struct buf line = { 0 };
    struct slice text;
    append_long_line(&line, LINE_INPUT_MAX);
    line_input_feed(&input, slice_of("\"\"\"\n"));
    line_input_feed(&input, buf_slice(&line));
    line_input_feed(&input, slice_of("last\"\"\"\nnext\n"));
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_GOES_ON);
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_GOES_ON);
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_CUT);
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_WHOLE);
    ck_assert(slice_is(text, "next"));
    buf_clear(&line);
    line_input_clear(&input);
}
END_TEST

START_TEST(a_block_without_end_is_bounded)
{
    struct line_input input = { 0 };
    struct buf line = { 0 };
    struct slice text;
    append_long_line(&line, LINE_INPUT_MAX - 1);
    line_input_feed(&input, slice_of("\"\"\"\n"));
    for (size_t fed = 0; fed < 10 * 1024 * 1024; fed += line.len) {
        line_input_feed(&input, buf_slice(&line));
        while (line_input_next(&input, &text))
            ck_assert_uint_le(text.len, 8 * 1024 * 1024 + LINE_INPUT_MAX);
    }
    line_input_feed(&input, slice_of("\"\"\"\n"));
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_TOO_LONG);
    buf_clear(&line);
    line_input_clear(&input);
}
END_TEST

START_TEST(a_nul_is_shown_and_ends_nothing)
{
    struct line_input input = { 0 };
    struct slice text;
    line_input_feed(&input, (struct slice){ "a\0b\n", 4 });
    ck_assert_int_eq(line_input_next(&input, &text), LINE_INPUT_WHOLE);
    ck_assert(slice_is(text, "a\xef\xbf\xbd"
                             "b"));
    line_input_clear(&input);
}
END_TEST

Suite *line_input_suite(void)
{
    Suite *suite = suite_create("line_input");
    TCase *tcase = tcase_create("line_input");
    tcase_add_test(tcase, an_input_is_whole_when_its_lines_are);
    tcase_add_test(tcase, a_block_with_a_line_that_was_cut_is_lost_as_a_whole);
    tcase_add_test(tcase, a_block_without_end_is_bounded);
    tcase_add_test(tcase, a_nul_is_shown_and_ends_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
