/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/noise.h"
#include "tests/support/random_log.h"
#include "tests/support/talk.h"

Suite *thread_focus_suite(void);

/* Move the focus and draw; the node that has it. */
static uint64_t move(struct talk *talk, enum focus_move move)
{
    thread_view_focus(talk->view, talk->scenario.graph, &talk->thread, move);
    uint64_t id = thread_view_focused(talk->view);
    talk_draw(talk);
    ck_assert_uint_eq(thread_view_focused(talk->view), id);
    return id;
}

static uint64_t parent_of(const struct talk *talk, uint64_t id)
{
    return graph_node(talk->scenario.graph, id)->parent_id;
}

static uint64_t head(const struct talk *talk)
{
    return graph_head(talk->scenario.graph);
}

/* How a row looks: the style of its first cell, and what stands there. */
static enum style style_at(const struct talk *talk, int row)
{
    return (enum style)canvas_cell(&talk->canvas, row, 0)->style;
}

START_TEST(the_focus_walks_the_entries_and_stays_at_the_ends)
{
    struct talk talk;
    talk_begin(&talk, 20, 40);
    uint64_t one = talk_exchange(&talk, 1, "first", "one");
    uint64_t two = talk_exchange(&talk, 2, "second", "two");
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view), 0);
    ck_assert_uint_eq(move(&talk, FOCUS_NEWEST), two);
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), parent_of(&talk, two));
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), one);
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), parent_of(&talk, one));
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), parent_of(&talk, one));
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), one);
    ck_assert_uint_eq(move(&talk, FOCUS_LAST), two);
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), two);
    ck_assert_uint_eq(move(&talk, FOCUS_FIRST), parent_of(&talk, one));
    ck_assert_uint_eq(move(&talk, FOCUS_NONE), 0);
    talk_end(&talk);
}
END_TEST

START_TEST(an_empty_thread_has_nothing_to_focus)
{
    struct talk talk;
    talk_begin(&talk, 20, 40);
    for (int i = FOCUS_NONE; i <= FOCUS_LAST; i++)
        ck_assert_uint_eq(move(&talk, (enum focus_move)i), 0);
    uint64_t id = talk_exchange(&talk, 1, "first", "one");
    /* And before anything was drawn. */
    struct thread_view *fresh = thread_view_new();
    struct thread thread = { 0 };
    thread_view_focus(fresh, talk.scenario.graph, &thread, FOCUS_LAST);
    ck_assert_uint_eq(thread_view_focused(fresh), id);
    thread_view_free(fresh);
    thread_clear(&thread);
    talk_end(&talk);
}
END_TEST

START_TEST(what_is_in_focus_is_marked_beside_its_text_and_at_its_name)
{
    struct theme theme;
    ck_assert(theme_builtin(&theme, "auto"));
    for (int ascii = 0; ascii < 2; ascii++) {
        struct talk talk;
        talk_begin(&talk, 9, 30);
        thread_view_set_ascii(talk.view, ascii);
        talk_exchange(&talk, 1, "why", "because");
        move(&talk, FOCUS_NEWEST);
        talk_check_row(&talk, 1, "  why");
        talk_check_row(&talk, 4, ascii ? "# because" : "┃ because");
        ck_assert_int_eq(style_at(&talk, 0), STYLE_USER);
        ck_assert_int_eq(style_at(&talk, 3), STYLE_SELECTED);
        ck_assert_int_eq(style_at(&talk, 4), STYLE_FOCUS);
        move(&talk, FOCUS_PREVIOUS);
        talk_check_row(&talk, 1, ascii ? "# why" : "┃ why");
        talk_check_row(&talk, 4, ascii ? "| because" : "│ because");
        ck_assert_int_eq(style_at(&talk, 0), STYLE_SELECTED);
        ck_assert_int_eq(style_at(&talk, 3), STYLE_MODEL);
        talk_end(&talk);
    }
    /* Whatever colours the terminal has. */
    static const int colors[] = { 0, 8, 16, 256 };
    for (size_t i = 0; i < COUNTOF(colors); i++)
        ck_assert(theme_look(&theme, STYLE_SELECTED, colors[i]).reverse);
}
END_TEST

static uint64_t numbers(struct talk *talk, uint32_t run, const char *prompt,
                        int count)
{
    struct buf text = { 0 };
    for (int i = 1; i <= count; i++)
        buf_printf(&text, "- %s %d\n", prompt, i);
    uint64_t id = talk_exchange(talk, run, prompt, buf_string(&text));
    buf_clear(&text);
    return id;
}

