/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "graph/path.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *active_path_suite(void);

static struct scenario s;
static struct path path;

static void setup(void)
{
    scenario_init(&s);
    path = (struct path){ 0 };
}

static void teardown(void)
{
    scenario_clear(&s);
    path_clear(&path);
}

static size_t catch_up(const char *lines)
{
    scenario_play(&s, lines);
    return path_catch_up(&path, s.graph);
}

START_TEST(an_empty_conversation_has_an_empty_path)
{
    ck_assert_uint_eq(catch_up(""), 0);
    ck_assert_uint_eq(path.nodes.count, 0);
}
END_TEST

START_TEST(it_says_from_which_depth_on_it_changed)
{
    ck_assert_uint_eq(catch_up("@a user-message text=a"), 0);
    ck_assert_uint_eq(catch_up("@b user-message text=b"), 1);
    ck_assert_uint_eq(catch_up("@c user-message text=c"), 2);
    ck_assert_uint_eq(catch_up("title text=x"), 3);
    ck_assert_uint_eq(catch_up("attachment-added node=@b name=x text=x"), 1);
    ck_assert_uint_eq(catch_up(""), 3);
    /* A sibling of c: c itself is replaced. */
    ck_assert_uint_eq(catch_up("@d user-message text=d parent=@b"), 2);
    ck_assert_uint_eq(path.nodes.items[2], scenario_seq(&s, "d"));
    /* Shorter: the last depth is another. */
    ck_assert_uint_eq(catch_up("head-moved node=@a"), 0);
    ck_assert_uint_eq(path.nodes.count, 1);
    ck_assert_uint_eq(catch_up("head-moved node=@c"), 1);
    ck_assert_uint_eq(catch_up("head-moved node=0"), 0);
    ck_assert_uint_eq(path.nodes.count, 0);
}
END_TEST

START_TEST(a_new_sibling_beside_the_path_shows_at_its_depth)
{
    catch_up("@a user-message text=a\n"
             "@b user-message text=b\n"
             "@c user-message text=c\n"
             "run-started 1 node=@a\n"
             "attempt-started 1.1 model=m\n");
    ck_assert_uint_eq(catch_up("text-delta 1.1 text=x"), 1);
    /* The text of a node that is not on the path changes nothing. */
    ck_assert_uint_eq(catch_up("text-delta 1.1 text=y"), 3);
}
END_TEST

START_TEST(any_leaf_can_be_followed)
{
    catch_up("@a user-message text=a\n"
             "@b user-message text=b\n"
             "@c user-message text=c parent=@a\n");
    ck_assert_uint_eq(path_follow(&path, s.graph, scenario_seq(&s, "b")), 1);
    ck_assert_uint_eq(path.nodes.items[1], scenario_seq(&s, "b"));
    ck_assert_uint_eq(path_follow(&path, s.graph, 0), 0);
    ck_assert_uint_eq(path.nodes.count, 0);
}
END_TEST

static void grow(int count)
{
    for (int i = 0; i < count; i++)
        scenario_play(&s, "user-message text=x");
}

START_TEST(streamed_text_costs_one_step_whatever_the_depth)
{
    grow(1000);
    scenario_play(&s, "@q user-message text=why\n"
                      "run-started 1 node=@q\n"
                      "attempt-started 1.1 model=m\n");
    path_catch_up(&path, s.graph);
    size_t before = path.steps;
    for (int i = 0; i < 100000; i++) {
        struct event event = { .type = EVENT_TEXT_DELTA };
        event.run = event.attempt = 1;
        event_add_string(&event, FIELD_TEXT, "x");
        scenario_add(&s, &event);
        path_catch_up(&path, s.graph);
    }
    /* A step to see the same shape, and one for the node that changed. */
    ck_assert_uint_le(path.steps - before, 2 * 100000 + 10);
}
END_TEST

START_TEST(a_burst_is_caught_up_with_at_once)
{
    scenario_play(&s, "@q user-message text=why\n"
                      "run-started 1 node=@q\n"
                      "attempt-started 1.1 model=m\n");
    path_catch_up(&path, s.graph);
    size_t before = path.steps;
    for (int i = 0; i < 10000; i++)
        scenario_play(&s, "text-delta 1.1 text=x");
    ck_assert_uint_eq(path_catch_up(&path, s.graph), 1);
    ck_assert_uint_le(path.steps - before, 4);
}
END_TEST

START_TEST(a_moved_head_costs_the_path_beyond_the_common_ancestor)
{
    grow(1000);
    scenario_play(&s, "@x user-message text=x");
    grow(5);
    scenario_play(&s, "@y user-message text=y");
    path_catch_up(&path, s.graph);
    scenario_play(&s, "user-message text=z parent=@x");
    grow(2);
    size_t before = path.steps;
    ck_assert_uint_eq(path_catch_up(&path, s.graph), 1001);
    scenario_play(&s, "head-moved node=@y");
    ck_assert_uint_eq(path_catch_up(&path, s.graph), 1001);
    ck_assert_uint_le(path.steps - before, 20);
}
END_TEST

static void assert_is_path_to_head(void)
{
    const struct node *node = graph_node(s.graph, graph_head(s.graph));
    ck_assert_uint_eq(path.nodes.count, node ? node->depth + 1 : 0);
    for (size_t depth = path.nodes.count; depth > 0; depth--) {
        ck_assert_uint_eq(path.nodes.items[depth - 1], node->id);
        node = graph_node(s.graph, node->parent_id);
    }
}

START_TEST(it_is_the_path_to_the_head_after_any_events)
{
    struct random_log random = { .state = 99, .wild_share = 20 };
    for (int i = 0; i < 3000; i++) {
        struct event event;
        random_event(&random, s.graph, &event);
        scenario_add(&s, &event);
        if (random_below(&random, 3) > 0)
            continue;
        path_catch_up(&path, s.graph);
        assert_is_path_to_head();
    }
}
END_TEST

Suite *active_path_suite(void)
{
    Suite *suite = suite_create("active_path");
    TCase *test = tcase_create("active_path");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_empty_conversation_has_an_empty_path);
    tcase_add_test(test, it_says_from_which_depth_on_it_changed);
    tcase_add_test(test, a_new_sibling_beside_the_path_shows_at_its_depth);
    tcase_add_test(test, any_leaf_can_be_followed);
    tcase_add_test(test, streamed_text_costs_one_step_whatever_the_depth);
    tcase_add_test(test, a_burst_is_caught_up_with_at_once);
    tcase_add_test(test,
                   a_moved_head_costs_the_path_beyond_the_common_ancestor);
    tcase_add_test(test, it_is_the_path_to_the_head_after_any_events);
    suite_add_tcase(suite, test);
    return suite;
}
