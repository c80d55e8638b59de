/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "tests/support/scenario.h"

Suite *fold_memory_suite(void);

static struct scenario s;

static void setup(void)
{
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
}

static const struct memory_entry *at(size_t index)
{
    const struct memory_list *shelf = graph_shelf(s.graph);
    ck_assert_uint_lt(index, shelf->items.count);
    return &shelf->items.items[index];
}

static size_t count(void)
{
    return graph_shelf(s.graph)->items.count;
}

START_TEST(what_is_remembered_stands_on_the_shelf)
{
    scenario_play(&s, "user-message text=x\n"
                      "remembered tier=working text='uses vi' name=editor "
                      "score=0.75\n"
                      "remembered tier=session text=tea on=1\n");
    ck_assert_uint_eq(count(), 2);
    ck_assert_uint_eq(at(0)->id, 2);
    ck_assert_int_eq(at(0)->tier, MEMORY_WORKING);
    ck_assert_str_eq(at(0)->text, "uses vi");
    ck_assert_str_eq(at(0)->tags, "editor");
    ck_assert_double_eq(at(0)->importance, 0.75);
    ck_assert(!at(0)->is_private);
    ck_assert_double_eq(at(1)->importance, 0.5);
    ck_assert(at(1)->is_private);
    ck_assert_ptr_eq(graph_shelf_find(s.graph, 3), at(1));
    ck_assert_ptr_null(graph_shelf_find(s.graph, 4));
}
END_TEST

/* What falls to another tier is not touched by that; what is said anew is. */
START_TEST(a_tier_changes_without_a_touch)
{
    scenario_play(&s, "remembered tier=working text=a\n"
                      "remembered id=s1 tier=session\n");
    int64_t used = at(0)->used_at;
    ck_assert_int_eq(at(0)->tier, MEMORY_SESSION);
    ck_assert_str_eq(at(0)->text, "a");
    ck_assert_int_eq(used, at(0)->made_at);
    ck_assert_uint_eq(at(0)->uses, 0);
    scenario_play(&s, "remembered id=s1 tier=session text=b\n");
    ck_assert_str_eq(at(0)->text, "b");
    ck_assert_int_ge(at(0)->used_at, used);
    ck_assert_uint_eq(count(), 1);
}
END_TEST

START_TEST(what_is_recalled_is_touched_and_stands_with_the_turn)
{
    scenario_play(&s, "@q user-message text=x\n"
                      "remembered tier=session text=tea\n"
                      "recalled id=s2 node=@q name=2026-11-28 text=tea "
                      "input=12 score=0.5\n"
                      "recalled id=7 node=@q name=2026-11-20 text=vi\n");
    ck_assert_uint_eq(at(0)->uses, 1);
    const struct node *node = graph_node(s.graph, 1);
    ck_assert_uint_eq(node->blocks.count, 3);
    const struct block *block = &node->blocks.items[1];
    ck_assert_int_eq(block->kind, BLOCK_MEMORY);
    ck_assert_str_eq(buf_string(&block->text), "tea");
    ck_assert_str_eq(buf_string(&block->name), "2026-11-28");
    ck_assert_uint_eq(block->tokens, 12);
    /* It was told; that it is forgotten changes nothing of that. */
    scenario_play(&s, "forgotten id=s2\n");
    ck_assert_uint_eq(count(), 0);
    ck_assert_uint_eq(graph_node(s.graph, 1)->blocks.count, 3);
}
END_TEST

/* Of long-term memory the log says what happened; others have it. */
START_TEST(long_term_memory_is_not_of_the_session)
{
    scenario_play(&s, "remembered id=7 tier=long-term text=vi\n"
                      "forgotten id=7\n");
    ck_assert_uint_eq(count(), 0);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(s.graph, (enum reject_reason)i),
                          0);
}
END_TEST

START_TEST(what_makes_no_sense_changes_nothing)
{
    scenario_play(&s, "@q user-message text=x\n"
                      "remembered tier=session text=tea\n"
                      "remembered tier=cupboard text=a\n"
                      "remembered tier=session\n"
                      "remembered tier=long-term text=a\n"
                      "remembered id=7 tier=session text=a\n"
                      "remembered id=s2 tier=long-term text=a\n"
                      "forgotten id=\n"
                      "recalled id=s2 text=tea node=2\n"
                      "recalled id=odd text=tea node=@q\n"
                      "remembered id=s99 tier=session text=a\n"
                      "forgotten id=s99\n");
    ck_assert_uint_eq(count(), 1);
    ck_assert_str_eq(at(0)->text, "tea");
    ck_assert_uint_eq(at(0)->uses, 0);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ILLEGAL), 7);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ORPHAN), 3);
}
END_TEST

START_TEST(the_shelf_has_an_end)
{
    for (int i = 0; i < GRAPH_SHELF_MAX + 3; i++)
        scenario_play(&s, "remembered tier=session text=a\n");
    ck_assert_uint_eq(count(), GRAPH_SHELF_MAX);
}
END_TEST

Suite *fold_memory_suite(void)
{
    Suite *suite = suite_create("fold_memory");
    TCase *tcase = tcase_create("fold_memory");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_remembered_stands_on_the_shelf);
    tcase_add_test(tcase, a_tier_changes_without_a_touch);
    tcase_add_test(tcase, what_is_recalled_is_touched_and_stands_with_the_turn);
    tcase_add_test(tcase, long_term_memory_is_not_of_the_session);
    tcase_add_test(tcase, what_makes_no_sense_changes_nothing);
    tcase_add_test(tcase, the_shelf_has_an_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
