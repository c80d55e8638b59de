/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "config/settings.h"
#include "tests/support/settings.h"

Suite *layer_suite(void);

START_TEST(an_unknown_key_is_named_with_its_line_and_the_nearest_one)
{
    settings_refuses_text(
        "\nmodle: x\n",
        "a.yaml:2: unknown key \"modle\" (did you mean \"model\"?)");
    settings_refuses_text(
        "reply:\n  temprature: 1\n",
        "a.yaml:2: unknown key \"temprature\" in reply (did you mean "
        "\"temperature\"?)");
    settings_refuses_text(
        "endpoints:\n  box:\n    urll: x\n",
        "a.yaml:3: unknown key \"urll\" in endpoints.box (did you mean "
        "\"url\"?)");
    settings_refuses_text(
        "temperature: 1\n",
        "a.yaml:1: unknown key \"temperature\" (it belongs in reply)");
    settings_refuses_text(
        "reply: {model: x}\n",
        "a.yaml:1: unknown key \"model\" in reply (it belongs at the top)");
    settings_refuses_text(
        "routing:\n  rules:\n    - uses: x\n",
        "a.yaml:3: unknown key \"uses\" in routing.rules[] (did you mean "
        "\"use\"?)");
    settings_refuses_text("qqqqqq: 1\n", "a.yaml:1: unknown key \"qqqqqq\"");
    settings_refuses_text("reply.temperature: 1\n",
                          "a.yaml:1: unknown key \"reply.temperature\"");
    settings_refuses_text("<<: {a: 1}\n", "a.yaml:1: unknown key \"<<\"");
    settings_refuses_value(
        "reply.temprature", "1",
        "--set: unknown key \"temprature\" in reply (did you mean "
        "\"temperature\"?)");
    settings_refuses_value(
        "tools.use[]", "x",
        "--set: unknown key \"use[]\" in tools (did you mean "
        "\"use\"?)");
    settings_refuses_value("", "x", "--set: unknown key \"\"");
    settings_refuses_value("reply..seed", "1",
                           "--set: unknown key \"\" in reply");
    settings_refuses_value("modle", "[",
                           "--set: unknown key \"modle\" (did you mean "
                           "\"model\"?)");
}
END_TEST

START_TEST(a_wrong_type_is_named_with_its_line)
{
    settings_refuses_text(
        "reply:\n  temperature: [1]\n",
        "a.yaml:2: reply.temperature: expected a number, found a list");
    settings_refuses_text("reply: 1\n",
                          "a.yaml:1: reply: expected a map, found text");
    settings_refuses_text("reply: [1]\n",
                          "a.yaml:1: reply: expected a map, found a list");
    settings_refuses_text("system: {a: 1}\n",
                          "a.yaml:1: system: expected text, found a map");
    settings_refuses_text(
        "routing:\n  ladder: box/fast\n",
        "a.yaml:2: routing.ladder: expected a list, found text");
    settings_refuses_text(
        "routing:\n  ladder:\n",
        "a.yaml:2: routing.ladder: expected a list, found nothing");
    settings_refuses_text(
        "routing:\n  ladder:\n    - a\n    - [b]\n",
        "a.yaml:4: routing.ladder[]: expected text, found a list");
    settings_refuses_text(
        "reply: {thinking: hgih}\n",
        "a.yaml:1: reply.thinking: expected one of auto, on, off, low, "
        "medium, high, found \"hgih\"");
    settings_refuses_text(
        "reply: {seed: }\n",
        "a.yaml:1: reply.seed: expected a whole number, found nothing");
    settings_refuses_text("- a\n", "a.yaml:1: expected a map, found a list");
    settings_refuses_text("just words\n",
                          "a.yaml:1: expected a map, found text");
    settings_refuses_text(
        "reply: {thinking: 0123456789012345678901234567890123456789x}\n",
        "a.yaml:1: reply.thinking: expected one of auto, on, off, low, "
        "medium, high, found other text");
}
END_TEST

START_TEST(a_key_that_stands_twice_is_an_error)
{
    settings_refuses_text("reply: {seed: 1}\nsystem: x\nreply: {top_p: 1}\n",
                          "a.yaml:3: reply: set twice, first on line 1");
    settings_refuses_text("reply:\n  seed: 1\n  top_p: 1\n  seed: 1\n",
                          "a.yaml:4: reply.seed: set twice, first on line 2");
    settings_refuses_text("endpoints:\n  a: {}\n  a: ~\n",
                          "a.yaml:3: endpoints.a: set twice, first on line 2");
    settings_refuses_value("reply", "{seed: 1, seed: 2}",
                           "--set: reply.seed: set twice");
}
END_TEST

