/* SPDX-License-Identifier: MIT */
/*
 * The example of sennit(1) that takes events apart, run as it stands there.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/program.h"
#include "tests/support/server.h"
#include "tests/support/skip.h"

Suite *recipe_suite(void);

enum { TEXT_MAX = 256 * 1024 };

#define OWN                                                         \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n" \
    "line {\"model\":\"m\",\"message\":{\"content\":\"one two \"}," \
    "\"done\":false}\n"
#define BROKEN OWN "close\n"
#define WHOLE                                                          \
    OWN "line {\"model\":\"m\",\"message\":{\"content\":\"at home\"}," \
        "\"done\":true,\"done_reason\":\"stop\"}\n"
#define VENDOR                                                        \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\n"                        \
    "data {\"choices\":[{\"delta\":{\"content\":\"one two \"}}]}\n"   \
    "data {\"choices\":[{\"delta\":{\"content\":\"three\"},"          \
    "\"finish_reason\":\"stop\"}]}\ndata [DONE]\n"

static const struct {
    const char *own, *answer;
} streams[] = {
    { WHOLE, "one two at home" },
    { BROKEN, "one two three" },
};

/* Between "jq -nj '" and the quote that ends it. */
static void append_recipe(struct buf *recipe)
{
    static const char start[] = "jq -nj '";
    struct buf manual = { 0 };
    struct error err = { 0 };
    ck_assert_msg(path_read_file(&manual, "man/sennit.1", TEXT_MAX, &err), "%s",
                  err.text);
    const char *from = strstr(buf_string(&manual), start);
    ck_assert_ptr_nonnull(from);
    from += strlen(start);
    ck_assert_ptr_nonnull(strchr(from, '\''));
    buf_append(recipe, from, (size_t)(strchr(from, '\'') - from));
    buf_clear(&manual);
}

static void append_result(struct buf *result, const char *home)
{
    char command[2 * PATH_MAX], piece[256];
    snprintf(command, sizeof command, "jq -nj -f '%s/recipe' '%s/events'", home,
             home);
    FILE *jq = popen(command, "r");
    ck_assert_ptr_nonnull(jq);
    while (fgets(piece, sizeof piece, jq))
        buf_append_string(result, piece);
    ck_assert_int_eq(pclose(jq), 0);
}

static void write_config(struct program *program, struct server *own,
                         struct server *vendor)
{
    struct buf yaml = { 0 };
    buf_printf(&yaml,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
               server_url(own, ""));
    buf_printf(&yaml,
               "  cloud: {dialect: chat-completions, trust: vendor, url: "
               "\"%s\", models: {m: m}}\n"
               "privacy: {first_send_to_vendor: always}\n"
               "routing: {ladder: [box/m, cloud/m]}\n"
               "limits: {backoff: 1ms}\n",
               server_url(vendor, "/v1"));
    program_file(program, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
}

START_TEST(the_example_prints_the_answer_and_nothing_twice)
{
    struct program program = { .arguments = { "-o", "stream-json", "hi" } };
    struct buf recipe = { 0 }, result = { 0 };
    if (system("jq --version >/dev/null 2>&1") != 0) {
        skip_note("jq");
        return;
    }
    struct server *own = server_start(streams[_i].own, NULL);
    struct server *vendor = server_start(VENDOR, NULL);
    write_config(&program, own, vendor);
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    append_recipe(&recipe);
    program_file(&program, "recipe", buf_string(&recipe));
    program_file(&program, "events", buf_string(&program.out));
    append_result(&result, program.home);
    ck_assert_str_eq(buf_string(&result), streams[_i].answer);
    buf_clear(&recipe);
    buf_clear(&result);
    program_clear(&program);
    server_stop(own);
    server_stop(vendor);
}
END_TEST

Suite *recipe_suite(void)
{
    Suite *suite = suite_create("recipe");
    TCase *tcase = tcase_create("recipe");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_example_prints_the_answer_and_nothing_twice,
                        0, COUNTOF(streams));
    suite_add_tcase(suite, tcase);
    return suite;
}
