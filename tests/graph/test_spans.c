/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "graph/spans.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *spans_suite(void);

static struct scenario s;
static struct spans spans;

static void setup(void)
{
    scenario_init(&s);
    spans = (struct spans){ 0 };
}

static void teardown(void)
{
    scenario_clear(&s);
    spans_clear(&spans);
}

/* Six turns, and others behind the second. */
#define TURNS                            \
    "@a user-message text=a\n"           \
    "@b user-message text=b\n"           \
    "@x user-message text=x parent=@b\n" \
    "@y user-message text=y\n"           \
    "@c user-message text=c parent=@b\n" \
    "@d user-message text=d\n"           \
    "@e user-message text=e\n"           \
    "@f user-message text=f\n"

/* The spans after these lines: "0" for the node at depth 0, "1-3:2" for nodes
 * that the summary 2 stands for; of a view that catches up and of a new one. */
static void assert_spans(const char *lines, const char *expected)
{
    struct spans fresh = { 0 };
    struct buf dump = { 0 };
    scenario_play(&s, lines);
    spans_catch_up(&spans, s.graph);
    spans_catch_up(&fresh, s.graph);
    ck_assert_uint_eq(spans.items.count, fresh.items.count);
    for (size_t i = 0; i < spans.items.count; i++) {
        const struct span *span = &spans.items.items[i];
        ck_assert_uint_eq(span->summary, fresh.items.items[i].summary);
        ck_assert_uint_eq(span->first, fresh.items.items[i].first);
        ck_assert_uint_eq(span->last, fresh.items.items[i].last);
        buf_printf(&dump, "%s%zu", i ? " " : "", span->first);
        if (span->summary)
            buf_printf(&dump, "-%zu:%u", span->last, span->summary);
    }
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
    spans_clear(&fresh);
}

START_TEST(a_summary_stands_for_its_nodes_while_it_is_folded)
{
    assert_spans(TURNS "@s summarised first=@b last=@d text=sum\n",
                 "0 1 2 3 4 5");
    assert_spans("folded summary=@s on=true\n", "0 1-3:1 4 5");
    assert_spans("folded summary=@s on=false\n", "0 1 2 3 4 5");
    assert_spans("folded summary=@s on=true\n", "0 1-3:1 4 5");
    assert_spans("user-message text=g\n", "0 1-3:1 4 5 6");
    scenario_assert_rejected(&s, "0 0 0 0");
}
END_TEST

START_TEST(one_that_is_not_whole_on_the_path_has_no_effect)
{
    assert_spans(TURNS "@s summarised first=@b last=@d text=sum\n"
                       "folded summary=@s on=true\n",
                 "0 1-3:1 4 5");
    assert_spans("head-moved node=@y\n", "0 1 2 3");
    assert_spans("head-moved node=@f\n", "0 1-3:1 4 5");
    assert_spans("head-moved node=@c\n", "0 1 2");
    assert_spans("head-moved node=@d\n", "0 1-3:1");
    assert_spans("head-moved node=@a\n", "0");
    assert_spans("head-moved node=0\n", "");
    assert_spans("head-moved node=@e\n", "0 1-3:1 4");
}
END_TEST

START_TEST(a_summary_of_summaries_hides_them_and_shows_them_again)
{
    assert_spans(TURNS "@s summarised first=@b last=@c text=inner\n"
                       "folded summary=@s on=true\n"
                       "@t summarised first=@a last=@e text=outer\n"
                       "folded summary=@t on=true\n",
                 "0-4:2 5");
    assert_spans("folded summary=@s on=false\n", "0-4:2 5");
    assert_spans("folded summary=@t on=false\n", "0 1 2 3 4 5");
    assert_spans("folded summary=@s on=true\n", "0 1-2:1 3 4 5");
    assert_spans("folded summary=@t on=true\n", "0-4:2 5");
    assert_spans("head-moved node=@d\n", "0 1-2:1 3");
}
END_TEST

START_TEST(of_two_that_overlap_the_one_that_begins_first_has_effect)
{
    assert_spans(TURNS "@s summarised first=@b last=@d text=early\n"
                       "@t summarised first=@c last=@e text=late\n"
                       "folded summary=@t on=true\n",
                 "0 1 2-4:2 5");
    assert_spans("folded summary=@s on=true\n", "0 1-3:1 4 5");
    assert_spans("folded summary=@s on=false\n", "0 1 2-4:2 5");
}
END_TEST

START_TEST(of_two_of_the_same_nodes_the_newer_has_effect)
{
    assert_spans(TURNS "@s summarised first=@b last=@d text=one\n"
                       "@t summarised first=@b last=@d text=two\n"
                       "folded summary=@t on=true\n"
                       "folded summary=@s on=true\n",
                 "0 1-3:2 4 5");
    assert_spans("folded summary=@t on=false\n", "0 1-3:1 4 5");
}
END_TEST

START_TEST(what_tools_gave_back_goes_with_the_turn_that_asked)
{
    assert_spans(SCENARIO_ASKED "@s summarised first=@q last=@a text=sum\n"
                                "folded summary=@s on=true\n",
                 "0-1:1");
    assert_spans("tool-started 1 call=1\n"
                 "@r tool-finished 1 call=1 outcome=completed text=x\n",
                 "0-2:1");
    assert_spans("@t tool-finished 1 call=2 outcome=denied\n", "0-3:1");
    assert_spans("head-moved node=@a\n", "0-1:1");
    assert_spans("head-moved node=@r\n", "0-2:1");
    assert_spans("head-moved node=@t\n", "0-3:1");
    assert_spans("attempt-started 1.2 model=m\n"
                 "text-delta 1.2 text=so\n",
                 "0-3:1 4");
    assert_spans("summarised first=@r last=@r text=sum\n", "0-3:1 4");
    scenario_assert_rejected(&s, "0 0 1 0");
}
END_TEST

