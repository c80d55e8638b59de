/* SPDX-License-Identifier: MIT */
/*
 * What the real program does with a configuration that is wrong, and with one
 * for a newer version.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"
#include "tests/support/skip.h"

Suite *setup_suite(void);

#define CONFIG ".config/sennit/config.yaml"
#define ANSWER                                                        \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"   \
    "line {\"model\":\"m\",\"message\":{\"content\":\"Hello\"},"      \
    "\"done\":false}\n"                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},"           \
    "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":7," \
    "\"eval_count\":2}\n"

static const struct {
    const char *text, *words;
} broken[] = {
    { "reply:\n  temprature: 1\n",
      "config.yaml:2: unknown key \"temprature\" in reply (did you mean "
      "\"temperature\"?)" },
    { "model: a\nreply: {seed: [1]}\n",
      "config.yaml:2: reply.seed: expected a whole number, found a list" },
    { "model: a\nmodel: b\n",
      "config.yaml:2: model: set twice, first on line 1" },
    { "model: &a b\n", "config.yaml:1: anchors are not supported" },
    { "model: *a\n", "config.yaml:1: aliases are not supported" },
    { "model: !str a\n", "config.yaml:1: tags are not supported" },
    { "model: \xff\n", "config.yaml:1: not UTF-8 text" },
    { "\tmodel: a\n", "config.yaml:1: a tab cannot indent" },
    { "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
      "config.yaml:1: maps and lists nested deeper than 32" },
    { "hooks: {run-finishd: [x]}\n",
      "config.yaml:1: hooks: there is no event \"run-finishd\"; did you mean "
      "run-finished?" },
    { "endpoints:\n  b: {dialect: ollama}\n",
      "config.yaml:2: endpoint b: no url" },
    { "model: ${NOT_SET_ANYWHERE}\n",
      "config.yaml:1: model: the variable NOT_SET_ANYWHERE is not set" },
    { "routing:\n  ladder:\n    - ollama/m\n    - olama/big\n",
      "config.yaml:4: routing.ladder: there is no endpoint \"olama\"; did you "
      "mean ollama/big?" },
    { "routing: {ladder: [nosuch/x]}\n",
      "config.yaml:1: routing.ladder: there is no endpoint \"nosuch\"; there "
      "are: ollama, guide; endpoints: makes one, and before a model "
      "\"nosuch/x\" its endpoint is to stand" },
    { "routing:\n  rules:\n    - {when: {has: code}, use: bxo/x}\n"
      "endpoints: {box: {dialect: guide}}\n",
      "config.yaml:3: routing.rules: use: there is no endpoint \"bxo\"; did "
      "you mean box/x?" },
    { "model: olama/m\n",
      "config.yaml:1: model: there is no endpoint \"olama\"; did you mean "
      "ollama/m?" },
    { "roles:\n  a:\n    model: nosuch/x\n",
      "config.yaml:3: roles.a.model: there is no endpoint \"nosuch\"; there "
      "are: ollama, guide;" },
    { "roles: {a: {system: x}}\nrole: nosuch\n",
      "config.yaml:2: there is no role \"nosuch\"; there are: a" },
    { "roles:\n  a: {system: 'x {{wrods}}'}\n",
      "config.yaml:2: roles.a.system: there is no place {{wrods}}" },
    { "roles: {a: {system: 'x {{3}}'}}\n\nrole: a one\n",
      "config.yaml:3: the role a wants more words after its name" },
};

/* Whether an endpoint is there is not always told by its setting. */
static const struct {
    const char *text, *set;
    int status;
    const char *words;
} namings[] = {
    { "endpoints: {box: {dialect: guide}}\nrouting: {ladder: [box/x]}\n",
      "endpoints.box=null", 4,
      "config.yaml:2: routing.ladder: the endpoint \"box\" is switched off by "
      "--set; name another one" },
    { "routing: {ladder: [ollama/m, guide/x, m]}\n", "reply.seed=1", 0, "" },
    { "routing: {ladder: [ollama/m, openai/x]}\n", "reply.seed=1", 0, "" },
    { "routing: {ladder: [org/m]}\n",
      "endpoints.lab={dialect: guide, models: {large: org/m}}", 0, "" },
    { "roles: {a: {model: m}}\nmodel: org/m\n", "model=ollama/m", 0, "" },
};

