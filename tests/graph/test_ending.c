/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "graph/ending.h"

Suite *ending_suite(void);

static void ck_says(const char *reason, const char *words)
{
    const char *said = ending_shortfall(slice_of(reason));
    ck_assert_msg(words ? said && strstr(said, words) : !said, "%s", reason);
}

START_TEST(an_answer_that_lacks_something_says_what)
{
    ck_says("length", "most tokens");
    ck_says("max_tokens", "most tokens");
    ck_says("model_context_window_exceeded", "the model's window");
    ck_says("pause_turn", "ask it to go on");
    ck_says("refusal", "filter");
    ck_says("content_filter", "filter");
    ck_says("max_output_tokens", "most tokens");
    ck_says("end_turn", NULL);
    ck_says("tool_use", NULL);
    ck_says("a_new_reason", NULL);
    ck_says("", NULL);
}
END_TEST

Suite *ending_suite(void)
{
    Suite *suite = suite_create("ending");
    TCase *tcase = tcase_create("ending");
    tcase_add_test(tcase, an_answer_that_lacks_something_says_what);
    suite_add_tcase(suite, tcase);
    return suite;
}
