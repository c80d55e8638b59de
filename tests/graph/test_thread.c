/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "graph/thread.h"
#include "tests/support/graph_fault.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *thread_suite(void);

static struct scenario s;
static struct thread thread;

static void setup(void)
{
    scenario_init(&s);
    thread = (struct thread){ 0 };
}

static void teardown(void)
{
    scenario_clear(&s);
    thread_clear(&thread);
}

static size_t catch_up(const char *lines)
{
    scenario_play(&s, lines);
    return thread_catch_up(&thread, s.graph);
}

START_TEST(an_entry_stands_for_each_node_of_the_path)
{
    ck_assert_uint_eq(catch_up(""), 0);
    ck_assert_uint_eq(catch_up("@q user-message text=why\n"
                               "run-started 1 node=@q\n"
                               "attempt-started 1.1 model=m\n"
                               "@a text-delta 1.1 text=x\n"
                               "@b text-delta 1.1 text=y\n"),
                      0);
    ck_assert_uint_eq(thread.entries.count, 2);
    const struct thread_entry *entry = &thread.entries.items[1];
    ck_assert_uint_eq(entry->node_id, scenario_seq(&s, "a"));
    ck_assert_uint_eq(entry->changed, scenario_seq(&s, "b"));
    ck_assert_int_eq(entry->kind, NODE_ASSISTANT);
    ck_assert_uint_eq(entry->sibling, 1);
    ck_assert_uint_eq(entry->siblings, 1);
    ck_assert_uint_eq(catch_up("title text=x"), 2);
    ck_assert_uint_eq(catch_up("text-delta 1.1 text=z"), 1);
}
END_TEST

START_TEST(siblings_are_counted_at_each_level)
{
    catch_up("@a user-message text=a\n"
             "@b user-message text=b\n"
             "@c user-message text=c parent=@a\n"
             "@d user-message text=d parent=0\n"
             "head-moved node=@b\n");
    ck_assert_uint_eq(thread.entries.count, 2);
    ck_assert_uint_eq(thread.entries.items[0].sibling, 1);
    ck_assert_uint_eq(thread.entries.items[0].siblings, 2);
    ck_assert_uint_eq(thread.entries.items[1].sibling, 1);
    ck_assert_uint_eq(thread.entries.items[1].siblings, 2);
    catch_up("head-moved node=@c");
    ck_assert_uint_eq(thread.entries.items[1].sibling, 2);
}
END_TEST

START_TEST(a_sibling_that_grows_beside_the_path_is_counted)
{
    catch_up("@a user-message text=a\n"
             "@b user-message text=b\n"
             "run-started 1 node=@a\n"
             "attempt-started 1.1 model=m\n");
    ck_assert_uint_eq(thread.entries.items[1].siblings, 1);
    ck_assert_uint_eq(catch_up("text-delta 1.1 text=x"), 1);
    ck_assert_uint_eq(thread.entries.items[1].siblings, 2);
}
END_TEST

START_TEST(many_events_are_caught_up_with_once)
{
    catch_up("@q user-message text=why\n"
             "run-started 1 node=@q\n"
             "attempt-started 1.1 model=m\n");
    size_t before = thread.spans.path.steps;
    for (int i = 0; i < 10000; i++)
        scenario_play(&s, "text-delta 1.1 text=x");
    ck_assert_uint_eq(catch_up(""), 1);
    ck_assert_uint_eq(catch_up(""), 2);
    ck_assert_uint_le(thread.spans.path.steps - before, 6);
}
END_TEST

/* The entries: "3" for node 3, "  7" a level deeper, "3+2" with two runs that
 * were just born, "s1:4" for summary 1 of four nodes. */
