/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/graph_dump.h"
#include "tests/support/scenario.h"

Suite *graph_suite(void);

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

START_TEST(an_empty_graph_has_nothing)
{
    ck_assert_uint_eq(graph_seq(s.graph), 0);
    ck_assert_uint_eq(graph_head(s.graph), 0);
    ck_assert_uint_eq(graph_node_count(s.graph), 0);
    ck_assert_uint_eq(graph_deepest(s.graph, 0), 0);
    ck_assert_uint_eq(graph_changed_before(s.graph, 0), 0);
    ck_assert_ptr_null(graph_node(s.graph, 0));
    ck_assert_ptr_null(graph_node(s.graph, UINT64_MAX));
    ck_assert_ptr_null(graph_run(s.graph, 0));
    ck_assert_ptr_null(graph_run(s.graph, 1));
    ck_assert_ptr_null(graph_attempt(s.graph, 1, 1));
    ck_assert_ptr_null(graph_call(s.graph, 0));
    ck_assert_str_eq(graph_title(s.graph), "");
    ck_assert_str_eq(graph_system(s.graph), "");
    graph_free(NULL);
}
END_TEST

START_TEST(a_gap_in_the_log_is_a_programmer_error)
{
    struct event event = { .type = EVENT_PRUNED, .seq = 2 };
    graph_apply(s.graph, &event);
}
END_TEST

START_TEST(a_queued_prompt_waits_until_its_message)
{
    play("@p prompt-queued text=first\n"
         "@w prompt-queued text=second\n"
         "@r prompt-queued text=third\n");
    ck_assert_uint_eq(graph_queue_count(s.graph), 3);
    play("prompt-withdrawn prompt=@w\n"
         "@q user-message prompt=@p text=first\n");
    ck_assert_uint_eq(graph_queue_count(s.graph), 1);
    ck_assert_uint_eq(graph_queued(s.graph, 0)->id, at("r"));
    ck_assert_str_eq(graph_queued(s.graph, 0)->text, "third");
    scenario_assert_path(&s, 0, "user 'first'");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(a_prompt_is_sent_or_withdrawn_once)
{
    play("@p prompt-queued text=first\n"
         "user-message prompt=@p text=first\n"
         "user-message prompt=@p text=first\n"
         "prompt-withdrawn prompt=@p\n"
         "prompt-withdrawn\n");
    ck_assert_uint_eq(graph_node_count(s.graph), 1);
    scenario_assert_rejected(&s, "0 0 0 3");
}
END_TEST

START_TEST(the_queue_has_a_cap)
{
    for (int i = 0; i < GRAPH_QUEUE_MAX + 1; i++)
        play("prompt-queued text=again");
    ck_assert_uint_eq(graph_queue_count(s.graph), GRAPH_QUEUE_MAX);
    scenario_assert_rejected(&s, "0 0 1 0");
}
END_TEST

START_TEST(queued_prompts_survive_an_error)
{
    play(SCENARIO_STREAMING);
    play("prompt-queued text=next\n"
         "run-finished 1 outcome=error error='it broke'\n");
    ck_assert_uint_eq(graph_queue_count(s.graph), 1);
    ck_assert_uint_eq(graph_active_run(s.graph), 0);
    ck_assert_str_eq(graph_run(s.graph, 1)->error, "it broke");
}
END_TEST

START_TEST(a_message_hangs_on_the_head_or_where_it_says)
{
    play("@a user-message text=a\n"
         "@b user-message text=b\n"
         "@c user-message text=c parent=@a\n");
    scenario_assert_path(&s, 0, "user 'a' / user 'c'");
    play("@d user-message text=d parent=0\n");
    scenario_assert_path(&s, 0, "user 'd'");
    const struct node *root = graph_node(s.graph, at("d"));
    ck_assert_uint_eq(root->sibling, 1);
    ck_assert_uint_eq(graph_sibling_count(s.graph, root), 2);
    ck_assert_uint_eq(graph_sibling(s.graph, root, 0), at("a"));
    ck_assert_uint_eq(graph_sibling(s.graph, root, 2), 0);
    play("user-message text=e parent=999\n"
         "user-message text=f parent=0 spawned=true\n");
    scenario_assert_path(&s, 0, "user 'd'");
    scenario_assert_rejected(&s, "0 0 1 1");
}
END_TEST

START_TEST(attachments_are_blocks_of_a_user_turn)
{
    play(SCENARIO_STREAMING);
    play("@f attachment-added node=@q name=a.c media_type=text/x-c "
         "text='int x;\\n'\n"
         "attachment-added node=@a name=b text=x\n"
         "attachment-added node=77 name=b text=x\n");
    const struct node *node = graph_node(s.graph, at("q"));
    ck_assert_uint_eq(node->blocks.count, 2);
    ck_assert_int_eq(node->blocks.items[1].kind, BLOCK_ATTACHMENT);
    ck_assert_str_eq(buf_string(&node->blocks.items[1].name), "a.c");
    ck_assert_str_eq(buf_string(&node->blocks.items[1].text), "int x;\n");
    ck_assert_uint_eq(node->changed, at("f"));
    scenario_assert_rejected(&s, "0 0 1 1");
}
END_TEST

START_TEST(moving_the_head_remembers_the_way_down)
{
    play("@a user-message text=a\n"
         "@b user-message text=b\n"
         "@c user-message text=c\n"
         "@d user-message text=d parent=@a\n"
         "@e user-message text=e\n");
    ck_assert_uint_eq(graph_deepest(s.graph, at("a")), at("e"));
    ck_assert_uint_eq(graph_deepest(s.graph, at("b")), at("c"));
    uint64_t revision = graph_head_revision(s.graph);
    play("head-moved node=@b");
    ck_assert_uint_gt(graph_head_revision(s.graph), revision);
    scenario_assert_path(&s, 0, "user 'a' / user 'b'");
    ck_assert_uint_eq(graph_deepest(s.graph, at("a")), at("c"));
    play("head-moved node=@a\nhead-moved node=@e\n");
    ck_assert_uint_eq(graph_deepest(s.graph, at("a")), at("e"));
    play("head-moved node=0");
    ck_assert_uint_eq(graph_head(s.graph), 0);
    ck_assert_uint_eq(graph_deepest(s.graph, 0), at("e"));
    play("head-moved node=555\nhead-moved\n");
    ck_assert_uint_eq(graph_head(s.graph), 0);
    scenario_assert_rejected(&s, "0 0 0 2");
}
END_TEST

START_TEST(a_run_shows_each_of_its_states)
{
    play("@q user-message text=why\nrun-started 1 node=@q\n");
    ck_assert_str_eq(scenario_run(&s, 1), "routing");
    ck_assert_uint_eq(graph_active_run(s.graph), 1);
    play("attempt-started 1.1 model=m\n");
    ck_assert_str_eq(scenario_run(&s, 1), "running");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "connecting");
    play("connected 1.1\n");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "connecting");
    play("model-loading 1.1\n");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "loading");
    play("text-delta 1.1 text=x\n");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "streaming");
    play("attempt-finished 1.1 outcome=complete finish_reason=stop\n");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "complete");
    ck_assert_str_eq(scenario_run(&s, 1), "running");
    play("run-finished 1 outcome=complete finish_reason=stop\n");
    ck_assert_str_eq(scenario_run(&s, 1), "complete");
    ck_assert_str_eq(graph_run(s.graph, 1)->finish_reason, "stop");
    ck_assert_uint_eq(graph_active_run(s.graph), 0);
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(terminal_states_are_sticky)
{
    play(SCENARIO_STREAMING);
    play("attempt-finished 1.1 outcome=error error=gone\n"
         "text-delta 1.1 text=late\n"
         "attempt-finished 1.1 outcome=complete\n"
         "usage 1.1 output=3\n"
         "run-finished 1 outcome=error error=gone\n"
         "run-finished 1 outcome=complete\n"
         "attempt-started 1.2 model=m\n"
         "routed 1 model=m\n");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "error");
    ck_assert_str_eq(scenario_run(&s, 1), "error");
    ck_assert_int_eq(graph_attempt(s.graph, 1, 1)->usage.output, -1);
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one '");
    scenario_assert_rejected(&s, "0 6 0 0");
}
END_TEST

