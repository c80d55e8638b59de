/* SPDX-License-Identifier: MIT */
/*
 * The next request before it is sent: what is previewed is what the server gets,
 * and what the budget says of it is what is in it.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "chat/fates.h"
#include "graph/lens.h"
#include "graph/private_mark.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *preview_suite(void);

#define ANSWER                                                               \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n"        \
    "header Content-Type: text/event-stream\nchunked\n"                      \
    "line data: {\"choices\":[{\"delta\":{\"content\":\"It is a cord of "    \
    "several strands, braided flat.\"}}]}\n"                                 \
    "line\n"                                                                 \
    "line data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n" \
    "line\n"                                                                 \
    "line data: [DONE]\n"                                                    \
    "line\n"

static struct server *server;
static struct settings *settings;
static struct endpoints endpoints;
static struct loop *loop;
static struct http *http;
static struct chat *chat;
static struct budget *budget;
static struct buf out;
static struct error err;

static void setup(void)
{
    struct buf yaml = { 0 };
    setenv("PREVIEW_KEY", "sk-canary-4242", 1);
    server = server_start(ANSWER, NULL);
    settings = settings_new();
    buf_printf(&yaml,
               "model: s/m\nsystem: Be brief, and say what you do not know.\n"
               "endpoints:\n  s: {dialect: chat-completions, trust: own, "
               "key: {env: PREVIEW_KEY}, url: \"%s\"}\n"
               "  v: {dialect: chat-completions, trust: vendor, "
               "url: \"http://127.0.0.1:9/v1\", models: {m: m}}\n"
               "privacy: {private: {text: [heron]}}\n",
               server_url(server, "/v1"));
    settings_must_add(settings, "endpoints", buf_string(&yaml));
    buf_clear(&yaml);
    err = (struct error){ 0 };
    ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                  err.text);
    loop = loop_new(&err);
    http = http_new(loop, &err);
    chat = chat_new(&(struct chat_setup){ .loop = loop,
                                          .http = http,
                                          .settings = settings,
                                          .endpoints = &endpoints,
                                          .target = "s/m",
                                          .is_interactive = true });
    budget = budget_new();
    out = (struct buf){ 0 };
}

static void teardown(void)
{
    buf_clear(&out);
    budget_free(budget);
    chat_free(chat);
    http_free(http);
    loop_free(loop);
    endpoints_clear(&endpoints);
    settings_free(settings);
    server_stop(server);
}

static const struct graph *graph(void)
{
    return chat_conversation(chat)->graph;
}

static void prompt(const char *text)
{
    ck_assert(chat_prompt(chat, slice_of(text), NULL, &err));
    chat_turn(chat);
    while (chat_is_busy(chat)) {
        loop_turn(loop, 1000);
        chat_turn(chat);
    }
    ck_assert_str_eq(chat_last_error(chat)->text, "");
}

/* Of the prompt that came last; what is asked besides has no body. */
static struct slice last_body(void)
{
    int number = server_count(server, "--- request ");
    while (number > 1 && !server_body(server, number).len)
        number--;
    struct slice body = server_body(server, number);
    ck_assert_uint_gt(body.len, 0);
    return body;
}

static void leave_out(size_t index)
{
    struct buf words = { 0 };
    uint64_t id = graph_node_at(graph(), index)->id;
    ck_assert_msg(fates_leave_out(chat, id, &words, &err), "%s", err.text);
    ck_assert_uint_gt(words.len, 0);
    buf_clear(&words);
}

/* As the words of messages are estimated before they are sent. */
static uint64_t tokens_of(struct slice body)
{
    json_t *root = json_parse(body, &err), *message;
    uint64_t tokens = 0;
    size_t index;
    ck_assert_msg(root != NULL, "%s", err.text);
    json_array_foreach(json_object_get(root, "messages"), index, message)
        tokens += tokens_estimate(
            slice_of(json_string_value(json_object_get(message, "content"))));
    json_decref(root);
    return tokens;
}

/* What the budget and the lens say before is what the server gets. */
static void ck_sent(const char *text)
{
    struct lens lens = { 0 };
    uint64_t draft = tokens_estimate(slice_of(text));
    budget_catch_up(budget, graph());
    uint64_t expected = budget_total(budget) + draft;
    lens_look(&lens, budget, graph(), 0);
    uint64_t sum = budget_parts(budget).tokens[BUDGET_SYSTEM] + draft;
    for (size_t i = 0; i < lens.entries.count; i++)
        sum += lens.entries.items[i].tokens;
    ck_assert_uint_eq(sum, expected);
    lens_clear(&lens);
    prompt(text);
    ck_assert(server_await(server, text));
    ck_assert_uint_eq(tokens_of(last_body()), expected);
}

