/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/ladder.h"
#include "tests/support/settings.h"

Suite *ladder_suite(void);

#define EASY "hello"
/* Whose score is above .65, see the tests of complexity. */
#define HARD                                                                 \
    "A woman had three boxes. She gave her brother half of the pencils and " \
    "then bought twice as many as she had left. If each box holds less "     \
    "than ten more than the others, how many pencils did she have at first?"

static const char two_rules[] =
    "routing:\n"
    "  ladder: [box/fast, box/big, claude/better]\n"
    "  rules:\n"
    "    - {when: {has: image}, use: box/eyes}\n"
    "    - {when: {tokens: \"> 24k\"}, use: claude/better, ask: true}\n"
    "    - {when: {text: '\\b(prove|refactor)\\b'}, use: box/big}\n";

struct scene {
    struct settings *settings;
    struct rung rungs[3];
    struct lesson lesson;
    struct ladder_choice choice;
    struct buf reasons;
};

static void scene_open(struct scene *scene, const char *yaml)
{
    *scene = (struct scene){
        .settings = settings_new(),
        .rungs = { { "box/fast", NULL },
                   { "box/big", NULL },
                   { "claude/better", NULL } },
    };
    settings_must_add(scene->settings, "config.yaml", yaml);
}

static void scene_close(struct scene *scene)
{
    settings_free(scene->settings);
    buf_clear(&scene->reasons);
}

static const char *choose(struct scene *scene, struct ladder_prompt prompt)
{
    scene->choice = (struct ladder_choice){ 0 };
    buf_reset(&scene->reasons);
    const struct ladder ladder = {
        .settings = scene->settings,
        .rungs = scene->rungs,
        .count = COUNTOF(scene->rungs),
        .lesson = scene->lesson,
    };
    ladder_choose(&ladder, &prompt, &scene->choice, &scene->reasons);
    return scene->choice.target;
}

static struct ladder_prompt text(const char *words)
{
    return (struct ladder_prompt){ .text = slice_of(words) };
}

static void ck_says(const struct scene *scene, const char *words)
{
    ck_assert_msg(strstr(buf_string(&scene->reasons), words),
                  "no \"%s\" in: %s", words, buf_string(&scene->reasons));
}

START_TEST(an_easy_prompt_takes_the_first_rung_and_a_hard_one_a_better)
{
    struct scene scene;
    scene_open(&scene, "version: 1\n");
    ck_assert_str_eq(choose(&scene, text(EASY)), "box/fast");
    ck_assert_int_eq(scene.choice.cause, LADDER_SCORE);
    ck_says(&scene, "below the threshold 0.55: box/fast");
    ck_says(&scene, "from 0.65 on it would have been box/big");
    const char *target = choose(&scene, text(HARD));
    ck_assert_str_ne(target, "box/fast");
    ck_says(&scene, "it would have been box/");
    scene_close(&scene);
}
END_TEST

/* Three rungs, of which the two upper ones share what is above the band. */
START_TEST(the_threshold_of_the_profile_counts)
{
    static const struct {
        const char *yaml, *expected;
    } cases[] = {
        { "routing: {threshold: 1, band: 0}\n", "box/fast" },
        { "routing: {threshold: 0, band: 0}\n", "claude/better" },
        { "routing: {threshold: 0.6, band: 0}\n", "box/big" },
    };
    struct scene scene;
    scene_open(&scene, cases[_i].yaml);
    ck_assert_str_eq(choose(&scene, text(HARD)), cases[_i].expected);
    scene_close(&scene);
}
END_TEST

START_TEST(within_the_band_the_first_rung_answers_and_is_watched)
{
    struct scene scene;
    struct complexity complexity;
    char yaml[80];
    complexity_judge(slice_of(HARD), &complexity);
    snprintf(yaml, sizeof yaml, "routing: {threshold: %.3f, band: 0.1}\n",
             complexity.score + (_i ? .05 : -.05));
    scene_open(&scene, yaml);
    ck_assert_str_eq(choose(&scene, text(HARD)), "box/fast");
    ck_assert(scene.choice.is_watched);
    ck_says(&scene, "its answer is looked at");
    choose(&scene, text(EASY));
    ck_assert(!scene.choice.is_watched);
    scene_close(&scene);
}
END_TEST

