/* SPDX-License-Identifier: MIT */
#include <dirent.h>
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
#include "base/utf8.h"
#include "tests/support/workshop.h"

Suite *program_suite(void);

#define OWN                                             \
    "tools:\n"                                          \
    "  sandbox: {least: none}\n"                        \
    "  own:\n"                                          \
    "    digits:\n"                                     \
    "      argv: [printf, '%0{count}d', '0']\n"         \
    "      max_output: 1000\n"                          \
    "      parameters: {count: {type: integer}}\n"      \
    "    nap: {argv: [sleep, '600'], timeout: 100ms}\n" \
    "    copy:\n"                                       \
    "      argv: [cat]\n"                               \
    "      input: '{text}'\n"                           \
    "      parameters: {text: {required: false}}\n"

/* The shell tool, with a command that holds no quotes or backslashes of JSON. */
static void run(struct shop_call *call, struct workshop *shop,
                const char *command)
{
    struct buf arguments = { 0 };
    json_t *object = json_pack("{s:s}", "command", command);
    char *text = json_dumps(object, 0);
    buf_append_string(&arguments, text);
    shop_run(call, shop, shop_tool(shop, "shell"), buf_string(&arguments));
    json_decref(object);
    free(text);
    buf_clear(&arguments);
}

static void start(struct shop_call *call, struct workshop *shop,
                  const char *command)
{
    shop_shell(call, shop, command, false);
    shop_await_ready(call);
    ck_assert_str_eq(call->refusal.text, "");
    job_start(call->job);
}

static bool has(const struct buf *text, const char *words)
{
    return strstr(buf_string(text), words) != NULL;
}

START_TEST(the_model_gets_both_outputs_and_the_status)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "echo out; echo err >&2; exit 3");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_int_eq(call.status, 3);
    ck_assert_uint_eq(call.bytes, 8);
    ck_assert_str_eq(buf_string(&call.out), "out\n");
    ck_assert_str_eq(buf_string(&call.err), "err\n");
    ck_assert(has(&call.text, "out\n") && has(&call.text, "err\n"));
    ck_assert(has(&call.text, "\n[it failed with exit status 3]\n"));
    ck_assert_str_eq(buf_string(&call.error), "it failed with exit status 3");
    ck_assert_ptr_null(call.spool);
    shop_call_clear(&call);
    run(&call, &shop, "printf no-newline");
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_int_eq(call.status, 0);
    ck_assert_str_eq(buf_string(&call.text), "no-newline");
    ck_assert_str_eq(buf_string(&call.error), "");
    shop_call_clear(&call);
    run(&call, &shop, "printf no-newline; exit 1");
    ck_assert_str_eq(buf_string(&call.text),
                     "no-newline\n[it failed with exit status 1]\n");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(it_works_in_the_place_and_reads_nothing)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    struct buf expected = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "pwd; cat; echo end");
    buf_printf(&expected, "%s\nend\n", toolbox_place(shop.toolbox)->directory);
    ck_assert_str_eq(buf_string(&call.text), buf_string(&expected));
    shop_call_clear(&call);
    shop_run(&call, &shop, shop_tool(&shop, "copy"), "{\"text\": \"a\\nb\"}");
    ck_assert_str_eq(buf_string(&call.text), "a\nb");
    shop_call_clear(&call);
    shop_run(&call, &shop, shop_tool(&shop, "copy"), "{}");
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_uint_eq(call.text.len, 0);
    shop_call_clear(&call);
    buf_clear(&expected);
    workshop_close(&shop);
}
END_TEST

/* Those of everybody, and what the tool names; the box has its own test. */
START_TEST(it_gets_the_variables_that_are_named)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    setenv("SHOP_NAMED", "seen", 1);
    setenv("SHOP_OTHER", "not seen", 1);
    workshop_open(&shop, "tools: {sandbox: {least: none}, own: {"
                         "show: {argv: [printenv, SHOP_NAMED, SHOP_OTHER], "
                         "env: [SHOP_NAMED, SHOP_UNSET]}}}");
    shop_run(&call, &shop, shop_tool(&shop, "show"), "{}");
    ck_assert_str_eq(buf_string(&call.out), "seen\n");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_told)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "no-such-program-here x");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_int_eq(call.status, -1);
    ck_assert_msg(has(&call.text, "no-such-program-here"), "%s",
                  buf_string(&call.text));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(what_is_no_text_is_made_text)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "printf '\\377\\000a\\303'");
    static const char expected[] = "\xef\xbf\xbd\0a\xef\xbf\xbd";
    ck_assert_uint_eq(call.text.len, sizeof expected - 1);
    ck_assert_mem_eq(call.text.ptr, expected, sizeof expected - 1);
    ck_assert_uint_eq(call.bytes, 4);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

