/* SPDX-License-Identifier: MIT */
/*
 * What the user does to the tree of turns, and how it is taken back: the events
 * are those of a log, so that a session opened anew goes on with the same.
 */
#include <string.h>

#include <check.h>

#include "chat/branch.h"
#include "chat/tree.h"
#include "tests/support/easel.h"
#include "tests/support/graph_dump.h"

Suite *tree_suite(void);

static struct easel easel;
static struct talk *talk;
static const struct graph *graph;
static struct chat *chat;
static struct buf words;
static struct error err;
/* Two prompts; another second prompt. */
static uint64_t first, second, other;

static void setup(void)
{
    easel_begin(&easel, false);
    talk = &easel.talk;
    chat = easel.screen.chat;
    graph = chat_conversation(chat)->graph;
    first = talk_exchange(talk, 1, "first", "one");
    second = talk_exchange(talk, 2, "second", "two");
    talk_move_head(talk, first);
    other = talk_exchange(talk, 3, "other", "three");
    err = (struct error){ 0 };
}

static void teardown(void)
{
    buf_clear(&words);
    easel_end(&easel);
}

static uint64_t prompt_of(uint64_t answer)
{
    return graph_node(graph, answer)->parent_id;
}

static void undo(const char *said)
{
    buf_reset(&words);
    ck_assert_msg(tree_undo(chat, &words, &err), "%s", err.text);
    ck_assert_str_eq(buf_string(&words), said);
}

#define PROMPT_TAKEN "the last prompt is taken back; /redo goes forward again"
#define WENT_BACK \
    "back where the conversation was before it went to another place"

START_TEST(undo_goes_back_step_by_step_and_redo_forward)
{
    undo(PROMPT_TAKEN);
    ck_assert_uint_eq(graph_head(graph), first);
    undo(WENT_BACK);
    ck_assert_uint_eq(graph_head(graph), second);
    undo(PROMPT_TAKEN);
    ck_assert_uint_eq(graph_head(graph), first);
    undo(PROMPT_TAKEN);
    ck_assert_uint_eq(graph_head(graph), 0);
    ck_assert(!tree_undo(chat, &words, &err));
    ck_assert_str_eq(err.text, "there is nothing to undo");
    /* Where each turn was left. */
    ck_assert(tree_redo(chat, &words, &err));
    ck_assert_uint_eq(graph_head(graph), second);
    ck_assert(!tree_redo(chat, &words, &err));
    undo(WENT_BACK);
    ck_assert_uint_eq(graph_head(graph), 0);
}
END_TEST

START_TEST(a_pruned_branch_comes_back_and_the_head_with_it)
{
    ck_assert(tree_prune(chat, prompt_of(other), &words, &err));
    ck_assert_uint_eq(graph_head(graph), second);
    ck_assert(!tree_prune(chat, prompt_of(other), &words, &err));
    ck_assert_str_eq(err.text, "this branch is pruned already");
    ck_assert(!chat_go_to(chat, other, &err));
    ck_assert_str_eq(err.text, "this branch is pruned; restore it first");
    ck_assert(!chat_select_sibling(chat, prompt_of(second), 1, &err));
    ck_assert_str_eq(err.text, "this is the only prompt here");
    undo("the branch that was pruned is back");
    ck_assert_uint_eq(graph_head(graph), other);
    ck_assert(tree_prune(chat, prompt_of(other), &words, &err));
    ck_assert(tree_restore(chat, 0, &words, &err));
    ck_assert_uint_eq(graph_head(graph), second);
    undo("the branch that was restored is pruned again");
    ck_assert(graph_node(graph, prompt_of(other))->is_pruned);
    ck_assert(tree_restore(chat, prompt_of(other), &words, &err));
    ck_assert(!tree_restore(chat, prompt_of(other), &words, &err));
    ck_assert_str_eq(err.text, "this branch is not pruned");
    ck_assert(!tree_restore(chat, 0, &words, &err));
    ck_assert_str_eq(err.text, "no branch is pruned");
}
END_TEST

START_TEST(the_branch_that_was_pruned_last_is_restored_first)
{
    ck_assert(tree_prune(chat, prompt_of(other), &words, &err));
    ck_assert(tree_prune(chat, prompt_of(second), &words, &err));
    ck_assert_uint_eq(graph_head(graph), first);
    ck_assert(tree_restore(chat, 0, &words, &err));
    ck_assert(!graph_node(graph, prompt_of(second))->is_pruned);
    ck_assert(graph_node(graph, prompt_of(other))->is_pruned);
}
END_TEST

