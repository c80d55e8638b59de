/* SPDX-License-Identifier: MIT */
/*
 * A prompt is answered once more: three servers that are the rungs of a ladder,
 * from end to end without a screen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *again_suite(void);

#define SAY(text)                                                         \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text              \
    "\"},\"done\":false}\n"                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"
#define FAIL                                                \
    "match POST /api/chat\ntimes forever\nstatus 400 Bad\n" \
    "body \"{\\\"error\\\":\\\"it is ill\\\"}\"\n"
#define HALF                                                   \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"           \
    "line {\"model\":\"m\",\"message\":{\"content\":\"one\"}," \
    "\"done\":false}\nstall\n"
#define TAGS                                                             \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"                \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\",\\\"size\\\":100}," \
    "{\\\"name\\\":\\\"huge\\\",\\\"size\\\":9000000000000000},"         \
    "{\\\"name\\\":\\\"large\\\",\\\"size\\\":300},"                     \
    "{\\\"name\\\":\\\"medium\\\",\\\"size\\\":200}]}\"\n"
#define LADDER "routing: {ladder: [one/m, two/m, three/m], threshold: 1}\n"

enum { SERVERS = 3 };

static struct world {
    struct server *servers[SERVERS];
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
} world;

/* `trust` of each, a letter: o(wn) or v(endor). */
static void open_world(const char *const answers[SERVERS], const char *trust,
                       const char *more)
{
    static const char *const names[] = { "one", "two", "three" };
    struct error err = { 0 };
    struct buf yaml = { 0 };
    world = (struct world){ .settings = settings_new() };
    buf_append_string(&yaml, "endpoints:\n");
    for (int i = 0; i < SERVERS; i++) {
        world.servers[i] = server_start(answers[i], TAGS, NULL);
        buf_printf(&yaml, "  %s: {dialect: ollama, trust: %s, url: \"%s\"}\n",
                   names[i],
                   trust[i] == 'o' ? "own" : "vendor, price: [{in: 1, out: 1}]",
                   server_url(world.servers[i], ""));
    }
    settings_must_add(world.settings, "endpoints", buf_string(&yaml));
    settings_must_add(world.settings, "more", more);
    buf_clear(&yaml);
    ck_assert_msg(endpoints_load(&world.endpoints, world.settings, NULL, &err),
                  "%s", err.text);
    world.loop = loop_new(&err);
    world.http = http_new(world.loop, &err);
    world.chat = chat_new(&(struct chat_setup){
        .loop = world.loop,
        .http = world.http,
        .settings = world.settings,
        .endpoints = &world.endpoints,
        .is_interactive = true,
        .seed = 1,
    });
}

static const char *const three[] = { SAY("one"), SAY("two"), SAY("three") };

static const struct graph *graph_of_world(void)
{
    return chat_conversation(world.chat)->graph;
}

static void close_world(void)
{
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(
            graph_rejected_count(graph_of_world(), (enum reject_reason)i), 0);
    chat_free(world.chat);
    http_free(world.http);
    loop_free(world.loop);
    endpoints_clear(&world.endpoints);
    settings_free(world.settings);
    for (int i = 0; i < SERVERS; i++)
        server_stop(world.servers[i]);
}

/* Until what is under way has ended, or waits for the user. */
static void run(void)
{
    chat_turn(world.chat);
    while (chat_is_busy(world.chat) && !chat_has_question(world.chat)) {
        loop_turn(world.loop, 1000);
        chat_turn(world.chat);
    }
}

static void prompt(const char *text)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world.chat, slice_of(text), NULL, &err));
    run();
}

static uint64_t head_of_world(void)
{
    return graph_head(graph_of_world());
}

static void again_at(uint64_t node_id, enum again how)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    ck_assert_msg(chat_again(world.chat, node_id, how, &words, &err), "%s",
                  err.text);
    buf_clear(&words);
    run();
}

static void again(enum again how)
{
    again_at(head_of_world(), how);
}