START_TEST(a_barred_rung_is_passed_over_and_told)
{
    struct scene scene;
    scene_open(&scene, "routing: {threshold: 0, band: 0}\n");
    scene.rungs[2].barred = "private";
    ck_assert_str_eq(choose(&scene, text(HARD)), "box/big");
    ck_says(&scene, "not claude/better: private");
    scene.rungs[0].barred = "it failed too often";
    ck_assert_str_eq(choose(&scene, text(EASY)), "box/big");
    ck_assert_int_eq(scene.choice.cause, LADDER_ONLY);
    ck_assert(!scene.choice.is_watched);
    scene.rungs[1].barred = "no picture";
    ck_assert_ptr_null(choose(&scene, text(EASY)));
    ck_assert_int_eq(scene.choice.cause, LADDER_NONE);
    ck_says(&scene, "not box/big: no picture");
    scene_close(&scene);
}
END_TEST

START_TEST(the_first_rule_that_matches_decides)
{
    struct scene scene;
    scene_open(&scene, two_rules);
    ck_assert_str_eq(
        choose(&scene,
               (struct ladder_prompt){ .text = slice_of("please refactor"),
                                       .has_image = true,
                                       .tokens = 30000 }),
        "box/eyes");
    ck_assert_int_eq(scene.choice.cause, LADDER_RULE);
    ck_says(&scene, "rule at config.yaml:4: has image");
    ck_assert_str_eq(
        choose(&scene, (struct ladder_prompt){ .text = slice_of("prove it"),
                                               .tokens = 24001 }),
        "claude/better");
    ck_assert(scene.choice.asks);
    ck_assert_str_eq(choose(&scene, text("prove it")), "box/big");
    ck_assert(!scene.choice.asks);
    ck_assert_str_eq(choose(&scene, text("improve it")), "box/fast");
    scene_close(&scene);
}
END_TEST

static double score_of(const char *words)
{
    struct complexity complexity;
    complexity_judge(slice_of(words), &complexity);
    return complexity.score;
}

/* Settings in which the score of HARD is so far above where the first two rungs
 * part. */
static void scene_open_beside(struct scene *scene, double above)
{
    char yaml[120];
    snprintf(yaml, sizeof yaml, "routing: {threshold: %.4f, band: 0}\n",
             score_of(HARD) - above);
    scene_open(scene, yaml);
}

START_TEST(what_was_learnt_moves_the_threshold_and_is_told)
{
    struct scene scene;
    scene_open_beside(&scene, -.03);
    ck_assert_str_eq(choose(&scene, text(HARD)), "box/fast");
    /* 0.15 * 10 / 30 = 0.05 */
    scene.lesson.higher = 10;
    ck_assert_str_eq(choose(&scene, text(HARD)), "box/big");
    ck_says(&scene, " of the profile, -0.05 from 10 preferences");
    scene.lesson = (struct lesson){ .lower = 10, .higher = 10 };
    ck_assert_str_eq(choose(&scene, text(HARD)), "box/fast");
    scene_close(&scene);
}
END_TEST

/* From either side: `standing` is where the conversation is. */
START_TEST(a_conversation_stays_on_its_rung_for_a_score_near_the_edge)
{
    static const struct {
        double above;
        size_t standing;
        const char *alone, *expected;
    } cases[] = {
        { .02, 1, "box/big", "box/fast" },  { .04, 1, "box/big", "box/fast" },
        { .06, 1, "box/big", "box/big" },   { -.02, 2, "box/fast", "box/big" },
        { -.04, 2, "box/fast", "box/big" }, { -.06, 2, "box/fast", "box/fast" },
        { .02, 2, "box/big", "box/big" },   { -.02, 1, "box/fast", "box/fast" },
    };
    struct scene scene;
    scene_open_beside(&scene, cases[_i].above);
    struct ladder_prompt prompt = text(HARD);
    ck_assert_str_eq(choose(&scene, prompt), cases[_i].alone);
    prompt.standing = cases[_i].standing;
    ck_assert_str_eq(choose(&scene, prompt), cases[_i].expected);
    if (strcmp(cases[_i].alone, cases[_i].expected) != 0)
        ck_says(&scene, "the conversation stays at ");
    if (cases[_i].above > 0 && !strcmp(cases[_i].expected, "box/fast"))
        ck_says(&scene, ": box/fast still, and its answer is looked at");
    scene_close(&scene);
}
END_TEST

