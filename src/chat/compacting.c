/* SPDX-License-Identifier: MIT */
#include "chat/compacting.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "chat/chat_state.h"
#include "chat/context_words.h"
#include "chat/feed.h"

/* A request of fewer tokens fits into any window: its server is not asked how
 * large its own is. */
enum { SMALL_TOKENS = 256 };

static const double usual_warn = 0.75, usual_preview = 0.85, usual_cut_to = 0.5;

void compacting_note(struct chat *chat, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&chat->compacting.notes, format, arguments);
    va_end(arguments);
    buf_append_char(&chat->compacting.notes, '\n');
}

bool chat_take_context_note(struct chat *chat, struct buf *out)
{
    struct buf *notes = &chat->compacting.notes;
    bool has_any = notes->len > 0;
    buf_append_slice(out, slice_trim(buf_slice(notes)));
    buf_reset(notes);
    return has_any;
}

static double share_set(const struct chat *chat, const char *key, double usual)
{
    return settings_number(chat->setup.settings, key, usual);
}

static bool has_policy(const struct chat *chat, const char *word)
{
    return !strcmp(
        settings_text(chat->setup.settings, "context.policy", "summarise"),
        word);
}

static struct budget *budget_of(struct chat *chat)
{
    if (!chat->compacting.budget)
        chat->compacting.budget = budget_new();
    return chat->compacting.budget;
}

const struct route *compacting_usual(struct chat *chat)
{
    return chat->compacting.is_by_hand ? chat_next(chat) : &chat->route;
}

/* Of the conversation as it is sent now. */
static struct filling measure(struct chat *chat)
{
    return filling_of(chat, budget_of(chat), compacting_usual(chat));
}

/* A run that goes on in a branch that is not shown: nothing is planned there. */
static bool is_elsewhere(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    return graph_run(graph, chat->run)->leaf_id != graph_head(graph);
}

static struct filling measure_elsewhere(struct chat *chat)
{
    const struct route *route = &chat->route;
    const struct graph *graph = chat->conversation.graph;
    messages_catch_up(chat->messages, graph,
                      graph_run(graph, chat->run)->leaf_id);
    return (struct filling){
        .tokens = counting_tokens(chat, route),
        .beside = calibrating_offers(chat, route),
        .window = route->window,
        .reply = filling_reply(chat->setup.settings, route->window),
        .calibration = calibrating_of(chat, route),
    };
}

/* So much is to be filled afterwards; 0: as little as can be. */
static double target(const struct chat *chat, const struct filling *now)
{
    double share = share_set(chat, "context.cut_to", usual_cut_to);
    bool is_below = filling_share(now) <= share;
    return chat->compacting.is_by_hand && is_below ? 0 : share;
}

static void make_plan(struct chat *chat, const struct filling *now)
{
    struct compacting *compacting = &chat->compacting;
    context_plan_make(&compacting->plan, now, budget_of(chat),
                      chat->conversation.graph, target(chat, now));
    compacting->planned_seq = graph_seq(chat->conversation.graph);
}

/* Level. */

static bool is_high(const struct chat *chat, const struct filling *now)
{
    return filling_share(now) >=
           share_set(chat, "context.preview", usual_preview);
}

/* What follows says more than a warning does. */
static bool says_more(const struct chat *chat, const struct filling *now)
{
    return has_policy(chat, "off") ? filling_judge(now) != FILLING_FITS
                                   : is_high(chat, now);
}

static void look_at_level(struct chat *chat, const struct filling *now)
{
    struct compacting *compacting = &chat->compacting;
    double share = filling_share(now);
    struct buf words = { 0 };
    if (share < share_set(chat, "context.preview", usual_preview))
        compacting->has_put_off = false;
    bool is_below = share < share_set(chat, "context.warn", usual_warn);
    if (!is_below && !compacting->has_warned && !says_more(chat, now)) {
        filling_words(now, &words);
        compacting_note(chat, "the window fills: the request takes %s%s",
                        buf_string(&words),
                        chat->setup.is_interactive
                            ? "; /compact makes room, /context shows what is "
                              "sent"
                            : "");
    }
    compacting->has_warned = !is_below;
    buf_clear(&words);
}

