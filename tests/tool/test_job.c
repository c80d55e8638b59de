/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/server.h"
#include "tests/support/workshop.h"

Suite *job_suite(void);

/* Tools that work: what they do is for the tests to see. */

static bool plan_echo(const struct tool_place *place, struct tool_plan *plan,
                      struct error *err)
{
    const char *text =
        json_string_value(json_object_get(plan->arguments, "text"));
    (void)place;
    if (text && !strcmp(text, "refuse"))
        return error_set(err, ERROR_TOOL, "that is not done here");
    buf_append_string(&plan->about, text ? text : "nothing");
    return true;
}

static bool work_echo(struct tool_work *work, struct error *err)
{
    const char *text =
        json_string_value(json_object_get(work->plan->arguments, "text"));
    buf_append_string(&work->out, text ? text : "");
    return strcmp(text ? text : "", "fail") != 0 ||
           error_set(err, ERROR_TOOL, "it failed as it was told");
}

static const struct tool echo = {
    .name = "echo",
    .schema = "{\"type\": \"object\", \"properties\": {"
              "\"text\": {\"type\": \"string\", \"maxLength\": 2000000},"
              "\"count\": {\"type\": \"integer\", \"minimum\": 1}},"
              "\"additionalProperties\": false}",
    .executor = TOOL_WORKS,
    .plan = plan_echo,
    .work = work_echo,
};

/* The thread waits in here until it is let go. */
static bool wait_until_cancelled(struct tool_work *work, struct error *err)
{
    while (!tool_work_is_cancelled(work))
        ;
    return error_set(err, ERROR_TOOL, "it noticed");
}

static const struct tool patient = { .name = "patient",
                                     .schema = "{\"type\": \"object\"}",
                                     .executor = TOOL_WORKS,
                                     .work = wait_until_cancelled };

static const struct tool hasty = { .name = "hasty",
                                   .schema = "{\"type\": \"object\"}",
                                   .executor = TOOL_WORKS,
                                   .work = wait_until_cancelled,
                                   .wait_ms = 1 };

/* Does what it was asked though it is told to stop. */
static bool do_all_the_same(struct tool_work *work, struct error *err)
{
    (void)err;
    while (!tool_work_is_cancelled(work))
        ;
    buf_append_string(&work->out, "done");
    return true;
}

static const struct tool stubborn = { .name = "stubborn",
                                      .schema = "{\"type\": \"object\"}",
                                      .executor = TOOL_WORKS,
                                      .work = do_all_the_same };

static void make_file(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    close(open(path, O_CREAT | O_WRONLY, 0600));
}

static bool has_file(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, F_OK) == 0;
}

/* A disk that does not answer: the thread is let go by the test. */
static bool hang(struct tool_work *work, struct error *err)
{
    static const struct timespec pause = { .tv_nsec = 1000 * 1000 };
    (void)err;
    make_file(work->place->directory, "begun");
    while (!has_file(work->place->directory, "go"))
        nanosleep(&pause, NULL);
    buf_append_string(&work->out, "too late");
    return true;
}

static const struct tool hung = { .name = "hung",
                                  .schema = "{\"type\": \"object\"}",
                                  .executor = TOOL_WORKS,
                                  .work = hang };