START_TEST(no_rung_is_stayed_at_that_is_barred_or_that_a_rule_passes)
{
    struct scene scene;
    scene_open_beside(&scene, -.02);
    struct ladder_prompt prompt = text(HARD);
    prompt.standing = 2;
    scene.rungs[1].barred = "private";
    ck_assert_str_eq(choose(&scene, prompt), "box/fast");
    scene_close(&scene);
    scene_open(&scene, two_rules);
    prompt = text("prove it");
    prompt.standing = 1;
    ck_assert_str_eq(choose(&scene, prompt), "box/big");
    prompt.standing = 9;
    ck_assert_str_eq(choose(&scene, prompt), "box/big");
    scene_close(&scene);
}
END_TEST

START_TEST(a_short_follow_up_is_judged_with_what_it_follows)
{
    struct scene scene;
    scene_open_beside(&scene, .1);
    struct ladder_prompt prompt = text("and in months?");
    ck_assert_str_eq(choose(&scene, prompt), "box/fast");
    prompt.before = slice_of(HARD);
    ck_assert_str_eq(choose(&scene, prompt), "box/big");
    ck_says(&scene, "a short follow-up, judged with what it follows");
    /* Never easier than by itself. */
    prompt.before = slice_of(EASY);
    choose(&scene, prompt);
    ck_assert_double_ge(scene.choice.complexity.score,
                        score_of("and in months?"));
    scene_close(&scene);
}
END_TEST

START_TEST(a_prompt_that_stands_by_itself_is_judged_by_itself)
{
    struct scene scene;
    scene_open_beside(&scene, .1);
    struct ladder_prompt prompt =
        text("My other question is about a hotel in the town of Wells, near "
             "the sea.");
    prompt.before = slice_of(HARD);
    choose(&scene, prompt);
    double score = score_of("My other question is about a hotel in the town of "
                            "Wells, near the sea.");
    ck_assert_double_eq_tol(scene.choice.complexity.score, score, 1e-9);
    scene_close(&scene);
}
END_TEST

START_TEST(short_is_a_matter_of_words_and_bytes)
{
    ck_assert(ladder_is_follow_up(slice_of("and in C?")));
    ck_assert(ladder_is_follow_up(slice_of("  \n why \n")));
    ck_assert(ladder_is_follow_up(slice_of("one two three four five six 7 8")));
    ck_assert(!ladder_is_follow_up(slice_of("1 2 3 4 5 6 7 8 9")));
    ck_assert(ladder_is_follow_up(slice_of("\u7528C\u8bed\u8a00\u5462"
                                           "\uff1f")));
    /* 66 bytes without a blank between. */
    ck_assert(!ladder_is_follow_up(
        slice_of("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
                 "abcdefghijklmn")));
}
END_TEST

START_TEST(rungs_part_at_the_threshold_and_then_at_equal_shares)
{
    ck_assert_double_eq_tol(ladder_parting(.5, .1, 1, 3), .5, 1e-9);
    ck_assert_double_eq_tol(ladder_parting(.5, .1, 2, 3), .8, 1e-9);
    ck_assert_double_eq_tol(ladder_parting(.5, .1, 3, 4), .6 + .4 * 2 / 3,
                            1e-9);
    ck_assert_double_eq_tol(ladder_parting(1, .1, 2, 3), 1.1, 1e-9);
}
END_TEST

START_TEST(a_rule_whose_rung_is_barred_lets_the_next_one_decide)
{
    struct scene scene;
    scene_open(&scene, two_rules);
    scene.rungs[2].barred = "private";
    ck_assert_str_eq(
        choose(&scene, (struct ladder_prompt){ .text = slice_of("prove it"),
                                               .tokens = 24001 }),
        "box/big");
    ck_says(&scene, "but claude/better: private");
    scene_close(&scene);
}
END_TEST

