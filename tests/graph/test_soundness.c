/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/graph_dump.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *soundness_suite(void);

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

START_TEST(two_questions_and_two_errors_are_two)
{
    play("@q user-message text=a\n"
         "run-started 1 node=@q\n"
         "user-message 1 text=b\n"
         "attempt-started 1.1 model=m\n"
         "attempt-finished 1.1 outcome=error error=first\n"
         "attempt-started 1.2 model=m\n"
         "attempt-finished 1.2 outcome=error error=second\n");
    scenario_assert_path(&s, 0, "user 'a' / user 'b'");
    ck_assert_str_eq(graph_attempt(s.graph, 1, 1)->error, "first");
    ck_assert_str_eq(graph_attempt(s.graph, 1, 2)->error, "second");
}
END_TEST

START_TEST(a_child_before_its_parent_is_listed_and_may_come_again)
{
    play("run-started 1 node=2\n"
         "@q user-message text=a\n"
         "run-started 1 node=@q\n");
    ck_assert_uint_eq(graph_run_count(s.graph), 1);
    scenario_assert_rejected(&s, "0 0 0 1");
    const struct rejected *rejected = graph_rejected(s.graph, 0);
    ck_assert_uint_eq(rejected->seq, 1);
    ck_assert_int_eq(rejected->type, EVENT_RUN_STARTED);
    ck_assert_int_eq(rejected->reason, REJECT_ORPHAN);
}
END_TEST

START_TEST(numbers_have_no_gaps_and_no_doubles)
{
    play(SCENARIO_STREAMING);
    play("run-started 1 node=@q\n"
         "run-started 3 node=@q\n"
         "run-started node=@q\n"
         "attempt-started 1.2 model=m\n"
         "attempt-finished 1.1 outcome=cut\n"
         "attempt-started 1.1 model=m\n"
         "attempt-started 1.3 model=m\n"
         "attempt-started 1.2 model=m\n"
         "tool-call-start 1.2 call=2 name=ls\n"
         "tool-call-start 1.2 name=ls\n"
         "attempt-finished 1.2 outcome=fine\n");
    ck_assert_uint_eq(graph_run_count(s.graph), 1);
    ck_assert_uint_eq(graph_run(s.graph, 1)->attempts.count, 2);
    ck_assert_uint_eq(graph_call_count(s.graph), 0);
    ck_assert_uint_eq(graph_node_count(s.graph), 2);
    scenario_assert_rejected(&s, "0 0 9 0");
}
END_TEST

START_TEST(what_names_nothing_is_an_orphan)
{
    play(SCENARIO_STREAMING);
    play("text-delta 2.1 text=x\n"
         "text-delta 1.2 text=x\n"
         "text-delta 1 text=x\n"
         "text-delta text=x\n"
         "tool-call-delta 1.1 call=1 arguments=x\n"
         "tool-started call=1\n"
         "tool-output text=x\n"
         "run-finished outcome=complete\n"
         "run-finished 4 outcome=complete\n"
         "attempt-started 4.1 model=m\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one '");
    scenario_assert_rejected(&s, "0 0 0 10");
}
END_TEST

START_TEST(events_of_a_newer_version_are_counted)
{
    struct event event = { .type = EVENT_NONE };
    scenario_add(&s, &event);
    scenario_assert_rejected(&s, "1 0 0 0");
    ck_assert_uint_eq(graph_seq(s.graph), 1);
}
END_TEST

START_TEST(every_known_type_is_known)
{
    for (int type = EVENT_NONE + 1; type < EVENT_TYPE_COUNT; type++) {
        struct event event = { .type = (enum event_type)type };
        scenario_add(&s, &event);
    }
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_UNKNOWN), 0);
}
END_TEST

START_TEST(the_last_rejected_events_are_kept)
{
    for (int i = 0; i < GRAPH_REJECTED_KEPT + 44; i++)
        play("head-moved node=9999999");
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ORPHAN), 300);
    ck_assert_uint_eq(graph_rejected_kept(s.graph), GRAPH_REJECTED_KEPT);
    for (size_t i = 0; i < GRAPH_REJECTED_KEPT; i++)
        ck_assert_uint_eq(graph_rejected(s.graph, i)->seq, 45 + i);
}
END_TEST