START_TEST(a_tall_entry_begins_with_its_head_and_is_paged_through)
{
    struct talk talk;
    talk_begin(&talk, 6, 30);
    uint64_t tall = numbers(&talk, 1, "a", 12);
    numbers(&talk, 2, "b", 2);
    move(&talk, FOCUS_FIRST);
    talk_check_row(&talk, 0, "you 14:02");
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), tall);
    ck_assert_int_eq(style_at(&talk, 0), STYLE_SELECTED);
    talk_check_row(&talk, 5, "┃ • a 5");
    /* A page, one line of which was there before; then what is left. */
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), tall);
    talk_check_row(&talk, 0, "┃ • a 5");
    talk_check_row(&talk, 5, "┃ • a 10");
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), tall);
    talk_check_row(&talk, 5, "┃ • a 12");
    /* Only then the next one, no further than it takes to show it whole. */
    ck_assert_uint_ne(move(&talk, FOCUS_NEXT), tall);
    talk_check_row(&talk, 5, "┃ b");
    talk_check_row(&talk, 1, "│ • a 11");
    /* Back: the head first. */
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), tall);
    ck_assert_int_eq(style_at(&talk, 0), STYLE_SELECTED);
    talk_check_row(&talk, 1, "┃ • a 1");
    talk_end(&talk);
}
END_TEST

START_TEST(up_in_a_tall_entry_pages_to_its_head)
{
    struct talk talk;
    talk_begin(&talk, 6, 30);
    uint64_t tall = numbers(&talk, 1, "a", 12);
    talk_draw(&talk);
    ck_assert_uint_eq(move(&talk, FOCUS_NEWEST), tall);
    talk_check_row(&talk, 5, "┃ • a 12");
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), tall);
    talk_check_row(&talk, 5, "┃ • a 7");
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), tall);
    ck_assert_int_eq(style_at(&talk, 0), STYLE_SELECTED);
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), parent_of(&talk, tall));
    talk_check_row(&talk, 0, "you 14:02");
    talk_end(&talk);
}
END_TEST

START_TEST(a_focus_that_was_scrolled_away_is_taken_up_in_view)
{
    struct talk talk;
    uint64_t ids[10];
    talk_begin(&talk, 6, 30);
    for (uint32_t run = 1; run <= 10; run++)
        ids[run - 1] = talk_exchange(&talk, run, "why", "so");
    move(&talk, FOCUS_LAST);
    thread_view_to_start(talk.view);
    talk_draw(&talk);
    struct buf before = { 0 }, after = { 0 };
    talk_row(&talk, 5, &before);
    ck_assert_uint_eq(thread_view_focused(talk.view), ids[9]);
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), parent_of(&talk, ids[0]));
    thread_view_to_end(talk.view);
    talk_draw(&talk);
    thread_view_to_start(talk.view);
    move(&talk, FOCUS_LAST);
    thread_view_to_start(talk.view);
    talk_draw(&talk);
    ck_assert_uint_eq(move(&talk, FOCUS_NEWEST), ids[0]);
    talk_row(&talk, 5, &after);
    ck_assert_str_eq(buf_string(&before), buf_string(&after));
    buf_clear(&before);
    buf_clear(&after);
    talk_end(&talk);
}
END_TEST

START_TEST(streaming_moves_neither_the_focus_nor_the_view_on_it)
{
    struct talk talk;
    talk_begin(&talk, 6, 30);
    uint64_t old = numbers(&talk, 1, "a", 4);
    talk_ask(&talk, "count", 2);
    talk_start(&talk, 2, 1, "m", "e");
    talk_stream(&talk, 2, 1, "- 1\n");
    move(&talk, FOCUS_FIRST);
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), old);
    struct buf before = { 0 }, after = { 0 };
    canvas_dump(&talk.canvas, &before, true);
    for (int i = 2; i < 40; i++) {
        talk_stream(&talk, 2, 1, "- n\n");
        talk_draw(&talk);
        ck_assert_uint_eq(thread_view_focused(talk.view), old);
    }
    canvas_dump(&talk.canvas, &after, true);
    ck_assert_str_eq(buf_string(&before), buf_string(&after));
    ck_assert_uint_gt(thread_view_new_lines(talk.view), 30);
    buf_clear(&before);
    buf_clear(&after);
    talk_end(&talk);
}
END_TEST

/* A second answer to a prompt, with the words of the first and its own. */
static uint64_t answer_again(struct talk *talk, uint32_t run, uint64_t prompt)
{
    char node[24];
    snprintf(node, sizeof node, "%llu", (unsigned long long)prompt);
    talk_move_head(talk, prompt);
    talk_say(talk, 0, EVENT_RUN_STARTED, run, 0, FIELD_NODE, node, FIELD_NONE);
    talk_start(talk, run, 1, "m", "e");
    talk_stream(talk, run, 1, "again");
    talk_finish(talk, run, 1, "complete", "");
    return head(talk);
}

