/* SPDX-License-Identifier: MIT */
/*
 * What follows a failure in a conversation: other rungs, servers that are left
 * alone, answers that stall. From end to end, without a screen; what is looked
 * at is the log. (tests/chat/failures.txt has the failures themselves.)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *fallback_suite(void);

#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define DONE                                          \
    "line {\"model\":\"m\",\"message\":{\"content\":" \
    "\"\"},\"done\":true,\"done_reason\":\"stop\"}\n"
#define BROKEN                                               \
    "match POST /api/chat\ntimes forever\nstatus 500 Oops\n" \
    "body \"{\\\"error\\\":\\\"it broke\\\"}\"\n"

#define LISTS_M                                           \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m:latest\\\",\\\"size\\\":1}]}\"\n"

/* Two servers: box is the user's own, gate whatever a test says. */
struct world {
    struct server *box, *gate;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
    struct buf events; /* a line of JSON each */
};

static struct world world;

static void on_event(void *context, const struct event *event)
{
    (void)context;
    event_to_json(&world.events, event);
    buf_append_char(&world.events, '\n');
}

/* `more` are further lines of the settings. */
static void open_world(struct server *box, struct server *gate,
                       const char *trust, const char *more, bool is_watched)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    world =
        (struct world){ .box = box, .gate = gate, .settings = settings_new() };
    buf_printf(&yaml,
               "endpoints:\n  box: {dialect: ollama, trust: own, url: \"%s\", "
               "timeouts: {gap: 50ms}}\n",
               server_url(box, ""));
    if (gate)
        buf_printf(&yaml,
                   "  gate: {dialect: ollama, trust: %s, url: \"%s\"}\n"
                   "routing:\n  ladder: [box/m, gate/m]\n",
                   trust, server_url(gate, ""));
    buf_append_string(&yaml, more);
    settings_must_add(world.settings, "test", buf_string(&yaml));
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
        .target = gate ? NULL : "box/m",
        .is_interactive = is_watched,
        .on_event = on_event,
        .seed = 1,
    });
}

#define FAST "limits: {backoff: 1ms}\n"

static void close_world(void)
{
    const struct graph *graph = chat_conversation(world.chat)->graph;
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(graph, (enum reject_reason)i),
                          0);
    chat_free(world.chat);
    http_free(world.http);
    loop_free(world.loop);
    endpoints_clear(&world.endpoints);
    settings_free(world.settings);
    server_stop(world.box);
    server_stop(world.gate);
    buf_clear(&world.events);
}

static void prompt(void)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world.chat, slice_of("hi"), NULL, &err));
    chat_turn(world.chat);
}

static bool has_event(const char *text)
{
    return world.events.len && strstr(world.events.ptr, text);
}

/* Turns until an event holds the text. */
static void await_event(const char *text)
{
    while (!has_event(text)) {
        loop_turn(world.loop, 1000);
        chat_turn(world.chat);
    }
}

static void run_to_end(void)
{
    prompt();
    while (chat_is_busy(world.chat)) {
        loop_turn(world.loop, 1000);
        chat_turn(world.chat);
    }
}

static int count_events(const char *text)
{
    int count = 0;
    for (const char *at = buf_string(&world.events); (at = strstr(at, text));
         at++)
        count++;
    return count;
}

static const char *head_text(void)
{
    const struct graph *graph = chat_conversation(world.chat)->graph;
    const struct node *node = graph_node(graph, graph_head(graph));
    return node->blocks.count ? buf_string(&array_last(&node->blocks)->text)
                              : "";
}

START_TEST(an_own_server_that_fails_gives_way_at_once)
{
    open_world(server_start(BROKEN, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "own", FAST,
               false);
    run_to_end();
    ck_assert_str_eq(head_text(), "from the gate");
    ck_assert_int_eq(server_count(world.box, "POST"), 1);
    ck_assert(has_event("\"fell-back\""));
    ck_assert(has_event("\"text\":\"fell back to m@gate\""));
    ck_assert(has_event("\"why\":\"fallback: broken\""));
    const struct run *run = graph_run(chat_conversation(world.chat)->graph, 1);
    ck_assert_int_eq(strncmp(run->attempts.items[0].why, "score .", 7), 0);
    ck_assert_str_eq(array_last(&run->attempts)->why, "fallback: broken");
    ck_assert_double_eq(run->threshold, .55);
    ck_assert_double_eq(run->band, .1);
    ck_assert_ptr_nonnull(strstr(run->features, "\"sentences\":{\"value\":"));
    ck_assert(has_event("it broke"));
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_NONE);
    close_world();
}
END_TEST

