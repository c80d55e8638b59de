/* SPDX-License-Identifier: MIT */
#include "app/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/panel.h"
#include "app/summary.h"
#include "chat/chat_tools.h"
#include "chat/reread.h"
#include "net/http.h"
#include "ui/receipt.h"

enum { SECOND = 1000 };

/* Less would be shown as 0 tok/s. */
#define RATE_SHOWN 0.5

/* While it streams nobody has counted yet: a delta stands for a token. */
static double rate_so_far(const struct attempt *attempt, int64_t now)
{
    int64_t took = now - attempt->first_delta_at;
    if (!attempt->first_delta_at || took < SECOND / 4)
        return 0;
    return (double)attempt->delta_count * SECOND / (double)took;
}

/* By the server's count only; an estimate stands in the answer's receipt. */
static double counted_rate(const struct attempt *attempt)
{
    return receipt_rate(attempt, (double)attempt->usage.output);
}

/* A proxy that holds a stream back until it is whole shows nothing until then.
 */
static bool add_buffering(struct status_line *line, struct chat *chat,
                          const struct attempt *attempt)
{
    const struct endpoint *endpoint = chat_next(chat)->endpoint;
    int64_t silence = chat_silence_ms(chat);
    struct buf proxy = { 0 };
    if (attempt->first_delta_at || silence < STATUS_BUFFERING_MS || !endpoint ||
        strcmp(endpoint->name, attempt->endpoint))
        return false;
    http_proxy_name(endpoint->url, endpoint->proxy, &proxy);
    if (proxy.len)
        status_line_add(line, STYLE_STATUS_ALERT,
                        "nothing for %llds; reply.stream: false helps if the "
                        "proxy %s is buffering",
                        (long long)(silence / SECOND), buf_string(&proxy));
    bool is_shown = proxy.len > 0;
    buf_clear(&proxy);
    return is_shown;
}

/* "claude/better answers in 3 s, about $0.01", and what else may be. */
static void add_objection(struct status_line *line, const struct sequel *sequel,
                          int64_t seconds)
{
    struct buf cost = { 0 };
    if (sequel->cost >= 0)
        price_append(&cost, sequel->cost);
    status_line_add(line, STYLE_STATUS_ALERT, "%s in %lld s, %s%s",
                    sequel->words, (long long)seconds,
                    cost.len ? "about " : "price unknown", buf_string(&cost));
    status_line_add(line, STYLE_STATUS_ALERT, "Esc stays");
    status_line_add(line, STYLE_STATUS_ALERT, "Enter now");
    buf_clear(&cost);
}

/* "rate limited (1/2), 12 s": Esc ends it. */
static void add_countdown(struct status_line *line, const struct sequel *sequel,
                          int64_t now)
{
    int64_t seconds = (sequel->due_at - now + SECOND - 1) / SECOND;
    if (sequel->is_countdown)
        add_objection(line, sequel, seconds > 0 ? seconds : 0);
    else if (seconds > 0)
        status_line_add(line, STYLE_STATUS_ALERT, "%s, %lld s", sequel->words,
                        (long long)seconds);
    else
        status_line_add(line, STYLE_STATUS_ALERT, "%s", sequel->words);
}

/* Signs of life without a word: a queue, or a long thought. */
static bool is_alive(const struct chat *chat)
{
    int64_t dead_ms = chat_dead_ms(chat);
    return dead_ms < STATUS_ALIVE_MS &&
           dead_ms + SECOND < chat_silence_ms(chat);
}

/* That a model is loaded or unloaded by the user's word. */
static void add_loading(struct status_line *line, const struct model_life *life)
{
    bool is_loading = model_life_state(life) == MODEL_LOADING;
    if (model_life_is_moving(life))
        status_line_add(line, STYLE_STATUS, "%s %s %llds",
                        is_loading ? "loading" : "unloading",
                        model_life_model(life),
                        (long long)(model_life_since(life) / SECOND));
}

/* A call of the user that is not done: Esc ends it; NULL: none. They come one
 * after another. */
static const struct call *own_call(const struct chat *chat)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    const struct call *call = graph_call(graph, graph_call_count(graph));
    bool is_under_way = call && call->run == 0 && chat_is_busy(chat) &&
                        !life_is_terminal(LIFE_CALL, (int)call->state);
    return is_under_way ? call : NULL;
}

static void add_own_call(struct status_line *line, const struct call *call,
                         int64_t now)
{
    if (call->state == CALL_EXECUTING)
        status_line_add(line, STYLE_STATUS, "%s %llds", call->name,
                        (long long)((now - call->started_at) / SECOND));
}

/* What the run under way does. */
static void add_activity(struct status_line *line, struct chat *chat,
                         int64_t now)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    uint32_t active = graph_active_run(graph);
    const struct run *run = active ? graph_run(graph, active) : NULL;
    const struct call *own = own_call(chat);
    if (own)
        add_own_call(line, own, now);
    if (!run) {
        add_loading(line, chat_life(chat));
        return;
    }
    const struct attempt *attempt =
        run->attempts.count ? array_last(&run->attempts) : NULL;
    int64_t seconds = (now - run->started_at) / SECOND;
    if (!attempt || life_is_terminal(LIFE_ATTEMPT, (int)attempt->state)) {
        const struct sequel *sequel = attempt ? &attempt->sequel : &run->sequel;
        if (*sequel->words && run->state != RUN_ASKING)
            add_countdown(line, sequel, now);
        else
            status_line_add(line, STYLE_STATUS, "%s %llds",
                            life_state_name(LIFE_RUN, (int)run->state),
                            (long long)seconds);
        return;
    }
    if (add_buffering(line, chat, attempt))
        return;
    const char *state = life_state_name(LIFE_ATTEMPT, (int)attempt->state);
    double rate = rate_so_far(attempt, now);
    if (chat_silence_ms(chat) > STATUS_STALLED_MS && attempt->first_delta_at)
        status_line_add(line, STYLE_STATUS_ALERT,
                        "%s: nothing for %llds, Esc stops",
                        is_alive(chat) ? "alive" : "stalled",
                        (long long)(chat_silence_ms(chat) / SECOND));
    else if (attempt->state == ATTEMPT_STREAMING && rate >= RATE_SHOWN)
        status_line_add(line, STYLE_STATUS, "%s %llds ~%.0f tok/s", state,
                        (long long)seconds, rate);
    else
        status_line_add(line, STYLE_STATUS, "%s %llds", state,
                        (long long)seconds);
}

