/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "base/json_compare.h"

Suite *json_compare_suite(void);

enum { PLENTY = 1000000 };

static json_t *parse(const char *text)
{
    struct error err;
    json_t *value = json_parse(slice_of(text), &err);
    ck_assert_ptr_nonnull(value);
    return value;
}

/* clang-format off */
static const struct {
    const char *a, *b;
    bool is_same;
} pairs[] = {
    { "1", "1.0", true },
    { "1", "true", false },
    { "0", "-0.0", true },
    { "0", "false", false },
    { "null", "null", true },
    { "true", "false", false },
    { "\"1\"", "1", false },
    { "\"\\u00e9\"", "\"\xC3\xA9\"", true },
    { "\"a\\u0000b\"", "\"a\\u0000c\"", false },
    { "[1,2]", "[1.0,2]", true },
    { "[1,2]", "[2,1]", false },
    { "[1]", "[1,1]", false },
    { "{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true },
    { "{\"a\":1}", "{\"b\":1}", false },
    { "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
    { "9007199254740993", "9007199254740992.0", false },
    { "9223372036854775807", "9223372036854775808", false },
};
/* clang-format on */

static bool has_twins(const json_t *a, const json_t *b)
{
    size_t twins[2];
    uint64_t left = PLENTY;
    json_t *array = json_array();
    json_array_append(array, (json_t *)(uintptr_t)a);
    json_array_append_new(array, json_string("between"));
    json_array_append(array, (json_t *)(uintptr_t)b);
    bool is_found = json_has_twins(array, twins, &left);
    if (is_found)
        ck_assert(twins[0] == 0 && twins[1] == 2);
    json_decref(array);
    return is_found;
}

START_TEST(values_are_the_same_however_they_are_written)
{
    json_t *a = parse(pairs[_i].a), *b = parse(pairs[_i].b);
    uint64_t left = PLENTY;
    ck_assert(json_is_same(a, b, &left) == pairs[_i].is_same);
    ck_assert(json_is_same(b, a, &left) == pairs[_i].is_same);
    ck_assert(has_twins(a, b) == pairs[_i].is_same);
    json_decref(a);
    json_decref(b);
}
END_TEST

START_TEST(twins_are_found_in_time_that_grows_with_the_array)
{
    json_t *array = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(array, json_integer(i));
    size_t twins[2];
    uint64_t left = PLENTY;
    ck_assert(!json_has_twins(array, twins, &left));
    ck_assert_uint_ge(left, PLENTY - 3 * 20000);
    json_decref(array);
}
END_TEST

START_TEST(comparing_ends_when_what_may_be_spent_is_spent)
{
    json_t *value = parse("[1,2,3,4]");
    uint64_t left = 3;
    ck_assert(!json_is_same(value, value, &left));
    ck_assert_uint_eq(left, 0);
    json_decref(value);
}
END_TEST

Suite *json_compare_suite(void)
{
    Suite *suite = suite_create("json_compare");
    TCase *tcase = tcase_create("json_compare");
    tcase_add_loop_test(tcase, values_are_the_same_however_they_are_written, 0,
                        COUNTOF(pairs));
    tcase_add_test(tcase, twins_are_found_in_time_that_grows_with_the_array);
    tcase_add_test(tcase, comparing_ends_when_what_may_be_spent_is_spent);
    suite_add_tcase(suite, tcase);
    return suite;
}
