/* SPDX-License-Identifier: MIT */
/*
 * `sennit config explain`, the real program.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/program.h"

Suite *explain_suite(void);

#define CONFIG  ".config/sennit/config.yaml"
#define PROFILE ".config/sennit/profiles/work.yaml"

/* `sennit config explain ...`, of a user with a file and a profile. */
static struct program explain(const char *key)
{
    struct program program = { 0 };
    program_file(&program, CONFIG,
                 "reply: {temperature: 0.1, seed: 1}\n"
                 "system: |\n  one\n  two\n"
                 "looks: {times: true}\n");
    program_file(&program, PROFILE,
                 "reply:\n  temperature: 0.2\n  seed: ~\n"
                 "endpoints:\n"
                 "  gate:\n"
                 "    dialect: chat-completions\n"
                 "    url: http://me:CANARY-7f3a@127.0.0.1:1/v1\n"
                 "    key: {command: [printf, CANARY-7f3a]}\n"
                 "    ca_file: ${CANARY}/ca.pem\n");
    program.variables[0] = "CANARY=CANARY-7f3a";
    program.arguments[0] = "config";
    program.arguments[1] = "explain";
    program.arguments[2] = "-P";
    program.arguments[3] = "work";
    program.arguments[4] = key;
    return program;
}

static void prints(struct program *program, const char *line)
{
    ck_assert_msg(strstr(buf_string(&program->out), line) != NULL,
                  "not there: %s\n%s%s", line, buf_string(&program->out),
                  buf_string(&program->err));
}

