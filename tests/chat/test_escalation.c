/* SPDX-License-Identifier: MIT */
/*
 * A poor answer of the first rung, and what follows: two servers of one's own,
 * or a vendor as the second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *escalation_suite(void);

#define SAY(text)                                                         \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"                      \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text              \
    "\"},\"done\":false}\n"                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"
#define WRONG  "That is 12 * 4 = 44."
#define BETTER "That is 12 * 4 = 48."
/* Every prompt stands within it. */
#define BAND "routing: {threshold: 0.5, band: 0.5}\n"

struct world {
    struct server *box, *gate;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
    int fell_back, checked;
    char logprobs[100]; /* of the last check */
};

static void on_event(void *context, const struct event *event)
{
    struct world *world = context;
    world->fell_back += event->type == EVENT_FELL_BACK;
    world->checked += event->type == EVENT_ANSWER_CHECKED;
    if (event->type == EVENT_ANSWER_CHECKED)
        snprintf(world->logprobs, sizeof world->logprobs, "%.*s",
                 SLICE_ARG(event_text(event, FIELD_LOGPROBS)));
}

/* Of the box, of the gate, and of the box once its first is spent; or NULL. */
static void open_world(struct world *world, const char *const answers[3],
                       const char *trust, const char *more, bool is_watched)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    *world = (struct world){ .settings = settings_new() };
    world->box = server_start(answers[0], answers[2], NULL);
    world->gate = server_start(answers[1], NULL);
    buf_printf(&yaml,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
               server_url(world->box, ""));
    buf_printf(&yaml,
               "  gate: {dialect: ollama, trust: %s, url: \"%s\"}\n"
               "routing: {ladder: [box/m, gate/m]}\n",
               trust, server_url(world->gate, ""));
    settings_must_add(world->settings, "one", buf_string(&yaml));
    settings_must_add(world->settings, "two", more);
    buf_clear(&yaml);
    ck_assert_msg(
        endpoints_load(&world->endpoints, world->settings, NULL, &err), "%s",
        err.text);
    world->loop = loop_new(&err);
    world->http = http_new(world->loop, &err);
    world->chat = chat_new(&(struct chat_setup){
        .loop = world->loop,
        .http = world->http,
        .settings = world->settings,
        .endpoints = &world->endpoints,
        .is_interactive = is_watched,
        .on_event = on_event,
        .context = world,
        .seed = 1,
    });
}

static const struct graph *graph_of(const struct world *world)
{
    return chat_conversation(world->chat)->graph;
}

static void close_world(struct world *world)
{
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(
            graph_rejected_count(graph_of(world), (enum reject_reason)i), 0);
    chat_free(world->chat);
    http_free(world->http);
    loop_free(world->loop);
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
    server_stop(world->box);
    server_stop(world->gate);
}

static void prompt(struct world *world)
{
    struct error err = { 0 };
    ck_assert(
        chat_prompt(world->chat, slice_of("How much is 12 * 4?"), NULL, &err));
}

/* Until the run has ended, or waits for the user. */
static void run(struct world *world)
{
    chat_turn(world->chat);
    while (chat_is_busy(world->chat) && !chat_question(world->chat)) {
        loop_turn(world->loop, 1000);
        chat_turn(world->chat);
    }
}

static const struct node *head(const struct world *world)
{
    return graph_node(graph_of(world), graph_head(graph_of(world)));
}

static void ck_head(const struct world *world, const char *text,
                    uint32_t siblings)
{
    const struct node *node = head(world);
    ck_assert_str_eq(buf_string(&node->blocks.items[0].text), text);
    ck_assert_uint_eq(graph_sibling_count(graph_of(world), node), siblings);
    const struct run *last = graph_run(graph_of(world), 1);
    ck_assert_int_eq(last->state, RUN_COMPLETE);
}

START_TEST(a_wrong_calculation_lets_the_better_rung_answer_too)
{
    struct world world;
    open_world(&world, (const char *[3]){ SAY(WRONG), SAY(BETTER) }, "own",
               BAND, true);
    prompt(&world);
    run(&world);
    ck_head(&world, BETTER, 2);
    ck_assert_int_eq(world.fell_back, 1);
    ck_assert_int_eq(world.checked, 1);
    const struct node *first = graph_node(
        graph_of(&world), graph_sibling(graph_of(&world), head(&world), 0));
    ck_assert_str_eq(buf_string(&first->blocks.items[0].text), WRONG);
    ck_assert(strstr(server_received(world.gate), "12 * 4?"));
    ck_assert(!strstr(server_received(world.gate), "= 44"));
    close_world(&world);
}
END_TEST

#define LISTS                                          \
    "match GET /api/*\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\"}]}\"\n"

/* However poor the answer is. The box says that the model is its own. */
START_TEST(what_is_private_gets_no_second_answer_from_a_vendor)
{
    struct world world;
    open_world(&world, (const char *[3]){ SAY(WRONG), SAY(BETTER), LISTS },
               "vendor",
               BAND "privacy: {first_send_to_vendor: always, private: {text: "
                    "['12 \\* 4\\?']}}\n",
               true);
    prompt(&world);
    run(&world);
    ck_head(&world, WRONG, 1);
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world(&world);
}
END_TEST

