/* SPDX-License-Identifier: MIT */
/*
 * What the user does to the tree: branches get names, are pruned and restored,
 * and what was done is taken back.
 */
#include <check.h>

#include "tests/support/graph_dump.h"
#include "tests/support/scenario.h"

Suite *fold_branch_suite(void);

static struct scenario s;

static void setup(void)
{
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
}

static void play(const char *lines)
{
    scenario_play(&s, lines);
}

static uint64_t at(const char *name)
{
    return scenario_seq(&s, name);
}

static const struct node *node(const char *name)
{
    return graph_node(s.graph, at(name));
}

/* A question with three answers, the second of which led on. */
#define THREE_ANSWERS                   \
    "@q user-message text=why\n"        \
    "run-started 1 node=@q\n"           \
    "attempt-started 1.1 model=m\n"     \
    "@a text-delta 1.1 text=one\n"      \
    "run-finished 1 outcome=complete\n" \
    "head-moved node=@q\n"              \
    "run-started 2 node=@q\n"           \
    "attempt-started 2.1 model=m\n"     \
    "@b text-delta 2.1 text=two\n"      \
    "run-finished 2 outcome=complete\n" \
    "@n user-message text=next\n"       \
    "head-moved node=@q\n"              \
    "run-started 3 node=@q\n"           \
    "attempt-started 3.1 model=m\n"     \
    "@c text-delta 3.1 text=three\n"    \
    "run-finished 3 outcome=complete\n"

static void check_siblings(const char *name, uint32_t sibling, uint32_t count)
{
    ck_assert_uint_eq(node(name)->sibling, sibling);
    ck_assert_uint_eq(graph_sibling_count(s.graph, node(name)), count);
    ck_assert_uint_eq(graph_sibling(s.graph, node(name), sibling), at(name));
}

