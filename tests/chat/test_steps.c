/* SPDX-License-Identifier: MIT */
/*
 * The steps of a run, held to the window: of 2,400 tokens, of which a quarter is
 * kept for the reply. What is looked at is what the server got.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/path.h"
#include "base/tokens.h"
#include "chat/chat_context.h"
#include "tests/support/desk.h"
#include "tests/support/server.h"

Suite *steps_suite(void);

enum { WINDOW = 2400 };

#define LIST                                               \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"              \
    "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":["   \
    "{\\\"id\\\":\\\"m\\\",\\\"max_model_len\\\":2400}]}\"\n"
#define HEAD                                                    \
    "match POST /v1/chat/completions\ntimes 1\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"
#define USAGE                                                         \
    ",\\\"usage\\\":{\\\"prompt_tokens\\\":300,\\\"completion_tokens" \
    "\\\":2}}\"\n"
#define READ(file)                                                             \
    HEAD                                                                       \
        "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"\\\"," \
        "\\\"tool_calls\\\":[{\\\"id\\\":\\\"" file                            \
        "\\\",\\\"type\\\":\\\"function\\\",\\\"function\\\":{\\\"name\\\":"   \
        "\\\"read_file\\\",\\\"arguments\\\":\\\"{\\\\\\\"path\\\\\\\":"       \
        "\\\\\\\"" file "\\\\\\\"}\\\"}}]},\\\"finish_reason\\\":"             \
        "\\\"tool_calls\\\"}]}\"\n"
#define SAY                                                                  \
    HEAD "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"I " \
         "have read.\\\"},\\\"finish_reason\\\":\\\"stop\\\"}]}\"\n"

static struct desk desk;
static struct server *server;

static void write_file(const char *name, size_t words)
{
    char path[SCRATCH_PATH_MAX + 8];
    struct error err;
    struct buf text = { 0 };
    snprintf(path, sizeof path, "%s/%s", desk.home, name);
    for (size_t i = 0; i < words; i++)
        buf_printf(&text, "%s%s", name, i % 10 ? " " : " word\n");
    ck_assert(path_write_file(path, buf_slice(&text), &err));
    buf_clear(&text);
}

/* Of a request that is this long it is asked how large the window is. */
static void ask(void)
{
    struct buf text = { 0 };
    buf_append_string(&text, "read all of them");
    for (int i = 0; i < 300; i++)
        buf_append_string(&text, " and well");
    desk_ask(&desk, buf_string(&text));
    buf_clear(&text);
}

static void begin(const char *policy, const char *const *scenarios)
{
    static const char *const names[] = { "alpha", "beta", "gamma", "delta" };
    static struct buf yaml;
    server = server_start_texts(scenarios);
    buf_reset(&yaml);
    buf_printf(&yaml,
               "endpoints:\n"
               "  box: {dialect: chat-completions, trust: own, url: '%s'}\n"
               "tools: {use: [read_file], allow: [{tool: read_file}]}\n"
               "context: {policy: %s}\n",
               server_url(server, "/v1"), policy);
    desk_open(&desk, &(struct desk_plan){
                         .yaml = buf_string(&yaml),
                         .tools = (const struct tool *[]){ NULL },
                         .chat = { .target = "box/m" },
                     });
    for (size_t i = 0; i < COUNTOF(names); i++)
        write_file(names[i], 3000);
    buf_clear(&yaml);
}

static void end(void)
{
    desk_close(&desk);
    server_stop(server);
}

/* The body of the nth request that has one. */
static struct slice post(int number)
{
    struct slice body = { 0 };
    for (int i = 1; number > 0 && i < 100; i++) {
        body = server_body(server, i);
        number -= body.len > 0;
    }
    return body;
}

static int posts(void)
{
    return server_count(server, "POST /v1/chat/completions");
}

static bool has(int number, const char *words)
{
    return slice_find(post(number), words) >= 0;
}

/* The run goes on until the model has read all four. */
static const char *const four[] = { LIST,          READ("alpha"), READ("beta"),
                                    READ("gamma"), READ("delta"), SAY,
                                    NULL };

