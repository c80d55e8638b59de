/* SPDX-License-Identifier: MIT */
#include "app/status.h"

#include <stdio.h>

#include "ui/receipt.h"

enum { SECOND = 1000, STALLED_MS = 60 * SECOND };

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

static const struct attempt *last_attempt(const struct graph *graph)
{
    for (uint32_t id = graph_run_count(graph); id > 0; id--) {
        const struct run *run = graph_run(graph, id);
        if (run->attempts.count)
            return array_last(&run->attempts);
    }
    return NULL;
}

/* What the run under way does. */
static void add_activity(struct status_line *line, const struct chat *chat,
                         int64_t now)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    uint32_t active = graph_active_run(graph);
    const struct run *run = active ? graph_run(graph, active) : NULL;
    if (!run)
        return;
    const struct attempt *attempt =
        run->attempts.count ? array_last(&run->attempts) : NULL;
    int64_t seconds = (now - run->started_at) / SECOND;
    if (!attempt || life_is_terminal(LIFE_ATTEMPT, (int)attempt->state)) {
        status_line_add(line, STYLE_STATUS, "%s %llds",
                        attempt ? "waiting to try again"
                                : life_state_name(LIFE_RUN, (int)run->state),
                        (long long)seconds);
        return;
    }
    const char *state = life_state_name(LIFE_ATTEMPT, (int)attempt->state);
    double rate = rate_so_far(attempt, now);
    if (chat_silence_ms(chat) > STALLED_MS && attempt->first_delta_at)
        status_line_add(line, STYLE_STATUS_ALERT,
                        "stalled: nothing for %llds, Esc stops",
                        (long long)(chat_silence_ms(chat) / SECOND));
    else if (attempt->state == ATTEMPT_STREAMING && rate >= RATE_SHOWN)
        status_line_add(line, STYLE_STATUS, "%s %llds ~%.0f tok/s", state,
                        (long long)seconds, rate);
    else
        status_line_add(line, STYLE_STATUS, "%s %llds", state,
                        (long long)seconds);
}

static void add_outcome(struct status_line *line, const struct graph *graph)
{
    const struct attempt *attempt = last_attempt(graph);
    if (!attempt || graph_active_run(graph))
        return;
    bool failed = attempt->state != ATTEMPT_COMPLETE;
    status_line_add(line, failed ? STYLE_STATUS_ALERT : STYLE_STATUS_DIM, "%s",
                    life_state_name(LIFE_ATTEMPT, (int)attempt->state));
}

/* How fast the last answer came. */
static void add_speed(struct status_line *line, const struct graph *graph)
{
    const struct attempt *attempt = last_attempt(graph);
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
        break;
    case ROUTE_ASK:
        status_line_add(line, STYLE_STATUS_DIM, "looking for models at %s",
                        next->endpoint->url);
        break;
    case ROUTE_NONE:
        status_line_add(line, STYLE_STATUS_ALERT, "no model: %s",
                        next->err.text);
        break;
    }
}

static void add_tokens(struct status_line *line, struct budget *budget,
                       const struct route *next)
{
    int64_t reported = budget_reported(budget);
    uint64_t tokens = reported > 0 ? (uint64_t)reported : budget_total(budget);
    const char *about = reported > 0 ? "" : "~";
    if (tokens == 0)
        return;
    if (next->window)
        status_line_add(line, STYLE_STATUS_DIM, "%s%llu of %llu tok", about,
                        (unsigned long long)tokens,
                        (unsigned long long)next->window);
    else
        status_line_add(line, STYLE_STATUS_DIM, "%s%llu tok", about,
                        (unsigned long long)tokens);
}

void status_fill(struct status_line *line, struct chat *chat,
                 struct budget *budget, int64_t now)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    const struct route *next = chat_next(chat);
    *line = (struct status_line){ 0 };
    add_activity(line, chat, now);
    add_outcome(line, graph);
    add_next(line, next);
    budget_catch_up(budget, graph);
    add_tokens(line, budget, next);
    add_speed(line, graph);
    snprintf(line->hint, sizeof line->hint, "%s",
             graph_active_run(graph) ? "Esc stop  F1 help" : "F1 help");
}

static const char *trust_words(const struct endpoint *endpoint)
{
    if (endpoint->dialect->is_builtin)
        return "inside this program";
    return endpoint->is_vendor ? "vendor: leaves this machine" : "own";
}

static void append_usage(struct buf *out, const struct attempt *attempt)
{
    const struct usage *usage = &attempt->usage;
    if (usage->input >= 0)
        buf_printf(out, "- tokens read: %lld", (long long)usage->input);
    if (usage->cached > 0)
        buf_printf(out, ", %lld of them cached", (long long)usage->cached);
    if (usage->output >= 0)
        buf_printf(out, "%s%lld written\n", usage->input >= 0 ? "; " : "- ",
                   (long long)usage->output);
    else if (usage->input >= 0)
        buf_append_char(out, '\n');
}

