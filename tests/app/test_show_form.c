/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/show_form.h"
#include "base/json.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *show_form_suite(void);

static struct scenario s;

static void setup(void)
{
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
}

static struct buf show(const char *name)
{
    struct buf text = { 0 };
    show_form_fn *append = show_form_find(name);
    ck_assert_ptr_nonnull(append);
    const struct show_source source = { s.graph, s.log, slice_of("calm") };
    append(&text, &source);
    return text;
}

static void assert_shows(const char *name, const char *expected)
{
    struct buf text = show(name);
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
}

/* A question, whose answer asks for a tool that an agent is. */
#define AGENT                                                   \
    "@q user-message text='why \"so\" & <b>?\\n; end'\n"        \
    "run-started 1 node=@q\n"                                   \
    "attempt-started 1.1 model=m endpoint=e\n"                  \
    "@a text-delta 1.1 text=look\n"                             \
    "tool-call-start 1.1 call=1 name=find\n"                    \
    "tool-call-end 1.1 call=1 arguments='{\"x\":1}'\n"          \
    "attempt-finished 1.1 outcome=complete\n"                   \
    "tool-started 1 call=1\n"                                   \
    "@t user-message text=task parent=@a spawned=true call=1\n" \
    "run-started 2 node=@t\n"                                   \
    "attempt-started 2.1 model=m2 endpoint=e\n"                 \
    "text-delta 2.1 text='one\\ntwo'\n"                         \
    "attempt-finished 2.1 outcome=complete\n"                   \
    "run-finished 2 outcome=complete\n"                         \
    "tool-finished 1 call=1 outcome=completed text=found\n"

START_TEST(every_form_has_a_name_and_the_first_is_the_thread)
{
    static const char *const names[] = { "thread",   "messages", "dag",
                                         "mermaid",  "dot",      "trace",
                                         "markdown", "jsonl" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        ck_assert_str_eq(show_form_name(i), names[i]);
        ck_assert_ptr_nonnull(show_form_find(names[i]));
    }
    ck_assert_ptr_null(show_form_find("threads"));
}
END_TEST

START_TEST(an_empty_session_has_every_form)
{
    assert_shows("thread", "");
    assert_shows("messages", "[]\n");
    assert_shows("dag", "{\"nodes\":[\n],\"edges\":[\n]}\n");
    assert_shows("dot", "digraph session {\n    node [shape=box];\n}\n");
    assert_shows("trace", "");
}
END_TEST

START_TEST(the_thread_has_what_agents_did_behind_bars)
{
    scenario_play(&s, AGENT "run-started 3 node=@a spawned=true\n");
    assert_shows("thread", "-- you 00:00 --\n"
                           "why \"so\" & <b>?\n; end\n"
                           "\n-- m@e 00:00 --\n"
                           "look\n"
                           "[find {\"x\":1}: completed]\n"
                           "(an agent has begun)\n"
                           "| -- task 00:00 --\n"
                           "| task\n"
                           "| -- m2@e 00:00 --\n"
                           "| one\n"
                           "| two\n"
                           "[output of find, 5 B]\n");
}
END_TEST

START_TEST(messages_are_what_a_model_would_be_sent)
{
    scenario_play(&s, "system-set text='be \"brief\"'\n" AGENT);
    assert_shows("messages",
                 "[\n{\"role\":\"system\",\"content\":\"be \\\"brief\\\"\"},\n"
                 "{\"role\":\"user\",\"content\":\"why \\\"so\\\" & <b>?\\n; "
                 "end\"},\n"
                 "{\"role\":\"assistant\",\"content\":\"look\",\"tool_calls\":"
                 "[{\"id\":\"call_1\",\"name\":\"find\",\"arguments\":"
                 "\"{\\\"x\\\":1}\"}]},\n"
                 "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"name\":"
                 "\"find\",\"content\":\"found\"}\n]\n");
}
END_TEST

