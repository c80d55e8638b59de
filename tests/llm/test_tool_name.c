/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include <check.h>

#include "llm/tool_name.h"

Suite *tool_name_suite(void);

static char *sent(const char *name)
{
    struct buf out = { 0 };
    tool_name_append(&out, slice_of(name));
    return buf_steal(&out);
}

static void ck_legal(const char *name)
{
    size_t len = strlen(name);
    ck_assert_uint_gt(len, 0);
    ck_assert_uint_le(len, 64);
    for (size_t i = 0; i < len; i++)
        ck_assert_msg(isalnum((unsigned char)name[i]) || name[i] == '_' ||
                          name[i] == '-',
                      "%s", name);
}

START_TEST(a_legal_name_is_sent_as_it_is)
{
    char *name = sent("read_file-2");
    ck_assert_str_eq(name, "read_file-2");
    free(name);
}
END_TEST

#define LONG_NAME                                                        \
    "a_very_long_name_of_a_tool_that_no_server_takes_since_it_has_more_" \
    "than_64"

START_TEST(any_other_name_becomes_legal_and_stays_distinct)
{
    static const char *const names[] = {
        "a.b",      "a_b",         "a b",         "",    "docs/read",
        "\xC3\xA4", LONG_NAME "x", LONG_NAME "y", "a:b", "a/b",
    };
    char *all[COUNTOF(names)];
    for (size_t i = 0; i < COUNTOF(names); i++) {
        all[i] = sent(names[i]);
        ck_legal(all[i]);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(all[i], all[k]);
    }
    for (size_t i = 0; i < COUNTOF(names); i++)
        free(all[i]);
}
END_TEST

static const struct tool_offer tools[] = {
    { .name = { "a.b", 3 } },
    { .name = { "a_b", 3 } },
    { .name = { "docs/read file", 14 } },
};

static void ck_finds(const char *name, const char *own)
{
    const struct tool_offer *tool =
        tool_name_find(tools, COUNTOF(tools), slice_of(name));
    if (!own) {
        ck_assert_ptr_null(tool);
        return;
    }
    ck_assert_ptr_nonnull(tool);
    ck_assert(slice_is(tool->name, own));
}

START_TEST(a_name_that_was_sent_finds_its_tool)
{
    for (size_t i = 0; i < COUNTOF(tools); i++) {
        struct buf name = { 0 };
        tool_name_append(&name, tools[i].name);
        ck_assert_ptr_eq(
            tool_name_find(tools, COUNTOF(tools), buf_slice(&name)), &tools[i]);
        buf_clear(&name);
    }
    ck_finds("a.b", "a.b");
    ck_finds("functions.a_b", "a_b");
    ck_finds("a_c", NULL);
    ck_finds("", NULL);
    ck_assert_ptr_null(tool_name_find(NULL, 0, slice_of("a")));
}
END_TEST

Suite *tool_name_suite(void)
{
    Suite *suite = suite_create("tool_name");
    TCase *tcase = tcase_create("tool_name");
    tcase_add_test(tcase, a_legal_name_is_sent_as_it_is);
    tcase_add_test(tcase, any_other_name_becomes_legal_and_stays_distinct);
    tcase_add_test(tcase, a_name_that_was_sent_finds_its_tool);
    suite_add_tcase(suite, tcase);
    return suite;
}
