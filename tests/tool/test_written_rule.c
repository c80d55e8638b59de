/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"
#include "tool/written_rule.h"

Suite *written_rule_suite(void);

static const struct tool reader = { .name = "read_file",
                                    .executor = TOOL_WORKS };
static const struct tool shell = { .name = "shell", .executor = TOOL_RUNS };
static const struct tool getter = { .name = "http_get", .executor = TOOL_GETS };
static const struct tool recall = { .name = "recall", .executor = TOOL_CHATS };
static const struct tool own = { .name = "gpu",
                                 .executor = TOOL_RUNS,
                                 .own = "template" };

struct desk {
    char directory[SCRATCH_PATH_MAX];
    struct tool_place place;
    struct registry registry;
};

static void desk_open(struct desk *desk)
{
    static const struct tool *const tools[] = { &reader, &shell, &getter,
                                                &recall, &own };
    scratch_directory(desk->directory, "work");
    setenv("HOME", "/home/nobody-here", 1);
    desk->place = (struct tool_place){ .directory = desk->directory,
                                       .home = "/home/nobody-here" };
    for (size_t i = 0; i < COUNTOF(tools); i++)
        registry_add(&desk->registry, tools[i]);
}

static void desk_close(struct desk *desk)
{
    registry_clear(&desk->registry);
    scratch_remove(desk->directory);
}

/* How the rule is written; the directory of the desk as "@". */
static void ck_rule(const struct desk *desk, const char *text,
                    const char *expected)
{
    struct permission_rule rule;
    struct error err = { 0 };
    struct buf out = { 0 }, want = { 0 };
    ck_assert_msg(written_rule_of_option(slice_of(text), &desk->place,
                                         &desk->registry, &rule, &err),
                  "%s", err.text);
    size_t len = strcspn(expected, "@");
    buf_append(&want, expected, len);
    if (expected[len])
        buf_printf(&want, "%s%s", desk->directory, expected + len + 1);
    permission_rule_format(&rule, &out);
    ck_assert_str_eq(buf_string(&out), buf_string(&want));
    buf_clear(&want);
    buf_clear(&out);
    permission_rule_clear(&rule);
}

static void ck_refused(const struct desk *desk, const char *text,
                       const char *words)
{
    struct permission_rule rule;
    struct error err = { 0 };
    ck_assert_msg(!written_rule_of_option(slice_of(text), &desk->place,
                                          &desk->registry, &rule, &err),
                  "%s", text);
    ck_assert_int_eq(err.kind, ERROR_USAGE);
    ck_assert_msg(strstr(err.text, words) != NULL, "%s", err.text);
    ck_assert_ptr_null(rule.tool);
}

START_TEST(an_option_names_a_tool_and_what_it_may_touch)
{
    struct desk desk = { 0 };
    desk_open(&desk);
    ck_rule(&desk, "read_file", "read_file");
    ck_rule(&desk, " read_file ", "read_file");
    ck_rule(&desk, "read_file:src", "read_file:@/src");
    ck_rule(&desk, "read_file:.", "read_file:@");
    ck_rule(&desk, "read_file:./b", "read_file:@/b");
    ck_rule(&desk, "read_file:/", "read_file:/");
    ck_rule(&desk, "read_file:/not/here/./x/", "read_file:/not/here/x");
    ck_rule(&desk, "shell:git  'status'", "shell:git status");
    ck_rule(&desk, "shell: git log", "shell:git log");
    ck_rule(&desk, "gpu", "gpu");
    ck_rule(&desk, "gpu:nvidia-smi -q", "gpu:nvidia-smi -q");
    ck_rule(&desk, "recall", "recall");
    ck_rule(&desk, "http_get:HTTPS://A.test", "http_get:https://a.test/");
    desk_close(&desk);
}
END_TEST

