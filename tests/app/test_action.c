/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "app/action.h"

Suite *action_suite(void);

static enum action press(struct action_keys *keys, const char *name,
                         bool *pending)
{
    struct key key;
    ck_assert(key_parse(&key, slice_of(name)));
    return action_of_key(keys, &key, pending);
}

START_TEST(every_key_of_the_list_is_a_key_and_leads_to_its_action)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        char ways[128];
        snprintf(ways, sizeof ways, "%s", action_keys((enum action)i));
        for (char *rest = ways, *way; (way = strsep(&rest, ","));) {
            struct action_keys keys = { 0 };
            bool pending = false;
            enum action found = ACTION_NONE;
            for (char *word; (word = strsep(&way, " "));)
                found = press(&keys, word, &pending);
            ck_assert_msg(found == (enum action)i, "%s of %s",
                          action_keys((enum action)i),
                          action_name((enum action)i));
            ck_assert(!pending);
        }
    }
}
END_TEST

START_TEST(a_pair_that_goes_nowhere_is_forgotten)
{
    struct action_keys keys = { 0 };
    bool pending = false;
    ck_assert_int_eq(press(&keys, "Ctrl-X", &pending), ACTION_NONE);
    ck_assert(pending);
    ck_assert_int_eq(press(&keys, "z", &pending), ACTION_NONE);
    ck_assert(!pending);
    ck_assert_int_eq(press(&keys, "Enter", &pending), ACTION_SEND);
}
END_TEST

START_TEST(a_plain_character_is_no_action)
{
    struct action_keys keys = { 0 };
    bool pending = false;
    ck_assert_int_eq(press(&keys, "a", &pending), ACTION_NONE);
    ck_assert(!pending);
}
END_TEST

Suite *action_suite(void)
{
    Suite *suite = suite_create("action");
    TCase *tcase = tcase_create("action");
    tcase_add_test(tcase,
                   every_key_of_the_list_is_a_key_and_leads_to_its_action);
    tcase_add_test(tcase, a_pair_that_goes_nowhere_is_forgotten);
    tcase_add_test(tcase, a_plain_character_is_no_action);
    suite_add_tcase(suite, tcase);
    return suite;
}
