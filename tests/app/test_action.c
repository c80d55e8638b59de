/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/action.h"
#include "app/command.h"
#include "app/screen_state.h"
#include "base/compiler.h"

Suite *action_suite(void);

START_TEST(every_action_has_a_name_a_help_text_and_a_way_to_do_it)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        enum action action = (enum action)i;
        ck_assert(action_name(action)[0]);
        ck_assert(action_help(action)[0]);
        ck_assert_msg(perform_exists(action), "%s does nothing",
                      action_name(action));
        ck_assert_int_eq(action_of_name(slice_of(action_name(action))), i);
    }
}
END_TEST

START_TEST(every_command_leads_to_its_action)
{
    size_t count = 0;
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_commands((enum action)i)), word;
        for (; action_next_word(&rest, ',', &word); count++)
            ck_assert_int_eq(action_of_command(word), i);
    }
    ck_assert_uint_gt(count, 10);
    ck_assert_int_eq(action_of_command(slice_of("")), ACTION_NONE);
    ck_assert_int_eq(action_of_command(slice_of("new,clear")), ACTION_NONE);
}
END_TEST

START_TEST(a_word_that_is_near_finds_its_action)
{
    ck_assert_int_eq(action_nearest(slice_of("modle"), true), ACTION_MODEL);
    ck_assert_int_eq(action_nearest(slice_of("send-nwo"), false),
                     ACTION_SEND_NOW);
    ck_assert_int_eq(action_nearest(slice_of("zzzzzz"), true), ACTION_NONE);
    ck_assert_int_eq(action_nearest(slice_of(""), true), ACTION_NONE);
}
END_TEST

/* Once it is there its keys have an effect. */
START_TEST(what_a_later_version_has_is_no_action_yet)
{
    static const char *const names[] = { "context-lens" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        ck_assert(action_is_later(slice_of(names[i])));
        ck_assert_int_eq(action_of_name(slice_of(names[i])), ACTION_NONE);
    }
    ck_assert(!action_is_later(slice_of("send")));
    ck_assert(!action_is_later(slice_of("again")));
}
END_TEST

Suite *action_suite(void)
{
    Suite *suite = suite_create("action");
    TCase *tcase = tcase_create("action");
    tcase_add_test(tcase,
                   every_action_has_a_name_a_help_text_and_a_way_to_do_it);
    tcase_add_test(tcase, every_command_leads_to_its_action);
    tcase_add_test(tcase, a_word_that_is_near_finds_its_action);
    tcase_add_test(tcase, what_a_later_version_has_is_no_action_yet);
    suite_add_tcase(suite, tcase);
    return suite;
}