/* Both of them write a line at the same time, in parts. */
START_TEST(lines_of_one_output_are_not_cut_by_the_other)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop,
        "printf a; printf X >&2; sleep 0.1; printf 'b\\n'; printf 'Y\\n' >&2");
    ck_assert(has(&call.text, "ab\n") && has(&call.text, "XY\n"));
    ck_assert_uint_eq(call.text.len, 6);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

static void check_whole(const struct shop_call *call, size_t len)
{
    struct stat status;
    struct buf whole = { 0 };
    struct error err = { 0 };
    ck_assert_ptr_nonnull(call->spool);
    ck_assert_int_eq(stat(call->spool, &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0600);
    ck_assert_msg(path_read_file(&whole, call->spool, 1 << 26, &err), "%s",
                  err.text);
    ck_assert_uint_eq(whole.len, len);
    ck_assert(slice_equal(buf_slice(&whole), buf_slice(&call->out)));
    buf_clear(&whole);
}

START_TEST(a_long_output_lies_in_a_file)
{
    static const size_t lens[] = { 131071, 131072, 131073, 3000000 };
    struct workshop shop;
    workshop_open(&shop, OWN);
    for (size_t i = 0; i < COUNTOF(lens); i++) {
        struct shop_call call = { 0 };
        char command[100];
        snprintf(command, sizeof command, "yes 1234567 | head -c %zu", lens[i]);
        run(&call, &shop, command);
        ck_assert_str_eq(buf_string(&call.error), "");
        ck_assert_uint_eq(call.bytes, lens[i]);
        ck_assert_uint_eq(call.out.len, lens[i]);
        if (lens[i] <= 131072) {
            ck_assert_ptr_null(call.spool);
            ck_assert_uint_eq(call.text.len, lens[i]);
        } else {
            check_whole(&call, lens[i]);
            ck_assert(has(&call.text, " bytes left out ...]\n"));
            ck_assert_uint_lt(call.text.len, 131072 + 100);
        }
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(one_that_prints_too_much_is_ended)
{
    struct workshop shop;
    workshop_open(&shop, OWN);
    for (int count = 999; count <= 1001; count++) {
        struct shop_call call = { 0 };
        char arguments[40];
        snprintf(arguments, sizeof arguments, "{\"count\": %d}", count);
        shop_run(&call, &shop, shop_tool(&shop, "digits"), arguments);
        ck_assert_uint_eq(call.bytes, count < 1000 ? 999 : 1000);
        ck_assert_int_eq(call.outcome,
                         count <= 1000 ? JOB_COMPLETED : JOB_FAILED);
        ck_assert_int_eq(call.status, count <= 1000 ? 0 : -1);
        ck_assert_str_eq(buf_string(&call.error),
                         count <= 1000 ? ""
                                       : "it was ended: it printed more than "
                                         "1000 bytes");
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(an_endless_one_is_ended_at_64_mebibytes)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "yes 0123456789012345678901234567890123456789");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_uint_eq(call.bytes, 64 * 1024 * 1024);
    ck_assert(has(&call.text, "[it was ended: it printed more than 67108864 "
                              "bytes]"));
    check_whole(&call, 64 * 1024 * 1024);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(one_that_takes_too_long_is_ended)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    shop_run(&call, &shop, shop_tool(&shop, "nap"), "{}");
    ck_assert_int_eq(call.outcome, JOB_FAILED);
    ck_assert_int_eq(call.status, -1);
    ck_assert_str_eq(buf_string(&call.text),
                     "[it was ended: it took longer than 0.1 s]\n");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_stubborn_one_is_ended_all_the_same)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    start(&call, &shop,
          "trap '' TERM HUP INT; echo ready; while :; do sleep 1; done");
    shop_await_output(&call, "ready");
    job_stop(call.job);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_CANCELLED);
    ck_assert_str_eq(buf_string(&call.text),
                     "ready\n[it was stopped by the user]\n");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(one_that_is_stopped_may_tidy_up)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    start(&call, &shop,
          "trap 'echo tidy; exit 0' TERM; echo ready; "
          "while :; do sleep 0.05; done");
    shop_await_output(&call, "ready");
    job_stop(call.job);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_CANCELLED);
    ck_assert(has(&call.text, "tidy\n"));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(one_that_closes_its_outputs_lives_on)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "echo last; exec >&- 2>&-; sleep 0.2; exit 5");
    ck_assert_int_eq(call.status, 5);
    ck_assert(has(&call.text, "last\n[it failed with exit status 5]"));
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(whoever_holds_its_output_open_is_not_waited_for)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop, "(trap '' HUP; exec sleep 600) & echo started");
    ck_assert_int_eq(call.outcome, JOB_COMPLETED);
    ck_assert_str_eq(buf_string(&call.text), "started\n");
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(keys_reach_neither_the_model_nor_the_log_nor_the_file)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    run(&call, &shop,
        "printf KEY=ghp_0123456789abc; sleep 0.1; "
        "echo defghijklmnopqrstuvwxyz; yes 1234567 | head -c 200000");
    struct buf whole = { 0 };
    struct error err = { 0 };
    ck_assert(has(&call.text, "KEY=<redacted"));
    ck_assert(!has(&call.text, "0123456789abc"));
    ck_assert(!has(&call.out, "0123456789abc"));
    ck_assert(path_read_file(&whole, call.spool, 1 << 20, &err));
    ck_assert(!has(&whole, "0123456789abc"));
    buf_clear(&whole);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

