/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/lesson.h"

Suite *lesson_suite(void);

static void ck_near(double value, double expected)
{
    ck_assert_msg(fabs(value - expected) < 1e-9, "%.9f is not %.9f", value,
                  expected);
}

START_TEST(each_vote_moves_the_threshold_by_less_than_the_one_before)
{
    enum vote vote = _i ? VOTE_HIGHER : VOTE_LOWER;
    struct lesson lesson = { .own = .55 };
    double before = 0, step = LESSON_MOST;
    for (int i = 0; i < 200; i++) {
        lesson_count(&lesson, vote, 1);
        double offset = lesson_offset(&lesson);
        ck_assert(_i ? offset < 0 : offset > 0);
        ck_assert_double_lt(fabs(offset - before), step);
        step = fabs(offset - before);
        before = offset;
    }
    ck_assert_double_le(fabs(before), LESSON_MOST);
    /* A first one is slow: less than a hundredth. */
    struct lesson one = { .own = .55 };
    lesson_count(&one, vote, 1);
    ck_assert_double_lt(fabs(lesson_offset(&one)), .01);
}
END_TEST

START_TEST(no_number_of_votes_moves_it_beyond_its_bounds)
{
    struct lesson lesson = { .higher = UINT32_MAX };
    ck_assert_double_ge(lesson_offset(&lesson), -LESSON_MOST);
    lesson_count(&lesson, VOTE_HIGHER, 1);
    ck_assert_uint_eq(lesson.higher, UINT32_MAX);
    ck_near(lesson_threshold(&lesson, .1), 0);
    lesson = (struct lesson){ .lower = UINT32_MAX };
    ck_assert_double_le(lesson_offset(&lesson), LESSON_MOST);
    ck_near(lesson_threshold(&lesson, .9), 1);
}
END_TEST

START_TEST(the_order_of_votes_does_not_matter_and_one_can_be_taken_back)
{
    struct lesson one = { 0 }, other = { 0 };
    lesson_count(&one, VOTE_HIGHER, 1);
    lesson_count(&one, VOTE_LOWER, 1);
    lesson_count(&one, VOTE_LOWER, 1);
    lesson_count(&other, VOTE_LOWER, 1);
    lesson_count(&other, VOTE_HIGHER, 1);
    lesson_count(&other, VOTE_HIGHER, 1);
    lesson_count(&other, VOTE_HIGHER, -1);
    lesson_count(&other, VOTE_LOWER, 1);
    ck_near(lesson_offset(&one), lesson_offset(&other));
    lesson_count(&one, VOTE_LOWER, -1);
    ck_near(lesson_offset(&one), 0);
    lesson_count(&one, VOTE_HIGHER, -1);
    lesson_count(&one, VOTE_HIGHER, -1);
    lesson_count(&one, VOTE_NONE, 1);
    ck_assert_uint_eq(one.higher, 0);
    ck_assert_uint_eq(one.lower, 1);
}
END_TEST

START_TEST(it_is_told_what_is_the_profiles_and_what_was_learnt)
{
    struct buf words = { 0 };
    struct lesson lesson = { .own = .55 };
    lesson_words(&lesson, .55, &words);
    ck_assert_str_eq(buf_string(&words), "");
    lesson.lower = 5;
    lesson.higher = 1;
    lesson_words(&lesson, .55, &words);
    ck_assert_str_eq(buf_string(&words),
                     "threshold 0.57: 0.55 of the profile, +0.02 from 6 "
                     "preferences");
    buf_reset(&words);
    lesson = (struct lesson){ .own = .55, .higher = 1 };
    lesson_words(&lesson, .55, &words);
    ck_assert_str_eq(buf_string(&words),
                     "threshold 0.54: 0.55 of the profile, -0.01 from 1 "
                     "preference");
    buf_clear(&words);
}
END_TEST

