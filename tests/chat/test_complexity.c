/* SPDX-License-Identifier: MIT */
/*
 * Values are counted by hand: a word is a run of letters (and apostrophes inside
 * it), logs are natural and of one more.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "chat/complexity.h"

Suite *complexity_suite(void);

static struct complexity judge(const char *text)
{
    struct complexity complexity;
    complexity_judge(slice_of(text), &complexity);
    return complexity;
}

/* One feature of one text. A negative count: the value is no log. */
static const struct {
    const char *text;
    enum complexity_feature feature;
    int count; /* of which the value is the log */
    double value;
} values[] = {
    { "don't don't o'clock o'clock", COMPLEXITY_REPEATED, 2, 0 },
    { "Grüße grüße Ärger ärger Привет привет", COMPLEXITY_REPEATED, 3, 0 },
    { "हिन्दी हिन्दी", COMPLEXITY_VARIED, -1, .5 },
    { "a b a B c A", COMPLEXITY_REPEATED, 3, 0 },
    { "a b a B c A", COMPLEXITY_VARIED, -1, .5 },
    { "One. Two! Three? 4.5 no", COMPLEXITY_SENTENCES, 3, 0 },
    { "no stop at all", COMPLEXITY_SENTENCES, 1, 0 },
    { "a, b, c d", COMPLEXITY_COMMAS, -1, .5 },
    { "f(g(x))", COMPLEXITY_BRACKETS, 2, 0 },
    { "f(x) { a_b[1]; }", COMPLEXITY_CODE, 8, 0 },
    { "If it must, then exactly at most", COMPLEXITY_CONDITIONS, 6, 0 },
    { "each total ratio apple", COMPLEXITY_QUANTITIES, 3, 0 },
    { "more than both others", COMPLEXITY_COMPARISONS, 4, 0 },
    { "never say no to it now", COMPLEXITY_NEGATIONS, -1, .2 },
    { "she told him her story today", COMPLEXITY_STORY, -1, .4 },
    { "write code for a parser", COMPLEXITY_MAKING, 2, 0 },
    { "list all of it and explain", COMPLEXITY_ORDERS, -1, .2 },
    { "tell me", COMPLEXITY_NO_QUESTION, -1, 1 },
    { "why?", COMPLEXITY_NO_QUESTION, -1, 0 },
    { "Who was it?", COMPLEXITY_LOOKUP, -1, 1 },
    { "It was who?", COMPLEXITY_LOOKUP, -1, 0 },
    { "7 and 7 and 12 are 26", COMPLEXITY_NUMBERS, 3, 0 },
    { "2.5 of 3", COMPLEXITY_DECIMALS, -1, 1 },
    { "2,500 of 3.", COMPLEXITY_DECIMALS, -1, 0 },
    { "Prove it. Why? Explain! An explanation", COMPLEXITY_REASONING, 4, 0 },
    { "Beweise es und erkläre das, der Beweis ist", COMPLEXITY_REASONING, 3,
      0 },
    { "증명하고 설명해", COMPLEXITY_REASONING, 2, 0 },
    { "请证明并解释", COMPLEXITY_REASONING, 2, 0 },
    { "hello, translate that for me now", COMPLEXITY_CHORES, -1, .2 },
    { "Спасибо, и привет от нас всех", COMPLEXITY_CHORES, -1, .2 },
    /* What was pasted counts a sixteenth, and no repetition. */
    { "What is it?\n```\n((((((((((((((((\n```", COMPLEXITY_BRACKETS, 1, 0 },
    { "What is it?\n> (a) (b) (c) (d) (e) (f) (g) (h)\n> (a) (b) (c) (d) (e) "
      "(f) (g) (h)",
      COMPLEXITY_BRACKETS, 1, 0 },
    { "What is it?\n> a a a a", COMPLEXITY_REPEATED, 0, 0 },
    { "id: 1 (one), 2\nid: 2 (two), 3\nid: 3 (six), 4\nid: 4 (ten), 5\n",
      COMPLEXITY_BRACKETS, 4, 0 },
};

START_TEST(a_feature_is_what_its_name_says)
{
    struct complexity complexity = judge(values[_i].text);
    double expected =
        values[_i].count < 0 ? values[_i].value : log1p(values[_i].count);
    double value = complexity.value[values[_i].feature];
    ck_assert_msg(fabs(value - expected) < 1e-9, "%s: %s is %f, not %f",
                  values[_i].text, complexity_feature_name(values[_i].feature),
                  value, expected);
}
END_TEST

START_TEST(the_score_is_of_the_sum_and_no_feature_outweighs_three_spreads)
{
    struct complexity complexity =
        judge("what is ((((((((((((((((((((((((((((((((((((((((");
    double sum = 0;
    for (int i = 0; i < COMPLEXITY_COUNT; i++) {
        ck_assert(fabs(complexity.weight[i]) <= 3);
        sum += complexity.weight[i];
    }
    ck_assert_double_eq(complexity.weight[COMPLEXITY_BRACKETS], 3);
    ck_assert_double_eq_tol(complexity.score, 1 / (1 + exp(-sum / 6)), 1e-12);
}
END_TEST

