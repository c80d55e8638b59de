/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "llm/recovered.h"

Suite *recovered_suite(void);

static const struct tool_offer tools[] = {
    { .name = { "read_file", 9 } },
    { .name = { "shell", 5 } },
    { .name = { "my tool", 7 } },
};

/* "read_file {...} | shell {...}". */
static void find(const char *text, struct buf *out)
{
    struct recovered recovered = { 0 };
    recovered_find(&recovered, slice_of(text), tools, COUNTOF(tools));
    for (size_t i = 0; i < recovered.calls.count; i++) {
        const struct recovered_call *call = &recovered.calls.items[i];
        buf_printf(out, "%s%.*s %s", i ? " | " : "",
                   SLICE_ARG(call->tool->name), buf_string(&call->arguments));
    }
    recovered_clear(&recovered);
}

static void assert_found(const char *text, const char *expected)
{
    struct buf out = { 0 };
    find(text, &out);
    ck_assert_msg(slice_is(buf_slice(&out), expected), "%s\n: %s", text,
                  buf_string(&out));
    buf_clear(&out);
}

#define LS    "{\"name\": \"shell\", \"arguments\": {\"command\": \"ls\"}}"
#define IS_LS "shell {\"command\":\"ls\"}"

static const struct {
    const char *text, *expected;
} calls[] = {
    { "<tool_call>\n" LS "\n</tool_call>", IS_LS },
    { "<tool_call>" LS, IS_LS },
    { "I look.\n\n<tool_call>\n" LS "\n</tool_call>\n", IS_LS },
    { "<tool_call>" LS "</tool_call>\n<tool_call>{\"name\":\"read_file\","
      "\"arguments\":{\"path\":\"a\"}}</tool_call>",
      IS_LS " | read_file {\"path\":\"a\"}" },
    { "<tool_call>\n<function=shell>\n<parameter=command>\nls -l\n</parameter>"
      "\n<parameter=count>\n3\n</parameter>\n</function>\n</tool_call>",
      "shell {\"command\":\"ls -l\",\"count\":3}" },
    { "<function=shell>{\"command\": \"ls\"}</function>", IS_LS },
    { "<|python_tag|>{\"name\": \"shell\", \"parameters\": {\"command\": "
      "\"ls\"}}",
      IS_LS },
    { "{\"type\": \"function\", \"name\": \"shell\", \"parameters\": "
      "{\"command\": \"ls\"}}",
      IS_LS },
    { "[TOOL_CALLS][" LS "]", IS_LS },
    { "[TOOL_CALLS] [" LS ", " LS "]", IS_LS " | " IS_LS },
    { "[TOOL_CALLS]shell[ARGS]{\"command\": \"ls\"}", IS_LS },
    { "[TOOL_CALLS]shell[ARGS]{\"command\": \"ls\"}[TOOL_CALLS]read_file[ARGS]"
      "{\"path\": \"a\"}",
      IS_LS " | read_file {\"path\":\"a\"}" },
    { LS, IS_LS },
    { "Sure:\n" LS, IS_LS },
    { "[" LS "]", IS_LS },
    { "```json\n" LS "\n```", IS_LS },
    { "I run this:\n```\n" LS "\n```", IS_LS },
    { "{\"tool_calls\": [{\"function\": " LS ", \"type\": \"function\"}]}",
      IS_LS },
    { "{\"name\": \"shell\", \"arguments\": \"{\\\"command\\\": \\\"ls\\\"}\"}",
      IS_LS },
    { "{\"name\": \"functions.shell\", \"arguments\": {\"command\": \"ls\"}}",
      IS_LS },
    { "{\"name\": \"my tool\", \"arguments\": {}}", "my tool {}" },
    /* Code that is closed before it is none that it stands in. */
    { "So:\n```sh\nls\n```\n<tool_call>" LS "</tool_call>", IS_LS },
    { "a < b, {x} and [1]\n" LS, IS_LS },
    { "<tool_call>{\"name\": \"shell\", \"arguments\": {\"command\": "
      "\"echo '</tool_call>'\"}}</tool_call>",
      "shell {\"command\":\"echo '</tool_call>'\"}" },
};