START_TEST(a_rung_whose_server_cannot_be_asked_for_its_models_is_passed_over)
{
    open_world(server_start(BROKEN, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "own", FAST,
               false);
    settings_must_set(world.settings, "routing.ladder", "[box, gate/m]");
    server_stop(world.box);
    world.box = NULL;
    run_to_end();
    ck_assert_str_eq(head_text(), "from the gate");
    ck_assert(has_event("nothing listens on 127.0.0.1:"));
    ck_assert(has_event("; fell back to m@gate"));
    close_world();
}
END_TEST

START_TEST(the_next_rung_has_tries_of_its_own)
{
    open_world(server_start("match POST /api/chat\ntimes 2\n"
                            "status 429 Busy\nheader retry-after-ms: 1\n"
                            "body \"{\\\"error\\\":\\\"wait\\\"}\"\n",
                            BROKEN, NULL),
               server_start(BROKEN, NULL), "own", FAST, false);
    run_to_end();
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    ck_assert_int_eq(server_count(world.gate, "POST"), 3);
    close_world();
}
END_TEST

START_TEST(a_vendor_is_asked_for_consent_before_it_stands_in)
{
    open_world(server_start(BROKEN, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "vendor",
               FAST, true);
    prompt();
    await_event("\"consent-asked\"");
    ck_assert_ptr_nonnull(chat_question(world.chat));
    ck_assert_str_eq(chat_question(world.chat)->endpoint->name, "gate");
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    chat_answer(world.chat, CONSENT_ONCE);
    await_event("\"run-finished\"");
    ck_assert_str_eq(head_text(), "from the gate");
    close_world();
}
END_TEST

START_TEST(without_consent_the_first_failure_stays_the_reason)
{
    open_world(server_start(BROKEN, NULL), server_start(CHAT, NULL), "vendor",
               FAST, true);
    prompt();
    await_event("\"consent-asked\"");
    chat_answer(world.chat, CONSENT_NONE);
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(world.chat)->text, "it broke"));
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(world.chat)->text, "not sent to gate"));
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    /* It was sent, so it is a part of the conversation. */
    const struct graph *graph = chat_conversation(world.chat)->graph;
    ck_assert_uint_eq(graph_head(graph), graph_run(graph, 1)->prompt_id);
    close_world();
}
END_TEST

START_TEST(where_nobody_can_agree_no_vendor_stands_in)
{
    open_world(server_start(BROKEN, NULL), server_start(CHAT, NULL), "vendor",
               FAST, false);
    run_to_end();
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_SERVER);
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    close_world();
}
END_TEST

START_TEST(consent_that_was_given_for_good_is_enough)
{
    open_world(server_start(BROKEN, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "vendor",
               FAST "privacy: {first_send_to_vendor: always}\n", false);
    run_to_end();
    ck_assert_str_eq(head_text(), "from the gate");
    close_world();
}
END_TEST

START_TEST(what_the_user_named_is_not_replaced)
{
    struct error err = { 0 };
    open_world(server_start(BROKEN, NULL), server_start(CHAT, NULL), "own",
               FAST, false);
    ck_assert(chat_set_target(world.chat, "box/m", &err));
    run_to_end();
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_SERVER);
    close_world();
}
END_TEST

START_TEST(what_must_stay_here_stays)
{
    struct error err = { 0 };
    open_world(server_start(BROKEN, NULL), server_start(CHAT, NULL), "vendor",
               FAST "privacy: {first_send_to_vendor: always}\n", false);
    ck_assert(chat_set_tier(world.chat, ROUTE_LOCAL, &err));
    run_to_end();
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world();
}
END_TEST

/* A failure in between is none of the next prompt's. */
START_TEST(what_need_not_stay_any_more_falls_back)
{
    open_world(server_start(LISTS_M, BROKEN, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "vendor",
               FAST "privacy: {first_send_to_vendor: always}\n", true);
    chat_set_private(world.chat, "/private");
    run_to_end();
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(world.chat)->text, "it broke"));
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    chat_set_private(world.chat, NULL);
    run_to_end();
    ck_assert_str_eq(head_text(), "from the gate");
    close_world();
}
END_TEST

