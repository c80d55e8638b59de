/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "tool/shell.h"

Suite *shell_suite(void);

static const struct tool_place place = { .directory = "/", .home = "" };

static bool plan_it(struct tool_plan *plan, const char *arguments,
                    struct error *err)
{
    *plan = (struct tool_plan){ .tool = &shell_tool };
    plan->arguments = json_parse(slice_of(arguments), err);
    ck_assert_msg(plan->arguments != NULL, "%s", err->text);
    return shell_tool.plan(&place, plan, err);
}

static void join(struct buf *words, char **argv)
{
    for (char **word = argv; *word; word++)
        buf_printf(words, "[%s]", *word);
}

START_TEST(nothing_but_words_is_run_as_they_are)
{
    static const struct {
        const char *arguments, *argv;
        bool is_exact;
    } cases[] = {
        { "{\"command\": \"git status\"}", "[git][status]", true },
        { "{\"command\": \"grep 'a b' x\"}", "[grep][a b][x]", true },
        { "{\"command\": \"a | b\"}", "[/bin/sh][-c][a | b]", false },
        { "{\"command\": \"echo $HOME\"}", "[/bin/sh][-c][echo $HOME]", false },
        { "{\"command\": \"a\\nb\"}", "[/bin/sh][-c][a\nb]", false },
        { "{\"command\": \"cd x\"}", "[/bin/sh][-c][cd x]", false },
        /* Not one more option of the shell. */
        { "{\"command\": \"-x; id\"}", "[/bin/sh][-c][ -x; id]", false },
        { "{\"command\": \"+x; id\"}", "[/bin/sh][-c][ +x; id]", false },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct tool_plan plan;
        struct error err = { 0 };
        struct buf words = { 0 };
        ck_assert_msg(plan_it(&plan, cases[i].arguments, &err), "%s", err.text);
        join(&words, plan.argv);
        ck_assert_str_eq(buf_string(&words), cases[i].argv);
        ck_assert_msg(plan.is_exact == cases[i].is_exact, "%s",
                      cases[i].arguments);
        buf_clear(&words);
        tool_plan_clear(&plan);
    }
}
END_TEST

START_TEST(the_plan_tells_the_whole_command)
{
    struct tool_plan plan;
    struct error err = { 0 };
    ck_assert(
        plan_it(&plan, "{\"command\": \"make\\nrm x\", \"timeout\": 7}", &err));
    ck_assert_str_eq(buf_string(&plan.detail), "make\nrm x");
    ck_assert_str_eq(buf_string(&plan.about), "make\xe2\x90\x8arm x");
    ck_assert_int_eq(plan.wait_ms, 7000);
    ck_assert(!plan.is_diff);
    tool_plan_clear(&plan);
}
END_TEST

static bool plan_of_length(size_t len)
{
    struct tool_plan plan;
    struct error err = { 0 };
    struct buf arguments = { 0 };
    buf_append_string(&arguments, "{\"command\": \"");
    for (size_t i = 0; i < len; i++)
        buf_append_char(&arguments, 'a');
    buf_append_string(&arguments, "\"}");
    bool ok = plan_it(&plan, buf_string(&arguments), &err);
    ck_assert(ok || strstr(err.text, "longer than 131070"));
    tool_plan_clear(&plan);
    buf_clear(&arguments);
    return ok;
}

START_TEST(what_no_shell_can_be_given_is_refused)
{
    struct tool_plan plan;
    struct error err = { 0 };
    ck_assert(!plan_it(&plan, "{\"command\": \" \\n\"}", &err));
    ck_assert_str_eq(err.text, "the command is empty");
    tool_plan_clear(&plan);
    ck_assert(!plan_it(&plan, "{\"command\": \"a\\u0000b\"}", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "NUL"));
    tool_plan_clear(&plan);
    ck_assert(plan_of_length(131070));
    ck_assert(!plan_of_length(131071));
}
END_TEST

START_TEST(the_user_has_his_own_shell)
{
    static const struct {
        const char *variable, *argv;
    } cases[] = {
        { "/bin/true", "[/bin/true][-c][git status]" },
        { "/nonexistent/sh", "[/bin/sh][-c][git status]" },
        { "sh", "[/bin/sh][-c][git status]" },
        { "", "[/bin/sh][-c][git status]" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct tool_plan plan = { .tool = &shell_tool };
        struct error err = { 0 };
        struct buf words = { 0 };
        setenv("SHELL", cases[i].variable, 1);
        ck_assert(shell_plan_of_user(&plan, slice_of("git status"), &err));
        join(&words, plan.argv);
        ck_assert_str_eq(buf_string(&words), cases[i].argv);
        ck_assert(!plan.is_exact);
        buf_clear(&words);
        tool_plan_clear(&plan);
    }
}
END_TEST

Suite *shell_suite(void)
{
    Suite *suite = suite_create("shell");
    TCase *tcase = tcase_create("shell");
    tcase_add_test(tcase, nothing_but_words_is_run_as_they_are);
    tcase_add_test(tcase, the_plan_tells_the_whole_command);
    tcase_add_test(tcase, what_no_shell_can_be_given_is_refused);
    tcase_add_test(tcase, the_user_has_his_own_shell);
    suite_add_tcase(suite, tcase);
    return suite;
}