START_TEST(what_is_right_is_planned_then_done)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_call(&call, &shop, &echo, " {\"text\": \"hello\"} ");
    shop_await_ready(&call);
    ck_assert_str_eq(call.refusal.text, "");
    ck_assert_str_eq(buf_string(&job_plan(call.job)->about), "hello");
    ck_assert_ptr_eq(job_plan(call.job)->tool, &echo);
    ck_assert_int_eq(call.dones, 0);
    job_start(call.job);
    ck_assert_int_eq(call.dones, 0);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_str_eq(buf_string(&call.text), "hello");
    ck_assert_str_eq(buf_string(&call.error), "");
    ck_assert_int_eq(call.status, -1);
    ck_assert_uint_eq(call.bytes, 5);
    ck_assert_ptr_null(call.spool);
    ck_assert_int_eq(call.readies, 1);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(arguments_that_do_not_fit_are_refused_in_words)
{
    static const struct {
        const char *arguments, *words;
    } cases[] = {
        { "[1]", "must be a JSON object, not an array" },
        { "\"s\"", "must be a JSON object, not a string" },
        { "1", "must be a JSON object, not a number" },
        { "true", "must be a JSON object, not true or false" },
        { "{} trailing", "no JSON object" },
        { "{\"text\": \"a\"}{\"text\": \"b\"}", "no JSON object" },
        { "{\"text\": \"a\"", "no JSON object" },
        { "text=a", "no JSON object" },
        { "{\"text\": 1}", "/text: must be a string, not" },
        { "{\"text\": null}", "/text: must be a string, not" },
        { "{\"count\": 0}", "/count: must be >= 1" },
        { "{\"count\": \"1\"}", "/count: must be a whole number, not" },
        { "{\"count\": 1.5}", "/count: must be a whole number, not" },
        { "{\"txet\": \"a\"}", "/txet: is not allowed" },
        { "{\"text\": \"refuse\"}", "that is not done here" },
    };
    struct workshop shop;
    workshop_open(&shop, "");
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct shop_call call = { 0 };
        shop_call(&call, &shop, &echo, cases[i].arguments);
        shop_await_ready(&call);
        ck_assert_msg(strstr(call.refusal.text, cases[i].words) != NULL,
                      "%s: %s", cases[i].arguments, call.refusal.text);
        ck_assert_int_eq(call.dones, 0);
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(no_arguments_are_an_empty_object)
{
    static const char *const cases[] = { "", "  \n", "null", "{}" };
    struct workshop shop;
    workshop_open(&shop, "");
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct shop_call call = { 0 };
        shop_run(&call, &shop, &echo, cases[i]);
        ck_assert_int_eq(call.outcome, JOB_COMPLETED);
        ck_assert_uint_eq(call.text.len, 0);
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

/* A raw line break in a string is what small models write. */
START_TEST(what_was_mended_is_done_and_says_so)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_run(&call, &shop, &echo, "{\"text\": \"two\nlines\"}");
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_ptr_nonnull(strstr(buf_string(&call.text), "mended"));
    ck_assert_ptr_nonnull(strstr(buf_string(&call.text), "]\ntwo\nlines"));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

static void make_arguments(struct buf *arguments, size_t len)
{
    static const char start[] = "{\"text\":\"", end[] = "\"}";
    size_t fixed = strlen(start) + strlen(end);
    buf_append_string(arguments, start);
    for (size_t i = fixed; i < len; i++)
        buf_append_char(arguments, 'a');
    buf_append_string(arguments, end);
    ck_assert_uint_eq(arguments->len, len);
}

START_TEST(arguments_may_be_a_mebibyte_and_no_more)
{
    struct workshop shop;
    workshop_open(&shop, "");
    for (int more = -1; more <= 1; more++) {
        struct shop_call call = { 0 };
        struct buf arguments = { 0 };
        make_arguments(&arguments, (size_t)(1024 * 1024 + more));
        shop_call(&call, &shop, &echo, buf_string(&arguments));
        shop_await_ready(&call);
        ck_assert_msg((call.refusal.kind == ERROR_NONE) == (more <= 0), "%d",
                      more);
        ck_assert_msg(more <= 0 ||
                          strstr(call.refusal.text, "longer than 1048576"),
                      "%s", call.refusal.text);
        shop_call_clear(&call);
        buf_clear(&arguments);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(what_fails_says_why_and_keeps_what_it_has)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_run(&call, &shop, &echo, "{\"text\": \"fail\"}");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_str_eq(buf_string(&call.error), "it failed as it was told");
    ck_assert_str_eq(buf_string(&call.text),
                     "error: it failed as it was told\nfail");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

/* 131072 bytes are given whole; one more, and a file has it. */
START_TEST(a_long_result_is_cut_and_lies_in_a_file)
{
    struct workshop shop;
    workshop_open(&shop, "");
    for (size_t more = 0; more <= 1; more++) {
        struct shop_call call = { 0 };
        struct buf arguments = { 0 };
        size_t len = OUTPUT_HEAD_MAX + OUTPUT_TAIL_MAX + more;
        make_arguments(&arguments, len + strlen("{\"text\":\"\"}"));
        shop_run(&call, &shop, &echo, buf_string(&arguments));
        ck_assert_int_eq(call.outcome, JOB_COMPLETED);
        ck_assert_uint_eq(call.bytes, len);
        ck_assert_int_eq(call.spool != NULL, more == 1);
        if (call.spool) {
            struct stat status;
            struct buf whole = { 0 };
            struct error err;
            ck_assert_int_eq(stat(call.spool, &status), 0);
            ck_assert_int_eq(status.st_mode & 0777, 0600);
            ck_assert(path_read_file(&whole, call.spool, 1 << 20, &err));
            ck_assert_uint_eq(whole.len, len);
            ck_assert_ptr_nonnull(
                strstr(buf_string(&call.text), "[... 1 bytes left out ...]"));
            buf_clear(&whole);
        }
        shop_call_clear(&call);
        buf_clear(&arguments);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(a_thread_is_told_to_stop)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_call(&call, &shop, &patient, "{}");
    shop_await_ready(&call);
    job_start(call.job);
    loop_turn(shop.loop, 0);
    job_stop(call.job);
    job_stop(call.job);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_CANCELLED);
    ck_assert_ptr_nonnull(strstr(buf_string(&call.error), "stopped"));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

/* What was done is never called not done. */
START_TEST(what_is_done_in_spite_of_a_stop_is_done)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_call(&call, &shop, &stubborn, "{}");
    shop_await_ready(&call);
    job_start(call.job);
    while (!call.dones) {
        job_stop(call.job);
        loop_turn(shop.loop, 10);
    }
    /* It may have been stopped before the thread had begun. */
    if (call.outcome != JOB_CANCELLED) {
        ck_assert_int_eq(call.outcome, JOB_COMPLETED);
        ck_assert_str_eq(buf_string(&call.text), "done");
        ck_assert_str_eq(buf_string(&call.error), "");
    }
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(what_takes_too_long_is_ended)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_run(&call, &shop, &hasty, "{}");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_str_eq(buf_string(&call.error),
                     "it was ended: it took longer than 0.001 s");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_thread_that_hangs_is_not_waited_for)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_call(&call, &shop, &hung, "{}");
    shop_await_ready(&call);
    job_start(call.job);
    while (!has_file(shop.directory, "begun"))
        loop_turn(shop.loop, 1);
    job_stop(call.job);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_CANCELLED);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&call.text), "the disk does not answer"));
    ck_assert_ptr_eq(job_plan(call.job)->tool, &hung);
    make_file(shop.directory, "go");
    for (int turns = 0; turns < 20; turns++)
        loop_turn(shop.loop, 5);
    ck_assert_int_eq(call.dones, 1);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(what_is_stopped_before_it_is_ready_is_refused)
{
    struct workshop shop;
    static const struct tool *const tools[] = { &echo, &patient };
    workshop_open(&shop, "");
    for (size_t i = 0; i < COUNTOF(tools); i++) {
        struct shop_call call = { 0 };
        shop_call(&call, &shop, tools[i], "{}");
        job_stop(call.job);
        shop_await_ready(&call);
        ck_assert_int_eq(call.refusal.kind, ERROR_CANCELLED);
        /* The thread's answer comes to nobody. */
        for (int turns = 0; turns < 20; turns++)
            loop_turn(shop.loop, 1);
        ck_assert_int_eq(call.readies, 1);
        ck_assert_int_eq(call.dones, 0);
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

enum { NEW, PLANNED, STARTED, TURNED, ENDED, MOMENTS };

/* Nothing is called afterwards: a handler would find no job. */
static void free_at(struct workshop *shop, const struct tool *tool, int moment)
{
    struct shop_call call = { 0 };
    shop_call(&call, shop, tool, "{}");
    if (moment >= PLANNED)
        shop_await_ready(&call);
    if (moment >= STARTED)
        job_start(call.job);
    if (moment >= TURNED)
        loop_turn(shop->loop, 1);
    if (moment >= ENDED) {
        job_stop(call.job);
        shop_await_done(&call);
    }
    int readies = call.readies, dones = call.dones;
    job_free(call.job);
    call.job = NULL;
    for (int turns = 0; turns < 5; turns++)
        loop_turn(shop->loop, 1);
    ck_assert_int_eq(call.readies, readies);
    ck_assert_int_eq(call.dones, dones);
    shop_call_clear(&call);
}

START_TEST(a_job_may_be_freed_at_any_moment)
{
    struct workshop shop;
    workshop_open(&shop, "");
    for (int moment = 0; moment < MOMENTS; moment++) {
        free_at(&shop, &echo, moment);
        free_at(&shop, &patient, moment);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(a_handler_may_free_its_job)
{
    struct workshop shop;
    struct shop_call ready = { .frees_when_ready = true };
    struct shop_call done = { .frees_when_done = true };
    workshop_open(&shop, "");
    shop_call(&ready, &shop, &echo, "{}");
    shop_await_ready(&ready);
    ck_assert_ptr_null(ready.job);
    shop_run(&done, &shop, &echo, "{}");
    ck_assert_ptr_null(done.job);
    shop_call_clear(&ready);
    shop_call_clear(&done);
    workshop_close(&shop);
}
END_TEST

START_TEST(forty_calls_at_once_are_all_answered)
{
    struct workshop shop;
    static struct shop_call calls[40];
    workshop_open(&shop, "");
    for (size_t i = 0; i < COUNTOF(calls); i++)
        shop_call(&calls[i], &shop, &echo, "{\"text\": \"x\"}");
    for (size_t i = 0; i < COUNTOF(calls); i++) {
        shop_await_ready(&calls[i]);
        job_start(calls[i].job);
    }
    for (size_t i = 0; i < COUNTOF(calls); i++) {
        shop_await_done(&calls[i]);
        ck_assert_str_eq(buf_string(&calls[i].text), "x");
        shop_call_clear(&calls[i]);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(keys_do_not_reach_the_model)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "");
    shop_run(&call, &shop, &echo,
             "{\"text\": \"x sk-proj-abcdefghijklmnopqrstuvwxyz0123 y\"}");
    ck_assert_ptr_null(strstr(buf_string(&call.text), "abcdefgh"));
    ck_assert_ptr_nonnull(strstr(buf_string(&call.text), "x <redacted"));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

#define HOSTS "tools: {use: [http_get], hosts: [127.0.0.1]}"

static void get(struct shop_call *call, struct workshop *shop,
                struct server *server)
{
    struct buf arguments = { 0 };
    buf_printf(&arguments, "{\"url\": \"%s\"}", server_url(server, "/"));
    shop_call(call, shop, shop_tool(shop, "http_get"), buf_string(&arguments));
    shop_await_ready(call);
    ck_assert_str_eq(call->refusal.text, "");
    job_start(call->job);
    buf_clear(&arguments);
}

START_TEST(a_page_is_fetched_without_the_keys_in_it)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    struct server *server =
        server_start("header Content-Type: text/plain\n"
                     "body \"a ghp_0123456789abcdefghijklmnopqrstuvwxyz b\"\n",
                     NULL);
    workshop_open(&shop, HOSTS);
    get(&call, &shop, server);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_ptr_nonnull(strstr(buf_string(&call.text), "HTTP 200"));
    ck_assert_ptr_nonnull(strstr(buf_string(&call.text), "a <redacted"));
    ck_assert_ptr_null(strstr(buf_string(&call.text), "0123456789abc"));
    shop_call_clear(&call);
    server_stop(server);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_page_that_does_not_come_is_an_error_or_stopped)
{
    struct workshop shop;
    struct shop_call cut = { 0 }, stopped = { 0 }, freed = { 0 };
    struct server *server =
        server_start("length 9\nchunk \"x\"\nclose\n", "await go\nbody \"x\"\n",
                     "await go\nbody \"x\"\n", NULL);
    workshop_open(&shop, HOSTS);
    get(&cut, &shop, server);
    shop_await_done(&cut);
    ck_assert_int_eq(cut.outcome, JOB_FAILED);
    ck_assert_ptr_eq(strstr(buf_string(&cut.text), "error: "), cut.text.ptr);
    get(&stopped, &shop, server);
    loop_turn(shop.loop, 10);
    job_stop(stopped.job);
    shop_await_done(&stopped);
    ck_assert_int_eq(stopped.outcome, JOB_CANCELLED);
    get(&freed, &shop, server);
    loop_turn(shop.loop, 10);
    shop_call_clear(&freed);
    shop_call_clear(&stopped);
    shop_call_clear(&cut);
    server_stop(server);
    workshop_close(&shop);
}
END_TEST

Suite *job_suite(void)
{
    Suite *suite = suite_create("job");
    TCase *tcase = tcase_create("job");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_right_is_planned_then_done);
    tcase_add_test(tcase, arguments_that_do_not_fit_are_refused_in_words);
    tcase_add_test(tcase, no_arguments_are_an_empty_object);
    tcase_add_test(tcase, what_was_mended_is_done_and_says_so);
    tcase_add_test(tcase, arguments_may_be_a_mebibyte_and_no_more);
    tcase_add_test(tcase, what_fails_says_why_and_keeps_what_it_has);
    tcase_add_test(tcase, a_long_result_is_cut_and_lies_in_a_file);
    tcase_add_test(tcase, a_thread_is_told_to_stop);
    tcase_add_test(tcase, what_is_done_in_spite_of_a_stop_is_done);
    tcase_add_test(tcase, what_takes_too_long_is_ended);
    tcase_add_test(tcase, a_thread_that_hangs_is_not_waited_for);
    tcase_add_test(tcase, what_is_stopped_before_it_is_ready_is_refused);
    tcase_add_test(tcase, a_job_may_be_freed_at_any_moment);
    tcase_add_test(tcase, a_handler_may_free_its_job);
    tcase_add_test(tcase, forty_calls_at_once_are_all_answered);
    tcase_add_test(tcase, keys_do_not_reach_the_model);
    tcase_add_test(tcase, a_page_is_fetched_without_the_keys_in_it);
    tcase_add_test(tcase, a_page_that_does_not_come_is_an_error_or_stopped);
    suite_add_tcase(suite, tcase);
    return suite;
}
