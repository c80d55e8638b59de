/* SPDX-License-Identifier: MIT */
/*
 * Why a prompt goes where it goes: the few words of one line, and JSON.
 */
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "chat/decision.h"

Suite *decision_suite(void);

START_TEST(the_few_words_name_what_decided)
{
    static const struct {
        struct ladder_choice choice;
        bool is_pinned;
        const char *why;
    } cases[] = {
        { { .cause = LADDER_NONE }, false, "" },
        { { .cause = LADDER_NONE }, true, "you chose" },
        { { .cause = LADDER_ONLY }, false, "the only free rung" },
        { { .cause = LADDER_RULE, .rule = 2 }, false, "rule 2" },
        { { .cause = LADDER_SCORE, .complexity.score = .31, .threshold = .55 },
          false,
          "score .31 < .55" },
        { { .cause = LADDER_SCORE,
            .complexity.score = .52,
            .threshold = .55,
            .is_watched = true },
          false,
          "score .52 near .55" },
        { { .cause = LADDER_SCORE,
            .complexity.score = .72,
            .threshold = .55,
            .edge = .65 },
          false,
          "score .72 >= .65" },
        { { .cause = LADDER_SCORE, .complexity.score = 1, .edge = .65 },
          false,
          "score 1.00 >= .65" },
    };
    struct route route = { .is_pinned = cases[_i].is_pinned };
    struct buf why = { 0 };
    decision_append_why(&route, &cases[_i].choice, &why);
    ck_assert_str_eq(buf_string(&why), cases[_i].why);
    buf_clear(&why);
}
END_TEST

enum { WHY_CASES = 8 };

START_TEST(reasons_are_a_list_whatever_is_in_them)
{
    struct complexity known = { .has_words = true }, unknown = { 0 };
    struct buf out = { 0 };
    decision_append_reasons("", slice_of(""), NULL, &out);
    ck_assert_str_eq(buf_string(&out), "[]");
    buf_reset(&out);
    decision_append_reasons("", slice_of("a \"b\"\nc\n"), &known, &out);
    ck_assert_str_eq(buf_string(&out), "[\"a \\\"b\\\"\",\"c\"]");
    buf_reset(&out);
    decision_append_reasons("first", slice_of("a\n"), &unknown, &out);
    ck_assert_str_eq(buf_string(&out),
                     "[\"first\",\"a\",\"its words are not known: they do not "
                     "count in the score\"]");
    buf_clear(&out);
}
END_TEST

START_TEST(features_are_an_object_with_all_of_them)
{
    struct complexity complexity;
    struct error err = { 0 };
    struct buf out = { 0 };
    complexity_judge(slice_of("If each of 3 boxes holds 2.5 kg, how much?"),
                     &complexity);
    decision_append_features(&complexity, &out);
    json_t *root = json_parse(buf_slice(&out), &err);
    ck_assert_msg(root != NULL, "%s", err.text);
    ck_assert_uint_eq(json_object_size(root), COMPLEXITY_COUNT);
    for (int i = 0; i < COMPLEXITY_COUNT; i++) {
        double value = 0, weight = 0;
        const json_t *feature = json_object_get(
            root, complexity_feature_name((enum complexity_feature)i));
        ck_assert(json_number(feature, "value", &value));
        ck_assert(json_number(feature, "weight", &weight));
        ck_assert_double_eq_tol(value, complexity.value[i], .001);
        ck_assert_double_eq_tol(weight, complexity.weight[i], .01);
    }
    json_decref(root);
    buf_clear(&out);
}
END_TEST

Suite *decision_suite(void)
{
    Suite *suite = suite_create("decision");
    TCase *tcase = tcase_create("decision");
    tcase_add_loop_test(tcase, the_few_words_name_what_decided, 0, WHY_CASES);
    tcase_add_test(tcase, reasons_are_a_list_whatever_is_in_them);
    tcase_add_test(tcase, features_are_an_object_with_all_of_them);
    suite_add_tcase(suite, tcase);
    return suite;
}