START_TEST(the_user_runs_commands_inside_and_outside_of_the_box)
{
    struct workshop shop;
    workshop_open(&shop, OWN);
    setenv("SHELL", "/bin/sh", 1);
    for (int is_boxed = 0; is_boxed <= 1; is_boxed++) {
        struct shop_call call = { 0 };
        shop_shell(&call, &shop, "echo $((6 * 7)) | cat", is_boxed);
        shop_await_ready(&call);
        ck_assert_str_eq(buf_string(&job_plan(call.job)->about),
                         "echo $((6 * 7)) | cat");
        job_start(call.job);
        shop_await_done(&call);
        ck_assert_str_eq(buf_string(&call.text), "42\n");
        shop_call_clear(&call);
    }
    workshop_close(&shop);
}
END_TEST

START_TEST(one_that_is_stopped_while_it_starts_is_cancelled)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, OWN);
    start(&call, &shop, "sleep 600");
    job_stop(call.job);
    job_stop(call.job);
    shop_await_done(&call);
    ck_assert_int_eq(call.outcome, JOB_CANCELLED);
    for (int turns = 0; turns < 5; turns++)
        loop_turn(shop.loop, 1);
    ck_assert_int_eq(call.dones, 1);
    shop_call_clear(&call);
    workshop_close(&shop);
}
END_TEST

static size_t count_files(const char *directory)
{
    DIR *stream = opendir(directory);
    size_t count = 0;
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        count += entry->d_name[0] != '.';
    if (stream)
        closedir(stream);
    return count;
}

/* Also while its long output is on its way to a file, which nobody would know
 * of: it is gone. */
START_TEST(a_job_may_be_freed_at_any_moment)
{
    struct workshop shop;
    static const int turns[] = { 0, 1, 2, 5, 20 };
    workshop_open(&shop, OWN);
    for (size_t i = 0; i < COUNTOF(turns); i++) {
        struct shop_call call = { 0 };
        start(&call, &shop, "yes 01234567");
        for (int turn = 0; turn < turns[i]; turn++)
            loop_turn(shop.loop, 10);
        shop_call_clear(&call);
    }
    struct shop_call stopped = { 0 };
    start(&stopped, &shop, "yes 01234567");
    job_stop(stopped.job);
    loop_turn(shop.loop, 1);
    shop_call_clear(&stopped);
    toolbox_free(shop.toolbox);
    shop.toolbox = NULL;
    ck_assert_uint_eq(count_files(shop.spool), 0);
    workshop_close(&shop);
}
END_TEST

/* A plan that holds up the thread that writes files. */
static bool plan_slowly(const struct tool_place *place, struct tool_plan *plan,
                        struct error *err)
{
    static const struct timespec pause = { .tv_nsec = 1000 * 1000 };
    char path[4096];
    (void)plan, (void)err;
    snprintf(path, sizeof path, "%s/go", place->directory);
    while (access(path, F_OK) < 0)
        nanosleep(&pause, NULL);
    return true;
}

