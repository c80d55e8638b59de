/* SPDX-License-Identifier: MIT */
/*
 * Earlier prompts in the editor, names of branches, and the keys for them: the
 * whole screen without a terminal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"
#include "tests/support/easel.h"

Suite *amending_suite(void);

enum { HEIGHT = 24, WIDTH = 100 };

static struct easel easel;
static struct screen *screen;
static const struct graph *graph;
static uint64_t first, second;

static void setup(void)
{
    easel_begin(&easel, false);
    screen = &easel.screen;
    graph = chat_conversation(screen->chat)->graph;
    first = talk_exchange(&easel.talk, 1, "first", "one");
    second = talk_exchange(&easel.talk, 2, "second", "two");
    easel_draw(&easel, HEIGHT, WIDTH);
}

static void teardown(void)
{
    easel_end(&easel);
}

static const char *draft(void)
{
    return editor_text(screen->editor).ptr;
}

static void check_draft(const char *expected)
{
    ck_assert_msg(slice_is(editor_text(screen->editor), expected),
                  "the draft is '%s'", draft());
}

static void check_notice(const char *expected)
{
    ck_assert_str_eq(buf_string(&screen->notice), expected);
}

static void press(enum key_code code, uint32_t character)
{
    struct key key = { .code = code, .character = character };
    typing_on_key(screen, &key);
}

static void check_shows(const char *words)
{
    easel_draw(&easel, HEIGHT, WIDTH);
    ck_assert_msg(easel_shows(&easel, words), "not on the screen: %s", words);
}

static uint64_t prompt_of(uint64_t answer)
{
    return graph_node(graph, answer)->parent_id;
}

START_TEST(an_earlier_prompt_stands_in_the_editor_and_is_sent_as_a_branch)
{
    easel_write(&easel, "my draft");
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, 'e');
    check_draft("second");
    check_shows("an earlier prompt: Enter sends it as a new branch, Esc gives "
                "up");
    easel_write(&easel, "second, better");
    press(KEY_ENTER, 0);
    check_draft("my draft");
    const struct queued_prompt *queued = graph_queued(graph, 0);
    ck_assert_str_eq(queued->text, "second, better");
    ck_assert(queued->has_parent);
    ck_assert_uint_eq(queued->parent_id, first);
    easel_draw(&easel, HEIGHT, WIDTH);
    ck_assert(!easel_shows(&easel, "an earlier prompt"));
}
END_TEST

START_TEST(escape_gives_up_and_the_draft_comes_back)
{
    easel_write(&easel, "my draft");
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, 'k');
    press(KEY_CHARACTER, 'e');
    easel_write(&easel, "changed");
    press(KEY_ESCAPE, 0);
    check_draft("my draft");
    check_notice("given up; nothing has changed");
    ck_assert_uint_eq(graph_queue_count(graph), 0);
    /* What was typed is not lost either. */
    easel_do(&easel, ACTION_UP);
    check_draft("changed");
}
END_TEST

START_TEST(files_come_along_and_those_of_the_draft_come_back)
{
    char node[24];
    snprintf(node, sizeof node, "%" PRIu64, prompt_of(second));
    talk_say(&easel.talk, 0, EVENT_ATTACHMENT_ADDED, 0, 0, FIELD_NODE, node,
             FIELD_NAME, "notes.txt", FIELD_TEXT, "content", FIELD_NONE);
    *array_add(&screen->seat->files.list) =
        (struct attachment){ .name = memory_string("mine.txt") };
    easel_write(&easel, "/edit");
    press(KEY_ENTER, 0);
    check_draft("second");
    ck_assert_uint_eq(screen->seat->files.list.count, 1);
    ck_assert_str_eq(screen->seat->files.list.items[0].name, "notes.txt");
    press(KEY_ESCAPE, 0);
    check_draft("");
    ck_assert_uint_eq(screen->seat->files.list.count, 1);
    ck_assert_str_eq(screen->seat->files.list.items[0].name, "mine.txt");
}
END_TEST

START_TEST(edit_with_a_text_is_sent_at_once)
{
    easel_write(&easel, "/edit something else");
    press(KEY_ENTER, 0);
    ck_assert_uint_eq(graph_queued(graph, 0)->parent_id, first);
    ck_assert_str_eq(graph_queued(graph, 0)->text, "something else");
    check_draft("");
}
END_TEST