START_TEST(an_older_attempt_changes_nothing)
{
    play(SCENARIO_STREAMING);
    play("attempt-finished 1.1 outcome=cut\n"
         "attempt-started 1.2 model=n\n"
         "text-delta 1.1 text=old\n"
         "text-delta 1.2 text=new\n"
         "attempt-finished 1.1 outcome=complete\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'new'");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "cut");
    scenario_assert_rejected(&s, "0 2 0 0");
}
END_TEST

START_TEST(an_answer_opens_with_its_first_delta)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m endpoint=box dialect=ollama\n"
         "text-delta 1.1\n");
    ck_assert_uint_eq(graph_node_count(s.graph), 1);
    ck_assert_uint_eq(graph_head(s.graph), at("q"));
    play("@a thinking-delta 1.1 text=hm\n@b text-delta 1.1 text=so\n");
    const struct node *node = graph_node(s.graph, at("a"));
    ck_assert_uint_eq(graph_head(s.graph), at("a"));
    ck_assert_uint_eq(node->parent_id, at("q"));
    ck_assert_uint_eq(node->run, 1);
    ck_assert_uint_eq(node->attempt, 1);
    ck_assert(node->is_open);
    ck_assert_uint_eq(node->changed, at("b"));
    const struct attempt *attempt = graph_node_attempt(s.graph, node);
    ck_assert_uint_eq(attempt->node_id, at("a"));
    ck_assert_uint_eq(attempt->delta_count, 2);
    ck_assert_str_eq(attempt->endpoint, "box");
    ck_assert_str_eq(attempt->dialect, "ollama");
    ck_assert_str_eq(attempt->model, "m");
    ck_assert_uint_eq(graph_node(s.graph, at("q"))->run, 1);
    ck_assert_ptr_null(
        graph_node_attempt(s.graph, graph_node(s.graph, at("q"))));
    play("attempt-finished 1.1 outcome=complete\n");
    ck_assert(!graph_node(s.graph, at("a"))->is_open);
}
END_TEST