START_TEST(a_failure_that_the_setting_does_not_name_is_no_reason)
{
    open_world(server_start(BROKEN, NULL), server_start(CHAT, NULL), "own",
               FAST "  \n", false);
    settings_must_set(world.settings, "routing.fallback.on", "[refused, busy]");
    run_to_end();
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    close_world();
}
END_TEST

/* An answer that has begun. */

#define HALF CHAT SAY("Hal") "close\n"

static const struct node *head_node(void)
{
    const struct graph *graph = chat_conversation(world.chat)->graph;
    return graph_node(graph, graph_head(graph));
}

START_TEST(an_answer_that_breaks_off_stays_beside_the_one_in_its_place)
{
    open_world(server_start(HALF, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "own", FAST,
               false);
    run_to_end();
    const struct graph *graph = chat_conversation(world.chat)->graph;
    const struct node *node = head_node();
    ck_assert_str_eq(head_text(), "from the gate");
    ck_assert_uint_eq(graph_sibling_count(graph, node), 2);
    const struct node *partial =
        graph_node(graph, graph_sibling(graph, node, 0));
    ck_assert_str_eq(buf_string(&partial->blocks.items[0].text), "Hal");
    ck_assert_int_eq(graph_node_attempt(graph, partial)->state, ATTEMPT_CUT);
    ck_assert_int_eq(count_events("\"fell-back\""), 1);
    ck_assert_int_eq(server_count(world.box, "POST"), 1);
    ck_assert_int_eq(server_count(world.gate, "POST"), 1);
    ck_assert_int_eq(server_count(world.gate, "Hal"), 0);
    close_world();
}
END_TEST

START_TEST(it_stays_cut_where_the_profile_says_so)
{
    open_world(server_start(HALF, NULL), server_start(CHAT, NULL), "own", FAST,
               true);
    settings_must_set(world.settings, "routing.fallback.after_words", "never");
    run_to_end();
    ck_assert_str_eq(head_text(), "Hal");
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_CUT);
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world();
}
END_TEST

START_TEST(the_user_is_asked_before_another_begins_anew)
{
    open_world(server_start(HALF, NULL),
               server_start(CHAT SAY("from the gate") DONE, NULL), "own", FAST,
               true);
    settings_must_set(world.settings, "routing.fallback.after_words", "ask");
    prompt();
    await_event("\"consent-asked\"");
    ck_assert_ptr_nonnull(chat_question(world.chat));
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    chat_answer(world.chat, CONSENT_ONCE);
    await_event("\"run-finished\"");
    ck_assert_str_eq(head_text(), "from the gate");
    close_world();
}
END_TEST

START_TEST(who_does_not_agree_keeps_what_came)
{
    open_world(server_start(HALF, NULL), server_start(CHAT, NULL), "own", FAST,
               true);
    settings_must_set(world.settings, "routing.fallback.after_words", "ask");
    prompt();
    await_event("\"consent-asked\"");
    chat_answer(world.chat, CONSENT_NONE);
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_str_eq(head_text(), "Hal");
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_CUT);
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world();
}
END_TEST

START_TEST(where_nobody_can_be_asked_it_stays_cut)
{
    open_world(server_start(HALF, NULL), server_start(CHAT, NULL), "own", FAST,
               false);
    settings_must_set(world.settings, "routing.fallback.after_words", "ask");
    run_to_end();
    ck_assert_str_eq(head_text(), "Hal");
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world();
}
END_TEST

START_TEST(who_stops_a_stalled_answer_wants_no_other)
{
    open_world(server_start(CHAT SAY("Hal") "stall\n", NULL),
               server_start(CHAT, NULL), "own", FAST, true);
    prompt();
    await_event("\"relay-asked\"");
    chat_stall_answer(world.chat, STALL_STOP);
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_str_eq(head_text(), "Hal");
    ck_assert_int_eq(server_count(world.gate, "POST"), 0);
    close_world();
}
END_TEST

START_TEST(a_wait_ends_at_once_when_the_user_stops_it)
{
    open_world(server_start("match POST /api/chat\nstatus 429 Busy\n"
                            "header Retry-After: 60\n"
                            "body \"{\\\"error\\\":\\\"wait\\\"}\"\n",
                            NULL),
               NULL, "", "", true);
    prompt();
    await_event("\"retry-scheduled\"");
    ck_assert(has_event("\"delay\":60000"));
    ck_assert(has_event("rate limited (1/2)"));
    ck_assert(chat_stop(world.chat));
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_ABORTED);
    close_world();
}
END_TEST

