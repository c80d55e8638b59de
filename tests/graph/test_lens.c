/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <check.h>

#include "graph/lens.h"
#include "tests/support/graph_fault.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *lens_suite(void);

static struct scenario s;
static struct budget *budget;
static struct lens lens;
static struct lens_cut cut;

static void setup(void)
{
    scenario_init(&s);
    budget = budget_new();
    lens = (struct lens){ 0 };
    cut = (struct lens_cut){ 0 };
}

static void teardown(void)
{
    scenario_clear(&s);
    budget_free(budget);
    lens_clear(&lens);
    lens_cut_clear(&cut);
}

static void look(const char *lines, uint64_t room)
{
    scenario_play(&s, lines);
    budget_catch_up(budget, s.graph);
    lens_look(&lens, budget, s.graph, room);
}

static void ck_entry(size_t index, const char *name, enum lens_fate fate)
{
    ck_assert_uint_lt(index, lens.entries.count);
    ck_assert_uint_eq(lens.entries.items[index].node_id,
                      scenario_seq(&s, name));
    ck_assert_str_eq(lens_fate_name(lens.entries.items[index].fate),
                     lens_fate_name(fate));
}

#define WITH_TOOL                                            \
    "@q user-message text='list the files, please'\n"        \
    "run-started 1 node=@q\n"                                \
    "attempt-started 1.1 model=m\n"                          \
    "@a text-delta 1.1 text='I look.'\n"                     \
    "tool-call-start 1.1 call=1 id=x name=ls\n"              \
    "tool-call-end 1.1 call=1 arguments={}\n"                \
    "attempt-finished 1.1 outcome=complete\n"                \
    "tool-started 1 call=1\n"                                \
    "@x tool-finished 1 call=1 outcome=completed "           \
    "text='one two three four five six seven eight nine ten" \
    " eleven twelve thirteen fourteen fifteen sixteen"       \
    " seventeen eighteen nineteen twenty one two three four" \
    " five six seven eight nine'\n"                          \
    "attempt-started 1.2 model=m\n"                          \
    "@b text-delta 1.2 text='There are many.'\n"             \
    "attempt-finished 1.2 outcome=complete\n"                \
    "run-finished 1 outcome=complete\n"                      \
    "@r user-message text='and now the next'\n"

START_TEST(each_node_has_its_fate)
{
    look(WITH_TOOL "pinned node=@q on=true\n"
                   "left-out node=@b on=true\n",
         0);
    ck_assert_uint_eq(lens.entries.count, 5);
    ck_entry(0, "q", LENS_PINNED);
    ck_entry(1, "a", LENS_SENT);
    ck_entry(2, "x", LENS_SENT);
    ck_entry(3, "b", LENS_LEFT_OUT);
    ck_assert_uint_eq(lens.entries.items[3].tokens, 0);
    ck_assert_uint_eq(lens.entries.items[3].whole,
                      tokens_estimate(slice_of("There are many.")));
    look("left-out node=@b on=true text='to make room'\n"
         "left-out node=@a on=true\n",
         0);
    ck_entry(1, "a", LENS_LEFT_OUT);
    ck_entry(2, "x", LENS_WITH_CALL);
    ck_entry(3, "b", LENS_DROPPED);
    look("@s summarised first=@q last=@a text=sum\n"
         "folded summary=@s on=true\n"
         "left-out node=@b on=false\n",
         tokens_estimate(slice_of("and now the next")));
    ck_assert_uint_eq(lens.entries.items[0].summary, 1);
    ck_entry(1, "q", LENS_FOLDED);
    ck_entry(2, "a", LENS_FOLDED);
    ck_entry(3, "x", LENS_FOLDED);
    ck_entry(5, "r", LENS_SENT);
    look("", tokens_estimate(slice_of("and now the next")) - 1);
    ck_entry(5, "r", LENS_TOO_LARGE);
}
END_TEST

