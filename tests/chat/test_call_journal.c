/* SPDX-License-Identifier: MIT */
/*
 * What is on disk when a tool runs, with a disk that answers when the test says
 * so; and what becomes of calls when the program ends.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/clock.h"
#include "chat/chat_tools.h"
#include "tests/support/desk.h"
#include "tests/support/fake_tools.h"
#include "tests/support/server.h"

Suite *call_journal_suite(void);

enum { PATIENCE_MS = 30 * 1000 };

#define HEAD "match POST /api/chat\ntimes 1\nstatus 200 OK\nchunked\n"
#define ASK(name, more)                                                 \
    HEAD "line {\"message\":{\"content\":\"so\",\"tool_calls\":[{"      \
         "\"function\":{\"name\":\"" name "\",\"arguments\":{\"word\":" \
         "\"a\"" more "}}}]},\"done\":true,\"done_reason\":\"stop\"}\n"
#define SAY(text)                                                      \
    HEAD "line {\"message\":{\"content\":\"" text "\"},\"done\":true," \
         "\"done_reason\":\"stop\"}\n"

static struct desk desk;
static struct server *server;
static sem_t disk;

static void begin(const char *ask, const char *more)
{
    char host[64];
    struct buf yaml = { 0 };
    buf_printf(&yaml, "tools: {use: [look, glance, edit, act]}\n%s", more);
    sem_init(&disk, 0, 0);
    server = server_start(ask, SAY("end"), SAY("end"), NULL);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    desk_open(&desk,
              &(struct desk_plan){
                  .yaml = buf_string(&yaml),
                  .is_kept = true,
                  .tools = fake_tools,
                  .chat = { .target = "ollama/m", .is_interactive = true },
              });
    desk.plan.yaml = "tools: {use: [look, glance, edit, act]}\n";
    buf_clear(&yaml);
    desk_prompt(&desk, "go");
}

static void end(void)
{
    desk_close(&desk);
    server_stop(server);
}

static void wait_for_disk(void *job)
{
    sem_wait(job);
}

static void forget(void *context, void *job)
{
    (void)context, (void)job;
}

static void hang_disk(void)
{
    store_post(desk.store, wait_for_disk, forget, NULL, &disk);
}

static enum call_state state(void)
{
    const struct call *call = graph_call(desk_graph(&desk), 1);
    return call ? call->state : CALL_PENDING;
}

static void await_state(enum call_state wanted)
{
    int64_t until = clock_monotonic_ms() + PATIENCE_MS;
    while (state() != wanted && clock_monotonic_ms() < until)
        desk_turn(&desk);
    ck_assert_msg(state() == wanted, "%s",
                  life_state_name(LIFE_CALL, (int)state()));
}

static void agree(void)
{
    struct error err = { 0 };
    ck_assert_msg(chat_answer_call(desk.chat, 1, CALL_ONCE, slice_of(""), &err),
                  "%s", err.text);
}

static bool has_run(void)
{
    struct buf done = { 0 };
    fake_tools_done(desk.home, &done);
    bool has = done.len > 0;
    buf_clear(&done);
    return has;
}

START_TEST(what_has_effects_waits_until_its_start_is_on_disk)
{
    begin(ASK("act", ""), "");
    await_state(CALL_ASKING);
    hang_disk();
    agree();
    await_state(CALL_EXECUTING);
    /* More turns than a tool takes, but less than a stall. */
    for (int i = 0; i < 10; i++)
        desk_turn(&desk);
    ck_assert_int_eq(chat_keeping(desk.chat), JOURNAL_FINE);
    ck_assert(!has_run());
    sem_post(&disk);
    desk_run_to_end(&desk);
    ck_assert(has_run());
    ck_assert_int_eq(state(), CALL_COMPLETED);
    end();
}
END_TEST

START_TEST(what_only_reads_does_not_wait)
{
    begin(ASK("look", ",\"await\":\"go\""), "");
    await_state(CALL_EXECUTING);
    hang_disk();
    fake_tools_release(desk.home, "go");
    await_state(CALL_COMPLETED);
    sem_post(&disk);
    desk_run_to_end(&desk);
    end();
}
END_TEST

