/* SPDX-License-Identifier: MIT */
/*
 * What may be spent, from end to end: a server of the user's own and one that is
 * paid, a tenth of a cent a token of its answers and nothing for the rest. With
 * answers of a hundred tokens at the most a request may cost ten cents; each
 * that comes costs six.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/chat.h"
#include "store/ledger.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *spending_suite(void);

#define OWN                                                               \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"own\"},\"done\":"   \
    "false}\n"                                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":60}\n"
#define OWN_BROKEN                                           \
    "match POST /api/chat\ntimes forever\nstatus 500 Oops\n" \
    "body \"{\\\"error\\\":\\\"it broke\\\"}\"\n"
#define HEAD                                                          \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\nchunked\n"
#define WORDS \
    "line data: {\"choices\":[{\"delta\":{\"content\":\"paid\"}}]}\nline\n"
#define PAID                                                                \
    HEAD WORDS                                                              \
        "line data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"" \
        "}]}\nline\nline data: {\"choices\":[],\"usage\":{"                 \
        "\"prompt_tokens\":1000,\"completion_tokens\":60}}\nline\n"         \
        "line data: [DONE]\nline\n"
/* It breaks off after a word, uncounted. */
#define PAID_CUT HEAD WORDS "close\n"

static struct world {
    char home[SCRATCH_PATH_MAX];
    struct server *box, *gate;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct ledger *ledger;
    struct chat *chat;
    struct buf events;
} world;

static void on_event(void *context, const struct event *event)
{
    (void)context;
    event_to_json(&world.events, event);
    buf_append_char(&world.events, '\n');
}

#define PRICE "[{in: 0, out: 1000}]"

static void load(const char *price, const char *more)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    world.settings = settings_new();
    buf_printf(
        &yaml,
        "reply: {max_tokens: 100}\n"
        "privacy: {first_send_to_vendor: always}\n"
        "endpoints:\n  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
        server_url(world.box, ""));
    buf_printf(&yaml,
               "  gate: {dialect: chat-completions, trust: vendor, url: "
               "\"%s\", price: %s}\n%s",
               server_url(world.gate, "/v1"), price, more);
    settings_must_add(world.settings, "test", buf_string(&yaml));
    buf_clear(&yaml);
    ck_assert_msg(endpoints_load(&world.endpoints, world.settings, NULL, &err),
                  "%s", err.text);
}

static struct chat *open_chat(struct ledger *ledger, const char *target,
                              bool is_watched)
{
    return chat_new(&(struct chat_setup){
        .loop = world.loop,
        .http = world.http,
        .ledger = ledger,
        .settings = world.settings,
        .endpoints = &world.endpoints,
        .target = target,
        .is_interactive = is_watched,
        .on_event = on_event,
        .seed = 1,
    });
}

struct plan {
    const char *own, *paid; /* scenarios; NULL: OWN, PAID */
    const char *price;      /* NULL: PRICE */
    const char *more;       /* settings */
    const char *target;     /* NULL: the ladder */
    bool is_watched;
};

static void open_world(const struct plan *plan)
{
    struct error err = { 0 };
    world = (struct world){ 0 };
    scratch_directory(world.home, "spending");
    setenv("XDG_DATA_HOME", world.home, 1);
    setenv("XDG_STATE_HOME", world.home, 1);
    world.box = server_start(plan->own ? plan->own : OWN, NULL);
    world.gate = server_start(plan->paid ? plan->paid : PAID, NULL);
    load(plan->price ? plan->price : PRICE, plan->more);
    world.loop = loop_new(&err);
    world.http = http_new(world.loop, &err);
    world.store = store_new(world.loop, &err);
    world.ledger = ledger_new(world.store, NULL, &err);
    world.chat = open_chat(world.ledger, plan->target, plan->is_watched);
}

