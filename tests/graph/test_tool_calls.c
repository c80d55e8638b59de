/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/graph_dump.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *tool_calls_suite(void);

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

START_TEST(the_whole_arguments_replace_the_fragments)
{
    play(SCENARIO_STREAMING);
    play("tool-call-start 1.1 call=1\n"
         "tool-call-delta 1.1 call=1 arguments='{\"a\":'\n"
         "tool-call-end 1.1 call=1 id=x name=ls arguments='{\"a\":1}'\n"
         "tool-call-delta 1.1 call=1 arguments=more\n"
         "tool-call-end 1.1 call=1 arguments=again\n");
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'one ' call 1 '{\"a\":1}'");
    const struct call *call = graph_call(s.graph, 1);
    ck_assert_str_eq(call->server_id, "x");
    ck_assert_str_eq(call->name, "ls");
    ck_assert(call->has_ended);
    ck_assert_uint_eq(call->block, 1);
    scenario_assert_rejected(&s, "0 0 2 0");
}
END_TEST

START_TEST(results_follow_each_other_and_the_next_step_follows_them)
{
    play(SCENARIO_ASKED);
    ck_assert_str_eq(scenario_run(&s, 1), "tools");
    play("tool-started call=1\n"
         "tool-started call=2\n"
         "@y tool-finished call=2 outcome=completed text=second\n"
         "tool-output call=1 text=fir\n"
         "tool-output call=1 text=st\n"
         "@x tool-finished call=1 outcome=completed\n"
         "attempt-started 1.2 model=m\n"
         "text-delta 1.2 text=done\n"
         "attempt-finished 1.2 outcome=complete\n"
         "run-finished 1 outcome=complete\n");
    scenario_assert_path(
        &s, 0,
        "user 'why' / assistant 'look' call 1 '{}' call 2 '{}' / tool "
        "'second' / tool 'first' / assistant 'done'");
    ck_assert_str_eq(scenario_call(&s, 1), "completed");
    ck_assert_str_eq(scenario_call(&s, 2), "completed");
    ck_assert_uint_eq(graph_call(s.graph, 1)->result_id, at("x"));
    ck_assert_uint_eq(graph_node(s.graph, at("x"))->call, 1);
    ck_assert_uint_eq(graph_call(s.graph, 1)->node_id, at("a"));
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(a_result_may_come_before_its_answer_has_ended)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m\n"
         "tool-call-start 1.1 call=1 name=ls\n"
         "tool-call-end 1.1 call=1 arguments={}\n"
         "tool-started call=1\n"
         "tool-finished call=1 outcome=completed text=out\n"
         "attempt-finished 1.1 outcome=complete\n"
         "attempt-started 1.2 model=m\n"
         "text-delta 1.2 text=done\n");
    scenario_assert_path(
        &s, 0,
        "user 'why' / assistant call 1 '{}' / tool 'out' / assistant "
        "'done'");
}
END_TEST

START_TEST(a_failed_step_is_tried_again_behind_the_same_results)
{
    play(SCENARIO_ASKED);
    play("tool-started call=1\n"
         "tool-finished call=1 outcome=error error='no such file'\n"
         "tool-finished call=2 outcome=denied text=no\n"
         "attempt-started 1.2 model=m\n"
         "@b text-delta 1.2 text=par\n"
         "attempt-finished 1.2 outcome=cut\n"
         "attempt-started 1.3 model=m\n"
         "@c text-delta 1.3 text=done\n");
    scenario_assert_path(
        &s, 0,
        "user 'why' / assistant 'look' call 1 '{}' call 2 '{}' / tool "
        "error 'no such file' / tool 'no' / assistant 'done'");
    ck_assert_uint_eq(graph_node(s.graph, at("b"))->parent_id,
                      graph_node(s.graph, at("c"))->parent_id);
    ck_assert_str_eq(scenario_call(&s, 1), "error");
    ck_assert_str_eq(scenario_call(&s, 2), "denied");
}
END_TEST