START_TEST(chosen_names_hold_nothing_that_separates)
{
    static const char *const bad[] = { "a.b", "a/b", "a b", "a[]", "*", "a:b" };
    for (size_t i = 0; i < COUNTOF(bad); i++) {
        struct buf text = { 0 }, words = { 0 };
        buf_printf(&text, "endpoints:\n  '%s': {}\n", bad[i]);
        buf_printf(&words,
                   "a.yaml:2: endpoints: \"%s\" is no name: use letters, "
                   "digits, - and _",
                   bad[i]);
        settings_refuses_text(buf_string(&text), buf_string(&words));
        buf_clear(&text);
        buf_clear(&words);
    }
    struct settings *settings = settings_new();
    settings_must_add(settings, "a.yaml",
                      "endpoints: {gpu-7_\xC3\xA4: {url: x}}\n");
    ck_assert_str_eq(
        settings_text(settings, "endpoints.gpu-7_\xC3\xA4.url", ""), "x");
    settings_free(settings);
}
END_TEST

START_TEST(a_long_key_is_repeated_in_part_and_in_whole_characters)
{
    struct buf text = { 0 }, words = { 0 };
    buf_append_string(&text, "a");
    for (int i = 0; i < 32; i++)
        buf_append_string(&text, "\xC3\xA4");
    buf_printf(&words, "a.yaml:1: unknown key \"%.63s\"", buf_string(&text));
    buf_append_string(&text, ": 1\n");
    settings_refuses_text(buf_string(&text), buf_string(&words));
    buf_clear(&text);
    buf_clear(&words);
}
END_TEST

START_TEST(an_error_about_a_key_never_repeats_it)
{
    static const char *const values[] = {
        "sk-secret",
        "[sk-secret]",
        "{sk-secret}",
        "{sk-secret: 1}",
        "{env: sk-secret}",
        "{env: [sk-secret]}",
        "!x sk-secret",
        "&sk-secret x",
        "*sk-secret",
        "{env: A, file: sk-secret}",
        "{command: sk-secret}",
        "sk-secret: b: c",
        "'sk-secret",
        "{env: A, env: sk-secret}",
        "{env: ~}",
        "",
        "{}",
    };
    for (size_t i = 0; i < COUNTOF(values); i++) {
        struct settings *settings = settings_new();
        struct error err = { 0 };
        struct buf text = { 0 };
        buf_printf(&text, "endpoints:\n  a:\n    key: %s\n", values[i]);
        ck_assert(
            !settings_add_text(settings, "a.yaml", buf_slice(&text), &err));
        ck_assert_msg(!strstr(err.text, "secret"), "%s", err.text);
        ck_assert(!settings_set(settings, "endpoints.a.key", values[i], "--set",
                                &err));
        ck_assert_msg(!strstr(err.text, "secret"), "%s", err.text);
        buf_clear(&text);
        settings_free(settings);
    }
    settings_refuses_text(
        "endpoints: {a: {key: sk-secret}}\n",
        "a.yaml:1: endpoints.a.key: never the key itself: write key: {env: "
        "NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}");
    settings_refuses_text(
        "endpoints: {a: {key: {env: A, file: b}}}\n",
        "a.yaml:1: endpoints.a.key: write exactly one of env, file and "
        "command");
    settings_refuses_text(
        "endpoints: {a: {key: {env: sk-secret}}}\n",
        "a.yaml:1: endpoints.a.key.env: expected the name of an "
        "environment variable, found other text");
    settings_refuses_value(
        "endpoints.a.key.sk-secret", "x",
        "--set: endpoints.a.key: never the key itself: write key: "
        "{env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}");
}
END_TEST

Suite *layer_suite(void)
{
    Suite *suite = suite_create("layer");
    TCase *tcase = tcase_create("layer");
    tcase_add_test(tcase,
                   an_unknown_key_is_named_with_its_line_and_the_nearest_one);
    tcase_add_test(tcase, a_wrong_type_is_named_with_its_line);
    tcase_add_test(tcase, a_key_that_stands_twice_is_an_error);
    tcase_add_test(tcase, chosen_names_hold_nothing_that_separates);
    tcase_add_test(tcase,
                   a_long_key_is_repeated_in_part_and_in_whole_characters);
    tcase_add_test(tcase, an_error_about_a_key_never_repeats_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
