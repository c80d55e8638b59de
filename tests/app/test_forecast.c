/* SPDX-License-Identifier: MIT */
/*
 * `sennit route`: the real program, and servers that must hear nothing.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *forecast_suite(void);

#define HARD                                                                 \
    "A woman had three boxes. She gave her brother half of the pencils and " \
    "then bought twice as many as she had left. If each box holds less "     \
    "than ten more than the others, how many pencils did she have at first?"

#define LADDER                                                              \
    "endpoints:\n"                                                          \
    "  box: {dialect: ollama, url: \"http://127.0.0.1:1\", trust: own, "    \
    "models: {fast: small, big: large}}\n"                                  \
    "  away: {dialect: chat-completions, url: \"https://api.example/v1\", " \
    "trust: vendor, key: {env: AWAY_KEY}, models: {better: best}}\n"        \
    "routing:\n"                                                            \
    "  ladder: [box/fast, box/big, away/better]\n"                          \
    "  rules: [{when: {text: '\\brefactor\\b'}, use: box/big}]\n"

static void run(struct program *program, const char *const *words,
                const char *input)
{
    memset(program->arguments, 0, sizeof program->arguments);
    program->arguments[0] = "route";
    for (size_t i = 0; words && words[i]; i++)
        program->arguments[i + 1] = words[i];
    program->input = input;
    program_file(program, ".config/sennit/config.yaml", LADDER);
    program_run(program);
}

static void ck_has(const struct buf *text, const char *words)
{
    ck_assert_msg(strstr(buf_string(text), words), "no \"%s\" in: %s", words,
                  buf_string(text));
}

START_TEST(a_prompt_is_judged_and_every_reason_told)
{
    struct program program = { 0 };
    run(&program, (const char *[]){ "hello", NULL }, NULL);
    ck_assert_int_eq(program.status, 0);
    ck_has(&program.out, "box/small (local)");
    ck_has(&program.out, "below the threshold 0.55: box/fast");
    ck_has(&program.out, "from 0.65 on it would have been box/big");
    ck_has(&program.out, "not away/better: ");
    ck_has(&program.out, "score 0.");
    ck_has(&program.out, " of 1, threshold 0.55, band 0.10\n");
    ck_has(&program.out, "\n  sentences ");
    run(&program, (const char *[]){ "please refactor it", NULL }, NULL);
    ck_has(&program.out, "box/large (local)");
    ck_has(&program.out, "config.yaml:6: text \\brefactor\\b");
    run(&program, (const char *[]){ HARD, NULL }, NULL);
    ck_has(&program.out, "box/large (local)");
    program_clear(&program);
}
END_TEST

START_TEST(what_was_named_is_not_judged_away)
{
    struct program program = { 0 };
    run(&program, (const char *[]){ "-m", "box/fast", HARD, NULL }, NULL);
    ck_has(&program.out, "box/small (local): you named it");
    run(&program,
        (const char *[]){ "--set", "routing.threshold=0", "--set",
                          "routing.band=0", "--cloud", "hello", NULL },
        NULL);
    ck_has(&program.out, "away/best (cloud)");
    program_clear(&program);
}
END_TEST

START_TEST(json_has_the_same)
{
    struct program program = { 0 };
    struct error err = { 0 };
    run(&program, (const char *[]){ "-o", "json", "hello", NULL }, NULL);
    json_t *receipt = json_parse(buf_slice(&program.out), &err);
    ck_assert_msg(receipt != NULL, "%s", err.text);
    ck_assert(slice_is(json_slice(receipt, "tier"), "local"));
    ck_assert(slice_is(json_slice(receipt, "endpoint"), "box"));
    ck_assert(slice_is(json_slice(receipt, "model"), "small"));
    ck_assert(json_real_value(json_object_get(receipt, "score")) < .5);
    ck_assert_double_eq(json_real_value(json_object_get(receipt, "threshold")),
                        .55);
    ck_assert_uint_ge(json_array_size(json_object_get(receipt, "reasons")), 3);
    ck_assert(slice_starts(json_slice(receipt, "why"), "score ."));
    ck_assert_double_eq(json_real_value(json_object_get(receipt, "band")), .1);
    ck_assert_uint_eq(json_object_size(json_object_get(receipt, "features")),
                      19);
    json_decref(receipt);
    program_clear(&program);
}
END_TEST

START_TEST(lines_are_answered_by_lines_and_nobody_is_asked)
{
    struct program program = { 0 };
    struct error err = { 0 };
    struct server *server = server_start("match GET /\nstatus 200 OK\n", NULL);
    char url[96];
    snprintf(url, sizeof url, "endpoints.box.url=%s", server_url(server, ""));
    run(&program, (const char *[]){ "--set", url, NULL },
        "{\"id\": 7, \"prompt\": \"hello\"}\n\n"
        "{\"id\": \"b\", \"prompt\": \"" HARD "\"}\n");
    ck_assert_int_eq(program.status, 0);
    struct slice rest = buf_slice(&program.out), line;
    ck_assert(slice_next_line(&rest, &line));
    json_t *first = json_parse(line, &err);
    ck_assert(slice_next_line(&rest, &line));
    json_t *second = json_parse(line, &err);
    ck_assert_uint_eq(rest.len, 0);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "id")), 7);
    ck_assert(slice_is(json_slice(second, "id"), "b"));
    ck_assert(json_real_value(json_object_get(first, "score")) <
              json_real_value(json_object_get(second, "score")));
    ck_assert(slice_is(json_slice(first, "endpoint"), "box"));
    ck_assert_str_eq(server_received(server), "");
    json_decref(first);
    json_decref(second);
    server_stop(server);
    program_clear(&program);
}
END_TEST

START_TEST(a_line_that_is_none_is_named)
{
    static const struct {
        const char *input, *words;
    } cases[] = {
        { "{\"id\":1,\"prompt\":\"a\"}\n{\"id\":2}\n",
          "line 2 is no JSON object" },
        { "{\"id\":1,\"prompt\":\"a\"}\nnonsense\n{\"id\":3,\"prompt\":\"b\"}",
          "line 2 is no JSON object" },
        { "", "there is no prompt" },
    };
    struct program program = { 0 };
    run(&program, NULL, cases[_i].input);
    ck_assert_int_eq(program.status, 2);
    ck_has(&program.err, cases[_i].words);
    if (_i == 1)
        ck_has(&program.out, "\"id\":3");
    program_clear(&program);
}
END_TEST

START_TEST(text_on_standard_input_is_one_prompt)
{
    struct program program = { 0 };
    run(&program, NULL, "please refactor\n{\"id\": 1}\n");
    ck_assert_int_eq(program.status, 0);
    ck_has(&program.out, "box/large (local)");
    program_clear(&program);
}
END_TEST

START_TEST(a_rule_that_cannot_be_read_ends_it)
{
    struct program program = { 0 };
    program_file(&program, "bad.yaml",
                 "routing: {rules: [{when: {text: '('}, use: a/b}]}\n");
    char path[SCRATCH_PATH_MAX + 20];
    snprintf(path, sizeof path, "%s/bad.yaml", program.home);
    run(&program, (const char *[]){ "--config", path, "hello", NULL }, NULL);
    ck_assert_int_eq(program.status, 4);
    ck_has(&program.err, "bad.yaml:1: the regular expression");
    program_clear(&program);
}
END_TEST

Suite *forecast_suite(void)
{
    Suite *suite = suite_create("forecast");
    TCase *tcase = tcase_create("forecast");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_prompt_is_judged_and_every_reason_told);
    tcase_add_test(tcase, what_was_named_is_not_judged_away);
    tcase_add_test(tcase, json_has_the_same);
    tcase_add_test(tcase, lines_are_answered_by_lines_and_nobody_is_asked);
    tcase_add_loop_test(tcase, a_line_that_is_none_is_named, 0, 3);
    tcase_add_test(tcase, text_on_standard_input_is_one_prompt);
    tcase_add_test(tcase, a_rule_that_cannot_be_read_ends_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