START_TEST(a_setting_names_everybody_who_sets_it_the_highest_first)
{
    struct program program = explain("reply.temperature");
    program.variables[1] = "SENNIT_TEMPERATURE=0.3";
    program.arguments[5] = "--set";
    program.arguments[6] = "reply.temperature=0.4";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(
        buf_string(&program.out),
        "reply.temperature = 0.4\n"
        "  set by       --set: 0.4\n"
        "  set by       SENNIT_TEMPERATURE: 0.3, overridden by --set\n"
        "  set by       ~/" PROFILE ":2: 0.2, overridden by "
        "SENNIT_TEMPERATURE\n"
        "  set by       ~/" CONFIG ":1: 0.1, overridden by ~/" PROFILE ":2\n"
        "  what         how freely the model chooses words; 0: hardly\n"
        "  takes        a number, 0 to 2\n"
        "  default      the server's own\n"
        "  effect       yes; /set changes it while sennit runs\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    program_clear(&program);
}
END_TEST

START_TEST(what_a_profile_removes_is_the_default_again)
{
    struct program program = explain("reply.seed");
    program_run(&program);
    prints(&program,
           "reply.seed = none (default)\n"
           "  set by       ~/" PROFILE ":3: removed\n"
           "  set by       ~/" CONFIG ":1: 1, overridden by ~/" PROFILE ":3\n");
    program_clear(&program);
}
END_TEST

START_TEST(an_option_of_its_own_counts_as_one_that_sets)
{
    struct program program = explain("model");
    program.arguments[5] = "-m";
    program.arguments[6] = "box/fast";
    program_run(&program);
    prints(&program, "model = box/fast\n  set by       -m: box/fast\n");
    program_clear(&program);
}
END_TEST

START_TEST(a_map_lists_the_keys_that_may_stand_in_it)
{
    struct program program = explain("reply");
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    prints(&program, "reply: how the model shall answer\n");
    prints(&program, "  temperature  how freely the model chooses words; 0: "
                     "hardly = 0.2\n");
    prints(&program, "  on_busy      what Enter does");
    program_clear(&program);
    program = explain("endpoints");
    program_run(&program);
    prints(&program, "names that are set:\n  gate         ~/" PROFILE ":5\n");
    program_clear(&program);
}
END_TEST

START_TEST(without_a_key_all_that_is_set_is_shown_with_its_place)
{
    struct program program = explain(NULL);
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    prints(&program, "reply.temperature = 0.2    # ~/" PROFILE ":2\n");
    prints(&program, "system = \"one...\" (2 lines)    # ~/" CONFIG ":2\n");
    prints(&program, "looks.times = true    # ~/" CONFIG
                     ":5; no effect in this version\n");
    prints(&program, "# without effect in this version: looks.times\n");
    char read[192];
    snprintf(read, sizeof read, "# read %s/%s\n", program.home, PROFILE);
    prints(&program, read);
    program_clear(&program);
}
END_TEST

/* Who wrote another file is told where one is looked for. */
START_TEST(a_file_that_is_not_there_is_named)
{
    struct program program = { 0 };
    program.arguments[0] = "config";
    program.arguments[1] = "explain";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    char line[192];
    snprintf(line, sizeof line, "# not read: %s/%s\n", program.home, CONFIG);
    prints(&program, line);
    prints(&program, "# no profile");
    program_clear(&program);
}
END_TEST

START_TEST(no_key_of_a_server_is_shown)
{
    static const char *const keys[] = {
        NULL,
        "endpoints.gate",
        "endpoints.gate.key",
        "endpoints.gate.url",
        "endpoints.gate.key.command",
        "endpoints.gate.ca_file",
    };
    for (size_t i = 0; i < COUNTOF(keys); i++) {
        struct program program = explain(keys[i]);
        program_run(&program);
        ck_assert_int_eq(program.status, 0);
        ck_assert_msg(!strstr(buf_string(&program.out), "CANARY-7f3a"), "%s",
                      buf_string(&program.out));
        if (!i) {
            prints(&program, "endpoints.gate.key = {command: [printf, ...]}");
            prints(&program, "ca_file = \"${CANARY}/ca.pem\"");
        }
        program_clear(&program);
    }
}
END_TEST

START_TEST(an_unknown_setting_names_the_nearest)
{
    static const char *const cases[][2] = {
        { "reply.temprature", "did you mean reply.temperature?" },
        { "endpoint.box.url", "did you mean endpoints.box.url?" },
        { "temperature", "did you mean reply.temperature?" },
        { "reply.temperature.x", "there is no setting reply.temperature.x" },
        { "", "there is no setting" },
        { "qqqqqq", "sennit(5) lists them" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct program program = explain(cases[i][0]);
        program_run(&program);
        ck_assert_int_eq(program.status, 2);
        ck_assert_str_eq(buf_string(&program.out), "");
        ck_assert_msg(strstr(buf_string(&program.err), cases[i][1]) != NULL,
                      "%s", buf_string(&program.err));
        program_clear(&program);
    }
}
END_TEST

START_TEST(a_mistake_is_said_and_the_rest_is_explained_all_the_same)
{
    struct program program = explain("reply.temperature");
    program_file(&program, CONFIG, "reply: {temprature: 0.1}\n");
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err),
                                 "config.yaml:1: unknown key \"temprature\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "is left out"));
    prints(&program, "reply.temperature = 0.2\n");
    program_clear(&program);
}
END_TEST

START_TEST(config_takes_explain_and_one_key)
{
    static const char *const words[][3] = {
        { NULL },
        { "show" },
        { "explain", "model", "system" },
    };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct program program = { 0 };
        program.arguments[0] = "config";
        for (size_t j = 0; j < 3; j++)
            program.arguments[j + 1] = words[i][j];
        program_run(&program);
        ck_assert_int_eq(program.status, 2);
        ck_assert_ptr_nonnull(
            strstr(buf_string(&program.err), "explain [KEY]"));
        program_clear(&program);
    }
}
END_TEST

Suite *explain_suite(void)
{
    Suite *suite = suite_create("explain");
    TCase *tcase = tcase_create("explain");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   a_setting_names_everybody_who_sets_it_the_highest_first);
    tcase_add_test(tcase, what_a_profile_removes_is_the_default_again);
    tcase_add_test(tcase, an_option_of_its_own_counts_as_one_that_sets);
    tcase_add_test(tcase, a_map_lists_the_keys_that_may_stand_in_it);
    tcase_add_test(tcase,
                   without_a_key_all_that_is_set_is_shown_with_its_place);
    tcase_add_test(tcase, a_file_that_is_not_there_is_named);
    tcase_add_test(tcase, no_key_of_a_server_is_shown);
    tcase_add_test(tcase, an_unknown_setting_names_the_nearest);
    tcase_add_test(tcase,
                   a_mistake_is_said_and_the_rest_is_explained_all_the_same);
    tcase_add_test(tcase, config_takes_explain_and_one_key);
    suite_add_tcase(suite, tcase);
    return suite;
}
