/* SPDX-License-Identifier: MIT */
/*
 * spending - money: what a request may cost against what is allowed (chat/cap),
 * the question where it does not fit, and what was spent on answers that broke
 * off.
 */
#include <string.h>

#include "base/memory.h"
#include "chat/chat_state.h"

static double limit_of(const struct chat *chat, enum cap_scope scope)
{
    double limit =
        settings_number(chat->setup.settings, cap_setting(scope), -1);
    double raised = chat->spending.raised[scope];
    return limit >= 0 && raised > limit ? raised : limit;
}

static bool has_limit(const struct chat *chat)
{
    bool has_one = false;
    for (int i = 0; i < CAP_SCOPES; i++)
        has_one |= limit_of(chat, (enum cap_scope)i) >= 0;
    return has_one;
}

static void take_spent(struct cap *cap, const struct spent *spent)
{
    cap->spent = spent->dollars;
    cap->unknown = spent->unknown;
}

/* All sennits of the user count together, if somebody adds up. */
static void take_day(struct chat *chat, struct cap *cap)
{
    const struct ledger_rows *today = ledger_today(chat->setup.ledger);
    if (!today) {
        take_spent(cap, graph_spent(chat->conversation.graph));
        return;
    }
    struct ledger_sum sum = ledger_rows_sum(today);
    cap->spent = (double)sum.figures[LEDGER_COST] / (double)LEDGER_DOLLAR;
    cap->unknown = sum.figures[LEDGER_UNPRICED];
    cap->held = reserving_others(chat);
}

static void take_caps(struct chat *chat, struct caps *caps)
{
    const struct graph *graph = chat->conversation.graph;
    const struct run *run = graph_run(graph, chat->run);
    *caps = (struct caps){ 0 };
    for (int i = 0; i < CAP_SCOPES; i++)
        caps->list[i].limit = limit_of(chat, (enum cap_scope)i);
    if (run)
        take_spent(&caps->list[CAP_RUN], &run->spent);
    take_spent(&caps->list[CAP_SESSION], graph_spent(graph));
    if (caps->list[CAP_DAY].limit >= 0)
        take_day(chat, &caps->list[CAP_DAY]);
}

static uint64_t reserve(const struct chat *chat, const struct route *route)
{
    double tokens = settings_number(chat->setup.settings, "reply.max_tokens",
                                    SPENDING_REPLY_TOKENS);
    return route->window && tokens > (double)route->window ? route->window
                                                           : (uint64_t)tokens;
}

static double cost_of(const struct route *route, uint64_t input,
                      uint64_t output)
{
    struct price price;
    if (!endpoint_price(route->endpoint, route->model, route->is_vendor,
                        &price))
        return -1;
    return price_cost(
        &price, &(struct price_tokens){
                    .input = input,
                    .output = output,
                    .cache_write = price.cache_write > price.in ? input : 0,
                });
}

double spending_likely(struct chat *chat, const struct route *route)
{
    const struct graph *graph = chat->conversation.graph;
    const struct run *run = graph_run(graph, chat->run);
    messages_catch_up(chat->messages, graph,
                      run ? run->leaf_id : graph_head(graph));
    return cost_of(route, counting_tokens(chat, route), SPENDING_USUAL_TOKENS);
}

static struct cap_judgement judge(struct chat *chat, const struct route *route,
                                  uint64_t input)
{
    struct caps caps;
    take_caps(chat, &caps);
    return caps_judge(&caps, cost_of(route, input, reserve(chat, route)));
}

bool spending_bars(struct chat *chat, const struct route *route, uint64_t input,
                   struct error *err)
{
    if (!has_limit(chat))
        return false;
    struct cap_judgement judgement = judge(chat, route, input);
    if (judgement.verdict == CAP_FITS ||
        (judgement.verdict == CAP_UNKNOWN &&
         (chat->setup.is_interactive || chat->spending.takes_unknown)))
        return false;
    struct buf words = { 0 };
    cap_words(&judgement, &words);
    error_set(err, ERROR_LIMIT, "%s", buf_string(&words));
    buf_clear(&words);
    return true;
}

