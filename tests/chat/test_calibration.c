/* SPDX-License-Identifier: MIT */
/*
 * Servers that count by a law of their own, and conversations with them: each
 * turn brings a question and an answer of some length.
 */
#include <math.h>
#include <stdlib.h>

#include <check.h>

#include "base/compiler.h"
#include "base/random.h"
#include "chat/calibration.h"

Suite *calibration_suite(void);

enum { TURNS = 12, LEARNT = 5, CONVERSATIONS = 200 };

struct law {
    double scale, message, base;
    double noise; /* of a text, either way */
};

static const struct law laws[] = {
    { 1.0, 4, 3, 0 },     { 1.0, 5, 30, 0.05 }, { 1.15, 10, 0, 0.05 },
    { 0.85, 8, 1, 0.05 }, { 1.4, 3, 20, 0.08 }, { 0.7, 5, 5, 0.08 },
};

struct talk {
    struct random random;
    struct law law;
    uint64_t estimated, messages;
    double texts; /* tokens of all of them */
};

static void say(struct talk *talk, uint64_t least, uint64_t most)
{
    uint64_t estimated =
        least + (uint64_t)(random_real(&talk->random) * (double)(most - least));
    double off =
        1 + talk->law.noise * (2 * random_real(&talk->random) - 1) * 1.7;
    talk->estimated += estimated;
    talk->messages++;
    talk->texts += talk->law.scale * (double)estimated * off;
}

static uint64_t count_of(const struct talk *talk)
{
    return (uint64_t)lround(talk->texts +
                            talk->law.message * (double)talk->messages +
                            talk->law.base);
}

/* A turn after the first: how far off the next count was foretold. */
static double learn_turn(struct talk *talk, struct calibration *calibration)
{
    uint64_t counted = count_of(talk);
    struct extent news = { talk->estimated, talk->messages, false };
    say(talk, 80, 500);
    say(talk, 10, 300);
    news.estimated = talk->estimated - news.estimated;
    news.messages = talk->messages - news.messages;
    double exact = (double)count_of(talk);
    double told = (double)(counted + calibration_tokens(calibration, &news));
    calibration_learn(calibration, &news, count_of(talk) - counted);
    return fabs(told - exact) / exact;
}

