/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/noise.h"
#include "tests/support/talk.h"
#include "ui/excerpt.h"

Suite *excerpt_suite(void);

static void check_code(const char *markdown, size_t number,
                       const char *language, const char *text)
{
    struct markdown_code code = { .number = number };
    size_t count = markdown_code_find(slice_of(markdown), &code);
    ck_assert_msg(count >= number, "%zu blocks in '%s'", count, markdown);
    ck_assert_str_eq(buf_string(&code.language), language);
    ck_assert_str_eq(buf_string(&code.text), text);
    markdown_code_clear(&code);
}

START_TEST(a_block_is_its_code_without_what_stands_around_it)
{
    static const struct {
        const char *markdown, *language, *text;
    } cases[] = {
        { "a\n\n```python x=1\nif a:\n\tb  \n\n\n```\nc", "python",
          "if a:\n\tb  \n\n\n" },
        { "~~~\n```\n~~~", "", "```\n" },
        { "a\n\n    one\n\n      two\n\nb", "", "one\n\n  two\n" },
        { "- item\n\n  ```sh\n  ls\n    -l\n  ```\n", "sh", "ls\n  -l\n" },
        { "> said:\n>\n> ```c\n> int a;\n>\n>   b\n> ```\n", "c",
          "int a;\n\n  b\n" },
        { "1. > ```\n   > deep\n   > ```\n", "", "deep\n" },
        { "  ```\n  a\n   b\n  ```", "", "a\n b\n" },
        { "> ```\n> [x]: y\n> ```", "", "[x]: y\n" },
        { "> ```\n> a\x01[b]\n> \x01\x01\n> ```", "", "a\x01[b]\n\x01\x01\n" },
        { "\t|a|\n\t|-|\n", "", "|a|\n|-|\n" },
        { "> ```\n> &lt; \\* <b>\n> ```", "", "&lt; \\* <b>\n" },
        { "```\na\r\nb\r\n```\r\n", "", "a\nb\n" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++)
        check_code(cases[i].markdown, 1, cases[i].language, cases[i].text);
}
END_TEST

START_TEST(a_block_that_is_still_written_counts_as_far_as_it_came)
{
    check_code("```py", 1, "py", "");
    check_code("```py\n", 1, "py", "");
    check_code("```py\nprint(", 1, "py", "print(");
    check_code("```py\nprint()\n", 1, "py", "print()\n");
    check_code("```py\nprint()\n``", 1, "py", "print()\n``");
    check_code("```\na\n```\n\n- x\n\n  ```sh\n  ls", 2, "sh", "ls\n");
}
END_TEST

START_TEST(a_line_longer_than_a_segment_stays_one_line)
{
    struct buf text = { 0 }, expected = { 0 };
    for (int i = 0; i < 30000; i++)
        buf_append_string(&expected, "漢字");
    buf_append_string(&expected, "\nnext\n");
    buf_append_string(&text, "```\n");
    buf_append_slice(&text, buf_slice(&expected));
    buf_append_string(&text, "```\n");
    check_code(buf_string(&text), 1, "", buf_string(&expected));
    buf_clear(&text);
    buf_clear(&expected);
}
END_TEST

/* The code below the number's rule, as far as a screen shows it. */
static void read_screen(const struct layout *layout, size_t number,
                        struct buf *out)
{
    size_t blocks = 0;
    char label[24];
    snprintf(label, sizeof label, " %zu --", number);
    bool is_open = false;
    for (size_t i = 0; i < layout->lines.count; i++) {
        const struct layout_line *line = &layout->lines.items[i];
        struct buf fence = { 0 }, code = { 0 };
        for (uint32_t j = 0; j < line->span_count; j++) {
            const struct layout_span *span =
                &layout->spans.items[line->first_span + j];
            struct slice text = { layout->text.ptr + span->offset, span->len };
            if (span->style == STYLE_FENCE)
                buf_append_slice(&fence, text);
            if (span->style == STYLE_FENCED)
                buf_append_slice(&code, text);
        }
        bool is_rule = strstr(buf_string(&fence), "--") != NULL;
        if (is_rule && !is_open)
            blocks++;
        if (is_rule && !is_open && blocks == number)
            ck_assert_msg(strstr(buf_string(&fence), label) != NULL, "%s in %s",
                          label, buf_string(&fence));
        if (is_rule)
            is_open = !is_open;
        else if (is_open && blocks == number && fence.len)
            buf_printf(out, "%s\n", buf_string(&code));
        buf_clear(&fence);
        buf_clear(&code);
    }
}

START_TEST(a_number_means_the_block_that_has_it_on_screen)
{
    static const char *const pieces[] = {
        "text\n",  "\n",         "```c\n",   "```\n",  "> ",      "- ",
        "  ",      "    four\n", "1. ",      "code\n", "~~~ x\n", "~~~\n",
        "| a |\n", "| - |\n",    "[a]: b\n", "> > ",   "* * *\n", "</b>\n",
    };
    size_t found = 0;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct noise noise = { seed };
        struct buf text = { 0 };
        struct layout layout = { .width = 400, .ascii = true };
        for (uint32_t i = 2 + noise_below(&noise, 30); i > 0; i--)
            buf_append_string(&text,
                              pieces[noise_below(&noise, COUNTOF(pieces))]);
        buf_append_char(&text, '\n');
        markdown_layout(&layout, buf_slice(&text));
        struct markdown_code code = { 0 };
        size_t count = markdown_code_find(buf_slice(&text), NULL);
        for (code.number = 1; code.number <= count; code.number++, found++) {
            struct buf shown = { 0 };
            markdown_code_find(buf_slice(&text), &code);
            read_screen(&layout, code.number, &shown);
            ck_assert_msg(!strcmp(buf_string(&shown), buf_string(&code.text)),
                          "block %zu of\n%s\nis '%s', not '%s'", code.number,
                          buf_string(&text), buf_string(&code.text),
                          buf_string(&shown));
            buf_clear(&shown);
        }
        markdown_code_clear(&code);
        layout_clear(&layout);
        buf_clear(&text);
    }
    ck_assert_uint_gt(found, 3000);
}
END_TEST