/* In a small window the tools alone leave little to talk in: whoever has not
 * chosen them is told, once for as long as it is so. */
static void look_at_tools(struct chat *chat, const struct filling *now)
{
    struct compacting *compacting = &chat->compacting;
    bool are_large = filling_tools(now) > now->window / 2;
    if (are_large && !compacting->has_told_tools &&
        filling_judge(now) != FILLING_OVER) {
        struct buf words = { 0 };
        context_words_tools(chat, now, &words);
        compacting_note(
            chat, "more than half of the window of %" PRIu64 " goes to %s",
            now->window, buf_string(&words));
        buf_clear(&words);
    }
    compacting->has_told_tools = are_large;
}

/* Between the preview and the brim it is worth it only if that gives a large
 * piece back: what is small would be cut again with every prompt. */
static bool is_worth_it(const struct chat *chat)
{
    const struct context_plan *plan = &chat->compacting.plan;
    bool helps = (plan->cut.nodes.count && !is_high(chat, &plan->cut_to)) ||
                 (context_plan_sums(plan) && !is_high(chat, &plan->sum_to));
    return helps || filling_judge(&plan->now) != FILLING_FITS;
}

/* Nothing that can go is enough: what would not help is not offered. */
static bool is_hopeless(const struct chat *chat)
{
    const struct context_plan *plan = &chat->compacting.plan;
    bool cuts =
        plan->cut.nodes.count && filling_judge(&plan->cut_to) != FILLING_OVER;
    bool sums =
        context_plan_sums(plan) && filling_judge(&plan->sum_to) != FILLING_OVER;
    return filling_judge(&plan->now) == FILLING_OVER && !cuts && !sums;
}

/* Without anybody to ask, and what is done when all is done. */

static void refuse(struct chat *chat,
                   void (*words)(const struct chat *chat, struct buf *out))
{
    struct buf why = { 0 };
    words(chat, &why);
    agreement_refuse_as(chat, ERROR_LIMIT, buf_string(&why));
    buf_clear(&why);
}

static void cut(struct chat *chat)
{
    struct buf words = { 0 };
    context_words_cut(&chat->compacting.plan, &words);
    context_plan_cut(chat, &chat->compacting.plan);
    compacting_note(chat, "%s", buf_string(&words));
    buf_clear(&words);
}

/* What the run has found is not lost: it is the last thing that can be done with
 * it. A call that asks for more is of no use any more. */
static struct filling sum_up(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    compacting_note(chat, "the window is full: no more tools are called, and "
                          "the answer is made of what there is");
    steps_sum_up(chat, "the context window has no room for more calls");
    struct filling now = measure(chat);
    context_plan_make_last(&compacting->plan, &now, budget_of(chat),
                           chat->conversation.graph);
    if (compacting->plan.cut.nodes.count &&
        filling_judge(&compacting->plan.cut_to) != FILLING_OVER)
        cut(chat);
    return measure(chat);
}

/* Nothing more can go. */
static bool settle(struct chat *chat, const struct filling *now)
{
    struct buf words = { 0 };
    struct filling last = *now;
    if (filling_judge(now) == FILLING_OVER && !is_elsewhere(chat) &&
        steps_may_sum_up(chat)) {
        last = sum_up(chat);
        now = &last;
    }
    chat->compacting.plan.now = *now;
    switch (filling_judge(now)) {
    case FILLING_FITS: break;
    case FILLING_TIGHT:
        filling_words(now, &words);
        compacting_note(chat,
                        "nothing more can be left out, so less is left for the "
                        "reply: the request takes %s",
                        buf_string(&words));
        break;
    case FILLING_OVER: refuse(chat, context_words_over); return false;
    }
    buf_clear(&words);
    return true;
}

