/* SPDX-License-Identifier: MIT */
/*
 * What may be spent, from end to end (tests/support/paid.h has the prices).
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/paid.h"
#include "tests/support/settings.h"

Suite *spending_suite(void);

START_TEST(usage_is_priced_when_it_arrives)
{
    paid_open(&(struct paid_plan){ .more = "", .target = "gate/m" });
    paid_ask();
    ck_assert(paid_has_event("\"input\":1000,\"output\":60,\"cost\":0.06"));
    ck_assert_double_eq_tol(paid_spent(), 0.06, 1e-9);
    paid_close();
}
END_TEST

START_TEST(an_own_server_costs_nothing_and_needs_no_room)
{
    paid_open(&(struct paid_plan){ .more = "limits: {session: 0}\n",
                                   .target = "box/m" });
    paid_ask();
    ck_assert(paid_has_event("\"output\":60,\"cost\":0}"));
    ck_assert(paid_has_event("\"outcome\":\"complete\""));
    paid_close();
}
END_TEST

/* Nobody is there: it is refused, and nothing was sent. */
static const struct {
    const char *limits, *words;
} refusals[] = {
    { "limits: {session: 0.15}\n",
      "not sent to gate: it may cost $0.10; $0.06 of the $0.15 of "
      "limits.session is spent; --set limits.session=0.16 allows it" },
    { "limits: {day: 0.15 USD}\n",
      "not sent to gate: it may cost $0.10; $0.06 of the $0.15 of limits.day "
      "is spent; --set limits.day=0.16 allows it" },
};

START_TEST(what_does_not_fit_is_refused_where_nobody_is_asked)
{
    paid_open(
        &(struct paid_plan){ .more = refusals[_i].limits, .target = "gate/m" });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_str_eq(chat_last_error(paid.chat)->text, refusals[_i].words);
    ck_assert_int_eq(chat_last_error(paid.chat)->kind, ERROR_CONFIG);
    ck_assert_double_eq_tol(paid_spent(), 0.06, 1e-9);
    paid_close();
}
END_TEST

START_TEST(one_run_has_a_limit_of_its_own)
{
    paid_open(&(struct paid_plan){ .more = "limits: {run: 0.09}\n",
                                   .target = "gate/m" });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_str_eq(chat_last_error(paid.chat)->text,
                     "not sent to gate: it may cost $0.10; $0.00 of the $0.09 "
                     "of limits.run is spent; --set limits.run=0.10 allows it");
    paid_close();
}
END_TEST

#define LADDER "routing: {ladder: [box/m, gate/m], threshold: 0, band: 0}\n"

START_TEST(a_rung_that_costs_too_much_is_passed_over_with_the_reason)
{
    paid_open(
        &(struct paid_plan){ .more = LADDER "limits: {session: 0.15}\n" });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_int_eq(paid_own_requests(), 1);
    ck_assert(
        paid_has_event("not gate/m: it may cost $0.10; $0.06 of the $0.15 of "
                       "limits.session is spent"));
    paid_close();
}
END_TEST

START_TEST(a_fallback_does_not_cost_more_than_is_allowed)
{
    paid_open(&(struct paid_plan){
        .own = PAID_OWN_BROKEN,
        .more = "routing: {ladder: [box/m, gate/m], threshold: 1}\n"
                "limits: {session: 0.05, backoff: 1ms}\n" });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_msg(strstr(chat_last_error(paid.chat)->text,
                         "; m@gate was not asked: it may cost $0.10; $0.00 of "
                         "the $0.05 of limits.session is spent"),
                  "%s", chat_last_error(paid.chat)->text);
    paid_close();
}
END_TEST

/* Somebody is there. */

static void answer(enum spending_answer said)
{
    ck_assert(chat_is_over_limit(paid.chat));
    chat_answer_spending(paid.chat, said);
    paid_go_on(paid.chat);
}

static void open_asked(void)
{
    paid_open(&(struct paid_plan){ .more = "limits: {session: 0.15}\n",
                                   .target = "gate/m",
                                   .is_watched = true });
    paid_ask();
    ck_assert(!chat_is_over_limit(paid.chat));
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
}