static void begin(struct talk *talk, struct calibration *calibration)
{
    talk->estimated = talk->messages = 0;
    talk->texts = 0;
    say(talk, 20, 400);
    struct extent whole = { talk->estimated, talk->messages, true };
    calibration_learn(calibration, &whole, count_of(talk));
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

START_TEST(after_five_turns_the_next_count_is_foretold)
{
    double errors[CONVERSATIONS * (TURNS - LEARNT)];
    size_t count = 0;
    struct talk talk = { .law = laws[_i] };
    random_init(&talk.random, 7);
    for (int i = 0; i < CONVERSATIONS; i++) {
        struct calibration calibration;
        calibration_init(&calibration, TOKENS_O200K);
        begin(&talk, &calibration);
        for (int turn = 1; turn < TURNS; turn++) {
            double error = learn_turn(&talk, &calibration);
            if (turn >= LEARNT)
                errors[count++] = error;
        }
    }
    qsort(errors, count, sizeof *errors, by_size);
    ck_assert_double_le(errors[count / 2], 0.01);
    ck_assert_double_le(errors[count * 95 / 100], 0.04);
}
END_TEST

START_TEST(a_law_without_noise_is_found)
{
    struct talk talk = { .law = { 1.3, 7, 12, 0 } };
    struct calibration calibration;
    random_init(&talk.random, 3);
    calibration_init(&calibration, TOKENS_LLAMA3);
    for (int i = 0; i < 10; i++) {
        begin(&talk, &calibration);
        for (int turn = 1; turn < TURNS; turn++)
            learn_turn(&talk, &calibration);
    }
    struct extent text = { 1000, 0, false }, messages = { 0, 100, false };
    struct extent prompt = { 1000, 4, true };
    ck_assert_double_eq_tol((double)calibration_tokens(&calibration, &text),
                            1300, 13);
    ck_assert_double_eq_tol((double)calibration_tokens(&calibration, &messages),
                            700, 100);
    ck_assert_double_eq_tol((double)calibration_tokens(&calibration, &prompt),
                            1340, 14);
}
END_TEST

START_TEST(nineteen_of_twenty_are_within_the_margin)
{
    struct talk talk = { .law = laws[1] };
    size_t within = 0, count = 0;
    random_init(&talk.random, 5);
    struct calibration calibration;
    calibration_init(&calibration, TOKENS_O200K);
    for (int i = 0; i < CONVERSATIONS; i++) {
        begin(&talk, &calibration);
        for (int turn = 1; turn < TURNS; turn++, count++) {
            uint64_t counted = count_of(&talk);
            struct extent news = { talk.estimated, talk.messages, false };
            say(&talk, 80, 500);
            say(&talk, 10, 300);
            news.estimated = talk.estimated - news.estimated;
            news.messages = talk.messages - news.messages;
            uint64_t exact = count_of(&talk) - counted;
            uint64_t told = calibration_tokens(&calibration, &news);
            uint64_t margin = calibration_margin(&calibration, &news);
            within += exact + margin >= told && exact <= told + margin;
            calibration_learn(&calibration, &news, exact);
        }
    }
    ck_assert_uint_ge(within * 100, count * 90);
}
END_TEST

static void teach(struct calibration *calibration, const struct law *law)
{
    struct talk talk = { .law = *law };
    random_init(&talk.random, 11);
    begin(&talk, calibration);
    for (int turn = 1; turn < TURNS; turn++)
        learn_turn(&talk, calibration);
}

START_TEST(a_count_that_cannot_be_teaches_nothing)
{
    struct calibration calibration;
    calibration_init(&calibration, TOKENS_O200K);
    teach(&calibration, &laws[1]);
    struct calibration before = calibration;
    struct extent extent = { 4000, 9, true };
    /* Clipped to a window; only what was not cached. */
    ck_assert(!calibration_learn(&calibration, &extent, 2048));
    ck_assert(!calibration_learn(&calibration, &extent, 31));
    for (int i = 0; i < CALIBRATION_TERMS; i++)
        ck_assert_double_eq(calibration.value[i], before.value[i]);
    ck_assert_uint_eq(calibration_tokens(&calibration, &extent),
                      calibration_tokens(&before, &extent));
}
END_TEST

START_TEST(a_server_that_keeps_saying_so_is_believed)
{
    struct calibration calibration;
    calibration_init(&calibration, TOKENS_O200K);
    teach(&calibration, &laws[0]);
    struct extent news = { 1000, 2, false };
    /* Each time by another run. */
    for (int i = 0; i < 12; i++) {
        struct buf line = { 0 };
        calibration_learn(&calibration, &news, 2000);
        calibration_write(&calibration, &line);
        ck_assert(calibration_read(&calibration, buf_string(&line)));
        buf_clear(&line);
    }
    ck_assert_double_eq_tol((double)calibration_tokens(&calibration, &news),
                            2000, 60);
}
END_TEST

START_TEST(what_was_learnt_is_read_again)
{
    struct calibration calibration, read;
    struct buf line = { 0 };
    calibration_init(&calibration, TOKENS_O200K);
    calibration_init(&read, TOKENS_UNKNOWN);
    teach(&calibration, &laws[2]);
    calibration_write(&calibration, &line);
    ck_assert(calibration_read(&read, buf_string(&line)));
    struct extent extent = { 12345, 17, true };
    ck_assert_uint_eq(calibration_tokens(&read, &extent),
                      calibration_tokens(&calibration, &extent));
    ck_assert_uint_eq(calibration_margin(&read, &extent),
                      calibration_margin(&calibration, &extent));
    ck_assert_uint_eq(read.count, TURNS);
    buf_clear(&line);
}
END_TEST

static const char *const bad_lines[] = {
    "",
    "1",
    "2 5 0 .05 1 5 5 0 0 0 0 0 0",
    "1 5 0 .05 1 5 5 0 0 0 0 0",
    "1 5 0 .05 nan 5 5 0 0 0 0 0 0", /* no number */
    "1 5 0 .05 90 5 5 0 0 0 0 0 0",  /* no scale */
    "1 5 0 .05 1 -5 5 0 0 0 0 0 0",  /* no message */
    "1 5 0 .05 1 5 5 -1 0 0 0 0 0",  /* no spread */
    "1 5 0 7 1 5 5 0 0 0 0 0 0",     /* no noise */
    "1 5 0 .05 1 5 inf 0 0 0 0 0 0",
};

START_TEST(what_is_none_changes_nothing)
{
    struct calibration calibration;
    calibration_init(&calibration, TOKENS_O200K);
    struct extent extent = { 1000, 0, false };
    ck_assert(!calibration_read(&calibration, bad_lines[_i]));
    ck_assert_uint_eq(calibration_tokens(&calibration, &extent), 1000);
}
END_TEST

Suite *calibration_suite(void)
{
    Suite *suite = suite_create("calibration");
    TCase *tcase = tcase_create("calibration");
    tcase_add_loop_test(tcase, after_five_turns_the_next_count_is_foretold, 0,
                        COUNTOF(laws));
    tcase_add_test(tcase, a_law_without_noise_is_found);
    tcase_add_test(tcase, nineteen_of_twenty_are_within_the_margin);
    tcase_add_test(tcase, a_count_that_cannot_be_teaches_nothing);
    tcase_add_test(tcase, a_server_that_keeps_saying_so_is_believed);
    tcase_add_test(tcase, what_was_learnt_is_read_again);
    tcase_add_loop_test(tcase, what_is_none_changes_nothing, 0,
                        COUNTOF(bad_lines));
    suite_add_tcase(suite, tcase);
    return suite;
}
