/* SPDX-License-Identifier: MIT */
#include <limits.h>

#include <check.h>

#include "base/slice.h"

Suite *slice_suite(void);

static const struct slice none = { 0 };

START_TEST(the_empty_slice_is_equal_to_every_empty_one)
{
    ck_assert(slice_equal(none, slice_of("")));
    ck_assert(slice_equal(slice_of(NULL), none));
    ck_assert(slice_is(none, "") && !slice_is(none, "a"));
    ck_assert(slice_starts(none, "") && !slice_starts(none, "a"));
    ck_assert_int_eq(slice_find(none, "a"), -1);
    ck_assert_uint_eq(slice_trim(none).len, 0);
    ck_assert_uint_eq(slice_skip(none, 5).len, 0);
}
END_TEST

START_TEST(bytes_are_compared_whole)
{
    struct slice with_nul = { "a\0b", 3 };
    ck_assert(slice_equal(with_nul, (struct slice){ "a\0b", 3 }));
    ck_assert(!slice_equal(with_nul, (struct slice){ "a\0c", 3 }));
    ck_assert(!slice_is(with_nul, "a"));
    ck_assert(slice_starts(slice_of("data: x"), "data:"));
    ck_assert(!slice_starts(slice_of("dat"), "data:"));
}
END_TEST

START_TEST(trimming_takes_white_space_from_both_ends_only)
{
    ck_assert(slice_is(slice_trim(slice_of(" \t\r\na b\n ")), "a b"));
    ck_assert_uint_eq(slice_trim(slice_of(" \n ")).len, 0);
}
END_TEST

START_TEST(skipping_too_much_leaves_nothing)
{
    ck_assert(slice_is(slice_skip(slice_of("abc"), 1), "bc"));
    ck_assert_uint_eq(slice_skip(slice_of("abc"), 3).len, 0);
    ck_assert_uint_eq(slice_skip(slice_of("abc"), 4).len, 0);
}
END_TEST

START_TEST(lines_end_with_lf_crlf_or_the_text)
{
    struct slice rest = slice_of("one\r\n\n\rtwo\nthree"), line;
    static const char *const lines[] = { "one", "", "\rtwo", "three" };
    for (int i = 0; i < 4; i++) {
        ck_assert(slice_next_line(&rest, &line));
        ck_assert(slice_is(line, lines[i]));
    }
    ck_assert(!slice_next_line(&rest, &line));
    rest = slice_of("end\n");
    ck_assert(slice_next_line(&rest, &line) && slice_is(line, "end"));
    ck_assert(!slice_next_line(&rest, &line));
}
END_TEST

START_TEST(a_string_is_found_where_it_first_stands)
{
    ck_assert_int_eq(slice_find(slice_of("abcabc"), "bc"), 1);
    ck_assert_int_eq(slice_find(slice_of("abc"), "abcd"), -1);
    ck_assert_int_eq(slice_find(slice_of("abc"), ""), 0);
    ck_assert_int_eq(slice_find((struct slice){ "a\0b", 3 }, "b"), 2);
}
END_TEST

START_TEST(a_word_is_contained_in_any_case_of_ascii_letters)
{
    ck_assert(slice_contains(slice_of("A Braided CORD"), slice_of("braided")));
    ck_assert(slice_contains(slice_of("a braided cord"), slice_of("D Cord")));
    ck_assert(slice_contains(slice_of("abc"), slice_of("")));
    ck_assert(!slice_contains(slice_of("abc"), slice_of("abcd")));
    ck_assert(!slice_contains(slice_of("[abc"), slice_of("{abc")));
}
END_TEST

START_TEST(a_length_for_printf_never_overflows)
{
    struct slice huge = { "", (size_t)INT_MAX + 1 };
    ck_assert_int_eq(slice_print_len(huge), INT_MAX);
    ck_assert_int_eq(slice_print_len(slice_of("abc")), 3);
}
END_TEST

Suite *slice_suite(void)
{
    Suite *suite = suite_create("slice");
    TCase *tcase = tcase_create("slice");
    tcase_add_test(tcase, the_empty_slice_is_equal_to_every_empty_one);
    tcase_add_test(tcase, bytes_are_compared_whole);
    tcase_add_test(tcase, trimming_takes_white_space_from_both_ends_only);
    tcase_add_test(tcase, skipping_too_much_leaves_nothing);
    tcase_add_test(tcase, lines_end_with_lf_crlf_or_the_text);
    tcase_add_test(tcase, a_string_is_found_where_it_first_stands);
    tcase_add_test(tcase, a_word_is_contained_in_any_case_of_ascii_letters);
    tcase_add_test(tcase, a_length_for_printf_never_overflows);
    suite_add_tcase(suite, tcase);
    return suite;
}
