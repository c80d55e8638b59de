/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/workshop.h"

Suite *own_suite(void);

#define GREP                                                           \
    "tools:\n"                                                         \
    "  own:\n"                                                         \
    "    log:\n"                                                       \
    "      about: lines of a log\n"                                    \
    "      argv: [grep, '--max={most}', '{pattern}', 'l/{run}.log']\n" \
    "      timeout: 5s\n"                                              \
    "      max_output: 1000\n"                                         \
    "      ask: never\n"                                               \
    "      parameters:\n"                                              \
    "        pattern: {about: a pattern}\n"                            \
    "        run: {choices: [train, eval]}\n"                          \
    "        most: {type: integer, required: false}\n"                 \
    "        fast: {type: flag, required: false}\n"

START_TEST(the_settings_make_a_tool)
{
    struct workshop shop;
    workshop_open(&shop, GREP);
    const struct tool *tool = shop_tool(&shop, "log");
    ck_assert_str_eq(tool->about, "lines of a log");
    ck_assert_int_eq(tool->effect, TOOL_ACTS);
    ck_assert_int_eq(tool->executor, TOOL_RUNS);
    ck_assert_int_eq(tool->asking, TOOL_ASKS_NEVER);
    ck_assert_int_eq(tool->wait_ms, 5000);
    ck_assert_uint_eq(tool->output_max, 1000);
    ck_assert_str_eq(
        tool->schema,
        "{\"type\":\"object\",\"properties\":{"
        "\"pattern\":{\"type\":\"string\",\"description\":\"a pattern\"},"
        "\"run\":{\"type\":\"string\",\"enum\":[\"train\",\"eval\"]},"
        "\"most\":{\"type\":\"integer\"},\"fast\":{\"type\":\"boolean\"}},"
        "\"required\":[\"pattern\",\"run\"],\"additionalProperties\":false}");
    workshop_close(&shop);
}
END_TEST

/* The words that a call would run, each in brackets. */
static void check_plan(struct workshop *shop, const char *tool,
                       const char *arguments, const char *expected)
{
    struct shop_call call = { 0 };
    struct buf words = { 0 };
    shop_call(&call, shop, shop_tool(shop, tool), arguments);
    shop_await_ready(&call);
    ck_assert_str_eq(call.refusal.text, "");
    const struct tool_plan *plan = job_plan(call.job);
    ck_assert(plan->is_exact);
    for (char **word = plan->argv; *word; word++)
        buf_printf(&words, "[%s]", *word);
    ck_assert_str_eq(buf_string(&words), expected);
    buf_clear(&words);
    shop_call_clear(&call);
}

START_TEST(a_call_fills_in_the_arguments_and_no_shell_reads_them)
{
    struct workshop shop;
    workshop_open(&shop, GREP);
    check_plan(&shop, "log", "{\"pattern\": \"a b\", \"run\": \"eval\"}",
               "[grep][a b][l/eval.log]");
    check_plan(&shop, "log",
               "{\"pattern\": \"$(x);'\\n\", \"run\": \"eval\", \"most\": -3}",
               "[grep][--max=-3][$(x);'\n][l/eval.log]");
    check_plan(&shop, "log", "{\"pattern\": \"\", \"run\": \"train\"}",
               "[grep][][l/train.log]");
    workshop_close(&shop);
}
END_TEST

