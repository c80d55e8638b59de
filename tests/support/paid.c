/* SPDX-License-Identifier: MIT */
#include "tests/support/paid.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/settings.h"

struct paid paid;

static void on_event(void *context, const struct event *event)
{
    (void)context;
    event_to_json(&paid.events, event);
    buf_append_char(&paid.events, '\n');
    if (paid.on_event)
        paid.on_event(event);
}

#define PRICE "[{in: 0, out: 1000}]"

static void load(const struct paid_plan *plan)
{
    struct error err = { 0 };
    struct buf yaml = { 0 };
    paid.settings = settings_new();
    buf_printf(
        &yaml,
        "reply: {max_tokens: 100}\n"
        "privacy: {first_send_to_vendor: always}\n"
        "endpoints:\n  box: {dialect: ollama, trust: own, url: \"%s\"%s}\n",
        server_url(paid.box, ""), plan->own_more ? plan->own_more : "");
    buf_printf(&yaml,
               "  gate: {dialect: chat-completions, trust: vendor, url: "
               "\"%s\", price: %s}\n%s",
               server_url(paid.gate, "/v1"), plan->price ? plan->price : PRICE,
               plan->more);
    settings_must_add(paid.settings, "test", buf_string(&yaml));
    buf_clear(&yaml);
    ck_assert_msg(endpoints_load(&paid.endpoints, paid.settings, NULL, &err),
                  "%s", err.text);
}

struct chat *paid_chat(struct ledger *ledger, const char *target,
                       bool is_watched)
{
    return chat_new(&(struct chat_setup){
        .loop = paid.loop,
        .http = paid.http,
        .ledger = ledger,
        .settings = paid.settings,
        .endpoints = &paid.endpoints,
        .target = target,
        .is_interactive = is_watched,
        .on_event = on_event,
        .seed = 1,
    });
}

void paid_open(const struct paid_plan *plan)
{
    struct error err = { 0 };
    paid = (struct paid){ 0 };
    paid.on_event = plan->on_event;
    scratch_directory(paid.home, "paid");
    setenv("XDG_DATA_HOME", paid.home, 1);
    setenv("XDG_STATE_HOME", paid.home, 1);
    paid.box =
        server_start(plan->own ? plan->own : PAID_OWN, plan->own_next, NULL);
    paid.gate = server_start(plan->paid ? plan->paid : PAID_WHOLE, NULL);
    load(plan);
    paid.loop = loop_new(&err);
    paid.http = http_new(paid.loop, &err);
    paid.store = store_new(paid.loop, &err);
    paid.ledger = ledger_new(paid.store, NULL, &err);
    paid.chat = paid_chat(paid.ledger, plan->target, plan->is_watched);
}

void paid_close(void)
{
    const struct graph *graph = chat_conversation(paid.chat)->graph;
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(graph, (enum reject_reason)i),
                          0);
    chat_free(paid.chat);
    ledger_close(paid.ledger);
    ck_assert(store_settle(paid.store, 20000));
    store_free(paid.store);
    http_free(paid.http);
    loop_free(paid.loop);
    endpoints_clear(&paid.endpoints);
    settings_free(paid.settings);
    server_stop(paid.box);
    server_stop(paid.gate);
    buf_clear(&paid.events);
    scratch_remove(paid.home);
}

/* Until the run has ended or waits for the user. */
void paid_go_on(struct chat *chat)
{
    while (chat_is_busy(chat) && !chat_has_question(chat)) {
        loop_turn(paid.loop, 1000);
        chat_turn(chat);
    }
}

void paid_ask_of(struct chat *chat)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(chat, slice_of("hi"), NULL, &err));
    chat_turn(chat);
    paid_go_on(chat);
}

void paid_ask(void)
{
    paid_ask_of(paid.chat);
}

int paid_requests(void)
{
    return server_count(paid.gate, "POST /v1/chat/completions");
}

bool paid_has_event(const char *text)
{
    return paid.events.len && strstr(paid.events.ptr, text);
}

double paid_spent(void)
{
    return graph_spent(chat_conversation(paid.chat)->graph)->dollars;
}

int paid_own_requests(void)
{
    return server_count(paid.box, "POST /api/chat");
}

void paid_await(const char *text)
{
    while (!paid_has_event(text)) {
        loop_turn(paid.loop, 1000);
        chat_turn(paid.chat);
    }
}