/* Three rungs, threshold .5 and band .1: the first two part at .5, the last two
 * in the middle of what is above .6. */
START_TEST(only_neighbours_near_where_they_part_say_something)
{
    static const struct {
        size_t better, other;
        bool is_same;
        double score;
        enum vote vote;
    } cases[] = {
        { 1, 0, false, .5, VOTE_HIGHER },  { 0, 1, false, .5, VOTE_LOWER },
        { 1, 0, true, .5, VOTE_LOWER },    { 0, 1, true, .5, VOTE_LOWER },
        { 1, 0, false, .31, VOTE_HIGHER }, { 1, 0, false, .29, VOTE_NONE },
        { 1, 0, false, .69, VOTE_HIGHER }, { 1, 0, false, .71, VOTE_NONE },
        { 2, 1, false, .8, VOTE_HIGHER },  { 2, 1, false, .59, VOTE_NONE },
        { 2, 0, false, .5, VOTE_NONE },    { 0, 0, false, .5, VOTE_NONE },
        { 3, 2, false, .8, VOTE_NONE },    { 0, 3, true, .5, VOTE_NONE },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        const char *why;
        const struct lesson_case said = {
            .better = cases[i].better,
            .other = cases[i].other,
            .count = 3,
            .is_same = cases[i].is_same,
            .score = cases[i].score,
            .threshold = .5,
            .band = .1,
        };
        ck_assert_msg(lesson_vote(&said, &why) == cases[i].vote, "case %zu", i);
        ck_assert((why == NULL) == (cases[i].vote != VOTE_NONE));
    }
}
END_TEST

START_TEST(what_is_kept_comes_back_and_what_is_none_is_nothing)
{
    static const char *const none[] = { "",        "0.5",
                                        "x 1 2 3", "0.5 1 2 3 4",
                                        "7 1 2 3", "nan 1 2 3" };
    struct lesson lesson = { .1 + .2, 7, 4, 1795881600123 }, back;
    struct buf text = { 0 };
    lesson_format(&lesson, &text);
    ck_assert(lesson_parse(&back, buf_string(&text)));
    ck_assert(back.own >= lesson.own && back.own <= lesson.own);
    ck_assert_uint_eq(back.higher, 7);
    ck_assert_uint_eq(back.lower, 4);
    ck_assert_int_eq(back.since, lesson.since);
    buf_clear(&text);
    for (size_t i = 0; i < COUNTOF(none); i++) {
        ck_assert_msg(!lesson_parse(&back, none[i]), "%s", none[i]);
        ck_assert_uint_eq(back.higher + back.lower, 0);
    }
}
END_TEST

START_TEST(votes_have_names)
{
    ck_assert_str_eq(vote_name(VOTE_HIGHER), "higher");
    ck_assert_str_eq(vote_name(VOTE_LOWER), "lower");
    ck_assert_int_eq(vote_parse(slice_of("lower")), VOTE_LOWER);
    ck_assert_int_eq(vote_parse(slice_of("")), VOTE_NONE);
    ck_assert_int_eq(vote_parse(slice_of("upper")), VOTE_NONE);
}
END_TEST

Suite *lesson_suite(void)
{
    Suite *suite = suite_create("lesson");
    TCase *tcase = tcase_create("lesson");
    tcase_add_loop_test(
        tcase, each_vote_moves_the_threshold_by_less_than_the_one_before, 0, 2);
    tcase_add_test(tcase, no_number_of_votes_moves_it_beyond_its_bounds);
    tcase_add_test(
        tcase, the_order_of_votes_does_not_matter_and_one_can_be_taken_back);
    tcase_add_test(tcase, it_is_told_what_is_the_profiles_and_what_was_learnt);
    tcase_add_test(tcase, only_neighbours_near_where_they_part_say_something);
    tcase_add_test(tcase, what_is_kept_comes_back_and_what_is_none_is_nothing);
    tcase_add_test(tcase, votes_have_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