static void append_last_answer(struct buf *out, const struct attempt *attempt)
{
    buf_append_string(out, "\n# Last answer\n\n");
    buf_printf(out, "- asked: %s at %s (%s)\n", attempt->model,
               attempt->endpoint, attempt->dialect);
    if (*attempt->model_reported)
        buf_printf(out, "- answered: %s\n", attempt->model_reported);
    buf_printf(out, "- %s%s%s%s%s\n",
               life_state_name(LIFE_ATTEMPT, (int)attempt->state),
               *attempt->finish_reason ? ", reason " : "",
               attempt->finish_reason, *attempt->error ? ": " : "",
               attempt->error);
    if (attempt->first_delta_at)
        buf_printf(out, "- first token after %lld ms",
                   (long long)(attempt->first_delta_at - attempt->started_at));
    if (attempt->first_delta_at && attempt->ended_at)
        buf_printf(out, ", all after %lld ms",
                   (long long)(attempt->ended_at - attempt->started_at));
    if (counted_rate(attempt) > 0)
        buf_printf(out, ", %.1f tok/s", counted_rate(attempt));
    if (attempt->first_delta_at)
        buf_append_char(out, '\n');
    append_usage(out, attempt);
}

void status_text(struct chat *chat, struct buf *out)
{
    const struct conversation *conversation = chat_conversation(chat);
    const struct graph *graph = conversation->graph;
    const struct route *next = chat_next(chat);
    buf_printf(out, "sennit %s\n\n# Next prompt\n\n", VERSION);
    if (next->endpoint)
        buf_printf(out, "- endpoint: %s, %s, %s\n- trust: %s\n",
                   next->endpoint->name, next->endpoint->dialect->name,
                   *next->endpoint->url ? next->endpoint->url : "no address",
                   trust_words(next->endpoint));
    if (next->endpoint && endpoint_key(next->endpoint))
        buf_printf(out, "- key: from %s\n", next->endpoint->key_source);
    if (next->verdict == ROUTE_TO)
        buf_printf(out, "- model: %s\n", next->model);
    if (next->window)
        buf_printf(out, "- loaded window: %llu tokens\n",
                   (unsigned long long)next->window);
    buf_printf(out, "- why: %s\n",
               next->verdict == ROUTE_NONE ? next->err.text : next->reason);
    const struct attempt *attempt = last_attempt(graph);
    if (attempt)
        append_last_answer(out, attempt);
    buf_printf(out,
               "\n# Conversation\n\n- %zu nodes, %u runs, %llu events in "
               "%zu bytes; nothing of it is saved\n",
               graph_node_count(graph), graph_run_count(graph),
               (unsigned long long)log_last_seq(conversation->log),
               log_size(conversation->log));
    buf_append_string(out, "- events refused:");
    static const char *const reasons[] = {
        [REJECT_UNKNOWN] = "unknown",
        [REJECT_LATE] = "late",
        [REJECT_ILLEGAL] = "illegal",
        [REJECT_ORPHAN] = "orphaned",
    };
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        buf_printf(out, " %s %llu%s", reasons[i],
                   (unsigned long long)graph_rejected_count(
                       graph, (enum reject_reason)i),
                   i + 1 < REJECT_REASON_COUNT ? "," : "\n");
}

static void append_model(struct buf *out, const struct endpoint *endpoint,
                         const struct model_row *row)
{
    buf_printf(out, "- `%s/%s`", endpoint->name, row->name);
    if (row->size)
        buf_printf(out, " %.1f GB", (double)row->size / 1e9);
    if (row->is_loaded)
        buf_append_string(out, ", loaded");
    if (row->context_length)
        buf_printf(out, ", window %llu",
                   (unsigned long long)row->context_length);
    if (!row->can_chat)
        buf_append_string(out, ", not for chat");
    if (row->is_remote)
        buf_append_string(out, ", leaves this machine");
    buf_append_char(out, '\n');
}

static void append_endpoint(struct buf *out, const struct chat *chat,
                            const struct endpoint *endpoint)
{
    const struct models *models = chat_models(chat, endpoint);
    buf_printf(out, "\n**%s** %s (%s)\n\n", endpoint->name, endpoint->url,
               trust_words(endpoint));
    for (size_t i = 0; i < endpoint->models.count; i++)
        buf_printf(out, "- `%s/%s` is %s\n", endpoint->name,
                   endpoint->models.items[i].alias,
                   endpoint->models.items[i].model);
    if (endpoint->dialect->is_builtin)
        buf_append_string(out, "- `guide`: answers from the manual; not a "
                               "language model\n");
    else if (!models || models_state(models) == MODELS_UNASKED ||
             models_state(models) == MODELS_ASKING)
        buf_append_string(out, "- asking...\n");
    else if (models_state(models) == MODELS_UNREACHABLE)
        buf_printf(out, "- %s\n", models_error(models)->text);
    else if (models_count(models) == 0)
        buf_append_string(out, "- no models installed\n");
    for (size_t i = 0; models && i < models_count(models); i++)
        append_model(out, endpoint, models_at(models, i));
}

void status_models_text(struct chat *chat, const struct endpoints *endpoints,
                        struct buf *out)
{
    buf_append_string(out, "`/model ENDPOINT/MODEL` takes one for the next "
                           "prompts.\n");
    for (size_t i = 0; i < endpoints->list.count; i++)
        append_endpoint(out, chat, &endpoints->list.items[i]);
}
