/* SPDX-License-Identifier: MIT */
/*
 * What a server has counted is true of that request; tools that come or go, and
 * a window that they nearly fill. The tools are the six that come with it.
 */
#include <string.h>

#include <check.h>

#include "base/tokens.h"
#include "chat/chat_tokens.h"
#include "chat/chat_tools.h"
#include "chat/filling.h"
#include "tests/support/desk.h"
#include "tests/support/server.h"

Suite *filling_suite(void);

#define LIST                                                  \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n"    \
    "header Content-Type: application/json\n"                 \
    "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":["      \
    "{\\\"id\\\":\\\"m\\\",\\\"max_model_len\\\":2000},"      \
    "{\\\"id\\\":\\\"wide\\\",\\\"max_model_len\\\":100000}," \
    "{\\\"id\\\":\\\"narrow\\\",\\\"max_model_len\\\":700}]}\"\n"
#define COUNTS(times, input)                                             \
    "match POST /v1/chat/completions\ntimes " times "\nstatus 200 OK\n"  \
    "header Content-Type: application/json\n"                            \
    "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"Yes" \
    "\\\"},\\\"finish_reason\\\":\\\"stop\\\"}],\\\"usage\\\":{"         \
    "\\\"prompt_tokens\\\":" input ",\\\"completion_tokens\\\":1}}\"\n"

static struct desk desk;
static struct server *server;
static struct budget *budget;
static struct buf notes;

static void begin(const char *target, const char *mode, const char *system,
                  const char *answer)
{
    static struct buf yaml;
    static const struct tool *const none[] = { NULL };
    const char *const texts[] = { LIST, answer, NULL };
    server = server_start_texts(texts);
    buf_reset(&yaml);
    buf_printf(&yaml,
               "tools: {mode: '%s'}\ncontext: {policy: truncate}\nendpoints:\n"
               "  box: {dialect: chat-completions, trust: own, url: '%s'}\n",
               mode, server_url(server, "/v1"));
    desk_open(&desk, &(struct desk_plan){
                         .yaml = buf_string(&yaml),
                         .tools = none,
                         .chat = { .target = target,
                                   .system = system,
                                   .is_interactive = true },
                     });
    buf_clear(&yaml);
    budget = budget_new();
}

static void end(void)
{
    desk_close(&desk);
    server_stop(server);
    budget_free(budget);
    buf_clear(&notes);
}

static void go_on(void)
{
    for (chat_turn(desk.chat);
         chat_is_busy(desk.chat) && !chat_has_question(desk.chat);)
        desk_turn(&desk);
    buf_reset(&notes);
    chat_take_context_note(desk.chat, &notes);
}

static void ask_of(uint64_t tokens)
{
    struct buf text = { 0 };
    while (tokens_estimate(buf_slice(&text)) < tokens)
        buf_append_string(&text, "alpha beta ");
    desk_prompt(&desk, buf_string(&text));
    buf_clear(&text);
    go_on();
}

static int posts(void)
{
    return server_count(server, "POST /v1/chat/completions");
}

static struct prompt_tokens next(void)
{
    chat_count(desk.chat, budget);
    return chat_prompt_tokens(desk.chat, budget, 0);
}

static bool is_refused(const char *words)
{
    return strstr(chat_last_error(desk.chat)->text, words) != NULL;
}

/* As an estimate, with what the model has taught. */
static void assert_near(uint64_t tokens, uint64_t expected)
{
    ck_assert_msg(tokens * 10 >= expected * 9 && tokens * 10 <= expected * 11,
                  "%llu, not about %llu", (unsigned long long)tokens,
                  (unsigned long long)expected);
}

START_TEST(tools_that_come_are_added_to_what_was_counted_without)
{
    begin("box/wide", "off", NULL, COUNTS("1", "300"));
    ask_of(290);
    ck_assert_uint_eq(next().tokens, 301);
    ck_assert_uint_eq(next().margin, 0);
    chat_set_tool_mode(desk.chat, TOOL_MODE_ASK);
    uint64_t tools = chat_offered_tokens(desk.chat);
    ck_assert_uint_gt(tools, 400);
    ck_assert_uint_eq(next().counted, 301);
    assert_near(next().tokens, 301 + tools);
    ck_assert_uint_gt(next().margin, 0);
    /* What is only read is a part of them. */
    chat_set_tool_mode(desk.chat, TOOL_MODE_PLAN);
    ck_assert_uint_lt(chat_offered_tokens(desk.chat), tools);
    assert_near(next().tokens, 301 + chat_offered_tokens(desk.chat));
    chat_set_tool_mode(desk.chat, TOOL_MODE_OFF);
    ck_assert_uint_eq(next().tokens, 301);
    end();
}
END_TEST

START_TEST(tools_that_go_are_taken_from_what_was_counted_with_them)
{
    begin("box/wide", "ask", NULL, COUNTS("1", "810"));
    ask_of(290);
    uint64_t tools = chat_offered_tokens(desk.chat);
    ck_assert_uint_eq(graph_attempt(desk_graph(&desk), 1, 1)->offered, tools);
    ck_assert_uint_eq(next().tokens, 811);
    chat_set_tool_mode(desk.chat, TOOL_MODE_OFF);
    assert_near(next().tokens, 811 - tools);
    ck_assert_uint_gt(next().margin, 0);
    chat_set_tool_mode(desk.chat, TOOL_MODE_ASK);
    ck_assert_uint_eq(next().tokens, 811);
    end();
}
END_TEST

START_TEST(what_cannot_fit_with_the_tools_is_refused_before_anything_is_cut)
{
    begin("box/narrow", "off", NULL, COUNTS("forever", "60"));
    ask_of(60);
    ask_of(60);
    ck_assert_int_eq(posts(), 2);
    chat_set_tool_mode(desk.chat, TOOL_MODE_ASK);
    ask_of(240);
    ck_assert(!chat_has_question(desk.chat));
    ck_assert(is_refused("over budget: "));
    ck_assert(is_refused("the tools that are offered ("));
    ck_assert(is_refused("/mode off"));
    ck_assert(!is_refused("system prompt"));
    ck_assert(!is_refused("pinned"));
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    ck_assert_int_eq(posts(), 2);
    /* The way out that it names is one. */
    chat_set_tool_mode(desk.chat, TOOL_MODE_OFF);
    ask_of(240);
    ck_assert_int_eq(posts(), 3);
    end();
}
END_TEST

START_TEST(without_tools_none_are_blamed)
{
    begin("box/narrow", "off", "Be brief.", COUNTS("forever", "60"));
    ask_of(800);
    ck_assert(is_refused("over budget: "));
    ck_assert(is_refused("the system prompt, the last prompt"));
    ck_assert(!is_refused("tools"));
    end();
}
END_TEST

/* The server counts a fifth of what we do; once something was cut there is only
 * the estimate. */
START_TEST(what_was_cut_as_was_shown_is_sent)
{
    begin("box/m", "off", NULL, COUNTS("forever", "200"));
    for (int i = 0; i < 5; i++)
        ask_of(200);
    ck_assert_int_eq(posts(), 5);
    chat_set_tool_mode(desk.chat, TOOL_MODE_ASK);
    ask_of(850);
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
    struct filling shown = chat_context_plan(desk.chat)->cut_to;
    ck_assert_int_ne(filling_judge(&shown), FILLING_OVER);
    chat_answer_context(desk.chat, CONTEXT_TRUNCATE);
    assert_near(shown.tokens, next().tokens);
    go_on();
    ck_assert(!chat_has_question(desk.chat));
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_NONE);
    ck_assert_int_eq(posts(), 6);
    end();
}
END_TEST

START_TEST(a_window_that_tools_take_half_of_is_told_of_once)
{
    static const char told[] =
        "more than half of the window of 700 goes to the tools";
    begin("box/narrow", "ask", NULL, COUNTS("forever", "530"));
    ask_of(4);
    ck_assert_int_eq(posts(), 1);
    ck_assert_ptr_nonnull(strstr(buf_string(&notes), told));
    ask_of(4);
    ck_assert_ptr_null(strstr(buf_string(&notes), told));
    end();
}
END_TEST

Suite *filling_suite(void)
{
    Suite *suite = suite_create("filling");
    TCase *tcase = tcase_create("tools");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   tools_that_come_are_added_to_what_was_counted_without);
    tcase_add_test(tcase,
                   tools_that_go_are_taken_from_what_was_counted_with_them);
    tcase_add_test(
        tcase,
        what_cannot_fit_with_the_tools_is_refused_before_anything_is_cut);
    tcase_add_test(tcase, without_tools_none_are_blamed);
    tcase_add_test(tcase, what_was_cut_as_was_shown_is_sent);
    tcase_add_test(tcase, a_window_that_tools_take_half_of_is_told_of_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