START_TEST(the_entries_are_the_sum_of_the_path_in_any_conversation)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_log random = { .state = seed * 6151, .wild_share = 5 };
        teardown();
        setup();
        for (int i = 0; i < 300; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
            look("", 0);
            struct budget_sum parts = budget_parts(budget);
            uint64_t sum = parts.tokens[BUDGET_SYSTEM];
            for (size_t k = 0; k < lens.entries.count; k++)
                sum += lens.entries.items[k].tokens;
            const struct node *head = graph_node(s.graph, graph_head(s.graph));
            if (!head || !head->is_open)
                ck_assert_uint_eq(sum, budget_total(budget));
            else
                ck_assert_uint_le(sum, budget_total(budget));
        }
    }
}
END_TEST

static void ck_plan(uint64_t most, const char *first, const char *second)
{
    lens_plan(&cut, budget, s.graph, 0, most);
    ck_assert_uint_eq(cut.nodes.count, (first != NULL) + (second != NULL));
    if (first)
        ck_assert_uint_eq(cut.nodes.items[0], scenario_seq(&s, first));
    if (second)
        ck_assert_uint_eq(cut.nodes.items[1], scenario_seq(&s, second));
}

START_TEST(old_output_goes_first_then_the_oldest_turn)
{
    look(WITH_TOOL, 0);
    uint64_t total = budget_total(budget);
    ck_plan(total, NULL, NULL);
    ck_plan(total - 1, "x", NULL);
    ck_assert_uint_lt(cut.left, total);
    look("pinned node=@x on=true\n", 0);
    ck_plan(total - 1, NULL, NULL);
    ck_assert_uint_eq(cut.left, total);
}
END_TEST

START_TEST(what_the_user_called_goes_as_other_output_does)
{
    look("@q user-message text='and what now'\n"
         "@n call-made parent=@q call=1 name=shell arguments={}\n"
         "tool-started call=1\n"
         "tool-finished call=1 outcome=completed text=fine\n"
         "@m call-made parent=@n call=2 name=shell arguments={}\n"
         "tool-started call=2\n"
         "tool-finished call=2 outcome=completed text=good\n"
         "@r user-message parent=@m text=go\n",
         0);
    uint64_t total = budget_total(budget);
    ck_assert_uint_eq(lens.entries.count, 4);
    uint64_t first = lens.entries.items[1].tokens;
    ck_assert_uint_gt(first, 10);
    ck_plan(total - 1, "n", NULL);
    ck_assert_uint_eq(cut.left, total - first);
    ck_plan(total - first - 1, "n", "m");
    ck_assert_uint_eq(cut.left, total - first - lens.entries.items[2].tokens);
    look("left-out node=@n on=true\n", 0);
    ck_entry(1, "n", LENS_LEFT_OUT);
    ck_assert_uint_eq(lens.entries.items[1].tokens, 0);
    ck_assert_uint_eq(lens.entries.items[1].whole, first);
}
END_TEST

#define WORDS                                           \
    "one two three four five six seven eight nine ten " \
    "one two three four five six seven eight nine ten " \
    "one two three four five six seven eight nine ten"
#define STEP(attempt, call, result)                                        \
    "attempt-started 1." attempt " model=m\n"                              \
    "tool-call-start 1." attempt " call=" call " id=x" call " name=ls\n"   \
    "tool-call-end 1." attempt " call=" call " arguments={}\n"             \
    "attempt-finished 1." attempt " outcome=complete\n"                    \
    "tool-started 1 call=" call "\n@" result " tool-finished 1 call=" call \
    " outcome=completed text='" WORDS "'\n"

static void ck_plan_all(uint64_t most, const char *name)
{
    lens_plan_all(&cut, budget, s.graph, 0, most);
    ck_assert_uint_eq(array_last(&cut.nodes)[0], scenario_seq(&s, name));
}