START_TEST(an_attempt_without_a_delta_makes_no_node)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m\n"
         "connected 1.1\n"
         "attempt-finished 1.1 outcome=error error=refused\n"
         "@e run-finished 1 outcome=error error=refused\n");
    ck_assert_uint_eq(graph_node_count(s.graph), 1);
    ck_assert_str_eq(graph_attempt(s.graph, 1, 1)->error, "refused");
    /* Its end shows at the prompt. */
    ck_assert_uint_eq(graph_node(s.graph, at("q"))->changed, at("e"));
}
END_TEST

START_TEST(blocks_keep_the_order_in_which_they_came)
{
    play(SCENARIO_STREAMING);
    play("text-delta 1.1 text=two\n"
         "thinking-delta 1.1 text=hm\n"
         "thinking-delta 1.1 text=m\n"
         "text-delta 1.1 text=three\n"
         "tool-call-start 1.1 call=1 id=x name=ls\n"
         "tool-call-delta 1.1 call=1 arguments={\n"
         "text-delta 1.1 text=four\n"
         "tool-call-delta 1.1 call=1 arguments=}\n"
         "text-delta 1.1 text=five\n"
         "text-delta 1.1 text=no refusal=true\n");
    scenario_assert_path(
        &s, 0,
        "user 'why' / assistant 'one two' thinking 'hmm' 'three' call "
        "1 '{}' 'fourfive' 'no'");
    const struct node *node = graph_node(s.graph, at("a"));
    ck_assert(node->blocks.items[5].is_refusal);
    ck_assert(!node->blocks.items[4].is_refusal);
}
END_TEST

START_TEST(blocks_remember_when_they_were_written)
{
    play(SCENARIO_STREAMING);
    play("@t thinking-delta 1.1 text=a\n@u thinking-delta 1.1 text=b\n");
    const struct block *block = &graph_node(s.graph, at("a"))->blocks.items[1];
    ck_assert_int_eq(block->started_at, 999 + (int64_t)at("t"));
    ck_assert_int_eq(block->ended_at, 999 + (int64_t)at("u"));
}
END_TEST

START_TEST(ten_thousand_deltas_lose_no_byte)
{
    struct buf expected = { 0 };
    play(SCENARIO_STREAMING);
    buf_append_string(&expected, "one ");
    for (int i = 0; i < 10000; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d ", i);
        struct event event = { .type = EVENT_TEXT_DELTA,
                               .run = 1,
                               .attempt = 1 };
        event_add_string(&event, FIELD_TEXT, text);
        scenario_add(&s, &event);
        buf_append_string(&expected, text);
    }
    const struct node *node = graph_node(s.graph, at("a"));
    ck_assert_uint_eq(node->blocks.count, 1);
    ck_assert(slice_equal(buf_slice(&node->blocks.items[0].text),
                          buf_slice(&expected)));
    ck_assert_uint_eq(graph_node_attempt(s.graph, node)->delta_count, 10001);
    buf_clear(&expected);
}
END_TEST

START_TEST(the_next_attempt_after_a_cut_one_is_its_sibling)
{
    play(SCENARIO_STREAMING);
    play("attempt-finished 1.1 outcome=cut error=stalled\n"
         "fell-back 1 endpoint=cloud\n"
         "attempt-started 1.2 model=n trust=vendor\n"
         "@b text-delta 1.2 text=better\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'better'");
    const struct node *node = graph_node(s.graph, at("b"));
    ck_assert_uint_eq(graph_sibling_count(s.graph, node), 2);
    ck_assert_uint_eq(node->sibling, 1);
    ck_assert_uint_eq(graph_sibling(s.graph, node, 0), at("a"));
    ck_assert(graph_attempt(s.graph, 1, 2)->is_vendor);
    ck_assert(!graph_attempt(s.graph, 1, 1)->is_vendor);
    /* The sibling on which the reader was shows the new count. */
    ck_assert_uint_eq(graph_node(s.graph, at("a"))->changed, at("b"));
    scenario_assert_path(&s, at("a"), "user 'why' / assistant 'one '");
}
END_TEST

START_TEST(the_next_attempt_after_a_whole_answer_is_its_sibling)
{
    play(SCENARIO_STREAMING);
    play("attempt-finished 1.1 outcome=complete\n"
         "answer-checked 1 outcome=poor\n"
         "attempt-started 1.2 model=n\n"
         "text-delta 1.2 text=better\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'better'");
}
END_TEST