START_TEST(what_the_budget_says_is_what_the_server_gets)
{
    ck_sent("What is a sennit?");
    ck_sent("And how many strands has it?");
    leave_out(0);
    ck_sent("What for?");
    leave_out(3);
    ck_sent("By whom?");
    leave_out(0);
    leave_out(3);
    ck_sent("Since when?");
    leave_out(1);
    leave_out(2);
    leave_out(9);
    ck_sent("And today?");
    ck_assert_int_gt(slice_find(last_body(), "An answer was left out"), 0);
}
END_TEST

START_TEST(what_is_previewed_is_what_is_sent_without_the_key)
{
    prompt("What is a sennit?");
    leave_out(0);
    uint64_t seq = graph_seq(graph());
    ck_assert_msg(chat_preview(chat, slice_of("It's what?"), NULL, &out, &err),
                  "%s", err.text);
    ck_assert_uint_eq(graph_seq(graph()), seq);
    ck_assert_int_eq(server_count(server, "POST /v1/chat/completions"), 1);
    prompt("It's what?");
    struct buf body = { 0 };
    buf_append_slice(&body, last_body());
    ck_assert_ptr_nonnull(strstr(buf_string(&out), buf_string(&body)));
    ck_assert_ptr_null(strstr(buf_string(&out), "canary"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "(key left out)"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "\ncurl -N 'http://127."));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&out), "-H \"Authorization: Bearer $KEY\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "It'\\''s what?"));
    buf_clear(&body);
}
END_TEST

static void preview_at(const char *target, const char *text)
{
    buf_reset(&out);
    err = (struct error){ 0 };
    ck_assert(chat_set_target(chat, target, &err));
    chat_preview(chat, slice_of(text), NULL, &out, &err);
}

/* What would be refused is not shown ready to be sent; of what would be asked
 * one reads before. */
START_TEST(a_request_that_would_not_be_sent_is_not_shown)
{
    preview_at("v/m", "about project heron");
    ck_assert_msg(strstr(err.text, "v is a vendor, and this is private: "
                                   "privacy.private.text: heron: the prompt"),
                  "%s", err.text);
    ck_assert_uint_eq(out.len, 0);
    ck_assert_uint_eq(graph_mark_count(graph()), 0);
    preview_at("v/m", "about birds");
    ck_assert_str_eq(err.text, "");
    ck_assert(slice_starts(buf_slice(&out), "POST http://127.0.0.1:9/v1"));
    preview_at("s/m", "about project heron");
    ck_assert_str_eq(err.text, "");
    chat_clear_private_next(chat);
    preview_at("v/m", "about project heron");
    ck_assert_str_eq(err.text, "");
    /* It still holds for what is said next. */
    preview_at("v/m", "about project heron");
    ck_assert_str_eq(err.text, "");
    ck_assert(chat_set_target(chat, "s/m", &err));
    prompt("about project heron");
    preview_at("v/m", "and now?");
    ck_assert_str_eq(err.text, "");
    settings_must_set(settings, "model", "v/m");
    preview_at(NULL, "about birds");
    ck_assert_str_eq(err.text, "");
    ck_assert(slice_starts(buf_slice(&out), "You will be asked before it is "
                                            "sent: "));
    settings_must_set(settings, "privacy.first_send_to_vendor", "never");
    preview_at(NULL, "about birds");
    ck_assert_msg(strstr(err.text, "privacy.first_send_to_vendor"), "%s",
                  err.text);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(without_a_prompt_the_request_is_that_of_the_turns)
{
    prompt("What is a sennit?");
    leave_out(0);
    ck_assert(chat_preview(chat, slice_of(" "), NULL, &out, &err));
    ck_assert_ptr_null(strstr(buf_string(&out), "What is a sennit?"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "braided flat"));
}
END_TEST

START_TEST(what_has_no_effect_is_refused_in_words)
{
    struct buf words = { 0 };
    ck_assert(!fates_pin(chat, 4711, &words, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/context"));
    prompt("What is a sennit?");
    uint64_t id = graph_node_at(graph(), 0)->id;
    ck_assert(fates_pin(chat, id, &words, &err));
    ck_assert(graph_node(graph(), id)->is_pinned);
    ck_assert(fates_pin(chat, id, &words, &err));
    ck_assert(!graph_node(graph(), id)->is_pinned);
    ck_assert(fates_leave_out(chat, id, &words, &err));
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "to answer it again"));
    buf_clear(&words);
}
END_TEST

Suite *preview_suite(void)
{
    Suite *suite = suite_create("preview");
    TCase *test = tcase_create("preview");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, what_the_budget_says_is_what_the_server_gets);
    tcase_add_test(test, what_is_previewed_is_what_is_sent_without_the_key);
    tcase_add_test(test, a_request_that_would_not_be_sent_is_not_shown);
    tcase_add_test(test, without_a_prompt_the_request_is_that_of_the_turns);
    tcase_add_test(test, what_has_no_effect_is_refused_in_words);
    suite_add_tcase(suite, test);
    return suite;
}