static void ck_refuses(enum again how, const char *said)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    uint64_t head_id = head_of_world();
    uint32_t runs = graph_run_count(graph_of_world());
    ck_assert(!chat_again(world.chat, head_id, how, &words, &err));
    ck_assert_msg(strstr(err.text, said) != NULL, "no \"%s\" in: %s", said,
                  err.text);
    ck_assert_uint_eq(head_of_world(), head_id);
    ck_assert_uint_eq(graph_run_count(graph_of_world()), runs);
}

static void ck_head(const char *text, uint32_t siblings)
{
    const struct node *node = graph_node(graph_of_world(), head_of_world());
    ck_assert_int_eq(node->kind, NODE_ASSISTANT);
    ck_assert_str_eq(buf_string(&node->blocks.items[0].text), text);
    ck_assert_uint_eq(graph_sibling_count(graph_of_world(), node), siblings);
}

static void ck_asked(int first, int second, int third)
{
    const int counts[] = { first, second, third };
    for (int i = 0; i < SERVERS; i++)
        ck_assert_int_eq(server_count(world.servers[i], "POST /api/chat"),
                         counts[i]);
}

static void set_target(const char *target)
{
    struct error err = { 0 };
    ck_assert_msg(chat_set_target(world.chat, target, &err), "%s", err.text);
}

START_TEST(better_climbs_a_rung_each_time_and_leaves_all_answers)
{
    open_world(three, "ooo", LADDER);
    prompt("hello");
    ck_head("one", 1);
    again(AGAIN_BETTER);
    ck_head("two", 2);
    again(AGAIN_BETTER);
    ck_head("three", 3);
    ck_refuses(AGAIN_BETTER, "no rung of routing.ladder is above three/m; "
                             "/retry ENDPOINT/MODEL");
    prompt("and now?");
    ck_head("one", 1);
    ck_asked(2, 1, 1);
    close_world();
}
END_TEST

START_TEST(here_asks_the_same_model_once_more)
{
    open_world(three, "ooo", LADDER);
    prompt("hello");
    again(AGAIN_HERE);
    ck_head("one", 2);
    again(AGAIN_BETTER);
    again(AGAIN_HERE);
    ck_head("two", 4);
    ck_asked(2, 2, 0);
    close_world();
}
END_TEST

START_TEST(an_earlier_turn_is_answered_again_where_it_stands)
{
    open_world(three, "ooo", LADDER);
    prompt("hello");
    uint64_t first = head_of_world();
    prompt("more");
    again_at(first, AGAIN_BETTER);
    ck_head("two", 2);
    ck_assert_uint_eq(graph_node(graph_of_world(), head_of_world())->parent_id,
                      graph_node(graph_of_world(), first)->parent_id);
    /* The prompt itself stands for the answer that was looked at last. */
    again_at(graph_node(graph_of_world(), first)->parent_id, AGAIN_BETTER);
    ck_head("three", 3);
    close_world();
}
END_TEST

START_TEST(who_answered_in_the_place_of_another_is_who_answered)
{
    open_world((const char *[]){ FAIL, SAY("two"), SAY("three") }, "ooo",
               LADDER "limits: {backoff: 1ms}\n");
    server_stop(world.servers[0]);
    world.servers[0] = NULL;
    prompt("hello");
    ck_head("two", 1);
    again(AGAIN_HERE);
    ck_head("two", 2);
    again(AGAIN_BETTER);
    ck_head("three", 3);
    world.servers[0] = NULL;
    close_world();
}
END_TEST

START_TEST(a_pinned_model_off_the_ladder_has_its_place_by_its_trust)
{
    static const struct {
        const char *pinned, *trust, *better;
    } cases[] = {
        { "one/other", "ovv", "three" }, /* above what is the user's own */
        { "one/other", "ooo", "three" }, /* no vendor: the last */
        { "two/m", "ovv", "three" },     /* it is on the ladder */
        { "two/other", "ovv", "three" }, /* a vendor's: the last */
    };
    open_world(three, cases[_i].trust,
               _i == 0 ? "routing: {ladder: [one/m, three/m, two/m]}\n"
                         "privacy: {first_send_to_vendor: always}\n"
                       : LADDER "privacy: {first_send_to_vendor: always}\n");
    set_target(cases[_i].pinned);
    prompt("hello");
    again(AGAIN_BETTER);
    ck_head(cases[_i].better, 2);
    /* The pin holds for what comes. */
    prompt("more");
    ck_head(_i < 2 ? "one" : "two", 1);
    close_world();
}
END_TEST