START_TEST(who_reads_more_than_the_window_holds_gets_to_an_answer)
{
    static const char stub[] =
        "[What this call gave back was left out here to make room.]";
    begin(_i ? "summarise" : "truncate", four);
    ask();
    ck_assert_str_eq(chat_last_error(desk.chat)->text, "");
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    ck_assert_int_eq(posts(), 5);
    for (int i = 1; i <= 5; i++)
        ck_assert_uint_le(tokens_estimate(post(i)), WINDOW);
    /* The oldest of it has made room, its call is still there; the last one is
     * whole. */
    ck_assert(has(5, stub));
    ck_assert(has(5, "\\\"alpha\\\""));
    ck_assert(!has(5, "alpha alpha"));
    ck_assert(has(5, "delta delta"));
    end();
}
END_TEST

/* So many results of one step that not even the least of each has room: some go,
 * and it is the last step. */
static void write_many_calls(struct buf *scenario)
{
    buf_append_string(scenario,
                      HEAD "body \"{\\\"choices\\\":[{\\\"message\\\":{"
                           "\\\"content\\\":\\\"\\\",\\\"tool_calls\\\":[");
    for (int i = 0; i < 24; i++)
        buf_printf(scenario,
                   "%s{\\\"id\\\":\\\"x%d\\\",\\\"type\\\":"
                   "\\\"function\\\",\\\"function\\\":{\\\"name\\\":"
                   "\\\"read_file\\\",\\\"arguments\\\":"
                   "\\\"{\\\\\\\"path\\\\\\\":\\\\\\\"%s\\\\\\\"}"
                   "\\\"}}",
                   i ? "," : "", i, i % 2 ? "alpha" : "beta");
    buf_append_string(scenario, "]},\\\"finish_reason\\\":"
                                "\\\"tool_calls\\\"}]}\"\n");
}

START_TEST(where_a_step_cannot_be_made_to_fit_it_is_summed_up)
{
    struct buf calls = { 0 };
    write_many_calls(&calls);
    begin("truncate", (const char *[]){ LIST, buf_string(&calls), SAY, NULL });
    ask();
    struct buf told = { 0 };
    chat_take_context_note(desk.chat, &told);
    ck_assert_str_eq(chat_last_error(desk.chat)->text, "");
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    ck_assert_int_eq(posts(), 2);
    ck_assert(has(1, "\"tools\":"));
    ck_assert(!has(2, "\"tools\":"));
    ck_assert(has(2, "no room for more calls; no more are made"));
    ck_assert(has(2, "to make room.]"));
    ck_assert(has(2, "alpha alpha"));
    ck_assert_int_ge(slice_find(buf_slice(&told), "no more tools are called"),
                     0);
    end();
    buf_clear(&calls);
    buf_clear(&told);
}
END_TEST

/* A call whose arguments are larger than the window, of which the server counts
 * two tokens. */
static void write_long_call(struct buf *scenario)
{
    buf_append_string(
        scenario,
        HEAD "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\""
             "\\\",\\\"tool_calls\\\":[{\\\"id\\\":\\\"x\\\",\\\"type\\\":"
             "\\\"function\\\",\\\"function\\\":{\\\"name\\\":"
             "\\\"read_file\\\",\\\"arguments\\\":\\\"{\\\\\\\"path\\\\\\\":"
             "\\\\\\\"");
    for (int i = 0; i < 2 * WINDOW; i++)
        buf_append_string(scenario, "word ");
    buf_append_string(scenario, "\\\\\\\"}\\\"}}]},\\\"finish_reason\\\":"
                                "\\\"tool_calls\\\"}]" USAGE);
}

START_TEST(the_calls_of_a_run_count_before_a_server_has_counted_them)
{
    static const char *const policies[] = { "off", "truncate" };
    struct buf call = { 0 };
    write_long_call(&call);
    begin(policies[_i], (const char *[]){ LIST, buf_string(&call), SAY, NULL });
    ask();
    const struct error *err = chat_last_error(desk.chat);
    ck_assert_int_eq(err->kind, ERROR_LIMIT);
    ck_assert_ptr_nonnull(strstr(err->text, "2,400"));
    ck_assert_int_eq(posts(), 1);
    end();
    buf_clear(&call);
}
END_TEST

Suite *steps_suite(void)
{
    Suite *suite = suite_create("steps");
    TCase *test = tcase_create("steps");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(
        test, who_reads_more_than_the_window_holds_gets_to_an_answer, 0, 2);
    tcase_add_test(test, where_a_step_cannot_be_made_to_fit_it_is_summed_up);
    tcase_add_loop_test(
        test, the_calls_of_a_run_count_before_a_server_has_counted_them, 0, 2);
    suite_add_tcase(suite, test);
    return suite;
}