START_TEST(who_is_there_is_asked)
{
    struct buf words = { 0 };
    open_asked();
    ck_assert(paid_has_event("\"type\":\"relay-asked\""));
    chat_spending_words(paid.chat, &words);
    ck_assert_str_eq(buf_string(&words),
                     "m at gate: it may cost $0.10; $0.06 of the $0.15 of "
                     "limits.session is spent");
    buf_reset(&words);
    ck_assert(chat_spending_about(paid.chat, SPENDING_RAISE, &words));
    ck_assert_str_eq(buf_string(&words),
                     "limits.session to $0.30 for this conversation");
    ck_assert(!chat_spending_about(paid.chat, SPENDING_SEND, &words));
    buf_clear(&words);
    paid_close();
}
END_TEST

START_TEST(once_is_for_one_prompt)
{
    open_asked();
    answer(SPENDING_ONCE);
    ck_assert_int_eq(paid_requests(), 2);
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    paid_close();
}
END_TEST

START_TEST(a_raised_limit_holds_for_the_conversation)
{
    open_asked();
    answer(SPENDING_RAISE);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 3);
    ck_assert_double_eq_tol(paid_spent(), 0.18, 1e-9);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 4);
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    chat_clear(paid.chat);
    paid_ask();
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    paid_close();
}
END_TEST

START_TEST(who_stays_sends_nothing_and_has_his_prompt_off_the_path)
{
    open_asked();
    const struct graph *graph = chat_conversation(paid.chat)->graph;
    uint64_t answer_id =
        graph_node(graph, graph_run(graph, 2)->prompt_id)->parent_id;
    answer(SPENDING_STAY);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_uint_eq(graph_head(graph), answer_id);
    ck_assert_int_eq(graph_run(graph, 2)->state, RUN_ERROR);
    ck_assert_str_eq(chat_last_error(paid.chat)->text,
                     "not sent to gate: limits.session stays as it is");
    paid_close();
}
END_TEST

/* Before anything leaves the machine it is told what that will cost: an answer
 * of 500 tokens. */
START_TEST(who_is_asked_for_consent_is_told_about_how_much)
{
    struct buf words = { 0 };
    paid_open(&(struct paid_plan){
        .price = "[{in: 0, out: 20}]",
        .more = "routing: {ladder: [box/m, gate/m], threshold: 0, band: 0}\n",
        .is_watched = true });
    settings_must_set(paid.settings, "privacy.first_send_to_vendor", "ask");
    paid_ask();
    ck_assert_ptr_nonnull(chat_question(paid.chat));
    consent_words(chat_question(paid.chat), &words);
    ck_assert_str_eq(buf_string(&words),
                     "leaves this machine: 127.0.0.1, m, about $0.01, $0.00 in "
                     "and $20.00 out a million tokens");
    ck_assert(paid_has_event("\"cost\":0.01"));
    buf_clear(&words);
    paid_close();
}
END_TEST

/* Unknown prices. */

START_TEST(an_unknown_price_is_asked_about_once)
{
    paid_open(&(struct paid_plan){ .price = "[{model: other, in: 1, out: 1}]",
                                   .more = "limits: {session: 5}\n",
                                   .target = "gate/m",
                                   .is_watched = true });
    paid_ask();
    struct buf words = { 0 };
    chat_spending_words(paid.chat, &words);
    ck_assert_str_eq(buf_string(&words),
                     "m at gate: nobody knows what it costs; $0.00 of the "
                     "$5.00 of limits.session is spent");
    buf_clear(&words);
    answer(SPENDING_SEND);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    const struct graph *graph = chat_conversation(paid.chat)->graph;
    ck_assert_uint_eq(graph_spent(graph)->unknown, 2);
    paid_close();
}
END_TEST

START_TEST(an_unknown_price_is_refused_where_nobody_is_asked)
{
    paid_open(&(struct paid_plan){ .price = "[{model: other, in: 1, out: 1}]",
                                   .more = "limits: {day: 5}\n",
                                   .target = "gate/m" });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_str_eq(chat_last_error(paid.chat)->text,
                     "not sent to gate: nobody knows what it costs; $0.00 of "
                     "the $5.00 of limits.day is spent; endpoints.gate.price "
                     "says what it costs");
    paid_close();
}
END_TEST