START_TEST(a_branch_at_work_is_not_pruned)
{
    uint64_t asked = talk_ask(talk, "more", 4);
    talk_start(talk, 4, 1, "m", "box");
    ck_assert(!tree_prune(chat, asked, &words, &err));
    ck_assert_str_eq(err.text, "an answer is on its way in this branch; stop "
                               "it first");
    ck_assert(tree_prune(chat, prompt_of(second), &words, &err));
}
END_TEST

START_TEST(a_branch_has_one_name_and_a_name_one_branch)
{
    ck_assert(tree_name(chat, prompt_of(other), slice_of("plan b"), &err));
    ck_assert_uint_eq(branch_named(graph, slice_of("plan b")),
                      prompt_of(other));
    ck_assert(!tree_name(chat, prompt_of(second), slice_of("plan b"), &err));
    ck_assert_str_eq(err.text, "another branch is named plan b; /goto plan b "
                               "goes there");
    ck_assert(tree_name(chat, prompt_of(other), slice_of("plan b"), &err));
    ck_assert(tree_name(chat, prompt_of(other), slice_of("c"), &err));
    undo("the branch is named plan b again");
    undo("the branch is named plan b again");
    undo("the branch has no name again");
    ck_assert(!tree_name(chat, 0, slice_of("x"), &err));
}
END_TEST

START_TEST(what_is_no_name_is_refused)
{
    char longer[TREE_NAME_MAX + 2];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ck_assert(!tree_name(chat, first, slice_of(longer), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "at most 100 bytes"));
    ck_assert(!tree_name(chat, first, slice_of("a\nb"), &err));
    ck_assert(!tree_name(chat, first, slice_of("17"), &err));
    longer[TREE_NAME_MAX] = '\0';
    ck_assert(tree_name(chat, first, slice_of(longer), &err));
    ck_assert(tree_name(chat, first, slice_of(""), &err));
    ck_assert_ptr_null(graph_node(graph, first)->name);
}
END_TEST

START_TEST(a_branch_begins_where_it_forks_or_has_a_name)
{
    ck_assert_uint_eq(branch_begin(graph, other), prompt_of(other));
    ck_assert_uint_eq(branch_fork(graph, other), prompt_of(other));
    ck_assert_uint_eq(branch_begin(graph, first), prompt_of(first));
    ck_assert_uint_eq(branch_fork(graph, first), 0);
    ck_assert(tree_name(chat, other, slice_of("x"), &err));
    ck_assert_uint_eq(branch_begin(graph, other), other);
    ck_assert_uint_eq(branch_begin(graph, 0), 0);
}
END_TEST

/* What a session that is opened anew has, is what was there. */
START_TEST(the_log_alone_gives_the_same_tree)
{
    struct buf live = { 0 }, anew = { 0 };
    const struct log *log = chat_conversation(chat)->log;
    ck_assert(tree_prune(chat, prompt_of(other), &words, &err));
    undo("the branch that was pruned is back");
    ck_assert(chat_select_sibling(chat, prompt_of(other), -1, &err));
    ck_assert(tree_name(chat, first, slice_of("trunk"), &err));
    struct graph *again = scenario_fold(log, log_last_seq(log));
    graph_dump(&live, graph);
    graph_dump(&anew, again);
    ck_assert_str_eq(buf_string(&live), buf_string(&anew));
    ck_assert_uint_eq(graph_deepest(again, first), second);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(again, (enum reject_reason)i),
                          0);
    graph_free(again);
    buf_clear(&live);
    buf_clear(&anew);
}
END_TEST

Suite *tree_suite(void)
{
    Suite *suite = suite_create("tree");
    TCase *tcase = tcase_create("tree");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, undo_goes_back_step_by_step_and_redo_forward);
    tcase_add_test(tcase, a_pruned_branch_comes_back_and_the_head_with_it);
    tcase_add_test(tcase, the_branch_that_was_pruned_last_is_restored_first);
    tcase_add_test(tcase, a_branch_at_work_is_not_pruned);
    tcase_add_test(tcase, a_branch_has_one_name_and_a_name_one_branch);
    tcase_add_test(tcase, what_is_no_name_is_refused);
    tcase_add_test(tcase, a_branch_begins_where_it_forks_or_has_a_name);
    tcase_add_test(tcase, the_log_alone_gives_the_same_tree);
    suite_add_tcase(suite, tcase);
    return suite;
}