static void close_world(void)
{
    const struct graph *graph = chat_conversation(world.chat)->graph;
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(graph, (enum reject_reason)i),
                          0);
    chat_free(world.chat);
    ledger_close(world.ledger);
    ck_assert(store_settle(world.store, 20000));
    store_free(world.store);
    http_free(world.http);
    loop_free(world.loop);
    endpoints_clear(&world.endpoints);
    settings_free(world.settings);
    server_stop(world.box);
    server_stop(world.gate);
    buf_clear(&world.events);
    scratch_remove(world.home);
}

/* Until the run has ended or waits for the user. */
static void go_on(struct chat *chat)
{
    while (chat_is_busy(chat) && !chat_has_question(chat)) {
        loop_turn(world.loop, 1000);
        chat_turn(chat);
    }
}

static void ask_of(struct chat *chat)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(chat, slice_of("hi"), NULL, &err));
    chat_turn(chat);
    go_on(chat);
}

static void ask(void)
{
    ask_of(world.chat);
}

static int paid_requests(void)
{
    return server_count(world.gate, "POST /v1/chat/completions");
}

static bool has_event(const char *text)
{
    return world.events.len && strstr(world.events.ptr, text);
}

static double spent(void)
{
    return graph_spent(chat_conversation(world.chat)->graph)->dollars;
}

START_TEST(usage_is_priced_when_it_arrives)
{
    open_world(&(struct plan){ .more = "", .target = "gate/m" });
    ask();
    ck_assert(has_event("\"input\":1000,\"output\":60,\"cost\":0.06"));
    ck_assert_double_eq_tol(spent(), 0.06, 1e-9);
    close_world();
}
END_TEST

START_TEST(an_own_server_costs_nothing_and_needs_no_room)
{
    open_world(
        &(struct plan){ .more = "limits: {session: 0}\n", .target = "box/m" });
    ask();
    ck_assert(has_event("\"output\":60,\"cost\":0}"));
    ck_assert(has_event("\"outcome\":\"complete\""));
    close_world();
}
END_TEST

/* Nobody is there: it is refused, and nothing was sent. */
static const struct {
    const char *limits, *words;
} refusals[] = {
    { "limits: {session: 0.15}\n",
      "not sent to gate: it may cost $0.10; $0.06 of the $0.15 of "
      "limits.session is spent; --set limits.session=0.30 allows it" },
    { "limits: {day: 0.15 USD}\n",
      "not sent to gate: it may cost $0.10; $0.06 of the $0.15 of limits.day "
      "is spent; --set limits.day=0.30 allows it" },
};

START_TEST(what_does_not_fit_is_refused_where_nobody_is_asked)
{
    open_world(
        &(struct plan){ .more = refusals[_i].limits, .target = "gate/m" });
    ask();
    ck_assert_int_eq(paid_requests(), 1);
    ask();
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_str_eq(chat_last_error(world.chat)->text, refusals[_i].words);
    ck_assert_int_eq(chat_last_error(world.chat)->kind, ERROR_CONFIG);
    ck_assert_double_eq_tol(spent(), 0.06, 1e-9);
    close_world();
}
END_TEST

START_TEST(one_run_has_a_limit_of_its_own)
{
    open_world(
        &(struct plan){ .more = "limits: {run: 0.09}\n", .target = "gate/m" });
    ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_str_eq(chat_last_error(world.chat)->text,
                     "not sent to gate: it may cost $0.10; $0.00 of the $0.09 "
                     "of limits.run is spent; --set limits.run=0.19 allows it");
    close_world();
}
END_TEST

#define LADDER "routing: {ladder: [box/m, gate/m], threshold: 0, band: 0}\n"

START_TEST(a_rung_that_costs_too_much_is_passed_over_with_the_reason)
{
    open_world(&(struct plan){ .more = LADDER "limits: {session: 0.15}\n" });
    ask();
    ck_assert_int_eq(paid_requests(), 1);
    ask();
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_int_eq(server_count(world.box, "POST /api/chat"), 1);
    ck_assert(has_event("not gate/m: it may cost $0.10; $0.06 of the $0.15 of "
                        "limits.session is spent"));
    close_world();
}
END_TEST