START_TEST(a_server_that_asked_to_be_left_alone_is_by_the_next_prompt_too)
{
    open_world(server_start("match POST /api/chat\nstatus 429 Busy\n"
                            "header Retry-After: 60\n"
                            "body \"{\\\"error\\\":\\\"wait\\\"}\"\n",
                            NULL),
               NULL, "", "", true);
    prompt();
    await_event("\"retry-scheduled\"");
    chat_stop(world.chat);
    prompt();
    await_event("it asked to wait");
    ck_assert_int_eq(server_count(world.box, "POST"), 1);
    close_world();
}
END_TEST

START_TEST(a_server_that_failed_three_times_is_left_alone)
{
    open_world(server_start(BROKEN, NULL), NULL, "", FAST, true);
    run_to_end();
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    prompt();
    await_event("it failed too often");
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    ck_assert_int_eq(count_events("\"attempt-started\""), 3);
    close_world();
}
END_TEST

START_TEST(with_a_rung_free_it_is_passed_over)
{
    open_world(server_start(BROKEN, NULL),
               server_start(CHAT SAY("one") DONE, CHAT SAY("two") DONE,
                            CHAT SAY("three") DONE, CHAT SAY("four") DONE,
                            NULL),
               "own", FAST, false);
    for (int i = 0; i < 4; i++)
        run_to_end();
    ck_assert_str_eq(head_text(), "four");
    /* The fourth prompt did not ask it any more. */
    ck_assert_int_eq(server_count(world.box, "POST"), 3);
    ck_assert_int_eq(count_events("\"fell-back\""), 4);
    close_world();
}
END_TEST

START_TEST(one_prompt_causes_no_more_requests_than_the_limit)
{
    open_world(server_start(BROKEN, NULL), NULL, "",
               "limits: {backoff: 1ms, attempts: 2}\n", false);
    run_to_end();
    ck_assert_int_eq(server_count(world.box, "POST"), 2);
    close_world();
}
END_TEST

START_TEST(the_deadline_cuts_and_keeps_what_came)
{
    open_world(server_start(CHAT SAY("Hel") "stall\n", NULL), NULL, "",
               "limits: {deadline: 1s}\n", true);
    run_to_end();
    ck_assert_str_eq(head_text(), "Hel");
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_CUT);
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(world.chat)->text, "limits.deadline"));
    close_world();
}
END_TEST

/* Answers that stall. */

static void open_stalled(struct server *box)
{
    open_world(box, NULL, "", FAST, true);
    prompt();
    await_event("\"relay-asked\"");
    ck_assert(chat_is_stalled(world.chat));
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_ASKING);
}

START_TEST(a_stalled_answer_goes_on_by_itself_when_more_comes)
{
    open_stalled(
        server_start(CHAT SAY("Hel") "await go\n" SAY("lo") DONE, NULL));
    server_release(world.box, "go");
    await_event("\"run-finished\"");
    ck_assert(!chat_is_stalled(world.chat));
    ck_assert(has_event("\"outcome\":\"went on\""));
    ck_assert_str_eq(head_text(), "Hello");
    close_world();
}
END_TEST

START_TEST(who_waits_is_asked_again)
{
    open_stalled(server_start(CHAT SAY("Hel") "stall\n", NULL));
    chat_stall_answer(world.chat, STALL_WAIT);
    ck_assert(!chat_is_stalled(world.chat));
    ck_assert(chat_is_busy(world.chat));
    while (count_events("\"relay-asked\"") < 2)
        loop_turn(world.loop, 1000);
    ck_assert(has_event("\"outcome\":\"wait\""));
    close_world();
}
END_TEST

START_TEST(who_stops_a_stalled_answer_keeps_it_as_cut)
{
    open_stalled(server_start(CHAT SAY("Hel") "stall\n", NULL));
    chat_stall_answer(world.chat, STALL_STOP);
    ck_assert(!chat_is_busy(world.chat));
    ck_assert_str_eq(head_text(), "Hel");
    ck_assert_int_eq(graph_run(chat_conversation(world.chat)->graph, 1)->state,
                     RUN_CUT);
    ck_assert_ptr_nonnull(strstr(chat_last_error(world.chat)->text, "stalled"));
    close_world();
}
END_TEST