START_TEST(a_stopped_answer_keeps_its_text)
{
    static const char *const outcomes[] = { "aborted", "error", "cut" };
    for (size_t i = 0; i < COUNTOF(outcomes); i++) {
        struct buf line = { 0 };
        teardown();
        setup();
        play(SCENARIO_STREAMING);
        buf_printf(&line, "run-finished 1 outcome=%s", outcomes[i]);
        play(buf_string(&line));
        scenario_assert_path(&s, 0, "user 'why' / assistant 'one '");
        ck_assert_str_eq(scenario_run(&s, 1), outcomes[i]);
        ck_assert_str_eq(scenario_attempt(&s, 1, 1), outcomes[i]);
        ck_assert(!graph_node(s.graph, at("a"))->is_open);
        play("user-message text=again");
        scenario_assert_path(&s, 0,
                             "user 'why' / assistant 'one ' / user 'again'");
        buf_clear(&line);
    }
}
END_TEST

START_TEST(a_retry_never_doubles_the_question)
{
    play(SCENARIO_STREAMING);
    play("run-finished 1 outcome=aborted\n"
         "head-moved node=@q\n"
         "run-started 2 node=@q\n"
         "attempt-started 2.1 model=m\n"
         "@b text-delta 2.1 text=again\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'again'");
    ck_assert_uint_eq(graph_node(s.graph, at("b"))->sibling, 1);
    ck_assert_uint_eq(graph_node(s.graph, at("q"))->run, 2);
}
END_TEST

START_TEST(a_run_does_not_pull_back_a_head_that_was_moved)
{
    play(SCENARIO_STREAMING);
    ck_assert(graph_run_moves_head(s.graph, graph_run(s.graph, 1)));
    play("@n user-message text=new parent=0\n");
    ck_assert(!graph_run_moves_head(s.graph, graph_run(s.graph, 1)));
    play("text-delta 1.1 text=more\n"
         "attempt-finished 1.1 outcome=cut\n"
         "attempt-started 1.2 model=n\n"
         "@b text-delta 1.2 text=else\n");
    scenario_assert_path(&s, 0, "user 'new'");
    scenario_assert_path(&s, at("a"), "user 'why' / assistant 'one more'");
    /* Who comes back finds the answer and not the attempt that failed. */
    ck_assert_uint_eq(graph_deepest(s.graph, at("q")), at("b"));
}
END_TEST

START_TEST(a_head_that_came_back_goes_along_again)
{
    play(SCENARIO_STREAMING);
    play("@n user-message text=new parent=0\n"
         "head-moved node=@a\n"
         "attempt-finished 1.1 outcome=cut\n"
         "attempt-started 1.2 model=n\n"
         "text-delta 1.2 text=else\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'else'");
}
END_TEST

START_TEST(a_run_beside_the_head_leaves_it)
{
    play("@q user-message text=why\n"
         "@r user-message text=other\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m\n"
         "@a text-delta 1.1 text=x\n");
    scenario_assert_path(&s, 0, "user 'why' / user 'other'");
    scenario_assert_path(&s, at("a"), "user 'why' / assistant 'x'");
}
END_TEST

START_TEST(a_run_waits_while_the_user_is_asked)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "consent-asked 1 endpoint=cloud\n");
    ck_assert_str_eq(scenario_run(&s, 1), "asking");
    play("attempt-started 1.1 model=m\n"
         "consent-answered 1 outcome=once\n");
    ck_assert_str_eq(scenario_run(&s, 1), "running");
    play("attempt-started 1.1 model=m\n"
         "relay-asked 1 text='still waiting?'\n"
         "text-delta 1.1 text=x\n");
    ck_assert_str_eq(scenario_run(&s, 1), "asking");
    play("run-finished 1 outcome=aborted\n");
    ck_assert_str_eq(scenario_run(&s, 1), "aborted");
    scenario_assert_rejected(&s, "0 0 1 0");
}
END_TEST

#define TWO_ANSWERS                                             \
    SCENARIO_STREAMING                                          \
    "attempt-finished 1.1 outcome=complete\n"                   \
    "run-finished 1 outcome=complete\n"                         \
    "head-moved node=@q\nrun-started 2 node=@q\n"               \
    "attempt-started 2.1 model=n\n@b text-delta 2.1 text=two\n" \
    "attempt-finished 2.1 outcome=complete\nrun-finished 2 "    \
    "outcome=complete\n"