START_TEST(without_a_limit_an_unknown_price_asks_nobody)
{
    paid_open(&(struct paid_plan){
        .price = "[]", .more = "", .target = "gate/m", .is_watched = true });
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

/* What counts. */

START_TEST(what_breaks_off_uncounted_is_estimated)
{
    paid_open(&(struct paid_plan){
        .paid = PAID_CUT, .more = "", .target = "gate/m" });
    paid_ask();
    const struct spent *all = graph_spent(chat_conversation(paid.chat)->graph);
    /* "paid" is one token or two. */
    ck_assert(all->dollars >= 0.001 && all->dollars <= 0.002);
    ck_assert_double_eq(all->estimated, all->dollars);
    ck_assert_uint_eq(all->unknown, 0);
    paid_close();
}
END_TEST

/* Another sennit has a ledger of its own on the same file. */
START_TEST(all_sennits_share_the_limit_of_a_day)
{
    struct error err = { 0 };
    paid_open(&(struct paid_plan){ .more = "limits: {day: 0.15}\n",
                                   .target = "gate/m" });
    struct store *store = store_new(paid.loop, &err);
    struct ledger *ledger = ledger_new(store, NULL, &err);
    struct chat *other = paid_chat(ledger, "gate/m", false);
    /* It has looked before, and what it knows is old. */
    ledger_refresh(ledger);
    while (!ledger_is_fresh(ledger))
        loop_turn(paid.loop, 1000);
    paid_ask();
    ck_assert(store_settle(paid.store, 20000));
    paid_ask_of(other);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_str_eq(chat_last_error(other)->text, refusals[1].words);
    chat_free(other);
    ledger_close(ledger);
    ck_assert(store_settle(store, 20000));
    store_free(store);
    paid_close();
}
END_TEST

START_TEST(who_has_spent_four_fifths_is_told_once)
{
    struct buf words = { 0 };
    paid_open(&(struct paid_plan){ .more = "limits: {session: 0.2, day: 0.1}\n",
                                   .target = "gate/m",
                                   .is_watched = true });
    ck_assert(!chat_take_spending_warning(paid.chat, &words));
    paid_ask();
    ck_assert(!chat_take_spending_warning(paid.chat, &words));
    paid_ask();
    answer(SPENDING_RAISE);
    ck_assert_double_eq_tol(paid_spent(), 0.12, 1e-9);
    ck_assert(!chat_take_spending_warning(paid.chat, &words));
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    answer(SPENDING_ONCE);
    ck_assert(chat_take_spending_warning(paid.chat, &words));
    ck_assert_str_eq(buf_string(&words),
                     "$0.18 of the $0.20 of limits.session is spent; $0.18 of "
                     "the $0.20 of limits.day is spent");
    buf_reset(&words);
    ck_assert(!chat_take_spending_warning(paid.chat, &words));
    buf_clear(&words);
    paid_close();
}
END_TEST

Suite *spending_suite(void)
{
    Suite *suite = suite_create("spending");
    TCase *cases = tcase_create("spending");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, usage_is_priced_when_it_arrives);
    tcase_add_test(cases, an_own_server_costs_nothing_and_needs_no_room);
    tcase_add_loop_test(
        cases, what_does_not_fit_is_refused_where_nobody_is_asked, 0, 2);
    tcase_add_test(cases, one_run_has_a_limit_of_its_own);
    tcase_add_test(cases,
                   a_rung_that_costs_too_much_is_passed_over_with_the_reason);
    tcase_add_test(cases, a_fallback_does_not_cost_more_than_is_allowed);
    tcase_add_test(cases, who_is_there_is_asked);
    tcase_add_test(cases, once_is_for_one_prompt);
    tcase_add_test(cases, a_raised_limit_holds_for_the_conversation);
    tcase_add_test(cases,
                   who_stays_sends_nothing_and_has_his_prompt_off_the_path);
    tcase_add_test(cases, who_is_asked_for_consent_is_told_about_how_much);
    tcase_add_test(cases, an_unknown_price_is_asked_about_once);
    tcase_add_test(cases, an_unknown_price_is_refused_where_nobody_is_asked);
    tcase_add_test(cases, without_a_limit_an_unknown_price_asks_nobody);
    tcase_add_test(cases, what_breaks_off_uncounted_is_estimated);
    tcase_add_test(cases, all_sennits_share_the_limit_of_a_day);
    tcase_add_test(cases, who_has_spent_four_fifths_is_told_once);
    suite_add_tcase(suite, cases);
    return suite;
}