START_TEST(a_call_that_does_not_fit_is_refused)
{
    static const struct {
        const char *arguments, *words;
    } cases[] = {
        { "{}", "must have a member \"pattern\"" },
        { "{\"pattern\": 1, \"run\": \"eval\"}", "/pattern: must be a string" },
        { "{\"pattern\": \"a\", \"run\": \"../x\"}", "/run: must be one of" },
        { "{\"pattern\": \"a\", \"run\": \"eval\", \"most\": 1.5}",
          "/most: must be a whole number" },
        { "{\"pattern\": \"-f/etc/passwd\", \"run\": \"eval\"}",
          "\"pattern\" must not begin with \"-\"" },
        { "{\"pattern\": \"a\\u0000b\", \"run\": \"eval\"}",
          "\"pattern\" must not hold a NUL" },
        { "{\"pattern\": \"a\", \"run\": \"eval\", \"more\": 1}", "/more" },
    };
    struct workshop shop;
    workshop_open(&shop, GREP);
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct shop_call call = { 0 };
        shop_call(&call, &shop, shop_tool(&shop, "log"), cases[i].arguments);
        shop_await_ready(&call);
        ck_assert_msg(strstr(call.refusal.text, cases[i].words) != NULL,
                      "%s: %s", cases[i].arguments, call.refusal.text);
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(a_tool_that_makes_no_sense_is_an_error_with_its_place)
{
    static const struct {
        const char *yaml, *words;
    } cases[] = {
        { "{about: x}", "argv is missing" },
        { "{argv: []}", "argv is missing" },
        { "{argv: ['{p}'], parameters: {p: {}}}", "the first item names" },
        { "{argv: ['']}", "the first item names" },
        { "{argv: [./run.sh]}", "found by the working directory" },
        { "{argv: [bin/run]}", "found by the working directory" },
        { "{argv: [echo, '{q}'], parameters: {p: {}}}", "{q} is no parameter" },
        { "{argv: [cat], input: '{q}'}", "{q} is no parameter" },
        { "{argv: [echo], parameters: {p: {}}, schema: '{}'}",
          "has parameters and schema" },
        { "{argv: [echo], schema: '{'}", "schema: " },
        { "{argv: [echo], schema: '[]'}", "\"type\" must be \"object\"" },
        { "{argv: [echo], schema: '{\"type\": \"array\"}'}",
          "\"type\" must be \"object\"" },
        { "{argv: [echo], schema: '{\"type\": \"object\", "
          "\"properties\": 1}'}",
          "schema: " },
        { "{argv: [echo, '{b}'], schema: '{\"type\": \"object\", "
          "\"properties\": {\"a\": {}}}'}",
          "{b} is no parameter" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct workshop shop;
        struct buf yaml = { 0 };
        buf_printf(&yaml, "tools:\n  own:\n    bad: %s\n", cases[i].yaml);
        workshop_open(&shop, buf_string(&yaml));
        ck_assert_msg(strstr(shop.err.text, "a.yaml:3: tools.own.bad: ") ==
                          shop.err.text,
                      "%s: %s", cases[i].yaml, shop.err.text);
        ck_assert_msg(strstr(shop.err.text, cases[i].words) != NULL, "%s: %s",
                      cases[i].yaml, shop.err.text);
        ck_assert_ptr_null(
            registry_find(toolbox_registry(shop.toolbox), slice_of("bad")));
        workshop_close(&shop);
        buf_clear(&yaml);
    }
}
END_TEST

START_TEST(a_schema_of_ones_own_is_obeyed)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "tools: {own: {t: {argv: [echo, '{n}'], schema: "
                         "'{\"type\": \"object\", \"properties\": {\"n\": "
                         "{\"minimum\": 3}}}'}}}");
    check_plan(&shop, "t", "{\"n\": 3}", "[echo][3]");
    shop_call(&call, &shop, shop_tool(&shop, "t"), "{\"n\": 2}");
    shop_await_ready(&call);
    ck_assert_str_eq(call.refusal.text,
                     "the arguments do not fit: /n: must be >= 3");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_name_that_is_taken_is_an_error)
{
    struct workshop shop;
    workshop_open(&shop, "tools: {own: {shell: {argv: [echo]}}}");
    ck_assert_int_eq(shop.err.kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(shop.err.text, "tools.own.shell"));
    ck_assert_ptr_null(shop_tool(&shop, "shell")->own);
    workshop_close(&shop);
}
END_TEST

Suite *own_suite(void)
{
    Suite *suite = suite_create("own");
    TCase *tcase = tcase_create("own");
    tcase_add_test(tcase, the_settings_make_a_tool);
    tcase_add_test(tcase,
                   a_call_fills_in_the_arguments_and_no_shell_reads_them);
    tcase_add_test(tcase, a_call_that_does_not_fit_is_refused);
    tcase_add_test(tcase,
                   a_tool_that_makes_no_sense_is_an_error_with_its_place);
    tcase_add_test(tcase, a_schema_of_ones_own_is_obeyed);
    tcase_add_test(tcase, a_name_that_is_taken_is_an_error);
    suite_add_tcase(suite, tcase);
    return suite;
}