START_TEST(what_was_said_of_two_answers_last_holds)
{
    play(TWO_ANSWERS);
    ck_assert_ptr_null(graph_preference(s.graph, at("a"), at("b")));
    play("@p preference node=@b other=@a outcome=better vote=higher "
         "profile=work\n");
    const struct preference *said = graph_preference(s.graph, at("a"), at("b"));
    ck_assert_ptr_nonnull(said);
    ck_assert_uint_eq(said->seq, at("p"));
    ck_assert_uint_eq(said->node_id, at("b"));
    ck_assert(!said->is_same);
    ck_assert_str_eq(said->vote, "higher");
    ck_assert_str_eq(said->profile, "work");
    ck_assert_uint_eq(graph_node(s.graph, at("a"))->changed, at("p"));
    play("preference node=@a other=@b outcome=same\n");
    said = graph_preference(s.graph, at("b"), at("a"));
    ck_assert(said->is_same);
    ck_assert_str_eq(said->vote, "");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(a_preference_is_about_two_answers_to_one_prompt)
{
    play(TWO_ANSWERS);
    play("preference node=@q other=@a outcome=better\n"
         "preference node=@a other=9999 outcome=better\n"
         "preference node=@a outcome=same\n"
         "preference node=@a other=@a outcome=better\n"
         "preference node=@a other=@b outcome=worse\n"
         "preference node=@a other=@b\n");
    ck_assert_ptr_null(graph_preference(s.graph, at("a"), at("b")));
    scenario_assert_rejected(&s, "0 0 3 3");
}
END_TEST

START_TEST(a_question_of_the_session_touches_no_run)
{
    play("consent-asked endpoint=cloud\n"
         "consent-answered outcome=always\n"
         "relay-asked text=x\n");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(the_last_usage_is_the_whole)
{
    play(SCENARIO_STREAMING);
    play("usage 1.1 input=10 output=1 cached=4\n"
         "usage 1.1 input=10 output=7 reasoning=2 cost=0.25 eval_ms=30\n"
         "model-reported 1.1 model=m-2026\n");
    const struct attempt *attempt = graph_attempt(s.graph, 1, 1);
    ck_assert_int_eq(attempt->usage.input, 10);
    ck_assert_int_eq(attempt->usage.output, 7);
    ck_assert_int_eq(attempt->usage.reasoning, 2);
    ck_assert_int_eq(attempt->usage.cached, -1);
    ck_assert_int_eq(attempt->usage.eval_ms, 30);
    ck_assert_int_eq(attempt->usage.load_ms, -1);
    ck_assert(attempt->usage.cost == 0.25);
    ck_assert_str_eq(attempt->model, "m");
    ck_assert_str_eq(attempt->model_reported, "m-2026");
}
END_TEST

START_TEST(what_was_spent_is_a_sum_of_last_reports)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m trust=vendor\n"
         "connected 1.1\n"
         "usage 1.1 input=10 output=1 cost=0.25\n"
         "usage 1.1 input=10 output=7 cost=0.5\n"
         "attempt-finished 1.1 outcome=cut\n"
         "attempt-started 1.2 model=m trust=vendor\n"
         "connected 1.2\n"
         "usage 1.2 input=1 output=1 cost=0.25\n"
         "attempt-finished 1.2 outcome=complete\n"
         "run-finished 1 outcome=complete\n"
         "@r user-message text=why\n"
         "run-started 2 node=@r\n"
         "attempt-started 2.1 model=m trust=vendor\n"
         "connected 2.1\n"
         "usage 2.1 input=1 output=1 cost=4\n");
    ck_assert(graph_spent(s.graph)->dollars == 4.75);
    ck_assert(graph_run(s.graph, 1)->spent.dollars == 0.75);
    ck_assert(graph_run(s.graph, 2)->spent.dollars == 4);
    ck_assert_uint_eq(graph_spent(s.graph)->unknown, 0);
    ck_assert(graph_spent(s.graph)->estimated == 0);
}
END_TEST

START_TEST(what_a_vendor_began_and_did_not_count_is_estimated_or_unknown)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         /* Never reached: it costs nothing. */
         "attempt-started 1.1 model=m trust=vendor\n"
         "attempt-finished 1.1 outcome=error\n"
         /* The user's own: it costs nothing. */
         "attempt-started 1.2 model=m trust=own\n"
         "connected 1.2\n"
         "attempt-finished 1.2 outcome=aborted\n"
         "attempt-started 1.3 model=m trust=vendor\n"
         "connected 1.3\n"
         "attempt-finished 1.3 outcome=error cost=0.5\n"
         "attempt-started 1.4 model=m trust=vendor\n"
         "connected 1.4\n"
         "usage 1.4 input=1 output=1\n"
         "attempt-finished 1.4 outcome=error\n"
         /* An estimate beside a cost is not needed. */
         "attempt-started 1.5 model=m trust=vendor\n"
         "connected 1.5\n"
         "usage 1.5 input=1 output=1 cost=1\n"
         "attempt-finished 1.5 outcome=error cost=7\n"
         "attempt-started 1.6 model=m trust=vendor\n"
         "connected 1.6\n"
         "run-finished 1 outcome=aborted\n");
    const struct spent *spent = graph_spent(s.graph);
    ck_assert(spent->dollars == 1.5 && spent->estimated == 0.5);
    ck_assert_uint_eq(spent->unknown, 2);
    ck_assert(graph_run(s.graph, 1)->spent.dollars == 1.5);
    ck_assert_uint_eq(graph_run(s.graph, 1)->spent.unknown, 2);
}
END_TEST