START_TEST(what_is_sound_or_not_to_be_looked_at_stays)
{
    static const struct {
        const char *answer, *more;
        bool is_watched;
        int checked;
    } cases[] = {
        { SAY(BETTER), BAND, true, 1 },
        { SAY(WRONG), "routing: {threshold: 1, band: 0}\n", true, 0 },
        { SAY(WRONG), BAND "  \n", false, 0 },
        { SAY(WRONG),
          "routing: {threshold: 0.5, band: 0.5, escalate: {on: [loop]}}\n",
          true, 1 },
    };
    struct world world;
    open_world(&world, (const char *[3]){ cases[_i].answer, SAY("no") }, "own",
               cases[_i].more, cases[_i].is_watched);
    prompt(&world);
    run(&world);
    ck_assert_uint_eq(graph_sibling_count(graph_of(&world), head(&world)), 1);
    ck_assert_int_eq(world.checked, cases[_i].checked);
    ck_assert_str_eq(server_received(world.gate), "");
    close_world(&world);
}
END_TEST

#define UNSURE                                                             \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"                       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"It is 40.\"},"       \
    "\"done\":false,\"logprobs\":[{\"logprob\":-0.1},{\"logprob\":-2}]}\n" \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true,"  \
    "\"done_reason\":\"stop\"}\n"

START_TEST(words_that_the_model_was_not_sure_of_speak_against_its_answer)
{
    static const char *const settings[] = {
        BAND, "routing: {threshold: 0.5, band: 0.5, escalate: {on: "
              "[low_logprobs]}}\n"
    };
    struct world world;
    open_world(&world, (const char *[3]){ UNSURE, SAY(BETTER) }, "own",
               settings[_i], true);
    prompt(&world);
    run(&world);
    ck_assert(strstr(server_received(world.box), "\"logprobs\":true"));
    ck_assert(!strstr(server_received(world.gate), "logprobs"));
    ck_assert_str_eq(
        world.logprobs,
        "{\"tokens\":2,\"mean\":-1.050,\"least\":-2.000,\"unsure\":0.500}");
    /* By themselves only where the profile says so. */
    ck_head(&world, _i ? BETTER : "It is 40.", _i ? 2 : 1);
    close_world(&world);
}
END_TEST

START_TEST(a_server_that_tells_no_logprobs_is_asked_once)
{
    struct world world;
    open_world(&world,
               (const char *[3]){
                   "match POST /api/chat\nstatus 400 Bad\nbody "
                   "\"{\\\"error\\\":\\\"logprobs are not supported\\\"}\"\n",
                   SAY("no"), SAY(BETTER) "times 9\n" },
               "own", BAND "limits: {backoff: 1ms}\n", true);
    for (int i = 0; i < 2; i++) {
        prompt(&world);
        run(&world);
        ck_head(&world, BETTER, 1);
    }
    const char *first = strstr(server_received(world.box), "logprobs");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, "logprobs"));
    close_world(&world);
}
END_TEST

START_TEST(where_the_better_rung_fails_the_answer_that_is_there_counts)
{
    static const char *const failures[] = {
        "match POST /api/chat\nstatus 400 Bad\nbody \"{\\\"error\\\":\\\"no\\\"}\"\n",
        "match POST /api/chat\nstatus 200 OK\nchunked\n"
        "line {\"model\":\"m\",\"message\":{\"content\":\"Half\"},"
        "\"done\":false}\nreset\n",
    };
    struct world world;
    open_world(&world, (const char *[3]){ SAY(WRONG), failures[_i] }, "own",
               BAND "limits: {backoff: 1ms}\n", true);
    prompt(&world);
    run(&world);
    ck_head(&world, WRONG, _i ? 2 : 1);
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_NONE);
    close_world(&world);
}
END_TEST

START_TEST(before_a_vendor_is_asked_the_user_is)
{
    struct world world;
    open_world(&world, (const char *[3]){ SAY(WRONG), SAY(BETTER) }, "vendor",
               BAND "privacy: {first_send_to_vendor: always}\n", true);
    prompt(&world);
    run(&world);
    ck_assert_ptr_nonnull(chat_question(world.chat));
    ck_assert_str_eq(server_received(world.gate), "");
    chat_answer(world.chat, _i ? CONSENT_ONCE : CONSENT_NONE);
    run(&world);
    if (_i) {
        ck_head(&world, BETTER, 2);
    } else {
        ck_head(&world, WRONG, 1);
        ck_assert_str_eq(server_received(world.gate), "");
    }
    close_world(&world);
}
END_TEST

START_TEST(the_user_may_say_that_nobody_is_to_ask)
{
    struct world world;
    open_world(&world, (const char *[3]){ SAY(WRONG), SAY(BETTER) }, "vendor",
               "routing: {threshold: 0.5, band: 0.5, escalate: {ask: never}}\n"
               "privacy: {first_send_to_vendor: always}\n",
               true);
    prompt(&world);
    run(&world);
    ck_assert_ptr_null(chat_question(world.chat));
    ck_head(&world, BETTER, 2);
    close_world(&world);
}
END_TEST

Suite *escalation_suite(void)
{
    Suite *suite = suite_create("escalation");
    TCase *tcase = tcase_create("escalation");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_wrong_calculation_lets_the_better_rung_answer_too);
    tcase_add_test(tcase, what_is_private_gets_no_second_answer_from_a_vendor);
    tcase_add_loop_test(tcase, what_is_sound_or_not_to_be_looked_at_stays, 0,
                        4);
    tcase_add_loop_test(
        tcase, words_that_the_model_was_not_sure_of_speak_against_its_answer, 0,
        2);
    tcase_add_test(tcase, a_server_that_tells_no_logprobs_is_asked_once);
    tcase_add_loop_test(
        tcase, where_the_better_rung_fails_the_answer_that_is_there_counts, 0,
        2);
    tcase_add_loop_test(tcase, before_a_vendor_is_asked_the_user_is, 0, 2);
    tcase_add_test(tcase, the_user_may_say_that_nobody_is_to_ask);
    suite_add_tcase(suite, tcase);
    return suite;
}