START_TEST(where_the_disk_hangs_it_asks_again)
{
    struct call_question question;
    begin(ASK("act", ""), "");
    await_state(CALL_ASKING);
    hang_disk();
    agree();
    await_state(CALL_EXECUTING);
    await_state(CALL_ASKING);
    ck_assert_int_eq(chat_keeping(desk.chat), JOURNAL_STALLED);
    ck_assert(!has_run());
    ck_assert(chat_call_question(desk.chat, 1, &question));
    ck_assert_ptr_nonnull(strstr(question.why, "disk"));
    agree();
    await_state(CALL_COMPLETED);
    ck_assert(has_run());
    sem_post(&disk);
    desk_run_to_end(&desk);
    end();
}
END_TEST

START_TEST(where_the_disk_is_required_it_waits)
{
    begin(ASK("act", ""), "journal: {required: true}\n");
    await_state(CALL_ASKING);
    hang_disk();
    agree();
    while (chat_keeping(desk.chat) != JOURNAL_STALLED)
        desk_turn(&desk);
    for (int i = 0; i < 10; i++)
        desk_turn(&desk);
    ck_assert_int_eq(state(), CALL_EXECUTING);
    ck_assert(!has_run());
    sem_post(&disk);
    desk_run_to_end(&desk);
    ck_assert_int_eq(state(), CALL_COMPLETED);
    end();
}
END_TEST

/* The program ends while a call runs, or asks: the next one goes on with a
 * request that answers it. */
static void reopen(void)
{
    char id[128];
    snprintf(id, sizeof id, "%s", chat_session(desk.chat));
    desk_reopen(&desk);
    desk_resume(&desk, id);
    desk_ask(&desk, "and now?");
}

START_TEST(a_call_that_ran_when_the_program_ended_is_unknown)
{
    begin(ASK("look", ",\"await\":\"never\""), "");
    await_state(CALL_EXECUTING);
    reopen();
    ck_assert_int_eq(state(), CALL_UNKNOWN);
    ck_assert(server_await(server, "its result is unknown"));
    end();
}
END_TEST

START_TEST(a_call_that_asked_when_the_program_ended_did_nothing)
{
    begin(ASK("act", ""), "");
    await_state(CALL_ASKING);
    reopen();
    ck_assert_int_eq(state(), CALL_CANCELLED);
    ck_assert(server_await(server, "it was not run"));
    ck_assert(!has_run());
    end();
}
END_TEST

START_TEST(a_mode_is_that_of_the_conversation)
{
    char id[128];
    begin(SAY("hi"), "");
    desk_run_to_end(&desk);
    ck_assert_int_eq(chat_tool_mode(desk.chat), TOOL_MODE_ASK);
    chat_set_tool_mode(desk.chat, TOOL_MODE_PLAN);
    snprintf(id, sizeof id, "%s", chat_session(desk.chat));
    desk_reopen(&desk);
    ck_assert_int_eq(chat_tool_mode(desk.chat), TOOL_MODE_ASK);
    desk_resume(&desk, id);
    ck_assert_int_eq(chat_tool_mode(desk.chat), TOOL_MODE_PLAN);
    chat_clear(desk.chat);
    ck_assert_int_eq(chat_tool_mode(desk.chat), TOOL_MODE_ASK);
    end();
}
END_TEST

Suite *call_journal_suite(void)
{
    Suite *suite = suite_create("call_journal");
    TCase *test = tcase_create("call_journal");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, what_has_effects_waits_until_its_start_is_on_disk);
    tcase_add_test(test, what_only_reads_does_not_wait);
    tcase_add_test(test, where_the_disk_hangs_it_asks_again);
    tcase_add_test(test, where_the_disk_is_required_it_waits);
    tcase_add_test(test, a_call_that_ran_when_the_program_ended_is_unknown);
    tcase_add_test(test, a_call_that_asked_when_the_program_ended_did_nothing);
    tcase_add_test(test, a_mode_is_that_of_the_conversation);
    suite_add_tcase(suite, test);
    return suite;
}
