/* SPDX-License-Identifier: MIT */
/*
 * Was the front of a conversation cut off? Row by row by the rule that
 * chat/clip.h gives: what must be found out, and what must not be taken for it.
 */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/clip.h"
#include "llm/chat_completions.h"
#include "llm/ollama.h"

Suite *clip_suite(void);

static const struct {
    const char *what;
    struct clip_facts facts;
    enum clip_verdict verdict;
} cases[] = {
    /* Case 123 of the notes. */
    { "as many as the window, which holds half",
      { .counted = 4096, .estimated = 9000, .window = 4096 },
      CLIP_CUT },
    { "whole messages fell away, so that it counts less than the window",
      { .counted = 3100, .estimated = 9000, .window = 4096 },
      CLIP_CUT },
    { "it fits",
      { .counted = 3900, .estimated = 3800, .window = 4096 },
      CLIP_NONE },
    { "no room is left, though we believe that it fits",
      { .counted = 4096, .estimated = 3800, .window = 4096 },
      CLIP_CUT },
    /* What must not alarm. */
    { "no count: it was all cached, an old Ollama leaves zeros out",
      { .counted = 0, .estimated = 9000, .window = 4096 },
      CLIP_NONE },
    { "cached, only what is new is counted, and all would fit",
      { .counted = 40, .estimated = 3000, .window = 4096 },
      CLIP_NONE },
    { "we estimate half too much",
      { .counted = 4000, .estimated = 6000, .window = 4096 },
      CLIP_NONE },
    { "we estimate a third of what it is (images, tools, a small vocabulary)",
      { .counted = 3900, .estimated = 1300, .window = 4096 },
      CLIP_NONE },
    { "the window that we know is of an earlier loading",
      { .counted = 8000, .estimated = 9000, .window = 4096 },
      CLIP_NONE },
    { "so little is cut by nobody, whatever it counts",
      { .counted = 7, .estimated = 700, .may_tell = true },
      CLIP_NONE },
    { "nothing was sent",
      { .counted = 12, .estimated = 0, .window = 4096 },
      CLIP_NONE },
    /* Between turns: exact counts from before make it sharp. */
    { "it falls from turn to turn, by less than an estimate would see",
      { .counted = 3500,
        .estimated = 4600,
        .window = 4096,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_CUT },
    { "it grows as it should",
      { .counted = 4050,
        .estimated = 4150,
        .window = 4096,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_NONE },
    { "it falls, but all would fit: the rest was cached",
      { .counted = 120,
        .estimated = 3000,
        .window = 4096,
        .counted_before = 2900,
        .estimated_before = 2800 },
      CLIP_NONE },
    { "the same prompt again",
      { .counted = 3900,
        .estimated = 4000,
        .window = 4096,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_NONE },
    { "a shorter one (another branch) after a longer",
      { .counted = 3900,
        .estimated = 3000,
        .window = 4096,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_NONE },
    /* The window is not known. */
    { "half is missing, and the server can be asked",
      { .counted = 3100, .estimated = 9000, .may_tell = true },
      CLIP_ASK },
    { "nothing is missing: nobody needs to be asked",
      { .counted = 8900, .estimated = 9000, .may_tell = true },
      CLIP_NONE },
    { "a third is there, and nobody tells",
      { .counted = 2900, .estimated = 9000 },
      CLIP_CUT },
    { "more than a third is there, and nobody tells",
      { .counted = 3100, .estimated = 9000 },
      CLIP_NONE },
    { "so little is no window: it was cached",
      { .counted = 500, .estimated = 9000 },
      CLIP_NONE },
    { "it falls, to more than what is new can be",
      { .counted = 3600,
        .estimated = 4600,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_CUT },
    { "it falls to what is new: the rest was cached",
      { .counted = 620,
        .estimated = 4600,
        .counted_before = 3900,
        .estimated_before = 4000 },
      CLIP_NONE },
};

START_TEST(a_cut_front_is_found_out_and_nothing_else)
{
    ck_assert_msg(clip_judge(&cases[_i].facts) == cases[_i].verdict, "%s",
                  cases[_i].what);
}
END_TEST

static void expect(const struct clip_facts *facts,
                   const struct dialect *dialect, const char *words)
{
    static char box[] = "box";
    struct endpoint endpoint = { .name = box, .dialect = dialect };
    struct error err = { 0 };
    clip_words(facts, &endpoint, &err);
    ck_assert_str_eq(err.text, words);
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
}

START_TEST(the_words_name_counts_window_and_cure)
{
    struct clip_facts facts = {
        .counted = 4096, .estimated = 9000, .window = 4096, .trained = 131072
    };
    expect(&facts, &dialect_ollama,
           "the front of the conversation was cut off: box has read 4096 of "
           "about 9000 tokens, its window is 4096; endpoints.box.num_ctx: "
           "16384 holds it; or take a model with a larger window (/model), or "
           "begin anew (/new)");
    /* The model was made for no more. */
    facts.trained = 4096;
    expect(&facts, &dialect_ollama,
           "the front of the conversation was cut off: box has read 4096 of "
           "about 9000 tokens, its window is 4096; that is too long for the "
           "model, which was made for 4096: send less, such as a part of a "
           "file; or take a model with a larger window (/model), or begin anew "
           "(/new)");
    facts.window = facts.trained = 0;
    expect(&facts, &dialect_chat_completions,
           "the front of the conversation was cut off: box has read 4096 of "
           "about 9000 tokens; start the server with a larger window; or take "
           "a model with a larger window (/model), or begin anew (/new)");
}
END_TEST

START_TEST(no_window_is_advised_that_the_model_has_not)
{
    struct clip_facts facts = { .counted = 4096,
                                .estimated = 1500 * 1000,
                                .window = 4096 };
    static const char *const words =
        "the front of the conversation was cut off: box has read 4096 of "
        "about 1500000 tokens, its window is 4096; that is too long for the "
        "model: send less, such as a part of a file; or take a model with a "
        "larger window (/model), or begin anew (/new)";
    expect(&facts, &dialect_ollama, words);
    expect(&facts, &dialect_chat_completions, words);
    /* It tells: nearly as much as is wanted, and not twice that. */
    facts.estimated = 100 * 1000;
    facts.trained = 131072;
    expect(&facts, &dialect_ollama,
           "the front of the conversation was cut off: box has read 4096 of "
           "about 100000 tokens, its window is 4096; endpoints.box.num_ctx: "
           "131072 holds it; or take a model with a larger window (/model), or "
           "begin anew (/new)");
}
END_TEST

Suite *clip_suite(void)
{
    Suite *suite = suite_create("clip");
    TCase *tcase = tcase_create("clip");
    tcase_add_loop_test(tcase, a_cut_front_is_found_out_and_nothing_else, 0,
                        COUNTOF(cases));
    tcase_add_test(tcase, the_words_name_counts_window_and_cure);
    tcase_add_test(tcase, no_window_is_advised_that_the_model_has_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