START_TEST(escape_twice_on_an_empty_draft_goes_back)
{
    press(KEY_ESCAPE, 0);
    check_notice("Escape again goes back to an earlier prompt");
    ck_assert_int_eq(screen->bands.focused, PANEL_NONE);
    press(KEY_ESCAPE, 0);
    ck_assert_int_eq(screen->bands.focused, PANEL_GO_BACK);
    check_shows("go back to");
    press(KEY_CHARACTER, 'f');
    press(KEY_CHARACTER, 'i');
    press(KEY_ENTER, 0);
    check_draft("first");
    ck_assert_uint_eq(screen->seat->amending.node_id, prompt_of(first));
}
END_TEST

START_TEST(escape_clears_and_quits_nothing)
{
    easel_write(&easel, "draft");
    for (int i = 0; i < 4; i++)
        press(KEY_ESCAPE, 0);
    check_draft("draft");
    ck_assert(!screen->wants_quit);
    ck_assert_int_eq(screen->bands.focused, PANEL_NONE);
    /* Another key between them, and it is not twice. */
    easel_write(&easel, "");
    press(KEY_ESCAPE, 0);
    press(KEY_LEFT, 0);
    press(KEY_ESCAPE, 0);
    ck_assert_int_eq(screen->bands.focused, PANEL_NONE);
}
END_TEST

START_TEST(a_branch_gets_its_name_in_the_editor)
{
    easel_write(&easel, "draft");
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, 'k');
    press(KEY_CHARACTER, 'n');
    check_draft("");
    check_shows("the name of this branch: Enter gives it, Esc gives up");
    easel_write(&easel, "plan b");
    press(KEY_ENTER, 0);
    check_draft("draft");
    ck_assert_str_eq(graph_node(graph, prompt_of(second))->name, "plan b");
    ck_assert_uint_eq(graph_queue_count(graph), 0);
}
END_TEST

START_TEST(the_graph_names_prunes_shows_and_restores)
{
    uint64_t id = prompt_of(second);
    easel_do(&easel, ACTION_GRAPH);
    easel_do(&easel, ACTION_PRUNE_ROW);
    check_notice("pruned; /undo or /restore brings it back");
    ck_assert(graph_node(graph, second)->is_pruned);
    ck_assert_uint_eq(graph_head(graph), id);
    check_shows("1 pruned");
    easel_do(&easel, ACTION_SHOW_PRUNED);
    check_shows("(pruned)");
    char key[24];
    snprintf(key, sizeof key, "%" PRIu64, second);
    list_choose(&screen->bands.items[PANEL_GRAPH].list, key);
    /* Enter does not go where nothing is shown. */
    easel_do(&easel, ACTION_CHOOSE);
    check_notice("this branch is pruned; restore it first");
    easel_do(&easel, ACTION_RESTORE_ROW);
    ck_assert(!graph_node(graph, second)->is_pruned);
    easel_do(&easel, ACTION_NAME_ROW);
    ck_assert(screen->seat->amending.is_name);
    ck_assert_uint_eq(screen->seat->amending.node_id, second);
}
END_TEST

START_TEST(keys_of_the_graph_are_for_the_graph)
{
    easel_do(&easel, ACTION_HELP);
    easel_do(&easel, ACTION_PRUNE_ROW);
    check_notice("that is for a turn of the graph panel");
}
END_TEST

START_TEST(a_turn_is_pruned_and_what_was_done_taken_back_by_keys)
{
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, 'x');
    ck_assert(graph_node(graph, second)->is_pruned);
    easel_do(&easel, ACTION_UNDO_TURN);
    check_notice("the branch that was pruned is back");
    ck_assert_uint_eq(graph_head(graph), second);
    easel_do(&easel, ACTION_UNDO_TURN);
    ck_assert_uint_eq(graph_head(graph), first);
    easel_do(&easel, ACTION_REDO_TURN);
    ck_assert_uint_eq(graph_head(graph), second);
}
END_TEST

static void run(const char *line, const char *said)
{
    easel_write(&easel, line);
    press(KEY_ENTER, 0);
    check_notice(said);
}

START_TEST(commands_name_branches_go_to_them_and_leaf_through)
{
    run("/prune", "there is only one branch; /new starts a fresh conversation");
    run("/next", "this is the only answer here");
    talk_move_head(&easel.talk, first);
    uint64_t other = talk_exchange(&easel.talk, 3, "other", "three");
    run("/branch plan b", "this branch is named plan b; /goto plan b comes "
                          "back to it");
    run("/previous", "");
    ck_assert_uint_eq(graph_head(graph), second);
    run("/goto plan b", "");
    ck_assert_uint_eq(graph_head(graph), other);
    run("/goto nowhere", "no branch is named \"nowhere\"; /branch lists all");
    run("/branch none", "this branch has no name any more");
    run("/prune", "pruned; /undo or /restore brings it back");
    ck_assert_uint_eq(graph_head(graph), second);
    run("/restore", "the branch is back; /previous, /next and the graph panel "
                    "lead to it");
    run("/continue", "this answer is complete; /retry asks for another");
}
END_TEST

