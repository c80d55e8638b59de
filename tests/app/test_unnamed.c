/* SPDX-License-Identifier: MIT */
/*
 * A vendor that nobody has named gets nothing in one-shot use, by whatever way
 * its model was found: a stub of an Ollama, a role, a session that goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *unnamed_suite(void);

/* What `ollama cp gpt-oss:120b-cloud cloudy` makes: a stub by any name. */
#define STUBS                                                           \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"               \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\","           \
    "\\\"size\\\":1000},{\\\"name\\\":\\\"cloudy\\\",\\\"size\\\":300," \
    "\\\"remote_host\\\":\\\"https://ollama.com:443\\\","               \
    "\\\"remote_model\\\":\\\"gpt-oss:120b\\\"}]}\"\n",                 \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"             \
        "body \"{\\\"models\\\":[]}\"\n"
#define ANSWERS                                            \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\n" \
    "chunked\n" OLLAMA_SAY("hi") OLLAMA_DONE

static struct server *box, *gate;
static struct program program;

static void setup(void)
{
    struct buf config = { 0 };
    program = (struct program){ 0 };
    box = server_start(STUBS, ANSWERS, NULL);
    gate = server_start(OLLAMA_MODELS, ANSWERS, NULL);
    buf_printf(&config,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\",\n"
               "    models: {alias: cloudy}}\n",
               server_url(box, ""));
    buf_printf(&config,
               "  shop: {dialect: ollama, trust: vendor, url: \"%s\"}\n"
               "roles:\n"
               "  far: {system: You are far., model: shop/small:1b}\n"
               "  near: {system: You are near., model: 'box/small:1b'}\n",
               server_url(gate, ""));
    program_file(&program, ".config/sennit/config.yaml", buf_string(&config));
    buf_clear(&config);
}

static void teardown(void)
{
    program_clear(&program);
    server_stop(box);
    server_stop(gate);
}

/* The words are cut at blanks. */
static int run(const char *words)
{
    static char storage[400];
    size_t count = 0;
    memset(program.arguments, 0, sizeof program.arguments);
    snprintf(storage, sizeof storage, "%s", words);
    char *rest = storage;
    for (char *word; (word = strsep(&rest, " "));)
        program.arguments[count++] = word;
    program_run(&program);
    return program.status;
}

static const struct {
    const char *words;
    int status;
} barred[] = {
    { "--local -m box/cloudy hello", 2 },
    { "--local -m box/alias hello", 2 },
    { "--local -m box/Cloudy:latest hello", 2 },
    { "--set model=box/library/cloudy hello", 4 },
    { "--private -m box/CLOUDY hello", 4 },
    /* It may be anybody's. */
    { "--private -m box/unlisted hello", 4 },
    { "--set model=box/cloudy hello", 4 },
    { "--set model=box/alias hello", 4 },
    { "--set routing.ladder=[box/alias] hello", 4 },
    { "--set routing.ladder=[box/cloudy] hello", 4 },
    { "--role far hello", 4 },
    { "--set role=far hello", 4 },
    { "--set privacy.first_send_to_vendor=never --role far hello", 4 },
    { "--local --role far --set routing.ladder=[] -m shop/small:1b hello", 2 },
};

START_TEST(who_was_not_named_gets_nothing)
{
    int status = run(barred[_i].words);
    ck_assert_msg(status == barred[_i].status, "%d: %s", status,
                  buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_uint_gt(program.err.len, 0);
    ck_assert_int_eq(server_count(box, "POST /api/chat"), 0);
    ck_assert_int_eq(server_count(gate, "POST /api/chat"), 0);
}
END_TEST

static const struct {
    const char *words;
    bool is_gate;
} asked[] = {
    { "-m box/cloudy hello", false }, /* named: the user's own word */
    { "-m box/small:1b hello", false },
    { "--private -m box/small:1b hello", false },
    { "--private -m box/Small:1B hello", false },
    { "--role near hello", false },
    { "-m shop/small:1b hello", true },
    { "-m shop/small:1b --role near hello", true },
};

START_TEST(who_was_named_is_asked)
{
    int status = run(asked[_i].words);
    ck_assert_msg(status == 0, "%d: %s", status, buf_string(&program.err));
    ck_assert_int_eq(server_count(box, "POST /api/chat"), !asked[_i].is_gate);
    ck_assert_int_eq(server_count(gate, "POST /api/chat"), asked[_i].is_gate);
}
END_TEST

/* The whole role: its prompt and its model. */
START_TEST(a_session_that_goes_on_takes_the_role_that_is_named)
{
    ck_assert_int_eq(run("--role near one"), 0);
    ck_assert_int_eq(run("-c two"), 0);
    ck_assert_int_eq(server_count(box, "POST /api/chat"), 2);
    ck_assert_int_eq(server_count(box, "You are near."), 2);
    ck_assert_int_eq(run("-c --role far three"), 4);
    ck_assert_int_eq(server_count(gate, "POST /api/chat"), 0);
    ck_assert_msg(run("-c --role far -m shop/small:1b three") == 0, "%s",
                  buf_string(&program.err));
    ck_assert_int_eq(server_count(gate, "You are far."), 1);
    ck_assert_int_eq(run("-c -s Brief. -m shop/small:1b four"), 0);
    ck_assert_int_eq(server_count(gate, "Brief."), 1);
}
END_TEST

/* What is typed at once waits for the list, which comes late. */
START_TEST(who_types_before_the_list_is_there_is_asked_all_the_same)
{
    struct buf yaml = { 0 };
    struct server *late =
        server_start("match GET /api/tags\ntimes forever\nawait go\n"
                     "status 200 OK\nbody "
                     "\"{\\\"models\\\":[{\\\"name\\\":\\\"cloudy\\\","
                     "\\\"remote_host\\\":\\\"https://ollama.com\\\"}]}\"\n",
                     ANSWERS, NULL);
    struct pty *pty = pty_new(NULL);
    buf_printf(&yaml,
               "model: box/cloudy\nendpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
               server_url(late, ""));
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&yaml));
    const char *path = getenv("PROGRAM");
    pty_start(pty, (const char *const[]){ path ? path : "build/release/sennit",
                                          "--linear", NULL });
    pty_expect(pty, "-- sennit ");
    pty_send(pty, "hello\n");
    ck_assert(server_await(late, "GET /api/tags"));
    server_release(late, "go");
    pty_expect(pty, "leaves this machine by way of ");
    pty_expect(pty, "never");
    ck_assert_int_eq(server_count(late, "POST /api/chat"), 0);
    buf_clear(&yaml);
    pty_free(pty);
    server_stop(late);
}
END_TEST

Suite *unnamed_suite(void)
{
    Suite *suite = suite_create("unnamed");
    TCase *tcase = tcase_create("unnamed");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, who_was_not_named_gets_nothing, 0,
                        COUNTOF(barred));
    tcase_add_loop_test(tcase, who_was_named_is_asked, 0, COUNTOF(asked));
    tcase_add_test(tcase, a_session_that_goes_on_takes_the_role_that_is_named);
    tcase_add_test(tcase,
                   who_types_before_the_list_is_there_is_asked_all_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
