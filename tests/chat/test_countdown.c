/* SPDX-License-Identifier: MIT */
/*
 * Before somebody who is paid answers in the place of a server that failed there
 * is time to object.
 */
#include <string.h>

#include <check.h>

#include "tests/support/paid.h"
#include "tests/support/settings.h"

Suite *countdown_suite(void);

#define LADDER_OF(limits)                                             \
    "routing: {ladder: [box/m, gate/large], threshold: 1, band: 0,\n" \
    "  fallback: {countdown: 1h}}\nlimits: {" limits "backoff: 1ms}\n"
#define LADDER LADDER_OF("")
/* Half an answer, then the connection breaks. */
#define HALF                                                            \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"     \
    "line {\"model\":\"m\",\"message\":{\"content\":\"Hal\"},\"done\":" \
    "false}\nclose\n"

static void begin(const char *own, const char *price, const char *more)
{
    struct error err = { 0 };
    paid_open(&(struct paid_plan){
        .own = own, .price = price, .more = more, .is_watched = true });
    ck_assert(chat_prompt(paid.chat, slice_of("hi"), NULL, &err));
    chat_turn(paid.chat);
}

static const struct run *run(void)
{
    return graph_run(chat_conversation(paid.chat)->graph, 1);
}

static const struct sequel *sequel(void)
{
    return &array_last(&run()->attempts)->sequel;
}

START_TEST(who_is_paid_is_announced_with_what_it_will_cost)
{
    begin(PAID_OWN_BROKEN, "[{in: 0, out: 20}]", LADDER);
    paid_await("\"retry-scheduled\"");
    ck_assert(chat_is_counting_down(paid.chat));
    ck_assert(sequel()->is_countdown);
    ck_assert_str_eq(sequel()->words, "gate/large answers");
    /* 500 tokens at 20 dollars a million. */
    ck_assert_double_eq_tol(sequel()->cost, 0.01, 1e-9);
    ck_assert(paid_has_event("\"delay\":3600000"));
    ck_assert_int_eq(paid_requests(), 0);
    paid_close();
}
END_TEST

START_TEST(who_stays_keeps_what_had_come_and_the_run_ends_as_it_failed)
{
    begin(HALF, NULL, LADDER);
    paid_await("\"countdown\"");
    ck_assert(chat_stop(paid.chat));
    ck_assert(!chat_is_busy(paid.chat));
    ck_assert_int_eq(run()->state, RUN_CUT);
    const char *words = chat_last_error(paid.chat)->text;
    ck_assert_msg(strstr(words, "; large@gate was not asked"), "%s", words);
    const struct graph *graph = chat_conversation(paid.chat)->graph;
    const struct node *head = graph_node(graph, graph_head(graph));
    ck_assert_int_eq(head->kind, NODE_ASSISTANT);
    ck_assert_str_eq(buf_string(&head->blocks.items[0].text), "Hal");
    ck_assert_int_eq(paid_requests(), 0);
    /* The next prompt goes its way as ever. */
    ck_assert(!chat_countdown_now(paid.chat));
    int before = paid_own_requests();
    struct error err = { 0 };
    ck_assert(chat_prompt(paid.chat, slice_of("again"), NULL, &err));
    chat_turn(paid.chat);
    while (paid_own_requests() == before)
        loop_turn(paid.loop, 100);
    paid_close();
}
END_TEST

START_TEST(who_does_not_want_to_wait_does_not_have_to)
{
    begin(PAID_OWN_BROKEN, NULL, LADDER);
    paid_await("\"countdown\"");
    ck_assert(chat_countdown_now(paid.chat));
    ck_assert(!chat_is_counting_down(paid.chat));
    paid_go_on(paid.chat);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_int_eq(run()->state, RUN_COMPLETE);
    ck_assert(!chat_countdown_now(paid.chat));
    ck_assert(!chat_countdown_stay(paid.chat));
    paid_close();
}
END_TEST

/* What is said meanwhile of where prompts go. */
static void say_local(void)
{
    struct error err = { 0 };
    ck_assert(chat_set_tier(paid.chat, ROUTE_LOCAL, &err));
}

static void say_private(void)
{
    chat_set_private(paid.chat, "/private");
}

static void name(const char *target)
{
    struct error err = { 0 };
    ck_assert(chat_set_target(paid.chat, target, &err));
}

static void name_own(void)
{
    name("box/m");
}

static void name_another(void)
{
    name("gate/small");
}

static void (*const objections[])(void) = { say_local, say_private, name_own,
                                            name_another };