START_TEST(what_is_no_stretch_of_a_path_is_refused)
{
    scenario_play(&s, TURNS "summarised first=@b last=999 text=sum\n"
                            "summarised first=999 last=@b text=sum\n"
                            "summarised last=@b text=sum\n"
                            "folded summary=999 on=true\n"
                            "folded summary=@b on=true\n"
                            "folded on=true\n");
    scenario_assert_rejected(&s, "0 0 0 6");
    scenario_play(&s, "summarised first=@d last=@b text=sum\n"
                      "summarised first=@x last=@d text=sum\n"
                      "summarised first=@b last=@d\n"
                      "summarised first=@b last=@d text=' '\n"
                      "@s summarised first=@b last=@d text=sum\n"
                      "folded summary=@s\n");
    scenario_assert_rejected(&s, "0 0 5 6");
    ck_assert_uint_eq(graph_summary_count(s.graph), 1);
    ck_assert_ptr_null(graph_summary(s.graph, 0));
    ck_assert_ptr_null(graph_summary(s.graph, 2));
    ck_assert_str_eq(graph_summary(s.graph, 1)->text, "sum");
}
END_TEST

START_TEST(what_is_still_being_written_is_not_summarised)
{
    scenario_play(&s,
                  SCENARIO_STREAMING "summarised first=@q last=@a text=sum\n"
                                     "summarised first=@a last=@a text=sum\n"
                                     "attempt-finished 1.1 outcome=complete\n"
                                     "summarised first=@q last=@a text=sum\n");
    scenario_assert_rejected(&s, "0 0 2 0");
    ck_assert_uint_eq(graph_summary_count(s.graph), 1);
}
END_TEST

START_TEST(folding_costs_the_path_beyond_it)
{
    for (int i = 0; i < 1000; i++)
        scenario_play(&s, "user-message text=x");
    scenario_play(&s, "@b user-message text=b\n"
                      "@c user-message text=c\n"
                      "@d user-message text=d\n"
                      "@e user-message text=e\n"
                      "@s summarised first=@b last=@c text=sum\n");
    spans_catch_up(&spans, s.graph);
    size_t before = spans.path.steps;
    scenario_play(&s, "folded summary=@s on=true\n");
    ck_assert_uint_eq(spans_catch_up(&spans, s.graph), 1000);
    ck_assert_uint_eq(spans.items.count, 1003);
    scenario_play(&s, "folded summary=@s on=false\n");
    ck_assert_uint_eq(spans_catch_up(&spans, s.graph), 1000);
    ck_assert_uint_eq(spans.items.count, 1004);
    ck_assert_uint_le(spans.path.steps - before, 10);
}
END_TEST

/* Each depth is in one span, in order, and a summary in its place. */
static void check_partition(void)
{
    size_t depth = 0;
    for (size_t i = 0; i < spans.items.count; i++) {
        const struct span *span = &spans.items.items[i];
        const struct summary *summary = graph_summary(s.graph, span->summary);
        ck_assert_uint_eq(span->first, depth);
        ck_assert_uint_ge(span->last, span->first);
        ck_assert_uint_eq(spans_find(&spans, span->first), i);
        ck_assert_uint_eq(spans_find(&spans, span->last), i);
        ck_assert(summary || span->first == span->last);
        if (summary) {
            ck_assert(summary->is_folded);
            ck_assert_uint_eq(spans_first_id(&spans, i), summary->first_id);
        }
        depth = span->last + 1;
    }
    ck_assert_uint_eq(depth, spans.path.nodes.count);
}

START_TEST(any_path_is_cut_into_spans_whatever_happened)
{
    size_t summaries = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_log random = { .state = seed * 31, .wild_share = 5 };
        teardown();
        setup();
        for (int i = 0; i < 400; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
            if (random_below(&random, 3) == 0) {
                spans_catch_up(&spans, s.graph);
                check_partition();
            }
        }
        for (size_t i = 0; i < spans.items.count; i++)
            summaries += spans.items.items[i].summary != 0;
    }
    ck_assert_uint_gt(summaries, 10);
}
END_TEST

Suite *spans_suite(void)
{
    Suite *suite = suite_create("spans");
    TCase *test = tcase_create("spans");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_summary_stands_for_its_nodes_while_it_is_folded);
    tcase_add_test(test, one_that_is_not_whole_on_the_path_has_no_effect);
    tcase_add_test(test,
                   a_summary_of_summaries_hides_them_and_shows_them_again);
    tcase_add_test(test,
                   of_two_that_overlap_the_one_that_begins_first_has_effect);
    tcase_add_test(test, of_two_of_the_same_nodes_the_newer_has_effect);
    tcase_add_test(test, what_tools_gave_back_goes_with_the_turn_that_asked);
    tcase_add_test(test, what_is_no_stretch_of_a_path_is_refused);
    tcase_add_test(test, what_is_still_being_written_is_not_summarised);
    tcase_add_test(test, folding_costs_the_path_beyond_it);
    tcase_add_test(test, any_path_is_cut_into_spans_whatever_happened);
    suite_add_tcase(suite, test);
    return suite;
}
