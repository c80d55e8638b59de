/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "tests/support/scenario.h"

Suite *fold_fate_suite(void);

static struct scenario s;

static void setup(void)
{
    scenario_init(&s);
    scenario_play(&s, SCENARIO_STREAMING);
}

static void teardown(void)
{
    scenario_clear(&s);
}

static const struct node *node(const char *name)
{
    return graph_node(s.graph, scenario_seq(&s, name));
}

START_TEST(a_node_is_pinned_or_left_out_but_never_both)
{
    scenario_play(&s, "pinned node=@q on=true\n");
    ck_assert(node("q")->is_pinned);
    scenario_play(&s, "left-out node=@q on=true\n");
    ck_assert(node("q")->is_left_out && !node("q")->is_pinned);
    ck_assert_uint_eq(graph_left_out_count(s.graph), 1);
    ck_assert_uint_eq(node("q")->switched, graph_seq(s.graph));
    scenario_play(&s, "pinned node=@q on=true\n");
    ck_assert(node("q")->is_pinned && !node("q")->is_left_out);
    ck_assert_uint_eq(graph_left_out_count(s.graph), 0);
    scenario_play(&s, "pinned node=@q on=false\n");
    ck_assert(!node("q")->is_pinned && !node("q")->is_left_out);
}
END_TEST

START_TEST(what_makes_room_takes_no_pinned_node)
{
    scenario_play(&s, "pinned node=@q on=true\n"
                      "left-out node=@q on=true text='to make room'\n");
    ck_assert(node("q")->is_pinned && !node("q")->is_left_out);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ILLEGAL), 1);
    scenario_play(&s, "pinned node=@q on=false\n"
                      "left-out node=@q on=true text='to make room'\n");
    ck_assert(node("q")->is_left_out && node("q")->is_dropped);
    scenario_play(&s, "left-out node=@q on=true\n");
    ck_assert(node("q")->is_left_out && !node("q")->is_dropped);
}
END_TEST

/* A prompt that is asked meanwhile keeps the head. */
START_TEST(a_cut_is_one_change_that_leaves_the_head_where_it_is)
{
    scenario_play(&s, "run-finished 1 outcome=complete\n"
                      "@x left-out node=@q on=true text='to make room'\n"
                      "@y left-out node=@a on=true text='to make room'\n");
    const struct change *change = graph_last_change(s.graph);
    ck_assert_uint_eq(change->type, EVENT_LEFT_OUT);
    ck_assert_uint_eq(change->seq, scenario_seq(&s, "x"));
    ck_assert_uint_eq(change->last_seq, scenario_seq(&s, "y"));
    scenario_play(&s, "@r user-message parent=@a text=next\n"
                      "head-moved node=@r\n"
                      "left-out node=@q on=false undoes=@x\n");
    ck_assert(!node("q")->is_left_out && node("a")->is_dropped);
    ck_assert_uint_eq(graph_head(s.graph), scenario_seq(&s, "r"));
    ck_assert_uint_lt(graph_last_change(s.graph)->seq, scenario_seq(&s, "x"));
    scenario_play(&s, "left-out node=@a on=false undoes=@x\n");
    ck_assert(node("a")->is_dropped);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ORPHAN), 1);
    scenario_play(&s, "@z left-out node=@q on=true text='to make room'\n"
                      "title text=x\n"
                      "@w left-out node=@r on=true text='to make room'\n");
    ck_assert_uint_eq(graph_last_change(s.graph)->seq, scenario_seq(&s, "w"));
}
END_TEST

START_TEST(a_summary_that_is_folded_as_it_is_made_belongs_to_the_cut)
{
    scenario_play(&s, "run-finished 1 outcome=complete\n"
                      "@s summarised first=@q last=@q text=sum\n"
                      "@f folded summary=@s on=true\n"
                      "@x left-out node=@a on=true text='to make room'\n");
    const struct change *change = graph_last_change(s.graph);
    ck_assert_uint_eq(change->type, EVENT_FOLDED);
    ck_assert_uint_eq(change->seq, scenario_seq(&s, "f"));
    ck_assert_uint_eq(change->last_seq, scenario_seq(&s, "x"));
    ck_assert_uint_eq(change->node_id, scenario_seq(&s, "q"));
    scenario_play(&s, "folded summary=@s on=false undoes=@f\n");
    ck_assert_uint_ne(graph_last_change(s.graph)->type, EVENT_FOLDED);
    scenario_play(&s, "folded summary=@s on=true\n");
    ck_assert_uint_ne(graph_last_change(s.graph)->type, EVENT_FOLDED);
}
END_TEST

START_TEST(what_is_said_twice_counts_once)
{
    scenario_play(&s, "left-out node=@q on=true\n");
    uint64_t seq = graph_folded_seq(s.graph);
    ck_assert_uint_eq(seq, graph_seq(s.graph));
    scenario_play(&s, "left-out node=@q on=true\n");
    ck_assert_uint_eq(graph_left_out_count(s.graph), 1);
    ck_assert_uint_eq(graph_folded_seq(s.graph), seq);
}
END_TEST

START_TEST(what_is_being_written_is_neither_pinned_nor_left_out)
{
    const struct node *answer = graph_node(s.graph, graph_head(s.graph));
    struct event event = { .type = EVENT_LEFT_OUT };
    ck_assert(answer->is_open);
    event_add_number(&event, FIELD_NODE, answer->id);
    event_add_number(&event, FIELD_ON, 1);
    scenario_add(&s, &event);
    scenario_play(&s, "left-out node=@q\nleft-out node=9999 on=true\n");
    ck_assert_uint_eq(graph_left_out_count(s.graph), 0);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ILLEGAL), 2);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ORPHAN), 1);
}
END_TEST

Suite *fold_fate_suite(void)
{
    Suite *suite = suite_create("fold_fate");
    TCase *test = tcase_create("fold_fate");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_node_is_pinned_or_left_out_but_never_both);
    tcase_add_test(test, what_makes_room_takes_no_pinned_node);
    tcase_add_test(test, a_cut_is_one_change_that_leaves_the_head_where_it_is);
    tcase_add_test(test,
                   a_summary_that_is_folded_as_it_is_made_belongs_to_the_cut);
    tcase_add_test(test, what_is_said_twice_counts_once);
    tcase_add_test(test, what_is_being_written_is_neither_pinned_nor_left_out);
    suite_add_tcase(suite, test);
    return suite;
}