START_TEST(the_focus_outlives_sizes_and_folds_and_falls_to_the_sibling)
{
    struct talk talk;
    talk_begin(&talk, 8, 40);
    uint64_t first = numbers(&talk, 1, "a", 3);
    uint64_t last = numbers(&talk, 2, "b", 30);
    move(&talk, FOCUS_FIRST);
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), first);
    talk_resize(&talk, 3, 11);
    thread_view_unfold(talk.view, true);
    talk_resize(&talk, 8, 40);
    ck_assert_uint_eq(thread_view_focused(talk.view), first);
    /* Its sibling has its place, and is shown. */
    uint64_t second = answer_again(&talk, 3, parent_of(&talk, first));
    talk_draw(&talk);
    talk_check_shows(&talk, "┃ again");
    ck_assert_uint_eq(thread_view_focused(talk.view), second);
    talk_check_shows(&talk, "m e ‹2/2› 14:02      ttft 0.0 s · ~1 tok");
    talk_move_head(&talk, last);
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view), first);
    talk_check_shows(&talk, "┃ • a 1");
    /* A path that has become too short: its last. */
    ck_assert_uint_eq(move(&talk, FOCUS_LAST), last);
    talk_move_head(&talk, second);
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view), second);
    talk_move_head(&talk, 0);
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view), 0);
    talk_end(&talk);
}
END_TEST

START_TEST(a_view_whose_branch_is_gone_begins_with_what_took_its_place)
{
    struct talk talk;
    talk_begin(&talk, 5, 30);
    uint64_t first = numbers(&talk, 1, "a", 20);
    uint64_t second = answer_again(&talk, 2, parent_of(&talk, first));
    numbers(&talk, 3, "c", 20);
    talk_move_head(&talk, first);
    talk_draw(&talk);
    thread_view_scroll(talk.view, -8);
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • a 12");
    talk_move_head(&talk, graph_deepest(talk.scenario.graph, second));
    talk_draw(&talk);
    talk_check_row(&talk, 1, "│ again");
    ck_assert(!thread_view_is_following(talk.view));
    talk_end(&talk);
}
END_TEST

START_TEST(a_tool_that_gave_nothing_back_is_passed_over)
{
    struct talk talk;
    talk_begin(&talk, 20, 40);
    talk_ask(&talk, "look", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_say(&talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
             "true", FIELD_NONE);
    talk_say(&talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{}", FIELD_NONE);
    talk_say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    uint64_t call = head(&talk);
    talk_say(&talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk_say(&talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT, "", FIELD_NONE);
    ck_assert_uint_ne(head(&talk), call);
    ck_assert_uint_eq(move(&talk, FOCUS_LAST), call);
    talk_start(&talk, 1, 2, "m", "e");
    talk_stream(&talk, 1, 2, "done");
    ck_assert_uint_eq(move(&talk, FOCUS_NEXT), head(&talk));
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), call);
    talk_end(&talk);
}
END_TEST

static uint64_t think(struct talk *talk, uint32_t run, const char *thought)
{
    talk_ask(talk, "why", run);
    talk_start(talk, run, 1, "m", "e");
    talk_say(talk, 0, EVENT_THINKING_DELTA, run, 1, FIELD_TEXT, thought,
             FIELD_NONE);
    talk_stream(talk, run, 1, "so");
    talk_finish(talk, run, 1, "complete", "");
    return head(talk);
}

START_TEST(one_entry_is_unfolded_by_itself_until_all_are)
{
    struct talk talk;
    talk_begin(&talk, 30, 40);
    uint64_t one = think(&talk, 1, "thought one");
    uint64_t two = think(&talk, 2, "thought two");
    thread_view_unfold_node(talk.view, two, true);
    ck_assert(thread_view_is_node_unfolded(talk.view, two));
    ck_assert(!thread_view_is_node_unfolded(talk.view, one));
    talk_check_shows(&talk, "│ thought two");
    ck_assert(!talk_shows(&talk, "│ thought one"));
    talk_resize(&talk, 30, 60);
    talk_check_shows(&talk, "│ thought two");
    ck_assert(!talk_shows(&talk, "│ thought one"));
    /* The choice is of the node, not of its place. */
    talk_move_head(&talk, one);
    talk_draw(&talk);
    talk_move_head(&talk, two);
    talk_check_shows(&talk, "│ thought two");
    thread_view_unfold(talk.view, true);
    talk_check_shows(&talk, "│ thought one");
    talk_check_shows(&talk, "│ thought two");
    thread_view_unfold_node(talk.view, one, false);
    talk_draw(&talk);
    ck_assert(!talk_shows(&talk, "│ thought one"));
    thread_view_unfold(talk.view, false);
    talk_draw(&talk);
    ck_assert(!talk_shows(&talk, "│ thought one"));
    ck_assert(!talk_shows(&talk, "│ thought two"));
    talk_end(&talk);
}
END_TEST

static bool is_on_path(const struct talk *talk, uint64_t id)
{
    for (size_t i = 0; i < talk->thread.entries.count; i++) {
        if (talk->thread.entries.items[i].node_id == id)
            return true;
    }
    return false;
}

START_TEST(what_an_agent_does_above_the_focus_does_not_move_it)
{
    struct talk talk;
    talk_begin(&talk, 20, 40);
    scenario_play(&talk.scenario, "@a user-message text=a\n"
                                  "@b user-message text=b\n"
                                  "@c user-message text=c\n");
    uint64_t b = scenario_seq(&talk.scenario, "b");
    move(&talk, FOCUS_LAST);
    ck_assert_uint_eq(move(&talk, FOCUS_PREVIOUS), b);
    scenario_play(&talk.scenario,
                  "@t user-message text=t parent=@a spawned=true\n"
                  "user-message text=u parent=@a spawned=true\n");
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view), b);
    /* A summary that comes to stand for it has the focus then. */
    scenario_play(&talk.scenario, "@s summarised first=@a last=@b text=sum\n"
                                  "folded summary=@s on=true\n");
    talk_draw(&talk);
    ck_assert_uint_eq(thread_view_focused(talk.view),
                      scenario_seq(&talk.scenario, "a"));
    talk_end(&talk);
}
END_TEST