static void assert_entries(const char *lines, const char *expected)
{
    struct buf dump = { 0 };
    catch_up(lines);
    for (size_t i = 0; i < thread.entries.count; i++) {
        const struct thread_entry *entry = &thread.entries.items[i];
        for (uint32_t level = entry->level; level > 0; level--)
            buf_append_char(&dump, '>');
        if (entry->summary)
            buf_printf(&dump, "s%u:%u", entry->summary, entry->count);
        else
            buf_printf(&dump, "%d", (int)entry->node_id);
        if (entry->pending)
            buf_printf(&dump, "+%u", entry->pending);
        buf_append_char(&dump, ' ');
    }
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

START_TEST(what_a_node_spawned_stands_below_it)
{
    assert_entries(SCENARIO_ASKED, "1 4 ");
    assert_entries("tool-started 1 call=1\n"
                   "@t user-message text=task parent=@a spawned=true call=1\n",
                   "1 4 >11 ");
    ck_assert_uint_eq(graph_node(s.graph, 11)->spawner, 1);
    /* A mark, until there is content. */
    assert_entries("run-started 2 node=@t\n", "1 4 >11+1 ");
    assert_entries("attempt-started 2.1 model=m\n", "1 4 >11+1 ");
    assert_entries("text-delta 2.1 text=hm\n", "1 4 >11 >14 ");
    /* The results of the turn come behind its branches. */
    assert_entries("tool-finished 1 call=1 outcome=completed text=x\n",
                   "1 4 >11 >14 15 ");
    assert_entries("tool-finished 1 call=2 outcome=denied\n",
                   "1 4 >11 >14 15 16 ");
}
END_TEST

START_TEST(a_run_that_was_spawned_is_pending_below_its_spawner)
{
    assert_entries(SCENARIO_STREAMING, "1 5 ");
    assert_entries("run-started 2 node=@a spawned=true\n"
                   "run-started 3 node=@a spawned=true\n",
                   "1 5+2 ");
    assert_entries("attempt-started 3.1 model=m\n"
                   "text-delta 3.1 text=x\n",
                   "1 5+1 >9 ");
    assert_entries("run-finished 2 outcome=error error=no\n", "1 5 >9 ");
    ck_assert_uint_eq(graph_node(s.graph, 5)->spawned_run, 3);
    ck_assert_uint_eq(graph_run(s.graph, 3)->spawned_before, 2);
}
END_TEST

START_TEST(branches_spawn_branches)
{
    assert_entries("@a user-message text=a\n"
                   "@b user-message text=b parent=@a spawned=true\n"
                   "@c user-message text=c parent=@b spawned=true\n"
                   "@d user-message text=d parent=@c\n"
                   "@e user-message text=e parent=@b spawned=true\n",
                   "1 2 >5 3 4 ");
    /* The head went along: a turn of a branch that the head is in is of the
     * path. Back out of it they are nested. */
    assert_entries("head-moved node=@a\n", "1 >2 >>3 >>4 >>5 ");
    assert_entries("@f user-message text=f\n", "1 >2 >>3 >>4 >>5 7 ");
}
END_TEST

START_TEST(a_branch_is_shown_where_it_was_left)
{
    assert_entries("@a user-message text=a\n"
                   "@b user-message text=b parent=@a spawned=true\n"
                   "@c user-message text=c parent=@b\n"
                   "@d user-message text=d parent=@b\n"
                   "head-moved node=@a\n",
                   "1 >2 >4 ");
    /* Between two looks the head was there and came back. */
    assert_entries("head-moved node=@c\nhead-moved node=@a\n", "1 >2 >3 ");
}
END_TEST

START_TEST(branches_without_end_are_listed_to_a_depth)
{
    scenario_play(&s, "@a user-message text=a\n"
                      "@t user-message text=x parent=@a spawned=true\n");
    for (uint64_t id = 2; id < 1000; id++) {
        struct event event = { .type = EVENT_USER_MESSAGE };
        event_add_string(&event, FIELD_TEXT, "x");
        event_add_number(&event, FIELD_PARENT, id);
        event_add_number(&event, FIELD_SPAWNED, 1);
        scenario_add(&s, &event);
    }
    catch_up("");
    ck_assert_uint_eq(thread.entries.count, 1 + THREAD_LEVELS_MAX);
    catch_up("user-message text=x parent=1000 spawned=true\n");
    ck_assert_uint_eq(thread.entries.count, 1 + THREAD_LEVELS_MAX);
}
END_TEST

START_TEST(a_call_of_another_node_spawns_nothing_here)
{
    assert_entries(SCENARIO_ASKED
                   "user-message text=x parent=@q spawned=true call=1\n"
                   "user-message text=x parent=@a spawned=true call=7\n"
                   "run-started 2 node=@q spawned=true call=1\n",
                   "1 4 ");
    scenario_assert_rejected(&s, "0 0 0 3");
}
END_TEST

START_TEST(text_in_a_branch_costs_that_branch)
{
    for (int i = 0; i < 1000; i++)
        scenario_play(&s, "user-message text=x");
    scenario_play(&s, "@a user-message text=a\n"
                      "run-started 1 node=@a spawned=true\n"
                      "attempt-started 1.1 model=m\n"
                      "text-delta 1.1 text=x\n");
    catch_up("");
    size_t before = thread.steps + thread.spans.path.steps;
    for (int i = 0; i < 1000; i++)
        catch_up("text-delta 1.1 text=x\n");
    /* Changed nodes once for the path and once for the branch, the shape of the
     * path, and two entries. */
    ck_assert_uint_le(thread.steps + thread.spans.path.steps - before,
                      5 * 1000);
}
END_TEST

START_TEST(a_summary_is_one_entry_and_unfolds_to_what_was_there)
{
    assert_entries("@a user-message text=a\n"
                   "@b user-message text=b\n"
                   "@t user-message text=x parent=@a spawned=true\n"
                   "@c user-message text=c parent=@b\n"
                   "@s summarised first=@a last=@b text=sum\n",
                   "1 >3 2 4 ");
    assert_entries("folded summary=@s on=true\n", "s1:2 4 ");
    ck_assert_uint_eq(thread.entries.items[0].node_id, 1);
    ck_assert_uint_eq(thread.entries.items[0].last_id, 2);
    ck_assert_uint_eq(thread_find(&thread, s.graph, 2), 0);
    ck_assert_uint_eq(thread_find(&thread, s.graph, 4), 1);
    ck_assert_uint_eq(thread_find(&thread, s.graph, 3), 2);
    ck_assert_uint_eq(thread_find(&thread, s.graph, 99), 2);
    assert_entries("folded summary=@s on=false\n", "1 >3 2 4 ");
}
END_TEST

static void assert_same_entry(const struct thread_entry *a,
                              const struct thread_entry *b)
{
    ck_assert_uint_eq(a->node_id, b->node_id);
    ck_assert_uint_eq(a->last_id, b->last_id);
    ck_assert_uint_eq(a->changed, b->changed);
    ck_assert_uint_eq(a->summary, b->summary);
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_uint_eq(a->level, b->level);
    ck_assert_uint_eq(a->pending, b->pending);
    ck_assert_uint_eq(a->sibling, b->sibling);
    ck_assert_uint_eq(a->siblings, b->siblings);
    ck_assert_int_eq(a->kind, b->kind);
}

/* Returns how many entries are nested, summaries, and pending. */
static void look_anew(size_t counts[3])
{
    struct thread fresh = { 0 };
    size_t old_count = thread.entries.count;
    size_t first = thread_catch_up(&thread, s.graph);
    thread_catch_up(&fresh, s.graph);
    const char *fault = thread_fault(&thread, s.graph);
    ck_assert_msg(!fault, "%s", fault);
    ck_assert_uint_le(first, old_count);
    ck_assert_uint_eq(thread.entries.count, fresh.entries.count);
    for (size_t i = 0; i < fresh.entries.count; i++) {
        const struct thread_entry *entry = &fresh.entries.items[i];
        assert_same_entry(&thread.entries.items[i], entry);
        counts[0] += entry->level > 0;
        counts[1] += entry->summary > 0;
        counts[2] += entry->pending > 0;
    }
    thread_clear(&fresh);
}

START_TEST(catching_up_is_the_same_as_looking_anew)
{
    size_t counts[3] = { 0 };
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_log random = { .state = seed * 1234, .wild_share = 10 };
        teardown();
        setup();
        for (int i = 0; i < 500; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
            if (random_below(&random, 2) == 0)
                look_anew(counts);
        }
    }
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_gt(counts[i], 100);
}
END_TEST

Suite *thread_suite(void)
{
    Suite *suite = suite_create("thread");
    TCase *test = tcase_create("thread");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_entry_stands_for_each_node_of_the_path);
    tcase_add_test(test, siblings_are_counted_at_each_level);
    tcase_add_test(test, a_sibling_that_grows_beside_the_path_is_counted);
    tcase_add_test(test, many_events_are_caught_up_with_once);
    tcase_add_test(test, catching_up_is_the_same_as_looking_anew);
    tcase_add_test(test, what_a_node_spawned_stands_below_it);
    tcase_add_test(test, a_run_that_was_spawned_is_pending_below_its_spawner);
    tcase_add_test(test, branches_spawn_branches);
    tcase_add_test(test, a_branch_is_shown_where_it_was_left);
    tcase_add_test(test, branches_without_end_are_listed_to_a_depth);
    tcase_add_test(test, a_call_of_another_node_spawns_nothing_here);
    tcase_add_test(test, text_in_a_branch_costs_that_branch);
    tcase_add_test(test, a_summary_is_one_entry_and_unfolds_to_what_was_there);
    suite_add_tcase(suite, test);
    return suite;
}
