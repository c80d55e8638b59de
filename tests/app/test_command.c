/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/command.h"

Suite *command_suite(void);

START_TEST(a_line_is_a_command_text_or_refused)
{
    static const struct {
        const char *line;
        enum command_line_kind kind;
        const char *text; /* LINE_TEXT */
    } rows[] = {
        { "hello", LINE_TEXT, "hello" },
        { "/help", LINE_COMMAND, NULL },
        { "/model  box/x ", LINE_COMMAND, NULL },
        { "/hlep", LINE_REFUSED, NULL },
        { "/nothing-like-it", LINE_REFUSED, NULL },
        { "/usr/bin is full", LINE_TEXT, "/usr/bin is full" },
        { "//help", LINE_TEXT, "/help" },
        { " /help", LINE_TEXT, " /help" },
        { "/ alone", LINE_TEXT, "/ alone" },
        { "!ls", LINE_COMMAND, NULL },
        { "!", LINE_COMMAND, NULL },
        { " !ls", LINE_TEXT, " !ls" },
        { "\\!ls", LINE_TEXT, "!ls" },
        { "\\\\!ls", LINE_TEXT, "\\\\!ls" },
        { "\\section", LINE_TEXT, "\\section" },
        { "\"\"\"", LINE_INCOMPLETE, NULL },
        { "\"\"\"a\nb", LINE_INCOMPLETE, NULL },
        { "\"\"\"a\n/quit\n\"\"\"", LINE_TEXT, "a\n/quit" },
        { "", LINE_TEXT, "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct slice text = { 0 };
        struct command_call call = { 0 };
        struct error err = { 0 };
        enum command_line_kind kind =
            command_parse(slice_of(rows[i].line), &text, &call, &err);
        ck_assert_msg(kind == rows[i].kind, "%s", rows[i].line);
        if (kind == LINE_TEXT)
            ck_assert_msg(slice_is(text, rows[i].text), "%s", rows[i].line);
        if (kind == LINE_REFUSED)
            ck_assert_int_eq(err.kind, ERROR_USAGE);
    }
}
END_TEST

START_TEST(an_unknown_command_names_the_nearest)
{
    struct slice text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    ck_assert_int_eq(command_parse(slice_of("/modle x"), &text, &call, &err),
                     LINE_REFUSED);
    ck_assert_ptr_nonnull(strstr(err.text, "did you mean /model"));
}
END_TEST

START_TEST(an_argument_comes_without_its_blanks)
{
    struct slice text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    command_parse(slice_of("/system   be terse \n"), &text, &call, &err);
    ck_assert(slice_is(call.argument, "be terse"));
}
END_TEST

Suite *command_suite(void)
{
    Suite *suite = suite_create("command");
    TCase *tcase = tcase_create("command");
    tcase_add_test(tcase, a_line_is_a_command_text_or_refused);
    tcase_add_test(tcase, an_unknown_command_names_the_nearest);
    tcase_add_test(tcase, an_argument_comes_without_its_blanks);
    suite_add_tcase(suite, tcase);
    return suite;
}
