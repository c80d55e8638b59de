/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "tool/output.h"

Suite *output_suite(void);

enum { HALF = 64 * 1024, WHOLE = 2 * HALF };

/* `len` bytes of lines of ten, the last one shorter. */
static void add_lines(struct buf *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_append_char(text, i % 10 == 9 ? '\n' : (char)('0' + i / 10 % 10));
}

/* What the model gets of a text that comes in pieces of this size. */
static void make(struct buf *out, const struct buf *text, size_t piece)
{
    struct output output = { 0 };
    struct slice rest = buf_slice(text);
    while (rest.len) {
        size_t len = piece < rest.len ? piece : rest.len;
        output_add(&output, (struct slice){ rest.ptr, len });
        rest = slice_skip(rest, len);
    }
    ck_assert_uint_eq(output.bytes, text->len);
    ck_assert(output_is_cut(&output) == (text->len > WHOLE));
    output_append(&output, out);
    output_clear(&output);
}

/* Head and tail as they stand in the text, what is between is what the mark
 * counts. */
static void check_cut(const struct buf *text, const struct buf *out)
{
    static const char begin[] = "[... ", end[] = " bytes left out ...]\n";
    struct slice whole = buf_slice(out);
    ptrdiff_t mark = slice_find(whole, begin);
    ck_assert_int_ge(mark, 0);
    unsigned long long missing = 0;
    ck_assert_int_eq(
        sscanf(whole.ptr + mark, "[... %llu bytes left out ...]", &missing), 1);
    struct slice tail = slice_skip(whole, (size_t)mark);
    tail = slice_skip(tail, (size_t)slice_find(tail, end) + strlen(end));
    /* A line break of ours may stand before the mark. */
    size_t head = text->len - missing - tail.len;
    ck_assert_uint_le(head, HALF);
    ck_assert_uint_le(tail.len, HALF);
    ck_assert((size_t)mark == head || (size_t)mark == head + 1);
    ck_assert_mem_eq(whole.ptr, text->ptr, head);
    ck_assert_mem_eq(tail.ptr, text->ptr + text->len - tail.len, tail.len);
    ck_assert(whole.ptr[mark - 1] == '\n');
    ck_assert(utf8_is_valid(whole));
}

static const size_t pieces[] = { 1, 7, 4096, 131072, SIZE_MAX };

START_TEST(what_fits_is_given_whole)
{
    static const size_t lens[] = { 0, 1, 9, HALF, HALF + 1, WHOLE - 1, WHOLE };
    for (size_t i = 0; i < COUNTOF(lens); i++) {
        for (size_t j = 0; j < COUNTOF(pieces); j++) {
            struct buf text = { 0 }, out = { 0 };
            add_lines(&text, lens[i]);
            make(&out, &text, pieces[j]);
            ck_assert(slice_equal(buf_slice(&out), buf_slice(&text)));
            buf_clear(&text);
            buf_clear(&out);
        }
    }
}
END_TEST

START_TEST(what_is_longer_is_cut_between_lines)
{
    static const size_t lens[] = { WHOLE + 1, WHOLE + 10, 3 * WHOLE,
                                   9 * WHOLE + 5 };
    for (size_t i = 0; i < COUNTOF(lens); i++) {
        struct buf first = { 0 };
        for (size_t j = 0; j < COUNTOF(pieces); j++) {
            struct buf text = { 0 }, out = { 0 };
            add_lines(&text, lens[i]);
            make(&out, &text, pieces[j]);
            check_cut(&text, &out);
            /* Whole lines of ten, so 65530 bytes of the head. */
            ck_assert_int_eq(slice_find(buf_slice(&out), "[... "), 65530);
            if (j == 0)
                buf_append_slice(&first, buf_slice(&out));
            ck_assert(slice_equal(buf_slice(&out), buf_slice(&first)));
            buf_clear(&text);
            buf_clear(&out);
        }
        buf_clear(&first);
    }
}
END_TEST

/* Of one endless line the mark stands on a line of its own all the same. */
START_TEST(a_model_with_less_room_gets_less_of_both_ends)
{
    struct buf text = { 0 }, out = { 0 };
    struct output output = { .most = 1000 };
    add_lines(&text, 1001);
    output_add(&output, (struct slice){ text.ptr, 1000 });
    ck_assert(!output_is_cut(&output));
    output_add(&output, (struct slice){ text.ptr + 1000, 1 });
    ck_assert(output_is_cut(&output));
    output_append(&output, &out);
    check_cut(&text, &out);
    ck_assert_uint_le(out.len, 1000 + 40);
    /* No more than anybody gets. */
    output_clear(&output);
    output.most = 10 * WHOLE;
    ck_assert_uint_eq(output_most(&output), WHOLE);
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

START_TEST(a_line_without_an_end_is_cut_between_characters)
{
    static const char *const letters[] = { "a", "\xc3\xa9", "\xe2\x82\xac",
                                           "\xf0\x9f\x98\x80" };
    for (size_t i = 0; i < COUNTOF(letters); i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            struct buf text = { 0 }, out = { 0 };
            for (size_t j = 0; j < shift; j++)
                buf_append_char(&text, 'x');
            while (text.len < 2 * WHOLE)
                buf_append_string(&text, letters[i]);
            make(&out, &text, SIZE_MAX);
            check_cut(&text, &out);
            buf_clear(&text);
            buf_clear(&out);
        }
    }
}
END_TEST

/* A tail that begins with a line keeps it whole. */
START_TEST(a_tail_that_begins_a_line_loses_none)
{
    struct buf text = { 0 }, out = { 0 };
    add_lines(&text, WHOLE + 10);
    buf_truncate(&text, 65540);
    for (int i = 0; i < HALF; i++)
        buf_append_char(&text, i % 8 == 7 ? '\n' : 'z');
    make(&out, &text, 4096);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&out), "[... 10 bytes left out ...]\nzzz"));
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

Suite *output_suite(void)
{
    Suite *suite = suite_create("output");
    TCase *tcase = tcase_create("output");
    tcase_add_test(tcase, what_fits_is_given_whole);
    tcase_add_test(tcase, what_is_longer_is_cut_between_lines);
    tcase_add_test(tcase, a_model_with_less_room_gets_less_of_both_ends);
    tcase_add_test(tcase, a_line_without_an_end_is_cut_between_characters);
    tcase_add_test(tcase, a_tail_that_begins_a_line_loses_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