START_TEST(numbers_that_are_too_large_are_cut_to_fit)
{
    play(SCENARIO_STREAMING);
    play("usage 1.1 input=18446744073709551615");
    ck_assert_int_eq(graph_attempt(s.graph, 1, 1)->usage.input, INT64_MAX);
    ck_assert(graph_attempt(s.graph, 1, 1)->usage.cost < 0);
}
END_TEST

START_TEST(a_spawned_run_grows_beside_the_path)
{
    play(SCENARIO_ASKED);
    play("@t user-message text=task parent=@a spawned=true\n"
         "run-started 2 node=@t\n"
         "attempt-started 2.1 model=m\n"
         "@b text-delta 2.1 text=found\n"
         "attempt-finished 2.1 outcome=complete\n"
         "run-finished 2 outcome=complete\n"
         "@r run-started 3 node=@a spawned=true\n"
         "attempt-started 3.1 model=m\n"
         "@c text-delta 3.1 text=also\n"
         "tool-finished call=1 outcome=denied\n");
    scenario_assert_path(
        &s, 0, "user 'why' / assistant 'look' call 1 '{}' call 2 '{}' / tool");
    const struct node *asker = graph_node(s.graph, at("a"));
    ck_assert_uint_eq(asker->children.count, 1);
    ck_assert_uint_eq(asker->spawned.count, 2);
    ck_assert_uint_eq(asker->spawned.items[0], at("t"));
    ck_assert_uint_eq(asker->spawned.items[1], at("c"));
    const struct node *spawned = graph_node(s.graph, at("c"));
    ck_assert_int_eq(spawned->edge, EDGE_SPAWNED);
    ck_assert_uint_eq(graph_sibling_count(s.graph, spawned), 1);
    ck_assert_uint_eq(graph_sibling(s.graph, spawned, 0), at("c"));
    ck_assert_int_eq(graph_node(s.graph, at("b"))->edge, EDGE_FOLLOWS);
    ck_assert_uint_eq(graph_active_run(s.graph), 1);
}
END_TEST

START_TEST(a_run_that_has_no_answer_is_not_complete)
{
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "run-finished 1 outcome=complete\n"
         "run-finished 1\n");
    ck_assert_str_eq(scenario_run(&s, 1), "routing");
    scenario_assert_rejected(&s, "0 0 2 0");
}
END_TEST

START_TEST(the_title_and_the_system_prompt_are_the_last_ones)
{
    play("title text=One\n"
         "system-set text='Be brief.'\n"
         "title text=Two\n");
    ck_assert_str_eq(graph_title(s.graph), "Two");
    ck_assert_str_eq(graph_system(s.graph), "Be brief.");
    ck_assert_uint_eq(graph_system_seq(s.graph), 2);
    play("system-set\n");
    ck_assert_str_eq(graph_system(s.graph), "");
    ck_assert_uint_eq(graph_system_seq(s.graph), 4);
}
END_TEST

START_TEST(the_oldest_living_run_is_the_active_one)
{
    play("@q user-message text=a\n"
         "run-started 1 node=@q\n"
         "run-started 2 node=@q\n"
         "run-started 3 node=@q\n"
         "run-finished 2 outcome=aborted\n");
    ck_assert_uint_eq(graph_active_run(s.graph), 1);
    play("run-finished 1 outcome=aborted\n");
    ck_assert_uint_eq(graph_active_run(s.graph), 3);
    play("run-finished 3 outcome=aborted\n");
    ck_assert_uint_eq(graph_active_run(s.graph), 0);
    play("run-started 4 node=@q\n");
    ck_assert_uint_eq(graph_active_run(s.graph), 4);
}
END_TEST

START_TEST(changed_nodes_come_newest_first)
{
    play("@a user-message text=a\n"
         "@b user-message text=b parent=0\n"
         "@c user-message text=c parent=0\n"
         "attachment-added node=@a name=x text=x\n");
    uint64_t id = graph_changed_before(s.graph, 0);
    ck_assert_uint_eq(id, at("a"));
    id = graph_changed_before(s.graph, id);
    ck_assert_uint_eq(id, at("c"));
    id = graph_changed_before(s.graph, id);
    ck_assert_uint_eq(id, at("b"));
    ck_assert_uint_eq(graph_changed_before(s.graph, id), 0);
}
END_TEST