START_TEST(a_fallback_does_not_cost_more_than_is_allowed)
{
    open_world(&(struct plan){
        .own = OWN_BROKEN,
        .more = "routing: {ladder: [box/m, gate/m], threshold: 1}\n"
                "limits: {session: 0.05, backoff: 1ms}\n" });
    ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_msg(strstr(chat_last_error(world.chat)->text,
                         "; m@gate was not asked: it may cost $0.10; $0.00 of "
                         "the $0.05 of limits.session is spent"),
                  "%s", chat_last_error(world.chat)->text);
    close_world();
}
END_TEST

/* Somebody is there. */

static void answer(enum spending_answer said)
{
    ck_assert(chat_is_over_limit(world.chat));
    chat_answer_spending(world.chat, said);
    go_on(world.chat);
}

static void open_asked(void)
{
    open_world(&(struct plan){ .more = "limits: {session: 0.15}\n",
                               .target = "gate/m",
                               .is_watched = true });
    ask();
    ck_assert(!chat_is_over_limit(world.chat));
    ask();
    ck_assert_int_eq(paid_requests(), 1);
}

START_TEST(who_is_there_is_asked)
{
    struct buf words = { 0 };
    open_asked();
    ck_assert(has_event("\"type\":\"relay-asked\""));
    chat_spending_words(world.chat, &words);
    ck_assert_str_eq(buf_string(&words),
                     "m at gate: it may cost $0.10; $0.06 of the $0.15 of "
                     "limits.session is spent");
    buf_reset(&words);
    ck_assert(chat_spending_about(world.chat, SPENDING_RAISE, &words));
    ck_assert_str_eq(buf_string(&words),
                     "limits.session to $0.30 for this conversation");
    ck_assert(!chat_spending_about(world.chat, SPENDING_SEND, &words));
    buf_clear(&words);
    close_world();
}
END_TEST

START_TEST(once_is_for_one_prompt)
{
    open_asked();
    answer(SPENDING_ONCE);
    ck_assert_int_eq(paid_requests(), 2);
    ask();
    ck_assert(chat_is_over_limit(world.chat));
    close_world();
}
END_TEST

START_TEST(a_raised_limit_holds_for_the_conversation)
{
    open_asked();
    answer(SPENDING_RAISE);
    ask();
    ck_assert_int_eq(paid_requests(), 3);
    ck_assert_double_eq_tol(spent(), 0.18, 1e-9);
    ask();
    ck_assert_int_eq(paid_requests(), 4);
    ask();
    ck_assert(chat_is_over_limit(world.chat));
    chat_clear(world.chat);
    ask();
    ask();
    ck_assert(chat_is_over_limit(world.chat));
    close_world();
}
END_TEST

START_TEST(who_stays_sends_nothing_and_has_his_prompt_off_the_path)
{
    open_asked();
    const struct graph *graph = chat_conversation(world.chat)->graph;
    uint64_t answer_id =
        graph_node(graph, graph_run(graph, 2)->prompt_id)->parent_id;
    answer(SPENDING_STAY);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_uint_eq(graph_head(graph), answer_id);
    ck_assert_int_eq(graph_run(graph, 2)->state, RUN_ERROR);
    ck_assert_str_eq(chat_last_error(world.chat)->text,
                     "not sent to gate: limits.session stays as it is");
    close_world();
}
END_TEST

/* Unknown prices. */

START_TEST(an_unknown_price_is_asked_about_once)
{
    open_world(&(struct plan){ .price = "[{model: other, in: 1, out: 1}]",
                               .more = "limits: {session: 5}\n",
                               .target = "gate/m",
                               .is_watched = true });
    ask();
    struct buf words = { 0 };
    chat_spending_words(world.chat, &words);
    ck_assert_str_eq(buf_string(&words),
                     "m at gate: nobody knows what it costs; $0.00 of the "
                     "$5.00 of limits.session is spent");
    buf_clear(&words);
    answer(SPENDING_SEND);
    ask();
    ck_assert_int_eq(paid_requests(), 2);
    const struct graph *graph = chat_conversation(world.chat)->graph;
    ck_assert_uint_eq(graph_spent(graph)->unknown, 2);
    close_world();
}
END_TEST

