/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/memory.h"
#include "tool/template.h"

Suite *template_suite(void);

/* A template of blank-separated elements, filled; NULL with an error. */
static char **fill(const char *elements, const char *arguments,
                   struct error *err)
{
    struct template template = { 0 };
    char *copy = memory_string(elements), *rest = copy, *element;
    while ((element = strsep(&rest, " ")))
        template_add(&template, element);
    json_t *object = json_parse(slice_of(arguments), err);
    ck_assert_msg(object != NULL, "%s", err->text);
    char **argv = template_fill(&template, object, err);
    json_decref(object);
    template_clear(&template);
    free(copy);
    return argv;
}

static void free_words(char **argv)
{
    for (char **word = argv; word && *word; word++)
        free(*word);
    free(argv);
}

/* What the shell would have read in it stays what it is. */
START_TEST(a_value_stays_one_argument_whatever_it_holds)
{
    static const struct {
        const char *json, *value;
    } values[] = {
        { "\"two words\"", "two words" },
        { "\"'quoted' \\\"too\\\"\"", "'quoted' \"too\"" },
        { "\"$(reboot)\"", "$(reboot)" },
        { "\"`reboot`; rm -rf / | x > y & z\"",
          "`reboot`; rm -rf / | x > y & z" },
        { "\"a\\nb\\n\"", "a\nb\n" },
        { "\"*.c ~ {a,b} \\\\\"", "*.c ~ {a,b} \\" },
        { "\"{v}\"", "{v}" },
        { "\"\"", "" },
        { "\"\\u00e9\"", "\xc3\xa9" },
        { "3", "3" },
        { "0.5", "0.5" },
        { "true", "true" },
        { "[\"a\",1]", "[\"a\",1]" },
    };
    for (size_t i = 0; i < COUNTOF(values); i++) {
        struct error err = { 0 };
        struct buf json = { 0 }, part = { 0 };
        buf_printf(&json, "{\"v\": %s}", values[i].json);
        char **argv = fill("p {v} a{v}b end", buf_string(&json), &err);
        ck_assert_msg(argv != NULL, "%s: %s", values[i].json, err.text);
        buf_printf(&part, "a%sb", values[i].value);
        ck_assert_str_eq(argv[0], "p");
        ck_assert_str_eq(argv[1], values[i].value);
        ck_assert_str_eq(argv[2], buf_string(&part));
        ck_assert_str_eq(argv[3], "end");
        ck_assert_ptr_null(argv[4]);
        free_words(argv);
        buf_clear(&json);
        buf_clear(&part);
    }
}
END_TEST

START_TEST(a_value_that_would_be_an_option_is_refused)
{
    static const struct {
        const char *elements, *value;
        bool ok;
    } cases[] = {
        { "p {v}", "\"-rf\"", false },    { "p {v}.c", "\"-rf\"", false },
        { "p {v}", "\"-\"", false },      { "p {v}", "\"--\"", false },
        { "p {v}", "-5", false },         { "p {w}{v}", "\"-x\"", false },
        { "p {v}", "\"a-b\"", true },     { "p -- {v}", "\"-rf\"", true },
        { "p {v} --", "\"-rf\"", false }, { "p --lines={v}", "-5", true },
        { "p -n{v}", "\"-5\"", true },    { "p ./{v}", "\"-rf\"", true },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        struct buf json = { 0 };
        buf_printf(&json, "{\"v\": %s, \"w\": \"\"}", cases[i].value);
        char **argv = fill(cases[i].elements, buf_string(&json), &err);
        ck_assert_msg((argv != NULL) == cases[i].ok, "%s of %s: %s",
                      cases[i].elements, cases[i].value, err.text);
        if (!argv)
            ck_assert_ptr_nonnull(strstr(err.text, "begin with \"-\""));
        free_words(argv);
        buf_clear(&json);
    }
}
END_TEST

/* A value is not taken for the mark that ends the options. */
START_TEST(only_the_template_ends_the_options)
{
    struct error err = { 0 };
    ck_assert_ptr_null(
        fill("p {a} {b}", "{\"a\": \"--\", \"b\": \"-x\"}", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "\"a\""));
}
END_TEST

START_TEST(an_element_whose_argument_is_absent_is_left_out)
{
    static const char *const cases[] = { "{\"b\": \"x\"}",
                                         "{\"a\": null, \"b\": \"x\"}" };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        char **argv = fill("p --max={a} {a} {a}{b} {b}", cases[i], &err);
        ck_assert_ptr_nonnull(argv);
        ck_assert_str_eq(argv[1], "x");
        ck_assert_ptr_null(argv[2]);
        free_words(argv);
    }
}
END_TEST

START_TEST(braces_that_name_nothing_are_themselves)
{
    static const char *const cases[][2] = {
        { "{{a}}", "{a}" },   { "{}", "{}" },       { "{print", "{print" },
        { "a{", "a{" },       { "}", "}" },         { "{{", "{" },
        { "}}", "}" },        { "{a.b}", "{a.b}" }, { "${a}", "$1" },
        { "{{{a}}}", "{1}" }, { "{a}{a}", "11" },   { "{$1}", "{$1}" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        struct buf elements = { 0 };
        buf_printf(&elements, "p %s", cases[i][0]);
        char **argv = fill(buf_string(&elements), "{\"a\": 1}", &err);
        ck_assert_ptr_nonnull(argv);
        ck_assert_str_eq(argv[1], cases[i][1]);
        free_words(argv);
        buf_clear(&elements);
    }
}
END_TEST

START_TEST(what_no_program_can_be_given_is_refused)
{
    struct error err = { 0 };
    struct buf json = { 0 };
    ck_assert_ptr_null(fill("p {v}", "{\"v\": \"a\\u0000b\"}", &err));
    ck_assert_str_eq(err.text, "\"v\" must not hold a NUL character");
    for (int more = 0; more <= 1; more++) {
        buf_reset(&json);
        buf_append_string(&json, "{\"v\": \"");
        for (int i = 0; i < 131071 - 2 + more; i++)
            buf_append_char(&json, 'a');
        buf_append_string(&json, "\"}");
        char **argv = fill("p x={v}", buf_string(&json), &err);
        ck_assert_int_eq(argv != NULL, more == 0);
        free_words(argv);
    }
    ck_assert_str_eq(err.text, "\"v\" must not be longer than 131071 bytes");
    buf_clear(&json);
}
END_TEST

Suite *template_suite(void)
{
    Suite *suite = suite_create("template");
    TCase *tcase = tcase_create("template");
    tcase_add_test(tcase, a_value_stays_one_argument_whatever_it_holds);
    tcase_add_test(tcase, a_value_that_would_be_an_option_is_refused);
    tcase_add_test(tcase, only_the_template_ends_the_options);
    tcase_add_test(tcase, an_element_whose_argument_is_absent_is_left_out);
    tcase_add_test(tcase, braces_that_name_nothing_are_themselves);
    tcase_add_test(tcase, what_no_program_can_be_given_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