/* What the next answer has not read yet stays, unless there is no other way. */
START_TEST(of_a_run_under_way_the_results_of_earlier_steps_go)
{
    look("@q user-message text=go\n"
         "run-started 1 node=@q\n" STEP("1", "1", "x") STEP("2", "2", "y")
             STEP("3", "3", "z"),
         0);
    uint64_t total = budget_total(budget);
    ck_plan(total - 1, "x", NULL);
    ck_plan(0, "x", "y");
    uint64_t left = cut.left;
    ck_plan_all(left - 1, "z");
    ck_assert_uint_eq(cut.nodes.count, 3);
    look("left-out node=@x on=true text='to make room'\n"
         "left-out node=@y on=true text='to make room'\n",
         0);
    ck_assert_uint_le(budget_total(budget), left);
    ck_entry(2, "x", LENS_DROPPED);
    ck_entry(4, "y", LENS_DROPPED);
    ck_plan(0, NULL, NULL);
}
END_TEST

/* C4: it terminates, keeps the system prompt and the last prompt, and says that
 * it is too much. */
START_TEST(turns_that_are_each_larger_than_the_window_end_in_a_no)
{
    struct buf lines = { 0 };
    buf_append_string(&lines, "system-set text='Be brief.'\n");
    for (int i = 0; i < 8; i++) {
        buf_printf(&lines, "user-message text='%d", i);
        for (int k = 0; k < 520; k++)
            buf_append_string(&lines, " word");
        buf_append_string(&lines, "'\n");
    }
    look(buf_string(&lines), 0);
    ck_assert(!lens_plan(&cut, budget, s.graph, 0, 256));
    ck_assert_uint_eq(cut.nodes.count, 7);
    ck_assert_uint_gt(cut.left, 256);
    for (size_t i = 0; i < cut.nodes.count; i++)
        ck_assert_uint_ne(cut.nodes.items[i], graph_head(s.graph));
    ck_assert(lens_plan(&cut, budget, s.graph, 0, 1024));
    ck_assert_uint_le(cut.left, 1024);
    buf_clear(&lines);
}
END_TEST

static void apply(void)
{
    for (size_t i = 0; i < cut.nodes.count; i++) {
        struct event event = { .type = EVENT_LEFT_OUT };
        event_add_number(&event, FIELD_NODE, cut.nodes.items[i]);
        event_add_number(&event, FIELD_ON, 1);
        event_add_string(&event, FIELD_TEXT, "to make room");
        scenario_add(&s, &event);
        ck_assert(graph_node(s.graph, cut.nodes.items[i])->is_dropped);
    }
}

/* Whatever is cut, requests are legal, pinned nodes and the last prompt stay,
 * and it is no more than was foretold. */
START_TEST(a_plan_that_is_carried_out_keeps_its_word)
{
    size_t dropped = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_log random = { .state = seed * 31337 };
        teardown();
        setup();
        for (int i = 0; i < 300; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
        }
        look("", 0);
        uint64_t most = budget_total(budget) / 2;
        bool fits = lens_plan(&cut, budget, s.graph, 0, most);
        uint64_t before = budget_total(budget);
        ck_assert_uint_le(cut.left, before);
        for (size_t i = 0; i < cut.nodes.count; i++)
            ck_assert(!graph_node(s.graph, cut.nodes.items[i])->is_pinned);
        apply();
        dropped += cut.nodes.count;
        look("", 0);
        ck_assert_uint_le(budget_total(budget), cut.left);
        if (fits)
            ck_assert_uint_le(budget_total(budget), most);
        struct messages *messages = messages_new();
        messages_catch_up(messages, s.graph, graph_head(s.graph));
        ck_assert_ptr_null(messages_fault(messages));
        messages_free(messages);
    }
    ck_assert_uint_gt(dropped, 15);
}
END_TEST

Suite *lens_suite(void)
{
    Suite *suite = suite_create("lens");
    TCase *test = tcase_create("lens");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, each_node_has_its_fate);
    tcase_add_test(test,
                   the_entries_are_the_sum_of_the_path_in_any_conversation);
    tcase_add_test(test, old_output_goes_first_then_the_oldest_turn);
    tcase_add_test(test, what_the_user_called_goes_as_other_output_does);
    tcase_add_test(test, of_a_run_under_way_the_results_of_earlier_steps_go);
    tcase_add_test(test,
                   turns_that_are_each_larger_than_the_window_end_in_a_no);
    tcase_add_test(test, a_plan_that_is_carried_out_keeps_its_word);
    suite_add_tcase(suite, test);
    return suite;
}