START_TEST(an_unknown_price_is_refused_where_nobody_is_asked)
{
    open_world(&(struct plan){ .price = "[{model: other, in: 1, out: 1}]",
                               .more = "limits: {day: 5}\n",
                               .target = "gate/m" });
    ask();
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_str_eq(chat_last_error(world.chat)->text,
                     "not sent to gate: nobody knows what it costs; $0.00 of "
                     "the $5.00 of limits.day is spent; endpoints.gate.price "
                     "says what it costs");
    close_world();
}
END_TEST

START_TEST(without_a_limit_an_unknown_price_asks_nobody)
{
    open_world(&(struct plan){
        .price = "[]", .more = "", .target = "gate/m", .is_watched = true });
    ask();
    ck_assert_int_eq(paid_requests(), 1);
    close_world();
}
END_TEST

/* What counts. */

START_TEST(what_breaks_off_uncounted_is_estimated)
{
    open_world(
        &(struct plan){ .paid = PAID_CUT, .more = "", .target = "gate/m" });
    ask();
    const struct spent *all = graph_spent(chat_conversation(world.chat)->graph);
    /* "paid" is one token or two. */
    ck_assert(all->dollars >= 0.001 && all->dollars <= 0.002);
    ck_assert_double_eq(all->estimated, all->dollars);
    ck_assert_uint_eq(all->unknown, 0);
    close_world();
}
END_TEST

/* Another sennit has a ledger of its own on the same file. */
START_TEST(all_sennits_share_the_limit_of_a_day)
{
    struct error err = { 0 };
    open_world(
        &(struct plan){ .more = "limits: {day: 0.15}\n", .target = "gate/m" });
    struct store *store = store_new(world.loop, &err);
    struct ledger *ledger = ledger_new(store, NULL, &err);
    struct chat *other = open_chat(ledger, "gate/m", false);
    /* It has looked before, and what it knows is old. */
    ledger_refresh(ledger);
    while (!ledger_is_fresh(ledger))
        loop_turn(world.loop, 1000);
    ask();
    ck_assert(store_settle(world.store, 20000));
    ask_of(other);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_str_eq(chat_last_error(other)->text, refusals[1].words);
    chat_free(other);
    ledger_close(ledger);
    ck_assert(store_settle(store, 20000));
    store_free(store);
    close_world();
}
END_TEST

START_TEST(who_has_spent_four_fifths_is_told_once)
{
    struct buf words = { 0 };
    open_world(&(struct plan){ .more = "limits: {session: 0.2, day: 0.1}\n",
                               .target = "gate/m",
                               .is_watched = true });
    ck_assert(!chat_take_spending_warning(world.chat, &words));
    ask();
    ck_assert(!chat_take_spending_warning(world.chat, &words));
    ask();
    answer(SPENDING_RAISE);
    ck_assert_double_eq_tol(spent(), 0.12, 1e-9);
    ck_assert(!chat_take_spending_warning(world.chat, &words));
    ask();
    ck_assert(chat_is_over_limit(world.chat));
    answer(SPENDING_ONCE);
    ck_assert(chat_take_spending_warning(world.chat, &words));
    ck_assert_str_eq(buf_string(&words),
                     "$0.18 of the $0.20 of limits.session is spent; $0.18 of "
                     "the $0.20 of limits.day is spent");
    buf_reset(&words);
    ck_assert(!chat_take_spending_warning(world.chat, &words));
    buf_clear(&words);
    close_world();
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
    tcase_add_test(cases, an_unknown_price_is_asked_about_once);
    tcase_add_test(cases, an_unknown_price_is_refused_where_nobody_is_asked);
    tcase_add_test(cases, without_a_limit_an_unknown_price_asks_nobody);
    tcase_add_test(cases, what_breaks_off_uncounted_is_estimated);
    tcase_add_test(cases, all_sennits_share_the_limit_of_a_day);
    tcase_add_test(cases, who_has_spent_four_fifths_is_told_once);
    suite_add_tcase(suite, cases);
    return suite;
}
