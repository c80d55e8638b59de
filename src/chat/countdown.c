/* SPDX-License-Identifier: MIT */
#include "chat/countdown.h"

#include <string.h>

#include "chat/chat_state.h"
#include "chat/consent.h"

static bool is_paid(const struct route *route)
{
    struct price price;
    return !endpoint_price(route->endpoint, route->model, route->is_vendor,
                           &price) ||
           !price_is_free(&price);
}

/* A question is time enough. */
static bool is_asked_about(const struct chat *chat)
{
    struct error ignored = { 0 };
    return chat->choice.asks ||
           (chat->consented != chat->route.endpoint &&
            consent_decide(&chat->route, chat->setup.settings, true,
                           &ignored) != CONSENT_GO);
}

static void append(struct chat *chat, int64_t delay_ms)
{
    const struct route *route = &chat->route;
    double cost = spending_likely(chat, route);
    struct buf words = { 0 };
    struct event event = chat_run_event(chat, EVENT_RETRY_SCHEDULED);
    buf_printf(&words, "%s/%s answers", route->endpoint->name,
               endpoint_alias(route->endpoint, route->model));
    event_add_string(&event, FIELD_ENDPOINT, route->endpoint->name);
    event_add_string(&event, FIELD_MODEL, route->model);
    event_add_number(&event, FIELD_DELAY, (uint64_t)delay_ms);
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    event_add_string(&event, FIELD_ERROR, chat->failed.err.text);
    event_add_string(&event, FIELD_KIND, "countdown");
    if (cost >= 0)
        event_add_real(&event, FIELD_COST, cost);
    chat_append(chat, &event);
    buf_clear(&words);
}

static void end(struct chat *chat)
{
    loop_timer_cancel(chat->setup.loop, chat->countdown_timer);
    chat->countdown_timer = 0;
}

static void on_zero(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    (void)timer_id;
    chat->countdown_timer = 0;
    fallback_start(chat);
}

bool countdown_begins(struct chat *chat)
{
    int64_t delay_ms = (int64_t)settings_number(
        chat->setup.settings, "routing.fallback.countdown", 0);
    if (delay_ms <= 0 || !chat->setup.is_interactive || is_asked_about(chat) ||
        !is_paid(&chat->route))
        return false;
    append(chat, delay_ms);
    chat->countdown_timer =
        loop_timer_start(chat->setup.loop, delay_ms, on_zero, chat);
    return true;
}

bool chat_is_counting_down(const struct chat *chat)
{
    return chat->countdown_timer != 0;
}

bool chat_countdown_now(struct chat *chat)
{
    if (!chat->countdown_timer)
        return false;
    end(chat);
    fallback_start(chat);
    return true;
}

bool chat_countdown_stay(struct chat *chat)
{
    if (!chat->countdown_timer)
        return false;
    struct answer_result failed = chat->failed;
    end(chat);
    error_set(&failed.err, failed.err.kind, "%s; %s@%s was not asked",
              chat->failed.err.text, chat->route.model,
              chat->route.endpoint->name);
    run_end(chat, answer_outcome_name(failed.outcome), &failed);
    return true;
}

/* What the user names has the say of the next prompt, and of this one as long as
 * nobody has got it. */
static bool is_still_wanted(struct chat *chat)
{
    const struct route *next = chat_next(chat), *route = &chat->route;
    struct error ignored = { 0 };
    if (route->is_vendor && chat->tier == ROUTE_LOCAL)
        return false;
    if (chat->target &&
        (next->endpoint != route->endpoint ||
         (next->verdict == ROUTE_TO && strcmp(next->model, route->model))))
        return false;
    return gate_allows(chat, route, &ignored);
}

void countdown_heed(struct chat *chat)
{
    if (chat->countdown_timer && !is_still_wanted(chat))
        chat_countdown_stay(chat);
}
