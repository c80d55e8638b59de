/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tool/permission_rule.h"

Suite *permission_rule_suite(void);

static const struct tool_place place = { .directory = "/home/a/work",
                                         .home = "/home/a" };

static void parse(struct permission_rules *rules, const char *text)
{
    permission_rules_clear(rules);
    permission_rules_parse(rules, slice_of(text));
}

START_TEST(rules_are_kept_as_lines_of_yaml)
{
    static const char text[] =
        "- {\"tool\": \"shell\", \"argv\": [\"git\", \"it's \\\"x\\\"\"], "
        "\"in\": \"/home/a/work\", \"since\": \"2026-11-28T14:02:00Z\"}\n"
        "- {\"tool\": \"read_file\", \"path\": \"/etc/h\\u00f6sts\"}\n"
        "- {\"tool\": \"http_get\", \"url\": \"https://a.test/\", "
        "\"site\": true}\n"
        "- {\"tool\": \"gpu\", \"argv\": [\"x\"], \"input\": \"a\\nb\"}\n";
    struct permission_rules rules = { 0 }, again = { 0 };
    struct buf out = { 0 }, twice = { 0 };
    parse(&rules, text);
    ck_assert_uint_eq(rules.list.count, 4);
    const struct permission_rule *first = &rules.list.items[0];
    ck_assert_str_eq(first->tool, "shell");
    ck_assert_str_eq(first->argv[1], "it's \"x\"");
    ck_assert_ptr_null(first->argv[2]);
    ck_assert_str_eq(first->directory, "/home/a/work");
    ck_assert_int_eq(first->time, 1795874520);
    ck_assert_str_eq(rules.list.items[1].path, "/etc/h\xC3\xB6sts");
    ck_assert(rules.list.items[2].is_site);
    ck_assert_str_eq(rules.list.items[3].input, "a\nb");
    permission_rules_print(&rules, &out);
    parse(&again, out.ptr);
    ck_assert_uint_eq(again.list.count, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert(
            permission_rule_equal(&rules.list.items[i], &again.list.items[i]));
    permission_rules_print(&again, &twice);
    ck_assert_str_eq(out.ptr, twice.ptr);
    struct slice rest = buf_slice(&out), line;
    slice_next_line(&rest, &line);
    ck_assert_uint_eq(line.len, strcspn(text, "\n"));
    ck_assert(memcmp(line.ptr, text, line.len) == 0);
    permission_rules_clear(&rules);
    permission_rules_clear(&again);
    buf_clear(&out);
    buf_clear(&twice);
}
END_TEST

START_TEST(a_line_that_is_no_rule_allows_nothing)
{
    static const char *const lines[] = {
        "",
        "- ",
        "- {}",
        "- []",
        "- {\"tool\": \"shell\"}",
        "- {\"argv\": [\"git\"]}",
        "- {\"tool\": \"shell\", \"argv\": []}",
        "- {\"tool\": \"shell\", \"argv\": \"git\"}",
        "- {\"tool\": \"shell\", \"argv\": [\"git\", 1]}",
        "- {\"tool\": \"shell\", \"argv\": [\"git\", \"a\\u0000b\"]}",
        "- {\"tool\": \"shell\", \"argv\": [\"git\"]",
        "- {\"tool\": \"shell\", \"argv\": [\"git\"]} and more",
        "{\"tool\": \"shell\", \"argv\": [\"git\"]}",
        "# - {\"tool\": \"shell\", \"argv\": [\"git\"]}",
        "- {\"tool\": \"shell\", \"argv\": [\"git\"], \"until\": \"2027\"}",
        "- {\"tool\": \"shell\", \"argv\": [\"git\"], \"in\": 5}",
        "- {\"tool\": \"http_get\", \"url\": \"https://a/\", \"site\": 1}",
        "- {\"tool\": \"read_file\", \"under\": \"/\"}",
    };
    struct permission_rules rules = { 0 };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        parse(&rules, lines[i]);
        ck_assert_msg(rules.list.count == 0, "%s", lines[i]);
    }
    permission_rules_clear(&rules);
}
END_TEST

START_TEST(a_rule_is_kept_once_and_can_be_taken_back)
{
    struct permission_rules rules = { 0 };
    parse(&rules, "- {\"tool\": \"shell\", \"argv\": [\"a\"], "
                  "\"since\": \"2026-01-01T00:00:00Z\"}\n"
                  "- {\"tool\": \"shell\", \"argv\": [\"b\"]}\n"
                  "- {\"tool\": \"shell\", \"argv\": [\"a\"], "
                  "\"since\": \"2026-11-28T14:02:00Z\"}\n");
    ck_assert_uint_eq(rules.list.count, 2);
    ck_assert_int_eq(rules.list.items[0].time, 1795874520);
    permission_rules_remove(&rules, 0);
    ck_assert_uint_eq(rules.list.count, 1);
    ck_assert_str_eq(rules.list.items[0].argv[0], "b");
    permission_rules_remove(&rules, 0);
    ck_assert_uint_eq(rules.list.count, 0);
    permission_rules_clear(&rules);
}
END_TEST