START_TEST(a_vendor_is_asked_only_with_consent)
{
    open_world(three, "ovv", LADDER);
    prompt("hello");
    again(AGAIN_BETTER);
    ck_assert_ptr_nonnull(chat_question(world.chat));
    ck_asked(1, 0, 0);
    chat_answer(world.chat, _i ? CONSENT_ONCE : CONSENT_NONE);
    run();
    if (_i)
        ck_head("two", 2);
    else
        ck_head("one", 1);
    ck_asked(1, _i, 0);
    close_world();
}
END_TEST

START_TEST(a_limit_that_would_be_passed_is_a_question)
{
    open_world(three, "ovv",
               LADDER "privacy: {first_send_to_vendor: always}\n"
                      "limits: {session: 0}\n");
    prompt("hello");
    again(AGAIN_BETTER);
    ck_assert(chat_is_over_limit(world.chat));
    ck_asked(1, 0, 0);
    chat_answer_spending(world.chat, _i ? SPENDING_ONCE : SPENDING_STAY);
    run();
    if (_i)
        ck_head("two", 2);
    else
        ck_head("one", 1);
    ck_asked(1, _i, 0);
    close_world();
}
END_TEST

START_TEST(here_asks_for_consent_again_where_it_was_given_once)
{
    open_world(three, "vvv", LADDER);
    prompt("hello");
    chat_answer(world.chat, CONSENT_ONCE);
    run();
    ck_head("one", 1);
    again(AGAIN_HERE);
    ck_assert_ptr_nonnull(chat_question(world.chat));
    ck_asked(1, 0, 0);
    chat_answer(world.chat, CONSENT_NONE);
    close_world();
}
END_TEST

START_TEST(what_may_not_be_asked_is_refused_with_the_reason)
{
    struct error err = { 0 };
    open_world(three, "ovv", LADDER "privacy: {first_send_to_vendor: never}\n");
    ck_refuses(AGAIN_BETTER, "there is no answer yet");
    ck_refuses(AGAIN_HERE, "there is no answer yet");
    prompt("hello");
    ck_refuses(AGAIN_BETTER, "two/m cannot answer this: you never send there");
    ck_assert(chat_set_tier(world.chat, ROUTE_LOCAL, &err));
    ck_refuses(AGAIN_BETTER,
               "two/m cannot answer this: you asked for local only");
    ck_asked(1, 0, 0);
    close_world();
}
END_TEST

START_TEST(what_is_private_is_not_asked_of_a_vendor_by_any_key)
{
    open_world(three, "ovv",
               LADDER "privacy: {first_send_to_vendor: always, private: "
                      "{text: [hush]}}\n");
    prompt("hush");
    ck_head("one", 1);
    ck_refuses(AGAIN_BETTER, "two/m cannot answer this: ");
    again(AGAIN_HERE);
    ck_head("one", 2);
    ck_asked(2, 0, 0);
    close_world();
}
END_TEST

START_TEST(while_an_answer_is_on_its_way_it_is_not_asked_for_again)
{
    struct error err = { 0 };
    open_world((const char *[]){ HALF, SAY("two"), SAY("three") }, "ooo",
               LADDER);
    ck_assert(chat_prompt(world.chat, slice_of("hello"), NULL, &err));
    chat_turn(world.chat);
    while (graph_node_count(graph_of_world()) < 2) {
        loop_turn(world.loop, 1000);
        chat_turn(world.chat);
    }
    ck_refuses(AGAIN_BETTER, "an answer is on its way; stop it first");
    ck_refuses(AGAIN_HERE, "an answer is on its way; stop it first");
    ck_assert(chat_stop(world.chat));
    again(AGAIN_BETTER);
    ck_head("two", 2);
    close_world();
}
END_TEST

