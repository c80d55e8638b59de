/* SPDX-License-Identifier: MIT */
/*
 * The debug log of the real program.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "base/path.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *debug_log_suite(void);

#define ANSWER                                                          \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n"   \
    "header Content-Type: text/event-stream\nchunked\n"                 \
    "line data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":" \
    "\"CANARY-\"}}]}\n"                                                 \
    "line \n"                                                           \
    "line data: {\"choices\":[{\"delta\":{\"content\":\"7f3a91c2\"},"   \
    "\"finish_reason\":\"stop\"}]}\n"                                   \
    "line \nline data: [DONE]\nline \n"

struct run {
    struct server *server;
    struct program program;
    char url[64], path[128];
    struct buf log;
};

static void begin(struct run *run)
{
    *run = (struct run){ .server = server_start(ANSWER, NULL) };
    snprintf(run->url, sizeof run->url,
             "OPENAI_BASE_URL=http://127.0.0.1:%d/v1",
             server_port(run->server));
    program_file(&run->program, "other", "");
    snprintf(run->path, sizeof run->path, "%s/debug.log", run->program.home);
    run->program.variables[0] = run->url;
    run->program.variables[1] = "OPENAI_API_KEY=CANARY-7f3a91c2";
    run->program.arguments[0] = "--debug";
    run->program.arguments[1] = run->path;
    run->program.arguments[2] = "-m";
    run->program.arguments[3] = "openai/m";
    run->program.arguments[4] = "my key is CANARY-7f3a91c2, is it?";
}

static void read_log(struct run *run)
{
    struct error err = { 0 };
    buf_reset(&run->log);
    ck_assert_msg(path_read_file(&run->log, run->path, 1 << 20, &err), "%s",
                  err.text);
}

static void end(struct run *run)
{
    buf_clear(&run->log);
    program_clear(&run->program);
    server_stop(run->server);
}

static void has(const struct run *run, const char *words)
{
    ck_assert_msg(strstr(buf_string(&run->log), words) != NULL,
                  "not there: %s\n%s", words, buf_string(&run->log));
}

START_TEST(events_and_requests_are_written_and_no_key)
{
    struct run run;
    begin(&run);
    program_run(&run.program);
    ck_assert_msg(run.program.status == 0, "%s", buf_string(&run.program.err));
    ck_assert_str_eq(buf_string(&run.program.out), "CANARY-7f3a91c2\n");
    read_log(&run);
    has(&run, " log sennit ");
    has(&run, "\"text\":\"my key is <redacted>, is it?\"");
    has(&run, "event {\"type\":\"run-finished\"");
    has(&run, "http 1: POST http://127.0.0.1:");
    has(&run, "/v1/chat/completions, ");
    has(&run, "http 1: status 200, ");
    has(&run, ", ended after ");
    /* The key came back in two pieces. */
    has(&run, "\"text\":\"<7 bytes>\"");
    ck_assert_ptr_null(strstr(buf_string(&run.log), "CANARY"));
    ck_assert_ptr_null(strstr(buf_string(&run.log), "7f3a91c2"));
    end(&run);
}
END_TEST

START_TEST(every_line_begins_with_a_time_that_never_goes_back)
{
    struct run run;
    long before = 0;
    begin(&run);
    program_run(&run.program);
    read_log(&run);
    struct slice rest = buf_slice(&run.log), line;
    size_t count = 0;
    while (slice_next_line(&rest, &line)) {
        long now = 0;
        ck_assert_int_eq(sscanf(line.ptr, "%ld", &now), 1);
        ck_assert_int_ge(now, before);
        before = now;
        count++;
    }
    ck_assert_uint_gt(count, 8);
    end(&run);
}
END_TEST

START_TEST(the_file_is_private_and_appended_to)
{
    struct run run;
    struct stat status;
    begin(&run);
    program_file(&run.program, "debug.log", "mine\n");
    ck_assert_int_eq(chmod(run.path, 0644), 0);
    program_run(&run.program);
    program_run(&run.program);
    ck_assert_int_eq(stat(run.path, &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0600);
    read_log(&run);
    ck_assert(slice_starts(buf_slice(&run.log), "mine\n"));
    const char *first = strstr(buf_string(&run.log), " log sennit ");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first + 1, " log sennit "));
    end(&run);
}
END_TEST

/* A FIFO that nobody reads would hold the program up. */
START_TEST(what_is_no_file_is_refused)
{
    struct run run;
    begin(&run);
    ck_assert_int_eq(mkfifo(run.path, 0600), 0);
    program_run(&run.program);
    ck_assert_int_eq(run.program.status, 1);
    ck_assert_ptr_nonnull(strstr(buf_string(&run.program.err), "debug.log"));
    run.program.arguments[1] = "/dev/null";
    buf_reset(&run.program.err);
    program_run(&run.program);
    ck_assert_int_eq(run.program.status, 1);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&run.program.err), "/dev/null is no file of yours"));
    ck_assert_str_eq(server_received(run.server), "");
    end(&run);
}
END_TEST

Suite *debug_log_suite(void)
{
    Suite *suite = suite_create("debug_log");
    TCase *tcase = tcase_create("debug_log");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, events_and_requests_are_written_and_no_key);
    tcase_add_test(tcase, every_line_begins_with_a_time_that_never_goes_back);
    tcase_add_test(tcase, the_file_is_private_and_appended_to);
    tcase_add_test(tcase, what_is_no_file_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
