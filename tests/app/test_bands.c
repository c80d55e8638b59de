/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/easel.h"
#include "tests/support/settings.h"

Suite *bands_suite(void);

static struct easel easel;
static struct bands *bands;
static struct panel_source source;

static void setup(void)
{
    easel_begin(&easel, false);
    bands = &easel.screen.bands;
    easel.screen.canvas.width = 80;
    source = perform_source(&easel.screen);
    source.is_fresh = true;
}

static void teardown(void)
{
    easel_end(&easel);
}

static int update(int room, int screen_height)
{
    return bands_update(bands, &source, room, screen_height);
}

static int drawn(enum panel_id id)
{
    return bands->items[id].drawn;
}

START_TEST(at_first_nothing_is_shown_and_nothing_takes_room)
{
    ck_assert_int_eq(update(20, 24), 0);
    ck_assert_int_eq(bands->focused, PANEL_NONE);
    ck_assert(!bands_resize(bands, 1));
    ck_assert(!bands_escape(bands));
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++)
        ck_assert(!bands_is_shown(bands, (enum panel_id)i));
}
END_TEST

START_TEST(settings_say_what_is_open_at_first)
{
    settings_must_add(easel.screen.setup.settings, "p.yaml",
                      "looks: {panels: {budget: open, tools: closed}}\n");
    bands_init(bands, easel.screen.setup.settings);
    ck_assert(bands_is_shown(bands, PANEL_BUDGET));
    ck_assert(!bands_is_shown(bands, PANEL_TOOLS));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
    ck_assert_int_gt(update(20, 24), 1);
}
END_TEST

START_TEST(a_panel_that_opens_when_busy_is_shown_only_then)
{
    struct talk *talk = &easel.talk;
    settings_must_add(easel.screen.setup.settings, "p.yaml",
                      "looks: {panels: {trace: busy}}\n");
    bands_init(bands, easel.screen.setup.settings);
    ck_assert_int_eq(update(20, 24), 0);
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "e");
    ck_assert_int_gt(update(20, 24), 0);
    ck_assert(bands_is_shown(bands, PANEL_TRACE));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
    talk_finish(talk, 1, 1, "complete", "");
    ck_assert_int_eq(update(20, 24), 0);
}
END_TEST

START_TEST(its_key_opens_gives_the_keys_and_closes)
{
    talk_exchange(&easel.talk, 1, "why", "because");
    bands_toggle(bands, PANEL_GRAPH, &source);
    ck_assert(bands_is_shown(bands, PANEL_GRAPH));
    ck_assert_int_eq(bands->focused, PANEL_GRAPH);
    ck_assert(bands_escape(bands));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
    ck_assert(bands_is_shown(bands, PANEL_GRAPH));
    bands_toggle(bands, PANEL_GRAPH, &source);
    ck_assert_int_eq(bands->focused, PANEL_GRAPH);
    bands_toggle(bands, PANEL_GRAPH, &source);
    ck_assert(!bands_is_shown(bands, PANEL_GRAPH));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
}
END_TEST

START_TEST(a_panel_without_rows_to_choose_leaves_the_keys_to_the_prompt)
{
    bands_toggle(bands, PANEL_BUDGET, &source);
    ck_assert(bands_is_shown(bands, PANEL_BUDGET));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
    bands_toggle(bands, PANEL_BUDGET, &source);
    ck_assert(!bands_is_shown(bands, PANEL_BUDGET));
}
END_TEST

START_TEST(escape_takes_the_filter_first_then_a_picker_closes)
{
    bands_open(bands, PANEL_HELP, &source);
    ck_assert_int_eq(bands->focused, PANEL_HELP);
    list_filter_type(&bands->items[PANEL_HELP].list, slice_of("quit"));
    ck_assert(bands_escape(bands));
    ck_assert_uint_eq(bands->items[PANEL_HELP].list.filter.len, 0);
    ck_assert_int_eq(bands->focused, PANEL_HELP);
    ck_assert(bands_escape(bands));
    ck_assert(!bands_is_shown(bands, PANEL_HELP));
    ck_assert_int_eq(bands->focused, PANEL_NONE);
}
END_TEST

START_TEST(one_picker_at_a_time)
{
    bands_open(bands, PANEL_HELP, &source);
    bands_open(bands, PANEL_PALETTE, &source);
    ck_assert(!bands_is_shown(bands, PANEL_HELP));
    ck_assert(bands_is_shown(bands, PANEL_PALETTE));
    ck_assert_int_eq(bands->focused, PANEL_PALETTE);
}
END_TEST

START_TEST(opened_again_a_panel_has_forgotten_its_filter)
{
    bands_open(bands, PANEL_PALETTE, &source);
    list_filter_type(&bands->items[PANEL_PALETTE].list, slice_of("quit"));
    bands_close(bands, PANEL_PALETTE);
    bands_open(bands, PANEL_PALETTE, &source);
    ck_assert_uint_eq(bands->items[PANEL_PALETTE].list.filter.len, 0);
}
END_TEST

START_TEST(a_small_screen_shows_the_one_that_was_opened_last)
{
    bands_open(bands, PANEL_BUDGET, &source);
    bands_open(bands, PANEL_TOOLS, &source);
    update(11, 15);
    ck_assert_int_eq(drawn(PANEL_BUDGET), 0);
    ck_assert_int_gt(drawn(PANEL_TOOLS), 0);
    bands_open(bands, PANEL_BUDGET, &source);
    update(11, 15);
    ck_assert_int_gt(drawn(PANEL_BUDGET), 0);
    ck_assert_int_eq(drawn(PANEL_TOOLS), 0);
    /* It comes back when there is room. */
    ck_assert_int_eq(update(40, 50), drawn(PANEL_BUDGET) + drawn(PANEL_TOOLS));
    ck_assert_int_gt(drawn(PANEL_BUDGET), 1);
    ck_assert_int_gt(drawn(PANEL_TOOLS), 1);
}
END_TEST

