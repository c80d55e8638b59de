/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <check.h>

#include "base/memory.h"
#include "store/memory_rank.h"

Suite *memory_rank_suite(void);

#define DAY 86400000

static struct memory_list list;
static struct word_set words;

static void setup(void)
{
    list = (struct memory_list){ 0 };
    words = (struct word_set){ 0 };
}

static void teardown(void)
{
    memory_list_clear(&list);
    word_set_clear(&words);
}

static struct memory_entry *add(uint64_t id, const char *text,
                                double importance, int64_t used_at)
{
    struct memory_entry *entry = array_add(&list.items);
    *entry = (struct memory_entry){ .id = id,
                                    .tier = MEMORY_SESSION,
                                    .text = memory_string(text),
                                    .tags = memory_string(""),
                                    .importance = importance,
                                    .made_at = used_at,
                                    .used_at = used_at };
    return entry;
}

static void point(struct memory_entry *entry, float x, float y)
{
    entry->dimension = 2;
    entry->vector = memory_alloc(2 * sizeof(float));
    entry->vector[0] = x;
    entry->vector[1] = y;
    ck_assert(memory_normalise(entry->vector, 2));
}

static void rank(const char *prompt, const float *vector, size_t most)
{
    word_set_add(&words, slice_of(prompt));
    struct memory_ask ask = { .words = &words,
                              .vector = vector,
                              .dimension = vector ? 2 : 0,
                              .most = most,
                              .half_life_ms = DAY };
    for (size_t i = 0; vector && i < list.items.count; i++)
        if (list.items.items[i].dimension)
            memory_spread_add(
                &ask.spread,
                memory_cosine(vector, list.items.items[i].vector, 2));
    memory_rank(&list, &ask);
}

static uint64_t id(size_t index)
{
    ck_assert_uint_lt(index, list.items.count);
    return list.items.items[index].id;
}

/* However heavy it is: what is not about it is not told. */
START_TEST(relevance_is_a_gate)
{
    add(1, "my cat is called Haskell", 0.99, 0)->uses = 1000;
    add(2, "the editor is neovim", 0, -1000LL * DAY);
    rank("which editor do I use", NULL, 5);
    ck_assert_uint_eq(list.items.count, 1);
    ck_assert_uint_eq(id(0), 2);
    ck_assert_double_eq(list.items.items[0].relevance, 1);
}
END_TEST

/* 1 * (1 + .3 * 1.25) = 1.375 against .5 * (1 + .3 * 2.25) = .8375; of the same
 * relevance the weight decides. */
START_TEST(the_weight_counts_less_than_relevance)
{
    add(1, "editor colours", 0.9, 0)->uses = 1000000;
    add(2, "editor neovim", 0.5, 0);
    add(3, "editor neovim tabs", 0.9, 0);
    rank("neovim editor question", NULL, 5);
    ck_assert_uint_eq(list.items.count, 3);
    ck_assert_uint_eq(id(0), 2);
    ck_assert_uint_eq(id(1), 3);
    ck_assert_uint_eq(id(2), 1);
}
END_TEST

START_TEST(no_more_than_the_most_are_told)
{
    for (uint64_t i = 1; i <= 9; i++)
        add(i, "editor neovim", 0.1 * (double)i, 0);
    rank("neovim editor", NULL, 2);
    ck_assert_uint_eq(list.items.count, 2);
    ck_assert_uint_eq(id(0), 9);
    ck_assert_uint_eq(id(1), 8);
}
END_TEST

START_TEST(what_is_most_important_fits_any_prompt)
{
    add(1, "metric units, please", 1, -1000LL * DAY);
    add(2, "metric units, please", 0.99, 0);
    rank("how far is the moon", NULL, 5);
    ck_assert_uint_eq(list.items.count, 1);
    ck_assert_uint_eq(id(0), 1);
}
END_TEST

START_TEST(a_tag_is_as_good_as_a_word)
{
    struct memory_entry *entry = add(1, "it runs on gpu3", 0.5, 0);
    free(entry->tags);
    entry->tags = memory_string("training loader");
    rank("my training dies after a while, what now", NULL, 5);
    ck_assert_uint_eq(list.items.count, 1);
}
END_TEST

/* Ranks 1 and 2 by words, 2 and 1 by vector: 61/2 * (1/61 + 1/62) of both; a
 * third one by its vector alone: 61/2 * 1/63. */
START_TEST(both_orders_are_joined_by_their_ranks)
{
    const float prompt[2] = { 1, 0 };
    point(add(1, "neovim editor", 0.5, 0), 1, 0.2F);
    point(add(2, "editor other words here", 0.5, 0), 1, 0);
    point(add(3, "nothing in common", 0.5, 0), 1, 0.4F);
    point(add(4, "far away", 0.5, 0), 0, 1);
    rank("neovim editor", prompt, 5);
    ck_assert_uint_eq(list.items.count, 3);
    double two = 61 / 2.0 * (1 / 61.0 + 1 / 62.0), three = 61 / 2.0 / 63;
    ck_assert_double_eq_tol(list.items.items[0].relevance, two, 1e-12);
    ck_assert_double_eq_tol(list.items.items[1].relevance, two, 1e-12);
    ck_assert_uint_eq(id(2), 3);
    ck_assert_double_eq_tol(list.items.items[2].relevance, three, 1e-12);
}
END_TEST

/* Some models find everything alike: what counts is what stands out. */
START_TEST(a_cosine_among_many_has_to_stand_out)
{
    struct memory_spread many = { 0 }, few = { 0 };
    for (int i = 0; i < 99; i++)
        memory_spread_add(&many, 0.7);
    memory_spread_add(&many, 0.9);
    double least = memory_spread_least(&many);
    ck_assert_double_gt(least, 0.702);
    ck_assert_double_lt(least, 0.9);
    memory_spread_add(&few, 0.9);
    ck_assert_double_eq(memory_spread_least(&few), MEMORY_COSINE_ALONE);
}
END_TEST

START_TEST(a_vector_of_nothing_is_none)
{
    float zero[2] = { 0, 0 }, odd[2] = { 1.0F / 0.0F, 1 };
    ck_assert(!memory_normalise(zero, 2));
    ck_assert(!memory_normalise(odd, 2));
}
END_TEST

Suite *memory_rank_suite(void)
{
    Suite *suite = suite_create("memory_rank");
    TCase *tcase = tcase_create("memory_rank");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, relevance_is_a_gate);
    tcase_add_test(tcase, the_weight_counts_less_than_relevance);
    tcase_add_test(tcase, no_more_than_the_most_are_told);
    tcase_add_test(tcase, what_is_most_important_fits_any_prompt);
    tcase_add_test(tcase, a_tag_is_as_good_as_a_word);
    tcase_add_test(tcase, both_orders_are_joined_by_their_ranks);
    tcase_add_test(tcase, a_cosine_among_many_has_to_stand_out);
    tcase_add_test(tcase, a_vector_of_nothing_is_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