/* How the last answer ended: a failure stands first, else it is no news. */
static void add_outcome(struct status_line *line, const struct graph *graph,
                        bool failed)
{
    const struct run *run = graph_run(graph, graph_last_run(graph));
    if (!run || graph_active_run(graph) ||
        failed != (run->state != RUN_COMPLETE))
        return;
    status_line_add(line, failed ? STYLE_STATUS_ALERT : STYLE_STATUS_DIM, "%s",
                    summary_outcome(run));
}

/* How fast the last answer came. */
static void add_speed(struct status_line *line, const struct graph *graph)
{
    const struct attempt *attempt = summary_last_attempt(graph);
    if (!attempt || graph_active_run(graph) || !attempt->first_delta_at)
        return;
    double rate = counted_rate(attempt);
    if (rate > 0)
        status_line_add(line, STYLE_STATUS_DIM, "%.0f tok/s", rate);
    status_line_add(line, STYLE_STATUS_DIM, "ttft %.1f s",
                    (double)(attempt->first_delta_at - attempt->started_at) /
                        SECOND);
}

static void add_next(struct status_line *line, const struct route *next)
{
    switch (next->verdict) {
    case ROUTE_TO:
        status_line_add(line, STYLE_STATUS, "%s@%s", next->model,
                        next->endpoint->name);
        if (next->is_vendor)
            status_line_add(line, STYLE_STATUS_ALERT, "vendor");
        /* The key is the more that can be read. */
        if (endpoint_is_clear(next->endpoint))
            status_line_add(line, STYLE_STATUS_ALERT, "KEY IN CLEAR");
        else if (endpoint_is_plain_http(next->endpoint))
            status_line_add(line, STYLE_STATUS_ALERT, "plain http");
        break;
    case ROUTE_ASK:
        status_line_add(line, STYLE_STATUS_DIM, "looking for models at %s",
                        next->endpoint->shown_url);
        break;
    case ROUTE_NONE:
        status_line_add(line, STYLE_STATUS_ALERT, "no model: %s",
                        next->err.text);
        break;
    }
}

/* Beside where the next prompt goes: before it is sent. */
static void add_reread(struct status_line *line, struct chat *chat,
                       const struct budget *budget)
{
    struct reread reread = reread_of(chat, budget);
    struct buf words = { 0 };
    if (!reread_is_long(&reread))
        return;
    reread_words(&reread, &words);
    status_line_add(line, STYLE_STATUS_ALERT, "%s", buf_string(&words));
    buf_clear(&words);
}

static void add_tokens(struct status_line *line, struct chat *chat,
                       struct budget *budget, const struct route *next)
{
    const struct prompt_tokens told = chat_prompt_tokens(chat, budget, 0);
    uint64_t tokens = told.tokens;
    const char *about = told.margin ? "~" : "";
    if (tokens == 0)
        return;
    struct buf words = { 0 };
    buf_append_string(&words, about);
    panel_append_count(&words, tokens);
    if (next->window) {
        buf_append_string(&words, " of ");
        panel_append_count(&words, next->window);
    }
    status_line_add(line, STYLE_STATUS_DIM, "%s tok", buf_string(&words));
    buf_clear(&words);
}

const char *status_lock(bool is_private, bool ascii)
{
    if (!is_private)
        return "";
    return ascii ? "[private]" : "\xF0\x9F\x94\x92 private";
}

/* Calls that wait for the user: "t3 asks you". */
static void add_asking(struct status_line *line, const struct chat *chat)
{
    size_t count = chat_asking_count(chat);
    if (count == 1)
        status_line_add(line, STYLE_STATUS_ALERT, "t%" PRIu32 " asks you",
                        chat_asking(chat, 0));
    else if (count)
        status_line_add(line, STYLE_STATUS_ALERT, "%zu calls ask you", count);
}

void status_fill(struct status_line *line, struct chat *chat,
                 struct budget *budget, int64_t now,
                 const struct status_words *words)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    const struct route *next = chat_next(chat);
    *line = (struct status_line){ 0 };
    status_line_add(line, STYLE_STATUS_ALERT, "%s", words->lock);
    status_line_add(line, STYLE_STATUS_ALERT, "%s", words->elsewhere);
    add_asking(line, chat);
    chat_count(chat, budget);
    add_activity(line, chat, now);
    add_outcome(line, graph, true);
    add_next(line, next);
    add_reread(line, chat, budget);
    add_outcome(line, graph, false);
    add_tokens(line, chat, budget, next);
    add_speed(line, graph);
    line->keeps_hint = graph_active_run(graph) || own_call(chat) ||
                       (model_life_is_moving(chat_life(chat)) &&
                        model_life_state(chat_life(chat)) == MODEL_LOADING);
    snprintf(line->hint, sizeof line->hint, "%s",
             chat_is_counting_down(chat) ? ""
             : line->keeps_hint          ? "Esc stop  F1 help"
                                         : "F1 help");
}
