/* SPDX-License-Identifier: MIT */
/* Conversations that programs of this kind are known to get wrong: what is lost,
 * out of order or invisible there has its place here. (Two prompts or two errors
 * of one run, and a child before its parent: tests/graph/test_soundness.c.) */
#include <stdio.h>

#include <check.h>

#include "graph/budget.h"
#include "graph/thread.h"
#include "llm/provider.h"
#include "tests/support/graph_dump.h"
#include "tests/support/graph_fault.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *scenes_suite(void);

static struct scenario s;
static struct messages *messages;

static void setup(void)
{
    scenario_init(&s);
    messages = messages_new();
}

static void teardown(void)
{
    scenario_clear(&s);
    messages_free(messages);
}

static void assert_messages(const char *expected)
{
    struct buf dump = { 0 };
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    graph_dump_messages(&dump, messages);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

static void assert_entries(const char *expected)
{
    struct thread thread = { 0 };
    struct buf dump = { 0 };
    thread_catch_up(&thread, s.graph);
    for (size_t i = 0; i < thread.entries.count; i++)
        buf_printf(&dump, "%s%d", thread.entries.items[i].level ? ">" : " ",
                   (int)thread.entries.items[i].node_id);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
    thread_clear(&thread);
}

#define QUESTION                 \
    "@q user-message text=why\n" \
    "run-started 1 node=@q\n"    \
    "attempt-started 1.1 model=m\n"

START_TEST(text_that_goes_on_behind_a_call_loses_nothing)
{
    scenario_play(&s, QUESTION "text-delta 1.1 text=one\n"
                               "tool-call-start 1.1 call=1 id=x name=ls\n"
                               "tool-call-end 1.1 call=1 arguments={}\n"
                               "text-delta 1.1 text=two\n");
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'one' call 1 '{}' 'two'");
    assert_messages("user 'why'\nassistant 'one\n\ntwo' [1 x ls {}]\n"
                    "tool 1 x ls 'Not run yet.'\n");
}
END_TEST

START_TEST(an_agent_is_seen_wherever_in_a_text_it_was_spawned)
{
    scenario_play(&s, QUESTION
                  "@a text-delta 1.1 text=one\n"
                  "text-delta 1.1 text=two\n"
                  "@t user-message text=task parent=@a spawned=true\n"
                  "text-delta 1.1 text=three\n"
                  "@u user-message text=other parent=@a spawned=true\n");
    scenario_assert_path(&s, 0, "user 'why' / assistant 'onetwothree'");
    assert_entries(" 1 4>6>8");
}
END_TEST

/* An agent that asks in every round: what it says second comes second. */
#define ROUNDS                                                   \
    QUESTION "text-delta 1.1 text=first\n"                       \
             "tool-call-start 1.1 call=1 id=x name=ls\n"         \
             "tool-call-end 1.1 call=1 arguments={}\n"           \
             "attempt-finished 1.1 outcome=complete\n"           \
             "tool-started 1 call=1\n"                           \
             "tool-finished 1 call=1 outcome=completed text=r\n" \
             "attempt-started 1.2 model=m\n"                     \
             "text-delta 1.2 text=second\n"                      \
             "attempt-finished 1.2 outcome=complete\n"           \
             "run-finished 1 outcome=complete\n"

START_TEST(text_tool_text_stays_in_that_order)
{
    scenario_play(&s, ROUNDS);
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'first' call 1 '{}' / "
                         "tool 'r' / assistant 'second'");
    assert_entries(" 1 4 9 11");
    assert_messages("user 'why'\nassistant 'first' [1 x ls {}]\n"
                    "tool 1 x ls 'r'\nassistant 'second'\n");
}
END_TEST

START_TEST(a_call_that_was_denied_is_a_call_and_a_result)
{
    scenario_play(&s, SCENARIO_ASKED
                  "relay-asked 1 call=1 name=ls\n"
                  "relay-answered 1 call=1 outcome=no\n"
                  "tool-finished 1 call=1 outcome=denied\n"
                  "tool-started 1 call=2\n"
                  "tool-finished 1 call=2 outcome=completed text=y\n");
    assert_entries(" 1 4 12 14");
    assert_messages("user 'why'\nassistant 'look' [1 x ls {}] [2 y cat {}]\n"
                    "tool 1 x ls 'The user denied this call; it was not "
                    "run.'\n"
                    "tool 2 y cat 'y'\n");
}
END_TEST