START_TEST(the_dag_has_all_nodes_and_edges)
{
    scenario_play(&s, "@a user-message text=a\n"
                      "@b user-message text=b\n"
                      "@c user-message text=c parent=@a\n"
                      "@d user-message text=d parent=@a spawned=true\n"
                      "branch-named node=@c name='the \"c\"'\n"
                      "pruned node=@b\n"
                      "summarised first=@a last=@c text=sum\n"
                      "folded summary=7 on=true\n");
    assert_shows(
        "dag",
        "{\"nodes\":[\n"
        "{\"id\":1,\"kind\":\"user\",\"active\":true,\"label\":\"user: a\"},\n"
        "{\"id\":2,\"kind\":\"user\",\"pruned\":true,\"label\":\"user: b\"},\n"
        "{\"id\":3,\"kind\":\"user\",\"active\":true,\"head\":true,\"name\":"
        "\"the \\\"c\\\"\",\"label\":\"user: c\"},\n"
        "{\"id\":4,\"kind\":\"user\",\"label\":\"user: d\"},\n"
        "{\"id\":7,\"kind\":\"summary\",\"folded\":true,\"label\":\"summary: "
        "sum\"}\n"
        "],\"edges\":[\n"
        "{\"from\":1,\"to\":2,\"kind\":\"follows\"},\n"
        "{\"from\":1,\"to\":3,\"kind\":\"follows\"},\n"
        "{\"from\":1,\"to\":4,\"kind\":\"spawned\"},\n"
        "{\"from\":7,\"to\":1,\"kind\":\"summarises\"},\n"
        "{\"from\":7,\"to\":3,\"kind\":\"summarises\"}\n"
        "]}\n");
}
END_TEST

START_TEST(labels_of_a_flowchart_cannot_be_left)
{
    scenario_play(&s, "@a user-message text='x\"] --> n9 %% #lt; <b> `y`'\n"
                      "user-message text=b\n"
                      "user-message text=t parent=@a spawned=true\n");
    assert_shows("mermaid",
                 "flowchart TD\n"
                 "    n1[\"user: x#34;#93; --#62; n9 #37;#37; #35;lt#59; "
                 "#60;b#62; #96;y#96;\"]:::active\n"
                 "    n2[\"user: b\"]:::head\n"
                 "    n3[\"user: t\"]\n"
                 "    n1 --> n2\n"
                 "    n1 -.-> n3\n"
                 "    classDef active stroke-width:2px\n"
                 "    classDef head stroke-width:4px\n"
                 "    classDef pruned stroke-dasharray:4\n");
}
END_TEST

START_TEST(labels_of_dot_cannot_be_left)
{
    scenario_play(&s, "@a user-message text='x\"]; \\N &lt; <b>\\ny'\n"
                      "user-message text=t parent=@a spawned=true\n");
    assert_shows(
        "dot", "digraph session {\n    node [shape=box];\n"
               "    n1 [label=\"user: x\\\"]; \\\\N &amp;lt; <b>\xe2\x90\x8ay\""
               ", penwidth=3];\n"
               "    n2 [label=\"user: t\"];\n"
               "    n1 -> n2 [style=dashed];\n"
               "}\n");
}
END_TEST

START_TEST(the_trace_has_decisions_attempts_and_what_changed_nothing)
{
    scenario_play(&s, "@q user-message text=why\n"
                      "run-started 1 node=@q\n"
                      "routed 1 score=0.5 tier=local model=m\n"
                      "attempt-started 1.1 model=m endpoint=e\n"
                      "attempt-finished 1.1 outcome=error error='no\\nroute'\n"
                      "text-delta 1.1 text=late\n"
                      "run-finished 1 outcome=error\n"
                      "text-delta 9.1 text=x\n");
    assert_shows("trace",
                 "1970-01-01T00:00:01.001Z #2 run 1 run-started: node 1\n"
                 "1970-01-01T00:00:01.002Z #3 run 1 routed: score 0.5, tier "
                 "local, model m\n"
                 "1970-01-01T00:00:01.003Z #4 run 1.1 m e: error after 0.0 s, "
                 "no\xe2\x90\x8aroute\n"
                 "    ended after 0.0 s\n"
                 "1970-01-01T00:00:01.005Z #6 text-delta changed nothing: "
                 "late\n"
                 "1970-01-01T00:00:01.006Z #7 run 1 run-finished: outcome "
                 "error\n"
                 "1970-01-01T00:00:01.007Z #8 text-delta changed nothing: "
                 "orphaned\n");
}
END_TEST

/* Two attempts: the second after 4 ms in which nothing was to be done but for the
 * first to end. What weighs nothing is not told, what weighs most comes first. */