START_TEST(who_is_named_must_be_there_whatever_makes_him)
{
    struct server *server = server_start(ANSWER, NULL);
    struct program program = { 0 };
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    const char *const arguments[] = { "-m", "ollama/m", "hi", "--set",
                                      namings[_i].set };
    memcpy(program.arguments, arguments, sizeof arguments);
    program.variables[0] = host;
    program_file(&program, CONFIG, namings[_i].text);
    program_run(&program);
    ck_assert_msg(program.status == namings[_i].status, "%s",
                  buf_string(&program.err));
    ck_assert_msg(strstr(buf_string(&program.err), namings[_i].words) != NULL,
                  "%s", buf_string(&program.err));
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* Nobody is asked in the place of whom the file would have named. */
START_TEST(a_script_stops_at_a_mistake_and_sends_nothing)
{
    struct server *server = server_start(ANSWER, NULL);
    struct program program = { 0 };
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    program.variables[0] = host;
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/m";
    program.arguments[2] = "hi";
    program_file(&program, CONFIG, broken[_i].text);
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    ck_assert_msg(strstr(buf_string(&program.err), broken[_i].words) != NULL,
                  "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_str_eq(server_received(server), "");
    program_clear(&program);
    server_stop(server);
}
END_TEST

static void make_directory(const char *path)
{
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void make_fifo(const char *path)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void make_dead_link(const char *path)
{
    ck_assert_int_eq(symlink("nowhere", path), 0);
}

static void make_large(const char *path)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 70000; i++)
        fputc('#', file);
    fclose(file);
}

static const struct {
    void (*make)(const char *path);
    const char *words;
} unreadable[] = {
    { make_directory, "config.yaml is a directory, not a file" },
    { make_fifo, "config.yaml is a FIFO, not a file" },
    { make_dead_link, "config.yaml: No such file or directory" },
    { make_large, "config.yaml is larger than 65536 bytes" },
};

START_TEST(a_file_that_is_there_and_cannot_be_read_is_a_mistake)
{
    struct program program = { 0 };
    char path[256];
    program_file(&program, ".config/sennit/other", "");
    snprintf(path, sizeof path, "%s/%s", program.home, CONFIG);
    unreadable[_i].make(path);
    program.arguments[0] = "-m";
    program.arguments[1] = "guide";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    ck_assert_msg(strstr(buf_string(&program.err), unreadable[_i].words) !=
                      NULL,
                  "%s", buf_string(&program.err));
    program_clear(&program);
}
END_TEST

static const char *const named[][2] = {
    { "-P", "nobody" },
    { "--config", "/nonexistent/c.yaml" },
    { "--set", "reply.seed=x" },
    { "--set", "no.such=x" },
};

START_TEST(what_was_named_and_cannot_be_had_stops_a_script)
{
    struct program program = { 0 };
    program.arguments[0] = named[_i][0];
    program.arguments[1] = named[_i][1];
    program.arguments[2] = "-m";
    program.arguments[3] = "guide";
    program.arguments[4] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    ck_assert_str_eq(buf_string(&program.out), "");
    program_clear(&program);
}
END_TEST

START_TEST(a_variable_that_is_wrong_stops_a_script)
{
    struct program program = { 0 };
    program.variables[0] = "SENNIT_LOOKS_FRAMES=many";
    program.arguments[0] = "-m";
    program.arguments[1] = "guide";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    program_clear(&program);
}
END_TEST

/* On the screen. */

static struct pty *new_pty(struct server *server, int height)
{
    static char host[64];
    static const char *variables[2];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server ? server_port(server) : server_free_port());
    variables[0] = host;
    return pty_new(&(struct pty_options){
        .height = height, .width = 120, .variables = variables });
}

static const char *program_path(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

static void leave(struct pty *pty, struct server *server)
{
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_free(pty);
    server_stop(server);
}

START_TEST(the_screen_starts_with_the_defaults_and_says_so)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = new_pty(server, 24);
    pty_write_file(pty, CONFIG, "model: guide\nreply:\n  temprature: 1\n");
    pty_start(pty, (const char *const[]){ program_path(), "--set",
                                          "looks.frames=x", NULL });
    pty_expect(pty, "config.yaml:3: unknown key \"temprature\" in reply (did");
    pty_expect(pty, "the whole file is left out");
    pty_expect(pty, "--set: looks.frames: expected a whole number, found "
                    "\"x\"; it is left out");
    /* Until the next action; letters are none. */
    pty_send(pty, "/model ollama/m");
    pty_expect(pty, "> /model ollama/m");
    pty_expect(pty, "the whole file is left out");
    pty_send(pty, "\r");
    pty_expect_gone(pty, "the whole file is left out");
    pty_send(pty, "hi\r");
    pty_expect(pty, "Hello");
    pty_expect(pty, "complete");
    leave(pty, server);
}
END_TEST

