/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "graph/thread.h"
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
    size_t before = thread.path.steps;
    for (int i = 0; i < 10000; i++)
        scenario_play(&s, "text-delta 1.1 text=x");
    ck_assert_uint_eq(catch_up(""), 1);
    ck_assert_uint_eq(catch_up(""), 2);
    ck_assert_uint_le(thread.path.steps - before, 6);
}
END_TEST

START_TEST(catching_up_is_the_same_as_looking_anew)
{
    struct random_log random = { 1234, 10 };
    for (int i = 0; i < 2000; i++) {
        struct event event;
        struct thread fresh = { 0 };
        random_event(&random, s.graph, &event);
        scenario_add(&s, &event);
        if (random_below(&random, 2) > 0)
            continue;
        size_t old_count = thread.entries.count;
        size_t first = thread_catch_up(&thread, s.graph);
        thread_catch_up(&fresh, s.graph);
        ck_assert_uint_le(first, old_count);
        ck_assert_uint_eq(thread.entries.count, fresh.entries.count);
        for (size_t k = 0; k < fresh.entries.count; k++) {
            const struct thread_entry *a = &thread.entries.items[k];
            const struct thread_entry *b = &fresh.entries.items[k];
            ck_assert_uint_eq(a->node_id, b->node_id);
            ck_assert_uint_eq(a->changed, b->changed);
            ck_assert_uint_eq(a->sibling, b->sibling);
            ck_assert_uint_eq(a->siblings, b->siblings);
            ck_assert_int_eq(a->kind, b->kind);
        }
        thread_clear(&fresh);
    }
}
END_TEST

Suite *thread_suite(void)
{
    Suite *suite = suite_create("thread");
    TCase *test = tcase_create("thread");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_entry_stands_for_each_node_of_the_path);
    tcase_add_test(test, siblings_are_counted_at_each_level);
    tcase_add_test(test, a_sibling_that_grows_beside_the_path_is_counted);
    tcase_add_test(test, many_events_are_caught_up_with_once);
    tcase_add_test(test, catching_up_is_the_same_as_looking_anew);
    suite_add_tcase(suite, test);
    return suite;
}