/* An answer in two texts, with a thought and a call between. */
static uint64_t answer(struct talk *talk)
{
    talk_begin(talk, 40, 60);
    talk_ask(talk, "```\nmine\n```", 1);
    talk_start(talk, 1, 1, "m", "e");
    talk_stream(talk, 1, 1, "See \x1b[1m**this**:\n\n```py\none\n```\n");
    talk_say(talk, 0, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT, "```\nno\n```\n",
             FIELD_NONE);
    talk_stream(talk, 1, 1, "> ```c\n> two\n> ```\nend");
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
             "ls", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{}", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    uint64_t id = graph_head(talk->scenario.graph);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1", FIELD_OUTCOME,
             "completed", FIELD_TEXT, "a\tb\n", FIELD_NONE);
    return id;
}

static void check_text(const struct talk *talk, uint64_t id,
                       const char *expected)
{
    struct buf text = { 0 };
    ck_assert(excerpt_text(graph_node(talk->scenario.graph, id), &text));
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
}

START_TEST(the_text_of_a_node_is_what_was_said_byte_for_byte)
{
    struct talk talk;
    uint64_t id = answer(&talk);
    check_text(&talk, graph_node(talk.scenario.graph, id)->parent_id,
               "```\nmine\n```");
    check_text(&talk, id,
               "See \x1b[1m**this**:\n\n```py\none\n```\n"
               "> ```c\n> two\n> ```\nend");
    check_text(&talk, graph_head(talk.scenario.graph), "a\tb\n");
    talk_end(&talk);
}
END_TEST

START_TEST(a_node_without_text_has_none_to_take)
{
    struct talk talk;
    struct buf text = { 0 };
    talk_begin(&talk, 20, 40);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_say(&talk, 0, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT, "hm",
             FIELD_NONE);
    const struct graph *graph = talk.scenario.graph;
    ck_assert(!excerpt_text(graph_node(graph, graph_head(graph)), &text));
    ck_assert_uint_eq(text.len, 0);
    talk_end(&talk);
}
END_TEST

START_TEST(code_is_numbered_through_an_answer_as_on_its_screen)
{
    struct talk talk;
    uint64_t id = answer(&talk);
    const struct node *node = graph_node(talk.scenario.graph, id);
    struct markdown_code code = { .number = 1 };
    talk_draw(&talk);
    ck_assert_uint_eq(excerpt_code_count(node), 2);
    ck_assert(excerpt_code(node, &code));
    ck_assert_str_eq(buf_string(&code.text), "one\n");
    ck_assert_str_eq(buf_string(&code.language), "py");
    code.number = 2;
    ck_assert(excerpt_code(node, &code));
    ck_assert_str_eq(buf_string(&code.text), "two\n");
    ck_assert_str_eq(buf_string(&code.language), "c");
    ck_assert_uint_eq(code.number, 2);
    talk_resize(&talk, 40, 24);
    talk_check_shows(&talk, "│ ── py 1 ──────────────");
    talk_check_shows(&talk, "│ │ ── c 2 ─────────────");
    code.number = 3;
    ck_assert(!excerpt_code(node, &code));
    ck_assert_uint_eq(code.text.len, 0);
    code.number = 0;
    ck_assert(!excerpt_code(node, &code));
    /* What the user wrote is not shown as Markdown and has no numbers. */
    node = graph_node(talk.scenario.graph, node->parent_id);
    ck_assert_uint_eq(excerpt_code_count(node), 0);
    markdown_code_clear(&code);
    talk_end(&talk);
}
END_TEST

Suite *excerpt_suite(void)
{
    Suite *suite = suite_create("excerpt");
    TCase *tcase = tcase_create("excerpt");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_block_is_its_code_without_what_stands_around_it);
    tcase_add_test(tcase,
                   a_block_that_is_still_written_counts_as_far_as_it_came);
    tcase_add_test(tcase, a_line_longer_than_a_segment_stays_one_line);
    tcase_add_test(tcase, a_number_means_the_block_that_has_it_on_screen);
    tcase_add_test(tcase, the_text_of_a_node_is_what_was_said_byte_for_byte);
    tcase_add_test(tcase, a_node_without_text_has_none_to_take);
    tcase_add_test(tcase, code_is_numbered_through_an_answer_as_on_its_screen);
    suite_add_tcase(suite, tcase);
    return suite;
}
