/* SPDX-License-Identifier: MIT */
/*
 * The real program, asked through programs and files that stand for a model.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/program.h"

Suite *own_stream_suite(void);

/* $1 says how it ends; the request is kept in the file $2. */
static const char answer[] =
    "cat > \"$2\"\n"
    "echo starting >&2\n"
    "[ \"$1\" = fail ] && { echo 'no weights' >&2; exit 3; }\n"
    "echo '{\"type\":\"thinking-delta\",\"text\":\"hm\"}'\n"
    "echo '{\"type\":\"text-delta\",\"text\":\"Good \"}'\n"
    "[ \"$1\" = cut ] && exit 0\n"
    "echo '{\"type\":\"text-delta\",\"text\":\"morning\"}'\n"
    "echo '{\"type\":\"usage\",\"input\":3,\"output\":2}'\n"
    "echo '{\"type\":\"run-finished\",\"outcome\":\"complete\"}'\n";

static void configure(struct program *program)
{
    struct buf yaml = { 0 };
    static const char *const ways[] = { "good", "cut", "fail" };
    program_file(program, "answer.sh", answer);
    buf_append_string(&yaml, "endpoints:\n");
    for (size_t i = 0; i < COUNTOF(ways); i++)
        buf_printf(&yaml,
                   "  %s:\n    dialect: events\n    trust: own\n"
                   "    command: [sh, %s/answer.sh, %s, %s/request]\n",
                   ways[i], program->home, ways[i], program->home);
    buf_printf(&yaml,
               "  tape:\n    dialect: events\n"
               "    url: \"file://%s/tape.jsonl\"\n",
               program->home);
    program_file(program, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
}

static void ask(struct program *program, const char *target, const char *form)
{
    memset(program->arguments, 0, sizeof program->arguments);
    program->arguments[0] = "-m";
    program->arguments[1] = target;
    program->arguments[2] = "-o";
    program->arguments[3] = form;
    program->arguments[4] = "a question";
    buf_reset(&program->out);
    buf_reset(&program->err);
    program_run(program);
}

START_TEST(a_program_answers_and_its_answer_can_be_replayed)
{
    struct program program = { 0 };
    program_file(&program, "request", "");
    configure(&program);
    ask(&program, "good", "text");
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "Good morning\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    ask(&program, "good/large", "stream-json");
    ck_assert_int_eq(program.status, 0);
    program_file(&program, "tape.jsonl", buf_string(&program.out));
    ask(&program, "tape", "text");
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "Good morning\n");
    ask(&program, "tape", "json");
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "\"Good morning\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "\"hm\""));
    program_clear(&program);
}
END_TEST

START_TEST(a_program_is_given_the_request)
{
    struct program program = { 0 };
    char path[256];
    char got[256] = "";
    program_file(&program, "request", "");
    configure(&program);
    ask(&program, "good/large", "text");
    snprintf(path, sizeof path, "%s/request", program.home);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(got, sizeof got, file));
    fclose(file);
    ck_assert_str_eq(got, "{\"model\":\"large\",\"messages\":[{\"role\":"
                          "\"user\",\"content\":\"a question\"}]}");
    program_clear(&program);
}
END_TEST

START_TEST(how_it_ends_is_told)
{
    struct program program = { 0 };
    program_file(&program, "request", "");
    configure(&program);
    ask(&program, "cut", "text");
    ck_assert_int_eq(program.status, 3);
    ck_assert_str_eq(buf_string(&program.out), "Good \n");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err),
               "command://cut ended the stream without its end marker"));
    ask(&program, "fail", "text");
    ck_assert_int_eq(program.status, 1);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err),
               "fail: sh: it failed with exit status 3: no weights"));
    ask(&program, "tape", "text");
    ck_assert_int_eq(program.status, 1);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err),
                                 "tape.jsonl: No such file or directory"));
    program_clear(&program);
}
END_TEST

Suite *own_stream_suite(void)
{
    Suite *suite = suite_create("own_stream");
    TCase *tcase = tcase_create("own_stream");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_program_answers_and_its_answer_can_be_replayed);
    tcase_add_test(tcase, a_program_is_given_the_request);
    tcase_add_test(tcase, how_it_ends_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
