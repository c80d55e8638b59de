/* SPDX-License-Identifier: MIT */
/*
 * Calls of tools from end to end: what models are offered, what they ask for,
 * what is asked of the user, what runs, and what goes back. What is looked at is
 * the graph, what the server got and what the tools did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/clock.h"
#include "base/path.h"
#include "chat/chat_tools.h"
#include "tests/support/desk.h"
#include "tests/support/fake_tools.h"
#include "tests/support/graph_fault.h"
#include "tests/support/legal.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tool/edits.h"

Suite *calls_suite(void);

enum { PATIENCE_MS = 30 * 1000 };

#define USE  "use: [look, glance, edit, act]"
#define HEAD "match POST /api/chat\ntimes 1\nstatus 200 OK\nchunked\n"
#define CALL(name, arguments) \
    "{\"function\":{\"name\":\"" name "\",\"arguments\":" arguments "}}"
#define WORD(name, word) CALL(name, "{\"word\":\"" word "\"}")
#define AWAIT(name, word, file) \
    CALL(name, "{\"word\":\"" word "\",\"await\":\"" file "\"}")
#define ASK(calls)                                                            \
    HEAD "line {\"message\":{\"content\":\"so\",\"tool_calls\":[" calls       \
         "]},\"done\":false}\nline {\"message\":{\"content\":\"\"},\"done\":" \
         "true,\"done_reason\":\"stop\"}\n"
#define SAY(text)                                                      \
    HEAD "line {\"message\":{\"content\":\"" text "\"},\"done\":true," \
         "\"done_reason\":\"stop\"}\n"

static struct desk desk;
static struct server *server;

static void begin(const char *yaml, bool is_watched, const char *first,
                  const char *second, const char *third)
{
    char host[64];
    server = server_start(first, second ? second : SAY("end"),
                          third ? third : SAY("end"), SAY("end"), NULL);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    unsetenv("OPENAI_BASE_URL");
    unsetenv("OPENAI_API_KEY");
    desk_open(&desk,
              &(struct desk_plan){ .yaml = yaml ? yaml : "tools: {" USE "}",
                                   .tools = fake_tools,
                                   .chat = {
                                       .target = "ollama/m",
                                       .is_interactive = is_watched,
                                   } });
    desk_prompt(&desk, "go");
}

static void end(void)
{
    desk_close(&desk);
    server_stop(server);
}

static const struct call *call_at(uint32_t id)
{
    return graph_call(desk_graph(&desk), id);
}

static bool is_in(uint32_t id, enum call_state state)
{
    const struct call *call = call_at(id);
    return call && call->state == state;
}

static void await_state(uint32_t id, enum call_state state)
{
    int64_t until = clock_monotonic_ms() + PATIENCE_MS;
    while (!is_in(id, state) && clock_monotonic_ms() < until)
        desk_turn(&desk);
    ck_assert_msg(is_in(id, state), "call %u is %s", id,
                  call_at(id) ? life_state_name(LIFE_CALL, call_at(id)->state)
                              : "not there");
}

static void answer(uint32_t id, enum call_answer answer, const char *reason)
{
    struct error err = { 0 };
    await_state(id, CALL_ASKING);
    ck_assert_msg(
        chat_answer_call(desk.chat, id, answer, slice_of(reason), &err), "%s",
        err.text);
}

/* The states of all calls: "completed denied". */
static void assert_states(const char *expected)
{
    struct buf states = { 0 };
    for (uint32_t id = 1; id <= graph_call_count(desk_graph(&desk)); id++)
        buf_printf(&states, "%s%s", id > 1 ? " " : "",
                   life_state_name(LIFE_CALL, (int)call_at(id)->state));
    ck_assert_str_eq(buf_string(&states), expected);
    buf_clear(&states);
}

static void assert_done(const char *expected)
{
    struct buf done = { 0 };
    fake_tools_done(desk.home, &done);
    ck_assert_str_eq(buf_string(&done), expected);
    buf_clear(&done);
}

/* The body of the nth request that has one: others ask for models. */
static struct slice post(int number)
{
    struct slice body = { 0 };
    for (int i = 1; number > 0 && i < 100; i++) {
        body = server_body(server, i);
        number -= body.len > 0;
    }
    return body;
}

/* The messages of role "tool" of a request, in order: "look a|look b". */
static void assert_results(int request, const char *expected)
{
    struct error err = { 0 };
    struct buf texts = { 0 };
    json_t *body = json_parse(post(request), &err);
    ck_assert_msg(body != NULL, "%s", err.text);
    json_t *messages = json_object_get(body, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        if (slice_is(json_slice(message, "role"), "tool"))
            buf_printf(&texts, "%s%.*s", texts.len ? "|" : "",
                       SLICE_ARG(json_slice(message, "content")));
    }
    ck_assert_str_eq(buf_string(&texts), expected);
    json_decref(body);
    buf_clear(&texts);
}