static const struct tool slow = { .name = "slow",
                                  .schema = "{\"type\": \"object\"}",
                                  .executor = TOOL_WORKS,
                                  .plan = plan_slowly };

START_TEST(a_file_that_nobody_was_told_of_is_gone)
{
    struct workshop shop;
    struct shop_call call = { 0 }, holdup = { 0 };
    char path[SCRATCH_PATH_MAX + 8];
    workshop_open(&shop, OWN);
    snprintf(path, sizeof path, "%s/go", shop.directory);
    shop_call(&holdup, &shop, &slow, "{}");
    start(&call, &shop, "yes 01234567 | head -c 200000");
    while (call.out.len < 200000)
        loop_turn(shop.loop, 100);
    for (int turns = 0; turns < 20; turns++)
        loop_turn(shop.loop, 10);
    ck_assert_int_eq(call.dones, 0);
    shop_call_clear(&call);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    shop_await_ready(&holdup);
    shop_call_clear(&holdup);
    toolbox_free(shop.toolbox);
    shop.toolbox = NULL;
    ck_assert_uint_eq(count_files(shop.spool), 0);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_handler_may_free_its_job)
{
    struct workshop shop;
    struct shop_call at_output = { .frees_at_output = true };
    struct shop_call at_end = { .frees_when_done = true };
    workshop_open(&shop, OWN);
    start(&at_output, &shop, "echo first; echo second >&2; sleep 600");
    while (at_output.job)
        loop_turn(shop.loop, 100);
    ck_assert_uint_eq(at_output.pieces, 1);
    start(&at_end, &shop, "yes 01234567 | head -c 200000");
    shop_await_done(&at_end);
    ck_assert_ptr_null(at_end.job);
    ck_assert_ptr_nonnull(at_end.spool);
    shop_call_clear(&at_output);
    shop_call_clear(&at_end);
    workshop_close(&shop);
}
END_TEST

START_TEST(forty_at_once_all_end)
{
    struct workshop shop;
    static struct shop_call calls[40];
    workshop_open(&shop, OWN);
    for (size_t i = 0; i < COUNTOF(calls); i++) {
        char command[40];
        snprintf(command, sizeof command, "echo %zu; exit %zu", i, i);
        start(&calls[i], &shop, command);
    }
    for (size_t i = 0; i < COUNTOF(calls); i++) {
        shop_await_done(&calls[i]);
        ck_assert_int_eq(calls[i].status, (int)i);
        ck_assert_int_eq(atoi(buf_string(&calls[i].out)), (int)i);
        shop_call_clear(&calls[i]);
    }
    workshop_close(&shop);
}
END_TEST

Suite *program_suite(void)
{
    Suite *suite = suite_create("program");
    TCase *tcase = tcase_create("program");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_model_gets_both_outputs_and_the_status);
    tcase_add_test(tcase, it_works_in_the_place_and_reads_nothing);
    tcase_add_test(tcase, it_gets_the_variables_that_are_named);
    tcase_add_test(tcase, a_program_that_is_not_there_is_told);
    tcase_add_test(tcase, what_is_no_text_is_made_text);
    tcase_add_test(tcase, lines_of_one_output_are_not_cut_by_the_other);
    tcase_add_test(tcase, a_long_output_lies_in_a_file);
    tcase_add_test(tcase, one_that_prints_too_much_is_ended);
    tcase_add_test(tcase, an_endless_one_is_ended_at_64_mebibytes);
    tcase_add_test(tcase, one_that_takes_too_long_is_ended);
    tcase_add_test(tcase, a_stubborn_one_is_ended_all_the_same);
    tcase_add_test(tcase, one_that_is_stopped_may_tidy_up);
    tcase_add_test(tcase, one_that_closes_its_outputs_lives_on);
    tcase_add_test(tcase, whoever_holds_its_output_open_is_not_waited_for);
    tcase_add_test(tcase,
                   keys_reach_neither_the_model_nor_the_log_nor_the_file);
    tcase_add_test(tcase, the_user_runs_commands_inside_and_outside_of_the_box);
    tcase_add_test(tcase, one_that_is_stopped_while_it_starts_is_cancelled);
    tcase_add_test(tcase, a_job_may_be_freed_at_any_moment);
    tcase_add_test(tcase, a_file_that_nobody_was_told_of_is_gone);
    tcase_add_test(tcase, a_handler_may_free_its_job);
    tcase_add_test(tcase, forty_at_once_all_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