START_TEST(each_outcome_of_a_tool_has_its_state)
{
    static const struct {
        const char *outcome;
        const char *state;
    } rows[] = {
        { "completed", "completed" },
        { "error", "error" },
        { "cancelled", "cancelled" },
        { "unknown", "unknown" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf line = { 0 };
        teardown();
        setup();
        play(SCENARIO_ASKED);
        buf_printf(&line,
                   "tool-started call=1\ntool-finished call=1 outcome=%s",
                   rows[i].outcome);
        play(buf_string(&line));
        ck_assert_str_eq(scenario_call(&s, 1), rows[i].state);
        ck_assert_uint_ne(graph_call(s.graph, 1)->result_id, 0);
        scenario_assert_rejected(&s, "0 0 0 0");
        play("tool-finished call=1 outcome=completed text=late\n"
             "tool-finished call=2 outcome=great\n"
             "tool-finished call=2 outcome=completed\n"
             "tool-finished call=9 outcome=completed\n");
        ck_assert_str_eq(scenario_call(&s, 1), rows[i].state);
        scenario_assert_rejected(&s, "0 1 2 1");
        buf_clear(&line);
    }
}
END_TEST

START_TEST(calls_of_an_answer_that_is_not_complete_are_cancelled)
{
    play(SCENARIO_STREAMING);
    play("tool-call-start 1.1 call=1 name=rm\n"
         "tool-call-end 1.1 call=1 arguments={}\n"
         "tool-call-start 1.1 call=2 name=ls\n"
         "attempt-finished 1.1 outcome=cut\n"
         "tool-started call=1\n"
         "tool-finished call=2 outcome=completed text=x\n");
    ck_assert_str_eq(scenario_call(&s, 1), "cancelled");
    ck_assert_str_eq(scenario_call(&s, 2), "cancelled");
    ck_assert_str_eq(scenario_run(&s, 1), "running");
    scenario_assert_rejected(&s, "0 2 0 0");
}
END_TEST

START_TEST(an_aborted_run_cancels_its_calls)
{
    play(SCENARIO_ASKED);
    play("tool-started call=1\n"
         "run-finished 1 outcome=aborted\n"
         "@t tool-finished call=1 outcome=completed text=late\n");
    ck_assert_str_eq(scenario_call(&s, 1), "cancelled");
    ck_assert_str_eq(scenario_call(&s, 2), "cancelled");
    ck_assert_ptr_null(graph_node(s.graph, at("t")));
    scenario_assert_rejected(&s, "0 1 0 0");
}
END_TEST

START_TEST(of_a_call_that_ran_when_the_run_was_cut_nothing_is_known)
{
    play(SCENARIO_ASKED);
    play("tool-started call=1\n"
         "run-finished 1 outcome=cut error='ended unexpectedly'\n");
    ck_assert_str_eq(scenario_call(&s, 1), "unknown");
    ck_assert_str_eq(scenario_call(&s, 2), "cancelled");
}
END_TEST

START_TEST(a_late_result_does_not_pull_the_head_back)
{
    play(SCENARIO_ASKED);
    play("tool-started call=1\n"
         "tool-started call=2\n"
         "tool-finished call=1 outcome=completed text=x\n"
         "attempt-started 1.2 model=m\n"
         "@b text-delta 1.2 text=on\n"
         "@y tool-finished call=2 outcome=completed text=y\n");
    scenario_assert_path(
        &s, 0,
        "user 'why' / assistant 'look' call 1 '{}' call 2 '{}' / tool "
        "'x' / assistant 'on'");
    scenario_assert_path(&s, at("y"),
                         "user 'why' / assistant 'look' call 1 '{}' call 2 "
                         "'{}' / tool 'x' / tool 'y'");
}
END_TEST

START_TEST(a_question_about_a_call_is_asked_and_answered_in_the_log)
{
    play(SCENARIO_ASKED);
    play("relay-asked 1 call=1 name=ls\n");
    ck_assert_str_eq(scenario_call(&s, 1), "asking");
    ck_assert_str_eq(scenario_run(&s, 1), "tools");
    play("tool-started call=2\n"
         "relay-answered 1 call=1 outcome=denied\n"
         "tool-finished call=1 outcome=denied\n"
         "relay-answered 1 call=1 outcome=approved\n"
         "relay-answered 1 call=2 outcome=approved\n"
         "relay-asked 1 call=7\n");
    ck_assert_str_eq(scenario_call(&s, 1), "denied");
    scenario_assert_rejected(&s, "0 1 1 1");
}
END_TEST

START_TEST(a_call_that_waits_for_the_disk_may_ask_again)
{
    play(SCENARIO_ASKED);
    play("relay-asked 1 call=1 name=ls\n"
         "relay-answered 1 call=1 outcome=once\n"
         "tool-started call=1\n"
         "relay-asked 1 call=1 name=ls\n");
    ck_assert_str_eq(scenario_call(&s, 1), "asking");
    ck_assert_int_eq(graph_call(s.graph, 1)->started_at, 0);
    play("relay-answered 1 call=1 outcome=once\n"
         "tool-started call=1\n"
         "tool-finished call=1 outcome=completed\n"
         "relay-asked 1 call=1 name=ls\n");
    ck_assert_str_eq(scenario_call(&s, 1), "completed");
    ck_assert_int_ne(graph_call(s.graph, 1)->started_at, 0);
    scenario_assert_rejected(&s, "0 1 0 0");
}
END_TEST

START_TEST(what_the_user_calls_is_a_note_that_holds_it_all)
{
    play("@q user-message text=why\n"
         "@n call-made parent=@q call=1 name=shell arguments={}\n"
         "tool-started call=1\n"
         "tool-output call=1 text=par\n"
         "tool-finished call=1 outcome=completed text=whole name=/tmp/x\n"
         "call-made parent=@n call=3 name=shell\n"
         "call-made parent=99 call=2 name=shell\n"
         "tool-output call=1 text=late\n");
    scenario_assert_path(&s, 0, "user 'why' / note call 1 '{}' 'whole'");
    ck_assert_str_eq(scenario_call(&s, 1), "completed");
    ck_assert_str_eq(graph_call(s.graph, 1)->spool, "/tmp/x");
    scenario_assert_rejected(&s, "0 1 1 1");
}
END_TEST

START_TEST(a_call_belongs_to_one_run_and_one_answer)
{
    play(SCENARIO_ASKED);
    play("attempt-started 1.2 model=m\n"
         "text-delta 1.2 text=x\n"
         "tool-call-end 1.2 call=1 arguments=evil\n"
         "@q2 user-message text=b parent=0\n"
         "run-started 2 node=@q2\n"
         "tool-started 2 call=1\n");
    ck_assert_str_eq(scenario_call(&s, 1), "pending");
    scenario_assert_rejected(&s, "0 0 0 2");
}
END_TEST

Suite *tool_calls_suite(void)
{
    Suite *suite = suite_create("tool_calls");
    TCase *test = tcase_create("tool_calls");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, the_whole_arguments_replace_the_fragments);
    tcase_add_test(test,
                   results_follow_each_other_and_the_next_step_follows_them);
    tcase_add_test(test, a_result_may_come_before_its_answer_has_ended);
    tcase_add_test(test, a_failed_step_is_tried_again_behind_the_same_results);
    tcase_add_test(test, each_outcome_of_a_tool_has_its_state);
    tcase_add_test(test, calls_of_an_answer_that_is_not_complete_are_cancelled);
    tcase_add_test(test, an_aborted_run_cancels_its_calls);
    tcase_add_test(test,
                   of_a_call_that_ran_when_the_run_was_cut_nothing_is_known);
    tcase_add_test(test, a_late_result_does_not_pull_the_head_back);
    tcase_add_test(test,
                   a_question_about_a_call_is_asked_and_answered_in_the_log);
    tcase_add_test(test, a_call_that_waits_for_the_disk_may_ask_again);
    tcase_add_test(test, what_the_user_calls_is_a_note_that_holds_it_all);
    tcase_add_test(test, a_call_belongs_to_one_run_and_one_answer);
    suite_add_tcase(suite, test);
    return suite;
}