/* The names of the tools that a request offered: "look glance". */
static void assert_offered(int request, const char *expected)
{
    struct error err = { 0 };
    struct buf names = { 0 };
    json_t *body = json_parse(post(request), &err);
    ck_assert_msg(body != NULL, "%s", err.text);
    json_t *tools = json_object_get(body, "tools");
    for (size_t i = 0; i < json_array_size(tools); i++)
        buf_printf(&names, "%s%.*s", i ? " " : "",
                   SLICE_ARG(json_slice(
                       json_object_get(json_array_get(tools, i), "function"),
                       "name")));
    ck_assert_str_eq(buf_string(&names), expected);
    json_decref(body);
    buf_clear(&names);
}

static void assert_run(enum run_state state)
{
    desk_run_to_end(&desk);
    ck_assert_msg(desk_last_run(&desk)->state == state, "%s: %s",
                  life_state_name(LIFE_RUN, (int)desk_last_run(&desk)->state),
                  desk_last_run(&desk)->error);
}

/* What is offered. */

static const struct {
    const char *yaml, *offered;
} modes[] = {
    { "tools: {mode: off, " USE "}", "" },
    { "tools: {mode: plan, " USE "}", "look glance" },
    { "tools: {mode: ask, " USE "}", "look glance edit act" },
    { "tools: {" USE "}", "look glance edit act" },
    { "tools: {mode: edits, " USE "}", "look glance edit act" },
};

START_TEST(the_mode_says_which_tools_are_offered)
{
    begin(modes[_i].yaml, true, SAY("hi"), NULL, NULL);
    assert_run(RUN_COMPLETE);
    assert_offered(1, modes[_i].offered);
    end();
}
END_TEST

/* The rest. */

START_TEST(what_only_reads_runs_and_goes_back)
{
    begin(NULL, true, ASK(WORD("look", "a")), NULL, NULL);
    assert_run(RUN_COMPLETE);
    assert_states("completed");
    assert_done("look a\n");
    assert_results(2, "look a");
    ck_assert_uint_eq(desk_last_run(&desk)->attempts.count, 2);
    end();
}
END_TEST