START_TEST(the_trace_has_the_whole_receipt_of_a_run)
{
    scenario_play(
        &s, "@q user-message text=why\n"
            "run-started 1 node=@q\n"
            "routed 1 score=0.52 threshold=0.55 band=0.1 tier=local why='score "
            ".52 near .55' reasons='[\"a rung\",\"not away: private\"]' "
            "features='{\"commas\":{\"value\":1,\"weight\":0.4},\"code\":{"
            "\"value\":2,\"weight\":-1.5},\"orders\":{\"value\":0,\"weight\":"
            "0.01}}'\n"
            "attempt-started 1.1 model=m endpoint=e\n"
            "connected 1.1\n"
            "@a text-delta 1.1 text=hm\n"
            "attempt-finished 1.1 outcome=complete\n"
            "answer-checked 1 node=@a outcome=doubtful text='2+2 is 4'\n"
            "fell-back 1 endpoint=f model=k text='asked k' why='doubtful "
            "answer before'\n"
            "attempt-started 1.2 model=k endpoint=f trust=vendor\n"
            "text-delta 1.2 text=so\n"
            "usage 1.2 output=2 cost=0.25\n"
            "attempt-finished 1.2 outcome=complete\n");
    struct buf text = show("trace");
    static const char *const told[] = {
        "routed: score 0.52, threshold 0.55, band 0.1, tier local, why score "
        ".52 near .55\n"
        "    a rung\n"
        "    not away: private\n"
        "      code                    2.00  -1.5\n"
        "      commas                  1.00  +0.4\n1970",
        "m e: complete after 0.0 s, ttft 0.0 s, score .52 near .55\n"
        "    connected after 0.0 s, first token after 0.0 s, ended after 0.0 "
        "s\n",
        "answer-checked: node 6, outcome doubtful, text 2+2 is 4\n",
        "fell-back: endpoint f, model k, text asked k, why doubtful answer "
        "before\n",
        "k f (vendor): complete after 0.0 s, ttft 0.0 s, 1000 tok/s, 2 tok, "
        "$.250, doubtful answer before\n",
    };
    for (size_t i = 0; i < COUNTOF(told); i++)
        ck_assert_msg(strstr(buf_string(&text), told[i]) != NULL,
                      "no \"%s\" in:\n%s", told[i], buf_string(&text));
    const struct run *run = graph_run(s.graph, 1);
    ck_assert_str_eq(run->attempts.items[0].why, "score .52 near .55");
    ck_assert_str_eq(run->attempts.items[0].check, "doubtful: 2+2 is 4");
    ck_assert_str_eq(run->attempts.items[1].why, "doubtful answer before");
    ck_assert_str_eq(run->attempts.items[1].check, "");
    buf_clear(&text);
}
END_TEST

/* The graph keeps the last 256 of them. */
START_TEST(the_trace_has_all_that_changed_nothing)
{
    size_t count = 0;
    for (int i = 0; i < 400; i++)
        scenario_play(&s, "text-delta 9.1 text=x\n");
    struct buf text = show("trace");
    struct slice rest = buf_slice(&text), line;
    while (slice_next_line(&rest, &line))
        count++;
    ck_assert_uint_eq(count, 400);
    buf_clear(&text);
}
END_TEST

/* A line of Mermaid is a node, an edge or a class; a quote is at both ends of a
 * label and nowhere else. */
static void check_mermaid(struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line)) {
        size_t quotes = 0;
        for (size_t i = 0; i < line.len; i++)
            quotes += line.ptr[i] == '"';
        ck_assert(quotes == 0 || quotes == 2);
    }
}

START_TEST(the_forms_of_any_session_are_well_formed_and_the_same_again)
{
    static const char *const json[] = { "messages", "dag" };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct random_log random = { .state = seed * 77, .wild_share = 15 };
        teardown();
        setup();
        for (int i = 0; i < 300; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
        }
        for (size_t i = 0; i < COUNTOF(json); i++) {
            struct buf text = show(json[i]);
            struct error err = { 0 };
            json_t *value = json_parse_strict(buf_slice(&text), &err);
            ck_assert_msg(value, "%s", err.text);
            json_decref(value);
            buf_clear(&text);
        }
        struct buf text = show("mermaid");
        check_mermaid(buf_slice(&text));
        buf_clear(&text);
        for (size_t i = 0; show_form_name(i); i++) {
            text = show(show_form_name(i));
            assert_shows(show_form_name(i), buf_string(&text));
            buf_clear(&text);
        }
    }
}
END_TEST

Suite *show_form_suite(void)
{
    Suite *suite = suite_create("show_form");
    TCase *test = tcase_create("show_form");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, every_form_has_a_name_and_the_first_is_the_thread);
    tcase_add_test(test, an_empty_session_has_every_form);
    tcase_add_test(test, the_thread_has_what_agents_did_behind_bars);
    tcase_add_test(test, messages_are_what_a_model_would_be_sent);
    tcase_add_test(test, the_dag_has_all_nodes_and_edges);
    tcase_add_test(test, labels_of_a_flowchart_cannot_be_left);
    tcase_add_test(test, labels_of_dot_cannot_be_left);
    tcase_add_test(test,
                   the_trace_has_decisions_attempts_and_what_changed_nothing);
    tcase_add_test(test, the_trace_has_the_whole_receipt_of_a_run);
    tcase_add_test(test, the_trace_has_all_that_changed_nothing);
    tcase_add_test(test,
                   the_forms_of_any_session_are_well_formed_and_the_same_again);
    suite_add_tcase(suite, test);
    return suite;
}