START_TEST(who_retries_it_gets_a_sibling)
{
    open_stalled(
        server_start(CHAT SAY("Hel") "stall\n", CHAT SAY("Hello") DONE, NULL));
    chat_stall_answer(world.chat, STALL_RETRY);
    ck_assert(chat_is_busy(world.chat));
    await_event("\"outcome\":\"complete\"");
    const struct graph *graph = chat_conversation(world.chat)->graph;
    ck_assert_str_eq(head_text(), "Hello");
    ck_assert_uint_eq(
        graph_sibling_count(graph, graph_node(graph, graph_head(graph))), 2);
    close_world();
}
END_TEST

START_TEST(an_answer_to_no_question_is_nothing)
{
    open_world(server_start(CHAT SAY("Hello") DONE, NULL), NULL, "", FAST,
               true);
    chat_stall_answer(world.chat, STALL_STOP);
    run_to_end();
    chat_stall_answer(world.chat, STALL_RETRY);
    ck_assert(!chat_is_busy(world.chat));
    close_world();
}
END_TEST

static void add_stalls(Suite *suite)
{
    TCase *tcase = tcase_create("stall");
    tcase_add_test(tcase, a_stalled_answer_goes_on_by_itself_when_more_comes);
    tcase_add_test(tcase, who_waits_is_asked_again);
    tcase_add_test(tcase, who_stops_a_stalled_answer_keeps_it_as_cut);
    tcase_add_test(tcase, who_retries_it_gets_a_sibling);
    tcase_add_test(tcase, an_answer_to_no_question_is_nothing);
    suite_add_tcase(suite, tcase);
}

static void add_halves(Suite *suite)
{
    TCase *tcase = tcase_create("halves");
    tcase_add_test(tcase,
                   an_answer_that_breaks_off_stays_beside_the_one_in_its_place);
    tcase_add_test(tcase, it_stays_cut_where_the_profile_says_so);
    tcase_add_test(tcase, the_user_is_asked_before_another_begins_anew);
    tcase_add_test(tcase, who_does_not_agree_keeps_what_came);
    tcase_add_test(tcase, where_nobody_can_be_asked_it_stays_cut);
    tcase_add_test(tcase, who_stops_a_stalled_answer_wants_no_other);
    suite_add_tcase(suite, tcase);
}

static void add_waits(Suite *suite)
{
    TCase *tcase = tcase_create("waits");
    tcase_add_test(tcase, a_wait_ends_at_once_when_the_user_stops_it);
    tcase_add_test(
        tcase, a_server_that_asked_to_be_left_alone_is_by_the_next_prompt_too);
    tcase_add_test(tcase, a_server_that_failed_three_times_is_left_alone);
    tcase_add_test(tcase, with_a_rung_free_it_is_passed_over);
    tcase_add_test(tcase, one_prompt_causes_no_more_requests_than_the_limit);
    tcase_add_test(tcase, the_deadline_cuts_and_keeps_what_came);
    suite_add_tcase(suite, tcase);
}

Suite *fallback_suite(void)
{
    Suite *suite = suite_create("fallback");
    TCase *tcase = tcase_create("rungs");
    tcase_add_test(tcase, an_own_server_that_fails_gives_way_at_once);
    tcase_add_test(
        tcase,
        a_rung_whose_server_cannot_be_asked_for_its_models_is_passed_over);
    tcase_add_test(tcase, the_next_rung_has_tries_of_its_own);
    tcase_add_test(tcase, a_vendor_is_asked_for_consent_before_it_stands_in);
    tcase_add_test(tcase, without_consent_the_first_failure_stays_the_reason);
    tcase_add_test(tcase, where_nobody_can_agree_no_vendor_stands_in);
    tcase_add_test(tcase, consent_that_was_given_for_good_is_enough);
    tcase_add_test(tcase, what_the_user_named_is_not_replaced);
    tcase_add_test(tcase, what_must_stay_here_stays);
    tcase_add_test(tcase, what_need_not_stay_any_more_falls_back);
    tcase_add_test(tcase,
                   a_failure_that_the_setting_does_not_name_is_no_reason);
    suite_add_tcase(suite, tcase);
    add_halves(suite);
    add_waits(suite);
    add_stalls(suite);
    return suite;
}
