/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/graph_dump.h"
#include "tests/support/graph_fault.h"
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

static void check_graph(const struct graph *graph)
{
    const char *fault = graph_fault(graph);
    ck_assert_msg(!fault, "%s", fault);
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
        struct random_log random = { .state = seed * 7919,
                                     .wild_share = (unsigned)(seed % 5) * 10 };
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
    struct random_log random = { .state = 4711, .wild_share = 10 };
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
    struct random_log random = { .state = 815, .wild_share = 30 };
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
