/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/random.h"

Suite *random_suite(void);

/* The first outputs of SplitMix64 for the seed 1234567, from the reference
 * implementation (prng.di.unimi.it), their upper 53 bits over 2^53. */
START_TEST(a_seed_gives_the_numbers_of_the_reference)
{
    static const uint64_t outputs[] = {
        UINT64_C(6457827717110365317),
        UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),
    };
    struct random random;
    random_init(&random, 1234567);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(random_real(&random),
                            (double)(outputs[i] >> 11) /
                                (double)(UINT64_C(1) << 53));
}
END_TEST

START_TEST(without_a_seed_two_begin_differently)
{
    struct random one, two;
    random_init(&one, 0);
    random_init(&two, 0);
    ck_assert(one.state != two.state);
    for (int i = 0; i < 1000; i++) {
        double number = random_real(&one);
        ck_assert(number >= 0 && number < 1);
    }
}
END_TEST

Suite *random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tcase = tcase_create("random");
    tcase_add_test(tcase, a_seed_gives_the_numbers_of_the_reference);
    tcase_add_test(tcase, without_a_seed_two_begin_differently);
    suite_add_tcase(suite, tcase);
    return suite;
}