static bool start_summary(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    struct error err = { 0 };
    struct buf words = { 0 };
    buf_reset(&compacting->summary);
    compacting->failed = (struct error){ 0 };
    compacting->summed_run = chat->run;
    compacting->summed_attempt = chat->attempt;
    compacting->stage = CONTEXT_WRITING;
    if (recap_start(chat, &compacting->plan.stretch, compacting_usual(chat),
                    compacting->plan.allowance, &err)) {
        chat_context_words(chat, &words);
        compacting_note(chat, "%s", buf_string(&words));
        buf_clear(&words);
        return true;
    }
    compacting->failed = err;
    compacting->stage = CONTEXT_IDLE;
    compacting_note(chat, "no summary: %s; nothing has changed", err.text);
    make_plan(chat, &compacting->plan.now);
    return false;
}

/* One for each request: a summary of itself would never end. */
static bool may_summarise(const struct chat *chat)
{
    const struct compacting *compacting = &chat->compacting;
    const struct context_plan *plan = &compacting->plan;
    bool is_done = compacting->summed_run == chat->run &&
                   compacting->summed_attempt == chat->attempt;
    return has_policy(chat, "summarise") && !is_done &&
           context_plan_sums(plan) &&
           filling_judge(&plan->sum_to) <= filling_judge(&plan->cut_to);
}

static bool act(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    struct filling now;
    if (may_summarise(chat)) {
        if (chat->setup.dry_run) {
            compacting_note(chat, "a summary would be written first; this is "
                                  "the request without it");
            return true;
        }
        if (start_summary(chat))
            return false;
    }
    /* What would not help is not done. */
    if (compacting->plan.cut.nodes.count &&
        filling_judge(&compacting->plan.cut_to) != FILLING_OVER)
        cut(chat);
    now = measure(chat);
    return settle(chat, &now);
}

/* The question. */

static void append_asked(struct chat *chat)
{
    struct buf words = { 0 };
    struct event event = chat_run_event(chat, EVENT_RELAY_ASKED);
    chat_context_words(chat, &words);
    event_add_string(&event, FIELD_NAME, "context");
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    chat_append(chat, &event);
    chat->compacting.planned_seq = event.seq;
    buf_clear(&words);
}

static void append_answered(struct chat *chat, enum context_answer answer)
{
    struct event event = chat_run_event(chat, EVENT_RELAY_ANSWERED);
    event_add_string(&event, FIELD_NAME, "context");
    event_add_string(&event, FIELD_OUTCOME, context_answer_name(answer));
    chat_append(chat, &event);
}

static void offer(struct chat *chat, enum context_stage stage)
{
    chat->compacting.stage = stage;
    append_asked(chat);
}

static bool decide(struct chat *chat, const struct filling *now)
{
    struct compacting *compacting = &chat->compacting;
    bool fits = filling_judge(now) == FILLING_FITS;
    if (has_policy(chat, "off")) {
        compacting->plan.now = *now;
        if (!fits)
            refuse(chat, context_words_off);
        return fits;
    }
    if (fits && !is_high(chat, now))
        return true;
    make_plan(chat, now);
    bool can_any = compacting->plan.cut.nodes.count ||
                   context_plan_sums(&compacting->plan);
    if (!can_any || is_hopeless(chat))
        return settle(chat, now);
    if (!is_worth_it(chat))
        return true;
    if (!chat->setup.is_interactive)
        return act(chat);
    if (compacting->has_put_off && filling_judge(now) != FILLING_OVER)
        return true;
    offer(chat, CONTEXT_OFFERED);
    return false;
}

/* The server of the user's own tells how large the window is, where the request
 * is worth asking. */
static bool knows_window(struct chat *chat)
{
    const struct route *route = &chat->route;
    bool may_tell = (!route->is_vendor || route->endpoint->asks_trust) &&
                    !route->endpoint->dialect->has_no_list;
    if (route->window || !may_tell || chat->attempt || chat->is_falling_back)
        return true;
    budget_catch_up(budget_of(chat), chat->conversation.graph);
    uint64_t tokens =
        budget_total(budget_of(chat)) + calibrating_offers(chat, route);
    if (tokens <= SMALL_TOKENS ||
        (discovery_has_told(&chat->discovery, route->endpoint) &&
         counting_is_answered(chat)))
        return true;
    /* Then the route is decided once more, with its window. */
    chat->route.verdict = ROUTE_ASK;
    return false;
}