/* A row of it is in view: its name or what stands beside its text, which is
 * further right in a nested branch. */
static bool is_marked(const struct talk *talk)
{
    for (int row = 0; row < talk->canvas.height; row++) {
        for (int col = 0; col < talk->canvas.width; col++) {
            const struct cell *cell = canvas_cell(&talk->canvas, row, col);
            if (cell->style == STYLE_SELECTED || cell->style == STYLE_FOCUS)
                return true;
        }
    }
    return false;
}

START_TEST(after_any_move_the_focus_is_on_the_path_and_in_view)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct talk talk;
        struct random_log random = { .state = seed, .wild_share = 5 };
        struct noise noise = { seed };
        talk_begin(&talk, 12, 40);
        thread_view_unfold(talk.view, seed % 2);
        for (int i = 0; i < 300; i++) {
            struct event event = { 0 };
            random_event(&random, talk.scenario.graph, &event);
            scenario_add(&talk.scenario, &event);
            if (noise_below(&noise, 5) == 0)
                talk_resize(&talk, 3 + (int)noise_below(&noise, 30),
                            12 + (int)noise_below(&noise, 90));
            if (noise_below(&noise, 4) == 0)
                thread_view_scroll(talk.view,
                                   10 - (int)noise_below(&noise, 20));
            uint64_t id = move(
                &talk, (enum focus_move)noise_below(&noise, FOCUS_LAST + 1));
            ck_assert(!id || is_on_path(&talk, id));
            ck_assert_msg(!id || is_marked(&talk), "seed %d, event %d",
                          (int)seed, i);
        }
        talk_end(&talk);
    }
}
END_TEST

Suite *thread_focus_suite(void)
{
    Suite *suite = suite_create("thread_focus");
    TCase *tcase = tcase_create("thread_focus");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_focus_walks_the_entries_and_stays_at_the_ends);
    tcase_add_test(tcase, an_empty_thread_has_nothing_to_focus);
    tcase_add_test(tcase,
                   what_is_in_focus_is_marked_beside_its_text_and_at_its_name);
    tcase_add_test(tcase,
                   a_tall_entry_begins_with_its_head_and_is_paged_through);
    tcase_add_test(tcase, up_in_a_tall_entry_pages_to_its_head);
    tcase_add_test(tcase, a_focus_that_was_scrolled_away_is_taken_up_in_view);
    tcase_add_test(tcase, streaming_moves_neither_the_focus_nor_the_view_on_it);
    tcase_add_test(tcase,
                   the_focus_outlives_sizes_and_folds_and_falls_to_the_sibling);
    tcase_add_test(tcase,
                   a_view_whose_branch_is_gone_begins_with_what_took_its_place);
    tcase_add_test(tcase, a_tool_that_gave_nothing_back_is_passed_over);
    tcase_add_test(tcase, one_entry_is_unfolded_by_itself_until_all_are);
    tcase_add_test(tcase, after_any_move_the_focus_is_on_the_path_and_in_view);
    tcase_add_test(tcase, what_an_agent_does_above_the_focus_does_not_move_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