START_TEST(who_says_that_it_goes_elsewhere_objects)
{
    begin(PAID_OWN_BROKEN, NULL, LADDER);
    paid_await("\"countdown\"");
    objections[_i]();
    ck_assert(!chat_is_counting_down(paid.chat));
    ck_assert_int_eq(run()->state, RUN_ERROR);
    const char *words = chat_last_error(paid.chat)->text;
    ck_assert_msg(strstr(words, "; large@gate was not asked"), "%s", words);
    ck_assert(!chat_countdown_now(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    paid_close();
}
END_TEST

START_TEST(who_names_what_will_answer_does_not_object)
{
    struct error err = { 0 };
    begin(PAID_OWN_BROKEN, NULL, LADDER);
    paid_await("\"countdown\"");
    name("gate/large");
    ck_assert(chat_set_tier(paid.chat, ROUTE_CLOUD, &err));
    ck_assert(chat_is_counting_down(paid.chat));
    paid_close();
}
END_TEST

START_TEST(when_nobody_objects_it_answers)
{
    begin(PAID_OWN_BROKEN, NULL,
          "routing: {ladder: [box/m, gate/large], threshold: 1, band: 0,\n"
          "  fallback: {countdown: 5ms}}\nlimits: {backoff: 1ms}\n");
    paid_go_on(paid.chat);
    ck_assert(paid_has_event("\"countdown\""));
    ck_assert(paid_has_event("fell back to large@gate"));
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

START_TEST(what_costs_nothing_answers_at_once)
{
    begin(PAID_OWN_BROKEN, "[{in: 0, out: 0}]", LADDER);
    paid_go_on(paid.chat);
    ck_assert(!paid_has_event("\"countdown\""));
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

START_TEST(an_unknown_price_counts_as_one)
{
    begin(PAID_OWN_BROKEN, "[]", LADDER);
    paid_await("\"countdown\"");
    ck_assert_double_lt(sequel()->cost, 0);
    paid_close();
}
END_TEST

START_TEST(where_nobody_watches_nobody_is_waited_for)
{
    paid_open(&(struct paid_plan){ .own = PAID_OWN_BROKEN, .more = LADDER });
    paid_ask();
    ck_assert(!paid_has_event("\"countdown\""));
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

START_TEST(the_time_of_a_run_goes_on_meanwhile)
{
    begin(PAID_OWN_BROKEN, NULL, LADDER_OF("deadline: 1s, "));
    paid_await("\"countdown\"");
    paid_go_on(paid.chat);
    ck_assert_int_eq(run()->state, RUN_CUT);
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(paid.chat)->text, "limits.deadline"));
    ck_assert(!chat_is_counting_down(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    paid_close();
}
END_TEST

/* After the countdown, too, a limit is obeyed. */
START_TEST(a_limit_that_sinks_meanwhile_is_obeyed)
{
    begin(PAID_OWN_BROKEN, NULL, LADDER);
    paid_await("\"countdown\"");
    settings_must_set(paid.settings, "limits.session", "0.05");
    ck_assert(chat_countdown_now(paid.chat));
    ck_assert(chat_is_over_limit(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    chat_answer_spending(paid.chat, SPENDING_STAY);
    ck_assert(!chat_is_busy(paid.chat));
    ck_assert_int_eq(run()->state, RUN_ERROR);
    paid_close();
}
END_TEST

Suite *countdown_suite(void)
{
    Suite *suite = suite_create("countdown");
    TCase *cases = tcase_create("countdown");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, who_is_paid_is_announced_with_what_it_will_cost);
    tcase_add_test(cases,
                   who_stays_keeps_what_had_come_and_the_run_ends_as_it_failed);
    tcase_add_test(cases, who_does_not_want_to_wait_does_not_have_to);
    tcase_add_loop_test(cases, who_says_that_it_goes_elsewhere_objects, 0,
                        COUNTOF(objections));
    tcase_add_test(cases, who_names_what_will_answer_does_not_object);
    tcase_add_test(cases, when_nobody_objects_it_answers);
    tcase_add_test(cases, what_costs_nothing_answers_at_once);
    tcase_add_test(cases, an_unknown_price_counts_as_one);
    tcase_add_test(cases, where_nobody_watches_nobody_is_waited_for);
    tcase_add_test(cases, the_time_of_a_run_goes_on_meanwhile);
    tcase_add_test(cases, a_limit_that_sinks_meanwhile_is_obeyed);
    suite_add_tcase(suite, cases);
    return suite;
}
