/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "chat/overlay.h"
#include "tests/support/easel.h"

Suite *overlay_suite(void);

static struct easel easel;
static struct scenario *s;

/* The conversation of the easel, with a summary of two turns within one of
 * three. */
static void setup(void)
{
    easel_begin(&easel, false);
    s = &easel.talk.scenario;
    scenario_play(s, "@a user-message text=first\n"
                     "@b user-message text=second\n"
                     "@c user-message text=third\n"
                     "@d user-message text=fourth\n"
                     "@e user-message text=other parent=@a\n"
                     "head-moved node=@d\n"
                     "@i summarised first=@b last=@c text=inner\n"
                     "@o summarised first=@a last=@c text=outer\n");
}

static void teardown(void)
{
    easel_end(&easel);
}

static void switch_at(const char *node)
{
    struct error err = { 0 };
    ck_assert_msg(
        overlay_switch(easel.screen.chat, scenario_seq(s, node), &err), "%s",
        err.text);
}

/* Which of the two are folded. */
static void assert_folded(bool inner, bool outer)
{
    ck_assert_int_eq(graph_summary(s->graph, 1)->is_folded, inner);
    ck_assert_int_eq(graph_summary(s->graph, 2)->is_folded, outer);
}

START_TEST(turns_are_folded_into_their_summary_and_shown_again)
{
    switch_at("c");
    assert_folded(true, false);
    switch_at("b");
    assert_folded(false, false);
    switch_at("a");
    assert_folded(false, true);
    switch_at("c");
    assert_folded(false, false);
}
END_TEST

START_TEST(where_no_summary_is_that_is_said)
{
    struct error err = { 0 };
    struct chat *chat = easel.screen.chat;
    ck_assert(!overlay_switch(chat, scenario_seq(s, "d"), &err));
    ck_assert_str_eq(err.text, "this turn is in no summary");
    ck_assert(!overlay_switch(chat, scenario_seq(s, "e"), &err));
    ck_assert(!overlay_switch(chat, 0, &err));
    /* On another branch not all of its turns are there. */
    scenario_play(s, "head-moved node=@e\n");
    ck_assert(!overlay_switch(chat, scenario_seq(s, "a"), &err));
    assert_folded(false, false);
}
END_TEST

START_TEST(a_key_in_the_thread_does_it)
{
    easel_draw(&easel, 30, 60);
    ck_assert(easel_shows(&easel, "  second"));
    easel_do(&easel, ACTION_FOCUS);
    easel_do(&easel, ACTION_FIRST_TURN);
    easel_do(&easel, ACTION_FOLD_SUMMARY);
    easel_draw(&easel, 30, 60);
    ck_assert(easel_shows(&easel, "summary of 3 messages"));
    ck_assert(easel_shows(&easel, "outer"));
    ck_assert(!easel_shows(&easel, "  second"));
    easel_do(&easel, ACTION_FOLD_SUMMARY);
    easel_draw(&easel, 30, 60);
    ck_assert(easel_shows(&easel, "  second"));
    ck_assert(!easel_shows(&easel, "summary of 3 messages"));
}
END_TEST

Suite *overlay_suite(void)
{
    Suite *suite = suite_create("overlay");
    TCase *test = tcase_create("overlay");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, turns_are_folded_into_their_summary_and_shown_again);
    tcase_add_test(test, where_no_summary_is_that_is_said);
    tcase_add_test(test, a_key_in_the_thread_does_it);
    suite_add_tcase(suite, test);
    return suite;
}