START_TEST(sizes_are_compared_as_they_are_written)
{
    static const struct {
        const char *condition;
        uint64_t tokens;
        bool holds;
    } cases[] = {
        { "> 24k", 24000, false }, { "> 24k", 24001, true },
        { ">=24k", 24000, true },  { "< 500", 499, true },
        { "<500", 500, false },    { "<= 1.5M", 1500000, true },
        { ">= 2K", 1999, false },
    };
    struct scene scene;
    char yaml[120];
    snprintf(yaml, sizeof yaml,
             "routing: {rules: [{when: {tokens: \"%s\"}, use: box/big}]}\n",
             cases[_i].condition);
    scene_open(&scene, yaml);
    choose(&scene, (struct ladder_prompt){ .text = slice_of(EASY),
                                           .tokens = cases[_i].tokens });
    ck_assert_int_eq(scene.choice.cause == LADDER_RULE, cases[_i].holds);
    scene_close(&scene);
}
END_TEST

START_TEST(code_is_told_by_its_fence_or_its_signs)
{
    static const struct {
        const char *text;
        bool is_code;
    } cases[] = {
        { "what does this do?\n```c\nx\n```", true },
        { "for (i = 0; i < 3; i++) { f(i); }", true },
        { "a list: (one), two; three", false },
    };
    struct scene scene;
    scene_open(&scene, "routing: {rules: [{when: {has: code}, use: a/b}]}\n");
    choose(&scene, text(cases[_i].text));
    ck_assert_int_eq(scene.choice.cause == LADDER_RULE, cases[_i].is_code);
    scene_close(&scene);
}
END_TEST

START_TEST(a_rule_that_cannot_be_read_is_told_with_its_line)
{
    static const struct {
        const char *yaml, *words;
    } cases[] = {
        { "routing:\n  rules:\n    - {when: {tokens: 24k}, use: a/b}\n",
          "config.yaml:3: tokens is a size such as" },
        { "routing:\n  rules:\n    - {when: {text: '(x'}, use: a/b}\n",
          "config.yaml:3: the regular expression" },
        { "routing:\n  rules:\n    - {when: {has: image}}\n",
          "config.yaml:3: the rule says not what to use" },
    };
    struct scene scene;
    struct error err = { 0 };
    scene_open(&scene, cases[_i].yaml);
    ck_assert(!ladder_check(scene.settings, &err));
    ck_assert_msg(strstr(err.text, cases[_i].words), "%s", err.text);
    scene_close(&scene);
}
END_TEST

Suite *ladder_suite(void)
{
    Suite *suite = suite_create("ladder");
    TCase *tcase = tcase_create("ladder");
    tcase_add_test(tcase,
                   an_easy_prompt_takes_the_first_rung_and_a_hard_one_a_better);
    tcase_add_loop_test(tcase, the_threshold_of_the_profile_counts, 0, 3);
    tcase_add_loop_test(
        tcase, within_the_band_the_first_rung_answers_and_is_watched, 0, 2);
    tcase_add_test(tcase, a_barred_rung_is_passed_over_and_told);
    tcase_add_test(tcase, the_first_rule_that_matches_decides);
    tcase_add_test(tcase, a_rule_whose_rung_is_barred_lets_the_next_one_decide);
    tcase_add_loop_test(tcase, sizes_are_compared_as_they_are_written, 0, 7);
    tcase_add_loop_test(tcase, code_is_told_by_its_fence_or_its_signs, 0, 3);
    tcase_add_loop_test(tcase, a_rule_that_cannot_be_read_is_told_with_its_line,
                        0, 3);
    tcase_add_test(tcase, what_was_learnt_moves_the_threshold_and_is_told);
    tcase_add_loop_test(
        tcase, a_conversation_stays_on_its_rung_for_a_score_near_the_edge, 0,
        8);
    tcase_add_test(tcase,
                   no_rung_is_stayed_at_that_is_barred_or_that_a_rule_passes);
    tcase_add_test(tcase, a_short_follow_up_is_judged_with_what_it_follows);
    tcase_add_test(tcase, a_prompt_that_stands_by_itself_is_judged_by_itself);
    tcase_add_test(tcase, short_is_a_matter_of_words_and_bytes);
    tcase_add_test(tcase, rungs_part_at_the_threshold_and_then_at_equal_shares);
    suite_add_tcase(suite, tcase);
    return suite;
}