START_TEST(where_the_better_one_fails_the_answer_that_is_there_is_shown)
{
    open_world((const char *[]){ SAY("one"), FAIL, SAY("three") }, "ooo",
               LADDER);
    prompt("hello");
    again(AGAIN_BETTER);
    ck_head("one", 1);
    ck_assert(strstr(chat_last_error(world.chat)->text, "it is ill"));
    close_world();
}
END_TEST

START_TEST(nobody_else_answers_here_but_above_one_falls_back)
{
    open_world((const char *[]){ SAY("one"), SAY("two"), SAY("three") }, "ooo",
               LADDER "limits: {backoff: 1ms}\n");
    prompt("hello");
    again(AGAIN_BETTER);
    server_stop(world.servers[1]);
    world.servers[1] = NULL;
    if (_i) {
        again(AGAIN_HERE);
        ck_head("two", 2);
        ck_assert_int_eq(server_count(world.servers[2], "POST"), 0);
    } else {
        const struct node *node = graph_node(graph_of_world(), head_of_world());
        again_at(graph_sibling(graph_of_world(), node, 0), AGAIN_BETTER);
        ck_head("three", 3);
    }
    close_world();
}
END_TEST

START_TEST(without_a_ladder_the_next_larger_model_that_fits_is_better)
{
    open_world(three, "ooo", "version: 1\n");
    set_target("one/m");
    chat_ask_models(world.chat,
                    endpoints_find(&world.endpoints, slice_of("one")));
    while (models_state(chat_models(
               world.chat, endpoints_find(&world.endpoints,
                                          slice_of("one")))) != MODELS_KNOWN)
        loop_turn(world.loop, 1000);
    prompt("hello");
    again(AGAIN_BETTER);
    ck_head("one", 2);
    ck_assert(strstr(server_received(world.servers[0]), "\"medium\""));
    again(AGAIN_BETTER);
    ck_assert(strstr(server_received(world.servers[0]), "\"large\""));
    ck_refuses(AGAIN_BETTER, "nothing says what is better than large: "
                             "routing.ladder names models");
    close_world();
}
END_TEST

START_TEST(without_a_ladder_and_without_sizes_nothing_is_better)
{
    open_world(three, "voo", "version: 1\n");
    set_target("one/m");
    prompt("hello");
    ck_refuses(AGAIN_BETTER, "nothing says what is better than m");
    again(AGAIN_HERE);
    chat_answer(world.chat, CONSENT_ONCE);
    run();
    ck_head("one", 2);
    close_world();
}
END_TEST

Suite *again_suite(void)
{
    Suite *suite = suite_create("again");
    TCase *tcase = tcase_create("again");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   better_climbs_a_rung_each_time_and_leaves_all_answers);
    tcase_add_test(tcase, here_asks_the_same_model_once_more);
    tcase_add_test(tcase, an_earlier_turn_is_answered_again_where_it_stands);
    tcase_add_test(tcase, who_answered_in_the_place_of_another_is_who_answered);
    tcase_add_loop_test(
        tcase, a_pinned_model_off_the_ladder_has_its_place_by_its_trust, 0, 4);
    tcase_add_loop_test(tcase, a_vendor_is_asked_only_with_consent, 0, 2);
    tcase_add_loop_test(tcase, a_limit_that_would_be_passed_is_a_question, 0,
                        2);
    tcase_add_test(tcase, here_asks_for_consent_again_where_it_was_given_once);
    tcase_add_test(tcase, what_may_not_be_asked_is_refused_with_the_reason);
    tcase_add_test(tcase, what_is_private_is_not_asked_of_a_vendor_by_any_key);
    tcase_add_test(tcase,
                   while_an_answer_is_on_its_way_it_is_not_asked_for_again);
    tcase_add_test(
        tcase, where_the_better_one_fails_the_answer_that_is_there_is_shown);
    tcase_add_loop_test(
        tcase, nobody_else_answers_here_but_above_one_falls_back, 0, 2);
    tcase_add_test(tcase,
                   without_a_ladder_the_next_larger_model_that_fits_is_better);
    tcase_add_test(tcase, without_a_ladder_and_without_sizes_nothing_is_better);
    suite_add_tcase(suite, tcase);
    return suite;
}
