/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "app/answer_guard.h"

Suite *answer_guard_suite(void);

static struct answer_guard shown_at(int64_t time)
{
    struct answer_guard guard = { 0 };
    answer_guard_show(&guard, 7);
    answer_guard_drawn(&guard, time);
    return guard;
}

START_TEST(without_a_question_no_key_answers)
{
    struct answer_guard guard = { 0 };
    answer_guard_drawn(&guard, 0);
    ck_assert(!answer_guard_takes(&guard, 1000));
}
END_TEST

START_TEST(keys_of_the_first_300_ms_are_refused)
{
    struct answer_guard guard = shown_at(5000);
    ck_assert(!answer_guard_takes(&guard, 5000));
    guard = shown_at(5000);
    ck_assert(!answer_guard_takes(&guard, 5299));
    guard = shown_at(5000);
    ck_assert(answer_guard_takes(&guard, 5300));
    ck_assert(answer_guard_takes(&guard, 5301));
}
END_TEST

START_TEST(a_key_that_is_held_down_never_answers)
{
    struct answer_guard guard = shown_at(0);
    for (int64_t now = 10; now < 60000; now += 33)
        ck_assert(!answer_guard_takes(&guard, now));
    ck_assert(answer_guard_takes(&guard, 61000));
}
END_TEST

START_TEST(a_question_counts_from_when_it_is_seen)
{
    struct answer_guard guard = { 0 };
    answer_guard_show(&guard, 7);
    ck_assert(!answer_guard_takes(&guard, 4000));
    answer_guard_drawn(&guard, 5000);
    answer_guard_drawn(&guard, 5200); /* again: no matter */
    ck_assert(answer_guard_takes(&guard, 5300));
}
END_TEST

START_TEST(the_next_question_begins_anew)
{
    struct answer_guard guard = shown_at(0);
    ck_assert(answer_guard_takes(&guard, 400));
    answer_guard_show(&guard, 7);
    ck_assert(answer_guard_takes(&guard, 401));
    answer_guard_show(&guard, 8);
    ck_assert(!answer_guard_takes(&guard, 402));
    answer_guard_drawn(&guard, 410);
    ck_assert(!answer_guard_takes(&guard, 709));
    answer_guard_show(&guard, 0);
    answer_guard_drawn(&guard, 800);
    ck_assert(!answer_guard_takes(&guard, 5000));
}
END_TEST

START_TEST(a_yes_that_nothing_speaks_against_counts_at_once)
{
    struct answer_guard guard = shown_at(0);
    struct answer_doubt none = { 0 };
    ck_assert(answer_guard_confirms(&guard, 1, &none, 400));
}
END_TEST

START_TEST(a_yes_to_what_is_not_seen_counts_the_second_time)
{
    static const struct answer_doubt doubts[] = { { .unseen = 12 },
                                                  { .has_hidden = true },
                                                  { .others = 2 },
                                                  { 3, true, 0 } };
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        struct answer_guard guard = shown_at(0);
        ck_assert(answer_guard_takes(&guard, 400));
        ck_assert(!answer_guard_confirms(&guard, 1, &doubts[i], 400));
        /* Not a key that bounced. */
        ck_assert(!answer_guard_takes(&guard, 500));
        ck_assert(answer_guard_takes(&guard, 800));
        ck_assert(answer_guard_confirms(&guard, 1, &doubts[i], 800));
    }
}
END_TEST

START_TEST(another_yes_or_another_doubt_is_told_again)
{
    struct answer_guard guard = shown_at(0);
    struct answer_doubt many = { .unseen = 12 }, few = { .unseen = 2 };
    ck_assert(!answer_guard_confirms(&guard, 1, &many, 400));
    ck_assert(!answer_guard_confirms(&guard, 2, &many, 800));
    ck_assert(!answer_guard_confirms(&guard, 2, &few, 1200));
    ck_assert(answer_guard_confirms(&guard, 2, &few, 1600));
    few.others = 1;
    ck_assert(!answer_guard_confirms(&guard, 2, &few, 1800));
    few.others = 0;
    /* What was told of one question was not told of the next. */
    answer_guard_show(&guard, 8);
    ck_assert(!answer_guard_confirms(&guard, 2, &few, 2000));
}
END_TEST

Suite *answer_guard_suite(void)
{
    Suite *suite = suite_create("answer_guard");
    TCase *tcase = tcase_create("answer_guard");
    tcase_add_test(tcase, without_a_question_no_key_answers);
    tcase_add_test(tcase, keys_of_the_first_300_ms_are_refused);
    tcase_add_test(tcase, a_key_that_is_held_down_never_answers);
    tcase_add_test(tcase, a_question_counts_from_when_it_is_seen);
    tcase_add_test(tcase, the_next_question_begins_anew);
    tcase_add_test(tcase, a_yes_that_nothing_speaks_against_counts_at_once);
    tcase_add_test(tcase, a_yes_to_what_is_not_seen_counts_the_second_time);
    tcase_add_test(tcase, another_yes_or_another_doubt_is_told_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