bool spending_bars_rung(struct chat *chat, const struct route *route)
{
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    struct buf *barred = &chat->barred;
    struct error err = { 0 };
    if (!has_limit(chat))
        return false;
    messages_catch_up(chat->messages, chat->conversation.graph, run->leaf_id);
    if (!spending_bars(chat, route, counting_tokens(chat, route), &err))
        return false;
    buf_reset(barred);
    buf_printf(barred, "%s@%s was not asked: %s", route->model,
               route->endpoint->name, err.text);
    return true;
}

bool spending_is_known(struct chat *chat)
{
    if (chat->spending.looked_run != chat->run && limit_of(chat, CAP_DAY) >= 0)
        ledger_refresh(chat->setup.ledger);
    chat->spending.looked_run = chat->run;
    return limit_of(chat, CAP_DAY) < 0 || ledger_is_fresh(chat->setup.ledger);
}

static void append_asked(struct chat *chat)
{
    struct buf words = { 0 };
    struct event event = chat_run_event(chat, EVENT_RELAY_ASKED);
    chat_spending_words(chat, &words);
    event_add_string(&event, FIELD_NAME, "limit");
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    chat_append(chat, &event);
    buf_clear(&words);
}

static void append_why(const struct chat *chat, struct buf *out)
{
    if (chat->spending.asked.verdict == CAP_UNKEPT)
        reserving_words(chat, out);
    else
        cap_words(&chat->spending.asked, out);
}

/* Nobody is there to be asked. */
static void refuse(struct chat *chat)
{
    const struct cap_judgement *asked = &chat->spending.asked;
    struct buf words = { 0 };
    append_why(chat, &words);
    if (asked->verdict == CAP_UNKEPT)
        buf_printf(&words, "; --set %s=null allows it",
                   cap_setting(asked->scope));
    else if (asked->verdict == CAP_UNKNOWN)
        buf_printf(&words, "; endpoints.%s.price says what it costs",
                   chat->route.endpoint->name);
    else
        buf_printf(&words, "; --set %s=%.2f allows it",
                   cap_setting(asked->scope), cap_least(asked));
    agreement_refuse(chat, buf_string(&words));
    buf_clear(&words);
}

static bool is_agreed(const struct chat *chat)
{
    const struct spending *spending = &chat->spending;
    return (spending->waived_run == chat->run &&
            spending->waived == chat->route.endpoint) ||
           spending->asked.verdict == CAP_FITS ||
           (spending->asked.verdict == CAP_UNKNOWN && spending->takes_unknown);
}

static void ask_or_refuse(struct chat *chat)
{
    if (!chat->setup.is_interactive) {
        refuse(chat);
        return;
    }
    chat->spending.is_asking = true;
    append_asked(chat);
}

/* Others that ask at the same time see it, and it sees them. */
static bool is_reserved(struct chat *chat)
{
    struct spending *spending = &chat->spending;
    double limit = limit_of(chat, CAP_DAY);
    bool is_over = spending->asked.verdict == CAP_EXCEEDED;
    if (limit < 0 || spending->asked.worst <= 0)
        return true;
    switch (
        reserving_begin(chat, spending->asked.worst, is_over ? -1 : limit)) {
    case RESERVING_WAITS: return false;
    case RESERVING_HOLDS: return true;
    case RESERVING_UNKNOWN: break;
    }
    if (spending->takes_unkept)
        return true;
    spending->asked.verdict = CAP_UNKEPT;
    spending->asked.scope = CAP_DAY;
    ask_or_refuse(chat);
    return false;
}

bool spending_allows(struct chat *chat)
{
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    if (!has_limit(chat))
        return true;
    messages_catch_up(chat->messages, chat->conversation.graph, run->leaf_id);
    reserving_look_again(chat);
    chat->spending.asked =
        judge(chat, &chat->route, counting_tokens(chat, &chat->route));
    if (is_agreed(chat))
        return is_reserved(chat);
    chat->spending.misfits = 0;
    ask_or_refuse(chat);
    return false;
}

/* The question, and its answers. */

static const char *const names[] = {
    [SPENDING_RAISE] = "raise",
    [SPENDING_ONCE] = "once",
    [SPENDING_SEND] = "send",
    [SPENDING_STAY] = "stay",
};

const char *spending_name(enum spending_answer answer)
{
    return names[answer];
}

