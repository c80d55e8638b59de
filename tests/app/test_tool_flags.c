/* SPDX-License-Identifier: MIT */
/*
 * Tools without a terminal: the real program, its --tools and --yes, the exit
 * status for a tool that was needed, and `sennit tools`.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "tests/support/program.h"
#include "tests/support/server.h"
#include "tests/support/skip.h"

Suite *tool_flags_suite(void);

#define TAGS                                              \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"             \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"}]}\"\n"
#define ANSWER                              \
    "match POST /api/chat\nstatus 200 OK\n" \
    "header Content-Type: application/x-ndjson\nchunked\n"
#define WORDS(text)                                                     \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"" text "\"},\"done\":false}\n"
#define CALL(name, arguments)                                           \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"" name  \
    "\",\"arguments\":" arguments "}}]},\"done\":false}\n"
#define DONE                                                            \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","         \
    "\"prompt_eval_count\":7,\"eval_count\":2}\n"
#define READS_NOTES CALL("read_file", "{\"path\":\"notes.txt\"}")

static char host_variable[64];

/* Tools work where the program was started: in its home. */
static struct program asking(struct server *server, const char *const *words)
{
    struct program program = { .works_at_home = true };
    size_t count = 0;
    snprintf(host_variable, sizeof host_variable, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    program.variables[0] = host_variable;
    program_file(&program, "notes.txt", "the knot is a bowline\n");
    program.arguments[count++] = "-m";
    program.arguments[count++] = "ollama/small:1b";
    for (; *words; words++)
        program.arguments[count++] = *words;
    return program;
}
#define ASKING(server, ...) \
    asking(server, (const char *const[]){ __VA_ARGS__, NULL })

static void ck_says(struct buf *text, const char *words)
{
    ck_assert_msg(strstr(buf_string(text), words) != NULL,
                  "\"%s\" is not in: %s", words, buf_string(text));
}

START_TEST(a_script_offers_no_tool_that_it_does_not_name)
{
    struct server *server =
        server_start(TAGS, ANSWER WORDS("Hello") DONE, NULL);
    struct program program =
        ASKING(server, "--set", "tools.use=[read_file]", "hello");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_int_eq(server_count(server, "\"tools\""), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(the_tools_that_are_named_are_offered_and_no_others)
{
    struct server *server =
        server_start(TAGS, ANSWER WORDS("Hello") DONE, NULL);
    struct program program =
        ASKING(server, "--tools", "read_file, list_dir", "hello");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_int_eq(server_count(server, "\"name\":\"read_file\""), 1);
    ck_assert_int_eq(server_count(server, "\"name\":\"list_dir\""), 1);
    ck_assert_int_eq(server_count(server, "\"name\":\"shell\""), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(none_switches_off_what_the_settings_offer)
{
    struct server *server =
        server_start(TAGS, ANSWER WORDS("Hello") DONE, NULL);
    struct program program = ASKING(server, "--tools", "none", "hello");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_int_eq(server_count(server, "\"tools\""), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_call_without_a_rule_is_denied_told_and_an_exit_status_of_6)
{
    struct server *server =
        server_start(TAGS, ANSWER WORDS("I look.") READS_NOTES DONE,
                     ANSWER WORDS("I could not read it.") DONE, NULL);
    struct program program =
        ASKING(server, "--tools", "read_file", "which knot?");
    program_run(&program);
    ck_assert_int_eq(program.status, 6);
    /* What was said before the call is no answer. */
    ck_assert_str_eq(buf_string(&program.out), "I could not read it.\n");
    ck_says(&program.err, "t1 read_file: denied");
    ck_says(&program.err, "--yes");
    ck_assert_int_eq(server_count(server, "\"role\":\"tool\""), 1);
    ck_assert_int_eq(server_count(server, "bowline"), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_rule_lets_a_call_pass_and_its_result_goes_back)
{
    struct server *server =
        server_start(TAGS, ANSWER READS_NOTES DONE,
                     ANSWER WORDS("It is a bowline.") DONE, NULL);
    struct program program = ASKING(server, "--tools", "read_file", "--yes",
                                    "read_file", "which knot?");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "It is a bowline.\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    ck_assert_int_eq(server_count(server, "the knot is a bowline"), 1);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_call_that_failed_is_made_good_by_a_later_one_of_its_tool)
{
    struct server *server = server_start(
        TAGS, ANSWER CALL("read_file", "{\"path\":\"note.txt\"}") DONE,
        ANSWER READS_NOTES DONE, ANSWER WORDS("It is a bowline.") DONE, NULL);
    struct program program = ASKING(server, "--tools", "read_file", "--yes",
                                    "read_file", "which knot?");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_call_without_a_name_is_answered_and_an_exit_status_of_6)
{
    struct server *server = server_start(TAGS, ANSWER CALL("", "{}") DONE,
                                         ANSWER WORDS("Well.") DONE, NULL);
    struct program program =
        ASKING(server, "--tools", "read_file", "which knot?");
    program_run(&program);
    ck_assert_int_eq(program.status, 6);
    ck_assert_str_eq(buf_string(&program.out), "Well.\n");
    ck_says(&program.err, "there is no tool named \"\"");
    ck_assert_int_eq(server_count(server, "there is no tool named"), 1);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_call_that_failed_last_is_an_exit_status_of_6)
{
    struct server *server =
        server_start(TAGS, ANSWER READS_NOTES DONE,
                     ANSWER CALL("read_file", "{\"path\":\"note.txt\"}") DONE,
                     ANSWER WORDS("There is no such file.") DONE, NULL);
    struct program program = ASKING(server, "--tools", "read_file", "--yes",
                                    "read_file", "which knot?");
    program_run(&program);
    ck_assert_int_eq(program.status, 6);
    ck_assert_str_eq(buf_string(&program.out), "There is no such file.\n");
    ck_says(&program.err, "t2 read_file: error");
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* No program is let pass unasked where nothing keeps it from files. */
static bool has_box(void)
{
    struct program program = { .arguments = { "tools" } };
    program_run(&program);
    bool has = strstr(buf_string(&program.out), "box:full") ||
               strstr(buf_string(&program.out), "box:files");
    program_clear(&program);
    if (!has)
        skip_note("landlock");
    return has;
}

START_TEST(a_tool_of_ones_own_runs_where_a_rule_says_so)
{
    if (!has_box())
        return;
    struct server *server = server_start(
        TAGS, ANSWER CALL("knots", "{\"name\":\"bow line; ls\"}") DONE,
        ANSWER WORDS("done") DONE, NULL);
    struct program program =
        ASKING(server, "--tools", "knots", "--yes", "knots", "which knot?");
    program_file(&program, ".config/sennit/config.yaml",
                 "tools:\n  own:\n    knots:\n"
                 "      about: says a name\n"
                 "      argv: [echo, \"knot={name}\"]\n"
                 "      parameters: {name: {type: text, about: any}}\n");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_int_eq(server_count(server, "knot=bow line; ls"), 1);
    program_clear(&program);
    server_stop(server);
}
END_TEST

static const struct mistake {
    const char *words[6];
    int status;
    const char *says[2];
} mistakes[] = {
    { { "--yes", "read_file", "hello" }, 2, { "--tools", "--yes" } },
    { { "--tools", "read_file", "--yes", "*", "hello" }, 2, { "*", "rule" } },
    { { "--tools", "read_file", "--yes", "", "hello" }, 2, { "rule", "" } },
    { { "--tools", "read_fiel", "hello" }, 4, { "read_fiel", "read_file" } },
    { { "--tools", "shell", "--set", "tools.allow=[{tool: shell}]", "hello" },
      4,
      { "--set: tools.allow: ", "a rule for shell names the whole command" } },
    { { "--tools", "read_file", "--yes", "shell:ls; rm x", "hello" },
      2,
      { "shell", "" } },
};

START_TEST(a_flag_that_says_nothing_is_refused_before_anything_is_sent)
{
    const struct mistake *mistake = &mistakes[_i];
    struct server *server =
        server_start(TAGS, ANSWER WORDS("Hello") DONE, NULL);
    struct program program = asking(server, mistake->words);
    program_run(&program);
    ck_assert_msg(program.status == mistake->status, "%d: %s", program.status,
                  buf_string(&program.err));
    for (size_t i = 0; i < 2 && mistake->says[i]; i++)
        ck_says(&program.err, mistake->says[i]);
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(json_and_its_stream_tell_the_calls)
{
    struct server *server =
        server_start(TAGS, ANSWER READS_NOTES DONE,
                     ANSWER WORDS("It is a bowline.") DONE, NULL);
    struct program program =
        ASKING(server, "-o", "stream-json", "--tools", "read_file", "--yes",
               "read_file", "which knot?");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_says(&program.out, "\"type\":\"tool-call-end\"");
    ck_says(&program.out, "\"type\":\"tool-finished\"");
    ck_says(&program.out, "\"outcome\":\"completed\"");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(json_has_the_calls_of_all_steps_and_their_sum)
{
    struct server *server =
        server_start(TAGS, ANSWER READS_NOTES DONE,
                     ANSWER WORDS("It is a bowline.") DONE, NULL);
    struct program program =
        ASKING(server, "-o", "json", "--tools", "read_file", "--yes",
               "read_file", "which?");
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_says(&program.out, "\"text\":\"It is a bowline.\"");
    ck_says(&program.out, "\"state\":\"completed\"");
    ck_says(&program.out, "the knot is a bowline");
    ck_says(&program.out, "\"run_usage\":{\"input\":14,\"output\":4,");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_call_that_nobody_offered_and_nothing_else_is_no_answer)
{
    struct server *server = server_start(TAGS, ANSWER READS_NOTES DONE, NULL);
    struct program program = ASKING(server, "which?");
    program_run(&program);
    ck_assert_int_eq(program.status, 6);
    ck_says(&program.err, "t1 read_file: error");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(sennit_tools_lists_what_there_is_and_shows_one)
{
    struct program program = { 0 };
    program.arguments[0] = "tools";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_says(&program.out, "read_file");
    ck_says(&program.out, "shell");
    ck_says(&program.out, "mode ask");
    buf_reset(&program.out);
    program.arguments[1] = "read_file";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_says(&program.out, "\"path\"");
    buf_reset(&program.out);
    program.arguments[2] = "-o";
    program.arguments[3] = "json";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_says(&program.out, "\"effect\":\"reads\"");
    buf_reset(&program.err);
    program.arguments[1] = "read_fiel";
    program_run(&program);
    ck_assert_int_eq(program.status, 2);
    ck_says(&program.err, "did you mean read_file?");
    program_clear(&program);
}
END_TEST

Suite *tool_flags_suite(void)
{
    Suite *suite = suite_create("tool_flags");
    TCase *tcase = tcase_create("tool_flags");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_script_offers_no_tool_that_it_does_not_name);
    tcase_add_test(tcase, the_tools_that_are_named_are_offered_and_no_others);
    tcase_add_test(tcase, none_switches_off_what_the_settings_offer);
    tcase_add_test(
        tcase, a_call_without_a_rule_is_denied_told_and_an_exit_status_of_6);
    tcase_add_test(tcase, a_rule_lets_a_call_pass_and_its_result_goes_back);
    tcase_add_test(tcase,
                   a_call_that_failed_is_made_good_by_a_later_one_of_its_tool);
    tcase_add_test(tcase,
                   a_call_without_a_name_is_answered_and_an_exit_status_of_6);
    tcase_add_test(tcase, a_call_that_failed_last_is_an_exit_status_of_6);
    tcase_add_test(tcase, a_tool_of_ones_own_runs_where_a_rule_says_so);
    tcase_add_loop_test(
        tcase, a_flag_that_says_nothing_is_refused_before_anything_is_sent, 0,
        sizeof mistakes / sizeof *mistakes);
    tcase_add_test(tcase, json_and_its_stream_tell_the_calls);
    tcase_add_test(tcase, json_has_the_calls_of_all_steps_and_their_sum);
    tcase_add_test(tcase,
                   a_call_that_nobody_offered_and_nothing_else_is_no_answer);
    tcase_add_test(tcase, sennit_tools_lists_what_there_is_and_shows_one);
    suite_add_tcase(suite, tcase);
    return suite;
}