START_TEST(an_answer_that_is_begun_anew_is_a_sibling_of_its_first_half)
{
    play(SCENARIO_STREAMING);
    play("tool-call-start 1.1 call=1 id=x name=ls\n"
         "@s superseded 1.1 text=anew\n");
    const struct node *half = graph_node(s.graph, at("a"));
    ck_assert(half->is_superseded && !half->is_open);
    ck_assert_uint_eq(half->changed, at("s"));
    ck_assert_str_eq(scenario_call(&s, 1), "cancelled");
    ck_assert_str_eq(scenario_attempt(&s, 1, 1), "streaming");
    ck_assert_uint_eq(graph_attempt(s.graph, 1, 1)->node_id, 0);
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one ' call 1 ''");
    play("@b text-delta 1.1 text=whole\n"
         "attempt-finished 1.1 outcome=complete\n"
         "run-finished 1 outcome=complete\n");
    const struct node *whole = graph_node(s.graph, at("b"));
    scenario_assert_path(&s, 0, "user 'why' / assistant 'whole'");
    ck_assert_uint_eq(whole->sibling, 1);
    ck_assert(!whole->is_superseded);
    ck_assert_uint_eq(graph_attempt(s.graph, 1, 1)->node_id, at("b"));
    ck_assert_uint_eq(graph_attempt(s.graph, 1, 1)->delta_count, 1);
    ck_assert_uint_eq(graph_sibling(s.graph, whole, 0), at("a"));
    ck_assert(half->is_superseded);
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

/* Its head is where the reader left it. */
START_TEST(a_new_beginning_does_not_pull_the_reader_along)
{
    play(SCENARIO_STREAMING);
    play("superseded 1.1 text=anew\n"
         "head-moved node=@q\n"
         "@b text-delta 1.1 text=whole\n");
    scenario_assert_path(&s, 0, "user 'why'");
    scenario_assert_path(&s, at("b"), "user 'why' / assistant 'whole'");
}
END_TEST

START_TEST(a_call_of_the_first_half_takes_nothing_more)
{
    play(SCENARIO_STREAMING);
    play("tool-call-start 1.1 call=1 id=x name=ls\n"
         "superseded 1.1 text=anew\n"
         "tool-call-delta 1.1 call=1 arguments={}\n"
         "tool-call-end 1.1 call=1 arguments={}\n"
         "tool-finished 1 call=1 outcome=completed text=r\n");
    scenario_assert_rejected(&s, "0 1 0 2");
}
END_TEST

START_TEST(a_prompt_that_was_superseded_ends_no_answer)
{
    play(SCENARIO_STREAMING);
    play("superseded node=@a\n"
         "superseded prompt=7\n"
         "superseded 1 text=x\n"
         "text-delta 1.1 text=two\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one two'");
    scenario_assert_rejected(&s, "0 0 0 0");
    /* Of an attempt that is none, or none any more. */
    play("superseded 1.2 text=x\n"
         "attempt-finished 1.1 outcome=complete\n"
         "superseded 1.1 text=x\n");
    scenario_assert_rejected(&s, "0 1 0 1");
    ck_assert(!graph_node(s.graph, at("a"))->is_superseded);
}
END_TEST

START_TEST(what_the_server_paused_is_followed_and_not_replaced)
{
    play(SCENARIO_STREAMING);
    play("attempt-finished 1.1 outcome=complete finish_reason=pause_turn\n");
    ck_assert(graph_attempt_is_paused(graph_attempt(s.graph, 1, 1)));
    ck_assert_uint_eq(graph_run(s.graph, 1)->leaf_id, at("a"));
    play("attempt-started 1.2 model=m\n"
         "attempt-finished 1.2 outcome=error error=x\n"
         "attempt-started 1.3 model=m\n"
         "@b text-delta 1.3 text=two\n"
         "attempt-finished 1.3 outcome=complete finish_reason=end_turn\n"
         "run-finished 1 outcome=complete\n");
    ck_assert(!graph_attempt_is_paused(graph_attempt(s.graph, 1, 3)));
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'one ' / assistant "
                         "'two'");
    ck_assert_str_eq(scenario_run(&s, 1), "complete");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(only_a_complete_answer_is_paused)
{
    static const char *const ends[] = {
        "attempt-finished 1.1 outcome=cut finish_reason=pause_turn\n",
        "attempt-finished 1.1 outcome=complete finish_reason=end_turn\n",
    };
    for (size_t i = 0; i < COUNTOF(ends); i++) {
        teardown();
        setup();
        play(SCENARIO_STREAMING);
        play(ends[i]);
        ck_assert(!graph_attempt_is_paused(graph_attempt(s.graph, 1, 1)));
        ck_assert_uint_eq(graph_run(s.graph, 1)->leaf_id, at("q"));
    }
    teardown();
    setup();
    play("@q user-message text=why\n"
         "run-started 1 node=@q\n"
         "attempt-started 1.1 model=m\n"
         "attempt-finished 1.1 outcome=complete finish_reason=pause_turn\n");
    ck_assert(!graph_attempt_is_paused(graph_attempt(s.graph, 1, 1)));
}
END_TEST

START_TEST(only_the_first_step_of_a_spawned_run_is_spawned)
{
    play(SCENARIO_STREAMING);
    play("run-started 2 node=@a spawned=true\n"
         "attempt-started 2.1 model=m\n"
         "text-delta 2.1 text=par\n"
         "attempt-finished 2.1 outcome=cut\n"
         "attempt-started 2.2 model=m\n"
         "tool-call-start 2.2 call=1 name=ls\n"
         "attempt-finished 2.2 outcome=complete\n"
         "tool-finished call=1 outcome=error\n"
         "attempt-started 2.3 model=m\n"
         "@b text-delta 2.3 text=done\n");
    scenario_assert_path(&s, at("b"),
                         "user 'why' / assistant 'one ' / spawned assistant "
                         "call 1 '' / tool / assistant 'done'");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'one '");
}
END_TEST

static TCase *session_case(void)
{
    TCase *test = tcase_create("session");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_empty_graph_has_nothing);
    tcase_add_test_raise_signal(test, a_gap_in_the_log_is_a_programmer_error,
                                SIGABRT);
    tcase_add_test(test, a_queued_prompt_waits_until_its_message);
    tcase_add_test(test, a_prompt_is_sent_or_withdrawn_once);
    tcase_add_test(test, the_queue_has_a_cap);
    tcase_add_test(test, queued_prompts_survive_an_error);
    tcase_add_test(test, a_message_hangs_on_the_head_or_where_it_says);
    tcase_add_test(test, attachments_are_blocks_of_a_user_turn);
    tcase_add_test(test, moving_the_head_remembers_the_way_down);
    tcase_add_test(test, the_title_and_the_system_prompt_are_the_last_ones);
    tcase_add_test(test, changed_nodes_come_newest_first);
    return test;
}

