/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "llm/think.h"

Suite *think_suite(void);

struct parted {
    struct buf thinking;
    struct buf text;
};

static void on_part(void *context, bool is_thinking, struct slice text)
{
    struct parted *parted = context;
    ck_assert_uint_gt(text.len, 0);
    buf_append_slice(is_thinking ? &parted->thinking : &parted->text, text);
}

static void part(struct parted *parted, struct slice text, size_t first,
                 size_t step)
{
    struct think think = { 0 };
    *parted = (struct parted){ 0 };
    size_t at = first;
    if (first)
        think_feed(&think, (struct slice){ text.ptr, first }, on_part, parted);
    for (; at < text.len; at += step) {
        struct slice rest = slice_skip(text, at);
        rest.len = rest.len < step ? rest.len : step;
        think_feed(&think, rest, on_part, parted);
    }
    think_flush(&think, on_part, parted);
    think_clear(&think);
}

static void ck_part(struct slice text, size_t first, size_t step,
                    const char *thinking, const char *rest)
{
    struct parted parted;
    part(&parted, text, first, step);
    ck_assert_str_eq(buf_string(&parted.thinking), thinking);
    ck_assert_str_eq(buf_string(&parted.text), rest);
    buf_clear(&parted.thinking);
    buf_clear(&parted.text);
}

static void ck_parts(const char *text, const char *thinking, const char *rest)
{
    struct slice whole = slice_of(text);
    ck_part(whole, 0, whole.len, thinking, rest);
    ck_part(whole, 0, 1, thinking, rest);
    for (size_t at = 1; at < whole.len; at++)
        ck_part(whole, at, whole.len, thinking, rest);
}

START_TEST(thinking_at_the_start_is_taken_out_of_the_text)
{
    ck_parts("<think>a</think>b", "a", "b");
    ck_parts("<thinking>a</thinking>b", "a", "b");
    ck_parts("<think></think>b", "", "b");
    ck_parts("<think>a</think>", "a", "");
}
END_TEST

START_TEST(white_space_around_the_tags_is_dropped_and_inside_kept)
{
    ck_parts(" \n<think>\n\na\n\nb\n</think>\n\nc\n d\n", "a\n\nb", "c\n d\n");
    ck_parts("<think>\n\n</think>\n\nc", "", "c");
    ck_parts("\n\n c", "", "\n\n c");
    ck_parts(" \n ", "", " \n ");
}
END_TEST

START_TEST(a_tag_that_is_not_at_the_start_is_text)
{
    ck_parts("a <think>b</think>", "", "a <think>b</think>");
    ck_parts("x < think", "", "x < think");
    ck_parts("<thinkpad>", "", "<thinkpad>");
    ck_parts("<Think>a", "", "<Think>a");
    ck_parts("<think>a</think>b<think>c</think>", "a", "b<think>c</think>");
    ck_parts("a</think>b", "", "a</think>b");
}
END_TEST

START_TEST(the_closing_tag_is_that_of_the_opening_one)
{
    ck_parts("<thinking>a</think>b</thinking>c", "a</think>b", "c");
    ck_parts("<think>a</thinking>b</think>c", "a</thinking>b", "c");
    ck_parts("<think>a </thin b</think>c", "a </thin b", "c");
    ck_parts("<think>a</</think>c", "a</", "c");
}
END_TEST

START_TEST(what_is_not_closed_at_the_end_is_thinking)
{
    ck_parts("<think>a", "a", "");
    ck_parts("<think>a \n", "a \n", "");
    ck_parts("<think>a</thin", "a</thin", "");
    ck_parts("<think>", "", "");
    ck_parts("<thin", "", "<thin");
    ck_parts(" <", "", " <");
}
END_TEST

START_TEST(much_white_space_is_kept_and_costs_no_memory)
{
    struct buf text = { 0 };
    struct buf wanted = { 0 };
    for (int i = 0; i < THINK_BLANKS_MAX + 10; i++)
        buf_append_char(&text, ' ');
    buf_append_string(&text, "<think>a");
    ck_parts(buf_string(&text), "", buf_string(&text));
    buf_reset(&text);
    buf_append_string(&text, "<think>a");
    buf_append_string(&wanted, "a");
    for (int i = 0; i < THINK_BLANKS_MAX + 10; i++)
        buf_append_char(&text, '\n');
    for (int i = 0; i < 10; i++)
        buf_append_char(&wanted, '\n');
    buf_append_string(&text, "</think>b");
    ck_parts(buf_string(&text), buf_string(&wanted), "b");
    buf_clear(&text);
    buf_clear(&wanted);
}
END_TEST

START_TEST(text_passes_at_once_when_it_cannot_be_a_tag)
{
    struct think think = { 0 };
    struct parted parted = { 0 };
    think_feed(&think, slice_of("<"), on_part, &parted);
    ck_assert_uint_eq(parted.text.len, 0);
    think_feed(&think, slice_of("b>"), on_part, &parted);
    ck_assert_str_eq(buf_string(&parted.text), "<b>");
    think_feed(&think, slice_of("<think>"), on_part, &parted);
    ck_assert_str_eq(buf_string(&parted.text), "<b><think>");
    buf_clear(&parted.text);
    think_clear(&think);
}
END_TEST

START_TEST(a_flush_at_the_start_ends_the_search)
{
    struct think think = { 0 };
    struct parted parted = { 0 };
    think_feed(&think, slice_of("<th"), on_part, &parted);
    think_flush(&think, on_part, &parted);
    think_feed(&think, slice_of("<think>a"), on_part, &parted);
    ck_assert_str_eq(buf_string(&parted.text), "<th<think>a");
    ck_assert_uint_eq(parted.thinking.len, 0);
    buf_clear(&parted.text);
    think_clear(&think);
}
END_TEST

Suite *think_suite(void)
{
    Suite *suite = suite_create("think");
    TCase *tcase = tcase_create("think");
    tcase_add_test(tcase, thinking_at_the_start_is_taken_out_of_the_text);
    tcase_add_test(tcase,
                   white_space_around_the_tags_is_dropped_and_inside_kept);
    tcase_add_test(tcase, a_tag_that_is_not_at_the_start_is_text);
    tcase_add_test(tcase, the_closing_tag_is_that_of_the_opening_one);
    tcase_add_test(tcase, what_is_not_closed_at_the_end_is_thinking);
    tcase_add_test(tcase, much_white_space_is_kept_and_costs_no_memory);
    tcase_add_test(tcase, text_passes_at_once_when_it_cannot_be_a_tag);
    tcase_add_test(tcase, a_flush_at_the_start_ends_the_search);
    suite_add_tcase(suite, tcase);
    return suite;
}