START_TEST(no_more_rules_are_read_than_it_says)
{
    struct buf text = { 0 };
    struct permission_rules rules = { 0 };
    for (int i = 0; i <= PERMISSION_RULES_MAX; i++)
        buf_printf(&text, "- {\"tool\": \"x\", \"path\": \"/%d\"}\n", i);
    permission_rules_parse(&rules, buf_slice(&text));
    ck_assert_uint_eq(rules.list.count, PERMISSION_RULES_MAX);
    permission_rules_clear(&rules);
    buf_clear(&text);
}
END_TEST

static void ck_words(const char *line, const char *words, const char *option)
{
    struct permission_rules rules = { 0 };
    struct buf out = { 0 };
    parse(&rules, line);
    ck_assert_uint_eq(rules.list.count, 1);
    permission_rule_words(&rules.list.items[0], &out);
    ck_assert_str_eq(out.ptr, words);
    buf_reset(&out);
    permission_rule_format(&rules.list.items[0], &out);
    ck_assert_str_eq(out.ptr, option);
    buf_clear(&out);
    permission_rules_clear(&rules);
}

START_TEST(a_rule_is_told_in_words_and_as_an_option)
{
    ck_words("- {\"tool\": \"shell\", \"argv\": [\"git\", \"a b\"], "
             "\"in\": \"/w\"}",
             "shell git 'a b', in /w", "shell:git 'a b'");
    ck_words("- {\"tool\": \"read_file\", \"path\": \"/etc/hosts\"}",
             "read_file /etc/hosts", "read_file:/etc/hosts");
    ck_words("- {\"tool\": \"http_get\", \"url\": \"https://a.test/\", "
             "\"site\": true}",
             "http_get https://a.test/ and below", "http_get:https://a.test/");
}
END_TEST

START_TEST(a_directory_ends_where_its_name_ends)
{
    static const struct tool reader = { .name = "read_file",
                                        .effect = TOOL_READS,
                                        .executor = TOOL_WORKS };
    static const struct {
        const char *under, *path;
        bool is_match;
    } rows[] = {
        { "/srv/a", "/srv/a", true },      { "/srv/a", "/srv/a/b", true },
        { "/srv/a", "/srv/ab", false },    { "/srv/a", "/srv", false },
        { "/srv/a", "/srv/a/.b/c", true }, { "/", "/etc/hosts", true },
        { "/srv/a", "/srv/A/b", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct permission_rule rule = {
            .tool = (char *)(uintptr_t) "read_file",
            .under = (char *)(uintptr_t)rows[i].under,
        };
        struct tool_plan plan = { .tool = &reader,
                                  .path = (char *)(uintptr_t)rows[i].path };
        ck_assert_msg(permission_rule_matches(&rule, &plan, &place) ==
                          rows[i].is_match,
                      "%s %s", rows[i].under, rows[i].path);
    }
}
END_TEST

START_TEST(a_rule_for_a_directory_is_none_for_edits_of_hidden_files)
{
    static const struct tool editor = { .name = "edit_file",
                                        .effect = TOOL_EDITS,
                                        .executor = TOOL_WORKS };
    static const struct {
        const char *under, *path;
        bool is_match;
    } rows[] = {
        { "/srv/a", "/srv/a/b.c", true },
        { "/srv/a", "/srv/a/.git/config", false },
        { "/srv/a", "/srv/a/b/.envrc", false },
        { "/srv/.a", "/srv/.a/b", true },
        { "/srv/a/.b", "/srv/a/.b", true },
        { "/srv/a/.git", "/srv/a/.git/config", true },
        { "/", "/.profile", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct permission_rule rule = {
            .tool = (char *)(uintptr_t) "edit_file",
            .under = (char *)(uintptr_t)rows[i].under,
        };
        struct tool_plan plan = { .tool = &editor,
                                  .path = (char *)(uintptr_t)rows[i].path };
        ck_assert_msg(permission_rule_matches(&rule, &plan, &place) ==
                          rows[i].is_match,
                      "%s %s", rows[i].under, rows[i].path);
    }
}
END_TEST

Suite *permission_rule_suite(void)
{
    Suite *suite = suite_create("permission_rule");
    TCase *tcase = tcase_create("permission_rule");
    tcase_add_test(tcase, rules_are_kept_as_lines_of_yaml);
    tcase_add_test(tcase, a_line_that_is_no_rule_allows_nothing);
    tcase_add_test(tcase, a_rule_is_kept_once_and_can_be_taken_back);
    tcase_add_test(tcase, no_more_rules_are_read_than_it_says);
    tcase_add_test(tcase, a_rule_is_told_in_words_and_as_an_option);
    tcase_add_test(tcase, a_directory_ends_where_its_name_ends);
    tcase_add_test(tcase,
                   a_rule_for_a_directory_is_none_for_edits_of_hidden_files);
    suite_add_tcase(suite, tcase);
    return suite;
}
