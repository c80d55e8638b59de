/* SPDX-License-Identifier: MIT */
/*
 * Two answers beside each other, or one below the other.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/talk.h"
#include "ui/compare_view.h"

Suite *compare_view_suite(void);

static struct talk talk;
static struct compare_view view;
static uint64_t prompt, left, right;

/* Another answer to the prompt. */
static uint64_t answer(uint32_t run, const char *text)
{
    char node[24];
    snprintf(node, sizeof node, "%" PRIu64, prompt);
    talk_move_head(&talk, prompt);
    talk_say(&talk, 0, EVENT_RUN_STARTED, run, 0, FIELD_NODE, node, FIELD_NONE);
    talk_start(&talk, run, 1, "m", "box");
    talk_stream(&talk, run, 1, text);
    talk_finish(&talk, run, 1, "complete", "");
    return graph_head(talk.scenario.graph);
}

static void setup(void)
{
    talk_begin(&talk, 10, 100);
    left = talk_exchange(&talk, 1, "why", "the old knot");
    prompt = graph_node(talk.scenario.graph, left)->parent_id;
    right = answer(2, "the new knot");
    compare_view_open(&view, left, right);
}

static void teardown(void)
{
    compare_view_clear(&view);
    talk_end(&talk);
}

static void draw(int height, int width)
{
    canvas_resize(&talk.canvas, height, width);
    canvas_erase(&talk.canvas);
    compare_view_draw(&view, talk.scenario.graph, &talk.canvas,
                      (struct rect){ 0, 0, height, width });
}

START_TEST(from_a_hundred_columns_on_two_stand_beside_each_other)
{
    draw(10, 100);
    talk_check_row(&talk, 3,
                   " the [-old-] knot                                │ the "
                   "{+new+} knot");
    draw(12, 99);
    talk_check_row(&talk, 3, " the [-old-] knot");
    talk_check_row(&talk, 8, " the {+new+} knot");
}
END_TEST

START_TEST(any_size_is_survived)
{
    for (int height = 0; height < 8; height++) {
        for (int width = 0; width < 210; width += 7)
            draw(height, width);
    }
}
END_TEST

START_TEST(it_scrolls_no_further_than_its_ends)
{
    draw(4, 40);
    compare_view_scroll(&view, -5);
    draw(4, 40);
    ck_assert_uint_eq(view.top, 0);
    compare_view_page(&view, 1);
    draw(4, 40);
    ck_assert_uint_eq(view.top, 3);
    compare_view_scroll(&view, INT32_MAX);
    draw(4, 40);
    talk_check_row(&talk, 3, " the {+new+} knot");
    /* What is higher than all of it shows all of it. */
    draw(30, 40);
    ck_assert_uint_eq(view.top, 0);
}
END_TEST

START_TEST(what_comes_in_meanwhile_is_compared_too)
{
    char node[24];
    snprintf(node, sizeof node, "%" PRIu64, prompt);
    talk_move_head(&talk, prompt);
    talk_say(&talk, 0, EVENT_RUN_STARTED, 3, 0, FIELD_NODE, node, FIELD_NONE);
    talk_start(&talk, 3, 1, "m", "box");
    talk_stream(&talk, 3, 1, "the ");
    compare_view_open(&view, left, graph_head(talk.scenario.graph));
    draw(10, 100);
    talk_stream(&talk, 3, 1, "square knot");
    draw(10, 100);
    talk_check_row(&talk, 3,
                   " the [-old-] knot                                │ the "
                   "{+square+} knot");
}
END_TEST

START_TEST(as_text_it_is_facts_and_one_text_with_marks)
{
    struct buf out = { 0 };
    compare_view_text(talk.scenario.graph, left, right, &out);
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "<1/2> m"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "\n<2/2> m box"));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&out), "\nthe [-old-] {+new+} knot"));
    buf_clear(&out);
}
END_TEST

START_TEST(the_marks_have_styles_of_their_own)
{
    struct buf out = { 0 };
    draw(10, 100);
    canvas_dump(&talk.canvas, &out, true);
    /* One letter for each cell: removed is ~, added is +. */
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "~~~~~~~"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "+++++++"));
    buf_clear(&out);
}
END_TEST

Suite *compare_view_suite(void)
{
    Suite *suite = suite_create("compare_view");
    TCase *tcase = tcase_create("compare_view");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase,
                   from_a_hundred_columns_on_two_stand_beside_each_other);
    tcase_add_test(tcase, any_size_is_survived);
    tcase_add_test(tcase, it_scrolls_no_further_than_its_ends);
    tcase_add_test(tcase, what_comes_in_meanwhile_is_compared_too);
    tcase_add_test(tcase, as_text_it_is_facts_and_one_text_with_marks);
    tcase_add_test(tcase, the_marks_have_styles_of_their_own);
    suite_add_tcase(suite, tcase);
    return suite;
}
