/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/answer_look.h"
#include "chat/arithmetic.h"

Suite *answer_look_suite(void);

enum { NONE, RIGHT, WRONG };

/* What stands there, and whether it is right; NONE: no calculation. */
static const struct {
    const char *text;
    int verdict;
    double value;
} calculations[] = {
    { "12 * 4 = 48", RIGHT, 48 },
    { "12 * 4 = 44", WRONG, 48 },
    { "he runs 3 x 60 = 180 m", RIGHT, 180 },
    { "8 \xC3\x97 $5 = $40", RIGHT, 40 },
    { "\\(12 \\times 4 = 44\\)", WRONG, 48 },
    { "\\$12 \\cdot 4 = \\boxed{48}", RIGHT, 48 },
    { "12 * 4 = **48**", RIGHT, 48 },
    { "200 / 100 \\* 40 = 80", RIGHT, 80 },
    { "(3 + 4) * 2 = 15", WRONG, 14 },
    { "2 + 3 * 4 = 14", RIGHT, 14 },
    { "2 + 3 * 4 = 20", WRONG, 14 },
    { "2^10 = 1024", RIGHT, 1024 },
    { "9 - 12 = -3", RIGHT, -3 },
    { "1,200 + 300 = 1,500", RIGHT, 1500 },
    { "3 hours * 60 mph = 180 miles", RIGHT, 180 },
    { "80/120 = 0.67", RIGHT, 80.0 / 120 },
    { "80/120 = 0.6", WRONG, 80.0 / 120 },
    { "7/2 = 3", RIGHT, 3.5 }, /* rounded, or what is left out of */
    { "7 * 2 = 13", WRONG, 14 },
    { "0.1 + 0.2 = 0.3", RIGHT, 0.3 },
    { "15% * 200 = 30", RIGHT, 30 },
    { "20 / 80 = 25%", RIGHT, .25 },
    { "- 2 + 3 = 6", WRONG, 5 }, /* a line of a list */
    { "22 + 4 x 12 = 22 + 48", RIGHT, 70 },
    { "10 * (1 - 20/100) = 10 * 0.8", RIGHT, 8 },
    { "22 + 4 x 12 = 22 + 40", WRONG, 70 },
    { "40 - 2y + 4y = 70", NONE, 0 },
    { "6s + 9 = 3", NONE, 0 },
    { "x + 2 + 3 = 9", NONE, 0 },
    { "f(2) = 3", NONE, 0 },
    { "2 = 2", NONE, 0 },
    { "1/2 + 1/3 = 5/6", NONE, 0 },
    { "if (a + 1 == 2)", NONE, 0 },
    { "v1.2 + 3 = 4", NONE, 0 },
    { "2020-01-02", NONE, 0 },
    { "```\ny = 2 * 3 = 7\n```", NONE, 0 },
    { "1 / 0 = 5", RIGHT, INFINITY }, /* nothing to compare with */
};

struct met {
    int count;
    struct calculation first;
};

static void on_calculation(void *context, const struct calculation *found)
{
    struct met *met = context;
    if (met->count++ == 0)
        met->first = *found;
}

START_TEST(a_calculation_is_done_again)
{
    struct met met = { 0 };
    const char *text = calculations[_i].text;
    arithmetic_check(slice_of(text), on_calculation, &met);
    if (calculations[_i].verdict == NONE) {
        ck_assert_msg(met.count == 0, "%s: %.*s", text,
                      SLICE_ARG(met.first.text));
        return;
    }
    ck_assert_msg(met.count == 1, "%s: %d", text, met.count);
    ck_assert_msg(met.first.is_right == (calculations[_i].verdict == RIGHT),
                  "%s: %f, it says %f", text, met.first.value,
                  met.first.claimed);
    if (isfinite(calculations[_i].value))
        ck_assert_double_eq_tol(met.first.value, calculations[_i].value, 1e-9);
}
END_TEST

START_TEST(each_of_a_chain_is_looked_at)
{
    struct met met = { 0 };
    arithmetic_check(slice_of("2 + 3 = 5 * 4 = 20, and 1 + 1 = 2."),
                     on_calculation, &met);
    ck_assert_int_eq(met.count, 3);
}
END_TEST