START_TEST(an_option_that_allows_nothing_or_all_is_refused_in_words)
{
    struct desk desk = { 0 };
    desk_open(&desk);
    ck_refused(&desk, "*", "each tool");
    ck_refused(&desk, "", "each tool");
    ck_refused(&desk, "read_*", "each tool");
    ck_refused(&desk, "read_file:*", "stars");
    ck_refused(&desk, "read_file:src/*.c", "stars");
    ck_refused(&desk, "read_file:", "colon");
    ck_refused(&desk, "shell", "whole command");
    ck_refused(&desk, "shell:*", "simple");
    ck_refused(&desk, "shell:git status && ls", "\"&\"");
    ck_refused(&desk, "shell:ls $HOME", "\"$\"");
    ck_refused(&desk, "http_get", "URL");
    ck_refused(&desk, "http_get:example.org", "http://");
    ck_refused(&desk, "recall:x", "alone");
    ck_refused(&desk, "read_fiel", "\"read_file\"");
    ck_refused(&desk, "rm:x", "no tool");
    ck_refused(&desk, "read_file:missing/../up", "no directory");
    desk_close(&desk);
}
END_TEST

START_TEST(a_directory_is_the_place_where_it_leads_when_it_is_written)
{
    struct desk desk = { 0 };
    desk_open(&desk);
    char real[SCRATCH_PATH_MAX + 8], way[SCRATCH_PATH_MAX + 8];
    snprintf(real, sizeof real, "%s/real", desk.directory);
    snprintf(way, sizeof way, "%s/way", desk.directory);
    ck_assert_int_eq(mkdir(real, 0700), 0);
    ck_assert_int_eq(symlink(real, way), 0);
    ck_rule(&desk, "read_file:way", "read_file:@/real");
    ck_rule(&desk, "read_file:way/new", "read_file:@/real/new");
    desk_close(&desk);
}
END_TEST

static void ck_setting(const char *yaml, const char *words)
{
    struct desk desk = { 0 };
    struct settings *settings = settings_new();
    struct permission_rule rule;
    struct error err = { 0 };
    desk_open(&desk);
    settings_must_add(settings, "a.yaml", yaml);
    const struct setting *list = settings_find(settings, "tools.allow");
    bool ok = written_rule_of_setting(list->children[0], &desk.place,
                                      &desk.registry, &rule, &err);
    ck_assert_msg(ok == !words, "%s: %s", yaml, err.text);
    if (words)
        ck_assert_msg(strstr(err.text, "a.yaml:1: tools.allow: ") &&
                          strstr(err.text, words),
                      "%s", err.text);
    permission_rule_clear(&rule);
    settings_free(settings);
    desk_close(&desk);
}

START_TEST(an_item_of_the_settings_is_about_one_thing)
{
    ck_setting("tools: {allow: [{tool: shell, argv: [git, status]}]}", NULL);
    ck_setting("tools: {allow: [{tool: read_file}]}", NULL);
    ck_setting("tools: {allow: [{tool: read_file, under: /srv}]}", NULL);
    ck_setting("tools: {allow: [{tool: gpu}]}", NULL);
    /* One that is not offered now. */
    ck_setting("tools: {allow: [{tool: other}]}", NULL);
    ck_setting("tools: {allow: [{argv: [git]}]}", "names its tool");
    ck_setting("tools: {allow: [{tool: shell}]}", "whole command");
    ck_setting("tools: {allow: [{tool: shell, argv: []}]}", "no program");
    ck_setting("tools: {allow: [{tool: shell, under: /srv}]}", "no file");
    ck_setting("tools: {allow: [{tool: read_file, argv: [x]}]}", "no command");
    ck_setting("tools: {allow: [{tool: gpu, argv: [x], under: /}]}", "one of");
    ck_setting("tools: {allow: [{tool: http_get}]}", "URL");
    ck_setting("tools: {allow: [{tool: http_get, url: x}]}", "http://");
}
END_TEST

Suite *written_rule_suite(void)
{
    Suite *suite = suite_create("written_rule");
    TCase *tcase = tcase_create("written_rule");
    tcase_add_test(tcase, an_option_names_a_tool_and_what_it_may_touch);
    tcase_add_test(tcase,
                   an_option_that_allows_nothing_or_all_is_refused_in_words);
    tcase_add_test(tcase,
                   a_directory_is_the_place_where_it_leads_when_it_is_written);
    tcase_add_test(tcase, an_item_of_the_settings_is_about_one_thing);
    suite_add_tcase(suite, tcase);
    return suite;
}