bool compacting_allows(struct chat *chat)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    struct filling now;
    if (chat->compacting.stage != CONTEXT_IDLE)
        return false;
    if (endpoint->dialect->is_builtin || feed_serves(endpoint))
        return true;
    if (!knows_window(chat))
        return false;
    if (!chat->route.window)
        return true;
    if (is_elsewhere(chat)) {
        now = measure_elsewhere(chat);
        return settle(chat, &now);
    }
    now = measure(chat);
    look_at_level(chat, &now);
    look_at_tools(chat, &now);
    return decide(chat, &now);
}

uint64_t compacting_free(struct chat *chat)
{
    if (!chat->route.window)
        return 0;
    struct filling now =
        is_elsewhere(chat) ? measure_elsewhere(chat) : measure(chat);
    uint64_t filled = now.tokens + now.reply;
    return filled < now.window ? now.window - filled : 0;
}

/* Turns of the loop. */

bool compacting_holds(const struct chat *chat)
{
    return chat->compacting.is_by_hand;
}

/* The user has pinned something, or left it out: another plan. */
void compacting_turn(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    if (compacting->stage == CONTEXT_WRITING)
        recap_turn(chat);
    if (compacting->stage != CONTEXT_OFFERED ||
        compacting->planned_seq == graph_seq(chat->conversation.graph))
        return;
    struct filling now = measure(chat);
    make_plan(chat, &now);
}

static void leave(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    recap_drop(chat);
    context_plan_clear(&compacting->plan);
    buf_reset(&compacting->summary);
    buf_reset(&compacting->wish);
    compacting->failed = (struct error){ 0 };
    compacting->stage = CONTEXT_IDLE;
    compacting->is_by_hand = false;
}

static void go_on(struct chat *chat)
{
    bool is_by_hand = chat->compacting.is_by_hand;
    leave(chat);
    if (!is_by_hand)
        agreement_go_on(chat);
}

/* The summary. */

/* Why what has come is none; false: it is one. */
static bool is_no_summary(struct chat *chat, struct error *err)
{
    const struct recap *recap = &chat->compacting.recap;
    struct slice text = recap_text(chat);
    const struct route *route = &recap->route;
    enum token_family family =
        recap->run ? chat_token_family(chat, route->endpoint, route->model)
                   : TOKENS_UNKNOWN;
    uint64_t tokens = tokens_estimate_as(family, text);
    if (recap->err.kind != ERROR_NONE)
        *err = recap->err;
    else if (!text.len)
        return error_set(err, ERROR_SERVER, "it came back empty"), true;
    else if (tokens >= recap->stretch.tokens)
        return error_set(err, ERROR_SERVER,
                         "it is longer than what it would replace"),
               true;
    return recap->err.kind != ERROR_NONE;
}

static void take(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    struct error err = { 0 };
    struct buf words = { 0 };
    struct recap *recap = &compacting->recap;
    context_words_taken(&recap->stretch, &words);
    if (context_plan_fold(chat, &recap->stretch, recap_node(chat),
                          buf_slice(&compacting->summary), &err))
        compacting_note(chat, "%s", buf_string(&words));
    else
        compacting_note(chat, "%s", err.text);
    buf_clear(&words);
    go_on(chat);
}

static void offer_anew(struct chat *chat)
{
    struct filling now = measure(chat);
    make_plan(chat, &now);
    offer(chat, CONTEXT_OFFERED);
}

void compacting_on_recap(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    struct error err = { 0 };
    bool is_none = is_no_summary(chat, &err);
    if (is_none) {
        compacting->failed = err;
        compacting_note(chat, "no summary: %s; nothing has changed", err.text);
    } else {
        buf_append_slice(&compacting->summary, recap_text(chat));
    }
    if (!is_none && chat->setup.is_interactive)
        offer(chat, CONTEXT_REVIEWED);
    else if (!is_none)
        take(chat);
    else if (chat->setup.is_interactive)
        offer_anew(chat);
    else
        go_on(chat);
}