static const struct {
    const char *prompt, *answer;
    enum answer_fault fault; /* FAULT_COUNT: none */
    const char *words;
} answers[] = {
    { "Capital of France?", "The capital of France is Paris.", FAULT_COUNT,
      "" },
    { "Say hi", "Hi", FAULT_COUNT, "" },
    { "Code?", "Here:\n```c\nint x;\n```", FAULT_COUNT, "" },
    { "A list", "- one\n- two\n- three of them", FAULT_COUNT, "" },
    { "Return it as JSON.", "Sure:\n```json\n{\"a\": [1]}\n```", FAULT_COUNT,
      "" },
    { "Give me a JSON list.", "[1, 2]", FAULT_COUNT, "" },
    { "What is a JSON object?", "A list of names and values.", FAULT_COUNT,
      "" },
    { "Return it as JSON.", "Sure, the name is Anna.", FAULT_BAD_JSON,
      "not the JSON" },
    { "A menu in JSON?", "Here:\n```json\n{\"a\": [1}\n```", FAULT_BAD_JSON,
      "" },
    { "A menu?", "Here:\n```json\n{\"a\": [...]}\n```", FAULT_COUNT, "" },
    { "x?", "  \n", FAULT_EMPTY, "empty" },
    { "x?", "I'm sorry, but I can't help with that.", FAULT_REFUSAL,
      "refuses" },
    { "x?", "As an AI language model I do not know.", FAULT_REFUSAL, "" },
    { "Explain it.",
      "There are three reasons for this. The first of them is that the cache "
      "is too small, and the second one is that the",
      FAULT_CUT, "middle of a sentence" },
    { "Code?", "Here:\n```c\nint x;\n", FAULT_OPEN_FENCE, "no end" },
    { "x?", "Yes. It is so. It is so. It is so. It is so. It is so. It is so.",
      FAULT_LOOP, "repeats" },
    { "12 * 4?", "That is 12 * 4 = 44.", FAULT_BAD_ARITHMETIC,
      "12 * 4 = 44 is wrong: it is 48" },
    { "x?", "It is 5. Wait, that is not right: 6.", FAULT_HEDGE, "takes" },
    { "He has 3 pens and 4 caps and 5 hats. How many pens and caps?",
      "3 + 4 = 7.", FAULT_UNUSED, "it does not use 1" },
    { "How many cars do 10 people need if 4 fit into one?", "10 / 4 = 2.5.",
      FAULT_FRACTION, "whole number" },
};

START_TEST(what_speaks_against_an_answer_is_found_and_told)
{
    struct answer_look look = { 0 };
    struct buf words = { 0 };
    const struct answer_question question = {
        .prompt = slice_of(answers[_i].prompt),
        .answer = slice_of(answers[_i].answer),
    };
    answer_look_at(&question, &look, &words);
    for (int i = 0; i < FAULT_COUNT; i++)
        if (answers[_i].fault == FAULT_COUNT || i == (int)answers[_i].fault)
            ck_assert_msg(look.has[i] == (i == (int)answers[_i].fault),
                          "%s: %s", answers[_i].answer,
                          answer_fault_name((enum answer_fault)i));
    ck_assert(strstr(buf_string(&words), answers[_i].words));
    ck_assert_int_eq(look.suspicion > 0, answers[_i].fault != FAULT_COUNT);
    buf_clear(&words);
}
END_TEST

START_TEST(what_the_server_says_counts)
{
    struct answer_look look = { 0 };
    struct buf words = { 0 };
    const struct answer_question question = {
        .prompt = slice_of("x?"),
        .answer = slice_of("It is so."),
        .is_cut = true,
        .is_refusal = true,
        .wants_json = true,
    };
    answer_look_at(&question, &look, &words);
    ck_assert(look.has[FAULT_CUT] && look.has[FAULT_REFUSAL] &&
              look.has[FAULT_BAD_JSON]);
    buf_clear(&words);
}
END_TEST

static void look_at(const struct buf *text, struct answer_look *look,
                    struct buf *words)
{
    const struct answer_question question = { .prompt = buf_slice(text),
                                              .answer = buf_slice(text) };
    answer_look_at(&question, look, words);
}

START_TEST(any_bytes_are_looked_at)
{
    static const char signs[] = "0123456789+-*/=(). x\n`$%,^\\";
    struct buf text = { 0 };
    uint32_t state = 7;
    for (int i = 0; i < 200000; i++) {
        state = state * 1664525u + 1013904223u;
        buf_append_char(&text, signs[(state >> 24) % (sizeof signs - 1)]);
    }
    struct answer_look look = { 0 };
    struct buf words = { 0 };
    look_at(&text, &look, &words);
    buf_reset(&text);
    for (int i = 0; i < 100000; i++)
        buf_append_string(&text, "(1+");
    look_at(&text, &look, &words);
    buf_clear(&text);
    buf_clear(&words);
}
END_TEST

Suite *answer_look_suite(void)
{
    Suite *suite = suite_create("answer_look");
    TCase *tcase = tcase_create("answer_look");
    tcase_set_timeout(tcase, 60); /* sanitized, on a busy machine */
    tcase_add_loop_test(tcase, a_calculation_is_done_again, 0,
                        COUNTOF(calculations));
    tcase_add_test(tcase, each_of_a_chain_is_looked_at);
    tcase_add_loop_test(tcase, what_speaks_against_an_answer_is_found_and_told,
                        0, COUNTOF(answers));
    tcase_add_test(tcase, what_the_server_says_counts);
    tcase_add_test(tcase, any_bytes_are_looked_at);
    suite_add_tcase(suite, tcase);
    return suite;
}