/* What anybody would order so. */
static const struct {
    const char *easy, *hard;
} pairs[] = {
    { "hello", "Design a cache. It must not lose writes, except if the disk is "
               "full; explain why each lock is needed, and list all cases in "
               "which two writers could wait for one another." },
    { "What is the capital of France?",
      "Write a function that finds the shortest path between two towns if some "
      "of the roads are closed. Then prove that it never visits a town more "
      "than once, and compare it with another algorithm." },
    { "Who wrote Faust?",
      "A woman had three boxes. She gave her brother half of the pencils and "
      "then bought twice as many as she had left. If each box holds less than "
      "ten more than the others, how many pencils did she have at first?" },
};

START_TEST(what_takes_thought_scores_higher_than_what_is_looked_up)
{
    struct complexity easy = judge(pairs[_i].easy);
    struct complexity hard = judge(pairs[_i].hard);
    ck_assert_msg(easy.score < .4, "%s: %f", pairs[_i].easy, easy.score);
    ck_assert_msg(hard.score > .6, "%s: %f", pairs[_i].hard, hard.score);
}
END_TEST

/* The same question. */
static const char *const capitals[] = {
    "Was ist die Hauptstadt von Frankreich und wie viele Leute wohnen dort?",
    "Quelle est la capitale de la France et combien de gens y habitent ?",
    "¿Cuál es la capital de Francia y cuánta gente vive allí?",
    "Какой город столица Франции и сколько там живёт людей?",
    "法国的首都是哪里？",
    "フランスの首都はどこですか？",
    "프랑스의 수도는 어디입니까?",
    "ما هي عاصمة فرنسا؟",
    "फ्रांस की राजधानी क्या है?",
};

START_TEST(another_language_is_not_hard_for_being_another)
{
    struct complexity complexity = judge(capitals[_i]);
    ck_assert_msg(complexity.score < .4, "%s: %f", capitals[_i],
                  complexity.score);
    ck_assert_double_eq(complexity.value[COMPLEXITY_NO_QUESTION], 0);
}
END_TEST

/* Of which the lexicon knows nothing; the rest then says .4 more. */
START_TEST(what_lists_say_counts_only_where_the_language_is_known)
{
    static const enum complexity_feature of_lists[] = {
        COMPLEXITY_CONDITIONS, COMPLEXITY_QUANTITIES, COMPLEXITY_COMPARISONS,
        COMPLEXITY_NEGATIONS,  COMPLEXITY_STORY,      COMPLEXITY_MAKING,
        COMPLEXITY_ORDERS,     COMPLEXITY_REASONING,  COMPLEXITY_CHORES,
        COMPLEXITY_LOOKUP,
    };
    struct complexity complexity =
        judge("Jaka jest stolica Francji i ilu ludzi tam mieszka w tym roku?");
    double sum = 0;
    ck_assert(!complexity.has_words);
    for (size_t i = 0; i < COUNTOF(of_lists); i++)
        ck_assert_double_eq(complexity.weight[of_lists[i]], 0);
    for (int i = 0; i < COMPLEXITY_COUNT; i++)
        sum += complexity.weight[i];
    ck_assert_double_eq_tol(complexity.score, 1 / (1 + exp(-1.4 * sum / 6)),
                            1e-12);
}
END_TEST

/* The question may stand behind what it is about. */
START_TEST(of_a_very_long_text_both_ends_are_read)
{
    struct buf text = { 0 };
    struct complexity complexity;
    buf_append_string(&text, "Prove it.\n");
    for (int i = 0; i < 20000; i++)
        buf_append_string(&text, "what is it ");
    buf_append_string(&text, "\nWhy? Explain.");
    complexity_judge(buf_slice(&text), &complexity);
    ck_assert_double_eq_tol(complexity.value[COMPLEXITY_REASONING], log1p(3),
                            1e-9);
    buf_clear(&text);
}
END_TEST

START_TEST(any_bytes_are_judged)
{
    struct buf text = { 0 };
    uint32_t state = 1;
    for (int i = 0; i < 100000; i++) {
        state = state * 1664525u + 1013904223u;
        buf_append_char(&text, (char)(state >> 24));
    }
    for (size_t len = 0; len <= text.len; len += len < 64 ? 1 : 9973) {
        struct complexity complexity;
        complexity_judge((struct slice){ text.ptr, len }, &complexity);
        ck_assert(complexity.score >= 0 && complexity.score <= 1);
    }
    buf_clear(&text);
    struct complexity nothing;
    complexity_judge((struct slice){ 0 }, &nothing);
    ck_assert(nothing.score < .5);
}
END_TEST

Suite *complexity_suite(void)
{
    Suite *suite = suite_create("complexity");
    TCase *tcase = tcase_create("complexity");
    tcase_add_loop_test(tcase, a_feature_is_what_its_name_says, 0,
                        COUNTOF(values));
    tcase_add_test(
        tcase, the_score_is_of_the_sum_and_no_feature_outweighs_three_spreads);
    tcase_add_loop_test(tcase,
                        what_takes_thought_scores_higher_than_what_is_looked_up,
                        0, COUNTOF(pairs));
    tcase_add_loop_test(tcase, another_language_is_not_hard_for_being_another,
                        0, COUNTOF(capitals));
    tcase_add_test(tcase,
                   what_lists_say_counts_only_where_the_language_is_known);
    tcase_add_test(tcase, of_a_very_long_text_both_ends_are_read);
    tcase_add_test(tcase, any_bytes_are_judged);
    suite_add_tcase(suite, tcase);
    return suite;
}