START_TEST(what_is_not_drawn_does_not_have_the_keys)
{
    talk_exchange(&easel.talk, 1, "why", "because");
    bands_open(bands, PANEL_GRAPH, &source);
    ck_assert_int_eq(bands->focused, PANEL_GRAPH);
    ck_assert_int_eq(update(1, 3), 0);
    ck_assert_int_eq(bands->focused, PANEL_NONE);
}
END_TEST

START_TEST(a_band_is_no_higher_than_its_rows)
{
    bands_open(bands, PANEL_TOOLS, &source);
    /* One sentence, and the rule. */
    source.width = 200;
    ck_assert_int_eq(update(40, 50), 2);
}
END_TEST

START_TEST(a_height_that_was_chosen_is_kept_while_it_is_closed)
{
    bands_open(bands, PANEL_TRACE, &source);
    int before = update(40, 50);
    for (int i = 0; i < 5; i++) {
        ck_assert(bands_resize(bands, 1));
        ck_assert_int_eq(update(40, 50), before + i + 1);
    }
    bands_close(bands, PANEL_TRACE);
    ck_assert_int_eq(update(40, 50), 0);
    bands_open(bands, PANEL_TRACE, &source);
    ck_assert_int_eq(update(40, 50), before + 5);
    for (int i = 0; i < 100; i++)
        bands_resize(bands, -1);
    ck_assert_int_eq(update(40, 50), 2);
    /* No row is drawn that nobody sees: the next step up is seen. */
    for (int i = 0; i < 100; i++) {
        bands_resize(bands, 1);
        update(40, 50);
    }
    int most = update(40, 50);
    ck_assert_int_le(most, 40 - 4);
    bands_resize(bands, -1);
    ck_assert_int_eq(update(40, 50), most - 1);
}
END_TEST

START_TEST(the_thread_keeps_its_rows_whatever_is_open)
{
    talk_exchange(&easel.talk, 1, "why", "because");
    for (int id = PANEL_NONE + 1; id < PANEL_COMMANDS; id++) {
        if (!panel_at((enum panel_id)id)->is_picker)
            bands_open(bands, (enum panel_id)id, &source);
    }
    bands_open(bands, PANEL_HELP, &source);
    for (int room = 0; room < 100; room++) {
        int rows = update(room, room + 4);
        ck_assert_int_ge(rows, 0);
        ck_assert_int_le(rows, room);
        if (room > 8)
            ck_assert_int_ge(room - rows, 4);
        int sum = 0;
        for (int id = PANEL_NONE + 1; id < PANEL_COUNT; id++) {
            sum += drawn((enum panel_id)id);
            ck_assert_int_ne(drawn((enum panel_id)id), 1);
        }
        ck_assert_int_eq(sum, rows);
    }
}
END_TEST

START_TEST(a_rule_says_what_it_is_and_what_has_the_keys)
{
    talk_exchange(&easel.talk, 1, "why", "because");
    bands_open(bands, PANEL_GRAPH, &source);
    easel_draw(&easel, 24, 60);
    ck_assert(easel_shows(&easel, "─── graph F4 ──────"));
    ck_assert(easel_shows(&easel, "─ Esc returns ───\n"));
    list_filter_type(&bands->items[PANEL_GRAPH].list, slice_of("beca"));
    easel_draw(&easel, 24, 60);
    ck_assert(easel_shows(&easel, "─── graph F4 | find: beca ──────"));
    /* What is typed is seen on the smallest screen. */
    easel_draw(&easel, 24, 22);
    ck_assert(easel_shows(&easel, "find: beca"));
    bands_escape(bands);
    bands_escape(bands);
    easel_draw(&easel, 24, 60);
    ck_assert(!easel_shows(&easel, "Esc returns"));
}
END_TEST

Suite *bands_suite(void)
{
    Suite *suite = suite_create("bands");
    TCase *tcase = tcase_create("bands");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, at_first_nothing_is_shown_and_nothing_takes_room);
    tcase_add_test(tcase, settings_say_what_is_open_at_first);
    tcase_add_test(tcase, a_panel_that_opens_when_busy_is_shown_only_then);
    tcase_add_test(tcase, its_key_opens_gives_the_keys_and_closes);
    tcase_add_test(
        tcase, a_panel_without_rows_to_choose_leaves_the_keys_to_the_prompt);
    tcase_add_test(tcase, escape_takes_the_filter_first_then_a_picker_closes);
    tcase_add_test(tcase, one_picker_at_a_time);
    tcase_add_test(tcase, opened_again_a_panel_has_forgotten_its_filter);
    tcase_add_test(tcase, a_small_screen_shows_the_one_that_was_opened_last);
    tcase_add_test(tcase, what_is_not_drawn_does_not_have_the_keys);
    tcase_add_test(tcase, a_band_is_no_higher_than_its_rows);
    tcase_add_test(tcase, a_height_that_was_chosen_is_kept_while_it_is_closed);
    tcase_add_test(tcase, the_thread_keeps_its_rows_whatever_is_open);
    tcase_add_test(tcase, a_rule_says_what_it_is_and_what_has_the_keys);
    suite_add_tcase(suite, tcase);
    return suite;
}