START_TEST(an_endpoint_that_is_wrong_is_left_out_alone)
{
    struct pty *pty = new_pty(NULL, 24);
    pty_write_file(pty, CONFIG,
                   "endpoints:\n  bad: {dialect: ollama}\n"
                   "  good: {dialect: guide}\n");
    pty_start(pty, (const char *const[]){ program_path(), NULL });
    pty_expect(pty, "config.yaml:2: endpoint bad: no url");
    pty_expect(pty, "good");
    leave(pty, NULL);
}
END_TEST

START_TEST(each_endpoint_that_is_named_and_not_there_is_told_on_the_screen)
{
    struct pty *pty = new_pty(NULL, 24);
    pty_write_file(pty, CONFIG,
                   "endpoints: {good: {dialect: guide}}\n"
                   "routing:\n  ladder: [god/x, goood/y]\n");
    /* However long the path is: a row holds a sentence. */
    pty_resize(pty, 24, 200);
    pty_start(pty, (const char *const[]){ program_path(), NULL });
    pty_expect(pty, "config.yaml:3: routing.ladder: there is no endpoint "
                    "\"god\"; did you");
    pty_expect(pty, "config.yaml:3: routing.ladder: there is no endpoint "
                    "\"goood\"; did you");
    leave(pty, NULL);
}
END_TEST

START_TEST(what_has_no_effect_yet_is_said_in_one_line)
{
    struct pty *pty = new_pty(NULL, 24);
    pty_write_file(pty, CONFIG,
                   "routing: {ladder: [guide]}\n"
                   "looks: {times: true}\n"
                   "keys: {context-lens: F7, help: F1}\n");
    pty_start(pty, (const char *const[]){ program_path(), NULL });
    pty_expect(pty, "without effect in this version: looks.times, "
                    "keys.context-lens");
    leave(pty, NULL);
}
END_TEST

/* The profile that the users wish for. */

START_TEST(the_wished_profile_answers_without_a_word)
{
    const char *profile = shared_path("profile.yaml");
    if (!profile)
        return;
    struct server *server = server_start(ANSWER, NULL);
    struct program program = { 0 };
    char url[128];
    snprintf(url, sizeof url, "endpoints.box.url=%s", server_url(server, ""));
    program.arguments[0] = "-P";
    program.arguments[1] = profile;
    program.arguments[2] = "--set";
    program.arguments[3] = url;
    program.arguments[4] = "--set";
    program.arguments[5] = "hooks=null";
    program.arguments[6] = "hi";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "Hello\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"model\":\"qwen3:8b\""));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(the_wished_profile_says_once_what_is_to_come)
{
    const char *profile = shared_path("profile.yaml");
    if (!profile)
        return;
    struct pty *pty = new_pty(NULL, 30);
    pty_start(pty,
              (const char *const[]){ program_path(), "-P", profile, NULL });
    pty_expect(pty, "without effect in this version: ");
    /* What speaks a dialect that is spoken has an effect. */
    ck_assert_ptr_null(strstr(pty_screen(pty), "endpoints.claude"));
    ck_assert_ptr_null(strstr(pty_screen(pty), "left out"));
    ck_assert_ptr_null(strstr(pty_screen(pty), "no action"));
    leave(pty, NULL);
}
END_TEST

Suite *setup_suite(void)
{
    Suite *suite = suite_create("setup");
    TCase *tcase = tcase_create("setup");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_script_stops_at_a_mistake_and_sends_nothing, 0,
                        COUNTOF(broken));
    tcase_add_loop_test(tcase, who_is_named_must_be_there_whatever_makes_him, 0,
                        COUNTOF(namings));
    tcase_add_loop_test(tcase,
                        a_file_that_is_there_and_cannot_be_read_is_a_mistake, 0,
                        COUNTOF(unreadable));
    tcase_add_loop_test(tcase, what_was_named_and_cannot_be_had_stops_a_script,
                        0, COUNTOF(named));
    tcase_add_test(tcase, a_variable_that_is_wrong_stops_a_script);
    tcase_add_test(tcase, the_screen_starts_with_the_defaults_and_says_so);
    tcase_add_test(tcase, an_endpoint_that_is_wrong_is_left_out_alone);
    tcase_add_test(
        tcase, each_endpoint_that_is_named_and_not_there_is_told_on_the_screen);
    tcase_add_test(tcase, what_has_no_effect_yet_is_said_in_one_line);
    tcase_add_test(tcase, the_wished_profile_answers_without_a_word);
    tcase_add_test(tcase, the_wished_profile_says_once_what_is_to_come);
    suite_add_tcase(suite, tcase);
    return suite;
}
