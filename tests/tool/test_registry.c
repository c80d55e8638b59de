/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tool/registry.h"

Suite *registry_suite(void);

static const struct tool reader = { .name = "read_file" };
static const struct tool shell = { .name = "shell" };

START_TEST(a_tool_is_found_by_its_whole_name)
{
    struct registry registry = { 0 };
    ck_assert_ptr_null(registry_find(&registry, slice_of("shell")));
    registry_add(&registry, &reader);
    registry_add(&registry, &shell);
    ck_assert_ptr_eq(registry_find(&registry, slice_of("shell")), &shell);
    ck_assert_ptr_null(registry_find(&registry, slice_of("she")));
    ck_assert_ptr_null(registry_find(&registry, slice_of("shells")));
    registry_clear(&registry);
}
END_TEST

START_TEST(a_refusal_names_the_call_and_the_tools_that_there_are)
{
    struct registry registry = { 0 };
    struct buf answer = { 0 };
    registry_refuse(&registry, slice_of("magic"), &answer);
    ck_assert_ptr_nonnull(strstr(buf_string(&answer), "\"magic\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&answer), "No tools"));
    buf_reset(&answer);
    registry_add(&registry, &reader);
    registry_add(&registry, &shell);
    registry_refuse(&registry, slice_of("magic"), &answer);
    ck_assert_ptr_nonnull(strstr(buf_string(&answer), "read_file, shell."));
    buf_clear(&answer);
    registry_clear(&registry);
}
END_TEST

Suite *registry_suite(void)
{
    Suite *suite = suite_create("registry");
    TCase *tcase = tcase_create("registry");
    tcase_add_test(tcase, a_tool_is_found_by_its_whole_name);
    tcase_add_test(tcase,
                   a_refusal_names_the_call_and_the_tools_that_there_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