/* What must hold in any graph. */
static void check_node(const struct graph *graph, const struct node *node)
{
    const struct node *parent = graph_node(graph, node->parent_id);
    ck_assert(parent || node->parent_id == 0);
    ck_assert_uint_eq(node->depth, parent ? parent->depth + 1 : 0);
    ck_assert(node->parent_id < node->id && node->id <= graph_seq(graph));
    ck_assert(node->changed >= node->id && node->changed <= graph_seq(graph));
    if (node->edge == EDGE_SPAWNED)
        ck_assert_ptr_nonnull(parent);
    else if (!node->is_pruned)
        ck_assert_uint_eq(graph_sibling(graph, node, node->sibling), node->id);
    for (size_t i = 0; i < node->pruned.count; i++) {
        const struct node *child = graph_node(graph, node->pruned.items[i]);
        ck_assert(child->parent_id == node->id && child->is_pruned);
        ck_assert(i == 0 || child->id > node->pruned.items[i - 1]);
    }
    bool has_visited = false;
    for (size_t i = 0; i < node->children.count; i++) {
        has_visited |= node->children.items[i] == node->visited_child;
        const struct node *child = graph_node(graph, node->children.items[i]);
        ck_assert(child->parent_id == node->id && child->sibling == i);
        ck_assert(!child->is_pruned);
        ck_assert(i == 0 || child->id > node->children.items[i - 1]);
    }
    ck_assert_int_eq(has_visited, node->children.count > 0);
    const struct attempt *attempt = graph_node_attempt(graph, node);
    ck_assert_int_eq(attempt == NULL, node->kind == NODE_USER);
    if (node->kind == NODE_ASSISTANT) {
        ck_assert_int_eq(attempt->node_id != node->id, node->is_superseded);
        ck_assert_uint_gt(node->blocks.count + node->opaques.count, 0);
        ck_assert_int_eq(node->is_open,
                         !node->is_superseded &&
                             !life_is_terminal(LIFE_ATTEMPT, attempt->state));
    }
    ck_assert_int_eq(node->call != 0, node->kind == NODE_TOOL_RESULT);
}

static void check_run(const struct graph *graph, const struct run *run)
{
    bool is_over = life_is_terminal(LIFE_RUN, run->state);
    ck_assert_ptr_nonnull(graph_node(graph, run->prompt_id));
    ck_assert_ptr_nonnull(graph_node(graph, run->leaf_id));
    for (size_t i = 0; i < run->attempts.count; i++) {
        bool has_ended =
            life_is_terminal(LIFE_ATTEMPT, run->attempts.items[i].state);
        ck_assert(has_ended || (!is_over && i + 1 == run->attempts.count));
    }
    uint32_t active = graph_active_run(graph);
    ck_assert(is_over || (active && active <= run->id));
    ck_assert(is_over ||
              graph_is_shown(graph, graph_node(graph, run->leaf_id)));
}

static void check_call(const struct graph *graph, const struct call *call)
{
    const struct node *asker = graph_node(graph, call->node_id);
    const struct block *block = &asker->blocks.items[call->block];
    bool is_over = life_is_terminal(LIFE_CALL, call->state);
    ck_assert(block->kind == BLOCK_CALL && block->call == call->id);
    ck_assert_uint_eq(asker->run, call->run);
    const struct run *run = graph_run(graph, call->run);
    ck_assert(is_over || !asker->is_superseded);
    ck_assert(is_over || !life_is_terminal(LIFE_RUN, run->state));
    if (call->result_id) {
        ck_assert(is_over);
        ck_assert_uint_eq(graph_node(graph, call->result_id)->call, call->id);
    }
}

static void check_head(const struct graph *graph)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert(node || graph_head(graph) == 0);
    ck_assert(!node || graph_is_shown(graph, node));
    while (node && node->parent_id) {
        const struct node *parent = graph_node(graph, node->parent_id);
        if (node->edge == EDGE_FOLLOWS)
            ck_assert_uint_eq(parent->visited_child, node->id);
        node = parent;
    }
}

static void check_changed(const struct graph *graph)
{
    size_t count = 0;
    uint64_t id = 0, changed = UINT64_MAX;
    while ((id = graph_changed_before(graph, id)) != 0) {
        ck_assert_uint_le(graph_node(graph, id)->changed, changed);
        changed = graph_node(graph, id)->changed;
        count++;
    }
    ck_assert_uint_eq(count, graph_node_count(graph));
}