START_TEST(two_answers_stand_beside_each_other_until_escape)
{
    talk_move_head(&easel.talk, prompt_of(second));
    char node[24];
    snprintf(node, sizeof node, "%" PRIu64, prompt_of(second));
    talk_say(&easel.talk, 0, EVENT_RUN_STARTED, 3, 0, FIELD_NODE, node,
             FIELD_NONE);
    talk_start(&easel.talk, 3, 1, "other", "box");
    talk_stream(&easel.talk, 3, 1, "tree");
    talk_finish(&easel.talk, 3, 1, "complete", "");
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, '=');
    check_shows("[-two-]");
    ck_assert(easel_shows(&easel, "{+tree+}"));
    ck_assert(!easel_shows(&easel, "you 14:02"));
    press(KEY_ESCAPE, 0);
    easel_draw(&easel, HEIGHT, WIDTH);
    ck_assert(!easel_shows(&easel, "{+tree+}"));
    ck_assert(easel_shows(&easel, "you 14:02"));
    /* A prompt goes to the conversation, and so does the reader. */
    press(KEY_TAB, 0);
    run("/compare 1",
        "[- -] first, {+ +} second; Tab, then < > the better one, 0 no "
        "difference; Esc returns");
    check_shows("[-two-]");
    run("/compare 2", "this is number 2 itself");
    run("/compare 3", "there are 2 to compare");
    run("/compare x", "/compare takes the number of another answer: /compare "
                      "1");
    run("/compare",
        "[- -] first, {+ +} second; Tab, then < > the better one, 0 no "
        "difference; Esc returns");
    easel_write(&easel, "next");
    press(KEY_ENTER, 0);
    easel_draw(&easel, HEIGHT, WIDTH);
    ck_assert(!easel_shows(&easel, "[-two-]"));
}
END_TEST

START_TEST(a_model_is_chosen_to_answer_the_turn_in_focus_again)
{
    press(KEY_TAB, 0);
    press(KEY_CHARACTER, 'k');
    press(KEY_CHARACTER, 'k');
    ck_assert_uint_eq(thread_view_focused(screen->thread_view), first);
    /* Without a question to the servers, which are not there. */
    struct panel_source source = perform_source(screen);
    bands_open(&screen->bands, PANEL_RETRY, &source);
    list_choose(&screen->bands.items[PANEL_RETRY].list, "guide/guide");
    press(KEY_ENTER, 0);
    check_notice("");
    ck_assert_uint_eq(graph_run_count(graph), 3);
    ck_assert_uint_eq(graph_run(graph, 3)->prompt_id, prompt_of(first));
    ck_assert_int_eq(screen->bands.focused, PANEL_NONE);
}
END_TEST

START_TEST(one_answer_has_nothing_to_be_compared_with)
{
    run("/compare", "there is only one answer here; /retry asks for another");
}
END_TEST

Suite *amending_suite(void)
{
    Suite *suite = suite_create("amending");
    TCase *tcase = tcase_create("amending");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(
        tcase, an_earlier_prompt_stands_in_the_editor_and_is_sent_as_a_branch);
    tcase_add_test(tcase, escape_gives_up_and_the_draft_comes_back);
    tcase_add_test(tcase, files_come_along_and_those_of_the_draft_come_back);
    tcase_add_test(tcase, edit_with_a_text_is_sent_at_once);
    tcase_add_test(tcase, escape_twice_on_an_empty_draft_goes_back);
    tcase_add_test(tcase, escape_clears_and_quits_nothing);
    tcase_add_test(tcase, a_branch_gets_its_name_in_the_editor);
    tcase_add_test(tcase, the_graph_names_prunes_shows_and_restores);
    tcase_add_test(tcase, keys_of_the_graph_are_for_the_graph);
    tcase_add_test(tcase,
                   a_turn_is_pruned_and_what_was_done_taken_back_by_keys);
    tcase_add_test(tcase, commands_name_branches_go_to_them_and_leaf_through);
    tcase_add_test(tcase, two_answers_stand_beside_each_other_until_escape);
    tcase_add_test(tcase, a_model_is_chosen_to_answer_the_turn_in_focus_again);
    tcase_add_test(tcase, one_answer_has_nothing_to_be_compared_with);
    suite_add_tcase(suite, tcase);
    return suite;
}