START_TEST(a_pruned_sibling_is_not_counted_and_comes_back_to_its_place)
{
    play(THREE_ANSWERS "pruned node=@b\n");
    check_siblings("a", 0, 2);
    check_siblings("c", 1, 2);
    ck_assert(node("b")->is_pruned);
    ck_assert(!graph_is_shown(s.graph, node("n")));
    ck_assert(graph_is_shown(s.graph, node("c")));
    play("restored node=@b\n");
    check_siblings("a", 0, 3);
    check_siblings("b", 1, 3);
    check_siblings("c", 2, 3);
    ck_assert(graph_is_shown(s.graph, node("n")));
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(the_head_leaves_a_pruned_branch_for_where_its_neighbour_was_left)
{
    play(THREE_ANSWERS "pruned node=@c\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'two' / user 'next'");
    play("pruned node=@b\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one'");
    play("pruned node=@a\n");
    scenario_assert_path(&s, 0, "user 'why'");
    ck_assert_uint_eq(node("q")->visited_child, 0);
    play("pruned node=@q\n");
    ck_assert_uint_eq(graph_head(s.graph), 0);
    ck_assert_uint_eq(graph_deepest(s.graph, 0), 0);
    play("restored node=@q\nrestored node=@c\nhead-moved node=@c\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'three'");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(pruning_beside_the_path_leaves_the_head_alone)
{
    play(THREE_ANSWERS);
    uint64_t revision = graph_head_revision(s.graph);
    play("pruned node=@a\n");
    ck_assert_uint_eq(graph_head(s.graph), at("c"));
    ck_assert_uint_eq(graph_head_revision(s.graph), revision);
    /* What shows its count is drawn anew. */
    ck_assert_uint_eq(node("c")->changed, graph_seq(s.graph));
}
END_TEST

START_TEST(nothing_happens_in_a_pruned_branch)
{
    play(THREE_ANSWERS "pruned node=@b\n");
    play("head-moved node=@n\n"
         "head-moved node=@b\n"
         "user-message text=x parent=@n\n"
         "user-message text=x parent=@b spawned=true\n"
         "prompt-queued text=x parent=@n\n"
         "run-started 4 node=@n\n"
         "pruned node=@b\n");
    scenario_assert_rejected(&s, "0 0 7 0");
    /* Within it a branch may be pruned once more: both must be restored. */
    play("pruned node=@n\nrestored node=@b\n");
    ck_assert(!graph_is_shown(s.graph, node("n")));
    scenario_assert_rejected(&s, "0 0 7 0");
}
END_TEST

START_TEST(what_cannot_be_pruned_or_restored_is_counted)
{
    play(SCENARIO_ASKED);
    play("tool-finished call=1 outcome=denied\n"
         "@r tool-finished call=2 outcome=denied\n"
         "@t user-message text=task parent=@a spawned=true\n"
         "run-finished 1 outcome=complete\n");
    play("pruned node=@r\n"
         "pruned node=@t\n"
         "restored node=@q\n");
    scenario_assert_rejected(&s, "0 0 3 0");
    play("pruned\npruned node=77\nrestored\nrestored node=77\n"
         "branch-named name=x\nbranch-named node=77 name=x\n");
    scenario_assert_rejected(&s, "0 0 3 6");
    ck_assert_ptr_null(graph_node(s.graph, at("q"))->name);
}
END_TEST

START_TEST(a_branch_in_which_a_run_works_is_not_pruned)
{
    play(SCENARIO_STREAMING);
    ck_assert(graph_is_at_work(s.graph, node("q")));
    ck_assert(graph_is_at_work(s.graph, node("a")));
    play("pruned node=@a\npruned node=@q\n");
    scenario_assert_rejected(&s, "0 0 2 0");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one '");
    play("run-finished 1 outcome=aborted\n");
    ck_assert(!graph_is_at_work(s.graph, node("q")));
    play("pruned node=@q\n");
    ck_assert_uint_eq(graph_head(s.graph), 0);
}
END_TEST

START_TEST(another_branch_is_pruned_while_a_run_works)
{
    play(THREE_ANSWERS "run-started 4 node=@n\nattempt-started 4.1 model=m\n"
                       "pruned node=@a\n");
    ck_assert(node("a")->is_pruned);
    play("pruned node=@b\n");
    ck_assert(!node("b")->is_pruned);
    scenario_assert_rejected(&s, "0 0 1 0");
}
END_TEST

START_TEST(a_branch_in_which_a_prompt_waits_to_be_asked_is_not_pruned)
{
    play(THREE_ANSWERS "@p prompt-queued text=later parent=@n\n");
    ck_assert(graph_queued(s.graph, 0)->has_parent);
    ck_assert_uint_eq(graph_queued(s.graph, 0)->parent_id, at("n"));
    play("pruned node=@b\n");
    scenario_assert_rejected(&s, "0 0 1 0");
    play("prompt-withdrawn prompt=@p\npruned node=@b\n");
    ck_assert(node("b")->is_pruned);
    play("prompt-queued text=x parent=999\n"
         "prompt-queued text=root parent=0\n");
    ck_assert(graph_queued(s.graph, 0)->has_parent);
    scenario_assert_rejected(&s, "0 0 1 1");
}
END_TEST

START_TEST(a_name_is_given_changed_and_taken_away)
{
    play(THREE_ANSWERS "branch-named node=@b name='the second'\n");
    ck_assert_str_eq(node("b")->name, "the second");
    ck_assert_uint_eq(node("b")->changed, graph_seq(s.graph));
    play("branch-named node=@b name=other\n");
    ck_assert_str_eq(node("b")->name, "other");
    play("branch-named node=@b\n");
    ck_assert_ptr_null(node("b")->name);
}
END_TEST

static void check_change(enum event_type type, const char *about,
                         const char *head)
{
    const struct change *change = graph_last_change(s.graph);
    ck_assert_ptr_nonnull(change);
    ck_assert_int_eq(change->type, type);
    ck_assert_uint_eq(change->node_id, at(about));
    ck_assert_uint_eq(change->head_id, head ? at(head) : 0);
}

START_TEST(changes_are_taken_back_from_the_last_to_the_first)
{
    play("@1 user-message text=why\n"
         "run-started 1 node=@1\n"
         "attempt-started 1.1 model=m\n"
         "@a text-delta 1.1 text=one\n"
         "run-finished 1 outcome=complete\n"
         "@2 user-message text=next\n"
         "@3 branch-named node=@2 name=x\n"
         "@4 branch-named node=@2 name=y\n"
         "@5 pruned node=@a\n"
         "@6 restored node=@a\n"
         "@7 head-moved node=@2\n");
    check_change(EVENT_HEAD_MOVED, "2", "1");
    play("head-moved node=@1 undoes=@7\n");
    check_change(EVENT_RESTORED, "a", "1");
    play("pruned node=@a undoes=@6\n");
    check_change(EVENT_PRUNED, "a", "2");
    play("restored node=@a undoes=@5\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one' / user 'next'");
    check_change(EVENT_BRANCH_NAMED, "2", "2");
    ck_assert_str_eq(graph_last_change(s.graph)->name, "x");
    play("branch-named node=@2 name=x undoes=@4\n");
    ck_assert_str_eq(node("2")->name, "x");
    play("branch-named node=@2 undoes=@3\n");
    ck_assert_ptr_null(node("2")->name);
    check_change(EVENT_USER_MESSAGE, "2", "a");
    play("head-moved node=@a undoes=@2\n");
    check_change(EVENT_USER_MESSAGE, "1", NULL);
    play("head-moved node=0 undoes=@1\n");
    ck_assert_ptr_null(graph_last_change(s.graph));
    ck_assert_uint_eq(graph_head(s.graph), 0);
    scenario_assert_rejected(&s, "0 0 0 0");
    ck_assert_uint_eq(graph_deepest(s.graph, 0), at("2"));
}
END_TEST

START_TEST(only_a_change_that_is_there_is_taken_back)
{
    play(THREE_ANSWERS "@m head-moved node=@a\n");
    play("head-moved node=@c undoes=@b\n"
         "head-moved node=@c undoes=999\n"
         "pruned node=@c undoes=999\n"
         "restored node=@c undoes=999\n"
         "branch-named node=@c name=x undoes=999\n");
    scenario_assert_rejected(&s, "0 0 0 5");
    ck_assert_uint_eq(graph_head(s.graph), at("a"));
    play("head-moved node=@c undoes=@m\nhead-moved node=@a undoes=@m\n");
    scenario_assert_rejected(&s, "0 0 0 6");
    ck_assert_uint_eq(graph_head(s.graph), at("c"));
}
END_TEST

START_TEST(what_came_after_is_taken_back_with_it)
{
    play(THREE_ANSWERS "@m head-moved node=@a\n"
                       "branch-named node=@a name=x\n"
                       "head-moved node=@b\n"
                       "head-moved node=@c undoes=@m\n");
    check_change(EVENT_HEAD_MOVED, "q", "n");
}
END_TEST

START_TEST(a_head_that_stays_is_no_change)
{
    play("@q user-message text=why\nhead-moved node=@q\n"
         "user-message text=task parent=@q spawned=true\n");
    check_change(EVENT_USER_MESSAGE, "q", NULL);
}
END_TEST

START_TEST(a_run_on_an_answer_goes_on_with_it)
{
    play(SCENARIO_STREAMING);
    play("run-finished 1 outcome=cut error='the line went'\n"
         "run-started 2 node=@a\n"
         "attempt-started 2.1 model=m\n"
         "@c text-delta 2.1 text='two.'\n"
         "run-finished 2 outcome=complete\n");
    ck_assert(node("a")->is_continued);
    ck_assert(!node("c")->is_continued);
    ck_assert_uint_eq(node("c")->parent_id, at("a"));
    ck_assert_uint_eq(node("q")->run, 1);
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'one ' / assistant "
                         "'two.'");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

/* The same log gives the same graph, at each of its places: what was visited,
 * pruned and named is there again when it is opened anew. */
START_TEST(every_prefix_folded_anew_is_the_graph_that_was_there)
{
    struct log *log = s.log;
    struct buf live = { 0 }, anew = { 0 };
    play(THREE_ANSWERS "branch-named node=@b name=two\n"
                       "head-moved node=@n\nhead-moved node=@a\n"
                       "@p pruned node=@a\n"
                       "restored node=@a undoes=@p\n"
                       "pruned node=@b\n");
    struct graph *graph = graph_new();
    for (uint64_t seq = 1; seq <= log_last_seq(log); seq++) {
        struct event event;
        ck_assert(log_read(log, seq, &event));
        graph_apply(graph, &event);
        struct graph *prefix = scenario_fold(log, seq);
        buf_reset(&live);
        buf_reset(&anew);
        graph_dump(&live, graph);
        graph_dump(&anew, prefix);
        ck_assert_str_eq(buf_string(&live), buf_string(&anew));
        graph_free(prefix);
    }
    buf_reset(&live);
    graph_dump(&live, s.graph);
    ck_assert_str_eq(buf_string(&live), buf_string(&anew));
    ck_assert_uint_eq(graph_deepest(graph, at("q")), at("a"));
    graph_free(graph);
    buf_clear(&live);
    buf_clear(&anew);
}
END_TEST

Suite *fold_branch_suite(void)
{
    Suite *suite = suite_create("fold_branch");
    TCase *tcase = tcase_create("fold_branch");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase,
                   a_pruned_sibling_is_not_counted_and_comes_back_to_its_place);
    tcase_add_test(
        tcase,
        the_head_leaves_a_pruned_branch_for_where_its_neighbour_was_left);
    tcase_add_test(tcase, pruning_beside_the_path_leaves_the_head_alone);
    tcase_add_test(tcase, nothing_happens_in_a_pruned_branch);
    tcase_add_test(tcase, what_cannot_be_pruned_or_restored_is_counted);
    tcase_add_test(tcase, a_branch_in_which_a_run_works_is_not_pruned);
    tcase_add_test(tcase, another_branch_is_pruned_while_a_run_works);
    tcase_add_test(tcase,
                   a_branch_in_which_a_prompt_waits_to_be_asked_is_not_pruned);
    tcase_add_test(tcase, a_name_is_given_changed_and_taken_away);
    tcase_add_test(tcase, changes_are_taken_back_from_the_last_to_the_first);
    tcase_add_test(tcase, only_a_change_that_is_there_is_taken_back);
    tcase_add_test(tcase, what_came_after_is_taken_back_with_it);
    tcase_add_test(tcase, a_head_that_stays_is_no_change);
    tcase_add_test(tcase, a_run_on_an_answer_goes_on_with_it);
    tcase_add_test(tcase, every_prefix_folded_anew_is_the_graph_that_was_there);
    suite_add_tcase(suite, tcase);
    return suite;
}
