/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "app/history.h"

Suite *history_suite(void);

START_TEST(leafing_back_and_forth_ends_at_the_draft)
{
    struct history history = { 0 };
    history_add(&history, slice_of("one"));
    history_add(&history, slice_of("two"));
    history_add(&history, slice_of("two"));
    struct slice draft = slice_of("draft");
    ck_assert_str_eq(history_earlier(&history, draft), "two");
    ck_assert_str_eq(history_earlier(&history, slice_of("two")), "one");
    ck_assert_ptr_null(history_earlier(&history, slice_of("one")));
    ck_assert_str_eq(history_later(&history), "two");
    ck_assert_str_eq(history_later(&history), "draft");
    ck_assert_ptr_null(history_later(&history));
    history_clear(&history);
}
END_TEST

START_TEST(older_entries_go_before_those_that_are_there)
{
    struct history history = { 0 }, earlier = { 0 };
    history_add(&earlier, slice_of("a"));
    history_add(&earlier, slice_of("b"));
    history_add(&history, slice_of("c"));
    ck_assert_str_eq(history_earlier(&history, slice_of("draft")), "c");
    ck_assert_int_eq(history_put_before(&history, &earlier), 2);
    /* Whoever leafs stays where he is. */
    ck_assert_str_eq(history_earlier(&history, slice_of("c")), "b");
    ck_assert_str_eq(history_later(&history), "c");
    ck_assert_str_eq(history_later(&history), "draft");
    ck_assert_uint_eq(history.bytes, 3);
    ck_assert_uint_eq(earlier.entries.count, 0);
    history_clear(&history);
}
END_TEST

START_TEST(of_too_many_together_the_oldest_go)
{
    struct history history = { 0 }, earlier = { 0 };
    char text[32];
    for (int i = 0; i < HISTORY_MAX; i++) {
        snprintf(text, sizeof text, "old %d", i);
        history_add(&earlier, slice_of(text));
    }
    history_add(&history, slice_of("new"));
    ck_assert_int_eq(history_put_before(&history, &earlier), HISTORY_MAX - 1);
    ck_assert_uint_eq(history.entries.count, HISTORY_MAX);
    ck_assert_str_eq(history.entries.items[0], "old 1");
    ck_assert_uint_eq(history.at, HISTORY_MAX);
    history_clear(&history);
}
END_TEST

START_TEST(the_oldest_entries_go_when_it_is_full)
{
    struct history history = { 0 };
    char text[32];
    for (int i = 0; i < HISTORY_MAX + 10; i++) {
        snprintf(text, sizeof text, "%d", i);
        history_add(&history, slice_of(text));
    }
    ck_assert_uint_eq(history.entries.count, HISTORY_MAX);
    ck_assert_str_eq(history.entries.items[0], "10");
    history_clear(&history);
}
END_TEST

START_TEST(the_oldest_entries_go_when_they_are_too_large_together)
{
    struct history history = { 0 };
    struct buf large = { 0 };
    size_t len = HISTORY_BYTES_MAX / 2;
    memset(buf_reserve(&large, len), 'x', len);
    large.len = len;
    for (char i = '0'; i < '4'; i++) {
        large.ptr[0] = i;
        history_add(&history, buf_slice(&large));
    }
    ck_assert_uint_eq(history.entries.count, 2);
    ck_assert_int_eq(history.entries.items[0][0], '2');
    ck_assert_uint_eq(history.bytes, HISTORY_BYTES_MAX);
    /* The newest stays, however large it is. */
    size_t more = HISTORY_BYTES_MAX;
    memset(buf_reserve(&large, more), 'y', more);
    large.len += more;
    history_add(&history, buf_slice(&large));
    ck_assert_uint_eq(history.entries.count, 1);
    history_add(&history, slice_of("z"));
    ck_assert_uint_eq(history.entries.count, 1);
    ck_assert_uint_eq(history.bytes, 1);
    buf_clear(&large);
    history_clear(&history);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tcase = tcase_create("history");
    tcase_add_test(tcase, older_entries_go_before_those_that_are_there);
    tcase_add_test(tcase, of_too_many_together_the_oldest_go);
    tcase_add_test(tcase, leafing_back_and_forth_ends_at_the_draft);
    tcase_add_test(tcase, the_oldest_entries_go_when_it_is_full);
    tcase_add_test(tcase,
                   the_oldest_entries_go_when_they_are_too_large_together);
    suite_add_tcase(suite, tcase);
    return suite;
}