bool chat_is_over_limit(const struct chat *chat)
{
    return chat->spending.is_asking;
}

void chat_spending_words(const struct chat *chat, struct buf *out)
{
    buf_printf(out, "%s at %s: ", chat->route.model,
               chat->route.endpoint->name);
    append_why(chat, out);
}

bool chat_spending_about(const struct chat *chat, enum spending_answer answer,
                         struct buf *out)
{
    const struct cap_judgement *asked = &chat->spending.asked;
    bool is_unknown = asked->verdict != CAP_EXCEEDED;
    if (is_unknown != (answer == SPENDING_SEND) && answer != SPENDING_STAY)
        return false;
    switch (answer) {
    case SPENDING_RAISE:
        buf_printf(out, "%s to ", cap_setting(asked->scope));
        price_append(out, cap_raised(asked));
        buf_append_string(out, " for this conversation");
        break;
    case SPENDING_ONCE: buf_append_string(out, "send this prompt"); break;
    case SPENDING_SEND:
        buf_append_string(out, "send, and do not ask again in this "
                               "conversation");
        break;
    case SPENDING_STAY: buf_append_string(out, "do not send"); break;
    }
    return true;
}

bool chat_spending_parse(const struct chat *chat, struct slice word,
                         enum spending_answer *answer)
{
    struct buf ignored = { 0 };
    bool is_answer = false;
    for (int i = 0; i < SPENDING_ANSWERS && !is_answer; i++) {
        *answer = (enum spending_answer)i;
        is_answer = slice_is(word, names[i]) &&
                    chat_spending_about(chat, *answer, &ignored);
    }
    buf_clear(&ignored);
    return is_answer;
}

static void append_answered(struct chat *chat, enum spending_answer answer)
{
    struct event event = chat_run_event(chat, EVENT_RELAY_ANSWERED);
    event_add_string(&event, FIELD_NAME, "limit");
    event_add_string(&event, FIELD_OUTCOME, names[answer]);
    chat->spending.is_asking = false;
    chat_append(chat, &event);
}

static void refuse_by_user(struct chat *chat)
{
    char words[64];
    snprintf(words, sizeof words, "%s stays as it is",
             cap_setting(chat->spending.asked.scope));
    agreement_refuse(chat, words);
}

void chat_answer_spending(struct chat *chat, enum spending_answer answer)
{
    struct spending *spending = &chat->spending;
    if (!spending->is_asking)
        return;
    append_answered(chat, answer);
    switch (answer) {
    case SPENDING_RAISE:
        spending->raised[spending->asked.scope] = cap_raised(&spending->asked);
        break;
    case SPENDING_ONCE:
        spending->waived_run = chat->run;
        spending->waived = chat->route.endpoint;
        break;
    case SPENDING_SEND:
        if (spending->asked.verdict == CAP_UNKEPT)
            spending->takes_unkept = true;
        else
            spending->takes_unknown = true;
        break;
    case SPENDING_STAY: refuse_by_user(chat); return;
    }
    agreement_go_on(chat);
}

/* What was spent. */

bool chat_take_spending_warning(struct chat *chat, struct buf *out)
{
    struct caps caps;
    size_t before = out->len;
    take_caps(chat, &caps);
    for (int i = CAP_SESSION; i < CAP_SCOPES; i++) {
        const struct cap *cap = &caps.list[i];
        if (!cap_warns(cap) || chat->spending.warned[i] == cap->limit)
            continue;
        chat->spending.warned[i] = cap->limit;
        if (out->len > before)
            buf_append_string(out, "; ");
        cap_warning(cap, (enum cap_scope)i, out);
    }
    return out->len > before;
}

double spending_estimate(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct attempt *attempt =
        graph_attempt(graph, chat->run, chat->attempt);
    if (!attempt || !attempt->is_vendor || !attempt->connected_at ||
        attempt->usage.cost >= 0)
        return -1;
    const struct usage *usage = &attempt->usage;
    return cost_of(&chat->route,
                   usage->input >= 0 ? (uint64_t)usage->input
                                     : counting_tokens(chat, &chat->route),
                   usage->output >= 0 ? (uint64_t)usage->output
                                      : counting_answer_tokens(chat, attempt));
}
