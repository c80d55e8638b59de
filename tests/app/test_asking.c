/* SPDX-License-Identifier: MIT */
/*
 * Which keys a question takes, without a terminal.
 */
#include <check.h>

#include "app/asking.h"
#include "tests/support/easel.h"

Suite *asking_suite(void);

static struct easel easel;

static void begin(int64_t since_ms)
{
    easel_begin(&easel, true);
    easel.screen.bands.focused = PANEL_QUESTION;
    easel.screen.asked_at = loop_now(easel.screen.setup.loop) - since_ms;
}

START_TEST(keys_of_its_first_moment_are_not_for_the_question)
{
    begin(0);
    ck_assert(asking_is_early(&easel.screen, ACTION_CHOOSE));
    ck_assert(asking_is_early(&easel.screen, ACTION_DOWN));
    /* What sends nothing is always understood. */
    ck_assert(!asking_is_early(&easel.screen, ACTION_ESCAPE));
    ck_assert(!asking_is_early(&easel.screen, ACTION_INTERRUPT));
    easel_end(&easel);
    begin(299);
    ck_assert(asking_is_early(&easel.screen, ACTION_CHOOSE));
    easel_end(&easel);
    begin(300);
    ck_assert(!asking_is_early(&easel.screen, ACTION_CHOOSE));
    easel_end(&easel);
}
END_TEST

START_TEST(a_question_without_the_keys_takes_none)
{
    begin(0);
    easel.screen.bands.focused = PANEL_NONE;
    ck_assert(!asking_is_early(&easel.screen, ACTION_CHOOSE));
    easel_end(&easel);
}
END_TEST

START_TEST(enter_in_the_first_moment_does_nothing)
{
    const struct key enter = { .code = KEY_ENTER };
    begin(0);
    typing_on_key(&easel.screen, &enter);
    ck_assert_int_eq(easel.screen.bands.focused, PANEL_QUESTION);
    easel_end(&easel);
}
END_TEST

START_TEST(what_is_typed_goes_to_the_prompt_and_takes_the_keys_along)
{
    const struct key letter = { .code = KEY_CHARACTER, .character = 'y' };
    begin(1000);
    typing_on_key(&easel.screen, &letter);
    ck_assert_int_eq(easel.screen.bands.focused, PANEL_NONE);
    ck_assert(slice_is(editor_text(easel.screen.editor), "y"));
    easel_end(&easel);
}
END_TEST

Suite *asking_suite(void)
{
    Suite *suite = suite_create("asking");
    TCase *cases = tcase_create("asking");
    tcase_add_test(cases, keys_of_its_first_moment_are_not_for_the_question);
    tcase_add_test(cases, a_question_without_the_keys_takes_none);
    tcase_add_test(cases, enter_in_the_first_moment_does_nothing);
    tcase_add_test(cases,
                   what_is_typed_goes_to_the_prompt_and_takes_the_keys_along);
    suite_add_tcase(suite, cases);
    return suite;
}
