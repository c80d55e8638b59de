/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <check.h>

#include "graph/stretch.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *stretch_suite(void);

static struct scenario s;
static struct budget *budget;
static struct stretch stretch;

static void setup(void)
{
    scenario_init(&s);
    budget = budget_new();
    stretch = (struct stretch){ 0 };
}

static void teardown(void)
{
    scenario_clear(&s);
    budget_free(budget);
    stretch_clear(&stretch);
}

static bool plan(const char *lines, uint64_t beside, uint64_t most)
{
    scenario_play(&s, lines);
    budget_catch_up(budget, s.graph);
    return stretch_plan(&stretch, budget, s.graph, beside, most);
}

static void ck_range(const char *first, const char *last)
{
    ck_assert_uint_eq(stretch.first_id, scenario_seq(&s, first));
    ck_assert_uint_eq(stretch.last_id, scenario_seq(&s, last));
}

#define WORDS                                                       \
    "one two three four five six seven eight nine ten eleven "      \
    "twelve thirteen fourteen fifteen sixteen seventeen eighteen "  \
    "nineteen twenty one two three four five six seven eight nine " \
    "ten eleven twelve thirteen fourteen fifteen sixteen"
#define TURN(number, ask, answer, parent)                               \
    "@" ask " user-message parent=" parent " text='first: " WORDS "'\n" \
    "run-started " number " node=@" ask "\n"                            \
    "attempt-started " number ".1 model=m\n"                            \
    "@" answer " text-delta " number ".1 text='then: " WORDS "'\n"      \
    "attempt-finished " number ".1 outcome=complete\n"                  \
    "run-finished " number " outcome=complete\n"
/* clang-format off */
#define THREE_TURNS               \
    TURN("1", "q", "a", "0")      \
    TURN("2", "r", "b", "@a")     \
    TURN("3", "t", "c", "@b")     \
    "@u user-message parent=@c text='and what now'\n"
/* clang-format on */

START_TEST(the_oldest_turns_go_as_a_whole)
{
    ck_assert(plan(THREE_TURNS, 0, 10000));
    ck_assert_uint_eq(stretch.first_id, 0);
    uint64_t all = stretch.left;
    ck_assert(plan("", 0, all - 1));
    ck_range("q", "a");
    ck_assert_uint_eq(stretch.tokens + stretch.left, all);
    ck_assert(plan("", 0, stretch.left - 1));
    ck_range("q", "b");
    ck_assert_uint_eq(stretch.nodes.count, 4);
}
END_TEST

START_TEST(the_last_prompt_stays_and_what_it_leaves_is_told)
{
    ck_assert(!plan(THREE_TURNS, 7, 5));
    ck_range("q", "c");
    ck_assert_uint_eq(stretch.left,
                      tokens_estimate(slice_of("and what now")) + 7);
    ck_assert(!plan("@v user-message parent=0 text='alone here'\n", 0, 1));
    ck_assert_uint_eq(stretch.first_id, 0);
    ck_assert_uint_eq(stretch.left, tokens_estimate(slice_of("alone here")));
}
END_TEST

START_TEST(what_is_pinned_stays_with_its_turn)
{
    ck_assert(!plan(THREE_TURNS "pinned node=@b on=true\n", 0, 1));
    ck_range("q", "a");
    ck_assert_uint_eq(stretch.nodes.count, 4);
    ck_assert_uint_eq(stretch.apart, 2);
    ck_assert_uint_eq(stretch.nodes.items[2], scenario_seq(&s, "t"));
    plan("pinned node=@q on=true\n", 0, 1);
    ck_range("t", "c");
    ck_assert_uint_eq(stretch.apart, 2);
}
END_TEST

START_TEST(an_earlier_summary_goes_into_the_new_one)
{
    plan(THREE_TURNS "@s summarised first=@q last=@a text='so it began'\n"
                     "folded summary=@s on=true\n",
         0, 1);
    ck_range("q", "c");
    ck_assert_uint_eq(stretch.summaries.items[0], 1);
    ck_assert_uint_eq(stretch.nodes.items[0], scenario_seq(&s, "q"));
    ck_assert_uint_eq(stretch.nodes.items[1], scenario_seq(&s, "r"));
}
END_TEST

/* What is said of a stretch holds of the log that obeys it. */
static void obey(void)
{
    struct event made = { .type = EVENT_SUMMARISED };
    event_add_number(&made, FIELD_FIRST, stretch.first_id);
    event_add_number(&made, FIELD_LAST, stretch.last_id);
    event_add_string(&made, FIELD_TEXT, "x");
    scenario_add(&s, &made);
    struct event folded = { .type = EVENT_FOLDED };
    event_add_number(&folded, FIELD_SUMMARY, made.seq);
    event_add_number(&folded, FIELD_ON, true);
    scenario_add(&s, &folded);
    ck_assert_uint_ne(graph_summary_of(s.graph, made.seq), 0);
    for (size_t i = stretch.apart; i < stretch.nodes.count; i++) {
        struct event gone = { .type = EVENT_LEFT_OUT };
        event_add_number(&gone, FIELD_NODE, stretch.nodes.items[i]);
        event_add_number(&gone, FIELD_ON, true);
        event_add_string(&gone, FIELD_TEXT, "to make room");
        scenario_add(&s, &gone);
    }
}

static bool is_last_user(uint64_t id)
{
    const struct node *node = graph_node(s.graph, graph_head(s.graph));
    while (node && node->kind != NODE_USER)
        node = graph_node(s.graph, node->parent_id);
    return node && node->id == id;
}

START_TEST(of_any_conversation_it_takes_whole_turns_and_leaves_what_it_says)
{
    enum { SUMMARY_MOST = 40 };
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_log random = { .state = seed * 7919, .wild_share = 4 };
        teardown();
        setup();
        for (int i = 0; i < 250; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
        }
        budget_catch_up(budget, s.graph);
        uint64_t total = budget_total(budget);
        bool fits = stretch_plan(&stretch, budget, s.graph, 0, total / 2);
        ck_assert(fits == (stretch.left <= total / 2));
        for (size_t k = 0; k < stretch.nodes.count; k++) {
            const struct node *node =
                graph_node(s.graph, stretch.nodes.items[k]);
            ck_assert(stretch.summaries.items[k] || !node->is_pinned);
            ck_assert(stretch.summaries.items[k] || !is_last_user(node->id));
        }
        if (!stretch.first_id)
            continue;
        uint64_t left = stretch.left;
        obey();
        budget_catch_up(budget, s.graph);
        ck_assert_uint_le(budget_total(budget), left + SUMMARY_MOST);
    }
}
END_TEST

Suite *stretch_suite(void)
{
    Suite *suite = suite_create("stretch");
    TCase *tcase = tcase_create("stretch");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_oldest_turns_go_as_a_whole);
    tcase_add_test(tcase, the_last_prompt_stays_and_what_it_leaves_is_told);
    tcase_add_test(tcase, what_is_pinned_stays_with_its_turn);
    tcase_add_test(tcase, an_earlier_summary_goes_into_the_new_one);
    tcase_add_test(
        tcase,
        of_any_conversation_it_takes_whole_turns_and_leaves_what_it_says);
    suite_add_tcase(suite, tcase);
    return suite;
}