START_TEST(a_question_and_its_answer_are_replayed)
{
    scenario_play(&s, SCENARIO_ASKED "@r relay-asked 1 call=1 name=ls\n");
    uint64_t asked = scenario_seq(&s, "r");
    ck_assert_str_eq(scenario_call(&s, 1), "asking");
    scenario_play(&s, "relay-answered 1 call=1 outcome=no\n"
                      "tool-finished 1 call=1 outcome=denied\n");
    ck_assert_str_eq(scenario_call(&s, 1), "denied");
    struct graph *then = scenario_fold(s.log, asked);
    ck_assert_int_eq(graph_call(then, 1)->state, CALL_ASKING);
    graph_free(then);
    /* It is not asked any more: an answer that comes again is late. */
    scenario_play(&s, "relay-answered 1 call=1 outcome=yes\n");
    scenario_assert_rejected(&s, "0 1 0 0");
}
END_TEST

/* Where the first turns are a summary, and that is opened again, in any order of
 * what was folded. */
START_TEST(the_start_of_a_thread_is_found_whatever_was_folded)
{
    scenario_play(&s, "@a user-message text=a\n"
                      "@b user-message text=b\n"
                      "@c user-message text=c\n"
                      "@d user-message text=d\n"
                      "@s summarised first=@a last=@b text=ab\n"
                      "@t summarised first=@a last=@c text=abc\n"
                      "folded summary=@s on=true\n"
                      "folded summary=@t on=true\n"
                      "folded summary=@s on=false\n"
                      "folded summary=@t on=false\n");
    assert_entries(" 1 2 3 4");
    assert_messages("user 'a'\nuser 'b'\nuser 'c'\nuser 'd'\n");
    scenario_play(&s, "folded summary=@t on=true\n");
    assert_entries(" 1 4");
}
END_TEST

START_TEST(the_end_of_an_agent_leaves_the_main_chain_alone)
{
    scenario_play(&s, SCENARIO_ASKED
                  "tool-started 1 call=1\n"
                  "@t user-message text=task parent=@a spawned=true call=1\n"
                  "run-started 2 node=@t\n"
                  "attempt-started 2.1 model=m\n"
                  "text-delta 2.1 text=inner\n"
                  "attempt-finished 2.1 outcome=complete\n"
                  "run-finished 2 outcome=complete\n");
    ck_assert_uint_eq(graph_head(s.graph), 4);
    assert_messages("user 'why'\nassistant 'look' [1 x ls {}] [2 y cat {}]\n"
                    "tool 1 x ls 'Still running; there is no result yet.'\n"
                    "tool 2 y cat 'Not run yet.'\n");
    scenario_play(&s, "tool-finished 1 call=1 outcome=completed text=inner\n"
                      "tool-finished 1 call=2 outcome=cancelled\n"
                      "attempt-started 1.2 model=m\n"
                      "text-delta 1.2 text=outer\n");
    scenario_assert_path(&s, 0,
                         "user 'why' / assistant 'look' call 1 '{}' call 2 "
                         "'{}' / tool 'inner' / tool / assistant "
                         "'outer'");
}
END_TEST

/* What a request of it weighs. */
static size_t request_size(void)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    const struct chat_request request = {
        .endpoint = "e",
        .base_url = "http://127.0.0.1:1",
        .model = "m",
        .messages = messages,
    };
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    const struct dialect *dialect = dialect_find(slice_of("ollama"));
    ck_assert_msg(dialect->write_request(&request, &wire, &err), "%s",
                  err.text);
    size_t size = wire.body.len;
    wire_request_clear(&wire);
    return size;
}

START_TEST(a_summary_makes_the_request_smaller)
{
    scenario_play(&s, "@a user-message text=a\n");
    for (int i = 0; i < 100; i++)
        scenario_play(&s, "user-message text='what is said at some length'\n");
    scenario_play(&s, "@z user-message text=z\n"
                      "user-message text=and\n"
                      "@s summarised first=@a last=@z text=short\n");
    size_t whole = request_size();
    scenario_play(&s, "folded summary=@s on=true\n");
    ck_assert_uint_lt(request_size(), whole / 5);
    scenario_play(&s, "folded summary=@s on=false\n");
    ck_assert_uint_eq(request_size(), whole);
}
END_TEST

