/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "chat/facts.h"
#include "tests/support/desk.h"
#include "tests/support/ollama.h"
#include "tests/support/server.h"

Suite *facts_suite(void);

static const struct {
    const char *name, *text;
} moments[] = {
    /* 2026-11-28 was a Saturday; 14:03 of UTC. */
    { "date", "Saturday, 2026-11-28" },
    { "time", "14:03 UTC" },
};
enum { MOMENT_S = 1795874580 };

START_TEST(a_moment_has_a_date_and_a_time)
{
    struct buf out = { 0 };
    setenv("TZ", "UTC", 1);
    tzset();
    ck_assert(fact_append(&out, slice_of(moments[_i].name),
                          MOMENT_S * INT64_C(1000)));
    ck_assert_str_eq(buf_string(&out), moments[_i].text);
    ck_assert(!fact_append(&out, slice_of("weather"), 0));
    buf_clear(&out);
}
END_TEST

static struct server *server;
static struct desk desk;

static void open_desk(const char *yaml)
{
    char host[64];
    server = server_start("match POST /api/chat\ntimes forever\nstatus 200 OK\n"
                          "chunked\n" OLLAMA_SAY("Hi") OLLAMA_DONE,
                          NULL);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    desk_open(&desk,
              &(struct desk_plan){ .yaml = yaml, .chat.target = "ollama/m" });
}

static void close_desk(void)
{
    desk_close(&desk);
    server_stop(server);
}

/* Ask from a directory: what the request holds, as text. */
static const char *ask(const char *directory, int number, struct buf *body)
{
    ck_assert_int_eq(chdir(directory), 0);
    desk_ask(&desk, "go");
    buf_reset(body);
    buf_append_slice(body, server_body(server, number));
    return buf_string(body);
}

static int count(const char *text, const char *word)
{
    int found = 0;
    while ((text = strstr(text, word))) {
        found++;
        text += strlen(word);
    }
    return found;
}

START_TEST(a_fact_is_told_when_it_changes_and_stays_where_it_was_told)
{
    struct buf body = { 0 };
    open_desk("facts: [directory]\n");
    const char *first = ask("/", 1, &body);
    ck_assert_int_eq(count(first, "go\\n\\n[directory: /]"), 1);
    const char *second = ask("/", 2, &body);
    ck_assert_int_eq(count(second, "[directory: "), 1);
    const char *third = ask("/usr", 3, &body);
    ck_assert_int_eq(count(third, "go\\n\\n[directory: /]"), 1);
    ck_assert_int_eq(count(third, "[directory: /usr]"), 1);
    const char *fourth = ask("/usr", 4, &body);
    ck_assert_int_eq(count(fourth, "[directory: "), 2);
    buf_clear(&body);
    close_desk();
}
END_TEST

/* On a branch that begins above it was not told. */
START_TEST(a_branch_is_told_what_it_does_not_hold)
{
    struct buf body = { 0 };
    struct error err = { 0 };
    open_desk("facts: [directory, system]\n");
    ask("/", 1, &body);
    ask("/usr", 2, &body);
    const struct graph *graph = desk_graph(&desk);
    uint64_t second = graph_node(graph, graph_head(graph))->parent_id;
    ck_assert(chat_edit(desk.chat, second, slice_of("other"), NULL, &err));
    desk_run_to_end(&desk);
    buf_reset(&body);
    buf_append_slice(&body, server_body(server, 3));
    ck_assert_int_eq(count(buf_string(&body), "[directory: /usr]"), 1);
    ck_assert_int_eq(count(buf_string(&body), "directory: "), 2);
    ck_assert_int_eq(count(buf_string(&body), "system: "), 1);
    buf_clear(&body);
    close_desk();
}
END_TEST

START_TEST(nothing_is_told_that_is_not_wanted)
{
    struct buf body = { 0 };
    open_desk(NULL);
    ck_assert_int_eq(count(ask("/", 1, &body), "["), 1); /* the messages */
    buf_clear(&body);
    close_desk();
}
END_TEST

Suite *facts_suite(void)
{
    Suite *suite = suite_create("facts");
    TCase *tcase = tcase_create("facts");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_moment_has_a_date_and_a_time, 0,
                        COUNTOF(moments));
    tcase_add_test(tcase,
                   a_fact_is_told_when_it_changes_and_stays_where_it_was_told);
    tcase_add_test(tcase, a_branch_is_told_what_it_does_not_hold);
    tcase_add_test(tcase, nothing_is_told_that_is_not_wanted);
    suite_add_tcase(suite, tcase);
    return suite;
}
