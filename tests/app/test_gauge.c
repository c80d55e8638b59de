/* SPDX-License-Identifier: MIT */
/*
 * `sennit tokens`: the real program, own servers that count, and vendors that
 * must hear nothing.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *gauge_suite(void);

static void run(struct program *program, const char *const *words,
                const char *input)
{
    memset(program->arguments, 0, sizeof program->arguments);
    program->arguments[0] = "tokens";
    for (size_t i = 0; words && words[i]; i++)
        program->arguments[i + 1] = words[i];
    program->input = input;
    program_run(program);
}

static void ck_says(const struct buf *text, const char *words)
{
    ck_assert_msg(strstr(buf_string(text), words), "no \"%s\" in: %s", words,
                  buf_string(text));
}

static uint64_t tokens_of(const struct buf *out)
{
    struct error err = { 0 };
    uint64_t tokens = 0;
    json_t *object = json_parse(buf_slice(out), &err);
    ck_assert_msg(json_count(object, "tokens", &tokens), "%s", out->ptr);
    json_decref(object);
    return tokens;
}

START_TEST(the_words_are_counted_and_it_says_that_it_is_an_estimate)
{
    struct program program = { 0 };
    run(&program, (const char *[]){ "one two", "three", NULL }, NULL);
    ck_assert_int_eq(program.status, 0);
    ck_says(&program.out, "about 3 tokens, by estimate");
    program_clear(&program);
}
END_TEST

START_TEST(so_is_standard_input_and_a_file)
{
    struct program program = { 0 };
    char path[SCRATCH_PATH_MAX + 16];
    run(&program, NULL, "one two three");
    ck_says(&program.out, "about 3 tokens");
    program_file(&program, "notes.txt", "one two three four");
    snprintf(path, sizeof path, "%s/notes.txt", program.home);
    run(&program, (const char *[]){ "-f", path, NULL }, NULL);
    ck_says(&program.out, "about 4 tokens");
    run(&program, (const char *[]){ "-f", "none.txt", NULL }, NULL);
    ck_assert_int_ne(program.status, 0);
    program_clear(&program);
}
END_TEST

START_TEST(lines_of_json_are_answered_a_line_each)
{
    struct program program = { 0 };
    run(&program, NULL,
        "{\"id\":\"a\",\"text\":\"one two three\"}\n"
        "{\"id\":7,\"text\":\"\"}\n");
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(buf_string(&program.out),
                     "{\"id\":\"a\",\"tokens\":3}\n{\"id\":7,\"tokens\":0}\n");
    run(&program, NULL,
        "{\"id\":1,\"text\":\"one\"}\nnone\n{\"id\":2,\"text\":\"two\"}\n");
    ck_assert_int_eq(program.status, 2);
    ck_says(&program.out, "{\"id\":2,\"tokens\":1}\n");
    ck_says(&program.err, "line 2 is no JSON object with \"id\" and \"text\"");
    program_clear(&program);
}
END_TEST

START_TEST(the_model_chooses_the_tokenizer)
{
    struct program program = { 0 };
    run(&program, (const char *[]){ "-o", "json", "123456789012", NULL }, NULL);
    uint64_t by_three = tokens_of(&program.out);
    run(&program,
        (const char *[]){ "-o", "json", "-m", "qwen3:4b", "123456789012",
                          NULL },
        NULL);
    ck_assert_uint_gt(tokens_of(&program.out), 2 * by_three);
    ck_says(&program.out, "\"tokenizer\":\"qwen\"");
    ck_says(&program.out, "\"exact\":false");
    ck_assert_str_eq(buf_string(&program.err), "");
    program_clear(&program);
}
END_TEST

#define LLAMA_MODELS                                                 \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n"           \
    "header Content-Type: application/json\n"                        \
    "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":[{\\\"id\\\":" \
    "\\\"m\\\",\\\"object\\\":\\\"model\\\",\\\"owned_by\\\":"       \
    "\\\"llamacpp\\\",\\\"meta\\\":{\\\"n_vocab\\\":151936}}]}\"\n"

#define LLAMA_PROPS                                    \
    "match GET /props\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\nbody \"{}\"\n"
#define COUNTS                                             \
    "match POST /tokenize\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"              \
    "body \"{\\\"tokens\\\":[5,9,11,4,2]}\"\n"
#define COUNTS_NOT                                           \
    "match POST /tokenize\ntimes forever\nstatus 404 None\n" \
    "header Content-Type: application/json\nbody \"{}\"\n"

static void configure(struct program *program, struct server *server,
                      const char *trust)
{
    char yaml[300];
    snprintf(yaml, sizeof yaml,
             "endpoints: {box: {dialect: chat-completions, url: \"%s\", "
             "trust: %s}}\n",
             server_url(server, "/v1"), trust);
    program_file(program, ".config/sennit/config.yaml", yaml);
}

START_TEST(an_own_server_that_counts_is_asked)
{
    struct program program = { 0 };
    struct server *server =
        server_start(LLAMA_MODELS, LLAMA_PROPS, COUNTS, NULL);
    configure(&program, server, "own");
    run(&program, (const char *[]){ "-m", "box/m", "one two three", NULL },
        NULL);
    ck_assert_str_eq(buf_string(&program.out), "5 tokens, counted by box\n");
    ck_assert_int_eq(server_count(server, "\"content\":\"one two three\""), 1);
    run(&program, (const char *[]){ "-m", "box/m", NULL },
        "{\"id\":1,\"text\":\"one\"}\n{\"id\":2,\"text\":\"two\"}\n");
    ck_assert_str_eq(buf_string(&program.out),
                     "{\"id\":1,\"tokens\":5}\n{\"id\":2,\"tokens\":5}\n");
    server_stop(server);
    program_clear(&program);
}
END_TEST

START_TEST(one_that_cannot_leaves_an_estimate_with_its_vocabulary)
{
    struct program program = { 0 };
    struct server *server =
        server_start(LLAMA_MODELS, LLAMA_PROPS, COUNTS_NOT, NULL);
    configure(&program, server, "own");
    run(&program,
        (const char *[]){ "-o", "json", "-m", "box/m", "one two three", NULL },
        NULL);
    ck_assert_int_eq(program.status, 0);
    ck_assert_uint_eq(tokens_of(&program.out), 3);
    ck_says(&program.out, "\"tokenizer\":\"qwen\"");
    ck_says(&program.err, "only an estimate: ");
    server_stop(server);
    program_clear(&program);
}
END_TEST

START_TEST(a_vendor_hears_nothing)
{
    struct program program = { 0 };
    struct server *server =
        server_start(LLAMA_MODELS, LLAMA_PROPS, COUNTS, NULL);
    configure(&program, server, "vendor");
    run(&program, (const char *[]){ "-m", "box/m", "one two three", NULL },
        NULL);
    ck_says(&program.out, "about 3 tokens, by estimate");
    ck_assert_int_eq(server_count(server, "POST "), 0);
    ck_assert_int_eq(server_count(server, "GET "), 0);
    server_stop(server);
    program_clear(&program);
}
END_TEST

Suite *gauge_suite(void)
{
    Suite *suite = suite_create("gauge");
    TCase *tcase = tcase_create("gauge");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   the_words_are_counted_and_it_says_that_it_is_an_estimate);
    tcase_add_test(tcase, so_is_standard_input_and_a_file);
    tcase_add_test(tcase, lines_of_json_are_answered_a_line_each);
    tcase_add_test(tcase, the_model_chooses_the_tokenizer);
    tcase_add_test(tcase, an_own_server_that_counts_is_asked);
    tcase_add_test(tcase,
                   one_that_cannot_leaves_an_estimate_with_its_vocabulary);
    tcase_add_test(tcase, a_vendor_hears_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