/* What a prefix gives, and then the rest, is what the whole gives. */
START_TEST(any_prefix_is_sound_and_goes_on_to_the_same_graph)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct random_log random = { .state = seed * 65537, .wild_share = 10 };
        teardown();
        setup();
        for (int i = 0; i < 200; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
        }
        struct buf whole = { 0 };
        graph_dump(&whole, s.graph);
        for (uint64_t at = 0; at <= log_last_seq(s.log); at += 7) {
            struct graph *graph = scenario_fold(s.log, at);
            const char *fault = graph_fault(graph);
            struct buf dump = { 0 };
            struct event event;
            ck_assert_msg(!fault, "%s", fault);
            for (uint64_t seq = at + 1; log_read(s.log, seq, &event); seq++)
                graph_apply(graph, &event);
            graph_dump(&dump, graph);
            ck_assert_str_eq(buf_string(&dump), buf_string(&whole));
            buf_clear(&dump);
            graph_free(graph);
        }
        buf_clear(&whole);
    }
}
END_TEST

/* Every view, after each tenth event. */
struct views {
    struct thread thread;
    struct budget *budget;
    uint64_t cost;
};

static uint64_t cost_of(const struct views *views)
{
    return views->thread.steps + views->thread.spans.path.steps +
           messages_steps(messages) + messages_bytes_copied(messages) +
           budget_bytes_counted(views->budget);
}

static void stream_turn(struct views *views, uint32_t run, int deltas)
{
    char lines[200];
    snprintf(lines, sizeof lines,
             "user-message text=why\nrun-started %u node=%llu\n"
             "attempt-started %u.1 model=m\n",
             run, (unsigned long long)log_last_seq(s.log) + 1, run);
    scenario_play(&s, lines);
    for (int i = 0; i < deltas; i++) {
        struct event event = { .type = EVENT_TEXT_DELTA };
        event.run = run;
        event.attempt = 1;
        event_add_string(&event, FIELD_TEXT, "text ");
        scenario_add(&s, &event);
        if (i % 10 > 0)
            continue;
        thread_catch_up(&views->thread, s.graph);
        messages_catch_up(messages, s.graph, graph_head(s.graph));
        budget_catch_up(views->budget, s.graph);
    }
    snprintf(lines, sizeof lines,
             "attempt-finished %u.1 outcome=complete\n"
             "run-finished %u outcome=complete\n",
             run, run);
    scenario_play(&s, lines);
}

START_TEST(the_last_of_a_million_events_cost_what_the_first_did)
{
    enum { TURNS = 1000, DELTAS = 1000, TENTH = TURNS / 10 };
    struct views views = { .budget = budget_new() };
    uint64_t first = 0, before_last = 0;
    for (uint32_t turn = 1; turn <= TURNS; turn++) {
        stream_turn(&views, turn, DELTAS);
        if (turn == TENTH)
            first = cost_of(&views);
        if (turn == TURNS - TENTH)
            before_last = cost_of(&views);
    }
    ck_assert_uint_gt(log_last_seq(s.log), 1000000);
    uint64_t last = cost_of(&views) - before_last;
    ck_assert_msg(last * 2 <= first * 3, "%llu, then %llu",
                  (unsigned long long)first, (unsigned long long)last);
    thread_clear(&views.thread);
    budget_free(views.budget);
}
END_TEST

Suite *scenes_suite(void)
{
    Suite *suite = suite_create("scenes");
    TCase *test = tcase_create("scenes");
    tcase_set_timeout(test, 120);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, text_that_goes_on_behind_a_call_loses_nothing);
    tcase_add_test(test, an_agent_is_seen_wherever_in_a_text_it_was_spawned);
    tcase_add_test(test, text_tool_text_stays_in_that_order);
    tcase_add_test(test, a_call_that_was_denied_is_a_call_and_a_result);
    tcase_add_test(test, a_question_and_its_answer_are_replayed);
    tcase_add_test(test, the_start_of_a_thread_is_found_whatever_was_folded);
    tcase_add_test(test, the_end_of_an_agent_leaves_the_main_chain_alone);
    tcase_add_test(test, a_summary_makes_the_request_smaller);
    tcase_add_test(test, any_prefix_is_sound_and_goes_on_to_the_same_graph);
    tcase_add_test(test, the_last_of_a_million_events_cost_what_the_first_did);
    suite_add_tcase(suite, test);
    return suite;
}