static void check_graph(const struct graph *graph)
{
    for (size_t i = 0; i < graph_node_count(graph); i++)
        check_node(graph, graph_node_at(graph, i));
    for (uint32_t i = 1; i <= graph_run_count(graph); i++)
        check_run(graph, graph_run(graph, i));
    for (uint32_t i = 1; i <= graph_call_count(graph); i++)
        check_call(graph, graph_call(graph, i));
    check_head(graph);
    check_changed(graph);
}

/* The rest of an answer that its server has paused. */
static bool follows_pause(const struct node *node)
{
    const struct node *parent = graph_node(s.graph, node->parent_id);
    return parent && node->kind == NODE_ASSISTANT &&
           parent->kind == NODE_ASSISTANT && parent->run == node->run &&
           graph_attempt_is_paused(graph_node_attempt(s.graph, parent));
}

START_TEST(events_in_any_order_keep_the_graph_sound)
{
    uint64_t results = 0, halves = 0, rests = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_log random = { seed * 7919, (unsigned)(seed % 5) * 10 };
        teardown();
        setup();
        for (int i = 0; i < 600; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
            if (i % 20 == 0)
                check_graph(s.graph);
        }
        check_graph(s.graph);
        ck_assert_uint_gt(graph_node_count(s.graph), 10);
        for (uint32_t i = 1; i <= graph_call_count(s.graph); i++)
            results += graph_call(s.graph, i)->result_id != 0;
        for (size_t i = 0; i < graph_node_count(s.graph); i++) {
            halves += graph_node_at(s.graph, i)->is_superseded;
            rests += follows_pause(graph_node_at(s.graph, i));
        }
    }
    /* Else this says little of calls, and of answers in several nodes. */
    ck_assert_uint_gt(results, 100);
    ck_assert_uint_gt(halves, 100);
    ck_assert_uint_gt(rests, 20);
}
END_TEST

/* A reader after each event sees what a reader of that prefix sees. */
START_TEST(every_prefix_of_a_log_is_a_valid_graph)
{
    struct random_log random = { 4711, 10 };
    for (int i = 0; i < 250; i++) {
        struct event event;
        struct buf grown = { 0 }, folded = { 0 };
        random_event(&random, s.graph, &event);
        scenario_add(&s, &event);
        struct graph *graph = scenario_fold(s.log, log_last_seq(s.log));
        graph_dump(&grown, s.graph);
        graph_dump(&folded, graph);
        ck_assert_str_eq(buf_string(&grown), buf_string(&folded));
        graph_free(graph);
        buf_clear(&grown);
        buf_clear(&folded);
    }
}
END_TEST

START_TEST(a_rejected_event_changes_nothing_but_the_list)
{
    struct random_log random = { 815, 30 };
    for (int i = 0; i < 400; i++) {
        struct event event;
        struct buf before = { 0 }, after = { 0 };
        size_t kept = graph_rejected_kept(s.graph);
        random_event(&random, s.graph, &event);
        graph_dump(&before, s.graph);
        scenario_add(&s, &event);
        graph_dump(&after, s.graph);
        ck_assert_uint_lt(graph_rejected_kept(s.graph), GRAPH_REJECTED_KEPT);
        if (graph_rejected_kept(s.graph) > kept) {
            /* All but the first line, which has the seq, up to the list. */
            const char *left = strchr(buf_string(&before), '\n');
            const char *right = strchr(buf_string(&after), '\n');
            const char *end = strstr(left, "rejected 0");
            ck_assert_int_eq(strncmp(left, right, (size_t)(end - left)), 0);
        }
        buf_clear(&before);
        buf_clear(&after);
    }
    ck_assert_uint_gt(graph_rejected_kept(s.graph), 50);
}
END_TEST

Suite *soundness_suite(void)
{
    Suite *suite = suite_create("soundness");
    TCase *test = tcase_create("soundness");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, two_questions_and_two_errors_are_two);
    tcase_add_test(test,
                   a_child_before_its_parent_is_listed_and_may_come_again);
    tcase_add_test(test, numbers_have_no_gaps_and_no_doubles);
    tcase_add_test(test, what_names_nothing_is_an_orphan);
    tcase_add_test(test, events_of_a_newer_version_are_counted);
    tcase_add_test(test, every_known_type_is_known);
    tcase_add_test(test, the_last_rejected_events_are_kept);
    tcase_add_test(test, events_in_any_order_keep_the_graph_sound);
    tcase_add_test(test, every_prefix_of_a_log_is_a_valid_graph);
    tcase_add_test(test, a_rejected_event_changes_nothing_but_the_list);
    suite_add_tcase(suite, test);
    return suite;
}