static TCase *run_case(void)
{
    TCase *test = tcase_create("run");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_run_shows_each_of_its_states);
    tcase_add_test(test, terminal_states_are_sticky);
    tcase_add_test(test, an_older_attempt_changes_nothing);
    tcase_add_test(test, an_answer_opens_with_its_first_delta);
    tcase_add_test(test, an_attempt_without_a_delta_makes_no_node);
    tcase_add_test(test, blocks_keep_the_order_in_which_they_came);
    tcase_add_test(test, blocks_remember_when_they_were_written);
    tcase_add_test(test, ten_thousand_deltas_lose_no_byte);
    tcase_add_test(test, the_next_attempt_after_a_cut_one_is_its_sibling);
    tcase_add_test(test, the_next_attempt_after_a_whole_answer_is_its_sibling);
    tcase_add_test(test, a_stopped_answer_keeps_its_text);
    tcase_add_test(test, a_retry_never_doubles_the_question);
    tcase_add_test(test, a_run_does_not_pull_back_a_head_that_was_moved);
    tcase_add_test(test, a_head_that_came_back_goes_along_again);
    tcase_add_test(test, a_run_beside_the_head_leaves_it);
    tcase_add_test(test, a_run_waits_while_the_user_is_asked);
    tcase_add_test(test, a_question_of_the_session_touches_no_run);
    tcase_add_test(test, what_was_said_of_two_answers_last_holds);
    tcase_add_test(test, a_preference_is_about_two_answers_to_one_prompt);
    tcase_add_test(test, the_last_usage_is_the_whole);
    tcase_add_test(test, what_was_spent_is_a_sum_of_last_reports);
    tcase_add_test(
        test, what_a_vendor_began_and_did_not_count_is_estimated_or_unknown);
    tcase_add_test(test, numbers_that_are_too_large_are_cut_to_fit);
    tcase_add_test(test, a_run_that_has_no_answer_is_not_complete);
    tcase_add_test(test, the_oldest_living_run_is_the_active_one);
    tcase_add_test(test, a_spawned_run_grows_beside_the_path);
    tcase_add_test(test, only_the_first_step_of_a_spawned_run_is_spawned);
    tcase_add_test(test,
                   an_answer_that_is_begun_anew_is_a_sibling_of_its_first_half);
    tcase_add_test(test, a_new_beginning_does_not_pull_the_reader_along);
    tcase_add_test(test, a_call_of_the_first_half_takes_nothing_more);
    tcase_add_test(test, a_prompt_that_was_superseded_ends_no_answer);
    tcase_add_test(test, what_the_server_paused_is_followed_and_not_replaced);
    tcase_add_test(test, only_a_complete_answer_is_paused);
    return test;
}

Suite *graph_suite(void)
{
    Suite *suite = suite_create("graph");
    suite_add_tcase(suite, session_case());
    suite_add_tcase(suite, run_case());
    return suite;
}