START_TEST(results_go_back_in_the_order_in_which_they_were_asked_for)
{
    begin(NULL, true,
          ASK(WORD("act", "a") "," WORD("glance", "b") "," WORD("look", "c")),
          NULL, NULL);
    await_state(1, CALL_ASKING);
    await_state(2, CALL_COMPLETED);
    await_state(3, CALL_COMPLETED);
    answer(1, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed completed completed");
    assert_done("glance b\nlook c\nact a\n");
    assert_results(2, "act a|glance b|look c");
    end();
}
END_TEST

START_TEST(what_changes_something_asks)
{
    begin(NULL, true, ASK(WORD("edit", "a") "," WORD("act", "b")), NULL, NULL);
    await_state(1, CALL_ASKING);
    await_state(2, CALL_ASKING);
    ck_assert_uint_eq(chat_asking_count(desk.chat), 2);
    ck_assert_uint_eq(chat_asking(desk.chat, 1), 2);
    struct call_question question;
    ck_assert(chat_call_question(desk.chat, 1, &question));
    ck_assert_str_eq(buf_string(&question.plan->about), "a");
    ck_assert_uint_eq(question.same_tool, 1);
    assert_done("");
    answer(2, CALL_DENY, "not today");
    answer(1, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed denied");
    assert_done("edit a\n");
    assert_results(2, "edit a|The user says: not today\n\n[The user denied "
                      "this call; it was not run.]");
    end();
}
END_TEST

START_TEST(an_answer_may_be_for_all_calls_of_the_tool)
{
    struct error err = { 0 };
    begin(NULL, true,
          ASK(WORD("act", "a") "," WORD("edit", "b") "," WORD("act", "c")),
          NULL, NULL);
    for (uint32_t id = 1; id <= 3; id++)
        await_state(id, CALL_ASKING);
    answer(1, CALL_ALL, "");
    ck_assert_uint_eq(chat_asking_count(desk.chat), 1);
    ck_assert(!chat_answer_call(desk.chat, 1, CALL_ONCE, slice_of(""), &err));
    answer(2, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed denied completed");
    end();
}
END_TEST

/* Not those that want a look of their own, unless it is said of one of them. */
START_TEST(what_hides_something_is_in_no_batch)
{
    struct call_question question;
    begin(
        NULL, true,
        ASK(WORD("act", "a") "," WORD("act", "b\\u202e") "," WORD("act", "c")),
        NULL, NULL);
    for (uint32_t id = 1; id <= 3; id++)
        await_state(id, CALL_ASKING);
    ck_assert(chat_call_question(desk.chat, 1, &question));
    ck_assert_uint_eq(question.same_tool, 2);
    ck_assert(!chat_call_is_alike(desk.chat, 1, 2));
    ck_assert(chat_call_is_alike(desk.chat, 1, 3));
    ck_assert(chat_call_question(desk.chat, 2, &question));
    ck_assert_uint_eq(question.same_tool, 3);
    answer(1, CALL_ALL, "");
    ck_assert_uint_eq(chat_asking_count(desk.chat), 1);
    answer(2, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed denied completed");
    end();
}
END_TEST

START_TEST(without_anybody_to_ask_only_rules_let_pass)
{
    struct error err = { 0 };
    begin(NULL, false, ASK(WORD("act", "a") "," WORD("look", "b")), NULL, NULL);
    ck_assert_msg(chat_add_rule(desk.chat, slice_of("look"), &err), "%s",
                  err.text);
    assert_run(RUN_COMPLETE);
    assert_states("denied completed");
    assert_done("look b\n");
    end();
}
END_TEST

START_TEST(while_planning_nothing_is_changed)
{
    begin("tools: {mode: plan, " USE "}", true, ASK(WORD("edit", "a")), NULL,
          NULL);
    assert_run(RUN_COMPLETE);
    assert_states("denied");
    assert_done("");
    end();
}
END_TEST

START_TEST(in_the_mode_of_edits_these_pass_one_after_another)
{
    begin("tools: {mode: edits, " USE "}", true,
          ASK(AWAIT("edit", "a", "go") "," WORD("edit", "b") "," WORD("act",
                                                                      "c")),
          NULL, NULL);
    await_state(1, CALL_EXECUTING);
    answer(3, CALL_ONCE, "");
    ck_assert(is_in(2, CALL_PENDING));
    fake_tools_release(desk.home, "go");
    assert_run(RUN_COMPLETE);
    assert_done("edit a\nedit b\nact c\n");
    end();
}
END_TEST

START_TEST(an_edit_of_a_file_waits_for_the_edit_before_it)
{
    begin(NULL, true, ASK(WORD("edit", "a") "," WORD("edit", "a")), NULL, NULL);
    await_state(1, CALL_ASKING);
    ck_assert(is_in(2, CALL_PENDING));
    answer(1, CALL_ONCE, "");
    await_state(1, CALL_COMPLETED);
    answer(2, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed completed");
    end();
}
END_TEST

static const struct {
    const char *call, *words;
} wrong[] = {
    { WORD("peek", "a"), "look" },
    { CALL("look", "{\"word\":3}"), "word" },
    { CALL("look", "{}"), "word" },
    { WORD("look", "impossible"), "that cannot be done" },
    { CALL("look", "{\"word\":\"a\",\"fail\":true}"), "look failed" },
};

START_TEST(what_cannot_be_done_is_told_and_the_run_goes_on)
{
    struct buf ask = { 0 };
    buf_printf(&ask, ASK("%s"), wrong[_i].call);
    begin(NULL, true, buf_string(&ask), NULL, NULL);
    assert_run(RUN_COMPLETE);
    assert_states("error");
    ck_assert(slice_contains(post(2), slice_of(wrong[_i].words)));
    buf_clear(&ask);
    end();
}
END_TEST

START_TEST(calls_of_an_answer_that_was_cut_never_run)
{
    begin(NULL, true,
          HEAD "line {\"message\":{\"content\":\"so\",\"tool_calls\":[" WORD(
              "look", "a") "]},\"done\":false}\nclose\n",
          NULL, NULL);
    assert_run(RUN_CUT);
    assert_done("");
    assert_states("cancelled");
    end();
}
END_TEST

START_TEST(calls_of_an_answer_without_room_never_run)
{
    begin(NULL, true,
          HEAD "line {\"message\":{\"content\":\"so\",\"tool_calls\":[" WORD(
              "look", "a") "]},\"done\":true,\"done_reason\":\"length\"}\n",
          NULL, NULL);
    assert_run(RUN_COMPLETE);
    assert_done("");
    assert_states("error");
    end();
}
END_TEST

#define AS_TEXT(word)                                      \
    SAY("I look. <tool_call>{\\\"name\\\": \\\"look\\\", " \
        "\\\"arguments\\\": {\\\"word\\\": \\\"" word "\\\"}}</tool_call>")

START_TEST(a_call_that_came_as_text_asks_whatever_it_is)
{
    begin("tools: {mode: edits, " USE "}", true, AS_TEXT("a"), AS_TEXT("b"),
          NULL);
    struct call_question question;
    await_state(1, CALL_ASKING);
    ck_assert(chat_call_question(desk.chat, 1, &question));
    ck_assert(question.is_recovered);
    assert_done("");
    answer(1, CALL_ONCE, "");
    answer(2, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed denied");
    assert_done("look a\n");
    ck_assert(slice_contains(post(2), slice_of("I look. <tool_call>")));
    end();
}
END_TEST

START_TEST(text_is_text_where_no_tools_are_offered)
{
    begin("tools: {mode: off, " USE "}", true, AS_TEXT("a"), NULL, NULL);
    assert_run(RUN_COMPLETE);
    assert_states("");
    end();
}
END_TEST

START_TEST(what_is_said_for_the_session_is_not_asked_again)
{
    begin(NULL, true, ASK(WORD("edit", "a") "," WORD("edit", "b")),
          ASK(WORD("edit", "c")), NULL);
    await_state(2, CALL_ASKING);
    answer(1, CALL_SESSION, "");
    ck_assert_uint_eq(chat_asking_count(desk.chat), 0);
    assert_run(RUN_COMPLETE);
    assert_states("completed completed completed");
    end();
}
END_TEST

START_TEST(always_is_of_exactly_this)
{
    struct permission_rule rule;
    struct buf why = { 0 };
    begin(NULL, true, ASK(WORD("edit", "a")), ASK(WORD("edit", "a")),
          ASK(WORD("edit", "b")));
    await_state(1, CALL_ASKING);
    ck_assert(chat_call_rule(desk.chat, 1, PERMISSION_ALWAYS, &rule, &why));
    ck_assert_str_eq(rule.tool, "edit");
    permission_rule_clear(&rule);
    answer(1, CALL_ALWAYS, "");
    answer(3, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed completed denied");
    end();
}
END_TEST

START_TEST(an_edit_is_known_by_its_call)
{
    char directory[SCRATCH_PATH_MAX], ask[512];
    scratch_directory(directory, "calls");
    snprintf(ask, sizeof ask,
             ASK(CALL("write_file", "{\"path\":\"%s/a\",\"content\":\"one\"}")),
             directory);
    begin("tools: {use: [write_file]}", true, ask, NULL, NULL);
    struct edits *edits = toolbox_place(chat_toolbox(desk.chat))->edits;
    await_state(1, CALL_ASKING);
    ck_assert_uint_eq(edits_of_call(edits, 1), 0);
    answer(1, CALL_ONCE, "");
    await_state(1, CALL_COMPLETED);
    ck_assert_uint_gt(edits_of_call(edits, 1), 0);
    end();
    scratch_remove(directory);
}
END_TEST

#define LOADED                                          \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\","  \
    "\\\"context_length\\\":4096}]}\"\n"

#define LISTED                                            \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\"}]}\"\n"

/* A quarter of 4,096 tokens, of three bytes each. */
START_TEST(an_answer_is_as_large_as_the_window_bears)
{
    char directory[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX + 8], ask[1024];
    struct error err;
    struct buf text = { 0 }, yaml = { 0 };
    scratch_directory(directory, "calls");
    snprintf(path, sizeof path, "%s/a", directory);
    for (int i = 0; i < 3000; i++)
        buf_append_string(&text, "a line\n");
    ck_assert(path_write_file(path, buf_slice(&text), &err));
    snprintf(ask, sizeof ask, ASK(CALL("read_file", "{\"path\":\"%s\"}")),
             path);
    /* Of a request that is this long it is asked how large the window is. */
    buf_append_string(&yaml, "tools: {use: [read_file]}\nsystem: be brief");
    for (int i = 0; i < 400; i++)
        buf_append_string(&yaml, " and terse");
    begin(buf_string(&yaml), true, ask, LISTED, LOADED);
    answer(1, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    struct slice body = post(2);
    ptrdiff_t result = slice_find(body, "a line");
    ck_assert_int_gt(result, 0);
    ck_assert_uint_gt(body.len - (size_t)result, 2000);
    ck_assert_uint_lt(body.len - (size_t)result, 3 * 1024 + 1000);
    ck_assert_int_gt(slice_find(body, "read on with offset"), 0);
    ck_assert_int_lt(slice_find(body, "left out"), 0);
    end();
    buf_clear(&yaml);
    buf_clear(&text);
    scratch_remove(directory);
}
END_TEST

START_TEST(no_rule_can_be_made_of_what_came_as_text)
{
    struct error err = { 0 };
    begin(NULL, true, AS_TEXT("a"), NULL, NULL);
    await_state(1, CALL_ASKING);
    ck_assert(!chat_answer_call(desk.chat, 1, CALL_ALWAYS, slice_of(""), &err));
    ck_assert(
        !chat_answer_call(desk.chat, 1, CALL_SESSION, slice_of(""), &err));
    ck_assert(is_in(1, CALL_ASKING));
    answer(1, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    end();
}
END_TEST

static void take_turns(void)
{
    for (int i = 0; i < 10; i++)
        desk_turn(&desk);
}

START_TEST(a_wider_mode_is_for_calls_that_come_later)
{
    begin(NULL, true, ASK(WORD("act", "a") "," WORD("edit", "b")),
          ASK(WORD("edit", "c")), NULL);
    await_state(1, CALL_ASKING);
    await_state(2, CALL_ASKING);
    chat_set_tool_mode(desk.chat, TOOL_MODE_EDITS);
    take_turns();
    assert_states("asking asking");
    assert_done("");
    answer(1, CALL_SESSION, "");
    await_state(1, CALL_COMPLETED);
    assert_states("completed asking");
    answer(2, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_states("completed denied completed");
    assert_done("act a\nedit c\n");
    end();
}
END_TEST

START_TEST(a_wider_mode_while_the_answer_comes_is_not_for_its_calls)
{
    begin(NULL, true, ASK(WORD("edit", "a")), NULL, NULL);
    while (!desk_last_run(&desk) || !desk_last_run(&desk)->attempts.count)
        desk_turn(&desk);
    ck_assert_uint_eq(graph_call_count(desk_graph(&desk)), 0);
    chat_set_tool_mode(desk.chat, TOOL_MODE_EDITS);
    answer(1, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_done("");
    end();
}
END_TEST

static const struct {
    enum tool_mode mode;
    bool is_barred; /* edits */
} narrower[] = {
    { TOOL_MODE_OFF, true },
    { TOOL_MODE_PLAN, true },
    { TOOL_MODE_ASK, false },
    { TOOL_MODE_EDITS, false },
};

START_TEST(what_the_mode_forbids_by_now_cannot_be_agreed_to)
{
    struct call_question question;
    struct error err = { 0 };
    begin(NULL, true, ASK(WORD("edit", "a") "," WORD("edit", "b")), NULL, NULL);
    await_state(1, CALL_ASKING);
    await_state(2, CALL_ASKING);
    chat_set_tool_mode(desk.chat, narrower[_i].mode);
    take_turns();
    ck_assert(chat_call_question(desk.chat, 1, &question));
    ck_assert_int_eq(question.is_barred, narrower[_i].is_barred);
    for (int i = 0; narrower[_i].is_barred && i < CALL_DENY; i++) {
        ck_assert(!chat_answer_call(desk.chat, 1, (enum call_answer)i,
                                    slice_of(""), &err));
        ck_assert_ptr_nonnull(
            strstr(err.text, tool_mode_name(narrower[_i].mode)));
    }
    take_turns();
    assert_states("asking asking");
    answer(1, CALL_DENY, "");
    chat_set_tool_mode(desk.chat, TOOL_MODE_ASK);
    answer(2, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    assert_states("denied completed");
    assert_done("edit b\n");
    end();
}
END_TEST

static const struct {
    enum tool_mode mode;
    const char *states, *done;
} switched[] = {
    { TOOL_MODE_OFF, "completed denied", "act a\n" },
    { TOOL_MODE_PLAN, "completed denied", "act a\n" },
    { TOOL_MODE_ASK, "completed asking", "act a\n" },
    { TOOL_MODE_EDITS, "completed completed", "act a\nedit b\n" },
};

/* An edit that passes waits for the program that was asked for before it. */
START_TEST(what_has_not_begun_obeys_a_narrower_mode)
{
    begin("tools: {mode: edits, " USE "}", true,
          ASK(AWAIT("act", "a", "go") "," WORD("edit", "b")), NULL, NULL);
    answer(1, CALL_ONCE, "");
    await_state(1, CALL_EXECUTING);
    ck_assert(is_in(2, CALL_PENDING));
    chat_set_tool_mode(desk.chat, switched[_i].mode);
    fake_tools_release(desk.home, "go");
    await_state(1, CALL_COMPLETED);
    while (is_in(2, CALL_PENDING) || is_in(2, CALL_EXECUTING))
        desk_turn(&desk);
    assert_states(switched[_i].states);
    if (is_in(2, CALL_ASKING))
        answer(2, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    assert_done(switched[_i].done);
    end();
}
END_TEST

static const struct {
    enum tool_mode mode;
    const char *states, *done;
} agreed[] = {
    { TOOL_MODE_OFF, "completed denied", "edit a\n" },
    { TOOL_MODE_PLAN, "completed denied", "edit a\n" },
    { TOOL_MODE_ASK, "completed completed", "edit a\nact b\n" },
};

/* But whom it asked for a yes it need not ask again. */
START_TEST(what_the_user_agreed_to_is_not_asked_again)
{
    begin("tools: {mode: edits, " USE "}", true,
          ASK(AWAIT("edit", "a", "go") "," WORD("act", "b")), NULL, NULL);
    await_state(1, CALL_EXECUTING);
    answer(2, CALL_ONCE, "");
    chat_set_tool_mode(desk.chat, agreed[_i].mode);
    fake_tools_release(desk.home, "go");
    assert_run(RUN_COMPLETE);
    assert_states(agreed[_i].states);
    assert_done(agreed[_i].done);
    end();
}
END_TEST

/* Ends. */

START_TEST(rounds_have_an_end_and_then_it_is_summed_up)
{
    begin("tools: {" USE "}\nlimits: {tool_rounds: 2}", true,
          ASK(WORD("look", "a")), ASK(WORD("look", "b")), NULL);
    assert_run(RUN_COMPLETE);
    assert_offered(2, "look glance edit act");
    assert_offered(3, "");
    ck_assert(slice_contains(post(3), slice_of("2 rounds of calls were made")));
    assert_states("completed completed");
    end();
}
END_TEST

START_TEST(who_calls_even_then_is_not_heard)
{
    begin("tools: {" USE "}\nlimits: {tool_rounds: 1}", true,
          ASK(WORD("look", "a")), ASK(WORD("look", "b")), NULL);
    assert_run(RUN_COMPLETE);
    assert_states("completed error");
    assert_done("look a\n");
    ck_assert_uint_eq(desk_last_run(&desk)->attempts.count, 2);
    end();
}
END_TEST

START_TEST(who_goes_in_circles_is_stopped)
{
    begin(NULL, true, ASK(WORD("look", "a")), ASK(WORD("look", "a")),
          ASK(CALL("look", "{ \"word\" : \"a\" }")));
    assert_run(RUN_COMPLETE);
    assert_states("completed completed completed");
    assert_offered(3, "look glance edit act");
    assert_offered(4, "");
    ck_assert(slice_contains(post(4), slice_of("these calls go in circles")));
    end();
}
END_TEST

START_TEST(the_time_of_a_question_is_the_users)
{
    begin("tools: {" USE "}\nlimits: {deadline: 2s}", true,
          ASK(WORD("act", "a")), NULL, NULL);
    await_state(1, CALL_ASKING);
    for (int64_t until = clock_monotonic_ms() + 2500;
         clock_monotonic_ms() < until;)
        desk_turn(&desk);
    answer(1, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    end();
}
END_TEST

START_TEST(the_time_of_a_tool_is_the_answers)
{
    begin("tools: {" USE "}\nlimits: {deadline: 1s}", true,
          ASK(AWAIT("look", "a", "never")), NULL, NULL);
    assert_run(RUN_CUT);
    assert_states("cancelled");
    end();
}
END_TEST

START_TEST(who_is_stopped_has_answered_all)
{
    begin(NULL, true,
          ASK(WORD("glance", "c") "," AWAIT("look", "a",
                                            "never") "," WORD("act", "b")),
          SAY("later"), NULL);
    await_state(1, CALL_COMPLETED);
    await_state(2, CALL_EXECUTING);
    await_state(3, CALL_ASKING);
    ck_assert(chat_stop(desk.chat));
    ck_assert(!chat_is_busy(desk.chat));
    assert_states("completed cancelled cancelled");
    ck_assert_uint_eq(chat_asking_count(desk.chat), 0);
    desk_ask(&desk, "and now?");
    assert_results(2, "glance c|Cancelled by the user while it ran.|"
                      "Cancelled by the user; it was not run.");
    assert_done("glance c\n");
    end();
}
END_TEST

START_TEST(one_call_can_be_stopped_alone)
{
    begin(NULL, true,
          ASK(WORD("glance", "c") "," AWAIT("look", "a",
                                            "never") "," WORD("act", "b")),
          NULL, NULL);
    await_state(2, CALL_EXECUTING);
    await_state(3, CALL_ASKING);
    ck_assert(chat_stop_call(desk.chat, 2));
    ck_assert(chat_stop_call(desk.chat, 3));
    assert_run(RUN_COMPLETE);
    assert_states("completed cancelled cancelled");
    ck_assert(!chat_stop_call(desk.chat, 1));
    end();
}
END_TEST

/* Whatever happens to five calls beside each other, in whatever order. */

static uint32_t draw(uint64_t *state, uint32_t bound)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % bound;
}

/* Of a call that has ended: it changes nothing, and is counted. */
static void finish_late(uint32_t id)
{
    const struct graph *graph = desk_graph(&desk);
    uint64_t before = graph_rejected_count(graph, REJECT_LATE);
    enum call_state state = call_at(id)->state;
    struct event event = { .type = EVENT_TOOL_FINISHED, .run = 1 };
    event_add_number(&event, FIELD_CALL, id);
    event_add_string(&event, FIELD_OUTCOME, "completed");
    event_add_string(&event, FIELD_TEXT, "late");
    if (!life_is_terminal(LIFE_CALL, (int)state))
        return;
    conversation_append(
        (struct conversation *)(uintptr_t)chat_conversation(desk.chat), &event);
    ck_assert_int_eq(call_at(id)->state, state);
    ck_assert_uint_eq(graph_rejected_count(graph, REJECT_LATE), before + 1);
}

static void do_something(uint64_t *state)
{
    static const char *const files[] = { "one", "two" };
    struct error ignored = { 0 };
    uint32_t id = 1 + draw(state, 5);
    switch (draw(state, 9)) {
    case 0: chat_stop_call(desk.chat, id); break;
    case 1: finish_late(id); break;
    case 2:
    case 3:
        (void)chat_answer_call(desk.chat, id, CALL_ONCE, slice_of(""),
                               &ignored);
        break;
    case 4:
        (void)chat_answer_call(desk.chat, id, CALL_DENY, slice_of("no"),
                               &ignored);
        break;
    case 5:
        (void)chat_answer_call(desk.chat, id, CALL_ALL, slice_of(""), &ignored);
        break;
    case 6:
        fake_tools_release(desk.home, files[draw(state, COUNTOF(files))]);
        break;
    case 7:
        if (draw(state, 6) == 0)
            chat_stop(desk.chat);
        break;
    default: desk_turn(&desk);
    }
}

static void assert_legal(void)
{
    struct messages *messages = messages_new();
    messages_catch_up(messages, desk_graph(&desk),
                      graph_head(desk_graph(&desk)));
    const char *fault = messages_fault(messages);
    ck_assert_msg(!fault, "%s", fault);
    fault = graph_fault(desk_graph(&desk));
    ck_assert_msg(!fault, "%s", fault);
    messages_free(messages);
}

START_TEST(the_next_request_is_legal_whatever_happens)
{
    uint64_t state = (uint64_t)_i * 7919 + 1;
    begin(NULL, true,
          ASK(AWAIT("look", "a", "one") "," WORD("act", "b") "," AWAIT(
              "edit", "c", "two") "," WORD("edit", "c") "," WORD("act", "d")),
          NULL, NULL);
    while (!call_at(5))
        desk_turn(&desk);
    for (int i = 0; i < 60 && chat_is_busy(desk.chat); i++) {
        do_something(&state);
        assert_legal();
    }
    chat_stop(desk.chat);
    desk_ask(&desk, "and now?");
    assert_legal();
    for (int i = 1; post(i).len; i++)
        legal_check("ollama", post(i));
    for (uint32_t id = 1; id <= 5; id++)
        ck_assert(life_is_terminal(LIFE_CALL, (int)call_at(id)->state));
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    end();
}
END_TEST

/* What the user calls. */

static void run_own(void)
{
    desk_run_to_end(&desk);
    desk_prompt(&desk, "and now?");
    assert_run(RUN_COMPLETE);
}

START_TEST(what_the_user_runs_is_told_with_the_next_prompt)
{
    struct error err = { 0 };
    begin(NULL, true, SAY("hi"), NULL, NULL);
    assert_run(RUN_COMPLETE);
    ck_assert_msg(chat_shell(desk.chat, slice_of(" echo o''k "), &err), "%s",
                  err.text);
    ck_assert(!chat_shell(desk.chat, slice_of("echo no"), &err));
    run_own();
    assert_states("completed");
    ck_assert_uint_eq(graph_run_count(desk_graph(&desk)), 2);
    ck_assert(slice_contains(post(2), slice_of("echo o''k")));
    ck_assert(slice_contains(post(2), slice_of("It gave back (completed):\\n"
                                               "```\\nok\\n```\\n\\nand")));
    end();
}
END_TEST

/* With what stands between. */
static size_t told_of(struct slice body)
{
    ptrdiff_t from = slice_find(body, "It gave back"),
              to = slice_find(body, "and now?");
    ck_assert_int_gt(from, 0);
    ck_assert_int_gt(to, from);
    return (size_t)(to - from);
}

/* Of the window that is asked next: a quarter of 4,096 tokens, of three bytes
 * each (a line feed is two bytes of JSON); of one that nobody knows 16,384. */
static const struct {
    const char *listed, *loaded;
    size_t least, most;
} windows[] = {
    { LISTED, LOADED, 2500, 3 * 1024 * 3 / 2 + 200 },
    { NULL, NULL, 11000, 12 * 1024 * 3 / 2 + 200 },
};

START_TEST(what_the_user_runs_is_as_large_as_the_window_bears)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    buf_append_string(&yaml, "tools: {" USE "}\nsystem: be brief");
    for (int i = 0; windows[_i].listed && i < 150; i++)
        buf_append_string(&yaml, " and terse");
    begin(buf_string(&yaml), true, SAY("hi"), windows[_i].listed,
          windows[_i].loaded);
    assert_run(RUN_COMPLETE);
    ck_assert(chat_shell(desk.chat, slice_of("yes some words | head -c 99999"),
                         &err));
    run_own();
    size_t told = told_of(post(2));
    ck_assert_uint_ge(told, windows[_i].least);
    ck_assert_uint_le(told, windows[_i].most);
    end();
    buf_clear(&yaml);
}
END_TEST

START_TEST(a_call_can_be_made_once_more_by_the_user)
{
    struct error err = { 0 };
    begin(NULL, true, ASK(WORD("act", "a")), NULL, NULL);
    answer(1, CALL_ONCE, "");
    assert_run(RUN_COMPLETE);
    ck_assert(!chat_rerun_call(desk.chat, 7, &err));
    ck_assert_msg(chat_rerun_call(desk.chat, 1, &err), "%s", err.text);
    answer(2, CALL_ONCE, "");
    run_own();
    assert_done("act a\nact a\n");
    ck_assert(slice_contains(post(3), slice_of("I have called act myself")));
    end();
}
END_TEST

START_TEST(a_mode_says_what_models_may_do_not_the_user)
{
    struct error err = { 0 };
    begin(NULL, true, ASK(WORD("act", "a")), NULL, NULL);
    answer(1, CALL_DENY, "");
    assert_run(RUN_COMPLETE);
    chat_set_tool_mode(desk.chat, narrower[_i].mode);
    ck_assert_msg(chat_rerun_call(desk.chat, 1, &err), "%s", err.text);
    answer(2, CALL_ONCE, "");
    await_state(2, CALL_COMPLETED);
    assert_done("act a\n");
    end();
}
END_TEST

START_TEST(what_the_user_calls_can_be_stopped)
{
    struct error err = { 0 };
    begin(NULL, true, SAY("hi"), NULL, NULL);
    assert_run(RUN_COMPLETE);
    ck_assert(chat_shell(desk.chat, slice_of("sleep 1000"), &err));
    await_state(1, CALL_EXECUTING);
    ck_assert(chat_stop(desk.chat));
    assert_states("cancelled");
    ck_assert(!chat_is_busy(desk.chat));
    end();
}
END_TEST

Suite *calls_suite(void)
{
    Suite *suite = suite_create("calls");
    TCase *test = tcase_create("calls");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, the_mode_says_which_tools_are_offered, 0,
                        COUNTOF(modes));
    tcase_add_test(test, what_only_reads_runs_and_goes_back);
    tcase_add_test(test,
                   results_go_back_in_the_order_in_which_they_were_asked_for);
    tcase_add_test(test, what_changes_something_asks);
    tcase_add_test(test, an_answer_may_be_for_all_calls_of_the_tool);
    tcase_add_test(test, what_hides_something_is_in_no_batch);
    tcase_add_test(test, without_anybody_to_ask_only_rules_let_pass);
    tcase_add_test(test, while_planning_nothing_is_changed);
    tcase_add_test(test, in_the_mode_of_edits_these_pass_one_after_another);
    tcase_add_test(test, an_edit_of_a_file_waits_for_the_edit_before_it);
    tcase_add_loop_test(test, what_cannot_be_done_is_told_and_the_run_goes_on,
                        0, COUNTOF(wrong));
    tcase_add_test(test, calls_of_an_answer_that_was_cut_never_run);
    tcase_add_test(test, calls_of_an_answer_without_room_never_run);
    tcase_add_test(test, a_call_that_came_as_text_asks_whatever_it_is);
    tcase_add_test(test, text_is_text_where_no_tools_are_offered);
    tcase_add_test(test, what_is_said_for_the_session_is_not_asked_again);
    tcase_add_test(test, always_is_of_exactly_this);
    tcase_add_test(test, an_edit_is_known_by_its_call);
    tcase_add_test(test, an_answer_is_as_large_as_the_window_bears);
    tcase_add_test(test, no_rule_can_be_made_of_what_came_as_text);
    tcase_add_test(test, a_wider_mode_is_for_calls_that_come_later);
    tcase_add_test(test,
                   a_wider_mode_while_the_answer_comes_is_not_for_its_calls);
    tcase_add_loop_test(test, what_the_mode_forbids_by_now_cannot_be_agreed_to,
                        0, COUNTOF(narrower));
    tcase_add_loop_test(test, what_has_not_begun_obeys_a_narrower_mode, 0,
                        COUNTOF(switched));
    tcase_add_loop_test(test, what_the_user_agreed_to_is_not_asked_again, 0,
                        COUNTOF(agreed));
    tcase_add_loop_test(test, a_mode_says_what_models_may_do_not_the_user, 0,
                        COUNTOF(narrower));
    tcase_add_test(test, rounds_have_an_end_and_then_it_is_summed_up);
    tcase_add_test(test, who_calls_even_then_is_not_heard);
    tcase_add_test(test, who_goes_in_circles_is_stopped);
    tcase_add_test(test, the_time_of_a_question_is_the_users);
    tcase_add_test(test, the_time_of_a_tool_is_the_answers);
    tcase_add_test(test, who_is_stopped_has_answered_all);
    tcase_add_test(test, one_call_can_be_stopped_alone);
    tcase_add_loop_test(test, the_next_request_is_legal_whatever_happens, 0,
                        30);
    tcase_add_test(test, what_the_user_runs_is_told_with_the_next_prompt);
    tcase_add_loop_test(test,
                        what_the_user_runs_is_as_large_as_the_window_bears, 0,
                        COUNTOF(windows));
    tcase_add_test(test, a_call_can_be_made_once_more_by_the_user);
    tcase_add_test(test, what_the_user_calls_can_be_stopped);
    suite_add_tcase(suite, test);
    return suite;
}
