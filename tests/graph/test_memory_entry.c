/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"
#include "graph/memory_entry.h"

Suite *memory_entry_suite(void);

#define HOUR  INT64_C(3600000)
#define DAY   (24 * HOUR)
#define EXACT 1e-12

/* a f(n) 2^(-t/h) + b importance + c f(n), worked out by hand. */
START_TEST(the_weight_is_that_of_the_formula)
{
    static const struct {
        uint64_t uses;
        double importance;
        int64_t idle;
        double half_life, weight;
    } rows[] = {
        /* f(0) = 1/2: 1/2 + 1/2 + 1/4 */
        { 0, 0.5, 0, (double)DAY, 1.25 },
        /* 1/4 + 1/2 + 1/4 after one half-life, 1/8 after two */
        { 0, 0.5, DAY, (double)DAY, 1.0 },
        { 0, 0.5, 2 * DAY, (double)DAY, 0.875 },
        /* f(1) = 2/3: 2/3 + 0 + 1/3 */
        { 1, 0, 0, (double)DAY, 1.0 },
        /* f(2) = 3/4 at half an hour with h = 1 h: 3/4 / sqrt 2 + 1 + 3/8 */
        { 2, 1, HOUR / 2, (double)HOUR, 1.9053300858899107 },
        /* f(8) = 9/10 for ever ago: 1/5 + 9/20 */
        { 8, 0.2, 10000 * DAY, (double)HOUR, 0.65 },
        /* ten days: the part that does not fade, and 1/2048 */
        { 0, 0.5, 10 * DAY, (double)DAY, 0.75048828125 },
        /* a clock that was put back */
        { 0, 0.5, -DAY, (double)DAY, 1.25 },
    };
    double weight = memory_weight(rows[_i].uses, rows[_i].importance,
                                  rows[_i].idle, rows[_i].half_life);
    ck_assert_double_eq_tol(weight, rows[_i].weight, EXACT);
}
END_TEST
enum { ROWS = 8 };

static void add(struct memory_list *list, enum memory_tier tier, int64_t at,
                double importance, uint64_t uses)
{
    *array_add(&list->items) = (struct memory_entry){
        .id = list->items.count,
        .tier = tier,
        .text = memory_string("x"),
        .importance = importance,
        .made_at = at,
        .used_at = at,
        .uses = uses,
    };
}

/* A heap that was made when they came would let the old one live. */
START_TEST(the_least_is_found_at_the_moment_that_it_is_asked_for)
{
    struct memory_list list = { 0 };
    add(&list, MEMORY_SESSION, 0, 0.5, 1);        /* 1 + 1/2 fresh */
    add(&list, MEMORY_SESSION, 10 * DAY, 0.5, 0); /* 1.25 fresh */
    ck_assert_uint_eq(memory_list_least(&list, MEMORY_SESSION, 0, DAY), 1);
    ck_assert_uint_eq(memory_list_least(&list, MEMORY_SESSION, 10 * DAY, DAY),
                      0);
    ck_assert_uint_eq(memory_list_least(&list, MEMORY_WORKING, 0, DAY), 2);
    memory_list_clear(&list);
}
END_TEST

START_TEST(of_equals_the_oldest_goes)
{
    struct memory_list list = { 0 };
    add(&list, MEMORY_WORKING, 5, 0.5, 0);
    add(&list, MEMORY_WORKING, 3, 0.5, 0);
    add(&list, MEMORY_WORKING, 4, 0.5, 0);
    for (size_t i = 0; i < 3; i++)
        list.items.items[i].used_at = 9;
    ck_assert_uint_eq(memory_list_least(&list, MEMORY_WORKING, 100, DAY), 1);
    memory_list_clear(&list);
}
END_TEST

/* Against a search that knows nothing of lists: all pairs. */
START_TEST(nothing_weighs_less_than_the_least)
{
    for (unsigned seed = 1; seed < 200; seed++) {
        struct memory_list list = { 0 };
        srand(seed);
        for (int i = 0; i < 1 + rand() % 30; i++)
            add(&list, rand() % 2 ? MEMORY_WORKING : MEMORY_SESSION,
                rand() % 5 * DAY, rand() % 3 / 2.0, (uint64_t)(rand() % 4));
        int64_t now = rand() % 20 * DAY;
        size_t least = memory_list_least(&list, MEMORY_SESSION, now, DAY);
        for (size_t i = 0; i < list.items.count; i++) {
            const struct memory_entry *other = &list.items.items[i];
            if (other->tier != MEMORY_SESSION)
                continue;
            ck_assert_uint_lt(least, list.items.count);
            const struct memory_entry *one = &list.items.items[least];
            double a = memory_entry_weight(one, now, DAY);
            double b = memory_entry_weight(other, now, DAY);
            ck_assert(a < b || (a <= b && one->made_at <= other->made_at));
        }
        memory_list_clear(&list);
    }
}
END_TEST

START_TEST(a_name_says_whose_it_is)
{
    char name[MEMORY_NAME_SIZE];
    bool is_long_term;
    uint64_t id;
    struct memory_entry entry = { .id = 41, .tier = MEMORY_WORKING };
    ck_assert_str_eq(memory_entry_name(&entry, name), "s41");
    entry.tier = MEMORY_LONG_TERM;
    ck_assert_str_eq(memory_entry_name(&entry, name), "41");
    ck_assert(memory_name_parse(slice_of("s7"), &is_long_term, &id));
    ck_assert(!is_long_term && id == 7);
    ck_assert(memory_name_parse(slice_of("12"), &is_long_term, &id));
    ck_assert(is_long_term && id == 12);
    static const char *const none[] = {
        "", "s", "0", "x7", "7x", "-1", "99999999999999999999999"
    };
    for (size_t i = 0; i < COUNTOF(none); i++)
        ck_assert(!memory_name_parse(slice_of(none[i]), &is_long_term, &id));
}
END_TEST

START_TEST(tags_are_whole_words)
{
    struct memory_entry entry = { .tags = (char[]){ "editor two" } };
    ck_assert(memory_entry_has_tag(&entry, slice_of("EDITOR")));
    ck_assert(memory_entry_has_tag(&entry, slice_of("two")));
    ck_assert(!memory_entry_has_tag(&entry, slice_of("edit")));
    ck_assert(!memory_entry_has_tag(&entry, slice_of("")));
}
END_TEST

Suite *memory_entry_suite(void)
{
    Suite *suite = suite_create("memory_entry");
    TCase *tcase = tcase_create("memory_entry");
    tcase_add_loop_test(tcase, the_weight_is_that_of_the_formula, 0, ROWS);
    tcase_add_test(tcase,
                   the_least_is_found_at_the_moment_that_it_is_asked_for);
    tcase_add_test(tcase, of_equals_the_oldest_goes);
    tcase_add_test(tcase, nothing_weighs_less_than_the_least);
    tcase_add_test(tcase, a_name_says_whose_it_is);
    tcase_add_test(tcase, tags_are_whole_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