bool compacting_stop(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    bool is_pending = compacting->stage != CONTEXT_IDLE;
    if (compacting->stage == CONTEXT_WRITING) {
        recap_stop(chat);
        if (chat->setup.is_interactive)
            compacting_on_recap(chat);
        return true;
    }
    if (is_pending && compacting->is_by_hand)
        leave(chat);
    return is_pending && !chat->run;
}

void compacting_end(struct chat *chat)
{
    recap_stop(chat);
    leave(chat);
}

void compacting_clear(struct chat *chat)
{
    struct compacting *compacting = &chat->compacting;
    leave(chat);
    budget_free(compacting->budget);
    buf_clear(&compacting->summary);
    buf_clear(&compacting->wish);
    buf_clear(&compacting->notes);
    *compacting = (struct compacting){ 0 };
}

/* The user's word. */

enum context_stage chat_context_stage(const struct chat *chat)
{
    return chat->compacting.stage;
}

const struct context_plan *chat_context_plan(const struct chat *chat)
{
    return &chat->compacting.plan;
}

struct slice chat_context_summary(const struct chat *chat)
{
    return chat->compacting.stage == CONTEXT_REVIEWED
               ? buf_slice(&chat->compacting.summary)
               : recap_text(chat);
}

bool chat_context_edit(struct chat *chat, struct slice text, struct error *err)
{
    struct compacting *compacting = &chat->compacting;
    if (compacting->stage != CONTEXT_REVIEWED)
        return error_set(err, ERROR_USAGE, "there is no summary to change");
    if (!slice_trim(text).len)
        return error_set(err, ERROR_USAGE,
                         "a summary cannot be empty; it is as it was");
    buf_reset(&compacting->summary);
    buf_append_slice(&compacting->summary, slice_trim(text));
    return true;
}

static void stay(struct chat *chat)
{
    bool is_by_hand = chat->compacting.is_by_hand;
    leave(chat);
    if (!is_by_hand)
        agreement_refuse(chat, "no room was made for it");
}

void chat_answer_context(struct chat *chat, enum context_answer answer)
{
    struct compacting *compacting = &chat->compacting;
    struct buf ignored = { 0 };
    bool is_answer = chat_context_about(chat, answer, &ignored);
    buf_clear(&ignored);
    if (!is_answer)
        return;
    append_answered(chat, answer);
    switch (answer) {
    case CONTEXT_SUMMARISE:
        compacting_turn(chat);
        if (!start_summary(chat))
            offer(chat, CONTEXT_OFFERED);
        break;
    case CONTEXT_TAKE: take(chat); break;
    case CONTEXT_TRUNCATE:
        cut(chat);
        go_on(chat);
        break;
    case CONTEXT_SEND:
        compacting->has_put_off = true;
        go_on(chat);
        break;
    case CONTEXT_STAY: stay(chat); break;
    }
}

bool chat_compact(struct chat *chat, struct slice wish, struct error *err)
{
    struct compacting *compacting = &chat->compacting;
    if (!chat_is_idle(chat, err))
        return false;
    const struct route *next = chat_next(chat);
    if (next->verdict != ROUTE_TO)
        return error_set(err, ERROR_USAGE,
                         "nobody knows yet who answers, and how large the "
                         "window is%s%s",
                         *next->err.text ? ": " : "", next->err.text);
    compacting->is_by_hand = true;
    buf_append_slice(&compacting->wish, slice_trim(wish));
    struct filling now = measure(chat);
    make_plan(chat, &now);
    if (!compacting->plan.cut.nodes.count &&
        !context_plan_sums(&compacting->plan)) {
        struct buf words = { 0 };
        context_words_staying(chat, &words);
        error_set(err, ERROR_USAGE, "nothing can go, these stay: %s",
                  buf_string(&words));
        buf_clear(&words);
        leave(chat);
        return false;
    }
    offer(chat, CONTEXT_OFFERED);
    return true;
}
