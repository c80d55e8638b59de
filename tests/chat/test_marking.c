/* SPDX-License-Identifier: MIT */
/*
 * What comes into a conversation in whatever pieces is marked as a look at all of
 * it would have it.
 */
#include <string.h>

#include <check.h>

#include "chat/chat_state.h"
#include "graph/private_mark.h"
#include "tests/support/random_log.h"
#include "tests/support/settings.h"

Suite *marking_suite(void);

/* Each reaches over more than one of the texts that logs are drawn from. */
static const char *const words[] = { "knot knot", "aa", "end.two", "[1]\n" };

static struct {
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
} desk;

static void setup(void)
{
    struct error err = { 0 };
    desk.settings = settings_new();
    settings_must_add(desk.settings, "test",
                      "privacy: {private: {text: ['knot knot', aa, "
                      "'end\\.two', '\\[1\\]\\n']}}\n"
                      "endpoints: {box: {dialect: ollama, trust: own, url: "
                      "'http://127.0.0.1:9'}}\n");
    ck_assert_msg(endpoints_load(&desk.endpoints, desk.settings, NULL, &err),
                  "%s", err.text);
    desk.loop = loop_new(&err);
    desk.http = http_new(desk.loop, &err);
}

static void open_chat(void)
{
    desk.chat = chat_new(&(struct chat_setup){
        .loop = desk.loop,
        .http = desk.http,
        .settings = desk.settings,
        .endpoints = &desk.endpoints,
        .target = "box/m",
    });
}

static void teardown(void)
{
    http_free(desk.http);
    loop_free(desk.loop);
    endpoints_clear(&desk.endpoints);
    settings_free(desk.settings);
}

static bool is_private(struct slice text)
{
    for (size_t i = 0; i < COUNTOF(words); i++)
        if (slice_find(text, words[i]) >= 0)
            return true;
    return false;
}

/* Texts of a node are read one after another, all else by itself. */
static bool node_is_private(const struct graph *graph, const struct node *node)
{
    struct buf texts = { 0 };
    bool found = false;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        const struct call *call = graph_call(graph, block->call);
        if (block->kind == BLOCK_TEXT)
            buf_append_slice(&texts, buf_slice(&block->text));
        else if (block->kind != BLOCK_ERROR)
            found |= is_private(buf_slice(&block->text));
        found |= is_private(buf_slice(&block->name));
        if (block->kind == BLOCK_CALL && call)
            found |= is_private(slice_of(call->name)) ||
                     is_private(slice_of(call->server_id));
        if (block->image)
            found |= is_private(slice_of(block->image->alt)) ||
                     is_private(slice_of(block->image->url)) ||
                     is_private(buf_slice(&block->image->data));
    }
    found |= is_private(buf_slice(&texts));
    buf_clear(&texts);
    for (uint32_t id = 1; id <= graph_summary_count(graph); id++) {
        const struct summary *summary = graph_summary(graph, id);
        found |=
            summary->last_id == node->id && is_private(slice_of(summary->text));
    }
    return found;
}

/* -1: an answer on it has not ended. */
static int path_is_private(const struct graph *graph, uint64_t leaf_id)
{
    bool found = is_private(slice_of(graph_system(graph)));
    const struct node *node = graph_node(graph, leaf_id);
    for (; node; node = graph_node(graph, node->parent_id)) {
        if (node->is_open)
            return -1;
        found |= node_is_private(graph, node);
    }
    return found;
}

static void check_path(uint64_t leaf_id, int *counts)
{
    const struct graph *graph = chat_conversation(desk.chat)->graph;
    int expected = path_is_private(graph, leaf_id);
    if (expected < 0)
        return;
    struct buf why = { 0 };
    ck_assert_int_eq(gate_is_private(desk.chat, leaf_id, &why), expected);
    buf_clear(&why);
    counts[expected]++;
}

enum { LOGS = 60, EVENTS = 250 };

START_TEST(any_talk_is_marked_as_a_look_at_all_of_it_would_have_it)
{
    int counts[2] = { 0 };
    for (uint64_t seed = 1; seed <= LOGS; seed++) {
        struct random_log random = { .state = seed * 7919 };
        open_chat();
        const struct graph *graph = chat_conversation(desk.chat)->graph;
        for (int i = 0; i < EVENTS; i++) {
            struct event event;
            random_event(&random, graph, &event);
            if (event.type == EVENT_PRIVACY_MARKED)
                continue;
            chat_append(desk.chat, &event);
            if (random_below(&random, 3) == 0)
                check_path(graph_head(graph), counts);
        }
        for (size_t i = 0; i < graph_node_count(graph); i++)
            check_path(graph_node_at(graph, i)->id, counts);
        chat_free(desk.chat);
    }
    ck_assert_int_gt(counts[false], LOGS);
    ck_assert_int_gt(counts[true], LOGS);
}
END_TEST

static void say(enum event_type type, const char *text)
{
    struct event event = { .type = type, .run = 1, .attempt = 1 };
    event_add_string(&event, FIELD_TEXT, text);
    chat_append(desk.chat, &event);
    marking_catch_up(desk.chat);
}

static void begin_answer(void)
{
    struct event prompt = { .type = EVENT_USER_MESSAGE };
    struct event run = { .type = EVENT_RUN_STARTED, .run = 1 };
    struct event attempt = { .type = EVENT_ATTEMPT_STARTED,
                             .run = 1,
                             .attempt = 1 };
    event_add_string(&prompt, FIELD_TEXT, "hi");
    chat_append(desk.chat, &prompt);
    event_add_number(&run, FIELD_NODE, prompt.seq);
    chat_append(desk.chat, &run);
    chat_append(desk.chat, &attempt);
}

/* However long it is: each byte is looked at a few times at the most. */
START_TEST(a_long_answer_is_marked_while_it_comes_and_costs_what_it_is)
{
    const struct graph *graph;
    open_chat();
    graph = chat_conversation(desk.chat)->graph;
    begin_answer();
    for (int i = 0; i < 2000; i++)
        say(EVENT_TEXT_DELTA, "word ");
    ck_assert_ptr_null(graph_private_path(graph, graph_head(graph)));
    say(EVENT_TEXT_DELTA, "a");
    say(EVENT_TEXT_DELTA, "a");
    for (int i = 0; i < 2000; i++)
        say(EVENT_TEXT_DELTA, "word ");
    /* It has not ended. */
    ck_assert_ptr_nonnull(graph_private_path(graph, graph_head(graph)));
    ck_assert_uint_eq(graph_mark_count(graph), 1);
    ck_assert_uint_le(desk.chat->marking.looks, 30);
    chat_free(desk.chat);
}
END_TEST

Suite *marking_suite(void)
{
    Suite *suite = suite_create("marking");
    TCase *tcase = tcase_create("marking");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   any_talk_is_marked_as_a_look_at_all_of_it_would_have_it);
    tcase_add_test(tcase,
                   a_long_answer_is_marked_while_it_comes_and_costs_what_it_is);
    suite_add_tcase(suite, tcase);
    return suite;
}
