/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "config/substitution.h"
#include "config/yaml.h"
#include "tests/support/settings.h"

Suite *substitution_suite(void);

static void set_variables(void)
{
    setenv("HOST", "gpu7", 1);
    setenv("EMPTY", "", 1);
    setenv("NESTED", "${HOST} $$", 1);
    setenv("BROKEN", "\xff", 1);
    setenv("CANARY", "CANARY-7f3a", 1);
    unsetenv("UNSET");
}

static const struct {
    const char *text, *expanded;
} good[] = {
    { "", "" },
    { "plain", "plain" },
    { "${HOST}", "gpu7" },
    { "http://${HOST}:1/${HOST}", "http://gpu7:1/gpu7" },
    { "${UNSET:-one two}", "one two" },
    { "${UNSET:-}", "" },
    { "${HOST:-other}", "gpu7" },
    { "${EMPTY}", "" },
    { "${EMPTY:-default}", "default" },
    { "${NESTED}", "${HOST} $$" },
    { "a $ b $x $", "a $ b $x $" },
    { "$$", "$" },
    { "$${HOST}", "${HOST}" },
    { "$$$", "$$" },
    { "(a|b)$", "(a|b)$" },
};

START_TEST(a_value_gets_its_variables)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    set_variables();
    ck_assert_msg(substitution_expand(&out, good[_i].text, &err), "%s: %s",
                  good[_i].text, err.text);
    ck_assert_str_eq(buf_string(&out), good[_i].expanded);
    buf_clear(&out);
}
END_TEST

#define SHAPE                                                         \
    "after ${ comes the name of a variable and }, or :-DEFAULT}; $$ " \
    "stands for a $"

static const struct {
    const char *text, *words;
} bad[] = {
    { "${UNSET}", "the variable UNSET is not set; ${UNSET:-DEFAULT} gives a "
                  "default, $$ stands for a $" },
    { "${BROKEN}", "the variable BROKEN is not UTF-8 text" },
    { "${", SHAPE },
    { "${}", SHAPE },
    { "${HOST", SHAPE },
    { "${HO ST}", SHAPE },
    { "${1}", SHAPE },
    { "${HOST-x}", SHAPE },
    { "${:-x}", SHAPE },
};

START_TEST(a_wrong_variable_is_said)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    set_variables();
    ck_assert_msg(!substitution_expand(&out, bad[_i].text, &err), "%s",
                  bad[_i].text);
    ck_assert_str_eq(err.text, bad[_i].words);
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    buf_clear(&out);
}
END_TEST

START_TEST(what_it_grows_to_is_bounded)
{
    struct buf text = { 0 }, out = { 0 };
    struct error err = { 0 };
    char *large = malloc(YAML_TEXT_MAX / 2);
    memset(large, 'x', YAML_TEXT_MAX / 2);
    large[YAML_TEXT_MAX / 2 - 1] = '\0';
    setenv("LARGE", large, 1);
    for (int i = 0; i < 3; i++)
        buf_append_string(&text, "${LARGE}");
    ck_assert(!substitution_expand(&out, buf_string(&text), &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    free(large);
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

START_TEST(a_file_names_the_line_of_a_variable_that_is_not_set)
{
    set_variables();
    settings_refuses_text("model: x\nendpoints:\n  b:\n    url: ${UNSET}\n",
                          "a.yaml:4: endpoints.b.url: the variable UNSET is "
                          "not set; ${UNSET:-DEFAULT} gives a default, $$ "
                          "stands for a $");
}
END_TEST

/* A secret may have got where it does not belong. */
START_TEST(an_error_repeats_what_was_written_not_what_a_variable_holds)
{
    set_variables();
    settings_refuses_text("reply: {seed: \"${CANARY}\"}\n",
                          "a.yaml:1: reply.seed: expected a whole number, "
                          "found \"${CANARY}\" in quotes");
    settings_refuses_text("reply:\n  thinking: ${CANARY}\n",
                          "a.yaml:2: reply.thinking: expected one of auto, "
                          "on, off, low, medium, high, found \"${CANARY}\"");
}
END_TEST

START_TEST(a_setting_keeps_what_was_written)
{
    struct settings *settings = settings_new();
    set_variables();
    settings_must_add(settings, "a.yaml",
                      "model: box/${HOST}\nsystem: costs 5$$\n"
                      "reply:\n  seed: ${UNSET:-7}\n");
    ck_assert_str_eq(settings_text(settings, "model", ""), "box/gpu7");
    ck_assert_str_eq(settings_find(settings, "model")->written, "box/${HOST}");
    ck_assert_str_eq(settings_text(settings, "system", ""), "costs 5$");
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 7);
    settings_must_set(settings, "model", "a/${HOST}");
    ck_assert_str_eq(settings_text(settings, "model", ""), "a/gpu7");
    settings_free(settings);
}
END_TEST

START_TEST(keys_names_of_variables_and_the_environment_are_left_alone)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    set_variables();
    ck_assert(
        settings_add_variable(settings, "SENNIT_SYSTEM=${HOST} $$", &err));
    ck_assert_str_eq(settings_text(settings, "system", ""), "${HOST} $$");
    settings_free(settings);
    settings_refuses_text("${HOST}: x\n", "a.yaml:1: unknown key \"${HOST}\"");
    settings_refuses_text("endpoints: {b: {key: {env: \"${HOST}\"}}}\n",
                          "a.yaml:1: endpoints.b.key.env: expected the name of "
                          "an environment variable, found other text");
}
END_TEST

Suite *substitution_suite(void)
{
    Suite *suite = suite_create("substitution");
    TCase *tcase = tcase_create("substitution");
    tcase_add_loop_test(tcase, a_value_gets_its_variables, 0, COUNTOF(good));
    tcase_add_loop_test(tcase, a_wrong_variable_is_said, 0, COUNTOF(bad));
    tcase_add_test(tcase, what_it_grows_to_is_bounded);
    tcase_add_test(tcase, a_file_names_the_line_of_a_variable_that_is_not_set);
    tcase_add_test(tcase,
                   an_error_repeats_what_was_written_not_what_a_variable_holds);
    tcase_add_test(tcase, a_setting_keeps_what_was_written);
    tcase_add_test(tcase,
                   keys_names_of_variables_and_the_environment_are_left_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