START_TEST(a_call_that_was_written_as_text_is_found)
{
    assert_found(calls[_i].text, calls[_i].expected);
}
END_TEST

static const char *const texts[] = {
    "",
    "shell",
    "Call it like <tool_call>" LS "</tool_call> and wait.",
    "`<tool_call>" LS "</tool_call>`",
    "Write\n```\n<tool_call>" LS "</tool_call>\n```\nand it runs.",
    "Write\n```\n<tool_call>" LS "</tool_call>\n```",
    "Write\n```\n<tool_call>" LS "</tool_call>",
    "Write\n```json\n" LS "\n```\nand it runs.",
    "```python\n" LS "\n```",
    "He said \"<tool_call>" LS "</tool_call>",
    "It is " LS,
    LS "\nis what you write.",
    /* Not offered, or no call. */
    "<tool_call>{\"name\": \"rm\", \"arguments\": {}}</tool_call>",
    "<tool_call>" LS "</tool_call><tool_call>{\"name\": \"rm\", "
    "\"arguments\": {}}</tool_call>",
    "{\"name\": \"shell\"}",
    "{\"name\": \"shell\", \"arguments\": [1]}",
    "{\"name\": \"shell\", \"arguments\": {}, \"age\": 3}",
    "{\"name\": \"shell\", \"price\": {}}",
    "{\"name\": 3, \"arguments\": {}}",
    "[]",
    "[TOOL_CALLS]",
    "<tool_call>",
    "<tool_call></tool_call>",
    "<tool_call>{\"name\": \"shell\", \"arguments\": {\"command\": \"l",
    "<function=shell>",
    "<function=shell>{\"command\": \"ls\"",
    "[TOOL_CALLS]shell[ARGS]",
    "<tool_call><function=shell><parameter=command>ls</function></tool_call>",
};

START_TEST(a_text_that_explains_one_is_text)
{
    assert_found(texts[_i], "");
}
END_TEST

/* Whatever is put behind a call that stands in a block of code, it is none. */
START_TEST(code_among_words_is_never_a_call)
{
    static const char *const endings[] = {
        "\n```\nThis calls it.", "\n```\n\n- one\n- two", "\n```\n.",
        "\n```\n```sh\nls\n```", "\n```\n> quote",
    };
    for (size_t i = 0; i < COUNTOF(calls); i++) {
        for (size_t k = 0; k < COUNTOF(endings); k++) {
            struct buf text = { 0 };
            if (slice_contains(slice_of(calls[i].text), slice_of("```")))
                continue;
            buf_printf(&text, "For example:\n```\n%s%s", calls[i].text,
                       endings[k]);
            assert_found(buf_string(&text), "");
            buf_clear(&text);
        }
    }
}
END_TEST

START_TEST(what_would_take_long_is_given_up)
{
    struct buf text = { 0 };
    for (int i = 0; i < 200000; i++)
        buf_append_string(&text, "{\n");
    assert_found(buf_string(&text), "");
    buf_append_string(&text, "<tool_call>" LS "</tool_call>");
    find(buf_string(&text), &(struct buf){ 0 });
    buf_clear(&text);
}
END_TEST

START_TEST(without_tools_there_are_no_calls)
{
    struct recovered recovered = { 0 };
    recovered_find(&recovered, slice_of(LS), NULL, 0);
    ck_assert_uint_eq(recovered.calls.count, 0);
    recovered_clear(&recovered);
}
END_TEST

Suite *recovered_suite(void)
{
    Suite *suite = suite_create("recovered");
    TCase *test = tcase_create("recovered");
    tcase_add_loop_test(test, a_call_that_was_written_as_text_is_found, 0,
                        COUNTOF(calls));
    tcase_add_loop_test(test, a_text_that_explains_one_is_text, 0,
                        COUNTOF(texts));
    tcase_add_test(test, code_among_words_is_never_a_call);
    tcase_add_test(test, what_would_take_long_is_given_up);
    tcase_add_test(test, without_tools_there_are_no_calls);
    suite_add_tcase(suite, test);
    return suite;
}
